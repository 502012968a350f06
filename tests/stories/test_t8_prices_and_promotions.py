"""T3 and T8 a-c, T11's basket: a price and a promotion by the clock, and what they come to."""

import json

import pytest

from app.facts.pricing import Promotion
from app.sales.trying import Sold, try_promotion
from tests.stories.counters import CASHIER, LEAD, MANAGER, ShopFloor
from tests.support import facts

MEMBER_PHONE = "13800005678"
TEA, BISCUIT, BAG, GOOSE = "12006", "21008", "99001", "11012"
DOUBLE_TWELVE = {
    "code": "D12-TEA",
    "name": "双12 三色套装",
    "kind": "item_price",
    "from": "2026-12-12T00:00:00+08:00",
    "to": "2026-12-12T23:59:00+08:00",
    "products": [TEA],
    "params": {"price": "168.00"},
}
THREE_HUNDRED = {
    "code": "M300",
    "name": "满300减40",
    "kind": "spend_get",
    "from": "2026-12-12",
    "to": "2026-12-12",
    "params": {"spend": "300.00", "off": "40.00"},
}
MEMBERS = {
    "code": "VIP",
    "name": "会员 9.5 折",
    "kind": "member",
    "from": "2026-12-01",
    "params": {"percent": "5"},
}


@pytest.fixture
def shop(counter: ShopFloor) -> ShopFloor:
    """A counter whose manager has just come to publish something."""
    counter.sign_in(MANAGER)
    return counter


def prices(shop: ShopFloor) -> list[str]:
    return [line["net"] for line in shop.ok("basket")["basket"]["lines"]]


def at(shop: ShopFloor, moment: str) -> None:
    shop.ok("wait", until=f"2026-{moment}+08:00")


# --- T3: a label printed before the price fell --------------------------------------------------


def print_goose_label(shop: ShopFloor) -> None:
    """1.235 kg of roast goose at 108.00, printed here today."""
    label = {"kind": "weigh", "product": GOOSE, "quantity": "1.235", "format": "18"}
    assert shop.ok("print_label", **label)["bars"] == "221101213338012356"


def lower_the_goose(shop: ShopFloor, price: str) -> None:
    print_goose_label(shop)
    shop.ok(
        "price_list",
        **{"from": "2026-12-07T17:00:00+08:00", "lines": [{"product": GOOSE, "price": price}]},
    )
    shop.sign_in(CASHIER)


@pytest.mark.without_network("价格", "店长自己调价")
def test_after_the_price_fell_the_lower_is_charged_and_shown(shop: ShopFloor) -> None:
    lower_the_goose(shop, "98.00")
    at(shop, "12-07T17:05:00")
    shop.ok("scan", code="2116008028514")
    basket = shop.ok("scan", code="221101213338012356")["basket"]
    goose = basket["lines"][1]
    assert (goose["amount"], goose["net"], goose["quantity"]) == ("133.38", "121.03", "1.235")
    [fell] = goose["reductions"]
    assert (fell["kind"], fell["name"], fell["amount"]) == ("label_price", "降价差", "-12.35")
    assert (basket["gross"], basket["reduced"], basket["due"]) == ("161.89", "-12.35", "149.54")
    rules = shop.ok("why", line=2)["rules"]
    assert [rule["amount"] for rule in rules] == ["133.38", "-12.35"]
    assert "17:00" in rules[0]["name"]


def test_before_the_change_and_after_a_rise_the_label_stands(shop: ShopFloor) -> None:
    lower_the_goose(shop, "118.00")
    at(shop, "12-07T16:59:59")
    assert shop.ok("scan", code="221101213338012356")["basket"]["due"] == "133.38"
    at(shop, "12-07T17:05:00")
    assert shop.ok("scan", code="221101213338012356")["basket"]["due"] == "266.76"
    assert prices(shop) == ["133.38", "133.38"]


# --- T8: by the clock ---------------------------------------------------------------------------


