"""The line's own layer: who signed a request is known before anything of it is read, and every
answer leaves signed, refusals and our own bugs too."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar import Request
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from sync.hub.enrolling import APPROVED, REVOKED, Asked, Signer, signer_of
from sync.hub.state import Hub
from sync.protocol import (
    ENROL_PATH,
    JOURNAL_HEADER,
    MOST_PACKED_BYTES,
    NONCE_HEADER,
    PUSH_PATH,
    READABLE,
    SIGNATURE_HEADER,
    TIME_HEADER,
    Enrol,
    Push,
    Refused,
    TooLarge,
    encoded,
    unpacked,
)
from sync.protocol_feeds import PULL_PATH, Pull
from sync.protocol_files import FILE_GET_PATH, FILE_PUT_PATH, FileGet, FilePut
from sync.protocol_standing import REKEY_PATH, STANDING_PATH, AskStanding, Rekey
from sync.protocol_stock import STOCK_PATH, AskStock
from sync.protocol_trace import GENUINE_PATH, AskGenuine
from sync.protocol_updates import UPDATE_ASK_PATH, UPDATE_GET_PATH, AskUpdate, GetUpdate

LOG = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]
"""ASGI: whatever is called like this can stand below or above."""

MESSAGES: Mapping[str, msgspec.json.Decoder[Any]] = {
    PUSH_PATH: msgspec.json.Decoder(Push),
    PULL_PATH: msgspec.json.Decoder(Pull),
    ENROL_PATH: msgspec.json.Decoder(Enrol),
    GENUINE_PATH: msgspec.json.Decoder(AskGenuine),
    FILE_PUT_PATH: msgspec.json.Decoder(FilePut),
    FILE_GET_PATH: msgspec.json.Decoder(FileGet),
    STANDING_PATH: msgspec.json.Decoder(AskStanding),
    REKEY_PATH: msgspec.json.Decoder(Rekey),
    STOCK_PATH: msgspec.json.Decoder(AskStock),
    UPDATE_ASK_PATH: msgspec.json.Decoder(AskUpdate),
    UPDATE_GET_PATH: msgspec.json.Decoder(GetUpdate),
}
"""What may be said where, each with its version `v`. Decoded here, once and strictly."""
MOST_DETAIL = 200
MOST_NONCE = 64
STATUS_OF = {
    "too_large": 413,
    "busy": 503,
    "too_many": 429,
    "bad_request": 400,
    "not_this_version": 400,
    "bug": 500,
    "gone": 404,
}
FORBIDDEN = 403
SIGNER, MESSAGE = "pos.signer", "pos.message"


def status_of(answer: object) -> int:
    """The HTTP status that goes with an answer; the answer itself says all there is to say."""
    if isinstance(answer, Refused):
        return STATUS_OF.get(answer.code, FORBIDDEN)
    return 200


@dataclass
class _Reply:
    """An answer as the application gives it, held until it can be signed."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message["body"]


