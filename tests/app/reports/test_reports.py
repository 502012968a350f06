"""Reports: every figure is the sum of its receipts, and a sum that is wrong says so."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.money import parse_yuan, yuan
from app.reports import words
from app.reports.asking import Asked, asked
from app.reports.folding import fold
from app.reports.report import KINDS, answer, fitting, read
from app.reports.scope import Scope, names_of
from app.reports.sheet import Sheet
from sync.hub.tables import MEANING_TABLES
from tests.stories.counters import MANAGER, MakeShop, ShopFloor

ROLLS, EGGS, KIT = "11014", "13006", "12006"
TODAY = "2026-12-07"
SOLD = ("day", "month", "hour", "product", "category", "brand", "town", "three_origin", "tier",
        "channel", "cashier", "till", "fast", "margin")  # fmt: skip


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, demo_folder: Path) -> ShopFloor:
    """A day with sales in two hours, a discount, a refund and a loss; closed."""
    folder = tmp_path_factory.mktemp("day") / "shop"
    shutil.copytree(demo_folder, folder)
    shop = ShopFloor(folder, seed="told")
    shop.open_shift()
    shop.sell(ROLLS, EGGS)
    shop.clock.advance(3_600_000)
    shop.ok("add", product=ROLLS, quantity="3")
    shop.ok("discount", line=1, percent="5", reason="包装压坏")
    number = shop.ok("pay", tender="cash")["receipt"]["number"]
    shop.sign_in(MANAGER)
    shop.sell(EGGS)
    back = {"line": 1, "quantity": "1", "reason": "quality", "disposition": "scrap"}
    shop.ok("refund", receipt=number, lines=[back])
    shop.ok("adjust", lines=[{"product": EGGS, "quantity": "-2", "reason": "damaged"}])
    shop.close()
    return shop


def copied(day: ShopFloor, folder: Path) -> ShopFloor:
    shutil.copytree(day.folder, folder)
    shop = ShopFloor(folder, seed=folder.name)
    shop.clock.advance(day.clock.wall_ms() - shop.clock.wall_ms())
    shop.sign_in(MANAGER)
    return shop


@pytest.fixture(scope="module")
def told(day: ShopFloor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    """The day, for whoever only reads it."""
    shop = copied(day, tmp_path_factory.mktemp("read") / "told")
    yield shop
    shop.close()


@pytest.fixture
def floor(day: ShopFloor, tmp_path: Path) -> Iterator[ShopFloor]:
    """The day in a folder of its own, to go on with or to spoil."""
    shop = copied(day, tmp_path / "floor")
    yield shop
    shop.close()


def report(shop: ShopFloor, name: str, **more: str) -> Sheet:
    books = shop.till.books
    first = more.pop("first", TODAY)
    question = asked((books.shop,), first, more.pop("last", TODAY), **more)
    return answer(books, name, question, today=TODAY, margins=True)


def next_day(shop: ShopFloor, until: str) -> None:
    """The drawer is counted, the day closed, and another one begun."""
    held = shop.rows("SELECT sum(taken - given) FROM drawer_cash WHERE tender = 'cash'")
    shop.ok("close_shift", counted=yuan(held[0][0]))
    shop.ok("z_report")
    shop.ok("wait", until=until)
    shop.ok("open_shift", **{"float": "500.00"})


def spoil(shop: ShopFloor, sql: str) -> None:
    """Somebody with root changes the tables and not the journal."""
    writer = shop.till.books.database.writer
    writer.exec_driver_sql("BEGIN IMMEDIATE")
    assert writer.exec_driver_sql(sql).rowcount, sql
    writer.exec_driver_sql("COMMIT")


def test_every_report_has_a_name_in_the_shops_words() -> None:
    assert set(KINDS) == set(words.REPORTS) and set(KINDS) >= words.BOOK


@pytest.mark.parametrize("name", SOLD)
def test_every_row_is_the_sum_of_its_receipts(told: ShopFloor, name: str) -> None:
    answer = told.ok("report", name=name)
    assert answer["check"] == {"ok": True, "against": "journal"} and answer["rows"]
    for row in answer["rows"]:
        papers = told.ok("report", name=name, row=row["key"])["papers"]
        assert sum(parse_yuan(each["amount"]) for each in papers) == parse_yuan(row["net"])
    assert sum(parse_yuan(row["net"]) for row in answer["rows"]) == parse_yuan(
        answer["totals"]["net"]
    )


def test_a_day_reads_as_the_shop_knows_it(told: ShopFloor) -> None:
    day = told.ok("report", name="day")
    assert day["rows"][0]["sales"] == "3"
    z = told.ok("x_report")
    assert (day["totals"]["paid"], day["totals"]["back"]) == (z["gross"], z["refunds"])
    hours = told.ok("report", name="时段")["rows"]
    assert [(row["name"], row["sales"]) for row in hours] == [("14:00", "1"), ("15:00", "2")]
    people = {row["name"]: row["net"] for row in told.ok("report", name="cashier")["rows"]}
    assert people == z["cashiers"]


def test_what_goods_earn_is_their_lots_cost_and_the_tax_less(told: ShopFloor) -> None:
    rows = {row["product"]: row for row in told.ok("report", name="毛利")["rows"]}
    # Four boxes at 19.00 and one that came back; tax is frozen in the lines.
    assert (rows[ROLLS]["quantity"], rows[ROLLS]["cost"]) == ("3", "57.00")
    money = {name: parse_yuan(rows[ROLLS][name]) for name in ("net", "tax", "cost", "margin")}
    assert money["margin"] == money["net"] - money["tax"] - money["cost"]


def test_a_kit_costs_what_its_parts_cost(make_shop: MakeShop) -> None:
    shop = make_shop("kit")
    shop.open_shift()
    shop.sign_in(MANAGER)
    shop.ok("add", product=KIT, quantity="1")
    shop.ok("pay", tender="cash")
    (row,) = shop.ok("report", name="margin")["rows"]
    moved = shop.rows("SELECT sum(-quantity * unit_cost) FROM movement WHERE reason = 'sold'")
    assert parse_yuan(row["cost"]) * 10_000_000 == moved[0][0] > 0


def test_what_a_person_gave_away_and_did_is_told_by_person(told: ShopFloor) -> None:
    cuts = told.ok("report", name="促销效果")
    assert [(row["kind"], row["sales"]) for row in cuts["rows"]] == [("单品折扣", "1")]
    assert cuts["check"]["ok"]
    acts = {row["key"]: row for row in told.ok("report", name="异常")["rows"]}
    assert acts["101/line_discount"]["count"] == "1"
    assert acts["301/refund"]["count"] == "1"
    papers = told.ok("report", name="exceptions", row="101/line_discount")["papers"]
    assert [each["amount"] for each in papers] == [cuts["rows"][0]["cut"]]


def test_a_tender_put_right_goes_down_to_its_receipt_on_both_sides(floor: ShopFloor) -> None:
    number = floor.rows("SELECT number FROM sale ORDER BY sequence")[0][0]
    floor.ok("correct_tender", receipt=number, to="card", reason="按错了", **{"from": "cash"})
    found = floor.ok("report", name="tenders")
    assert {row["key"] for row in found["rows"]} == {"cash", "card"} and found["check"]["ok"]
    for row in found["rows"]:
        papers = floor.ok("report", name="tenders", row=row["key"])["papers"]
        assert sum(parse_yuan(each["amount"]) for each in papers) == parse_yuan(row["net"])


def test_losses_are_told_by_their_reason(told: ShopFloor) -> None:
    found = told.ok("report", name="损耗")
    assert {(row["product"], row["reason"], row["quantity"]) for row in found["rows"]} == {
        (ROLLS, "退货报损", "-1"), (EGGS, "报损", "-2"),
    }  # fmt: skip
    assert found["check"] == {"ok": True, "against": "journal"}


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        *((name, "UPDATE sale_line SET paid = paid + 1 WHERE line = 1") for name in SOLD[3:]),
        ("day", "UPDATE turnover SET gross = gross - 100 WHERE sales = 1"),
        ("hour", "UPDATE sale SET due = due + 5"),
        ("cashier", "UPDATE refund_line SET amount = amount * 2"),
        ("tenders", "UPDATE taking SET taken = taken + 1 WHERE what = 'sale'"),
        ("promotions", "DELETE FROM sale_reduction"),
        ("exceptions", "DELETE FROM counter_act WHERE what = 'refund'"),
        ("shrinkage", "UPDATE movement SET quantity = quantity - 1 WHERE reason = 'damaged'"),
        ("average_cost", "UPDATE movement SET quantity = quantity + 1000 WHERE reason = 'sold'"),
    ],
)  # fmt: skip
def test_a_sum_that_is_wrong_says_so(floor: ShopFloor, name: str, sql: str) -> None:
    assert report(floor, name).check.ok
    spoil(floor, sql)
    found = report(floor, name)
    assert not found.check.ok and found.check.ours != found.check.theirs


def test_a_lot_near_its_end_is_held_against_its_movements(make_shop: MakeShop) -> None:
    shop = make_shop("ending", stock=False)
    shop.open_shift()
    shop.sign_in(MANAGER)
    line = {"product": EGGS, "quantity": "6", "cost": "9.0000", "lot": "JJ1"}
    shop.ok("receive", lines=[line | {"made": "2026-11-20", "expires": "2026-12-09"}])
    (row,) = shop.ok("report", name="临期")["rows"]
    assert (row["batch"], row["left"], row["value"]) == ("JJ1", "2", "54.00")
    papers = shop.ok("report", name="near_expiry", row=row["key"])["papers"]
    assert [(each["what"], each["quantity"]) for each in papers] == [("收货", "6")]
    spoil(shop, "UPDATE on_hand SET quantity = quantity - 1000")
    assert not report(shop, "near_expiry").check.ok


def test_a_damaged_entry_leaves_nothing_of_its_day_sure(floor: ShopFloor) -> None:
    spoil(floor, "UPDATE entry SET content = x'7b22' WHERE kind LIKE 'sale_completed%'")
    assert not report(floor, "product").check.ok


def test_empty_days_and_days_with_refunds_alone_are_reports_too(floor: ShopFloor) -> None:
    quiet = report(floor, "product", first="2026-12-01", last="2026-12-03")
    assert quiet.check.ok and not quiet.lines and quiet.chart is None
    number = floor.rows("SELECT number FROM sale ORDER BY sequence")[0][0]
    next_day(floor, "2026-12-08T09:00:00+08:00")
    line = {"line": 1, "quantity": "1", "reason": "quality", "disposition": "shelf"}
    floor.ok("refund", receipt=number, lines=[line])
    (row,) = floor.ok("report", name="day")["rows"]
    assert (row["name"], row["sales"], row["each"], row["share"]) == ("2026-12-08", "0", "", "")
    assert parse_yuan(row["net"]) < 0 and floor.ok("report", name="month")["check"]["ok"]


def test_goods_below_nothing_do_not_stop_a_report(make_shop: MakeShop) -> None:
    shop = make_shop("below", stock=False)
    shop.open_shift()
    shop.sign_in(MANAGER)
    shop.sell(ROLLS)
    for name in words.REPORTS:
        assert shop.ok("report", name=name)["check"]["ok"], name


# --- Filters and comparisons ------------------------------------------------------------------


def test_a_report_can_be_narrowed_down(told: ShopFloor) -> None:
    one = told.ok("report", name="channel", product=EGGS)
    rows = {row["product"]: row["net"] for row in told.ok("report", name="product")["rows"]}
    assert one["totals"]["net"] == rows[EGGS] and one["check"]["ok"]
    assert told.ok("report", name="product", category="1")["rows"]
    assert told.ok("report", name="product", category="3")["rows"] == []
    assert told.ok("report", name="hour", town="马冈")["rows"]
    assert told.refused("report", name="tenders", product=EGGS) == "report_filter"
    assert told.refused("report", name="销量") == "report_unknown"
    assert told.refused("report", name="day", **{"from": "2026-12-08", "to": TODAY}) == (
        "report_range"
    )
    assert told.refused("report", name="day", to="2026-13-01") == "bad_date"


def test_a_filter_of_goods_still_finds_a_wrong_sum(floor: ShopFloor) -> None:
    spoil(floor, f"UPDATE sale_line SET paid = paid + 1 WHERE product = '{EGGS}'")
    assert not report(floor, "channel", product=EGGS).check.ok


def test_a_range_is_compared_with_the_same_weekdays_or_the_same_dates() -> None:
    def before(first: str, last: str, compare: str) -> tuple[str, str]:
        found = Asked(shops=("KP01",), first=first, last=last, compare=compare).before()
        assert found is not None
        return found.first, found.last

    assert before("2026-12-07", "2026-12-07", "week") == ("2026-11-30", "2026-11-30")
    assert before("2026-12-01", "2026-12-10", "week") == ("2026-11-17", "2026-11-26")
    assert before("2028-02-29", "2028-02-29", "year") == ("2027-02-28", "2027-02-28")
    was = date.fromisoformat(before("2026-12-01", "2026-12-10", "week")[0])
    assert was.weekday() == date(2026, 12, 1).weekday()


def test_last_week_stands_beside_this_week(floor: ShopFloor) -> None:
    before = report(floor, "product").totals["net"]
    next_day(floor, "2026-12-14T14:00:00+08:00")
    floor.sell(ROLLS)
    found = floor.ok("report", name="product", compare="week")
    rows = {row["product"]: row for row in found["rows"]}
    assert found["compared"] == [TODAY, TODAY]
    assert rows[EGGS]["net"] == "0.00" and rows[EGGS]["change"] == "-100.0"
    assert sum(parse_yuan(row["before"]) for row in found["rows"]) == before
    (month,) = floor.ok("report", name="month", compare="week")["rows"]
    assert parse_yuan(month["before"]) == before
    index = floor.ok("report", name="价格指数")["rows"]
    # A box was 38.00 less what was taken off the first time.
    goose = next(row for row in index if row["key"] == "1.1")
    assert parse_yuan(goose["index"]) > 100_00


# --- Days summed up once ----------------------------------------------------------------------

LONG = {"first": "2026-11-20", "last": TODAY}


def test_days_summed_up_say_the_same_as_their_rows(floor: ShopFloor) -> None:
    plain = {name: report(floor, name, **LONG) for name in SOLD}
    assert fold(floor.till.books, [TODAY]) == 1
    for name in SOLD:
        assert report(floor, name, **LONG) == plain[name], name
    assert floor.rows("SELECT count(*) FROM report_line")[0][0]
    narrowed = report(floor, "product", **LONG, channel="C13", category="1.1")
    assert narrowed.check.ok and {line.key for line in narrowed.lines} == {ROLLS}


def test_a_day_another_sale_came_to_is_read_from_its_rows_again(floor: ShopFloor) -> None:
    fold(floor.till.books, [TODAY])
    floor.sell(EGGS)
    found = report(floor, "product", **LONG)
    assert found.check.ok and found.totals == report(floor, "product").totals
    # It was not read from the old sums and put right afterwards: then they would be gone.
    assert floor.rows("SELECT count(*) FROM report_day") == [(1,)]


def test_wrong_sums_of_a_day_are_dropped_and_the_rows_are_read(floor: ShopFloor) -> None:
    right = report(floor, "product", **LONG)
    fold(floor.till.books, [TODAY])
    spoil(floor, "UPDATE report_line SET paid = paid + 1")
    assert report(floor, "product", **LONG) == right
    assert floor.rows("SELECT count(*) FROM report_line") == [(0,)]


# --- Somebody else's tables -------------------------------------------------------------------


def test_the_same_statements_run_over_a_hubs_tables(told: ShopFloor) -> None:
    books = told.till.books
    for name in KINDS:
        question = fitting(name, asked((books.shop, "KP02"), TODAY, TODAY))
        with books.read() as db:
            scope = Scope(db, question, tables=MEANING_TABLES, names=names_of(db, books.shop))
            found = read(name, scope)
        assert found.check.ok, name
        ours = [line.values for line in report(told, name).lines]
        assert [line.values for line in found.lines] == ours, name
