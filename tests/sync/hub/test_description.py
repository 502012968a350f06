"""What the hub publishes about itself is what both ends speak."""

import msgspec

from sync import protocol
from sync.protocol_trace import GENUINE_PATH, AskGenuine, Genuine
from tests.support.hubs import RunningHub

MESSAGES = (protocol.Push, protocol.PushedEntry, protocol.Ack, protocol.Gap, protocol.Fork,
            protocol.Refused, protocol.Enrol, protocol.Enrolled, AskGenuine, Genuine)  # fmt: skip


def test_the_published_description_is_the_protocol(hub: RunningHub) -> None:
    response = hub.session.get(f"{hub.address}/schema/openapi.json", timeout=20)
    described = response.json()
    assert set(described["paths"]) == {
        protocol.PUSH_PATH, protocol.ENROL_PATH, protocol.HEALTH_PATH, GENUINE_PATH
    }  # fmt: skip
    schemas = described["components"]["schemas"]
    for message in MESSAGES:
        ours = msgspec.json.schema(message)["$defs"][message.__name__]["properties"]
        (published,) = (
            schema for name, schema in schemas.items() if name.split("_")[-1] == message.__name__
        )
        assert set(published["properties"]) | {"answer"} == set(ours) | {"answer"}


def test_the_description_fetches_nothing_from_elsewhere(hub: RunningHub) -> None:
    response = hub.session.get(f"{hub.address}/schema", timeout=20)
    assert b"://" not in response.content.replace(hub.address.encode(), b"")
    assert "html" not in response.headers["Content-Type"]


def test_health_names_no_shop_and_no_amount(hub: RunningHub) -> None:
    response = hub.session.get(hub.address + protocol.HEALTH_PATH, timeout=20)
    assert response.json() == {
        "ok": True, "version": response.json()["version"], "lag": 0, "unread": 0, "forks": 0
    }  # fmt: skip
