"""What counts leave to be done: nobody goes on, entries that came after the close; and goods that
have to come off the shelf. Each has an owner, an age and the one button that settles it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.journal.rebuild import apply_entries
from app.journal.stored import after
from app.meaning import MEANING
from app.transaction import transaction
from tests.stories.counters import CASHIER, LEAD, MANAGER, MakeShop, ShopFloor

TEA, GOOSE, EGGS = "12003", "11004", "13006"


def tasks(shop: ShopFloor, *kinds: str) -> list[dict[str, Any]]:
    return [each for each in shop.ok("tasks")["tasks"] if each["kind"] in kinds]


def tell(source: ShopFloor, other: ShopFloor) -> None:
    """The other till hears everything this one wrote."""
    books = source.till.books
    with books.read() as db:
        new = list(after(db, books.journal.id, 0))
    with transaction(other.till.books) as tx:
        apply_entries(tx.connection, MEANING, new)


@pytest.fixture
def tills(tmp_path: Path) -> Iterator[tuple[ShopFloor, ShopFloor]]:
    """Two tills of one shop that know the same until the line goes down."""
    one = ShopFloor(tmp_path / "1", seed="one", stock=False, number="1")
    two = ShopFloor(tmp_path / "2", seed="two", stock=False, number="2")
    two.clock = one.clock
    one.sign_in(MANAGER)
    goods = [
        {"product": TEA, "quantity": "24", "cost": "76.00", "lot": "HC1"},
        {"product": EGGS, "quantity": "40", "cost": "9.50", "lot": "JJ1"},
    ]
    one.ok("receive", supplier="开平合作社", lines=goods)
    count = one.ok("count_open", zone=["A1", "A2"])["count"]
    one.clock.advance(600_000)
    two.sign_in(MANAGER)
    tell(one, two)
    assert two.ok("count_open", zone=["A1"])["count"] == count
    yield one, two
    one.close()
    two.close()


def test_what_another_till_counted_offline_and_sent_after_the_close_is_booked_by_one_button(
    tills: tuple[ShopFloor, ShopFloor],
) -> None:
    one, two = tills
    count = one.ok("count_open", zone=["A1"])["count"]
    two.ok("count_line", count=count, zone="A2", product=EGGS, quantity="39", counter="102")
    one.sign_in(CASHIER)
    one.ok("count_line", count=count, zone="A1", product=TEA, quantity="24")
    one.sign_in(LEAD)
    one.ok("count_close", count=count)
    assert tasks(one, "count_late", "count_stray") == []
    tell(two, one)
    [late] = tasks(one, "count_late", "count_stray")
    assert (late["kind"], late["owner"]) == ("count_late", "店长")
    assert "A2" in late["words"] and "1 种" in late["words"]
    assert one.refused("settle_task", task=late["task"], answer="drop") == "task_elsewhere"
    assert one.ok("count_close", count=count)["net"] == "-9.50"
    assert tasks(one, "count_late", "count_stray") == []
    assert (one.on_hand(EGGS), one.on_hand(TEA)) == ("39", "24")


def test_what_came_too_late_for_an_article_that_is_booked_is_left_out_by_one_button(
    tills: tuple[ShopFloor, ShopFloor],
) -> None:
    one, two = tills
    count = one.ok("count_open", zone=["A1"])["count"]
    two.ok("count_line", count=count, zone="A2", product=TEA, quantity="2", counter="102")
    one.sign_in(CASHIER)
    one.ok("count_line", count=count, zone="A1", product=TEA, quantity="24")
    one.sign_in(LEAD)
    one.ok("count_close", count=count)
    tell(two, one)
    [stray] = tasks(one, "count_late", "count_stray")
    assert (stray["kind"], stray["answers"]) == ("count_stray", ["drop"])
    assert one.on_hand(TEA) == "24"
    one.sign_in(CASHIER)
    assert one.refused("settle_task", task=stray["task"], answer="drop") == "approval_needed"
    one.sign_in(LEAD)
    one.ok("settle_task", task=stray["task"], answer="drop")
    assert tasks(one, "count_late", "count_stray") == []
    assert one.refused("settle_task", task=stray["task"], answer="drop") == "unknown_task"


def test_late_goods_that_sold_while_they_were_counted_are_left_out_not_stuck(
    tills: tuple[ShopFloor, ShopFloor],
) -> None:
    one, two = tills
    count = one.ok("count_open", zone=["A1"])["count"]
    two.ok("count_line", count=count, zone="A2", product=EGGS, quantity="40", counter="102")
    one.open_shift()
    one.ok("add", product=EGGS, quantity="1")
    one.ok("pay", tender="cash")
    one.ok("count_line", count=count, zone="A1", product=TEA, quantity="24")
    one.sign_in(LEAD)
    one.ok("count_close", count=count)
    tell(two, one)
    [stray] = tasks(one, "count_late", "count_stray")
    assert stray["kind"] == "count_stray"
    one.ok("settle_task", task=stray["task"], answer="drop")
    assert tasks(one, "count_late", "count_stray") == []
    assert one.on_hand(EGGS) == "39"


def test_a_count_nobody_goes_on_with_says_what_it_waits_for(counter: ShopFloor) -> None:
    count = counter.ok("count_open", zone=["A1", "A3"])["count"]
    counter.ok("count_line", count=count, zone="A1", product=TEA, quantity="90")
    counter.ok("count_line", count=count, zone="A1", product="6901234567892", quantity="1")
    assert tasks(counter, "count_open") == []
    counter.clock.advance(31 * 60_000)
    [left] = tasks(counter, "count_open")
    assert "没点 1 架" in left["words"] and "不认识 1 个码" in left["words"]
    assert "要复点 1 种" in left["words"], "ten tins of tea are worth a second look"
    counter.ok("count_line", count=count, zone="A3", product=EGGS, quantity="1")
    assert tasks(counter, "count_open") == []


def test_goods_past_their_date_leave_the_shelf_by_one_button(make_shop: MakeShop) -> None:
    shop = make_shop("past", stock=False)
    shop.sign_in(MANAGER)
    lines = [
        {"product": EGGS, "quantity": "5", "cost": "9.5", "lot": "JJ1", "expires": "2026-12-08"},
        {"product": EGGS, "quantity": "7", "cost": "9.5", "lot": "JJ2", "expires": "2027-08-01"},
    ]
    shop.ok("receive", supplier="x", lines=lines)
    shop.ok("clock", now="2026-12-09T10:00:00+08:00")
    shop.sign_in(MANAGER)
    [past] = tasks(shop, "expired_lot")
    assert past["answers"] == ["away"]
    shop.ok("settle_task", task=past["task"], answer="away")
    assert tasks(shop, "expired_lot") == []
    places = (
        "SELECT place, sum(quantity) FROM on_hand WHERE product = ? GROUP BY 1 HAVING sum(quantity)"
    )
    assert shop.rows(places, EGGS) == [("quarantine", 5_000), ("shelf", 7_000)]
    assert shop.refused("settle_task", task=past["task"], answer="away") == "unknown_task"
    shop.verified()


def test_a_recall_is_put_away_by_one_button_and_ended_by_the_next(make_shop: MakeShop) -> None:
    shop = make_shop("recalled", stock=False)
    shop.sign_in(MANAGER)
    lines = [{"product": EGGS, "quantity": "5", "cost": "9.5", "lot": "JJ1"}]
    shop.ok("receive", supplier="x", lines=lines)
    shop.ok("recall", product=EGGS, lots=["JJ1"])
    [recall] = tasks(shop, "recall")
    assert recall["answers"] == ["held"]
    shop.ok("settle_task", task=recall["task"], answer="held")
    [recall] = tasks(shop, "recall")
    assert recall["answers"] == ["ended"] and "还有 0" in recall["words"]
    shop.ok("settle_task", task=recall["task"], answer="ended")
    assert tasks(shop, "recall") == []
    assert shop.on_hand(EGGS) == "5"
    shop.verified()
