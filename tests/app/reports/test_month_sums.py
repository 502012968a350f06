"""What moved in months that are over is read from sums, and says what the rows say."""

from app.reports.asking import asked
from app.reports.month_sums import fold_moved
from app.reports.report import read, sum_up
from app.reports.scope import Scope, names_of
from app.reports.sheet import Sheet
from tests.app.reports.test_reports import EGGS, day, floor, report, spoil
from tests.stories.counters import ShopFloor

__all__ = ["day", "floor"]

LATER, MUCH_LATER = "2026-12-08", "2027-01-12"
UNTIL = "SELECT journal, written_ms FROM report_moved_until"


def plain(shop: ShopFloor, last: str) -> Sheet:
    """The report as its rows alone say it."""
    books = shop.till.books
    with books.read() as db:
        names = names_of(db, books.shop)
        return read("average_cost", Scope(db, asked((books.shop,), last, last), names=names))


def summed(shop: ShopFloor, last: str) -> Sheet:
    """The report, from sums as far as they go; they are found right."""
    stood = shop.rows(UNTIL)
    found = report(shop, "average_cost", first=last, last=last)
    assert found.check.ok and found.lines and shop.rows(UNTIL) == stood != []
    return found


def go_on(shop: ShopFloor) -> None:
    """Another month begins, with goods at another price."""
    for moment in ("2026-12-20", MUCH_LATER):
        shop.ok("wait", until=f"{moment}T10:00:00+08:00")
        shop.ok("receive", lines=[{"product": EGGS, "quantity": "9", "cost": "7.7700"}])
        shop.sell(EGGS)


def test_sums_and_what_was_written_behind_them_say_what_the_rows_say(floor: ShopFloor) -> None:
    books = floor.till.books
    assert fold_moved(books, today="2026-12-01", most=10) == 0 and not floor.rows(UNTIL)
    assert fold_moved(books, today=LATER, most=10) == 0
    assert summed(floor, LATER) == plain(floor, LATER)
    floor.sell(EGGS)
    assert summed(floor, LATER) == plain(floor, LATER)
    go_on(floor)
    for last in (LATER, MUCH_LATER):
        assert summed(floor, last) == plain(floor, last)
    assert fold_moved(books, today="2027-02-01", most=10) == 0
    for last in (LATER, MUCH_LATER):
        assert summed(floor, last) == plain(floor, last)
    assert fold_moved(books, today="2027-02-01", most=10) == 0


def test_years_are_summed_up_some_weeks_at_a_time(floor: ShopFloor) -> None:
    books = floor.till.books
    go_on(floor)
    question = asked((books.shop,), MUCH_LATER, MUCH_LATER)
    left = []
    while not left or left[-1]:
        left.append(sum_up(books, "average_cost", question, today="2027-02-01", most=2))
        assert summed(floor, MUCH_LATER) == plain(floor, MUCH_LATER)
    # Six weeks from end to end; three in which nothing moved are stepped over.
    assert left == [28, 0]


def test_wrong_sums_are_dropped_and_the_rows_are_read(floor: ShopFloor) -> None:
    right = plain(floor, LATER)
    fold_moved(floor.till.books, today=LATER, most=10)
    spoil(floor, "UPDATE report_moved SET other = other + 1000")
    assert report(floor, "average_cost", last=LATER, first=LATER) == right
    assert not floor.rows(UNTIL) and not floor.rows("SELECT * FROM report_moved")


def test_what_an_older_program_summed_up_is_not_read(floor: ShopFloor) -> None:
    books = floor.till.books
    fold_moved(books, today=LATER, most=10)
    for table in ("report_moved", "report_moved_until"):
        spoil(floor, f"UPDATE {table} SET form = 0")
    spoil(floor, "UPDATE report_moved SET came_value = 0")
    assert summed(floor, LATER) == plain(floor, LATER)
    fold_moved(books, today=LATER, most=10)
    assert summed(floor, LATER) == plain(floor, LATER)


def test_a_damaged_entry_is_red_and_no_fault_of_the_sums(floor: ShopFloor) -> None:
    fold_moved(floor.till.books, today=LATER, most=10)
    stood = floor.rows(UNTIL)
    spoil(floor, "UPDATE entry SET content = x'7b22' WHERE kind LIKE 'sale_completed%'")
    found = report(floor, "average_cost")
    assert not found.check.ok and found.check.against == "journal" and len(found.check.damaged) == 3
    assert floor.rows(UNTIL) == stood


def test_a_wrong_row_is_red_with_sums_as_well(floor: ShopFloor) -> None:
    fold_moved(floor.till.books, today=LATER, most=10)
    spoil(floor, "UPDATE movement SET quantity = quantity + 1000 WHERE reason = 'sold'")
    assert not report(floor, "average_cost").check.ok
    spoil(floor, "UPDATE on_hand SET quantity = quantity + 1000")
    found = report(floor, "average_cost")
    assert not found.check.ok and found.check.against == "movements"


def test_the_ledger_of_a_month_reads_the_sums_only_where_they_are_right(floor: ShopFloor) -> None:
    before = floor.ok("ledger", name="average_cost", to=LATER)["rows"]
    assert before
    fold_moved(floor.till.books, today=LATER, most=10)
    assert floor.ok("ledger", name="average_cost", to=LATER)["rows"] == before
    spoil(floor, "UPDATE report_moved SET other = other + 1000")
    assert floor.ok("ledger", name="average_cost", to=LATER)["rows"] == before
