"""Requests made up from the hub's own description, fitting and not: never a bug, never a fright."""

from collections.abc import Callable
from typing import Any

import hypothesis
import msgspec
import pytest
import schemathesis
from hypothesis import strategies
from schemathesis import Case, GenerationMode

from sync.hub.signed_line import MESSAGES
from sync.protocol import NONCE_HEADER
from tests.support.entries import Writer
from tests.support.hubs import RunningHub

EXAMPLES, SOAK = 8, 1_000
Given = Callable[[Case], None]


@pytest.fixture
def described(hub: RunningHub) -> Any:
    """What the hub publishes about itself."""
    return schemathesis.openapi.from_url(f"{hub.address}/schema/openapi.json")


def each_request(described: Any, ask: Given, examples: int) -> None:
    """Try every operation with requests that fit its description and with ones that do not."""
    operations = [found.ok() for found in described.get_all_operations()]
    assert {each.path for each in operations} >= set(MESSAGES)
    for operation in operations:
        ways = strategies.one_of(
            operation.as_strategy(mode)
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        )
        settings = hypothesis.settings(
            max_examples=examples, suppress_health_check=list(hypothesis.HealthCheck)
        )
        settings(hypothesis.given(ways)(ask))()


def test_no_request_without_a_signature_is_taken_or_breaks_the_hub(
    hub: RunningHub, described: Any, soak: bool
) -> None:
    def ask(case: Case) -> None:
        response = case.call(session=hub.session)
        assert response.status_code < 500, response.content
        if case.operation.path in MESSAGES:
            assert response.status_code >= 400

    each_request(described, ask, SOAK if soak else EXAMPLES)
    assert hub.rows("SELECT count(*) FROM hub_entry") == [(0,)]


def test_no_request_a_known_till_signs_breaks_the_hub(
    hub: RunningHub, writer: Writer, described: Any, soak: bool
) -> None:
    codes = set()

    def ask(case: Case) -> None:
        path = case.operation.path
        if path not in MESSAGES or not isinstance(case.body, dict | list | str | int | None):
            return
        body = msgspec.json.encode(case.body)
        headers = hub.signed(writer, path, body, packed=False)
        response = hub.post(path, body, headers)
        assert response.status_code < 500
        codes.add(hub.code_of(headers[NONCE_HEADER], response))

    each_request(described, ask, SOAK if soak else EXAMPLES)
    assert codes >= {"bad_request"}
    assert hub.push(writer).code == "ack"
