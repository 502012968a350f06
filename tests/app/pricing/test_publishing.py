"""What may be published, what a till then reads, and what a sale leaves behind for it."""

from typing import Any

import pytest

from app.catalogue.queries import product as find
from app.clock import iso
from app.errors import Refusal
from app.facts.pricing import KitPiece, ListedPrice, PriceListSet, Step
from app.pricing import actions
from app.pricing.actions import (
    MOST_PRODUCTS,
    check_shape,
    set_prices,
    withdraw_prices,
    withdraw_promotion,
)
from app.pricing.board import PriceBoard
from app.pricing.queries import (
    Listed,
    base_price,
    daily_lowest,
    listed,
    price_at,
    price_lists,
    prices_in,
    promotions,
)
from app.transaction import Books, transaction
from tests.app.pricing.publishing import price, publish, rule
from tests.stories.counters import ShopFloor

TEA, BISCUIT = "12006", "21008"
DAY_MS = 86_400_000


def board(books: Books, zone: str = "") -> PriceBoard:
    return PriceBoard(books, lambda: zone)


def costs(books: Books, product: str, moment: int, zone: str = "") -> int:
    prices = board(books, zone)
    with books.read() as db:
        one = find(db, books.shop, product)
        assert one is not None
        return prices.listed(db, one, moment).price


# --- Which list ----------------------------------------------------------------------------------


def test_the_list_published_last_wins_while_it_is_valid(books: Books) -> None:
    price(books, BISCUIT, 47_00)
    price(books, BISCUIT, 46_00, from_ms=1_000, to_ms=2_000)
    assert [costs(books, BISCUIT, at) for at in (0, 999, 1_000, 1_999, 2_000)] == [
        47_00, 47_00, 46_00, 46_00, 47_00,
    ]  # fmt: skip
    assert costs(books, TEA, 0) == 198_00


def test_a_zones_list_is_for_its_shops_and_comes_before_everybodys(books: Books) -> None:
    price(books, BISCUIT, 50_00, zone="airport")
    price(books, BISCUIT, 47_00)
    assert costs(books, BISCUIT, 1) == 47_00
    assert costs(books, BISCUIT, 1, zone="airport") == 50_00


def test_head_offices_list_comes_first_and_one_for_a_group_is_only_for_them() -> None:
    def row(owner: str, version: str, group: str = "", zone: str = "") -> Listed:
        return Listed("d" + version, owner, version, group, zone, 0, 0, int(version), 0)

    rows = [
        row("KP01", "9"),
        row("hub", "1"),
        row("KP01", "3", "member"),
        row("KP01", "4", "", "z"),
    ]
    ranked = sorted(rows, key=lambda each: each.rank, reverse=True)
    assert [each.version for each in ranked] == ["1", "3", "4", "9"]
    assert price_at(ranked[1:], 0, moment=1)[0] == 9
    assert price_at(ranked[1:], 0, moment=1, group="member")[0] == 3
    assert price_at(ranked[1:], 0, moment=1, zone="z")[0] == 4
    assert price_at([], 7, moment=1) == (7, None)


def test_a_list_taken_back_prices_nothing(books: Books) -> None:
    document = price(books, BISCUIT, 47_00)
    with transaction(books, staff="301") as tx:
        withdraw_prices(tx, document)
    assert costs(books, BISCUIT, 1) == 48_00


