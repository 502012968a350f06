"""Head office's pages speak the shop's words: days as people mean them, names for codes."""

import re

import pytest

from app.errors import Refusal
from sync.hub.revoking import release, revoke_device
from sync.hub.rights import Actor
from sync.protocol import encoded
from sync.protocol_feeds import PULL_PATH, Pull
from tests.support.entries import Writer
from tests.support.facts import setting
from tests.support.hubs import RunningHub
from tests.support.office import BATCH, Office, a_shop_that_sells

TABLE = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
LONG_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


@pytest.fixture
def office(hub: RunningHub, writer: Writer) -> Office:
    one = Office(hub)
    one.hire("ann", "approver")
    one.hire("bob", "editor")
    a_shop_that_sells(hub, writer)
    return one


def visible(page: str) -> str:
    """What of a page is read, without what only its parts say to each other."""
    body = page.split("<main>")[1]
    return re.sub(r"<[^>]*>", " ", body)


def test_a_promotion_is_shown_with_its_last_day(office: Office) -> None:
    bob = office.browser("bob")
    done = bob.do("promotion", code="DEC12", name="周年庆", kind="item_price", price="168.00",
                  products="12006", to="2026-12-12", sure="1",
                  **{"from": "2026-12-12"})  # fmt: skip
    assert done.status_code == 303, bob.page
    rows = visible(bob.get("/hq/promotions").text)
    assert rows.count("2026-12-12") == 2 and "2026-12-13" not in rows


def test_what_waits_is_named_by_the_day_it_begins(office: Office) -> None:
    bob = office.browser("bob")
    bob.do("price_list", lines="13006 8.00", sure="1", **{"from": "2026-12-12"})
    said = visible(bob.get("/hq/waiting").text)
    assert "从 2026-12-12" in said and "展示馆旗舰店" in said
    assert not LONG_ID.search(said)


def test_what_was_done_is_told_in_words(office: Office) -> None:
    bob, ann = office.browser("bob"), office.browser("ann")
    bob.do("price_list", lines="12006 188.00", sure="1", **{"from": "2026-12-12"})
    bob.do("recall", product="13006", batches=BATCH, level="1")
    bob.get("/hq/acts")
    said = visible(ann.get("/hq/acts").text)
    for word in ("从 2026-12-12", "ZH-", "看操作记录", "核准员", "动态码", "KP01 1", "总部电脑"):
        assert word in said, word
    assert not LONG_ID.search(said)
    for code in ("second_factor", "approver", "prices", "recalls", "device-a", "local"):
        assert code not in said, code


def test_every_word_over_a_column_stands_over_its_fields(office: Office) -> None:
    page = office.browser("bob").get("/hq/festivals").text
    head, *rows = TABLE.findall(page)
    assert len(rows) >= 11
    assert {row.count("<td") for row in rows} == {head.count("<th")}


# --- tills -----------------------------------------------------------------------------------


def asks(hub: RunningHub, writer: Writer, pull: Pull) -> None:
    body = encoded(pull)
    answer = hub.post(PULL_PATH, body, hub.signed(writer, PULL_PATH, body, packed=False))
    assert answer.status_code == 200


def test_head_office_sees_what_a_till_still_has_and_how_wrong_its_clock_is(
    office: Office, writer: Writer
) -> None:
    ann = office.browser("ann")
    asks(office.hub, writer, Pull(writing=writer.journal))
    assert "min" not in visible(ann.get("/hq").text)
    for value in ("a", "b", "c"):
        writer.write(setting(value=value))
    shows = office.hub.clock.wall_ms() - 7 * 60_000
    asks(office.hub, writer,
         Pull(writing=writer.journal, head=len(writer.entries), wall_ms=shows))  # fmt: skip
    said = visible(ann.get("/hq").text)
    assert "3 条" in said and "−7 min" in said
    office.hub.push(writer)
    shows = office.hub.clock.wall_ms()
    asks(office.hub, writer,
         Pull(writing=writer.journal, head=len(writer.entries), wall_ms=shows))  # fmt: skip
    said = visible(ann.get("/hq").text)
    assert "条" not in said and "0 s" in said


def test_a_till_is_shut_out_with_a_reason_and_what_it_sent_since_is_taken_in_by_a_person(
    office: Office, writer: Writer
) -> None:
    bob, ann = office.browser("bob"), office.browser("ann")
    bob.do("revoke_device", device="device-a", reason="机器丢了")
    assert bob.code() == "office_right_needed"
    ann.do("revoke_device", device="device-a", reason=" ")
    assert ann.code() == "reason_needed"
    assert "已停用" not in visible(ann.get("/hq").text)
    assert ann.do("revoke_device", device="device-a", reason="机器丢了").status_code == 303
    for value in ("a", "b"):
        writer.write(setting(value=value))
    assert office.hub.push(writer).code == "ack"
    said = visible(ann.get("/hq").text)
    assert "已停用" in said and "有记录在隔离 2 条" in said and "quarantined" not in said
    assert "收进隔离的记录" not in visible(bob.get("/hq").text)
    bob.do("release_device", device="device-a")
    assert bob.code() == "office_right_needed"
    assert ann.do("release_device", device="device-a").status_code == 303
    assert "在隔离" not in visible(ann.get("/hq").text)
    done = visible(ann.get("/hq/acts").text)
    assert re.search(r"ann\s+停用收银机\s+KP01 1\s+机器丢了", done)
    assert re.search(r"ann\s+收进隔离的记录\s+KP01 1\s+2\s", done)


def test_only_who_may_shut_tills_out_does_so_by_whatever_way(office: Office) -> None:
    for act in (revoke_device, release):
        with pytest.raises(Refusal, match="office_right_needed"):
            act(office.hub.hub, device="device-a", by=Actor("bob", "editor"))
