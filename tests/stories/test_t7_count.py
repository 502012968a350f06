"""T7: goods are counted while the shop sells, without a network, by people who cannot see the
books; a second person counts again what is worth it, a lead lets the difference stand."""

from typing import Any

import pytest

from tests.stories.counters import AUDITOR, CASHIER, LEAD, MANAGER, MakeShop, ShopFloor

APPROVED = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}
TEA, GOOSE, EGGS = "12003", "11004", "13006"


def received(product: str, quantity: str, cost: str, **more: str) -> dict[str, str]:
    papers = {"certificate": "HGZ-1"} if product == GOOSE else {}
    return {"product": product, "quantity": quantity, "cost": cost, **papers, **more}


@pytest.fixture
def shop(make_shop: MakeShop) -> ShopFloor:
    """An empty demo shop that took its goods in yesterday; two boxes of eggs have expired since."""
    shop = make_shop("t7", stock=False)
    shop.sign_in(MANAGER)
    shop.ok(
        "receive",
        supplier="开平合作社",
        lines=[
            received(TEA, "24", "76.00", lot="HC1103"),
            received(GOOSE, "35.400", "60.00", lot="EG1127"),
            received(EGGS, "2", "9.50", lot="JJ1101", expires="2026-12-07"),
            received(EGGS, "38", "9.50", lot="JJ1201", expires="2027-08-01"),
        ],
    )
    shop.ok("clock", now="2026-12-08T13:40:00+08:00")
    shop.open_shift()
    return shop


def count_of(shop: ShopFloor) -> str:
    return str(shop.ok("count_open", zone=["A1", "A3"])["count"])


def sold(shop: ShopFloor, product: str, quantity: str) -> None:
    shop.ok("add", product=product, quantity=quantity)
    question = shop.ok("basket")["basket"]["question"]
    if question:
        shop.ok("answer", question=question["question"], value="yes")
    shop.ok("pay", tender="cash")


def counted_while_selling(shop: ShopFloor) -> str:
    """The three lines of the day: two people count, the till sells in between."""
    count = count_of(shop)
    sold(shop, TEA, "1")
    sold(shop, GOOSE, "0.300")
    shop.ok("count_line", count=count, zone="A1", product=TEA, quantity="22")
    shop.ok("count_line", count=count, zone="A1", product=GOOSE, quantity="34.950")
    shop.ok("count_line", count=count, zone="A3", product=EGGS, quantity="41")
    return count


def by_product(answer: dict[str, Any]) -> dict[str, tuple[str, str, str, str]]:
    return {
        each["product"]: (each["counted"], each["book"], each["difference"], each["value"])
        for each in answer["lines"]
    }


@pytest.mark.without_network("货", "边卖边盘点、过账")
def test_the_days_count_comes_to_its_figures(shop: ShopFloor) -> None:
    count = counted_while_selling(shop)
    sold(shop, EGGS, "1")
    shop.sign_in(LEAD)
    assert shop.refused("count_close", count=count) == "recount_needed"
    again = shop.ok("recount", count=count)["recount"]
    assert [each["product"] for each in again] == [TEA]
    shop.ok("recount", count=count, product=TEA, quantity="22", counter="201")
    sold(shop, TEA, "2")
    closed = shop.ok("count_close", count=count)
    assert by_product(closed) == {
        TEA: ("22", "23", "-1", "-76.00"),
        GOOSE: ("34.950", "35.100", "-0.150", "-9.00"),
        EGGS: ("41", "40", "1", "9.50"),
    }
    assert (closed["net"], closed["gross"]) == ("-75.50", "94.50")
    # What was sold after the counting is sold: the books follow the shelf, not the count.
    on_hand = {product: shop.on_hand(product) for product in (TEA, GOOSE, EGGS)}
    assert on_hand == {TEA: "20", GOOSE: "34.950", EGGS: "40"}
    # The two boxes past their date are a matter of their own.
    gone = {"product": EGGS, "lot": "JJ1101", "quantity": "-2", "reason": "expired"}
    shop.ok("adjust", lines=[gone], **APPROVED)
    assert shop.on_hand(EGGS) == "38"
    written_off = "SELECT sum(quantity * unit_cost) FROM movement WHERE reason = 'expired'"
    assert shop.rows(written_off) == [(-19_00 * 10_000_000,)]
    shop.verified()


def test_a_counter_never_sees_what_the_books_say_until_it_is_closed(shop: ShopFloor) -> None:
    count = counted_while_selling(shop)
    status = shop.ok("count_status", count=count)
    assert not {"lines", "net", "gross", "uncounted"} & status.keys()
    assert [each["counted"] for each in status["counted"]] == ["22", "34.950", "41"]
    # That a figure is worth a recount would tell how far off it is.
    assert status["recount"] == []
    shop.sign_in(LEAD)
    assert shop.ok("count_status", count=count)["net"] == "-75.50"
    shop.ok("count_line", count=count, zone="A3", product=EGGS, quantity="0")
    assert "net" not in shop.ok("count_status", count=count), "a lead who counts sees nothing too"