@pytest.mark.without_network("价格", "促销到点自己开始、自己结束")
def test_a_promotion_begins_and_ends_to_the_second(shop: ShopFloor) -> None:
    version = shop.ok("promotion", **DOUBLE_TWELVE)["version"]
    assert int(version) > 0
    shop.sign_in(CASHIER)
    at(shop, "12-11T23:59:59")
    assert shop.ok("scan", code=TEA)["basket"]["due"] == "198.00"
    shop.ok("pay", tender="cash", amount="198.00")
    at(shop, "12-12T00:00:00")
    basket = shop.ok("scan", code=TEA)["basket"]
    assert basket["due"] == "168.00"
    [line] = basket["lines"]
    assert (line["unit_price"], line["amount"]) == ("198.00", "198.00")
    assert line["reductions"] == [
        {"kind": "promotion", "name": "双12 三色套装", "amount": "-30.00"}
    ]
    shop.ok("pay", tender="cash", amount="168.00")
    at(shop, "12-12T23:59:59")
    assert shop.ok("scan", code=TEA)["basket"]["due"] == "168.00"
    shop.ok("pay", tender="cash", amount="168.00")
    at(shop, "12-13T00:00:00")
    assert shop.ok("scan", code=TEA)["basket"]["due"] == "198.00"
    shop.verified()


def test_an_open_basket_keeps_the_lower_price_at_both_ends(shop: ShopFloor) -> None:
    shop.ok("promotion", **DOUBLE_TWELVE)
    shop.sign_in(CASHIER)
    at(shop, "12-11T23:59:50")
    shop.ok("scan", code=TEA)
    at(shop, "12-12T00:00:05")
    # What lay there already is lowered as well, so both are one line.
    assert shop.ok("scan", code=TEA)["basket"]["due"] == "336.00"
    assert prices(shop) == ["336.00"]
    at(shop, "12-13T00:00:00")
    shop.ok("scan", code=TEA)
    assert prices(shop) == ["336.00", "198.00"]
    assert shop.refused("set_quantity", line=1, quantity="3") == "price_changed"
    assert shop.ok("set_quantity", line=1, quantity="1")["basket"]["due"] == "366.00"
    shop.ok("checkout")
    assert shop.ok("pay", tender="cash")["state"] == "complete"


def test_full_three_hundred_begins_and_ends_the_same_way(shop: ShopFloor) -> None:
    shop.ok("promotion", **THREE_HUNDRED)
    shop.sign_in(CASHIER)
    at(shop, "12-11T23:59:59")
    shop.ok("scan", code=TEA)
    assert shop.ok("scan", code=TEA)["basket"]["due"] == "396.00"
    at(shop, "12-12T00:00:00")
    assert shop.ok("basket")["basket"]["due"] == "356.00"
    assert shop.ok("checkout")["basket"]["due"] == "356.00"
    at(shop, "12-12T00:00:01")
    shop.ok("pay", tender="cash")
    # In 收款 nothing moves, whatever begins meanwhile.
    at(shop, "12-12T23:00:00")
    half = {"code": "H", "kind": "percent", "params": {"percent": "50"}}
    shop.sign_in(MANAGER)
    shop.ok("promotion", **half, **{"from": "2026-12-12T23:10:00+08:00", "to": "2026-12-12"})
    shop.sign_in(CASHIER)
    shop.ok("scan", code=TEA)
    shop.ok("checkout")
    at(shop, "12-12T23:11:00")
    assert shop.ok("basket")["basket"]["due"] == "198.00"
    shop.ok("pay", tender="cash")
    at(shop, "12-13T00:00:00")
    shop.ok("scan", code=TEA)
    assert shop.ok("scan", code=TEA)["basket"]["due"] == "396.00"


