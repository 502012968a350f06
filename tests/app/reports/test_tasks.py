"""待办: every open end is on the list with its age, and gone when it is settled."""

from app.reports.lots import batches, lots_of
from app.reports.task import Task
from app.reports.tasks import OLD_HOLD_MS, tasks
from tests.stories.counters import MANAGER, MakeShop, ShopFloor


def open_ends(shop: ShopFloor) -> list[Task]:
    """The list as it stands."""
    books = shop.till.books
    with books.read() as db:
        return tasks(db, books.shop, books.clock.wall_ms())


def test_a_quiet_shop_has_nothing_to_do(counter: ShopFloor) -> None:
    counter.sell("11014")
    counter.ok("scan", code="11014")
    counter.ok("hold", name="王阿姨")
    assert open_ends(counter) == []


def test_a_basket_held_since_the_morning_is_on_the_list_until_it_is_taken(
    counter: ShopFloor,
) -> None:
    counter.ok("scan", code="11014")
    counter.ok("hold", name="王阿姨")
    held_ms = counter.clock.wall_ms()
    counter.ok("wait", seconds=OLD_HOLD_MS // 1000 + 1)
    (task,) = open_ends(counter)
    assert (task.kind, task.since_ms) == ("old_hold", held_ms) and "王阿姨" in task.words
    counter.ok("resume")
    assert open_ends(counter) == []


def test_goods_no_lot_is_known_of_are_sold_and_leave_a_task_until_they_come_in(
    make_shop: MakeShop,
) -> None:
    shop = make_shop("empty", stock=False)
    shop.open_shift()
    line = shop.ok("scan", code="11014")["basket"]["lines"][0]
    assert line["lot_known"] == "none"
    shop.ok("pay", tender="cash")
    (task,) = open_ends(shop)
    assert task.kind == "negative_stock" and "-1" in task.words
    shop.sign_in(MANAGER)
    shop.ok("receive", lines=[{"product": "11014", "quantity": "10", "cost": "19.00"}])
    assert open_ends(shop) == []
    assert shop.on_hand("11014") == "9"
    shop.verified()


def test_the_oldest_task_comes_first(counter: ShopFloor) -> None:
    counter.ok("fault", what="silent_printer")
    counter.sell("11014")
    counter.ok("wait", seconds=60)
    counter.ok("add", product="12003", quantity="101")
    counter.ok("pay", tender="cash")
    found = open_ends(counter)
    assert next(task.kind for task in found) == "unsure_print"
    assert [task.since_ms for task in found] == sorted(task.since_ms for task in found)


def test_lots_are_listed_by_what_ends_first(counter: ShopFloor) -> None:
    counter.sign_in(MANAGER)
    line = {"product": "11014", "quantity": "2", "cost": "19.0001"}
    counter.ok(
        "receive",
        lines=[
            line | {"lot": "LATE", "expires": "2027-09-01"},
            line | {"lot": "SOON", "expires": "2027-01-01"},
        ],
    )
    books = counter.till.books
    with books.read() as db:
        found = lots_of(db, "KP01", "11014", "2026-12-07")
        assert batches(db, "KP01", [found[0].lot, found[2].lot]) == {
            found[0].lot: "SOON", found[2].lot: found[2].lot,
        }  # fmt: skip
        assert batches(db, "KP01", []) == {}
    assert [lot.batch for lot in found] == ["SOON", "LATE", ""]
    assert found[0].unit_cost == 19_000_100 and found[0].state == "sellable"
    assert counter.ok("lots", product="11014")["lots"][0]["cost"] == "19.0001"