def test_nobody_counts_their_own_difference_again(shop: ShopFloor) -> None:
    count = counted_while_selling(shop)
    assert shop.refused("recount", count=count, product=TEA, quantity="23") == "recount_same"
    shop.ok("recount", count=count, product=TEA, quantity="23", counter="102")
    shop.sign_in(LEAD)
    assert shop.ok("count_close", count=count)["net"] == "0.50"


def test_a_difference_above_ones_limit_needs_a_different_person(shop: ShopFloor) -> None:
    count = count_of(shop)
    shop.ok("count_line", count=count, zone="A1", product=TEA, quantity="22")
    shop.sign_in(LEAD)
    shop.ok("recount", count=count, product=TEA, quantity="22")
    close = {"count": count}
    assert shop.refused("count_close", **close) == "approval_needed"
    own = {"approver": LEAD[0], "approver_pin": LEAD[1]}
    assert shop.refused("count_close", **close, **own) == "approver_same"
    cashier = {"approver": CASHIER[0], "approver_pin": CASHIER[1]}
    assert shop.refused("count_close", **close, **cashier) == "over_limit"
    assert shop.ok("count_close", **close, **APPROVED)["net"] == "-152.00"
    assert shop.refused("count_close", **close) == "count_closed"
    refused = {"product": TEA, "quantity": "1"}
    assert shop.refused("count_line", **close, **refused) == "count_closed"


def test_expired_boxes_stay_in_the_books_as_expired_and_are_not_sold(shop: ShopFloor) -> None:
    count = count_of(shop)
    shop.ok("count_line", count=count, zone="A3", product=EGGS, quantity="41")
    shop.sign_in(LEAD)
    shop.ok("count_close", count=count)
    lots = {each["lot"]: each for each in shop.ok("lots", product=EGGS)["lots"]}
    assert {name: (lot["on_hand"], lot["state"]) for name, lot in lots.items()} == {
        "JJ1101": ("2", "expired"),
        "JJ1201": ("39", "sellable"),
    }
    shop.sign_in(CASHIER)
    assert shop.refused("scan", code=f"L:{lots['JJ1101']['lot_id']}") == "lot_expired"


def test_what_nobody_counted_stays_and_is_set_to_nought_only_by_an_act_of_its_own(
    shop: ShopFloor,
) -> None:
    count = count_of(shop)
    shop.ok("count_line", count=count, zone="A3", product=EGGS, quantity="40")
    shop.sign_in(LEAD)
    closed = shop.ok("count_close", count=count)
    assert (closed["net"], closed["not_counted"]) == ("0.00", 2)
    assert shop.on_hand(TEA) == "24"
    zero = {"count": count, "products": [TEA]}
    assert shop.refused("count_zero", **zero) == "approval_needed"
    # 24 × 76.00 is within a manager's limit, not within the lead's.
    assert shop.ok("count_zero", **zero, **APPROVED)["net"] == "-1824.00"
    assert shop.on_hand(TEA) == "0"
    assert shop.refused("count_zero", count=count, products=[EGGS], **APPROVED) == "counted_already"
    shop.verified()


def test_goods_sold_between_two_shelves_of_one_article_are_counted_again(shop: ShopFloor) -> None:
    count = count_of(shop)
    shop.ok("count_line", count=count, zone="A1", product=EGGS, quantity="10")
    sold(shop, EGGS, "1")
    shop.ok("count_line", count=count, zone="A3", product=EGGS, quantity="29")
    why = [(each["product"], each["why"]) for each in shop.ok("recount", count=count)["recount"]]
    assert why == [(EGGS, "moved")]
    shop.sign_in(LEAD)
    assert shop.refused("count_close", count=count) == "recount_needed"
    # It stands on two shelves: whoever counts again says on which.
    assert shop.refused("recount", count=count, product=EGGS, quantity="10") == "which_shelf"
    shop.ok("recount", count=count, zone="A1", product=EGGS, quantity="10")
    closed = shop.ok("count_close", count=count)
    assert by_product(closed) == {EGGS: ("39", "39", "0", "0.00")}


def test_two_people_at_one_shelf_are_seen_and_settled_by_looking_again(shop: ShopFloor) -> None:
    count = count_of(shop)
    for counter in ("102", "103"):
        line = {"product": EGGS, "quantity": "40", "counter": counter}
        shop.ok("count_line", count=count, zone="A3", **line)
    status = shop.ok("count_status", count=count)
    assert status["doubled"] == [{"zone": "A3", "product": EGGS}]
    assert status["counted"][0]["counted"] == "80"
    shop.sign_in(LEAD)
    assert shop.refused("count_close", count=count) == "recount_needed"
    shop.ok("count_line", count=count, product=EGGS, quantity="40", zone="A3", replace=True)
    assert shop.ok("count_close", count=count)["net"] == "0.00"