class SignedLine:
    """Wraps the application; `receive` then hands out the inflated body."""

    def __init__(self, app: App, hub: Hub, buckets: "Buckets | None" = None) -> None:
        """Without `buckets` anybody may ask as often as they like: where time stands still."""
        self.app = app
        self.hub = hub
        self.buckets = buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in MESSAGES:
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1")
                   for name, value in scope["headers"]}  # fmt: skip
        nonce = headers.get(NONCE_HEADER.lower(), "")[:MOST_NONCE]
        reply = _Reply()
        try:
            body = await _whole_body(receive)
            answer = await self._ask(scope, headers, body, reply)
        except TooLarge as error:
            answer = Refused(code="too_large", detail=str(error), hub_ms=self.hub.now_ms())
        if answer is not None:
            reply.status, reply.body = status_of(answer), encoded(answer)
            reply.headers = [(b"content-type", b"application/json")]
            if answer.wait_ms:
                seconds = -(-answer.wait_ms // 1000)
                reply.headers.append((b"retry-after", str(seconds).encode()))
        signature = self.hub.sign_answer(nonce, reply.status, reply.body)
        reply.headers = [
            *(each for each in reply.headers if each[0].lower() != b"content-length"),
            (b"content-length", str(len(reply.body)).encode()),
            (SIGNATURE_HEADER.lower().encode(), signature.encode()),
        ]
        await send(
            {"type": "http.response.start", "status": reply.status, "headers": reply.headers}
        )
        await send({"type": "http.response.body", "body": reply.body, "more_body": False})

    def _stopped(self, path: str, signer: Signer, now: int) -> Refused | None:
        """Why a till we know is not served. One that was shut out may still send what it wrote."""
        if signer.state == REVOKED and path != PUSH_PATH:
            return Refused(code="revoked", hub_ms=now)
        if signer.state not in (APPROVED, REVOKED):
            return Refused(code="waiting_approval", hub_ms=now)
        # By a clock nobody sets back: a hub whose time is put right must not shut tills out.
        since = self.hub.clock.monotonic_ms()
        if self.buckets is not None and (wait := self.buckets.wait_ms(signer, since)):
            return Refused(code="too_many", hub_ms=now, wait_ms=wait)
        return None

    async def _ask(
        self, scope: Scope, headers: dict[str, str], body: bytes, reply: _Reply
    ) -> Refused | None:
        """Let the application answer into `reply`, or say why it is not asked."""
        if scope["path"] != ENROL_PATH:
            asked = Asked(
                method=scope["method"],
                path=scope["path"],
                journal=headers.get(JOURNAL_HEADER.lower(), ""),
                time=headers.get(TIME_HEADER.lower(), ""),
                nonce=headers.get(NONCE_HEADER.lower(), "")[:MOST_NONCE],
                signature=headers.get(SIGNATURE_HEADER.lower(), ""),
                body=body,
            )
            now = self.hub.now_ms()
            try:
                signer = await asyncio.to_thread(signer_of, self.hub.database, asked, now)
            except Exception as error:
                return refusal_for(error, now)
            if isinstance(signer, Refused):
                return signer
            if refused := self._stopped(scope["path"], signer, now):
                return refused
            scope[SIGNER] = signer
        if headers.get("content-encoding") == "gzip":
            body = unpacked(body)
        try:
            scope[MESSAGE] = MESSAGES[scope["path"]].decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            detail = str(error)[:MOST_DETAIL]
            return Refused(code="bad_request", detail=detail, hub_ms=self.hub.now_ms())
        if scope[MESSAGE].v not in READABLE:
            return Refused(code="not_this_version", hub_ms=self.hub.now_ms())
        await self.app(scope, _handing_out(body), reply.send)
        return None


class Buckets:
    """How often each till may ask: so many at once, and one more after each pause.

    Far above what a till needs that drains ninety days, and below what one that went mad could do.
    """

    def __init__(self, most: int = 60, pause_ms: int = 50) -> None:
        self.most = most
        self.pause_ms = pause_ms
        self._full_at: dict[str, int] = {}

    def wait_ms(self, signer: Signer, now_ms: int) -> int:
        """Take one; 0, or how long to wait until there is one again."""
        full_at = max(self._full_at.get(signer.journal, 0), now_ms)
        if full_at - now_ms > (self.most - 1) * self.pause_ms:
            return full_at - now_ms - (self.most - 1) * self.pause_ms
        self._full_at[signer.journal] = full_at + self.pause_ms
        return 0


def refusal_for(error: Exception, now_ms: int) -> Refused:
    """What a till is told when the database is away or we have a bug; the rest is for the log."""
    if isinstance(error, OperationalError | InterfaceError | IntegrityError):
        # Not reached, shutting down, taken, or somebody else was quicker: it will do later.
        LOG.warning("the database did not take part: %s", type(error.orig).__name__)
        return Refused(code="busy", hub_ms=now_ms)
    LOG.error("a request broke", exc_info=error)
    return Refused(code="bug", hub_ms=now_ms)


async def _whole_body(receive: Receive) -> bytes:
    """The body, given up as soon as it is longer than allowed. Raises TooLarge."""
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise TooLarge("cut off")
        body += message["body"]
        if len(body) > MOST_PACKED_BYTES:
            raise TooLarge(f"more than {MOST_PACKED_BYTES} bytes")
        more = message["more_body"]
    return body


def _handing_out(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


class DecodedRequest(Request[Any, Any, Any]):
    """Hands the application the message as this layer has decoded it."""

    async def json(self) -> Any:
        return self.scope.get(MESSAGE)


def signer_in(scope: Mapping[str, object]) -> Signer:
    """Whom this layer let through."""
    signer = scope[SIGNER]
    assert isinstance(signer, Signer)
    return signer
