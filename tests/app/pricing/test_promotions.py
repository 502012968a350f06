"""Promotions as a shop explains them to a customer, one rule at a time."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.facts.pricing import KitPiece, Promotion, Step
from app.pricing.explaining import not_applied
from app.pricing.lines import Discount, LineToPrice, Priced
from app.pricing.rules import price_basket
from tests.benchmarks.oracle import compare, random, random_case

TEA, CAKE, WINE, CUP = "TEA", "CAKE", "WINE", "CUP"


def rule(kind: str, code: str = "P", **fields: Any) -> Promotion:
    """A promotion that is always valid."""
    return Promotion(code=code, name=f"{kind} {code}", kind=kind, from_ms=0, **fields)


def goods(product: str, price: int, pieces: int = 1, **more: Any) -> LineToPrice:
    """Counted goods that every promotion here was valid for."""
    codes = frozenset(("P", "Q", "R", "S", "T", "U", "V"))
    fields = {"line": 1, "weighed": False, "reducible": True, "promotions": codes} | more
    return LineToPrice(product=product, list_price=price, quantity=pieces * 1000, **fields)


def weighed(product: str, price: int, grams: int, **more: Any) -> LineToPrice:
    """Goods by the kilogram."""
    line = goods(product, price, **more)
    return LineToPrice(**{f: getattr(line, f) for f in line.__struct_fields__}
                       | {"weighed": True, "quantity": grams})  # fmt: skip


def nets(*lines: LineToPrice, rules: tuple[Promotion, ...]) -> list[int]:
    return [line.net for line in price_basket(lines, promotions=rules).lines]


# --- Single goods ------------------------------------------------------------------------------


def test_a_special_price_holds_for_every_piece_and_never_raises_one() -> None:
    special = rule("item_price", products=(TEA,), price=168_00)
    assert nets(goods(TEA, 198_00, 2), goods(CAKE, 48_00), rules=(special,)) == [336_00, 48_00]
    assert nets(goods(TEA, 150_00), rules=(special,)) == [150_00]
    assert nets(weighed(TEA, 198_00, 500), rules=(special,)) == [84_00]
    assert nets(weighed(TEA, 100_00, 500), rules=(special,)) == [50_00]


def test_percent_is_rounded_by_the_piece_and_on_a_weighed_line() -> None:
    tenth = rule("percent", permille=100)
    assert nets(goods(TEA, 5, 3), rules=(tenth,)) == [15]
    assert nets(weighed(TEA, 5, 3100), rules=(tenth,)) == [14]


def test_a_cap_lowers_only_so_many_pieces_where_it_saves_most() -> None:
    two = rule("percent", permille=500, basket_cap=2)
    assert nets(goods(CAKE, 10_00, 2), goods(TEA, 30_00, 1), rules=(two,)) == [15_00, 15_00]
    priced = price_basket([goods(CAKE, 10_00, 3), weighed(TEA, 10_00, 500)], promotions=(two,))
    assert ([line.net for line in priced.lines], priced.used) == ([20_00, 5_00], {"P": 2})


def test_bags_and_lines_a_promotion_was_not_valid_for_stay_outside() -> None:
    half = rule("percent", permille=500)
    bag = goods("BAG", 50, reducible=False)
    late = goods(TEA, 10_00, promotions=frozenset())
    assert nets(bag, late, rules=(half,)) == [50, 10_00]


# --- Across pieces -----------------------------------------------------------------------------


def test_the_second_piece_at_half_price_is_shared_over_both() -> None:
    second = rule("nth", n=2, permille=500)
    assert nets(goods(TEA, 10_00, 3), rules=(second,)) == [25_00]
    # Dear with dear and cheap with cheap: 20 off 60 and 40, 5 off two at 10, shared over all four.
    lines = (goods(CAKE, 10_00, 2), goods(TEA, 60_00), goods(WINE, 40_00))
    assert nets(*lines, rules=(second,)) == [15_83, 47_50, 31_67]
    assert nets(goods(TEA, 10_00, 4), rules=(rule("nth", n=2, price=1_00),)) == [22_00]
    assert nets(goods(TEA, 10_00, 4), rules=(rule("nth", n=2, permille=500, basket_cap=1),)) == [
        35_00
    ]
    assert nets(weighed(TEA, 10_00, 2000), rules=(second,)) == [20_00]


def test_buy_two_get_one_gives_the_cheapest_of_three() -> None:
    free = rule("buy_get", n=2, get=1)
    assert nets(goods(TEA, 10_00, 3), rules=(free,)) == [20_00]
    assert nets(goods(TEA, 10_00, 2), rules=(free,)) == [20_00]
    assert nets(goods(TEA, 30_00, 2), goods(CAKE, 10_00), rules=(free,)) == [51_43, 8_57]


def test_a_gift_needs_what_it_is_given_for() -> None:
    gift = rule("buy_get", n=2, get=1, products=(TEA,), gifts=(CUP,))
    assert nets(goods(TEA, 30_00, 2), goods(CUP, 15_00, 2), rules=(gift,)) == [48_00, 27_00]
    assert nets(goods(TEA, 30_00), goods(CUP, 15_00), rules=(gift,)) == [30_00, 15_00]


def test_a_set_costs_the_sets_price_as_often_as_it_is_whole() -> None:
    parts = (KitPiece(product=TEA, pieces=1), KitPiece(product=CUP, pieces=2))
    kit = rule("kit", parts=parts, price=40_00)
    assert nets(goods(TEA, 30_00), goods(CUP, 10_00, 3), rules=(kit,)) == [24_00, 26_00]
    assert nets(goods(TEA, 30_00), goods(CUP, 10_00, 1), rules=(kit,)) == [30_00, 10_00]
    dear = rule("kit", parts=parts, price=60_00)
    assert nets(goods(TEA, 30_00), goods(CUP, 10_00, 2), rules=(dear,)) == [30_00, 20_00]


# --- Which of several --------------------------------------------------------------------------


def test_of_promotions_that_exclude_each_other_the_best_is_taken() -> None:
    tenth, second = rule("percent", permille=100), rule("nth", "Q", n=2, permille=500)
    assert nets(goods(TEA, 10_00), rules=(tenth, second)) == [9_00]
    assert nets(goods(TEA, 10_00, 2), rules=(tenth, second)) == [15_00]
    # Together the two small ones take more off than the big one alone.
    both = (KitPiece(product=TEA, pieces=1), KitPiece(product=CAKE, pieces=1))
    wide = rule("kit", "R", parts=both, price=15_00)
    small = (
        rule("nth", "S", n=2, permille=800, products=(TEA,)),
        rule("nth", "T", n=2, permille=800, products=(CAKE,)),
    )
    lines = (goods(TEA, 10_00, 2), goods(CAKE, 10_00, 2))
    assert nets(*lines, rules=(wide, *small)) == [12_00, 12_00]
    [tea] = price_basket([goods(TEA, 10_00)], promotions=(tenth, rule("percent", "A", permille=100))
                         ).lines  # fmt: skip
    assert [each.rule for each in tea.reductions] == ["P"]


def test_of_more_than_five_rules_across_lines_those_that_take_most_off_are_tried() -> None:
    many = [
        rule("nth", code, n=2, permille=permille)
        for code, permille in zip("PQRSTUV", (100, 200, 300, 400, 500, 600, 700), strict=True)
    ]
    assert nets(goods(TEA, 10_00, 2), rules=tuple(many)) == [13_00]


def test_promotions_of_different_classes_come_one_after_the_other() -> None:
    tenth = rule("percent", permille=100)
    more = rule("percent", "Q", permille=100, stacking="z")
    assert nets(goods(TEA, 10_00), rules=(tenth, more)) == [8_10]
    once = rule("nth", "R", n=2, permille=500)
    assert nets(goods(TEA, 10_00, 2), rules=(once, more)) == [13_50]


def test_a_class_named_like_a_kinds_own_is_that_class() -> None:
    half, best = rule("percent", permille=500), rule("percent", "Q", permille=600, stacking="item")
    assert nets(goods(TEA, 10_00), rules=(half, best)) == [4_00]
    small, big = full("P", (10_00, 1_00)), full("Q", (10_00, 2_00), stacking="basket")
    assert nets(goods(TEA, 10_00), rules=(small, big)) == [8_00]
    code = full("R", (5_00, 3_00), needs_code="X")
    named = full("S", (5_00, 2_00), stacking="code")
    assert nets(goods(TEA, 10_00), rules=(code, named)) == [7_00]


def test_of_two_that_save_the_same_the_simpler_one_is_named() -> None:
    tenth = rule("percent", "Q", permille=250)
    second = rule("nth", "P", n=2, permille=500)
    [line] = price_basket([goods(TEA, 10_00, 2)], promotions=(tenth, second)).lines
    assert [each.rule for each in line.reductions] == ["Q"]


def test_exactly_five_rules_across_lines_are_all_tried_together() -> None:
    names = ("A", "B", "C", "D", "E")
    lines = [goods(name, 10_00 * n, 2) for n, name in enumerate(names, 1)]
    own = [rule("nth", code, n=2, permille=500, products=(name,))
           for code, name in zip("PQRST", names, strict=True)]  # fmt: skip
    assert nets(*lines, rules=tuple(own)) == [15_00, 30_00, 45_00, 60_00, 75_00]
    lines.append(goods("F", 1_00, 2))
    least = rule("nth", "U", n=2, permille=500, products=("F",))
    assert nets(*lines, rules=(least, *own)) == [15_00, 30_00, 45_00, 60_00, 75_00, 2_00]


def test_how_often_a_promotion_was_used_is_counted() -> None:
    tenth = rule("percent", permille=100)
    lines = (goods(TEA, 10_00, 3), weighed(CAKE, 10_00, 1500))
    assert price_basket(lines, promotions=(tenth,)).used == {"P": 4}
    member = rule("member", permille=100)
    total = price_basket(lines, promotions=(member,))
    assert total.used == {"P": 4}
    assert {each.kind for line in total.lines for each in line.reductions} == {"member"}
    assert price_basket(lines, promotions=(rule("nth", n=2, permille=500),)).used == {"P": 1}
    assert price_basket(lines, promotions=(full("P", (10_00, 1_00), repeats=1),)).used == {"P": 4}
    swap = rule("swap", products=(CAKE,), price=1, steps=(Step(spend=1_00),), repeats=1)
    lines = (goods(TEA, 10_00, 3), goods(CAKE, 5_00, 2))
    assert price_basket(lines, promotions=(swap,)).used == {"P": 2}


def test_what_is_free_costs_nothing() -> None:
    free = rule("item_price", products=(TEA,), price=0)
    assert nets(weighed(TEA, 10_00, 500), goods(TEA, 10_00), rules=(free,)) == [0, 0]
    two = rule("buy_get", n=2, get=2, products=(TEA,), gifts=(CUP,))
    assert nets(goods(TEA, 30_00, 4), goods(CUP, 15_00, 5), rules=(two,)) == [80_00, 55_00]
    assert nets(goods(TEA, 30_00, 4), goods(CUP, 15_00, 1), rules=(two,)) == [120_00, 15_00]


def test_a_sets_parts_count_whatever_its_products_say() -> None:
    parts = (KitPiece(product=TEA, pieces=1), KitPiece(product=CUP, pieces=1))
    kit = rule("kit", parts=parts, price=30_00, products=(TEA,))
    assert nets(goods(TEA, 30_00), goods(CUP, 10_00), rules=(kit,)) == [22_50, 7_50]


# --- Members -----------------------------------------------------------------------------------


def test_the_members_price_is_not_for_goods_of_a_promotion() -> None:
    special = rule("item_price", products=(TEA,), price=168_00)
    member = rule("member", "Q", permille=50)
    lines = (goods(TEA, 198_00, 2), goods(CAKE, 48_00, 3), weighed(WINE, 10_00, 1500))
    assert nets(*lines, rules=(special, member)) == [336_00, 136_80, 14_25]
    better = rule("member", "R", price=40_00, products=(CAKE,))
    assert nets(goods(CAKE, 48_00), rules=(member, better)) == [40_00]
    assert nets(goods(CAKE, 48_00), rules=()) == [48_00]


# --- What is spent -----------------------------------------------------------------------------


def full(code: str = "P", *steps: tuple[int, int], **more: Any) -> Promotion:
    made = tuple(Step(spend=spend, off=off) for spend, off in steps)
    return rule("spend_get", code, steps=made, **more)


def test_the_highest_step_that_is_reached_counts_and_is_shared() -> None:
    graded = full("P", (100_00, 5_00), (300_00, 40_00))
    assert nets(goods(TEA, 99_99), rules=(graded,)) == [99_99]
    assert nets(goods(TEA, 100_00), rules=(graded,)) == [95_00]
    assert nets(goods(TEA, 336_00), goods(CAKE, 136_80), rules=(graded,)) == [307_57, 125_23]


def test_every_hundred_again_up_to_the_most_that_comes_off() -> None:
    assert nets(goods(TEA, 250_00), rules=(full("P", (100_00, 10_00), repeats=1),)) == [230_00]
    most = full("P", (100_00, 10_00), repeats=1, most_off=15_00)
    assert nets(goods(TEA, 250_00), rules=(most,)) == [235_00]
    once = full("P", (100_00, 10_00), repeats=1, basket_cap=1)
    assert nets(goods(TEA, 250_00), rules=(once,)) == [240_00]
    share = rule("spend_get", steps=(Step(spend=100_00, permille=100),))
    assert nets(goods(TEA, 250_00), rules=(share,)) == [225_00]


def test_of_two_that_exclude_each_other_the_better_and_a_code_on_top() -> None:
    small, big = full("P", (100_00, 10_00)), full("Q", (100_00, 20_00))
    assert nets(goods(TEA, 100_00), rules=(small, big)) == [80_00]
    code = full("R", (50_00, 5_00), needs_code="X")
    assert nets(goods(TEA, 100_00), rules=(small, big, code)) == [75_00]
    # What is left of the same class takes the goods the first did not mean.
    tea, cake = (full("P", (10_00, 5_00), products=(TEA,)), full("Q", (10_00, 2_00)))
    assert nets(goods(TEA, 20_00), goods(CAKE, 20_00), rules=(tea, cake)) == [15_00, 18_00]


def test_an_add_on_costs_the_swaps_price_once_enough_is_spent() -> None:
    swap = rule("swap", products=(CUP,), price=9_90, steps=(Step(spend=100_00),))
    assert nets(goods(TEA, 99_00), goods(CUP, 59_00), rules=(swap,)) == [99_00, 59_00]
    assert nets(goods(TEA, 250_00), goods(CUP, 59_00, 2), rules=(swap,)) == [250_00, 68_90]
    again = rule("swap", products=(CUP,), price=9_90, steps=(Step(spend=100_00),), repeats=1)
    assert nets(goods(TEA, 250_00), goods(CUP, 59_00, 3), rules=(again,)) == [250_00, 78_80]
    capped = rule("swap", products=(CUP,), price=9_90, steps=(Step(spend=50_00),), basket_cap=2)
    assert nets(goods(TEA, 100_00), goods(CUP, 59_00, 3), rules=(capped,)) == [100_00, 78_80]
    cheap = rule("swap", products=(CUP,), price=99_00, steps=(Step(spend=1),))
    assert nets(goods(TEA, 100_00), goods(CUP, 59_00), rules=(cheap,)) == [100_00, 59_00]
    other = rule("swap", "Q", products=(CUP,), price=1_00, steps=(Step(spend=1),), basket_cap=5)
    assert nets(goods(TEA, 300_00), goods(CUP, 59_00), rules=(swap, other)) == [300_00, 9_90]


def test_add_ons_on_several_lines_share_what_was_spent_and_only_savings_count() -> None:
    swap = rule("swap", products=(CUP, WINE), price=9_90, steps=(Step(spend=100_00),), repeats=1)
    lines = (goods(TEA, 200_00), goods(CUP, 59_00), goods(WINE, 39_00, 2), goods(CUP, 9_90))
    total = price_basket(lines, promotions=(swap,))
    assert [line.net for line in total.lines] == [200_00, 9_90, 48_90, 9_90]
    assert total.used == {"P": 2}
    assert {each.kind for line in total.lines for each in line.reductions} == {"promotion"}
    plenty = rule("swap", products=(CUP, WINE), price=9_90, steps=(Step(spend=10_00),), repeats=1)
    assert price_basket(lines, promotions=(plenty,)).used == {"P": 3}


# --- In order ----------------------------------------------------------------------------------


def test_the_order_of_rules_is_the_printed_one() -> None:
    line = goods(TEA, 100_00, override=90_00, override_reason="旧", discount=Discount(permille=100))
    rules = (rule("percent", permille=100), full("Q", (50_00, 10_00)))
    total = price_basket([line], promotions=rules, basket_discount=Discount(permille=100),
                         rounding_step=100)  # fmt: skip
    [priced] = total.lines
    assert [(each.kind, each.amount) for each in priced.reductions] == [
        ("override", -10_00), ("promotion", -9_00), ("line_discount", -8_10),
        ("promotion", -10_00), ("basket_discount", -6_29),
    ]  # fmt: skip
    assert (priced.net, total.rounding, priced.charged) == (56_61, -61, 72_90)


@pytest.mark.parametrize(
    ("label", "told", "net"),
    [(133_38, True, 121_03), (133_38, False, 133_38), (110_00, True, 110_00)],
)
def test_a_label_whose_price_fell_is_charged_at_the_lower(label: int, told: bool, net: int) -> None:
    line = weighed(TEA, 98_00, 1235, label_amount=label, label_weight=told)
    assert nets(line, rules=()) == [net]


# --- Why not -----------------------------------------------------------------------------------


def reasons(*lines: LineToPrice, rules: tuple[Promotion, ...], number: int = 1) -> dict[str, str]:
    return {each.code: each.reason for each in not_applied(lines, rules, number)}


def test_every_rule_that_did_nothing_says_why() -> None:
    special = rule("item_price", products=(TEA,), price=5_00)
    tenth = rule("percent", "Q", permille=100)
    said = reasons(
        goods(TEA, 10_00),
        rules=(
            special, tenth, rule("member", "R", permille=50), full("S", (100_00, 1_00)),
            rule("nth", "T", n=2, permille=500, stacking="x"),
            rule("percent", "U", permille=100, products=(CAKE,)),
            rule("item_price", "V", products=(TEA,), price=50_00, stacking="y"),
        ),
    )  # fmt: skip
    assert said == {
        "Q": "与“item_price P”同类，取了更省的那个",
        "R": "促销商品不再享受会员价",
        "S": "还差 95.00",
        "T": "件数不够",
        "V": "不比现价低",
    }
    assert reasons(goods(TEA, 10_00, reducible=False), rules=(tenth,)) == {"Q": "不参加任何优惠"}
    late = goods(TEA, 10_00, promotions=frozenset())
    assert reasons(late, rules=(tenth,)) == {"Q": "这一行放进来时不在促销时间内"}
    swap = rule("swap", "S", products=(CUP,), price=1_00, steps=(Step(spend=100_00),))
    assert reasons(goods(CUP, 10_00), rules=(swap,)) == {"S": "还差 100.00"}
    assert reasons(goods(CUP, 50), goods(TEA, 100_00, line=2), rules=(swap,)) == {"S": "不比现价低"}


# --- What always holds -------------------------------------------------------------------------


@given(st.integers(min_value=0), st.randoms(use_true_random=False))
def test_the_order_of_scanning_never_changes_the_total(seed: int, dice: random.Random) -> None:
    case = random_case(random.Random(seed))
    mixed = list(case.lines)
    dice.shuffle(mixed)
    one, other = (
        price_basket(lines, promotions=case.promotions, basket_discount=case.discount)
        for lines in (case.lines, mixed)
    )
    assert (one.gross, one.due, one.used) == (other.gross, other.due, other.used)


@given(st.integers(min_value=0))
def test_parts_add_up_and_nothing_costs_less_than_nothing(seed: int) -> None:
    case = random_case(random.Random(seed))
    total: Priced = price_basket(
        case.lines, promotions=case.promotions, basket_discount=case.discount
    )
    for line, priced in zip(case.lines, total.lines, strict=True):
        assert priced.amount + sum(each.amount for each in priced.reductions) == priced.net >= 0
        assert all(each.amount < 0 for each in priced.reductions)
        assert line.reducible or {each.kind for each in priced.reductions} <= {"label_price"}
    assert total.gross + total.reduced == total.due


@given(st.integers(min_value=0))
def test_one_more_promotion_of_a_new_class_never_makes_goods_dearer(seed: int) -> None:
    case = random_case(random.Random(seed))
    before = price_basket(case.lines)
    after = price_basket(case.lines, promotions=case.promotions)
    assert all(new.net <= old.net for new, old in zip(after.lines, before.lines, strict=True))


def test_a_few_hundred_baskets_agree_with_the_fractions() -> None:
    found = compare(400, "few")
    assert (found["drifted"], found["first"]) == (0, "")


def test_a_label_of_nothing_and_what_lowered_a_line_are_named() -> None:
    fallen = weighed(TEA, 98_00, 1235, label_amount=133_38, label_weight=True)
    nothing = weighed(TEA, 98_00, 1235, label_amount=0)
    given = weighed(TEA, 98_00, 1000, label_amount=98_00, override=0, override_reason="送")
    total = price_basket([fallen, nothing, given])
    assert [line.net for line in total.lines] == [121_03, 0, 0]
    said = [(one.rule, one.kind, one.name) for line in total.lines for one in line.reductions]
    assert said == [("label_price", "label_price", "降价差"), ("override", "override", "改价 送")]
