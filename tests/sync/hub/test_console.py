"""Head office's pages speak the shop's words: days as people mean them, names for codes."""

import re

import pytest

from tests.support.entries import Writer
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
