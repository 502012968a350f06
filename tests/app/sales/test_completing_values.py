"""From a basket to the sale's fact, without a shop around it: every field, to the fen."""

import msgspec
import pytest

from app.facts.catalogue import KitPart, Product
from app.facts.pricing import Promotion
from app.facts.sales import LotShare, PromotionUsed, Reduction, Tender
from app.pricing.rules import Discount
from app.sales.basket import Basket, Handed, with_discount, with_line
from app.sales.completing import (
    Goods,
    Sitting,
    completed_sale,
    lots_to_take,
    products_taken,
    sale_number,
)
from app.sales.exchange import TakenBack
from app.stock.rules import LotOnHand
from tests.support.rare_facts import came_back

HERE = Sitting(
    shop="KP01", till="1", drawer="2", series="A", day="2026-12-07", shift="s", person="101",
    role="cashier", channel="C13", seller="开平优品", rounding_step=10, today="2026-12-08",
    price_list="PL", promotions="PR", rights="R", taxonomy="T", points_per=2,
)  # fmt: skip
CAKE = Product(
    code="C", name="饼", spec="400g", unit="盒", price=10_00, cost=5, tax_class="food", tax_rate=9,
    mark="county", brand_town="马冈", origin_town="大沙", origin_village="村", category="1.1",
    subcategory="饼类", three_origin="原产", tier="中端",
)  # fmt: skip
MILK = Product(
    code="M", name="奶", unit="瓶", price=8_00, deposit=2_00, tax_class="goods", tax_rate=13
)
WORK = Product(
    code="W", name="包装", unit="次", price=3_00, kind="service", tax_class="goods", tax_rate=13
)
BOX = Product(
    code="K", name="礼盒", unit="套", price=30_00, kind="kit", tax_class="goods", tax_rate=13
)
BAG = Product(code="B", name="袋", unit="个", price=50, reducible=0, tax_class="goods", tax_rate=13)
KIT = (KitPart(kit="K", part="C", quantity=2000), KitPart(kit="K", part="X", quantity=500))


def lot(name: str, quantity: int) -> LotOnHand:
    return LotOnHand(name, name, quantity, 7, "", 0)


GOODS = Goods(
    kits={"K": KIT},
    products={"C": CAKE},
    lots={"C": (lot("c1", 3000), lot("c2", 9000)), "M": (lot("m1", 9000),)},
)


def paid(basket: Basket, *handed: Handed, cash: bool = False) -> Basket:
    return msgspec.structs.replace(basket, handed=handed, cash_chosen=cash)


def of(*goods: tuple[Product, int]) -> Basket:
    made = Basket(id="b", opened_ms=7)
    for product, quantity in goods:
        made, _ = with_line(made, product, quantity)
    return made


def test_a_kit_moves_its_parts_and_neither_work_nor_deposits_move_anything() -> None:
    basket = of((CAKE, 1000), (MILK, 1000), (WORK, 1000), (BOX, 1000))
    assert products_taken(basket, GOODS.kits) == ["C", "M", "X"]
    assert products_taken(basket, {}) == ["C", "M", "K"]


def test_a_number_says_where_when_and_which() -> None:
    assert sale_number(HERE, 7) == "KP01-1A-261207-0007"


def test_the_header_is_the_sittings_and_the_sums_are_the_lines() -> None:
    basket = msgspec.structs.replace(of((CAKE, 3000), (BAG, 1000)), member="m")
    card = Handed(tender="card", amount=20_00, tendered=20_00, reference="A-1")
    cash = Handed(tender="cash", amount=10_50, tendered=50_00, change=39_50)
    sale = completed_sale(paid(basket, card, cash, cash=True), HERE, GOODS, sequence=7)
    assert (sale.shop, sale.till, sale.drawer, sale.day, sale.shift) == (
        "KP01", "1", "2", "2026-12-07", "s",
    )  # fmt: skip
    assert (sale.number, sale.sequence, sale.series) == ("KP01-1A-261207-0007", 7, "A")
    assert (sale.person, sale.channel, sale.seller, sale.opened_ms) == ("101", "C13", "开平优品", 7)
    assert (sale.price_list, sale.promotions, sale.rights, sale.taxonomy) == ("PL", "PR", "R", "T")
    assert (sale.pieces, sale.gross, sale.reduced, sale.rounding, sale.due) == (
        4, 30_50, 0, 0, 30_50,
    )  # fmt: skip
    assert sale.tenders == (
        Tender(tender="card", amount=20_00, tendered=20_00, reference="A-1"),
        Tender(tender="cash", amount=10_50, tendered=50_00, change=39_50),
    )
    assert sale.change == 39_50
    # 30.00 at 9 % and 0.50 at 13 %.
    assert [line.tax for line in sale.lines] == [2_48, 6]
    assert sale.tax == 2_54
    # One point for two yuan, on goods alone.
    assert (sale.member, sale.points_earned, sale.points_used, sale.exchange) == ("m", 15, 0, "")


