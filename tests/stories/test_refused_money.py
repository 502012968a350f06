"""What the counter says no to about money, and that nothing has moved when it did."""

import msgspec
import pytest

from app.errors import Refusal
from app.pricing.rules import WHOLE, Discount
from app.sales.basket import Basket, with_line
from app.sales.refund_lines import Loose, refund_line
from app.sales.refund_queries import Refunded
from app.sales.refund_rules import Back
from app.shifts import actions as shifts
from app.shifts import days
from app.shifts.queries import Difference
from app.staff.rules import Approver
from tests.stories.counters import LEAD, MANAGER, ShopFloor

MANAGERS_YES = Approver(*MANAGER)
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}
BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
BAG, TEA, GREENS = "99001", "12001", "16009"


def facts(counter: ShopFloor) -> int:
    return len(counter.kinds())


# --- goods that come back ---


def test_a_manager_overrules_the_return_rule_and_the_refund_says_so(counter: ShopFloor) -> None:
    counter.ok("add", product=GREENS, quantity="0.500")
    number = counter.ok("pay", tender="cash")["receipt"]["number"]
    greens = {"line": 1, "reason": "no_longer_wanted"}
    assert counter.refused("refund", receipt=number, lines=[greens]) == "return_policy"
    assert counter.refused("refund", receipt=number, lines=[greens], **BY_LEAD) == "return_policy"
    back = [Back(1, 500, "no_longer_wanted", "shelf")]
    done = counter.till.counter.refunds.refund(number, back, MANAGERS_YES)
    approved = [(each.person, each.action, each.reason) for each in done.refund.approvals]
    assert approved == [("301", "return_policy", "no_longer_wanted")]
    counter.verified()


