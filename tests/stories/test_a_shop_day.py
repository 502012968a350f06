"""A day at the counter, as cashiers live it, through the console."""

import json

import pytest

from tests.stories.counters import AUDITOR, CASHIER, LEAD, MANAGER, ShopFloor

EGG_ROLL, BLACK_TEA, BAG = "6900000110140", "6900000120019", "99001"
WALLET = "134567890123456789"


@pytest.mark.without_network("卖货", "挂单、取单")
def test_two_customers_wait_by_name_while_a_third_is_served(counter: ShopFloor) -> None:
    counter.ok("scan", code=EGG_ROLL)
    counter.ok("hold", name="王阿姨")
    counter.ok("scan", code=BLACK_TEA)
    held = counter.ok("hold", name="陈伯")["held"]
    assert [each["name"] for each in held] == ["王阿姨", "陈伯"]
    counter.sell("21008")
    assert counter.refused("resume") == "choose_held"
    wang, chen = (each["id"] for each in counter.ok("held")["held"])
    assert counter.ok("resume", id=chen)["basket"]["due"] == "68.00"
    assert counter.refused("resume", id=wang) == "basket_not_empty"
    counter.ok("pay", tender="cash")
    assert counter.ok("resume", id=wang)["basket"]["lines"][0]["product"] == "11014"
    counter.ok("pay", tender="cash")
    assert counter.refused("resume") == "nothing_held"
    assert counter.kinds().count("sale_completed") == 3
    assert "王阿姨" not in json.dumps(counter.rows("SELECT CAST(content AS TEXT) FROM entry"))
    counter.verified()


def test_a_basket_given_up_is_kept_for_the_report(counter: ShopFloor) -> None:
    counter.ok("scan", code=EGG_ROLL)
    assert counter.refused("cancel_basket") == "reason_needed"
    assert counter.ok("cancel_basket", reason="顾客走了")["basket"]["lines"] == []
    assert counter.ok("x_report")["acts"] == {"basket_cancelled": 1}
    assert counter.refused("cancel_basket", reason="再来") == "basket_empty"
    counter.verified()


def test_a_cashier_takes_out_three_lines_and_then_somebody_else_says_yes(
    counter: ShopFloor,
) -> None:
    for code in ("11014", "12001", "21008", "21004", "12003"):
        counter.ok("scan", code=code)
    for line in (1, 2, 3):
        counter.ok("remove", line=line)
    assert counter.refused("remove", line=4) == "approval_needed"
    assert counter.refused("remove", line=4, approver="101", approver_pin="246810") == (
        "approver_same"
    )
    assert counter.refused("remove", line=4, approver="201", approver_pin="000000") == "wrong_pin"
    basket = counter.ok("remove", line=4, approver="201", approver_pin="135791")["basket"]
    assert [line["product"] for line in basket["lines"]] == ["12003"]
    done = counter.ok("pay", tender="cash")
    sale = counter.ok("receipt", number=done["receipt"]["number"])["receipt"]
    assert sale["due"] == "128.00"
    assert counter.kinds().count("line_removed") == 4
    assert counter.kinds().count("refusal_shown") >= 1
    counter.verified()


@pytest.mark.without_network("卖货", "打折、当场授权")
def test_discounts_within_the_limit_need_nobody_and_above_it_a_second_person(
    counter: ShopFloor,
) -> None:
    counter.ok("scan", code="12003")
    assert counter.refused("discount", line=1, percent="5") == "reason_needed"
    basket = counter.ok("discount", line=1, percent="5", reason="包装压坏")["basket"]
    assert basket["lines"][0]["net"] == "121.60"
    assert counter.refused("discount", line=1, percent="8", reason="熟客") == "approval_needed"
    over = {"line": 1, "percent": "12", "reason": "熟客"}
    assert counter.refused("discount", **over, approver="201", approver_pin="135791") == (
        "over_limit"
    )
    basket = counter.ok("discount", **over, approver="301", approver_pin="864209")["basket"]
    assert basket["due"] == "112.64"
    rules = counter.ok("why", line=1)["rules"]
    assert [rule["kind"] for rule in rules] == ["list_price", "line_discount"]
    counter.ok("pay", tender="cash")
    counter.verified()