def test_lists_are_shown_until_they_end_the_one_that_begins_last_first(books: Books) -> None:
    price(books, TEA, 190_00, from_ms=1_000)
    over = price(books, TEA, 180_00, from_ms=2_000, to_ms=5_000)
    later = price(books, TEA, 170_00, from_ms=9_000)
    gone = price(books, TEA, 160_00, from_ms=9_000)
    with transaction(books, staff="301") as tx:
        withdraw_prices(tx, gone)
        lines = [ListedPrice(product=code, price=40_00, floor=30_00) for code in (BISCUIT, TEA)]
        both = set_prices(tx, lines, from_ms=9_000, group="member", zone="airport")
    with books.read() as db:
        # Of two that begin together the one published last comes first.
        stand = [(each.document, each.count) for each in price_lists(db, books.shop, 4_999)]
        assert [each for each, _ in stand[:2]] == [both, later]
        assert stand[0] == (both, 2)
        assert over in [each for each, _ in stand]
        after = price_lists(db, books.shop, 5_000)
        assert {over, gone} & {each.document for each in after} == set()
        assert (after[0].group, after[0].zone, after[0].from_ms) == ("member", "airport", 9_000)
        assert prices_in(db, books.shop, both, 9) == [
            (TEA, 40_00, 30_00),
            (BISCUIT, 40_00, 30_00),
        ]
        assert prices_in(db, books.shop, both, 1) == [(TEA, 40_00, 30_00)]


