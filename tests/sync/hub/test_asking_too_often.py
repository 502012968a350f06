"""A till that asks too often is told how long to wait."""

import asyncio
from typing import Any

from sync import protocol
from sync.hub.application import application
from sync.hub.enrolling import Signer
from sync.hub.signed_line import Buckets, SignedLine
from tests.support.entries import Writer
from tests.support.hubs import RunningHub


def test_a_till_that_went_mad_is_told_how_long_to_wait() -> None:
    buckets = Buckets(most=3, pause_ms=100)
    one, two = (Signer("KP01", f"d{n}", "1", "approved", f"j{n}") for n in (1, 2))
    assert [buckets.wait_ms(one, 1_000) for _ in range(4)] == [0, 0, 0, 100]
    assert buckets.wait_ms(two, 1_000) == 0
    assert [buckets.wait_ms(one, 1_100) for _ in range(2)] == [0, 100]
    assert [buckets.wait_ms(one, 9_000) for _ in range(4)] == [0, 0, 0, 100]


def test_a_till_that_asks_too_often_is_told_so_signed_and_with_retry_after(
    hub: RunningHub, writer: Writer
) -> None:
    asked_often = application(hub.hub, buckets=Buckets(most=1, pause_ms=60_000))
    codes = [ask_once(asked_often, hub, writer) for _ in range(2)]
    assert codes[0] == (200, "", "ack")
    status, retry, code = codes[1]
    assert (status, retry, code) == (429, "60", "too_many")


def ask_once(app: SignedLine, hub: RunningHub, writer: Writer) -> tuple[int, str, str]:
    """Push over no network: status, Retry-After, and what kind of answer it is."""
    push = protocol.Push(
        journal=writer.journal, entries=[protocol.pushed(each) for each in writer.entries]
    )
    body, _count = protocol.packed(push)
    headers = hub.signed(writer, protocol.PUSH_PATH, body)
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": protocol.PUSH_PATH,
        "raw_path": protocol.PUSH_PATH.encode(), "query_string": b"", "scheme": "http",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "root_path": "", "state": {},
    }  # fmt: skip
    said: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run(app(scope, receive, send))
    named = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    answer = protocol.believed(
        hub.hub.public_key, headers[protocol.NONCE_HEADER], said[0]["status"],
        named[protocol.SIGNATURE_HEADER.lower()], said[1]["body"],
    )  # fmt: skip
    code = answer.code if isinstance(answer, protocol.Refused) else type(answer).__name__.lower()
    return said[0]["status"], named.get("retry-after", ""), code
