"""A completed sale freezes everything a report, a refund or an auditor will ever ask for."""

import msgspec
import pytest

from app.errors import Refusal
from app.facts.sales import SaleCompleted, SaleLine
from app.pricing.rules import Discount
from app.sales import discounts
from app.sales.basket import Basket, with_discount, with_line, with_override, with_quantity
from tests.stories.counters import LEAD, MANAGER, ShopFloor


def last_sale(shop: ShopFloor) -> SaleCompleted:
    """The sale that was completed last."""
    done = shop.till.counter.last
    assert done is not None
    return done.sale


def one_line(shop: ShopFloor, code: str) -> SaleLine:
    """The only line of a sale of one piece."""
    shop.sell(code)
    return last_sale(shop).lines[0]


def test_a_line_keeps_mark_brand_towns_origin_class_and_tier(counter: ShopFloor) -> None:
    line = one_line(counter, "11014")
    assert (line.mark, line.brand, line.brand_town) == ("dual", "开平优品", "马冈")
    assert (line.origin_town, line.three_origin, line.tier) == ("马冈", "部分原产·主体", "中端")
    assert (line.category, line.subcategory) == ("1.1", "鹅蛋卷")
    assert (line.name, line.spec, line.unit, line.source) == ("马冈鹅蛋卷", "300g", "盒", "scan")
    bag = one_line(counter, "99001")
    assert (bag.mark, bag.brand, bag.reducible) == ("", "", 0)


def test_a_line_keeps_its_lots_with_what_they_cost(counter: ShopFloor) -> None:
    (share,) = one_line(counter, "11014").lots
    assert share.known == "assumed" and share.lot
    assert (share.quantity, share.unit_cost) == (1000, 19_000_000)


def test_the_header_keeps_who_sold_where_and_under_which_versions(counter: ShopFloor) -> None:
    counter.sell("11014")
    sale = last_sale(counter)
    assert (sale.shop, sale.till, sale.drawer, sale.series) == ("KP01", "1", "1", "D")
    assert (sale.day, sale.person, sale.channel) == ("2026-12-07", "101", "C13")
    assert sale.seller and sale.shift and sale.price_list and sale.rights
    assert sale.taxonomy == "2025-1"
    assert sale.opened_ms == counter.clock.wall_ms()


def test_lines_due_and_tenders_agree_with_every_reduction_shared(counter: ShopFloor) -> None:
    counter.sign_in(MANAGER)
    for code in ("11014", "12001", "99001", "21006"):
        counter.ok("scan", code=code)
    counter.ok("scan", code="2111004218778")
    counter.ok("override_price", line=1, price="36.66", reason="压坏")
    counter.ok("discount", line=2, percent="7", reason="熟客")
    counter.ok("discount", amount="9.99", reason="凑整")
    counter.ok("pay", tender="cash", amount="300")
    counter.ok("pay", tender="cash")
    sale = last_sale(counter)
    assert sum(line.paid for line in sale.lines) == sale.due
    assert sum(tender.amount for tender in sale.tenders) == sale.due
    assert sum(t.tendered for t in sale.tenders) - sale.change == sale.due
    for line in sale.lines:
        assert line.paid == line.amount + sum(each.amount for each in line.reductions)
    assert sale.gross + sale.reduced + sale.rounding == sale.due
    shares = [
        each.amount
        for line in sale.lines
        for each in line.reductions
        if each.kind == "basket_discount"
    ]
    assert sum(shares) == -999
    kinds = {each.kind for line in sale.lines for each in line.reductions}
    assert kinds >= {"override", "line_discount", "basket_discount"}
    bag = next(line for line in sale.lines if line.product == "99001")
    deposit = next(line for line in sale.lines if line.kind == "deposit")
    assert (bag.paid, bag.reductions, deposit.paid) == (50, (), 5000)
    assert sale.tax == sum(line.tax for line in sale.lines) and deposit.tax == 0


def test_tax_is_right_for_each_class_over_the_whole_sale(counter: ShopFloor) -> None:
    for _ in range(7):
        counter.ok("add", product="11004", quantity="0.013")
    for _ in range(3):
        counter.ok("add", product="16009", quantity="0.333")
    counter.ok("scan", code="11014")
    counter.ok("pay", tender="cash")
    sale = last_sale(counter)
    by_class: dict[tuple[str, int], list[SaleLine]] = {}
    for line in sale.lines:
        by_class.setdefault((line.tax_class, line.tax_rate), []).append(line)
    for (_, rate), lines in by_class.items():
        paid, tax = sum(line.paid for line in lines), sum(line.tax for line in lines)
        assert abs(tax * (100 + rate) * 2 - paid * rate * 2) <= 100 + rate