def test_nobodys_goods_earn_nobody_points() -> None:
    card = Handed(tender="card", amount=10_00, tendered=10_00)
    assert completed_sale(paid(of((CAKE, 1000)), card), HERE, GOODS, sequence=1).points_earned == 0


def test_a_line_keeps_everything_its_product_is() -> None:
    card = Handed(tender="card", amount=9_00, tendered=9_00)
    basket = with_discount(of((CAKE, 1000)), 1, Discount(amount=1_00, reason="熟客"))
    (line,) = completed_sale(paid(basket, card), HERE, GOODS, sequence=1).lines
    assert (line.product, line.name, line.spec, line.unit, line.weighed) == (
        "C", "饼", "400g", "盒", 0,
    )  # fmt: skip
    assert (line.quantity, line.list_price, line.unit_price, line.amount, line.paid) == (
        1000, 10_00, 10_00, 10_00, 9_00,
    )  # fmt: skip
    assert [(each.kind, each.amount) for each in line.reductions] == [("line_discount", -1_00)]
    assert (line.tax_class, line.tax_rate, line.kind, line.reducible) == ("food", 9, "goods", 1)
    assert (line.mark, line.brand, line.brand_town, line.origin_town, line.origin_village) == (
        "county", "开平优品", "马冈", "大沙", "村",
    )  # fmt: skip
    assert (line.category, line.subcategory, line.three_origin, line.tier) == (
        "1.1", "饼类", "原产", "中端",
    )  # fmt: skip
    assert (line.charged, line.source, line.code, line.serial) == (9_00, "scan", "", "")


@pytest.mark.parametrize(
    ("mark", "brand"), [("county", "开平优品"), ("dual", "开平优品"), ("town", ""), ("", "")]
)
def test_the_countys_name_stands_on_its_own_goods(mark: str, brand: str) -> None:
    card = Handed(tender="card", amount=10_00, tendered=10_00)
    basket = paid(of((msgspec.structs.replace(CAKE, mark=mark), 1000)), card)
    assert completed_sale(basket, HERE, GOODS, sequence=1).lines[0].brand == brand


def test_a_deposit_is_no_turnover_and_bears_no_tax() -> None:
    card = Handed(tender="card", amount=20_00, tendered=20_00)
    milk, deposit = completed_sale(paid(of((MILK, 2000)), card), HERE, GOODS, sequence=1).lines
    assert (milk.tax_class, milk.tax_rate, milk.kind, milk.reducible) == ("goods", 13, "goods", 1)
    assert (deposit.tax_class, deposit.tax_rate, deposit.tax) == ("deposit", 0, 0)
    assert (deposit.kind, deposit.reducible, deposit.paid) == ("deposit", 0, 4_00)
    assert (deposit.name, deposit.lots, deposit.source) == ("押金·奶", (), "deposit")
    assert milk.lots == (LotShare(lot="m1", known="assumed", quantity=2000, unit_cost=7),)


def test_what_cash_lets_go_is_its_own_reduction_and_leaves_the_bag_alone() -> None:
    odd = msgspec.structs.replace(CAKE, price=10_06)
    cash = Handed(tender="cash", amount=10_50, tendered=10_50)
    sale = completed_sale(
        paid(of((odd, 1000), (BAG, 1000)), cash, cash=True), HERE, GOODS, sequence=1
    )
    cake, bag = sale.lines
    assert cake.reductions == (Reduction(rule="rounding", kind="rounding", name="抹零", amount=-6),)
    assert (cake.paid, bag.paid, bag.reductions, sale.rounding) == (10_00, 50, (), -6)