def test_a_price_before_above_the_seven_days_lowest_is_refused(shop: ShopFloor) -> None:
    stated = DOUBLE_TWELVE | {"params": {"price": "168.00", "base": "218.00"}}
    assert shop.refused("promotion", **stated) == "base_price_too_high"
    assert shop.ok("promotion", **DOUBLE_TWELVE | {"params": {"price": "168.00", "base": "198.00"}})
    # A lower price a person gave counts as well.
    shop.ok("scan", code=TEA)
    shop.ok("override_price", line=1, price="150.00", reason="盒角压坏")
    shop.ok("pay", tender="cash")
    assert shop.refused(
        "promotion", **DOUBLE_TWELVE | {"params": {"price": "120.00", "base": "198.00"}}
    ) == "base_price_too_high"  # fmt: skip
    # Seven days later it no longer does.
    at(shop, "12-08T12:00:00")
    shop.sell(TEA)
    later = {"from": "2026-12-15", "to": "2026-12-15"}
    assert shop.ok(
        "promotion", **DOUBLE_TWELVE | later | {"params": {"price": "120.00", "base": "198.00"}}
    )


def test_the_tags_that_will_lie_are_known_the_day_before(shop: ShopFloor) -> None:
    shop.ok("promotion", **DOUBLE_TWELVE)
    shop.ok(
        "price_list",
        **{"from": "2026-12-12T17:00:00+08:00", "lines": [{"product": GOOSE, "price": "98.00"}]},
    )
    at(shop, "12-10T12:00:00")
    assert shop.ok("tags_due")["tags"] == []
    at(shop, "12-11T12:00:00")
    due = [(tag["product"], tag["at"], tag["after"]) for tag in shop.ok("tags_due")["tags"]]
    assert due == [
        (TEA, "2026-12-12T00:00:00+08:00", "168.00"),
        (GOOSE, "2026-12-12T17:00:00+08:00", "98.00"),
    ]


def test_a_clock_a_minute_off_is_said_where_prices_are_published(shop: ShopFloor) -> None:
    assert "warnings" not in shop.ok("promotion", **DOUBLE_TWELVE)
    shop.clock.jump_wall(59_000)
    assert "warnings" not in shop.ok("promotion", **DOUBLE_TWELVE)
    shop.clock.jump_wall(2_000)
    [warning] = shop.ok("promotion", **DOUBLE_TWELVE)["warnings"]
    assert "61" in warning
    assert shop.ok("tags_due")["warnings"] == [warning]
    [task] = shop.ok("tasks")["tasks"]
    assert (task["task"], task["kind"], "61" in task["words"]) == ("clock", "clock_skew", True)
    assert shop.refused("settle_task", task="clock", answer="wrong") == "unknown_task"
    shop.ok("settle_task", task="clock", answer="right")
    assert shop.ok("tasks")["tasks"] == [] == shop.ok("tags_due")["warnings"]


def test_turning_the_clock_back_opens_no_promotion_again(shop: ShopFloor) -> None:
    shop.ok("promotion", **DOUBLE_TWELVE)
    shop.sign_in(CASHIER)
    at(shop, "12-13T00:01:00")
    shop.sell(TEA)
    shop.clock.jump_wall(-110_000)
    assert shop.ok("scan", code=TEA)["basket"]["due"] == "198.00"
    shop.ok("cancel_basket", reason="不要了")
    shop.clock.jump_wall(-3_600_000)
    shop.ok("confirm_clock")
    assert shop.ok("scan", code=TEA)["basket"]["due"] == "198.00"
    shop.ok("cancel_basket", reason="不要了")


def test_turning_the_clock_on_opens_no_promotion_before_a_person_vouches(shop: ShopFloor) -> None:
    shop.ok("promotion", **DOUBLE_TWELVE)
    shop.sign_in(CASHIER)
    at(shop, "12-11T12:00:00")
    shop.sell(BAG)
    shop.clock.jump_wall(13 * 3_600_000)
    assert shop.ok("scan", code=TEA)["basket"]["due"] == "198.00"
    assert shop.refused("pay", tender="cash") == "clock_jumped"
    shop.clock.jump_wall(-13 * 3_600_000)
    assert shop.ok("pay", tender="cash")["due"] == "198.00"


# --- T11: the basket ----------------------------------------------------------------------------


