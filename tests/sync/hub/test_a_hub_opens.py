"""A hub is opened, by people who make mistakes: it says what is wrong and keeps what it has."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect

from app.clock import SettableClock
from app.errors import ShopError
from app.ids import Ids, seeded
from sync.hub.serving import listening_at
from sync.hub.state import KEY_FILE, Hub, folder_of
from tests.support.entries import Writer
from tests.support.hubs import RunningHub
from tests.support.tills import MORNING
from ui.hq_lines import talk

MakeHub = Callable[..., RunningHub]


def opened(folder: Path, *, url: str = "", demo: bool = False, new: bool = True) -> Hub:
    clock = SettableClock(MORNING)
    return Hub(folder, clock=clock, ids=Ids(clock, seeded("again")), url=url, demo=demo, new=new)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ShopError) as told:
        call()
    return told.value.code


def said(hub: Hub, *lines: Any) -> list[dict[str, Any]]:
    """What head office is answered, line by line."""
    asked = io.StringIO("\n".join(each if isinstance(each, str) else json.dumps(each)
                                  for each in lines))  # fmt: skip
    out = io.StringIO()
    talk(hub, asked, out, lambda _words: None)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_hub_opened_again_is_the_one_tills_have_pinned(make_hub: MakeHub) -> None:
    one = make_hub()
    again = opened(one.folder, url=one.url)
    assert (again.public_key, again.incarnation) == (one.hub.public_key, one.hub.incarnation)
    again.close()


def test_its_key_is_for_its_owner_alone(make_hub: MakeHub) -> None:
    assert (make_hub().folder / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_a_lost_key_is_never_made_anew_behind_the_tills_backs(make_hub: MakeHub) -> None:
    one = make_hub()
    key = one.folder / KEY_FILE
    kept = key.read_bytes()
    key.unlink()
    assert refusal(lambda: opened(one.folder, url=one.url)) == "hub_key_lost"
    for wrong in (bytes(32), b"short"):
        key.write_bytes(wrong)
        assert refusal(lambda: opened(one.folder, url=one.url)) == "hub_key_lost"
    key.write_bytes(kept)
    opened(one.folder, url=one.url).close()


def test_a_real_hub_is_not_opened_as_a_demo(make_hub: MakeHub) -> None:
    one = make_hub()
    assert refusal(lambda: opened(one.folder, url=one.url, demo=True)) == "demo_and_real"


def test_head_office_makes_no_hub_where_there_is_none(tmp_path: Path) -> None:
    assert refusal(lambda: opened(tmp_path / "nowhere", new=False)) == "hub_not_here"
    assert not (tmp_path / "nowhere").exists()


def test_a_database_without_a_hub_is_told_and_left_as_it_was(database: str) -> None:
    engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as db:
        db.exec_driver_sql("CREATE SCHEMA empty")
    try:
        apart = f"{database}?options=-csearch_path%3Dempty"
        assert refusal(lambda: folder_of(apart)) == "hub_not_here"
        assert inspect(engine).get_table_names("empty") == []
    finally:
        with engine.begin() as db:
            db.exec_driver_sql("DROP SCHEMA empty")
        engine.dispose()


def test_its_database_says_where_its_folder_is(make_hub: MakeHub) -> None:
    one = make_hub()
    if one.url:
        assert folder_of(one.url) == one.folder
        key = one.folder / KEY_FILE
        key.rename(one.folder / "elsewhere")
        assert refusal(lambda: folder_of(one.url)) == "hub_not_here"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("nonsense", "hub_database_bad"),
        ("oracle://a/b", "hub_database_bad"),
        ("postgresql://nobody@127.0.0.1:9/none", "hub_database_away"),
    ],
)
def test_a_database_that_is_none_or_away_is_told(tmp_path: Path, url: str, code: str) -> None:
    assert refusal(lambda: opened(tmp_path / "hub", url=url)) == code


def test_a_port_that_is_taken_is_told() -> None:
    with listening_at("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert refusal(lambda: listening_at("127.0.0.1", port)) == "port_taken"


def test_head_office_lets_a_till_in_by_lines_and_every_line_is_answered(hub: RunningHub) -> None:
    ((answer),) = said(hub.hub, {"do": "enrol_code", "shop": "KP01", "till": "1"})
    writer = Writer("a")
    assert hub.enrol(writer, answer["code"]).code == "enrolled"
    (status,) = said(hub.hub, {"do": "status"})
    (device,) = status["devices"]
    assert (device["state"], device["shop"], device["till"]) == ("waiting", "KP01", "1")
    approve = {"do": "approve_device", "device": device["device"]}
    wrong, right = said(
        hub.hub,
        approve | {"fingerprint": "000000"},
        approve | {"fingerprint": device["fingerprint"]},
    )
    assert (wrong["error"]["code"], right) == ("fingerprint_wrong", {"ok": True})
    assert hub.push(writer).code == "ack"
    (after,) = said(hub.hub, {"do": "status"})
    assert after["devices"][0]["journals"][0]["seq"] == 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "bad_command"),
        ("[]", "bad_command"),
        ({"do": "sell"}, "unknown_command"),
        ({"do": ["status"]}, "unknown_command"),
        ({"do": "enrol_code", "shop": "KP01"}, "bad_command"),
        ({"do": "enrol_code", "shop": "", "till": "1"}, "bad_command"),
        ({"do": "enrol_code", "shop": "a'; --", "till": "1"}, "bad_command"),
        ({"do": "status", "more": 1}, "bad_command"),
        ({"do": "approve_device", "device": "x", "fingerprint": "1"}, "unknown_device"),
    ],
)
def test_a_line_nobody_understands_is_answered_and_the_next_one_served(
    hub: RunningHub, line: Any, code: str
) -> None:
    bad, good = said(hub.hub, line, {"do": "status"})
    assert (bad["error"]["code"], good["ok"]) == (code, True)
    assert bad["error"]["message"] not in ("", code)
