"""Promotions and price lists at the counter: members, caps, codes, and prices that change under an
open basket."""

import msgspec

from app.facts.pricing import KitPiece, Step
from app.sales.explaining import basket_hints
from tests.app.pricing.publishing import price, publish, rule
from tests.stories.counters import ShopFloor

TEA, BISCUIT, RICE = "12006", "21008", "14001"


def told(shop: ShopFloor) -> list[tuple[str, str]]:
    """What the till says of the open basket beside its total."""
    return [(each.kind, each.promotion.code) for each in basket_hints(shop.till.counter)]


def enrol(shop: ShopFloor, phone: str = "13800005678") -> None:
    shop.ok("member_create", name="陈小姐", phone=phone, consent=True)


def test_a_members_list_is_theirs_alone(shop: ShopFloor) -> None:
    enrol(shop)
    price(shop.till.books, BISCUIT, 40_00, group="member")
    assert shop.ok("scan", code=BISCUIT)["basket"]["due"] == "48.00"
    basket = shop.ok("member", phone="13800005678")["basket"]
    assert basket["due"] == "40.00"
    assert basket["lines"][0]["reductions"] == [
        {"kind": "member", "name": "会员价", "amount": "-8.00"}
    ]
    shop.till.counter.leave_member()
    assert shop.ok("basket")["basket"]["due"] == "48.00"


def test_a_members_cap_is_kept_over_all_their_sales(shop: ShopFloor) -> None:
    enrol(shop)
    enrol(shop, "13900001234")
    publish(
        shop.till.books, rule(kind="item_price", price=30_00, products=(BISCUIT,), member_cap=3)
    )
    shop.ok("add", product=BISCUIT, quantity="2")
    assert shop.ok("why", line=1)["not_applied"][0]["reason"] == "会员才有"
    assert shop.ok("member", phone="13800005678")["basket"]["due"] == "60.00"
    shop.ok("pay", tender="cash")
    shop.ok("add", product=BISCUIT, quantity="2")
    assert shop.ok("member", phone="13800005678")["basket"]["due"] == "78.00"
    shop.ok("pay", tender="cash")
    shop.ok("scan", code=BISCUIT)
    assert shop.ok("member", phone="13800005678")["basket"]["due"] == "48.00"
    assert "用完" in shop.ok("why", line=1)["not_applied"][0]["reason"]
    # Neither a day later nor with the clock turned back is there a fourth.
    shop.ok("wait", seconds=86_400)
    shop.ok("set_quantity", line=1, quantity="2")
    assert shop.ok("basket")["basket"]["due"] == "96.00"
    assert shop.ok("member", phone="13900001234")["basket"]["due"] == "60.00"


def test_a_member_is_told_what_they_have_had_often_enough(shop: ShopFloor) -> None:
    enrol(shop)
    publish(
        shop.till.books, rule(kind="item_price", price=30_00, products=(BISCUIT,), member_cap=1)
    )
    publish(shop.till.books, rule(code="Q", permille=100, products=(TEA,)))
    assert told(shop) == []
    shop.ok("scan", code=BISCUIT)
    # Nobody's basket has used up nothing.
    assert told(shop) == []
    shop.ok("member", phone="13800005678")
    assert told(shop) == [("cap", "P")]
    shop.ok("pay", tender="cash")
    shop.ok("scan", code=BISCUIT)
    shop.ok("member", phone="13800005678")
    assert told(shop) == [("used_up", "P")]
    shop.ok("remove", line=1)
    shop.ok("scan", code=TEA)
    shop.ok("member", phone="13800005678")
    assert told(shop) == []


def test_add_on_goods_are_offered_to_whom_they_are_for(shop: ShopFloor) -> None:
    books, now = shop.till.books, shop.clock.wall_ms()
    known = {"kind": "swap", "products": (RICE,), "price": 9_90, "steps": (Step(spend=1_00),)}
    publish(books, rule(code="A", **known))
    publish(books, rule(code="C", needs_code="TEN", **known))
    publish(books, rule(code="L", from_ms=now + 60_000, **known))
    publish(books, rule(code="M", member_cap=1, **known))
    publish(books, rule(code="P", permille=100, products=(TEA,)))
    shop.ok("scan", code=BISCUIT)
    assert told(shop) == [("swap", "A")]
    shop.ok("use_code", code="ten")
    assert told(shop) == [("swap", "A"), ("swap", "C")]
    enrol(shop)
    shop.ok("member", phone="13800005678")
    assert told(shop) == [("swap", "A"), ("swap", "C"), ("swap", "M")]


def test_a_baskets_own_cap_stays_below_a_members(shop: ShopFloor) -> None:
    enrol(shop)
    publish(
        shop.till.books,
        rule(kind="item_price", price=30_00, products=(BISCUIT,), member_cap=3, basket_cap=1),
    )
    shop.ok("add", product=BISCUIT, quantity="2")
    assert shop.ok("member", phone="13800005678")["basket"]["due"] == "78.00"


