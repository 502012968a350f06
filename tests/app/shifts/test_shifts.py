"""Days, shifts and cash: X and Z are one function, and a Z counts everything exactly once."""

import itertools

import msgspec
import pytest

from app.errors import Refusal, Trouble
from app.own_journals import open_next_journal
from app.print_queue import PrintQueue
from app.shifts import actions, queries
from printers.layout import lay_out
from printers.plain import plain_rows
from tests.stories.counters import LEAD, ShopFloor


def day_and_shifts(shop: ShopFloor) -> tuple[str, str]:
    """(open business day, open shift) as the tables say."""
    books = shop.till.books
    with books.read() as db:
        shift = queries.open_shift(db, books.shop, books.till)
        return queries.open_day(db, books.shop, books.till), shift.shift if shift else ""


def closed_day(shop: ShopFloor, counted: str = "0") -> dict[str, object]:
    """Close shift and day; the Z."""
    shop.ok("close_shift", counted=counted)
    return shop.ok("z_report", approver=LEAD[0], approver_pin=LEAD[1])


def test_x_and_z_say_the_same(counter: ShopFloor) -> None:
    for code in ("11014", "12003", "99001"):
        counter.sell(code)
    counter.ok("scan", code="11014")
    counter.ok("cancel_basket", reason="不要了")
    counter.ok("close_shift", counted="666.50")
    x = counter.ok("x_report")
    z = counter.ok("z_report", approver=LEAD[0], approver_pin=LEAD[1])
    different = {name for name in z if x[name] != z[name]}
    assert different <= {"to_seq"}
    assert z["gross"] == "166.50" and z["acts"] == {"basket_cancelled": 1}


def test_every_sale_stands_in_exactly_one_z(counter: ShopFloor) -> None:
    total = 0
    for part in range(1, 4):
        if part > 1:
            counter.ok("open_shift")
        for _ in range(part):
            counter.sell("11014")
        total += part * 3800
        z = closed_day(counter)
        assert z["sales"] == part
    rows = counter.rows("SELECT from_seq, to_seq, gross, grand_total FROM day_closed ORDER BY part")
    assert [row[2] for row in rows] == [3800, 7600, 11400] and rows[-1][3] == total
    assert rows[0][0] == 1
    for before, after in itertools.pairwise(rows):
        assert after[0] == before[1] + 1
    counter.verified()


def test_a_till_given_a_new_journal_at_noon_owes_its_morning_to_the_evenings_z(
    counter: ShopFloor,
) -> None:
    counter.sell("12003")
    counter.ok("wait", seconds=60)
    open_next_journal(counter.till.books, reason="rekeyed", staff="101")
    assert day_and_shifts(counter)[0] == "2026-12-07"
    counter.sell("11014")
    assert counter.ok("x_report")["gross"] == "166.00"
    assert closed_day(counter)["gross"] == "166.00"
    assert day_and_shifts(counter) == ("", "")
    counter.ok("open_shift")
    counter.sell("11014")
    assert closed_day(counter)["gross"] == "38.00"
    counter.verified()


def test_a_day_opened_in_one_journal_and_closed_in_the_next_is_closed(counter: ShopFloor) -> None:
    open_next_journal(counter.till.books, reason="rekeyed", staff="101")
    closed_day(counter)
    assert day_and_shifts(counter) == ("", "")
    assert counter.ok("open_shift")["day"] == "2026-12-07"


def test_a_shift_is_closed_once_whoever_presses_twice(counter: ShopFloor) -> None:
    desk, books = counter.till.counter.desk, counter.till.books
    shift = desk.shift
    assert shift is not None
    actions.close_shift(books, shift, "101", 0)
    with pytest.raises(Refusal, match="shift_needed"):
        actions.close_shift(books, shift, "101", 0)
    assert counter.kinds().count("shift_closed") == 1


@pytest.mark.parametrize("float_", ["-1", "20000.01", "999999999", "1.001", "abc"])
def test_a_float_that_is_a_slip_is_refused(shop: ShopFloor, float_: str) -> None:
    shop.sign_in()
    assert shop.refused("open_shift", **{"float": float_}) == "bad_amount"
    assert day_and_shifts(shop) == ("", "")


def test_counted_notes_add_up_however_their_faces_are_written(counter: ShopFloor) -> None:
    counted = {"100": 4, "1": 50, "1.00": 49, "0.5": 2}
    closed = counter.ok("close_shift", counted=counted)
    assert (closed["counted"], closed["difference"]) == ("500.00", "0.00")
    fact = counter.rows("SELECT CAST(content AS TEXT) FROM entry WHERE kind LIKE 'shift_closed%'")
    notes = msgspec.json.decode(fact[0][0])["notes"]
    assert notes == [
        {"face": 10000, "count": 4},
        {"face": 100, "count": 99},
        {"face": 50, "count": 2},
    ]


@pytest.mark.parametrize(
    "counted", [{"100": -1}, {"-100": 1}, {"0": 5}, {"100": 10**7}, {"x": 1}, "-5", "1e4"]
)
def test_a_count_that_is_no_count_is_refused(counter: ShopFloor, counted: object) -> None:
    assert counter.refused("close_shift", counted=counted) == "bad_amount"
    assert day_and_shifts(counter)[1]


def test_a_full_disk_still_lets_people_count_and_close(
    counter: ShopFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = counter.till.counter.desk
    honest, asked = actions.close_shift, []

    def full_once(*values: object, **named: object) -> object:
        if not asked:
            raise Trouble("disk_full")
        return honest(*values, **named)

    monkeypatch.setattr(actions, "close_shift", full_once)
    with pytest.raises(Trouble, match="disk_full"):
        desk.close_shift(50_000)
    desk.make_room = lambda: asked.append(1) or True
    assert desk.close_shift(50_000).counted == 50_000
    assert asked == [1]


def test_the_papers_of_a_demo_day_say_so_and_hold_their_figures(counter: ShopFloor) -> None:
    counter.ok("fault", what="unplugged")
    counter.sell("12003")
    counter.ok("cash_out", amount="50", reason="存银行", approver=LEAD[0], approver_pin=LEAD[1])
    counter.ok("close_shift", counted={"100": 5, "50": 1, "10": 2})
    counter.ok("z_report", approver=LEAD[0], approver_pin=LEAD[1])
    papers = {
        job.kind: "\n".join(plain_rows(lay_out(job.paper, 48)))
        for job in PrintQueue(counter.till.books).open_jobs()
    }
    assert set(papers) >= {"receipt", "cash_slip", "shift_report", "z_report"}
    assert all("演示" in text for text in papers.values())
    shift = papers["shift_report"]
    assert "570.00" in shift and "578.00" in shift and "短款" in shift and "100.00 × 5" in shift
    z = papers["z_report"]
    assert "128.00" in z and "累计净额" in z and "链头" in z


def test_a_drawer_holds_float_and_cash_and_nothing_else(counter: ShopFloor) -> None:
    counter.sell("11014", cash="100")
    counter.sell("2111004218778")
    books = counter.till.books
    with books.read() as db:
        shift = queries.open_shift(db, books.shop, books.till)
        assert shift is not None
        assert (
            queries.expected_cash(db, books.shop, books.till, shift.shift) == 50000 + 3800 + 21870
        )
        (cash,) = queries.tender_totals(db, books.shop, books.till, shift.shift)
    assert (cash.tender, cash.taken, cash.given, cash.count) == ("cash", 25670, 0, 2)
