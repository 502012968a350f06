"""T2: a dear tea set is paid by phone, on good days and on bad ones. Figures to the fen."""

import time

from sync.channels.practice.server import PracticeServer
from tests.stories.counters import ShopFloor
from tests.stories.networks import FEN, PRICE, charged, payment, wallet
from tests.stories.test_t1_cash_basket import console


def test_a_the_password_is_asked_and_the_third_query_finds_the_money(
    till: ShopFloor, network: PracticeServer
) -> None:
    said = till.ok("scan", code=wallet("01"))
    assert (said["kind"], said["state"], said["open"]) == ("payment_code", "waiting", PRICE)
    assert payment(till)["words"] == "顾客正在输入密码"
    till.ok("wait", seconds=10)
    waiting = payment(till)
    assert (waiting["state"], waiting["age_s"], waiting["receipt"]) == ("waiting", 10, "")
    till.ok("wait", seconds=5)
    paid = payment(till)
    assert (paid["state"], paid["amount"]) == ("complete", PRICE)
    assert paid["receipt"] == "KP01-1D-261207-0001"
    assert charged(network) == FEN
    receipt = till.ok("receipt")["receipt"]
    assert [(each["tender"], each["amount"]) for each in receipt["tenders"]] == [("wechat", PRICE)]
    assert till.ok("x_report")["tenders"]["wechat"] == {"in": PRICE, "out": "0.00", "count": 1}
    till.verified()


def test_b_the_power_goes_and_the_channel_has_paid(
    till: ShopFloor, network: PracticeServer
) -> None:
    folder = till.folder
    till.close()
    with console(folder) as process:
        process.ok("sign_in", staff="101", pin="246810")
        process.ok("checkout")
        assert process.ok("pay", tender="wechat", code=wallet("02"))["state"] == "waiting"
        # A thread of the till's carries the order: the plug is pulled once it has arrived.
        while charged(network) != FEN:
            time.sleep(0.01)
        process.pull_the_plug()
    with console(folder, "2026-12-07T14:05:00+08:00") as process:
        process.ok("sign_in", staff="101", pin="246810")
        process.ok("wait", seconds=5)
        (paid,) = process.ok("payments")["payments"]
        assert (paid["state"], paid["receipt"]) == ("complete", "KP01-1D-261207-0001")
        assert process.ok("receipt")["receipt"]["due"] == PRICE
        assert process.ok("basket")["basket"]["lines"] == []
    assert charged(network) == FEN
    assert len(network.network.orders) == 1


def test_c_nobody_types_the_password_and_it_is_taken_back_until_that_is_sure(
    till: ShopFloor, network: PracticeServer
) -> None:
    assert till.ok("scan", code=wallet("08"))["state"] == "waiting"
    till.ok("wait", seconds=59)
    (order,) = network.network.orders.values()
    assert order.reverses == 0
    till.ok("wait", seconds=1)
    assert order.reverses == 1
    assert payment(till)["words"] == "正在撤销"
    assert till.refused("pay", tender="cash") == "attempt_open"
    assert till.refused("back") == "attempt_open"
    till.ok("wait", seconds=5)
    gone = payment(till)
    assert (order.reverses, gone["words"], gone["state"]) == (2, "已撤销", "declined")
    # A new code is a new order; the customer is charged once.
    assert till.ok("pay", tender="wechat", code=wallet("55"))["state"] == "complete"
    first, second = till.ok("payments")["payments"]
    assert first["out_trade_no"] != second["out_trade_no"]
    assert charged(network) == FEN
    till.verified()


def test_d_goods_are_no_payment_code(till: ShopFloor) -> None:
    till.ok("checkout")
    assert till.refused("scan", code="6901234567892") == "not_a_payment_code"
    assert till.ok("basket")["basket"]["open"] == PRICE


def test_e_a_code_over_the_basket_pays_at_once_when_nothing_is_open(
    till: ShopFloor, network: PracticeServer
) -> None:
    said = till.ok("scan", code=wallet("55"))
    assert (said["kind"], said["state"]) == ("payment_code", "complete")
    assert said["receipt"]["number"] == "KP01-1D-261207-0001"
    assert charged(network) == FEN
