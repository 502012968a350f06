"""The open basket without a shop around it: what counts, what is refused, what stays to the fen."""

import msgspec
import pytest

from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.pricing import Promotion
from app.facts.sales import RefundLine
from app.pricing.rules import Discount
from app.sales.basket import (
    MOST_LINES,
    Basket,
    Handed,
    Line,
    Question,
    find_line,
    next_revision,
    priced,
    since,
    valid_for,
    with_discount,
    with_line,
    with_override,
    with_quantity,
)
from app.sales.exchange import Exchange
from app.sales.frozen import frozen_lines
from tests.support.rare_facts import came_back

EMPTY = Basket(id="b", opened_ms=7)
CAKE = Product(code="C", name="饼", unit="盒", price=10_06)
MILK = Product(code="M", name="奶", unit="瓶", price=8_00, deposit=2_00)
GREENS = Product(code="G", name="菜", unit="kg", price=11_60, weighed=1)
BAG = Product(code="B", name="袋", unit="个", price=50, reducible=0)
BACK: RefundLine = msgspec.structs.replace(
    came_back({"shop": "KP01", "till": "1", "day": "2026-12-07", "shift": "s"}).lines[0],
    amount=3_00,
)
OLD = Exchange(sale="s", receipt="KP01", lines=(BACK,))


def of(*goods: tuple[Product, int]) -> Basket:
    made = EMPTY
    for product, quantity in goods:
        made, _ = with_line(made, product, quantity)
    return made


def test_goods_a_question_or_old_goods_begin_a_basket() -> None:
    assert EMPTY.begun is False
    asked = msgspec.structs.replace(EMPTY, question=Question(question="age", product=CAKE))
    old = msgspec.structs.replace(EMPTY, exchange=OLD)
    for begun in (of((CAKE, 1000)), asked, old):
        assert begun.begun is True
    assert (EMPTY.worth_back, old.worth_back) == (0, 3_00)


def test_people_count_pieces_a_weighing_is_one_and_a_deposit_none() -> None:
    assert of((CAKE, 3000), (GREENS, 2500), (MILK, 2000)).pieces == 3 + 1 + 2


def test_a_line_was_promised_its_price_when_it_was_added_or_the_basket_opened() -> None:
    later = msgspec.structs.replace(EMPTY, priced_ms=50)
    made, _ = with_line(later, CAKE, 1000)
    assert since(made, made.lines[0]) == 50
    assert since(of((CAKE, 1000)), of((CAKE, 1000)).lines[0]) == 7


def test_what_came_without_more_words_is_a_scan_at_the_tags_price() -> None:
    line = Line(line=1, product=CAKE, quantity=1000)
    assert (line.source, line.label_amount, line.override, line.deposit_of) == ("scan", -1, -1, 0)
    assert (line.label_weight, line.added_ms, line.weighed) == (False, 0, False)
    assert Line(line=1, product=GREENS, quantity=1000).weighed is True
    asked = Question(question="age", product=CAKE)
    assert (asked.quantity, asked.label_amount, asked.source) == (1000, -1, "scan")
    assert asked.label_weight is False
    new = Basket(id="b", opened_ms=0)
    assert (new.revision, new.next_line, new.removed, new.priced_ms) == (0, 1, 0, 0)
    assert new.cash_chosen is False
    assert Handed(tender="cash", amount=1, tendered=1).change == 0
    made, number = with_line(new, CAKE, 1000)
    assert (number, made.lines[0].source, made.lines[0].label_amount) == (1, "scan", -1)


def test_each_change_is_the_next_draft() -> None:
    assert next_revision(next_revision(EMPTY)).revision == 2


def test_a_line_nobody_sees_is_none() -> None:
    with pytest.raises(Refusal, match="no_such_line") as refused:
        find_line(of((CAKE, 1000)), 2)
    assert refused.value.details == {"line": 2}


def test_a_part_of_a_piece_or_nothing_is_no_quantity() -> None:
    for quantity, code in ((1500, "fraction_of_unit"), (0, "bad_quantity")):
        with pytest.raises(Refusal, match=code):
            with_line(EMPTY, CAKE, quantity)
        with pytest.raises(Refusal, match=code):
            with_quantity(of((CAKE, 1000)), 1, quantity)
    assert with_quantity(of((GREENS, 1000)), 1, 1_234).lines[0].quantity == 1_234


def test_a_basket_is_full_with_room_for_a_deposit() -> None:
    line = Line(line=1, product=CAKE, quantity=1000)
    full = msgspec.structs.replace(EMPTY, lines=(line,) * (MOST_LINES - 2))
    made, _ = with_line(full, MILK, 1000)
    assert len(made.lines) == MOST_LINES == 300
    fuller = msgspec.structs.replace(EMPTY, lines=(line,) * (MOST_LINES - 1))
    with pytest.raises(Refusal, match="basket_full") as refused:
        with_line(fuller, GREENS, 1000)
    assert refused.value.details == {"most": 300}