def test_a_kits_parts_share_its_price_by_what_they_cost_alone() -> None:
    tea = Product(code="X", name="茶", unit="罐", price=40_00)
    card = Handed(tender="card", amount=30_00, tendered=30_00)
    goods = msgspec.structs.replace(GOODS, products={"C": CAKE, "X": tea})
    (line,) = completed_sale(paid(of((BOX, 1000)), card), HERE, goods, sequence=1).lines
    # Two cakes are 20.00, half a tea 20.00 as well.
    assert [(part.product, part.name, part.quantity, part.paid) for part in line.parts] == [
        ("C", "饼", 2000, 15_00),
        ("X", "茶", 500, 15_00),
    ]
    assert [share.lot for share in line.parts[0].lots] == ["c1"]
    assert (line.lots, line.kind) == ((), "kit")


def test_a_part_the_catalogue_lost_goes_by_its_code_and_for_nothing() -> None:
    card = Handed(tender="card", amount=60_00, tendered=60_00)
    (line,) = completed_sale(paid(of((BOX, 2000)), card), HERE, GOODS, sequence=1).lines
    assert [(part.product, part.name, part.quantity, part.paid) for part in line.parts] == [
        ("C", "饼", 4000, 60_00),
        ("X", "X", 1000, 0),
    ]
    # What the kit took is gone for the next line.
    both = lots_to_take(of((BOX, 1000), (CAKE, 2000)), GOODS, "2026-12-08")
    assert both[1] == ()
    assert [(share.lot, share.quantity) for share in both[2]] == [("c1", 1000), ("c2", 1000)]


def test_lines_take_their_lots_one_after_the_other_and_work_takes_none() -> None:
    first, second = (with_line(Basket(id="b", opened_ms=0), CAKE, n, code=c)[0].lines[0]
                     for n, c in ((2000, "1"), (2000, "2")))  # fmt: skip
    basket = msgspec.structs.replace(
        of((WORK, 1000)),
        lines=(first, msgspec.structs.replace(second, line=2), of((WORK, 1000)).lines[0]),
    )
    basket = msgspec.structs.replace(
        basket, lines=(*basket.lines[:2], msgspec.structs.replace(basket.lines[2], line=3))
    )
    taken = lots_to_take(basket, GOODS, "2026-12-08")
    assert [(share.lot, share.quantity) for share in taken[1]] == [("c1", 2000)]
    assert [(share.lot, share.quantity) for share in taken[2]] == [("c1", 1000), ("c2", 1000)]
    assert taken[3] == ()


def test_a_lot_that_ended_yesterday_is_taken_last() -> None:
    old = LotOnHand("old", "old", 9000, 7, "2026-12-07", 0)
    goods = msgspec.structs.replace(GOODS, lots={"C": (old, lot("new", 9000))})
    basket = of((CAKE, 1000))
    assert [share.lot for share in lots_to_take(basket, goods, "2026-12-07")[1]] == ["old"]
    card = Handed(tender="card", amount=10_00, tendered=10_00)
    (line,) = completed_sale(paid(basket, card), HERE, goods, sequence=1).lines
    assert [share.lot for share in line.lots] == ["new"]


def test_old_goods_stand_first_among_its_tenders_and_are_named() -> None:
    refund = came_back({"shop": "KP01", "till": "1", "day": "2026-12-07", "shift": "s"})
    cash = Handed(tender="cash", amount=3_00, tendered=5_00, change=2_00)
    sale = completed_sale(
        paid(of((CAKE, 1000)), cash), HERE, GOODS, sequence=2, back=TakenBack("r", refund, 7_00)
    )
    assert [(each.tender, each.amount) for each in sale.tenders] == [
        ("exchange", 7_00),
        ("cash", 3_00),
    ]
    assert (sale.exchange, sale.change) == ("r", 2_00)


def test_promotions_are_counted_by_code() -> None:
    rules = tuple(
        Promotion(
            code=code, name=code, kind="percent", permille=100, from_ms=0, products=(product,)
        )
        for code, product in (("Z", "C"), ("A", "M"))
    )
    basket = msgspec.structs.replace(of((CAKE, 1000), (MILK, 1000)), promotions=rules, priced_ms=9)
    card = Handed(tender="card", amount=9_00 + 7_20 + 2_00, tendered=18_20)
    sale = completed_sale(paid(basket, card), HERE, GOODS, sequence=1)
    assert sale.used == (PromotionUsed(code="A", times=1), PromotionUsed(code="Z", times=1))
    assert sale.reduced == -1_80
