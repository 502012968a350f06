"""A drawer counted, looked at, counted again, and by two: every count stands in the books."""

from typing import Any

import pytest

from app.errors import Refusal
from app.money import MAX_FEN
from app.sales.handover import handover
from app.shifts.actions import close_shift, count_drawer
from tests.stories.counters import AUDITOR, CASHIER, LEAD, ShopFloor

BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}


def printed(shop: ShopFloor) -> str:
    [paper] = shop.rows("SELECT paper FROM print_job WHERE kind = 'shift_report'")
    return str(paper[0])


def test_every_count_that_was_looked_at_stands(counter: ShopFloor) -> None:
    counter.sell("12001")
    first = counter.ok("count_drawer", counted="560.00")
    assert first == {
        "ok": True, "staff": "101", "expected": "568.00", "counted": "560.00",
        "difference": "-8.00",
    }  # fmt: skip
    second = counter.ok("count_drawer", counted={"100": 5, "50": 1, "10": 1, "5": 1}, **BY_LEAD)
    assert (second["staff"], second["counted"]) == ("201", "565.00")
    closed = counter.ok("close_shift", counted="565.00")
    assert closed["difference"] == "-3.00"
    rows = "SELECT person, counted, expected, verifies FROM drawer_count ORDER BY order_ms"
    assert counter.rows(rows) == [("101", 56000, 56800, 0), ("201", 56500, 56800, 1)]
    words = printed(counter)
    assert "点钞 工号 101" in words
    assert "复点 工号 201" in words
    assert "最后点钞" in words
    counter.verified()


def test_baskets_put_aside_go_on_to_the_next_turn(counter: ShopFloor) -> None:
    counter.ok("add", product="12001")
    counter.ok("hold", name="陈生")
    counter.ok("close_shift", counted="500.00")
    assert "挂单 1 张，移交下一班" in printed(counter)
    assert "陈生" not in printed(counter)


@pytest.mark.parametrize(
    ("yes", "code"),
    [
        ({"approver": CASHIER[0], "approver_pin": CASHIER[1]}, "approver_same"),
        ({"approver": AUDITOR[0], "approver_pin": AUDITOR[1]}, "approval_needed"),
        ({"approver": LEAD[0], "approver_pin": "000111"}, "wrong_pin"),
    ],
)
def test_a_second_count_is_a_second_persons_who_may(
    counter: ShopFloor, yes: dict[str, str], code: str
) -> None:
    assert counter.refused("count_drawer", counted="500.00", **yes) == code
    assert counter.rows("SELECT count(*) FROM drawer_count") == [(0,)]


def test_nothing_is_counted_that_is_no_amount_or_has_no_turn(counter: ShopFloor) -> None:
    books, shift = counter.till.books, counter.seat.desk.shift
    assert shift is not None
    wrong: list[Any] = [-1, MAX_FEN + 1]
    for amount in wrong:
        with pytest.raises(Refusal, match="bad_amount"):
            count_drawer(books, shift, "101", amount)
    close_shift(books, shift, "101", 50000)
    with pytest.raises(Refusal, match="shift_needed"):
        count_drawer(books, shift, "101", 50000)


def test_what_moved_the_drawer_adds_up_to_what_it_should_hold(counter: ShopFloor) -> None:
    number = counter.sell("12001")["receipt"]["number"]
    counter.sell("11014")
    counter.ok("cash_out", amount="50.00", reason="买冰袋", kind="expense", **BY_LEAD)
    counter.ok("cash_in", amount="10.00", reason="还零", **BY_LEAD)
    wrong = {"receipt": number, "from": "cash", "to": "card", "reason": "按错了"}
    counter.ok("correct_tender", **wrong, **BY_LEAD)
    counter.ok("add", product="11014")
    counter.ok("discount", line=1, percent="5", reason="熟客")
    counter.ok("hold")
    desk = counter.seat.desk
    assert desk.shift is not None
    seen = handover(desk, desk.shift)
    assert seen.cash == {
        "float": 50000,
        "sale": 10600,
        "cash_in": 1000,
        "cash_out": -5000,
        "corrected_from": -6800,
    }
    made = counter.ok("count_drawer", counted="498.00")
    assert sum(seen.cash.values()) == 49800
    assert made["difference"] == "0.00"
    assert seen.acts == {"cash_moved": 2, "tender_corrected": 1}
    assert len(seen.ends.held) == 1
    counter.ok("resume")
    counter.ok("pay", tender="cash")
    assert handover(desk, desk.shift).acts["line_discount"] == 1


def test_days_and_turns_begin_and_end_once(counter: ShopFloor) -> None:
    assert counter.refused("open_shift", **{"float": "100.00"}) == "shift_already_open"
    assert counter.refused("z_report", **BY_LEAD) == "shift_still_open"
    counter.ok("close_shift", counted="500.00")
    assert counter.refused("open_shift", **{"float": "20000.01"}) == "bad_amount"
    counter.ok("z_report", **BY_LEAD)
    assert counter.refused("z_report", **BY_LEAD) == "day_not_open"


def test_an_empty_drawer_counted_late_is_a_count(counter: ShopFloor) -> None:
    counter.ok("wait", seconds=20 * 3600)
    counter.sell("11014")
    assert counter.refused("count_shift", counted="0") == "reason_needed"
    assert counter.refused("count_shift", counted="0", reason=" ") == "reason_needed"
    # Whoever feels their way to the amount is seen: each try stands in the journal.
    tried = counter.rows("SELECT person, detail FROM presence WHERE what = 'refused'")
    assert tried == [(CASHIER[0], "count_drawer:reason_needed")] * 2
    late = counter.ok("count_shift", counted="0", reason="还不清楚")
    assert (late["counted"], late["difference"]) == ("0.00", "-500.00")
    assert counter.refused("count_shift", counted="0") == "nothing_uncounted"


def test_a_drawer_opened_without_a_sale_really_opens(counter: ShopFloor) -> None:
    pulses = counter.ok("peripherals")["drawer_pulses"]
    counter.ok("open_drawer", reason="换零", **BY_LEAD)
    assert counter.ok("peripherals")["drawer_pulses"] == pulses + 1


def test_every_way_into_the_drawer_has_its_word(counter: ShopFloor) -> None:
    counter.ok("money_leave", kind="deposit", amount="300.00", note="订单 7")
    counter.ok("cash_in", amount="20.00", reason="备用金", **BY_LEAD)
    counter.ok("cash_out", amount="5.00", reason="买水", **BY_LEAD)
    counter.ok("add", product="12001")
    counter.ok("pay", tender="room", code="8203 陈生")
    (tab,) = counter.ok("tabs")["tabs"]
    counter.ok("tab_settle", tab=tab["tab"], tender="cash", amount="60.00")
    counter.ok("tab_settle", tab=tab["tab"], tender="card", amount="8.00", code="A-1")
    rows = counter.rows("SELECT what, tender, taken, given FROM taking ORDER BY seq, tender")
    assert rows == [
        ("float", "cash", 500_00, 0),
        ("left", "cash", 300_00, 0),
        ("cash_in", "cash", 20_00, 0),
        ("cash_out", "cash", 0, 5_00),
        ("sale", "room", 68_00, 0),
        ("tab", "cash", 60_00, 0),
        ("tab", "room", 0, 60_00),
        ("tab", "card", 8_00, 0),
        ("tab", "room", 0, 8_00),
    ]
    acts = counter.rows("SELECT what FROM counter_act ORDER BY seq")
    assert [what for (what,) in acts] == ["money_left", "cash_moved", "cash_moved"]
    assert counter.ok("close_shift", counted="875.00")["difference"] == "0.00"