def test_a_code_is_shown_once_and_counts(shop: ShopFloor) -> None:
    publish(
        shop.till.books,
        rule(kind="spend_get", steps=(Step(spend=40_00, off=5_00),), needs_code="TEN", name="券"),
    )
    shop.ok("scan", code=BISCUIT)
    assert shop.ok("why", line=1)["not_applied"] == [
        {"code": "P", "name": "券", "reason": "要出示优惠码"}
    ]
    assert shop.refused("use_code", code="ELEVEN") == "unknown_promotion_code"
    assert shop.refused("use_code", code="") == "unknown_promotion_code"
    for _ in range(2):
        answer = shop.ok("use_code", code="ten")
        assert (answer["name"], answer["basket"]["due"]) == ("券", "43.00")


def test_what_was_taken_back_stays_promised_to_an_open_basket(shop: ShopFloor) -> None:
    publish(shop.till.books, rule(permille=500, products=(BISCUIT, TEA)))
    shop.ok("scan", code=BISCUIT)
    shop.ok("promotion", code="P", withdraw=True)
    assert [line["net"] for line in shop.ok("scan", code=BISCUIT)["basket"]["lines"]] == [
        "24.00", "48.00",
    ]  # fmt: skip
    assert shop.refused("set_quantity", line=1, quantity="2") == "price_changed"
    # Even after the till was closed and opened again.
    shop.restart()
    shop.ok("scan", code="99001")
    assert shop.ok("basket")["basket"]["due"] == "72.50"


def test_a_promise_that_needed_a_member_goes_with_them(shop: ShopFloor) -> None:
    enrol(shop)
    publish(shop.till.books, rule(permille=500, products=(BISCUIT,), member_cap=5))
    publish(shop.till.books, rule(code="Q", kind="member", permille=100))
    shop.ok("scan", code=BISCUIT)
    shop.ok("scan", code=RICE)
    shop.ok("member", phone="13800005678")
    shop.ok("promotion", code="P", withdraw=True)
    shop.ok("promotion", code="Q", withdraw=True)
    assert shop.ok("scan", code="99001")["basket"]["due"] == "102.50"
    shop.till.counter.leave_member()
    assert shop.ok("basket")["basket"]["due"] == "126.50"


def test_a_set_scanned_piece_by_piece_becomes_one_when_it_is_whole(shop: ShopFloor) -> None:
    parts = (KitPiece(product=BISCUIT, pieces=1), KitPiece(product=RICE, pieces=1))
    publish(shop.till.books, rule(kind="kit", parts=parts, price=100_00))
    shop.ok("scan", code=BISCUIT)
    assert shop.ok("scan", code=RICE)["basket"]["due"] == "100.00"
    shop.ok("remove", line=1)
    assert shop.ok("basket")["basket"]["due"] == "78.00"


def test_a_fallen_price_is_charged_for_what_lies_there_and_a_risen_one_for_new(
    shop: ShopFloor,
) -> None:
    books = shop.till.books
    price(books, BISCUIT, 40_00, from_ms=shop.clock.wall_ms() + 60_000)
    price(books, RICE, 90_00, from_ms=shop.clock.wall_ms() + 60_000)
    shop.ok("scan", code=BISCUIT)
    shop.ok("scan", code=RICE)
    shop.ok("wait", seconds=60)
    assert shop.ok("scan", code=RICE)["basket"]["due"] == "208.00"
    assert shop.refused("set_quantity", line=2, quantity="2") == "price_changed"
    assert shop.ok("set_quantity", line=1, quantity="2")["basket"]["due"] == "248.00"


def test_the_sale_freezes_which_prices_it_was_sold_under(shop: ShopFloor) -> None:
    document = price(shop.till.books, BISCUIT, 47_00)
    publish(shop.till.books, rule(permille=100))
    shop.sell(BISCUIT)
    content = shop.rows("SELECT content FROM entry WHERE kind LIKE 'sale_completed%'")[0][0]
    sale = msgspec.json.decode(content)
    assert sale["price_list"] == document and sale["promotions"]
    assert sale["used"] == [{"code": "P", "times": 1}]
    assert (sale["lines"][0]["list_price"], sale["lines"][0]["charged"]) == (47_00, 42_30)


def test_a_members_list_of_another_zone_or_day_is_nobodys(shop: ShopFloor) -> None:
    enrol(shop)
    now = shop.clock.wall_ms()
    price(shop.till.books, BISCUIT, 40_00, group="member", zone="airport")
    price(shop.till.books, BISCUIT, 41_00, group="member", from_ms=now + 60_000)
    price(shop.till.books, BISCUIT, 42_00, group="member", to_ms=now - 60_000)
    shop.ok("scan", code=BISCUIT)
    assert shop.ok("member", phone="13800005678")["basket"]["due"] == "48.00"
    shop.ok("wait", seconds=60)
    assert shop.ok("scan", code="99001")["basket"]["due"] == "41.50"


def test_a_containers_deposit_has_no_price_to_lower(shop: ShopFloor) -> None:
    publish(shop.till.books, rule(permille=500))
    water = "21006"
    price(shop.till.books, water, 20_00, floor=1)
    basket = shop.ok("scan", code=water)["basket"]
    assert [line["net"] for line in basket["lines"]] == ["10.00", "50.00"]
    assert [each["name"] for each in shop.ok("why", line=2)["rules"]] == ["押金"]
    assert shop.ok("why", line=2)["not_applied"][0]["reason"] == "不参加任何优惠"
    shop.ok("set_quantity", line=1, quantity="2")
    shop.ok("pay", tender="cash")
    assert shop.rows("SELECT product, price FROM price_charged") == [(water, 10_00)]