def test_an_amount_off_many_goods_cannot_be_kept_on_few(counter: ShopFloor) -> None:
    counter.ok("add", product="12003", quantity="10")
    counter.ok("discount", line=1, amount="60.00", reason="整箱")
    assert counter.refused("set_quantity", line=1, quantity="1") == "approval_needed"
    counter.ok("scan", code="11014")
    counter.ok("discount", amount="5.00", reason="凑整", approver="301", approver_pin="864209")
    assert counter.refused("remove", line=1) == "approval_needed"


def test_money_in_two_parts_and_the_slip_of_a_finger(counter: ShopFloor) -> None:
    counter.ok("scan", code="12003")
    assert counter.refused("pay", tender="cash", amount="12800") == "received_too_large"
    assert counter.refused("pay", tender="cash", amount="100000") == "received_too_large"
    for amount in ("0", "-5", "1.234", "abc", "1e3", ""):
        assert counter.refused("pay", tender="cash", amount=amount) == "bad_amount"
    part = counter.ok("pay", tender="cash", amount="100")
    assert (part["state"], part["open"], part["paid"]) == ("open", "28.00", "100.00")
    assert counter.refused("scan", code=EGG_ROLL) == "not_a_payment_code"
    assert counter.refused("close_shift", counted="500") == "collecting"
    rest = counter.ok("pay", tender="cash", amount="50")
    assert (rest["state"], rest["change"], rest["tendered"]) == ("complete", "22.00", "150.00")
    tenders = counter.ok("receipt")["receipt"]["tenders"]
    assert [tender["amount"] for tender in tenders] == ["100.00", "28.00"]
    counter.verified()


def test_a_wallet_code_over_a_basket_opens_the_till_for_money_and_waits(
    counter: ShopFloor,
) -> None:
    assert counter.refused("scan", code=WALLET) == "basket_empty"
    counter.ok("scan", code=EGG_ROLL)
    scanned = counter.ok("scan", code=WALLET)
    assert scanned["kind"] == "payment_code" and scanned["basket"]["collecting"]
    assert counter.refused("scan", code=WALLET) == "tender_offline"
    assert counter.refused("scan", code="11014") == "not_a_payment_code"
    assert counter.refused("add", product="11014") == "collecting"
    assert not counter.ok("back")["basket"]["collecting"]
    counter.ok("scan", code="11014")
    counter.ok("pay", tender="cash")
    assert WALLET not in json.dumps(counter.rows("SELECT CAST(content AS TEXT) FROM entry"))


@pytest.mark.parametrize("tender", ["wechat", "alipay", "unionpay", "ecny"])
@pytest.mark.without_network(
    "收钱", "微信、支付宝、云闪付、数字人民币扫码", "收不了：当场说明原因，单子留着，改收现金"
)
def test_networks_that_are_not_joined_say_so(counter: ShopFloor, tender: str) -> None:
    counter.ok("scan", code=EGG_ROLL)
    assert counter.refused("pay", tender=tender) == "tender_offline"
    assert counter.refused("pay", tender="金条") == "bad_tender"


def test_wine_asks_for_the_customers_age_once_a_basket(counter: ShopFloor) -> None:
    asked = counter.ok("scan", code="6900000210109")
    assert asked["question"]["question"] == "age" and asked["basket"]["lines"] == []
    assert counter.refused("scan", code=EGG_ROLL) == "question_open"
    assert counter.refused("pay", tender="cash") == "question_open"
    assert counter.refused("answer", question="weight", value="1") == "no_question"
    assert counter.refused("answer", question="age", value="maybe") == "bad_answer"
    assert counter.ok("answer", question="age", value="no")["basket"]["lines"] == []
    counter.ok("scan", code="21010")
    counter.ok("answer", question="age", value="yes")
    assert counter.ok("scan", code="21010")["basket"]["lines"][0]["quantity"] == "2"
    counter.ok("remove", line=1)
    assert counter.ok("scan", code="21010")["question"]["question"] == "age"


def test_loose_goods_ask_for_their_weight(counter: ShopFloor) -> None:
    assert counter.ok("scan", code="16009")["question"]["question"] == "weight"
    for value in ("0", "-1", "abc", "1,5", "100000000"):
        assert counter.refused("answer", question="weight", value=value) == "bad_quantity"
    line = counter.ok("answer", question="weight", value="0.820")["basket"]["lines"][0]
    assert (line["quantity"], line["amount"]) == ("0.820", "9.51")
    assert (
        counter.ok("add", product="16009", quantity="3j")["basket"]["lines"][1]["quantity"]
        == "1.500"
    )
    assert counter.refused("add", product="11014", quantity="1.5") == "fraction_of_unit"
    counter.ok("pay", tender="cash")
    counter.verified()


