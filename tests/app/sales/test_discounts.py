"""How far each role may lower prices, and what was decided before: to the fen."""

import msgspec
import pytest

from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.sales import Approval
from app.pricing.rules import NONE, Discount, Points
from app.sales.basket import Basket, priced, with_line, with_override, without_line
from app.sales.discounts import approved, below_floor, changed, may_remove, role_for, within


def basket(*goods: tuple[int, int], weighed: int = 0) -> Basket:
    """Lines of (price in fen, quantity in thousandths)."""
    made = Basket(id="b", opened_ms=0)
    for n, (price, quantity) in enumerate(goods, 1):
        one = Product(code=f"P{n}", name=f"货{n}", unit="件", price=price, weighed=weighed)
        made, _ = with_line(made, one, quantity)
    return made


def off(made: Basket, fen: int, line: int = 1) -> Basket:
    return changed(made, line, None, Discount(amount=fen), "熟客")


ONE = basket((100_00, 1000))


@pytest.mark.parametrize(("role", "most"), [("cashier", 5_01), ("lead", 10_01), ("manager", 30_01)])
def test_each_role_has_its_share_and_a_fen_for_rounding(role: str, most: int) -> None:
    assert within(off(ONE, most), role)
    assert not within(off(ONE, most + 1), role)
    assert role_for(off(ONE, most)) == role


def test_above_every_role_it_is_head_offices_and_others_may_nothing() -> None:
    assert role_for(off(ONE, 30_02)) == "head_office"
    assert role_for(ONE) == "cashier"
    for nobody in ("auditor", "head_office", ""):
        assert not within(ONE, nobody)


def test_of_many_pieces_every_second_one_may_have_been_rounded() -> None:
    four = basket((100_00, 4000))
    assert within(off(four, 20_03), "cashier")
    assert not within(off(four, 20_04), "cashier")


def test_a_new_price_and_both_discounts_count_together() -> None:
    made = with_override(ONE, 1, 98_00, "磕碰")
    made = changed(made, 1, None, Discount(permille=20), "熟客")
    made = changed(made, 0, None, Discount(amount=1_04), "抹")
    # 2.00, 1.96 and 1.04 of 100.00.
    assert priced(made).due == 95_00
    assert within(made, "cashier")
    assert not within(changed(made, 0, None, Discount(amount=1_06), "抹"), "cashier")


def test_what_was_allowed_before_stands_and_goes_no_deeper() -> None:
    before = off(ONE, 10_00)
    assert not within(before, "cashier")
    assert within(before, "cashier", before)
    assert within(off(ONE, 10_01), "cashier", before)
    assert not within(off(ONE, 10_02), "cashier", before)
    # Another line's depth allows nothing here.
    two = basket((100_00, 1000), (100_00, 1000))
    assert not within(off(off(two, 10_00), 10_00, line=2), "cashier", off(two, 10_00))


def test_fewer_goods_under_the_same_amount_off_are_deeper() -> None:
    two = changed(basket((100_00, 1000), (100_00, 1000)), 0, None, Discount(amount=10_00), "抹")
    assert within(two, "cashier")
    assert not within(without_line(two, 2), "cashier", two)


def test_points_are_the_members_and_nobodys_decision() -> None:
    with_points = msgspec.structs.replace(
        off(ONE, 5_01), member="m", points=Points(points=5000, hundred=100)
    )
    assert priced(with_points).due == 44_99
    assert within(with_points, "cashier")
    assert below_floor(with_points, ONE, {1: 94_00}) == ""


# --- floors ------------------------------------------------------------------------------------


def test_the_floor_is_reached_but_not_passed() -> None:
    assert below_floor(off(ONE, 5_00), ONE, {1: 95_00}) == ""
    assert below_floor(off(ONE, 5_01), ONE, {1: 95_00}) == "货1"


def test_goods_without_a_floor_may_be_given_away() -> None:
    assert below_floor(with_override(ONE, 1, 0, "赠"), ONE, {}) == ""


def test_a_floor_is_for_a_person_not_for_a_price() -> None:
    assert below_floor(ONE, ONE, {1: 120_00}) == ""


def test_of_several_lines_the_one_below_is_named() -> None:
    two = basket((100_00, 1000), (100_00, 2000))
    low = off(off(two, 1_00), 20_00, line=2)
    assert below_floor(low, two, {1: 99_00, 2: 90_00}) == ""
    assert below_floor(low, two, {1: 99_00, 2: 90_01}) == "货2"


def test_a_floor_of_weighed_goods_is_by_the_kilogram() -> None:
    greens = basket((100_00, 500), weighed=1)
    assert below_floor(off(greens, 5_00), greens, {1: 90_00}) == ""
    assert below_floor(off(greens, 5_01), greens, {1: 90_00}) == "货1"


def test_what_stood_as_low_before_was_decided_then() -> None:
    low = off(ONE, 20_00)
    assert below_floor(low, low, {1: 95_00}) == ""
    assert below_floor(off(ONE, 20_01), low, {1: 95_00}) == "货1"
    # The same price for more of it is no other decision; goods that were not there are one.
    before = changed(basket((100_00, 1000)), 1, 80_00, NONE, "磕碰")
    more = changed(basket((100_00, 3000)), 1, 80_00, NONE, "磕碰")
    assert below_floor(more, before, {1: 95_00}) == ""
    assert below_floor(low, basket(), {1: 95_00}) == "货1"


# --- what is asked -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("price", "discount", "reason", "code"),
    [
        (None, Discount(amount=1), "", "reason_needed"),
        (-1, NONE, "熟客", "bad_amount"),
        (None, Discount(amount=-1), "熟客", "bad_discount"),
        (None, Discount(permille=1000), "熟客", "bad_discount"),
        (None, Discount(permille=-1), "熟客", "bad_discount"),
    ],
)
def test_what_makes_no_sense_is_refused(
    price: int | None, discount: Discount, reason: str, code: str
) -> None:
    with pytest.raises(Refusal, match=code) as refused:
        changed(ONE, 1, price, discount, reason)
    if code != "reason_needed":
        assert refused.value.details == {"text": ""}


def test_the_edges_of_sense_are_taken_and_keep_their_reason() -> None:
    assert priced(changed(ONE, 1, 0, NONE, "赠")).due == 0
    nearly = changed(ONE, 1, None, Discount(permille=999), "赠")
    assert (priced(nearly).due, nearly.lines[0].discount) == (
        10,
        Discount(permille=999, reason="赠"),
    )
    assert priced(changed(nearly, 1, None, NONE, "不打折")).due == 100_00


@pytest.mark.parametrize(("role", "most"), [("cashier", 3), ("lead", 20)])
def test_so_many_lines_of_one_basket_each_role_takes_out(role: str, most: int) -> None:
    assert may_remove(msgspec.structs.replace(ONE, removed=most - 1), role)
    assert not may_remove(msgspec.structs.replace(ONE, removed=most), role)


def test_a_manager_takes_out_any_number_and_an_auditor_none() -> None:
    assert may_remove(msgspec.structs.replace(ONE, removed=10_000), "manager")
    assert not may_remove(ONE, "auditor")


def test_a_yes_stands_behind_those_before_it() -> None:
    twice = approved(approved(ONE, "201", "discount", "熟客"), "301", "override")
    assert twice.approvals == (
        Approval(person="201", action="discount", reason="熟客"),
        Approval(person="301", action="override"),
    )