def test_no_line_of_the_receipt_no_refund(counter: ShopFloor) -> None:
    number = counter.sell("11014")["receipt"]["number"]
    before = facts(counter)
    refunds = counter.till.counter.refunds
    receipt = refunds.look(number).receipt
    with pytest.raises(Refusal, match="no_such_line"):
        refund_line(receipt, Refunded({}, {}), 1, Back(2, 1000, "quality", "shelf"))
    with pytest.raises(Refusal, match="no_such_line"):
        refunds.refund(number, [Back(2, 1000, "quality", "shelf")], MANAGERS_YES)
    for wrong, code in (
        (Loose("99999", 1000, 100, "quality", "scrap"), "unknown_code"),
        (Loose("11014", 1000, 38_01, "quality", "scrap"), "price_above_tag"),
        (Loose("11014", 1000, -1, "quality", "scrap"), "price_above_tag"),
        (Loose("11014", 0, 100, "quality", "scrap"), "bad_quantity"),
        (Loose("11014", 1500, 100, "quality", "scrap"), "fraction_of_unit"),
        (Loose("11014", 1000, 100, "moody", "scrap"), "bad_reason"),
        (Loose("11014", 1000, 100, "quality", "river"), "bad_disposition"),
    ):
        with pytest.raises(Refusal, match=code):
            refunds.without_receipt([wrong], MANAGERS_YES)
    with pytest.raises(Refusal, match="basket_empty"):
        refunds.without_receipt([], MANAGERS_YES)
    assert facts(counter) == before
    # At the tag's price, and for nothing, goods may come back.
    for price in (38_00, 0):
        done = refunds.without_receipt(
            [Loose("11014", 1000, price, "quality", "scrap")], MANAGERS_YES
        )
        assert done.refund.amount == price
        (line,) = done.refund.lines
        # Tea bears 13 %, and nobody knows which lot it was from.
        assert (line.tax, line.tax_rate) == (price * 13 // 113, 13)
        assert [(lot.known, lot.lot, lot.quantity) for lot in line.lots] == [("none", "", 1000)]
    counter.verified()


# --- prices ---


def test_a_bag_is_never_cheaper_and_no_discount_is_all_or_nothing(counter: ShopFloor) -> None:
    counter.ok("scan", code=BAG)
    counter.ok("scan", code="11014")
    cheaper = {"line": 1, "price": "0.10", "reason": "老顾客", **BY_MANAGER}
    assert counter.refused("override_price", **cheaper) == "not_reducible"
    percent = {"line": 1, "percent": "5", "reason": "老顾客", **BY_MANAGER}
    assert counter.refused("discount", **percent) == "not_reducible"
    assert counter.refused("override_price", line=2, price="-1", reason="x") == "bad_amount"
    till_counter = counter.till.counter
    for discount in (Discount(permille=WHOLE), Discount(permille=-1), Discount(amount=-1)):
        with pytest.raises(Refusal, match="bad_discount"):
            till_counter.reduce(2, discount=discount, reason="x", approver=MANAGERS_YES)
    assert counter.refused("discount", line=2, percent="5") == "reason_needed"
    # The tag's own price on a bag changes nothing, so nobody minds.
    counter.ok("override_price", line=1, price="0.50", reason="照价")
    assert counter.ok("basket")["basket"]["due"] == "38.50"


def test_a_basket_is_full_before_it_is_too_long_to_read(counter: ShopFloor) -> None:
    tea = counter.till.counter.product(TEA)
    basket, _ = with_line(Basket(id="b", opened_ms=0), tea, 1000, serial="1")
    full = msgspec.structs.replace(basket, lines=basket.lines * 298)
    grown, _ = with_line(full, tea, 1000, serial="2")
    assert len(grown.lines) == 299
    with pytest.raises(Refusal, match="basket_full"):
        with_line(grown, tea, 1000, serial="3")


# --- the drawer ---


def test_cash_by_hand_has_an_amount_a_reason_and_a_purpose(counter: ShopFloor) -> None:
    before = facts(counter)
    for what, more in (
        ("bad_amount", {"amount": "0", "reason": "换零钱"}),
        ("reason_needed", {"amount": "5", "reason": " "}),
        ("bad_cash_kind", {"amount": "5", "reason": "x", "kind": "holiday"}),
        ("bad_cash_kind", {"amount": "5", "reason": "x", "kind": "expense"}),
        ("bad_cash_kind", {"amount": "5", "reason": "x", "kind": "drop"}),
    ):
        assert counter.refused("cash_in", **more, **BY_LEAD) == what
    assert facts(counter) == before
    desk = counter.till.counter.desk
    for amount in (0, shifts.MAX_FEN + 1, -shifts.MAX_FEN - 1):
        with pytest.raises(Refusal, match="bad_amount"):
            desk.move_cash(amount, "换零钱", Approver(*LEAD))
    assert facts(counter) == before
    counter.ok("cash_out", amount="5", reason="买水", kind="expense", **BY_LEAD)
    counter.ok("cash_in", amount="20", reason="备用金", kind="float", **BY_LEAD)
    assert counter.ok("close_shift", counted="515.00")["difference"] == "0.00"


def test_a_late_count_is_a_count_and_of_a_turn_that_waits(counter: ShopFloor) -> None:
    counter.ok("wait", seconds=20 * 3600)
    counter.sell("11014")
    desk = counter.till.counter.desk
    for counted in (-1, shifts.MAX_FEN + 1):
        with pytest.raises(Refusal, match="bad_amount"):
            desk.count_shift(counted)
    with pytest.raises(Refusal, match="nothing_uncounted"):
        desk.count_shift(500_00, shift="another")
    assert counter.ok("count_shift", counted="500.00")["difference"] == "0.00"
    assert counter.refused("count_shift", counted="500.00") == "nothing_uncounted"


def test_a_turn_or_a_difference_somebody_else_settled_meanwhile(counter: ShopFloor) -> None:
    desk = counter.till.counter.desk
    shift = desk.in_shift()
    books = counter.till.books
    counter.ok("close_shift", counted="0")
    for again in (
        lambda: days.part_shift(books, shift, "101", "2026-12-08"),
        lambda: shifts.close_shift(books, shift, "101", 0),
    ):
        with pytest.raises(Refusal, match="shift_needed"):
            again()
    settled = Difference(shift.shift, "1", shift.day, "101", 7, 0)
    with pytest.raises(Refusal, match="unknown_task"):
        shifts.confirm_difference(books, "301", settled)


# --- money customers leave ---


def test_money_left_goes_back_or_is_kept_for_a_reason(counter: ShopFloor) -> None:
    earnest = counter.ok("money_leave", kind="earnest", amount="20", contract="100")["account"]
    account = {"account": earnest["account"]}
    assert counter.refused("money_return", **account, **BY_MANAGER) == "reason_needed"
    kept = {**account, "amount": "5", **BY_MANAGER}
    assert counter.refused("money_keep", **kept, reason="") == "reason_needed"
    assert counter.refused("money_keep", **kept | {"amount": "0"}, reason="违约") == "bad_amount"
    after = counter.ok("money_keep", **kept, reason="违约")["account"]
    assert after["balance"] == "15.00"
    counter.ok("money_return", **account, reason="店里没货", **BY_MANAGER)
    # What was kept stays in the drawer.
    assert counter.ok("close_shift", counted="505.00")["difference"] == "0.00"
    counter.verified()