def test_approvals_and_answers_travel_with_the_sale(counter: ShopFloor) -> None:
    counter.ok("scan", code="21010")
    counter.ok("answer", question="age", value="yes")
    yes = {"approver": LEAD[0], "approver_pin": LEAD[1]}
    counter.ok("discount", line=1, percent="10", reason="节日", **yes)
    counter.ok("pay", tender="cash")
    sale = last_sale(counter)
    assert [(each.person, each.action) for each in sale.approvals] == [("201", "discount")]
    assert [(each.question, each.value) for each in sale.answers] == [("age:18", "yes")]


def test_a_sale_after_midnight_takes_no_lot_that_ended_yesterday(counter: ShopFloor) -> None:
    counter.sign_in(MANAGER)
    counter.ok(
        "receive",
        lines=[
            {
                "product": "24007",
                "quantity": "5",
                "cost": "1",
                "lot": "OLD",
                "expires": "2026-12-07",
            }
        ],
    )
    counter.ok("wait", until="2026-12-08T00:30:00+08:00")
    counter.ok("scan", code="24007")
    counter.ok("answer", question="date", value="2027-01-01")
    counter.ok("pay", tender="cash")
    sale = last_sale(counter)
    assert sale.day == "2026-12-07"
    old = counter.rows("SELECT lot FROM lot WHERE batch = 'OLD'")[0][0]
    assert sale.lines[0].lots[0].lot != old


# --- limits, without a shop -------------------------------------------------------------------


def basket_of(shop: ShopFloor, **pieces: int) -> Basket:
    """A basket of so many pieces of each product."""
    basket = Basket(id="b", opened_ms=0)
    for code, count in pieces.items():
        basket, _ = with_line(basket, shop.till.counter.product(code[1:]), count * 1000)
    return basket


@pytest.mark.parametrize(
    ("role", "permille", "may"),
    [
        ("cashier", 50, True),
        ("cashier", 60, False),
        ("lead", 100, True),
        ("lead", 110, False),
        ("manager", 300, True),
        ("manager", 310, False),
        ("auditor", 10, False),
    ],
)
def test_each_role_has_its_own_depth(
    counter: ShopFloor, role: str, permille: int, may: bool
) -> None:
    basket = with_discount(basket_of(counter, p12003=3), 1, Discount(permille=permille))
    assert discounts.within(basket, role) is may


def test_many_bags_in_a_basket_make_no_line_cheaper(counter: ShopFloor) -> None:
    basket = basket_of(counter, p12003=1, p11014=400)
    deep = with_discount(basket, 1, Discount(amount=1000))
    assert not discounts.within(deep, "cashier")


def test_what_a_second_person_allowed_stays_allowed_but_goes_no_deeper(
    counter: ShopFloor,
) -> None:
    approved = with_discount(basket_of(counter, p12003=4, p11014=1), 1, Discount(permille=200))
    assert discounts.within(with_quantity(approved, 1, 7000), "cashier", approved)
    other = with_discount(approved, 2, Discount(permille=50))
    assert discounts.within(other, "cashier", approved)
    deeper = with_discount(approved, 1, Discount(permille=250))
    assert not discounts.within(deeper, "cashier", approved)
    assert discounts.role_for(deeper, approved) == "manager"


def test_nobody_charges_more_than_the_tag_says(counter: ShopFloor) -> None:
    basket = basket_of(counter, p12003=1)
    with pytest.raises(Refusal, match="price_above_tag"):
        with_override(basket, 1, 128_01, "手误")
    assert with_override(basket, 1, 128_00, "原价").lines[0].override == 128_00
    assert counter.refused("override_price", line=9, price="1", reason="x") == "no_such_line"


def test_an_emptied_basket_starts_anew_but_remembers_what_was_taken_out(
    counter: ShopFloor,
) -> None:
    counter.ok("scan", code="12003")
    counter.ok("discount", percent="5", reason="熟客")
    counter.ok("remove", line=1)
    basket = counter.till.counter.basket
    assert not basket.discount and basket.removed == 1
    assert counter.ok("scan", code="12003")["basket"]["due"] == "128.00"


def test_a_draft_of_every_kind_of_line_comes_back_the_same(counter: ShopFloor) -> None:
    for code in ("11014", "21006", "2111004218778", "12006"):
        counter.ok("scan", code=code)
    counter.ok("discount", line=1, percent="5", reason="熟客")
    counter.ok("scan", code="16009")
    before = counter.till.counter.basket
    counter.restart()
    assert counter.till.counter.basket == before
    assert msgspec.json.decode(msgspec.json.encode(before), type=Basket) == before