def test_a_water_barrel_brings_its_deposit_as_a_line_of_its_own(counter: ShopFloor) -> None:
    lines = counter.ok("scan", code="21006")["basket"]["lines"]
    assert [(line["name"], line["amount"]) for line in lines] == [
        ("狮山山泉水 18.9L(押桶50)", "22.00"),
        ("押金·狮山山泉水 18.9L(押桶50)", "50.00"),
    ]
    lines = counter.ok("set_quantity", line=1, quantity="2")["basket"]["lines"]
    assert lines[1]["amount"] == "100.00"
    assert counter.refused("set_quantity", line=2, quantity="1") == "label_decides"
    counter.ok("discount", percent="5", reason="促销")
    assert counter.ok("basket")["basket"]["lines"][1]["net"] == "100.00"
    counter.ok("pay", tender="cash")
    sold = counter.ok("receipt")["receipt"]["lines"]
    assert (sold[1]["kind"], sold[1]["tax"], sold[1]["lot"]) == ("deposit", "0.00", "")
    assert counter.on_hand("21006") == "98"


def test_a_kit_takes_its_parts_from_the_shelf(counter: ShopFloor) -> None:
    counter.ok("add", product="12006", quantity="2")
    counter.ok("add", product="12007")
    counter.ok("pay", tender="cash")
    assert [counter.on_hand(code) for code in ("12001", "12002", "12003", "21004")] == [
        "98",
        "98",
        "97",
        "90",
    ]
    assert counter.on_hand("12006") == "0"
    parts = counter.ok("receipt")["receipt"]["lines"][0]["parts"]
    assert [(part["product"], part["quantity"]) for part in parts] == [
        ("12001", "2"),
        ("12002", "2"),
        ("12003", "2"),
    ]
    counter.verified()


def test_selling_more_than_the_books_hold_leaves_a_task_and_stops_nobody(
    counter: ShopFloor,
) -> None:
    counter.ok("add", product="11014", quantity="103")
    counter.ok("pay", tender="cash")
    task = counter.ok("tasks")["tasks"][0]
    assert (task["kind"], task["owner"]) == ("negative_stock", "店长")
    assert "马冈鹅蛋卷" in task["words"] and "-3" in task["words"]
    assert counter.refused("settle_task", task=task["task"]) == "task_elsewhere"
    assert counter.refused("settle_task", task="nobody") == "unknown_task"
    counter.verified()


@pytest.mark.without_network("班次", "交班数钱、日结 Z")
def test_the_second_shift_takes_over_and_the_day_closes_in_two_parts(counter: ShopFloor) -> None:
    counter.sell(EGG_ROLL)
    assert counter.refused("open_shift") == "shift_already_open"
    assert "expected_cash" not in counter.ok("x_report")
    assert counter.refused("z_report") == "approval_needed"
    counter.sign_in(LEAD)
    assert counter.refused("z_report") == "shift_still_open"
    closed = counter.ok("close_shift", counted={"100": 5, "10": 3, "1": 8, "1.00": 0})
    assert (closed["expected"], closed["counted"], closed["difference"]) == (
        "538.00",
        "538.00",
        "0.00",
    )
    counter.sign_in(CASHIER)
    counter.ok("open_shift", **{"float": "200"})
    counter.sell("12003")
    counter.ok("close_shift", counted="320")
    z = counter.ok("z_report", approver="201", approver_pin="135791")
    assert (z["gross"], z["sales"], z["tenders"]["cash"]["in"]) == ("166.00", 2, "166.00")
    assert counter.refused("z_report", approver="201", approver_pin="135791") == "day_not_open"
    counter.ok("open_shift", **{"float": "200"})
    assert counter.sell("21008")["receipt"]["number"].endswith("-0003")
    counter.ok("close_shift", counted="248")
    counter.sign_in(LEAD)
    assert counter.ok("z_report")["gross"] == "48.00"
    parts = counter.rows("SELECT day, part, gross, grand_total FROM day_closed ORDER BY part")
    assert parts == [("2026-12-07", 1, 16600, 16600), ("2026-12-07", 2, 4800, 21400)]
    counter.verified()


