"""Prices as a shop explains them to a customer, one rule at a time."""

import pytest

from app.errors import Refusal
from app.pricing.rules import (
    NONE,
    ORDER,
    Discount,
    LineToPrice,
    Priced,
    parse_fold,
    parse_percent_off,
    price_after,
    price_basket,
    rounding_shares,
    rounding_step,
    taxes,
)

TEN_OFF = Discount(permille=100, reason="老顾客")


def goods(price: int, pieces: int = 1, **more: object) -> LineToPrice:
    """Counted goods that may be reduced."""
    fields = {"line": 1, "weighed": False, "reducible": True} | more
    return LineToPrice(list_price=price, quantity=pieces * 1000, **fields)  # type: ignore[arg-type]


def weighed(price: int, grams: int, **more: object) -> LineToPrice:
    """Goods priced per kilogram."""
    fields = {"line": 1, "weighed": True, "reducible": True} | more
    return LineToPrice(list_price=price, quantity=grams, **fields)  # type: ignore[arg-type]


BAG = goods(50, reducible=False)


def nets(total: Priced) -> list[int]:
    return [line.net for line in total.lines]


def test_the_printed_order_has_a_name_for_each_step_and_keeps_it() -> None:
    assert [name for name, _words in ORDER] == [
        *("label_price", "item", "member", "tag_price", "line_discount", "swap", "spend_get"),
        *("basket_discount", "points", "outside", "rounding"),
    ]


# --- What a line costs -------------------------------------------------------------------------


def test_a_line_is_price_times_quantity_half_up() -> None:
    assert nets(price_basket([goods(38_00, 2), weighed(108_00, 1235)])) == [76_00, 133_38]
    assert nets(price_basket([weighed(1, 499), weighed(1, 500)])) == [0, 1]


def test_an_empty_basket_costs_nothing() -> None:
    assert price_basket([], rounding_step=10) == Priced((), 0, 0, 0, 0)


def test_the_amount_on_a_scale_label_is_authoritative() -> None:
    [line] = price_basket([weighed(88_00, 2486, label_amount=218_77)]).lines
    assert (line.unit_price, line.amount, line.net) == (88_00, 218_77, 218_77)


def test_a_lower_price_of_a_persons_shows_what_it_took_off() -> None:
    [line] = price_basket([goods(20_00, 2, override=15_00, override_reason="旧包装")]).lines
    assert (line.unit_price, line.amount, line.net) == (20_00, 40_00, 30_00)
    [reduction] = line.reductions
    assert (reduction.kind, reduction.name, reduction.amount) == ("override", "改价 旧包装", -10_00)


def test_a_higher_price_of_a_persons_is_simply_the_price() -> None:
    [line] = price_basket([goods(20_00, 2, override=25_00, override_reason="定制")]).lines
    assert (line.unit_price, line.amount, line.net, line.reductions) == (25_00, 50_00, 50_00, ())


def test_the_list_price_typed_again_changes_nothing() -> None:
    [line] = price_basket([goods(20_00, override=20_00, override_reason="x")]).lines
    assert (line.net, line.reductions) == (20_00, ())


def test_a_persons_price_on_a_labelled_line_goes_by_the_weight() -> None:
    [line] = price_basket([weighed(100_00, 1500, label_amount=149_99, override=80_00)]).lines
    assert (line.amount, line.net) == (150_00, 120_00)


def test_a_labelled_piece_may_be_given_away_and_an_amount_alone_stands() -> None:
    [given] = price_basket([weighed(88_00, 2486, label_amount=200_00, override=0)]).lines
    assert (given.amount, given.net) == (218_77, 0)
    # Nobody knows the weight behind it, so the price that fell since changes nothing.
    [line] = price_basket([weighed(1_00, 2486, label_amount=218_77)]).lines
    assert line.net == 218_77


def test_each_reduction_names_its_rule_and_the_price_goods_were_sold_at() -> None:
    [line] = price_basket([goods(10_00, 2, discount=TEN_OFF)], basket_discount=TEN_OFF).lines
    assert [(each.rule, each.kind, each.name, each.amount) for each in line.reductions] == [
        ("line_discount", "line_discount", "9 折 老顾客", -2_00),
        ("basket_discount", "basket_discount", "9 折 老顾客", -1_80),
    ]
    # What lowers the basket is not what these goods are sold at.
    assert line.charged == 9_00
    # Five grams cost six fen, which is not twelve yuan a kilogram.
    [pinch] = price_basket([weighed(12_34, 5)]).lines
    assert (pinch.net, pinch.charged) == (6, 12_34)