def test_scans_add_and_the_last_one_is_taken_back(shop: ShopFloor) -> None:
    count = count_of(shop)
    for expected in ("1", "2", "3"):
        answer = shop.ok("count_line", count=count, zone="A3", product=EGGS)
        assert answer["counted"] == expected
    assert shop.ok("count_line", count=count, undo=True)["undone"] == EGGS
    status = shop.ok("count_status", count=count)
    assert status["counted"][0]["counted"] == "2"
    shop.ok("count_line", count=count, undo=True)
    shop.ok("count_line", count=count, undo=True)
    assert shop.refused("count_line", count=count, undo=True) == "nothing_to_undo"
    assert shop.ok("count_status", count=count)["missed"] == ["A1", "A3"]


def test_unknown_goods_are_listed_and_not_lost(shop: ShopFloor) -> None:
    count = count_of(shop)
    answer = shop.ok("count_line", count=count, product="6901234567892", quantity="5")
    assert answer["known"] is False
    assert shop.ok("count_status", count=count)["unknown"] == [
        {"code": "6901234567892", "zone": "A1", "quantity": "5", "counter": CASHIER[0]}
    ]


def test_a_scale_label_brings_its_weight_and_cannot_be_multiplied(shop: ShopFloor) -> None:
    count = count_of(shop)
    # 18 digits: PLU 11004, 128.00 yuan, 1.280 kg.
    label = "22" + GOOSE + "12800" + "01280"
    total = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(reversed(label)))
    label += str(-total % 10)
    assert shop.ok("count_line", count=count, product=label)["counted"] == "1.280"
    assert shop.ok("count_line", count=count, product=label)["counted"] == "2.560"
    refused = shop.refused("count_line", count=count, product=label, quantity="3")
    assert refused == "label_decides"
    assert shop.refused("count_line", count=count, product=GOOSE) == "quantity_needed"


def test_bad_figures_and_codes_of_other_things_change_nothing(shop: ShopFloor) -> None:
    count = count_of(shop)
    line = {"count": count, "product": EGGS}
    for quantity in ("-1", "1e9", "999999999", "1.5", "一", "NaN"):
        code = shop.refused("count_line", **line, quantity=quantity)
        assert code in ("bad_quantity", "fraction_of_unit"), quantity
    assert shop.refused("count_line", count=count, product="M:123") == "not_goods_code"
    assert shop.refused("count_line", count=count, product="134567890123456789") == "not_goods_code"
    assert shop.refused("count_line", count=count, product="\x07") == "unknown_code"
    assert shop.refused("count_line", count="nobody's", product=EGGS) == "no_such_count"
    assert shop.refused("count_line", **line, zone="Z9") == "no_such_zone"
    assert shop.refused("count_open", zone="") == "bad_zone"
    assert shop.refused("count_open", zone="A1", place="moon") == "bad_place"
    assert shop.refused("count_close", count=count) == "nothing_counted"
    assert shop.ok("count_status", count=count)["counted"] == []


def test_a_shelf_that_is_being_counted_leads_to_its_count(shop: ShopFloor) -> None:
    count = count_of(shop)
    again = shop.ok("count_open", zone="A3")
    assert (again["count"], again["joined"]) == (count, True)
    more = shop.ok("count_open", zone="B1", place="store", count=count)
    assert more["zones"][-1] == {"zone": "B1", "place": "store"}
    other = shop.ok("count_open", zone="C1")
    assert other["count"] != count
    assert other["also_open"] == [count]
    assert shop.refused("count_open", zone=["A1", "C1"]) == "zone_counted_elsewhere"


def test_goods_in_baskets_put_aside_are_shown_beside_the_count(shop: ShopFloor) -> None:
    count = count_of(shop)
    shop.ok("add", product=TEA, quantity="2")
    shop.ok("hold", name="陈生")
    beside = shop.ok("count_status", count=count)["beside"]
    assert beside == [{"where": "basket", "which": "", "product": TEA, "quantity": "2"}]


def test_a_count_goes_on_after_the_till_was_closed_and_a_name_is_never_kept(
    shop: ShopFloor,
) -> None:
    count = count_of(shop)
    shop.ok("count_line", count=count, product=TEA, quantity="12", counter="张三")
    shop.restart()
    shop.ok("count_line", count=count, product=TEA, quantity="12", counter="张三")
    status = shop.ok("count_status", count=count)
    assert status["counted"][0]["counted"] == "24"
    assert status["doubled"] == []
    assert "张三" not in str(shop.rows("SELECT content FROM entry"))


def test_an_auditor_looks_and_does_not_count(shop: ShopFloor) -> None:
    count = counted_while_selling(shop)
    shop.sign_in(AUDITOR)
    assert shop.ok("count_status", count=count)["net"] == "-75.50"
    refused = shop.refused("count_line", count=count, product=TEA, quantity="1")
    assert refused in ("approval_needed", "not_allowed")