def promoted(shop: ShopFloor) -> None:
    shop.ok("promotion", **DOUBLE_TWELVE)
    shop.ok("promotion", **THREE_HUNDRED)
    shop.ok("promotion", **MEMBERS)
    shop.sign_in(CASHIER)
    shop.ok("member_create", name="陈小姐", phone=MEMBER_PHONE, consent=True)
    at(shop, "12-12T10:00:00")


@pytest.mark.parametrize("order", [(TEA, BISCUIT, BAG), (BAG, BISCUIT, TEA)])
def test_the_double_twelve_basket_to_the_fen(shop: ShopFloor, order: tuple[str, ...]) -> None:
    promoted(shop)
    pieces = {TEA: "2", BISCUIT: "3", BAG: "1"}
    for code in order:
        shop.ok("add", product=code, quantity=pieces[code])
    basket = shop.ok("member", phone=MEMBER_PHONE)["basket"]
    lines = {line["product"]: line for line in basket["lines"]}
    assert lines[TEA]["net"] == "307.57" and lines[BISCUIT]["net"] == "125.23"
    assert [each["amount"] for each in lines[TEA]["reductions"]] == ["-60.00", "-28.43"]
    assert [(each["kind"], each["amount"]) for each in lines[BISCUIT]["reductions"]] == [
        ("member", "-7.20"), ("promotion", "-11.57"),
    ]  # fmt: skip
    assert lines[BAG]["reductions"] == []
    assert (basket["due"], basket["rounding"]) == ("433.30", "0.00")
    skipped = shop.ok("why", line=lines[TEA]["line"])["not_applied"]
    assert skipped == [{"code": "VIP", "name": "会员 9.5 折", "reason": "促销商品不再享受会员价"}]
    shop.ok("pay", tender="cash", amount="500.00")
    sold = shop.ok("receipt")["receipt"]
    paid = {line["product"]: line["paid"] for line in sold["lines"]}
    assert paid == {TEA: "307.57", BISCUIT: "125.23", BAG: "0.50"}
    [tea] = [line for line in sold["lines"] if line["product"] == TEA]
    assert tea["parts"]
    shop.verified()


def test_the_kit_knows_what_was_paid_for_each_of_its_parts(shop: ShopFloor) -> None:
    shop.sell(TEA)
    shares = shop.rows("SELECT content FROM entry WHERE kind LIKE 'sale_completed%'")
    [line] = json.loads(shares[0][0])["lines"]
    assert sum(part["paid"] for part in line["parts"]) == line["paid"] == 198_00
    assert all(part["paid"] > 0 for part in line["parts"])


def test_without_a_member_the_rule_says_what_it_takes(shop: ShopFloor) -> None:
    promoted(shop)
    shop.ok("scan", code=BISCUIT)
    said = {each["code"]: each["reason"] for each in shop.ok("why", line=1)["not_applied"]}
    assert said == {"VIP": "会员才有", "M300": "还差 252.00"}


# --- Trying one before it is published ------------------------------------------------------------


def test_a_promotion_is_tried_on_the_receipts_of_a_day(shop: ShopFloor) -> None:
    shop.ok(
        "price_list",
        lines=[{"product": BISCUIT, "price": "48.00", "floor": "40.00"}],
    )
    shop.sell(TEA, TEA)
    shop.sell(BISCUIT, BAG)
    shop.sell(BAG)
    half = {"code": "HALF", "kind": "percent", "products": [BISCUIT], "params": {"percent": "10"}}
    tried = shop.ok("promotion", **half, **{"try": "2026-12-07"})["tried"]
    assert (tried["receipts"], tried["effect"]) == (3, "-4.80")
    assert (tried["below_floor"], tried["below_cost"]) == ([], [])
    every = THREE_HUNDRED | {"try": "2026-12-07"}
    tried = shop.ok("promotion", **every)["tried"]
    assert [each["effect"] for each in tried["changed"]] == ["-40.00"]
    assert tried["products"] == [
        {"product": TEA, "name": tried["products"][0]["name"], "quantity": "2", "effect": "-40.00"}
    ]
    low = every | {"params": {"spend": "40.00", "off": "39.00"}}
    assert shop.ok("promotion", **low)["tried"]["below_floor"] == [BISCUIT]
    assert shop.rows("SELECT count(*) FROM promotion") == [(0,)]