def test_a_deposit_says_where_it_came_from_and_follows_its_goods_alone() -> None:
    made = of((MILK, 1000), (CAKE, 1000))
    milk, deposit, _cake = made.lines
    assert (deposit.source, deposit.deposit_of, deposit.price) == ("deposit", milk.line, 2_00)
    assert [line.quantity for line in with_quantity(made, 1, 4000).lines] == [4000, 4000, 1000]
    # Another price or a discount is the goods' alone.
    lower = with_override(made, 1, 7_00, "磕碰")
    assert [line.override for line in lower.lines] == [7_00, -1, -1]
    with pytest.raises(Refusal, match="label_decides"):
        with_quantity(made, deposit.line, 2000)


def test_a_label_that_says_nothing_is_owed_stands_alone_and_decides() -> None:
    given, _ = with_line(EMPTY, CAKE, 1000, label_amount=0)
    again, number = with_line(given, CAKE, 1000, label_amount=0)
    assert (len(again.lines), number) == (2, 2)
    beside, _ = with_line(given, CAKE, 1000)
    assert len(beside.lines) == 2
    with pytest.raises(Refusal, match="label_decides"):
        with_quantity(given, 1, 2000)
    one_fen, _ = with_line(EMPTY, CAKE, 1000, label_amount=1)
    with pytest.raises(Refusal, match="label_decides"):
        with_quantity(one_fen, 1, 2000)


def test_nobody_charges_more_than_the_tag_and_a_bag_costs_what_it_costs() -> None:
    made = of((CAKE, 1000), (BAG, 1000))
    assert with_override(made, 1, 10_06, "标价").lines[0].override == 10_06
    with pytest.raises(Refusal, match="price_above_tag") as dear:
        with_override(made, 1, 10_07, "x")
    assert dear.value.details == {"name": "饼"}
    assert with_override(made, 2, 50, "标价").lines[1].override == 50
    for cheaper in (
        lambda: with_override(made, 2, 49, "x"),
        lambda: with_discount(made, 2, Discount(amount=1)),
    ):
        with pytest.raises(Refusal, match="not_reducible") as refused:
            cheaper()
        assert refused.value.details == {"name": "袋"}


def test_a_discount_is_a_lines_or_the_whole_baskets() -> None:
    made, less = of((CAKE, 1000), (GREENS, 1000)), Discount(amount=1_00, reason="熟客")
    whole = with_discount(made, 0, less)
    assert (whole.discount, [bool(line.discount) for line in whole.lines]) == (less, [False] * 2)
    first = with_discount(made, 1, less)
    assert (bool(first.discount), [bool(line.discount) for line in first.lines]) == (
        False,
        [True, False],
    )
    assert (priced(whole).due, priced(first).due) == (20_66, 20_66)


def test_cash_is_rounded_once_it_is_chosen_for_what_others_left_open() -> None:
    made = of((CAKE, 1000))
    assert priced(made, rounding_step=10).rounding == 0
    chosen = msgspec.structs.replace(made, cash_chosen=True)
    assert priced(chosen, rounding_step=10).rounding == -6
    assert priced(chosen).rounding == 0
    # 5.03 by card leave 5.03: three fen are let go; the drawer's own 1.00 changes nothing.
    card = Handed(tender="card", amount=5_03, tendered=5_03)
    cash = Handed(tender="cash", amount=1_00, tendered=1_00)
    both = msgspec.structs.replace(chosen, handed=(card, cash))
    assert priced(both, rounding_step=10).rounding == -3
    old = msgspec.structs.replace(both, exchange=OLD, lines=of((CAKE, 1000)).lines)
    assert priced(old, rounding_step=10).rounding == -3
    odd = msgspec.structs.replace(OLD, lines=(msgspec.structs.replace(BACK, amount=3_01),))
    old = msgspec.structs.replace(both, exchange=odd)
    assert priced(old, rounding_step=10).rounding == -2


def test_rules_see_goods_and_never_a_deposit() -> None:
    half = Promotion(
        code="H", name="半价", kind="percent", permille=500, from_ms=0, products=("M",)
    )
    made = msgspec.structs.replace(of((MILK, 1000), (CAKE, 1000)), promotions=(half,), priced_ms=9)
    assert valid_for(made, made.lines[0]) == {"H"}
    assert [line.net for line in priced(made).lines] == [4_00, 2_00, 10_06]


def test_a_fact_keeps_each_line_with_what_it_comes_to() -> None:
    made = with_discount(of((MILK, 2000), (CAKE, 1000)), 3, Discount(amount=6))
    kept = frozen_lines(made, priced(made))
    assert [(each.line, each.product, each.name, each.quantity, each.amount) for each in kept] == [
        (1, "M", "奶", 2000, 16_00),
        (2, "M", "押金·奶", 2000, 4_00),
        (3, "C", "饼", 1000, 10_00),
    ]
