"""Wallets on every day of the practice network, and every other way to pay, at the console."""

import pytest

from sync.channels.practice.server import PracticeServer
from tests.stories.counters import LEAD, ShopFloor
from tests.stories.networks import FEN, GOODS, PRICE, approved, charged, payment, wallet

ALIPAY, UNIONPAY, ECNY = "2800000000000055", "6200000000000000055", "0100000000000000055"
TODAY = "2026-12-07"


def kinds(till: ShopFloor) -> list[str]:
    return [task["kind"] for task in till.ok("tasks")["tasks"]]


# --- the days ----------------------------------------------------------------------------------


def test_02_the_lost_answer_is_asked_for_and_the_customer_pays_once(
    till: ShopFloor, network: PracticeServer
) -> None:
    assert till.ok("scan", code=wallet("02"))["state"] == "waiting"
    assert payment(till)["next"] == "等支付网络回答"
    assert till.refused("pay", tender="wechat", code=wallet("55")) == "attempt_open"
    till.ok("wait", seconds=5)
    assert payment(till)["state"] == "complete"
    assert charged(network) == FEN
    till.verified()


@pytest.mark.parametrize(("day", "reason"), [("03", "NOTENOUGH"), ("07", "AUTHCODEEXPIRE")])
def test_03_and_07_are_declined_and_say_why(till: ShopFloor, day: str, reason: str) -> None:
    said = till.ok("scan", code=wallet(day))
    assert (said["state"], said["open"]) == ("declined", PRICE)
    # The same code never goes out twice; the customer shows a fresh one.
    assert till.refused("scan", code=wallet(day)) == "code_used"
    assert not till.ok("back")["basket"]["collecting"]
    assert payment(till)["words"] == "付款失败"
    assert till.ok("pay", tender="cash")["state"] == "complete"


def test_04_never_answered_is_taken_back_after_a_minute(
    till: ShopFloor, network: PracticeServer
) -> None:
    assert till.ok("scan", code=wallet("04"))["state"] == "waiting"
    till.ok("wait", seconds=59)
    assert payment(till)["state"] in ("waiting", "unknown")
    till.ok("wait", seconds=1)
    assert payment(till)["words"] == "已撤销"
    assert charged(network) == 0


def test_05_late_money_goes_straight_back(till: ShopFloor, network: PracticeServer) -> None:
    till.ok("scan", code=wallet("05"))
    till.ok("wait", seconds=65)
    late = payment(till)
    assert late["words"] == "撤销后才到账，正在原路退回"
    assert charged(network) == 0
    assert till.ok("payments")["refunds"] == []
    assert till.ok("basket")["basket"]["open"] == PRICE
    till.verified()


def test_06_three_times_500_is_still_paid(till: ShopFloor, network: PracticeServer) -> None:
    assert till.ok("scan", code=wallet("06"))["state"] == "unknown"
    till.ok("wait", seconds=15)
    assert payment(till)["state"] == "complete"
    assert charged(network) == FEN