def test_the_smallest_sums_are_lowered_and_rounded_like_any_other() -> None:
    off = Discount(amount=1, reason="凑整")
    assert price_basket([goods(1)], basket_discount=off).due == 0
    assert price_basket([goods(1)], rounding_step=10).due == 0
    # Nothing is left of the basket a discount was given on.
    assert price_basket([], basket_discount=TEN_OFF).due == 0
    assert rounding_shares(price_basket([]), []) == []
    # More was paid by other means already than it costs now.
    assert price_basket([goods(10_05)], rounding_step=10, paid_otherwise=11_00).rounding == 0


def test_many_bags_take_no_fen_of_the_rounding() -> None:
    total = price_basket([goods(19), *[BAG] * 20], rounding_step=10)
    assert total.rounding == -9
    assert rounding_shares(total, [True, *[False] * 20]) == [-9, *[0] * 20]


def test_what_was_typed_as_a_discount_is_shown_back_cut_and_a_little_is_enough() -> None:
    assert parse_percent_off("0.1") == 1
    assert parse_fold("0.01") == 999
    for parse, typed in (
        (parse_percent_off, "x" * 20), (parse_percent_off, "1" * 20),
        (parse_fold, "x" * 20), (parse_fold, "1" * 20), (parse_fold, f"{'0' * 20}"),
        (parse_fold, f"{' ' * 20}0"), (parse_percent_off, f"{' ' * 20}0"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match="bad_discount") as refused:
            parse(typed)
        assert len(str(refused.value.details["text"])) <= 10


def test_giving_goods_away_leaves_nothing_to_pay() -> None:
    total = price_basket([goods(20_00, override=0, override_reason="破损")], rounding_step=10)
    assert (total.gross, total.reduced, total.rounding, total.due) == (20_00, -20_00, 0, 0)


# --- A line's own discount ---------------------------------------------------------------------


def test_percent_on_counted_goods_is_rounded_per_piece() -> None:
    # 九折 of 0.05 is 0.045, half-up 0.05: three pieces stay 0.15, though the line would say 0.14.
    assert nets(price_basket([goods(5, 3, discount=TEN_OFF)])) == [15]
    assert price_after(5, 100) == 5


def test_percent_on_weighed_goods_is_rounded_on_the_line() -> None:
    assert nets(price_basket([weighed(5, 3100, discount=TEN_OFF)])) == [14]


def test_three_kilograms_to_the_gram_are_weighed_goods_all_the_same() -> None:
    assert nets(price_basket([weighed(12_35, 3000, discount=TEN_OFF)])) == [33_35]


def test_percent_on_a_label_is_rounded_on_its_amount() -> None:
    line = weighed(12_35, 3000, label_amount=37_04, discount=TEN_OFF)
    assert nets(price_basket([line])) == [33_34]


def test_percent_comes_after_a_persons_price() -> None:
    [line] = price_basket([goods(20_00, 2, override=10_05, discount=TEN_OFF)]).lines
    assert line.net == 2 * 9_05
    assert [each.kind for each in line.reductions] == ["override", "line_discount"]


def test_an_amount_off_never_goes_below_nothing() -> None:
    assert nets(price_basket([goods(3_00, discount=Discount(amount=2_00))])) == [1_00]
    assert nets(price_basket([goods(3_00, discount=Discount(amount=9_00))])) == [0]


@pytest.mark.parametrize(
    ("discount", "name"),
    [
        (Discount(permille=50, reason="老顾客"), "9.5 折 老顾客"),
        (Discount(permille=100), "9 折"),
        (Discount(permille=125), "8.75 折"),
        (Discount(amount=1_00, reason="磕碰"), "减价 磕碰"),
    ],
)
def test_a_reduction_says_its_name(discount: Discount, name: str) -> None:
    [line] = price_basket([goods(100_00, discount=discount)]).lines
    assert line.reductions[0].name == name


# --- The whole basket --------------------------------------------------------------------------


def test_bags_stay_outside_every_reduction() -> None:
    bag = goods(50, reducible=False, discount=TEN_OFF)
    total = price_basket([goods(10_03), bag], basket_discount=TEN_OFF, rounding_step=100)
    assert nets(total) == [9_03, 50]
    assert total.rounding == -53
    assert rounding_shares(total, [True, False]) == [-53, 0]


def test_a_basket_of_bags_alone_is_reduced_by_nothing_and_not_rounded() -> None:
    total = price_basket([goods(55, reducible=False)], basket_discount=TEN_OFF, rounding_step=10)
    assert (nets(total), total.rounding, total.due) == ([55], 0, 55)
    assert rounding_shares(total, [False]) == [0]


def test_a_basket_discount_is_shared_by_what_the_lines_cost() -> None:
    total = price_basket([goods(336_00), goods(136_80), BAG], basket_discount=Discount(amount=4000))
    assert [line.net - line.amount for line in total.lines] == [-28_43, -11_57, 0]
    assert total.due == 433_30


def test_a_basket_discount_comes_after_the_lines_own() -> None:
    lines = [goods(100_00, discount=Discount(permille=500)), goods(50_00)]
    assert nets(price_basket(lines, basket_discount=Discount(amount=10_00))) == [45_00, 45_00]


def test_more_off_than_the_basket_costs_is_the_whole_basket() -> None:
    total = price_basket([goods(3_00), BAG], basket_discount=Discount(amount=100_00))
    assert (nets(total), total.due) == ([0, 50], 50)


def test_shares_always_add_back() -> None:
    lines = [goods(price, line=price) for price in (1, 1, 1, 7, 99, 100_01)]
    for fen in range(1, 60):
        total = price_basket(lines, basket_discount=Discount(amount=fen), rounding_step=10)
        assert sum(line.net - line.amount for line in total.lines) == -fen == total.reduced
        assert sum(rounding_shares(total, [True] * 6)) == total.rounding
        assert total.gross + total.reduced + total.rounding == total.due


# --- 抹零 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "rounding", "due"), [(1, 0, 423_27), (10, -7, 423_20), (100, -27, 423_00)]
)
def test_cash_is_cut_down_and_never_up(step: int, rounding: int, due: int) -> None:
    total = price_basket([goods(423_27)], rounding_step=step)
    assert (total.rounding, total.due) == (rounding, due)


