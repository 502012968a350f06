"""Promotions where nothing is saved, where two save the same, and where something is missing."""

from app.pricing.rules import price_basket
from tests.app.pricing.test_promotions import CAKE, TEA, full, goods, nets, reasons, rule


def test_goods_that_cost_less_already_keep_the_members_price() -> None:
    special = rule("item_price", products=(TEA, CAKE), price=5_00, basket_cap=3)
    member = rule("member", "Q", permille=100)
    total = price_basket([goods(TEA, 10_00), goods(CAKE, 5_00)], promotions=(special, member))
    assert [line.net for line in total.lines] == [5_00, 4_50]
    assert total.used == {"P": 1, "Q": 1}


def test_of_goods_that_cost_the_same_the_longer_line_is_lowered_first() -> None:
    once = rule("percent", permille=500, basket_cap=1)
    assert nets(goods(CAKE, 10_00), goods(CAKE, 10_00, 2), rules=(once,)) == [10_00, 15_00]
    assert nets(goods(CAKE, 10_00, 2), goods(CAKE, 10_00), rules=(once,)) == [15_00, 10_00]


def test_what_is_missing_is_missing_to_the_first_step() -> None:
    graded = full("P", (100_00, 5_00), (300_00, 40_00))
    assert reasons(goods(TEA, 60_00), rules=(graded,)) == {"P": "还差 40.00"}
    better = full("Q", (100_00, 6_00))
    said = reasons(goods(TEA, 100_00), rules=(graded, better))
    assert said == {"P": "与“spend_get Q”同类，取了更省的那个"}
