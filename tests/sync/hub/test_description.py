"""What the hub publishes about itself is what both ends speak."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import msgspec

import sync
from sync import protocol
from sync.hub.signed_line import MESSAGES
from sync.protocol_feeds import PULL_PATH
from sync.protocol_files import FILE_GET_PATH, FILE_PUT_PATH
from sync.protocol_standing import REKEY_PATH, STANDING_PATH
from sync.protocol_stock import STOCK_PATH
from sync.protocol_trace import GENUINE_PATH
from sync.protocol_updates import UPDATE_ASK_PATH, UPDATE_GET_PATH
from tests.support.hubs import RunningHub


def spoken() -> dict[str, Any]:
    """Every message and what stands in it, as both ends read it: name -> JSON schema."""
    modules = [
        import_module(f"sync.{each.name}")
        for each in iter_modules(sync.__path__)
        if each.name.startswith("protocol")
    ]
    answers = [
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, msgspec.Struct)
        and each.__struct_config__.tag_field == "answer"
    ]
    asked = [each.type for each in MESSAGES.values()]
    _references, found = msgspec.json.schema_components([*asked, *answers])
    return found


def test_the_published_description_is_the_protocol(hub: RunningHub) -> None:
    response = hub.session.get(f"{hub.address}/schema/openapi.json", timeout=20)
    described = response.json()
    assert set(described["paths"]) == {
        protocol.PUSH_PATH, protocol.ENROL_PATH, protocol.HEALTH_PATH, GENUINE_PATH, PULL_PATH,
        FILE_PUT_PATH, FILE_GET_PATH,
        STOCK_PATH, STANDING_PATH, REKEY_PATH, UPDATE_ASK_PATH, UPDATE_GET_PATH
    }  # fmt: skip
    schemas = described["components"]["schemas"]
    ours = spoken()
    assert {"Push", "PushedEntry", "Ack", "Refused", "Enrol"} <= set(ours)
    for message, schema in ours.items():
        (published,) = (found for name, found in schemas.items() if name.split("_")[-1] == message)
        # The word that says which answer it is, the library leaves out.
        assert set(published["properties"]) | {"answer"} == set(schema["properties"]) | {"answer"}
        required = set(schema.get("required", ())) - {"answer"}
        assert set(published.get("required", ())) - {"answer"} == required, message


def test_the_description_fetches_nothing_from_elsewhere(hub: RunningHub) -> None:
    response = hub.session.get(f"{hub.address}/schema", timeout=20)
    assert b"://" not in response.content.replace(hub.address.encode(), b"")
    assert "html" not in response.headers["Content-Type"]


def test_health_names_no_shop_and_no_amount(hub: RunningHub) -> None:
    response = hub.session.get(hub.address + protocol.HEALTH_PATH, timeout=20)
    assert response.json() == {
        "ok": True, "version": response.json()["version"], "lag": 0, "unread": 0, "forks": 0
    }  # fmt: skip