def test_an_amount_that_is_even_already_is_left_alone() -> None:
    assert price_basket([goods(423_20)], rounding_step=10).rounding == 0


def test_only_what_is_still_open_is_rounded() -> None:
    total = price_basket([goods(100_27)], rounding_step=10, paid_otherwise=60_25)
    assert (total.rounding, total.due) == (-2, 100_25)


def test_nothing_open_is_not_rounded() -> None:
    assert price_basket([goods(9)], rounding_step=10, paid_otherwise=9).rounding == 0


def test_goods_too_cheap_to_carry_the_rounding_are_not_rounded() -> None:
    total = price_basket([goods(3), goods(6, reducible=False)], rounding_step=10)
    assert (total.rounding, total.due) == (0, 9)


@pytest.mark.parametrize(("mode", "fen"), [("none", 1), ("jiao", 10), ("yuan", 100)])
def test_the_shops_word_for_rounding_is_a_step(mode: str, fen: int) -> None:
    assert rounding_step(mode) == fen


# --- Tax ---------------------------------------------------------------------------------------


def test_tax_is_worked_out_once_per_class_and_shared_by_largest_remainder() -> None:
    # Each line alone holds 0.115 of 1.00; the class holds 0.345 of 3.00, so one line gives a fen.
    assert taxes([("goods", 13, 1_00)] * 3) == [12, 12, 11]
    assert taxes([("exempt", 0, 5_00), ("goods", 13, 1_13), ("farm", 9, 1_09)]) == [0, 13, 9]


def test_two_rates_of_one_class_are_two_classes() -> None:
    assert taxes([("goods", 13, 1_13), ("goods", 1, 1_01)]) == [13, 1]


def test_a_line_given_away_holds_no_tax() -> None:
    assert taxes([("goods", 13, 0), ("goods", 13, 1_13)]) == [0, 13]
    assert taxes([]) == []


# --- What people type --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "permille"), [("5", 50), ("4.5", 45), (" 99.9 ", 999), ("5.", 50)]
)
def test_a_percentage_off(text: str, permille: int) -> None:
    assert parse_percent_off(text) == permille


@pytest.mark.parametrize("text", ["", "0", "100", "-5", "4.55", "五", "5.x", "٥", "1e1"])
def test_a_percentage_that_is_none(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_percent_off(text)
    assert refused.value.code == "bad_discount"


@pytest.mark.parametrize(
    ("text", "permille"),
    [("9.5", 50), ("95", 50), ("9", 100), ("9折", 100), ("8.75", 125), ("87.5", 125), ("0.1", 990)],
)
def test_a_discount_as_people_say_it(text: str, permille: int) -> None:
    assert parse_fold(text) == permille


@pytest.mark.parametrize("text", ["", "折", "0", "00", "955", "95.55", ".5", "九五", "9.x", "٩"])
def test_a_discount_nobody_says(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_fold(text)
    assert refused.value.code == "bad_discount"


def test_no_discount_is_false() -> None:
    assert not NONE
    assert Discount(permille=1)
    assert Discount(amount=1)
