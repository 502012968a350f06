"""A month's report is held against the journal's entries week by week."""

import pytest

from app.reports import words
from app.reports.asking import Asked, asked
from app.reports.folding import fold
from app.reports.report import answer
from app.reports.sheet import Check, Sheet
from app.reports.weekly import hold_all, hold_week, joined, weeks
from app.reports.wording import Wording
from tests.app.reports.test_reports import EGGS, ROLLS, TODAY, day, floor, next_day, spoil
from tests.stories.counters import ShopFloor

__all__ = ["day", "floor"]

WORDS = Wording(lambda text, **parts: text.format(**parts) if parts else text)
FIRST, MIDDLE, LAST, END = TODAY, "2026-12-09", "2026-12-24", "2026-12-30"
WEEKS = [("2026-12-01", "2026-12-07"), ("2026-12-08", "2026-12-14"), ("2026-12-15", "2026-12-21"),
         ("2026-12-22", "2026-12-28"), ("2026-12-29", "2026-12-30")]  # fmt: skip
TWISTED = (
    'UPDATE entry SET content = CAST(replace(CAST(content AS TEXT), \'"app":"\', \'"app":"x\')'
    " AS BLOB) WHERE fact = (SELECT min(sale) FROM sale WHERE day = '{day}')"
)
"""Somebody writes another shop's name into a sale: it reads as well as before."""
AT_ONCE = "average_cost"
"""Held for the whole of its month whatever the range."""
WITHOUT_SALES = ("exceptions", "promotions", AT_ONCE)
"""Figures to which a plain sale adds nothing."""


@pytest.fixture
def month(floor: ShopFloor) -> ShopFloor:
    """Three days with sales in a month: one in its second week, two days behind the first."""
    for moment, goods in ((MIDDLE, ROLLS), (LAST, EGGS)):
        next_day(floor, f"{moment}T10:00:00+08:00")
        floor.sell(goods)
        floor.sell(goods, EGGS)
    return floor


def question(shop: ShopFloor, **more: str) -> Asked:
    return asked((shop.till.books.shop,), "2026-12-01", END, **more)


def at_once(shop: ShopFloor, name: str, **more: str) -> Sheet:
    """What stands there before a week was held."""
    return answer(shop.till.books, name, question(shop, **more), today=END, margins=True)


def held(shop: ShopFloor, name: str, **more: str) -> Check:
    sheet = at_once(shop, name, **more)
    return hold_all(shop.till.books, sheet, question(shop, **more), today=END).check


def test_a_sound_month_ends_equal_to_the_journal(month: ShopFloor) -> None:
    for name in words.REPORTS:
        if name != AT_ONCE:
            assert at_once(month, name).check.against != "journal", name
        check = held(month, name)
        assert check.ok and check.against == "journal", name
    narrowed = held(month, "channel", product=EGGS, compare="week")
    assert narrowed.ok and narrowed.weekly == (30, 30)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_damaged_entry_makes_the_months_report_red_with_its_week(
    month: ShopFloor, number: int
) -> None:
    spoil(month, TWISTED.format(day=(FIRST, MIDDLE, "", LAST)[number]))
    for name in words.REPORTS:
        assert at_once(month, name).check.ok is (name != AT_ONCE), name
        check = held(month, name)
        assert not check.ok and check.against == "journal" and len(check.damaged) == 1, name
        if name not in WITHOUT_SALES:
            assert check.within == WEEKS[number], name


def test_goods_near_their_end_are_red_with_the_week_their_damage_lies_in(month: ShopFloor) -> None:
    """Their rows stand at the last day, and the week before the damage has the lot as well."""
    line = {"product": EGGS, "quantity": "6", "cost": "9.0000", "lot": "JJ1"}
    month.ok("receive", lines=[line | {"made": "2026-11-20", "expires": "2026-12-28"}])
    month.sell(EGGS)
    assert held(month, "near_expiry").ok and at_once(month, "near_expiry").lines
    sold = "(SELECT fact FROM movement WHERE reason = 'sold' AND lot ="
    spoil(month, TWISTED.partition("fact =")[0] + f"fact = {sold}"
                 " (SELECT lot FROM lot WHERE batch = 'JJ1'))")  # fmt: skip
    check = held(month, "near_expiry")
    assert not check.ok and check.within == WEEKS[3] and len(check.damaged) == 1


def test_what_is_damaged_in_several_weeks_is_counted_once_each(month: ShopFloor) -> None:
    for moment in (FIRST, MIDDLE, LAST):
        spoil(month, TWISTED.format(day=moment))
    check = held(month, "product")
    assert len(check.damaged) == 3 and check.within == WEEKS[0]
    sheet = at_once(month, "product")
    told = WORDS.check(Sheet(name="", title="", columns=(), check=check))
    assert told.startswith("2026-12-01 – 2026-12-07：流水账坏了 3 条：这里 ")
    assert WORDS.check(sheet) == "与营业额一致"


def test_it_says_how_far_it_is_and_what_was_wrong_so_far(month: ShopFloor) -> None:
    books, sheet = month.till.books, at_once(month, "tenders")
    spoil(month, "UPDATE taking SET tender = 'card' WHERE tender = 'cash' AND what = 'sale'"
                 f" AND day = '{MIDDLE}'")  # fmt: skip
    told, parts = [], []
    for week in weeks(sheet, question(month)):
        parts.append((week, hold_week(books, sheet, week, today=END)))
        check = joined(sheet, 30, parts)
        told.append((check.ok, check.weekly, check.within))
    assert [(week.first, week.last) for week, _check in parts] == WEEKS
    wrong = WEEKS[1]
    assert told == [
        (True, (7, 30), ("", "")), (False, (14, 30), wrong), (False, (21, 30), wrong),
        (False, (28, 30), wrong), (False, (30, 30), wrong),
    ]  # fmt: skip


def test_sums_that_are_wrong_in_two_weeks_and_right_together_are_found(month: ShopFloor) -> None:
    fold(month.till.books, [FIRST, MIDDLE])
    for moment, sign in ((FIRST, "+"), (MIDDLE, "-")):
        rolls = f"goods = (SELECT goods FROM report_goods WHERE product = '{ROLLS}')"
        spoil(month, f"UPDATE report_line SET paid = paid {sign} 100"
                     f" WHERE day = '{moment}' AND paid > 0 AND {rolls}")  # fmt: skip
    assert at_once(month, "day").check.ok
    check = held(month, "day")
    assert not check.ok and check.within == WEEKS[0]
    assert not month.rows("SELECT * FROM report_day")
    assert held(month, "day").ok


def test_the_console_holds_a_long_range_where_it_is_asked_to(month: ShopFloor) -> None:
    ask = {"name": "product", "from": "2026-12-01", "to": END}
    assert month.ok("report", **ask)["check"] == {"ok": True, "against": "turnover"}
    said = month.ok("report", **ask, entries=True)["check"]
    assert said == {"ok": True, "against": "journal"}
    spoil(month, TWISTED.format(day=MIDDLE))
    said = month.ok("report", **ask, entries=True)["check"]
    assert said == {"ok": False, "against": "journal"}