def test_the_next_morning_is_a_new_business_day_with_numbers_from_one(counter: ShopFloor) -> None:
    counter.sell(EGG_ROLL)
    counter.ok("close_shift", counted="538")
    counter.ok("z_report", approver="201", approver_pin="135791")
    counter.ok("clock", now="2026-12-08T03:30:00+08:00")
    assert counter.ok("open_shift")["day"] == "2026-12-07"
    counter.ok("close_shift", counted="0")
    counter.ok("z_report", approver="201", approver_pin="135791")
    counter.ok("wait", until="2026-12-08T09:00:00+08:00")
    assert counter.ok("open_shift")["day"] == "2026-12-08"
    assert counter.sell(EGG_ROLL)["receipt"]["number"] == "KP01-1D-261208-0001"
    assert len(counter.ok("find_receipt", date="2026-12-07")["receipts"]) == 1
    assert counter.refused("find_receipt", date="昨天") == "bad_date"
    counter.verified()


def test_what_the_drawer_ought_to_hold_is_shown_after_the_count_and_to_the_auditor(
    counter: ShopFloor,
) -> None:
    counter.sell(EGG_ROLL)
    counter.sign_in(AUDITOR)
    assert counter.ok("x_report")["expected_cash"] == "538.00"
    assert counter.refused("scan", code=EGG_ROLL) == "approval_needed"
    counter.sign_in(CASHIER)
    counter.ok("close_shift", counted="530.00")
    assert counter.ok("x_report")["expected_cash"] == "538.00"


def test_cash_moved_by_hand_has_a_reason_a_second_person_and_a_place_in_the_count(
    counter: ShopFloor,
) -> None:
    assert counter.refused("cash_out", amount="100", reason="存银行") == "approval_needed"
    yes = {"approver": "301", "approver_pin": "864209"}
    assert counter.refused("cash_out", amount="-100", reason="存银行", **yes) == "bad_amount"
    assert counter.refused("cash_out", amount="100", reason=" ", **yes) == "reason_needed"
    counter.ok("cash_out", amount="100", reason="存银行", **yes)
    counter.ok("cash_in", amount="20", reason="换零", **yes)
    counter.ok("open_drawer", reason="看一下", **yes)
    closed = counter.ok("close_shift", counted="419.99")
    assert (closed["expected"], closed["difference"]) == ("420.00", "-0.01")
    rows = counter.ok("peripherals")["printers"]["receipt"]
    assert any("短款" in row for row in rows) and any("演示" in row for row in rows)
    counter.verified()


def test_ten_wrong_pins_lock_a_number_until_the_manager_unlocks_it(shop: ShopFloor) -> None:
    codes = [shop.refused("sign_in", staff="101", pin="000000") for _ in range(11)]
    assert codes == ["wrong_pin"] * 9 + ["pin_locked"] * 2
    assert shop.refused("sign_in", staff="101", pin="246810") == "pin_locked"
    assert shop.refused("sign_in", staff="999", pin="246810") == "wrong_pin"
    shop.restart(MANAGER)
    assert shop.refused("sign_in", staff="101", pin="246810") == "pin_locked"
    assert [task["kind"] for task in shop.ok("tasks")["tasks"]] == ["pin_locked"]
    shop.ok("unlock", staff="101")
    shop.sign_in()


def test_nothing_is_sold_before_somebody_signs_in_and_opens_a_shift(shop: ShopFloor) -> None:
    assert shop.refused("scan", code=EGG_ROLL) == "sign_in_needed"
    shop.sign_in()
    for do, fields in (
        ("scan", {"code": EGG_ROLL}),
        ("add", {"product": "11014"}),
        ("hold", {}),
        ("pay", {"tender": "cash"}),
        ("close_shift", {"counted": "1"}),
        ("reprint", {}),
        ("answer", {"question": "age", "value": "yes"}),
        ("cancel_basket", {"reason": "x"}),
    ):
        assert shop.refused(do, **fields) == "shift_needed"


def test_a_demo_folder_stays_a_demo(counter: ShopFloor) -> None:
    counter.sell(EGG_ROLL)
    counter.restart()
    number = counter.sell(EGG_ROLL)["receipt"]["number"]
    assert number == "KP01-1D-261207-0002"
    assert any("演示" in row for row in counter.ok("receipt")["receipt"]["rows"])