def test_09_the_bill_shows_another_amount_and_every_difference_is_listed(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("scan", code=wallet("09"))
    stranger = network.network
    stranger.pay("wechat", "NOBODYS", 500, "130000000000009955", till.clock.wall_ms())
    assert till.refused("reconcile", date=TODAY) == "approval_needed"
    found = till.ok("reconcile", date=TODAY, **approved())
    assert [(each["kind"], each["ours"], each["theirs"]) for each in found["differences"]] == [
        ("amount", "1680.00", "1680.01"),
        ("unknown_here", "0.00", "5.00"),
    ]
    assert kinds(till) == ["bill_difference", "bill_difference"]
    task = till.ok("tasks")["tasks"][0]
    assert task["answers"] == ["seen"]
    assert till.refused("settle_task", task=task["task"], answer="seen") == "approval_needed"
    assert till.refused("settle_task", task=task["task"], answer="no", **approved())
    till.ok("settle_task", task=task["task"], answer="seen", **approved())
    assert kinds(till) == ["bill_difference"]
    # Looking again does not bring back what a person has seen.
    till.ok("reconcile", date=TODAY, **approved())
    assert kinds(till) == ["bill_difference"]


def test_a_charge_given_up_but_on_the_bill_goes_back_with_one_word(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("scan", code=wallet("03"))
    (order,) = network.network.orders.values()
    order.state, order.paid_ms = "paid", till.clock.wall_ms()
    (found,) = till.ok("reconcile", date=TODAY, **approved())["differences"]
    assert (found["kind"], found["theirs"]) == ("not_taken", PRICE)
    (task,) = till.ok("tasks")["tasks"]
    assert task["answers"] == ["refund", "sale", "seen"]
    till.ok("settle_task", task=task["task"], answer="refund", **approved())
    assert charged(network) == 0
    assert kinds(till) == []


# --- unclear for long --------------------------------------------------------------------------


def test_a_dead_line_parks_the_charge_and_a_manager_lets_it_be_paid_otherwise(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("scan", code=wallet("01"))
    till.ok("fault", what="channel_cut")
    till.ok("wait", seconds=130)
    parked = payment(till)
    assert parked["state"] == "parked"
    assert "秒后查询" in parked["next"]
    assert kinds(till) == ["parked_payment"]
    assert till.refused("back") == "attempt_open"
    assert till.refused("pay", tender="cash") == "approval_needed"
    paid = till.ok("pay", tender="cash", **approved())
    assert paid["state"] == "complete"
    assert payment(till)["state"] == "parked"
    # The customer's phone did pay after all: it goes back by itself.
    till.ok("fault", what="channel_cut", on=False)
    (order,) = network.network.orders.values()
    order.queries = 9
    till.ok("wait", seconds=3600)
    assert payment(till)["words"] == "撤销后才到账，正在原路退回"
    assert charged(network) == 0
    assert kinds(till) == []
    till.verified()


def test_a_parked_basket_is_put_aside_and_completes_when_the_money_is_found(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("scan", code=wallet("01"))
    assert till.refused("hold") == "attempt_open"
    till.ok("fault", what="channel_cut")
    till.ok("wait", seconds=130)
    till.ok("hold", name="陈生")
    till.sell("11014")
    till.ok("fault", what="channel_cut", on=False)
    (order,) = network.network.orders.values()
    order.queries = 9
    till.ok("wait", seconds=600)
    found = payment(till)
    assert (found["state"], found["receipt"]) == ("complete", "KP01-1D-261207-0002")
    assert till.ok("held")["held"] == []
    assert charged(network) == FEN
    till.verified()


def test_a_cashier_takes_a_charge_back_but_not_before_fifteen_seconds(
    till: ShopFloor, network: PracticeServer
) -> None:
    attempt = till.ok("scan", code=wallet("01"))["attempt"]
    (order,) = network.network.orders.values()
    (asked,) = till.ok("query", attempt=attempt)["payments"]
    assert (asked["attempt"], asked["state"]) == (attempt, "waiting")
    assert till.ok("reverse", attempt=attempt)["payments"][0]["state"] == "waiting"
    till.ok("wait", seconds=10)
    assert order.reverses == 0
    till.ok("wait", seconds=5)
    assert payment(till)["state"] in ("complete", "declined")
    assert till.refused("reverse", attempt=attempt) == "attempt_settled"
    assert till.refused("query", attempt="nobody") == "unknown_attempt"


def test_a_till_killed_before_the_network_was_called_gives_the_attempt_up(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.till.payments.loop.closing = True
    till.ok("checkout")
    till.ok("pay", tender="wechat", code=wallet("55"))
    assert payment(till)["state"] == "open"
    till.restart()
    assert payment(till)["words"] == "没有发出，已作废"
    assert network.network.orders == {}
    assert till.ok("pay", tender="wechat", code=wallet("56"))["state"] == "complete"


# --- lines that are down -----------------------------------------------------------------------


def test_offline_the_till_says_why_and_takes_cash(till: ShopFloor) -> None:
    till.ok("fault", what="channel_cut")
    answer = till.say("scan", code=wallet("55"))
    assert answer["error"]["code"] == "tender_offline"
    assert "连不上支付网络" in answer["error"]["message"]
    assert till.refused("pay", tender="alipay", code=ALIPAY) == "tender_offline"
    assert till.ok("payments")["payments"] == []
    assert till.ok("pay", tender="cash")["state"] == "complete"
    till.ok("fault", what="channel_cut", on=False)
    till.ok("scan", code=GOODS)
    assert till.ok("pay", tender="alipay", code=ALIPAY)["state"] == "complete"


def test_the_practice_network_is_for_this_machine_only(till: ShopFloor) -> None:
    for address in ("http://10.0.0.1:80", "https://api.example.com", "8790"):
        code = till.refused("shop", set={"channel_address": address}, **approved())
        assert code == "setting_bad"


# --- every other way ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tender", "code"), [("alipay", ALIPAY), ("unionpay", UNIONPAY), ("ecny", ECNY)]
)
def test_every_wallet_pays(
    till: ShopFloor, network: PracticeServer, tender: str, code: str
) -> None:
    assert till.refused("pay", tender="wechat", code=code) == "not_a_payment_code"
    assert till.ok("pay", tender=tender, code=code)["state"] == "complete"
    assert till.ok("x_report")["tenders"][tender]["in"] == PRICE
    assert charged(network) == FEN


def test_without_a_code_our_screen_shows_one(till: ShopFloor, network: PracticeServer) -> None:
    said = till.ok("pay", tender="wechat")
    assert said["state"] == "waiting" and said["show"].startswith("weixin://")
    till.ok("wait", seconds=10)
    assert payment(till)["state"] == "complete"
    assert charged(network) == FEN


def test_a_basket_is_split_in_any_mix_and_only_cash_may_be_more(
    till: ShopFloor, network: PracticeServer
) -> None:
    assert till.refused("pay", tender="card", amount="1680.01", code="000123") == "over_open"
    assert till.ok("pay", tender="card", amount="600", code="000123")["open"] == "1080.00"
    part = till.ok("pay", tender="wechat", amount="80", code=wallet("55"))
    assert (part["state"], part["open"], part["paid"]) == ("open", "1000.00", "680.00")
    # A network's money does not leave the counter but by a refund.
    for command, fields in (("back", {}), ("hold", {}), ("cancel_basket", {"reason": "不要了"})):
        assert till.refused(command, **fields) == "money_taken"
    assert till.ok("pay", tender="voucher", amount="500", code="V-7")["open"] == "500.00"
    done = till.ok("pay", tender="cash", amount="520")
    assert (done["state"], done["change"]) == ("complete", "20.00")
    tenders = till.ok("receipt")["receipt"]["tenders"]
    assert [(each["tender"], each["amount"]) for each in tenders] == [
        ("card", "600.00"),
        ("wechat", "80.00"),
        ("voucher", "500.00"),
        ("cash", "500.00"),
    ]
    rows = "\n".join(till.ok("receipt")["receipt"]["rows"])
    assert "4200****" in rows
    till.verified()


def test_money_taken_for_an_open_basket_goes_back_before_it_is_given_up(
    till: ShopFloor, network: PracticeServer
) -> None:
    attempt = till.ok("pay", tender="wechat", amount="80", code=wallet("55"))["attempt"]
    till.ok("reverse", attempt=attempt)
    assert charged(network) == 0
    assert till.ok("basket")["basket"]["open"] == PRICE
    till.ok("cancel_basket", reason="不要了")
    till.verified()


@pytest.mark.without_network("收钱", "银行卡机刷的、别处收的，记参考号")
def test_what_others_took_needs_their_number_and_never_a_cards(till: ShopFloor) -> None:
    assert till.refused("pay", tender="card") == "reference_needed"
    assert till.refused("pay", tender="card", code="4111 1111 1111 1111") == "card_number"
    assert till.ok("pay", tender="transfer", code="2026120700012")["state"] == "complete"


def test_the_standing_code_needs_a_manager_and_is_matched_to_the_bill(
    till: ShopFloor, network: PracticeServer
) -> None:
    assert till.refused("pay", tender="static_qr") == "approval_needed"
    assert till.refused("pay", tender="static_qr", approver="201", approver_pin=LEAD[1])
    assert till.ok("pay", tender="static_qr", **approved())["state"] == "complete"
    assert till.ok("x_report")["tenders"]["static_qr"]["in"] == PRICE
    (left,) = till.ok("reconcile", date=TODAY, **approved())["differences"]
    assert (left["kind"], left["ours"]) == ("static_unmatched", PRICE)
    now = till.clock.wall_ms()
    network.network.pay("wechat", "BY-HAND", FEN, "130000000000008855", now)
    assert till.ok("reconcile", date=TODAY, **approved())["differences"] == []


def test_refunds_that_are_refused_wait_on_the_list_and_may_be_given_otherwise(
    till: ShopFloor, network: PracticeServer
) -> None:
    attempt = till.ok("pay", tender="wechat", amount="80", code=wallet("55", "03"))["attempt"]
    till.ok("reverse", attempt=attempt)
    assert kinds(till) == ["refund_failed"]
    (refund,) = till.ok("payments")["refunds"]
    (task,) = till.ok("tasks")["tasks"]
    till.ok("settle_task", task=task["task"], answer="again")
    assert till.ok("payments")["refunds"][0]["out_refund_no"] == refund["out_refund_no"]
    assert till.refused("settle_task", task=task["task"], answer="elsewhere") == "approval_needed"
    till.ok("settle_task", task=task["task"], answer="elsewhere", **approved())
    assert kinds(till) == []


@pytest.mark.parametrize("refund_day", ["01", "02"])
def test_refunds_whose_answer_is_lost_or_late_arrive_once(
    till: ShopFloor, network: PracticeServer, refund_day: str
) -> None:
    code = wallet("55", refund_day)
    attempt = till.ok("pay", tender="wechat", amount="80", code=code)["attempt"]
    till.ok("reverse", attempt=attempt)
    assert kinds(till) == ["refund_on_way"]
    till.ok("wait", seconds=15)
    assert kinds(till) == []
    (order,) = network.network.orders.values()
    assert [back.amount for back in order.refunds.values()] == [8000]


def test_money_for_a_basket_that_is_no_more_goes_straight_back(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("scan", code=wallet("01"))
    till.till.books.database.writer.exec_driver_sql("DELETE FROM draft")
    till.ok("wait", seconds=15)
    assert payment(till)["state"] == "complete"
    assert charged(network) == 0
    assert till.rows("SELECT count(*) FROM sale") == [(0,)]
    assert kinds(till) == []


def test_a_till_that_runs_by_itself_asks_without_being_told(
    till: ShopFloor, network: PracticeServer
) -> None:
    payments = till.till.payments
    payments.loop.start()
    try:
        till.ok("scan", code=wallet("01"))
        for _ in range(3):
            till.clock.advance(5_000)
            payments.settle()
        assert payment(till)["state"] == "complete"
    finally:
        payments.close()
    assert charged(network) == FEN