def test_a_long_list_is_several_facts_under_one_document(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    with books.read() as db:
        codes = [row[0] for row in db.exec_driver_sql("SELECT code FROM product ORDER BY code")]
    many = [ListedPrice(product=code, price=1) for code in codes]
    monkeypatch.setattr(actions, "MOST_LINES", len(many) // 2)
    with transaction(books, staff="301") as tx:
        document = set_prices(tx, many, from_ms=0)
        facts = [entry.fact for entry in tx.entries if isinstance(entry.fact, PriceListSet)]
    assert {fact.document for fact in facts} == {document}
    assert len(many) % 2 == 1
    assert [(fact.part, fact.parts) for fact in facts] == [(1, 3), (2, 3), (3, 3)]
    with books.read() as db:
        found = [row.document for code in codes for row in listed(db, books.shop, code)]
    assert found == [document] * len(many)


@pytest.mark.parametrize(
    ("lines", "more", "code"),
    [
        ([], {}, "bad_price_list"),
        ([(BISCUIT, 1, 0)], {"to_ms": 5, "from_ms": 5}, "bad_price_list"),
        ([(BISCUIT, 1, 0), (BISCUIT, 2, 0)], {}, "bad_price_list"),
        ([(BISCUIT, -1, 0)], {}, "bad_price_list"),
        ([(BISCUIT, 1, -1)], {}, "bad_price_list"),
        ([(BISCUIT, 1, 2)], {}, "below_floor"),
        ([("nothing", 1, 0)], {}, "no_such_product"),
    ],
)
def test_a_list_that_cannot_be_is_refused(
    books: Books, lines: list[tuple[str, int, int]], more: dict[str, int], code: str
) -> None:
    made = [ListedPrice(product=one, price=fen, floor=floor) for one, fen, floor in lines]
    with pytest.raises(Refusal, match=code), transaction(books, staff="301") as tx:
        set_prices(tx, made, **({"from_ms": 0} | more))


# --- Which promotion ---------------------------------------------------------------------------


STEP = (Step(spend=100, off=10),)
PARTS = (KitPiece(product=TEA, pieces=1),)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "gift"}, "kind"),
        ({"code": "", "permille": 1}, "code"),
        ({"name": "", "permille": 1}, "name"),
        ({"permille": 1, "to_ms": 1_000}, "to"),
        ({"permille": 1, "weekdays": (0,)}, "weekdays"),
        ({"permille": 1, "weekdays": (8,)}, "weekdays"),
        ({"permille": 1, "hours": ("9-10",)}, "hours"),
        ({"permille": 1, "products": ("x",) * (MOST_PRODUCTS + 1)}, "products"),
        ({}, "permille"),
        ({"permille": 1_000}, "percent"),
        ({"permille": -1}, "percent"),
        ({"permille": 5, "price": 5}, "percent"),
        ({"kind": "item_price", "products": (TEA,)}, "price"),
        ({"kind": "item_price", "price": 5}, "products"),
        ({"kind": "nth", "permille": 500}, "n"),
        ({"kind": "nth", "n": 1, "permille": 500}, "n"),
        ({"kind": "nth", "n": 2}, "percent"),
        ({"kind": "nth", "n": 2, "permille": 1_001}, "percent"),
        ({"kind": "buy_get", "n": 1}, "get"),
        ({"kind": "buy_get", "get": 1}, "n"),
        ({"kind": "spend_get"}, "steps"),
        ({"kind": "spend_get", "steps": (Step(spend=0, off=1),)}, "steps"),
        ({"kind": "spend_get", "steps": (Step(spend=5, off=6),)}, "steps"),
        ({"kind": "spend_get", "steps": (Step(spend=5),)}, "steps"),
        ({"kind": "spend_get", "steps": (Step(spend=5, permille=1_000),)}, "steps"),
        ({"kind": "swap", "products": (TEA,), "price": 5}, "steps"),
        ({"kind": "swap", "products": (TEA,), "steps": STEP}, "price"),
        ({"kind": "swap", "price": 5, "steps": STEP}, "products"),
        ({"kind": "kit", "price": 5}, "parts"),
        ({"kind": "kit", "parts": PARTS}, "price"),
        ({"kind": "kit", "price": 5, "parts": (KitPiece(product=TEA, pieces=0),)}, "params"),
        ({"kind": "member"}, "percent"),
        ({"kind": "member", "permille": 50, "basket_cap": 1}, "cap"),
        ({"kind": "member", "permille": 50, "member_cap": 1}, "cap"),
        ({"permille": 5, "basket_cap": -1}, "params"),
    ],
)
def test_a_promotion_that_makes_no_sense_names_the_field(
    fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        check_shape(rule(**fields))
    assert (refused.value.code, refused.value.details["field"]) == ("bad_promotion", field)


@pytest.mark.parametrize(
    "fields",
    [
        {"permille": 1},
        {"permille": 999, "to_ms": 1_001, "weekdays": (1, 7), "hours": ("09:00-10:00",)},
        {"kind": "item_price", "price": 0, "products": (TEA,)},
        {"kind": "nth", "n": 2, "permille": 1_000},
        {"kind": "nth", "n": 2, "price": 0},
        {"kind": "buy_get", "n": 1, "get": 1},
        {"kind": "spend_get", "steps": (Step(spend=5, off=5), Step(spend=6, permille=1))},
        {"kind": "swap", "products": (TEA,), "price": 0, "steps": (Step(spend=1),)},
        {"kind": "kit", "parts": PARTS, "price": 0},
        {"kind": "member", "price": 0},
        {"kind": "member", "permille": 1},
    ],
)
def test_a_promotion_at_the_edge_of_sense_is_taken(fields: dict[str, Any]) -> None:
    check_shape(rule(**fields))


def test_a_new_version_takes_the_place_of_the_old_and_may_be_taken_back(books: Books) -> None:
    publish(books, rule(permille=100))
    publish(books, rule(permille=200))
    with books.read() as db:
        assert [each.promotion.permille for each in promotions(db, books.shop)] == [200]
    with transaction(books, staff="301") as tx:
        withdraw_promotion(tx, "P")
    with books.read() as db:
        assert promotions(db, books.shop) == ()
    with (
        pytest.raises(Refusal, match="no_such_promotion"),
        transaction(books, staff="301") as tx,
    ):
        withdraw_promotion(tx, "P")
    with pytest.raises(Refusal, match="no_such_product"):
        publish(books, rule(permille=100, products=("nothing",)))


def test_no_price_below_the_floor_is_published(books: Books) -> None:
    price(books, BISCUIT, 48_00, floor=45_00)
    for fields in (
        {"kind": "item_price", "price": 44_99},
        {"kind": "member", "price": 44_99},
        {"permille": 63},
    ):
        with pytest.raises(Refusal, match="below_floor"):
            publish(books, rule(products=(BISCUIT,), **fields))
    publish(books, rule(products=(BISCUIT,), permille=62))
    publish(books, rule(products=(BISCUIT,), kind="item_price", price=45_00))
    swap = {"kind": "swap", "price": 1_00, "steps": (Step(spend=1),)}
    publish(books, rule(products=(BISCUIT,), **swap))


# --- The price before --------------------------------------------------------------------------


def test_the_base_is_the_lowest_charged_in_exactly_seven_days(shop: ShopFloor) -> None:
    books = shop.till.books
    start = shop.clock.wall_ms()
    shop.ok("scan", code=BISCUIT)
    shop.ok("discount", line=1, percent="10", reason="x")
    shop.ok("discount", amount="1.00", reason="whole basket")
    shop.ok("pay", tender="cash")
    with books.read() as db:
        [(sold_ms, fen)] = db.exec_driver_sql("SELECT order_ms, price FROM price_charged")
        # What came off the whole basket is no price of these goods.
        assert (fen, sold_ms >= start) == (43_20, True)

        def base(at: int) -> int:
            return base_price(db, books.shop, BISCUIT, at, 48_00)

        assert base(sold_ms) == 48_00
        assert base(sold_ms + 1) == 43_20
        assert base(sold_ms + 7 * DAY_MS) == 43_20
        # Without a sale in the seven days it is the last price charged.
        assert base(sold_ms + 30 * DAY_MS) == 43_20
        [(day, lowest)] = daily_lowest(db, books.shop, BISCUIT, 0, sold_ms + 1)
        assert iso(day * DAY_MS)[:10] == iso(sold_ms)[:10] and lowest == 43_20
    shop.ok("wait", seconds=8 * 86_400)
    shop.sell(BISCUIT)
    # Entries written while the clock stands still are ordered a millisecond apart.
    shop.ok("wait", seconds=1)
    with books.read() as db:
        assert base_price(db, books.shop, BISCUIT, shop.clock.wall_ms(), 1) == 48_00


# --- The board ---------------------------------------------------------------------------------


def test_the_board_shows_what_one_costs_anybody_now(shop: ShopFloor) -> None:
    books, now = shop.till.books, shop.clock.wall_ms()
    publish(books, rule(permille=500, needs_code="X"))
    publish(books, rule(code="Q", permille=500, member_cap=1))
    publish(books, rule(code="R", permille=500, from_ms=now + 1_000))
    assert shop.ok("find", text=BISCUIT)["products"][0]["price"] == "48.00"
    publish(books, rule(code="S", permille=100, products=(BISCUIT,), basket_cap=1))
    assert shop.ok("find", text=BISCUIT)["products"][0]["price"] == "43.20"
    assert shop.ok("price_check", code="99001")["product"]["price"] == "0.50"
    assert shop.ok("find", text=TEA)["products"][0]["price"] == "198.00"
    price(books, BISCUIT, 40_00)
    assert shop.ok("find", text=BISCUIT)["products"][0]["price"] == "36.00"


def test_the_board_lists_changes_of_lists_and_of_rules_for_everything(shop: ShopFloor) -> None:
    books, now = shop.till.books, shop.clock.wall_ms()
    prices = board(books)
    publish(books, rule(permille=100, from_ms=now + 10, to_ms=now + 20))
    publish(books, rule(code="Q", permille=100, from_ms=now + 10, hours=("09:00-10:00",)))
    price(books, BISCUIT, 40_00, from_ms=now + 5, to_ms=now + 30)
    with books.read() as db:
        changes = prices.changes(db, now, now + 30)
        everything = [each for each in changes if each.moment == now + 10]
        assert len(everything) > 100
        assert all(each.after < each.before for each in everything)
        of = [(each.moment - now, each.before, each.after) for each in changes
              if each.product.code == BISCUIT]  # fmt: skip
    assert of == [(5, 48_00, 40_00), (10, 40_00, 36_00), (20, 36_00, 40_00), (30, 40_00, 48_00)]