def test_what_people_decided_that_day_stays_in_a_trial(shop: ShopFloor) -> None:
    shop.ok("scan", code=BISCUIT)
    shop.ok("override_price", line=1, price="40.00", reason="盒角压坏")
    shop.ok("discount", line=1, amount="2.00", reason="老顾客")
    shop.ok("discount", amount="1.00", reason="凑整")
    shop.ok("pay", tender="cash")
    print_goose_label(shop)
    shop.ok("scan", code="221101213338012356")
    shop.ok("pay", tender="cash", amount="140.00")
    half = {"code": "H", "kind": "percent", "params": {"percent": "50"}, "try": "2026-12-07"}
    tried = shop.ok("promotion", **half)["tried"]
    assert [(each["before"], each["after"]) for each in tried["changed"]] == [
        ("37.00", "17.00"), ("133.38", "66.69"),
    ]  # fmt: skip
    # A rule for members or with a code is tried as it would be met: by nobody, by everybody.
    assert shop.ok("promotion", **half | {"kind": "member"})["tried"]["changed"] == []
    code = half | {"params": {"percent": "50", "code": "X"}}
    assert shop.ok("promotion", **code)["tried"]["effect"] == "-86.69"
    shop.ok("promotion", code="Y", kind="percent", params={"percent": "10", "code": "Y"})
    assert shop.ok("promotion", **half)["tried"]["before"] == "170.38"
    standing = {"code": "Z", "kind": "percent", "params": {"percent": "10"}}
    shop.ok("promotion", **standing, **{"from": "2026-12-01"})
    assert shop.ok("promotion", **half)["tried"]["before"] == "153.04"
    assert shop.ok("promotion", **half | {"code": "Z"})["tried"]["before"] == "170.38"


def test_goods_this_till_does_not_know_are_tried_all_the_same(shop: ShopFloor) -> None:
    rule = Promotion(code="H", name="H", kind="percent", from_ms=0, permille=500)
    strange = facts.sold(("NEW", 10_00, 1000))
    with shop.till.books.read() as db:
        trial = try_promotion(db, "KP01", [Sold(strange, 1)], rule, [])
    assert (trial.after - trial.before, trial.below_cost) == (-5_00, ())


# --- Who may, and down to where -------------------------------------------------------------------


def test_prices_are_the_managers(shop: ShopFloor) -> None:
    shop.sign_in(CASHIER)
    assert shop.refused("promotion", **DOUBLE_TWELVE) == "approval_needed"
    line = {"product": BISCUIT, "price": "1.00"}
    assert shop.refused("price_list", lines=[line]) == "approval_needed"


def test_nobody_goes_below_the_floor_alone(shop: ShopFloor) -> None:
    line = {"product": BISCUIT, "price": "48.00", "floor": "45.00"}
    shop.ok("price_list", lines=[line])
    cheap = {"code": "C", "kind": "item_price", "products": [BISCUIT], "params": {"price": "44.00"}}
    assert shop.refused("promotion", **cheap) == "below_floor"
    shop.ok("scan", code=BISCUIT)
    assert shop.refused("override_price", line=1, price="44.00", reason="x") == "below_floor"
    assert shop.ok("override_price", line=1, price="45.00", reason="x")["basket"]["due"] == "45.00"
    yes = {"approver": "302", "approver_pin": "975318"}
    own = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}
    low = {"line": 1, "price": "44.00", "reason": "x"}
    lead = {"approver": LEAD[0], "approver_pin": LEAD[1]}
    assert shop.refused("override_price", **low, **own) == "approver_same"
    assert shop.refused("override_price", **low, **lead) == "over_limit"
    assert shop.ok("override_price", **low, **yes)["basket"]["due"] == "44.00"
    # What was approved is not asked again when the basket changes otherwise.
    shop.ok("scan", code=TEA)
    assert shop.ok("set_quantity", line=1, quantity="2")["basket"]["due"] == "286.00"
