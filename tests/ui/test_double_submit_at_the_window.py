"""Fifty presses within a moment, by finger, key and scanner, are one press (fault F20).

The same is shown at the counter's own level with threads and kill points in `tests/crash`; here it
is the window that has to take fifty inputs for one, wherever money or paper follows.
"""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sync.channels.practice.server import PracticeServer
from tests.ui.hands import Hands, wait
from tests.ui.wallet_hands import hands as joined
from tests.ui.wallet_hands import network
from ui.presenters.desk_work import SETTLE_MS

__all__ = ["joined", "network"]
EGG_ROLL = "6900000110140"
WECHAT = "130000000000000055"
ENTER, SPACE, F8 = Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_F8
FIFTY = range(50)
AFTERWARDS_MS = SETTLE_MS + 400


@pytest.fixture
def hands(joined: Hands) -> Hands:
    """With goods on the counter."""
    joined.scan(EGG_ROLL)
    joined.sees("38.00", 1)
    return joined


def clicks(hands: Hands, word: str) -> None:
    button = hands.button(word)
    for _ in FIFTY:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def enters(hands: Hands, _word: str) -> None:
    for _ in FIFTY:
        QTest.keyClick(hands.running.window.windowHandle(), ENTER)


def both(hands: Hands, word: str) -> None:
    button = hands.button(word)
    for _ in FIFTY:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QTest.keyClick(hands.running.window.windowHandle(), ENTER)


Presses = Callable[[Hands, str], None]
HANDS = pytest.mark.parametrize("press", [clicks, enters, both])


def one_sale(hands: Hands) -> None:
    wait(AFTERWARDS_MS)
    assert hands.count("SELECT count(*) FROM sale") == 1
    assert hands.count("SELECT count(*) FROM print_job WHERE kind = 'receipt'") == 1
    assert hands.count("SELECT count(*) FROM reprint") == 0


def collecting(hands: Hands) -> None:
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")


def sold(hands: Hands) -> str:
    collecting(hands)
    hands.press(ENTER)
    hands.done("0.00")
    assert hands.counter.last is not None
    return hands.counter.last.sale.number


@HANDS
def test_cash_is_taken_once(hands: Hands, press: Presses) -> None:
    collecting(hands)
    press(hands, "完成并打印")
    hands.done("0.00")
    one_sale(hands)


def test_the_pay_button_of_the_till_opens_one_payment(hands: Hands) -> None:
    clicks(hands, "收款 38.00")
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    wait(AFTERWARDS_MS)
    assert hands.count("SELECT count(*) FROM sale") == 0
    hands.press(ENTER)
    hands.done("0.00")
    one_sale(hands)


def test_a_note_tapped_fifty_times_is_one_note(hands: Hands) -> None:
    collecting(hands)
    note = hands.button("¥100")
    for _ in FIFTY:
        QTest.mouseClick(note, Qt.MouseButton.LeftButton)
    hands.done("62.00")
    one_sale(hands)


def test_a_wallet_scanned_fifty_times_is_charged_once(
    hands: Hands, network: PracticeServer
) -> None:
    for _ in FIFTY:
        hands.keyboard.scan(WECHAT)
    hands.done("")
    one_sale(hands)
    assert [each.amount for each in network.network.orders.values()] == [38_00]


def test_different_codes_held_out_at_once_charge_one_of_them(
    hands: Hands, network: PracticeServer
) -> None:
    for number in FIFTY:
        hands.keyboard.scan(f"13{number:012d}0055")
    hands.done("")
    one_sale(hands)
    assert [each.amount for each in network.network.orders.values()] == [38_00]


@HANDS
def test_a_code_that_waits_is_charged_once(
    hands: Hands, network: PracticeServer, press: Presses
) -> None:
    hands.running.till.devices.screens.append(lambda due: False)
    hands.scan(WECHAT)
    hands.until(lambda: hands.selling.paying.view.mode == "plain", "one Enter")
    wait(AFTERWARDS_MS)
    press(hands, "收 38.00")
    hands.done("")
    one_sale(hands)
    assert [each.amount for each in network.network.orders.values()] == [38_00]


@HANDS
def test_goods_are_given_back_once_and_the_result_stays_to_be_read(
    hands: Hands, press: Presses
) -> None:
    number = sold(hands)
    hands.press(F8)
    hands.until(lambda: hands.running.window.page == "refund", "the room")
    screen = hands.running.window.page_of("refund")
    hands.running.shell.on_refund_scan(f"R:{number}:")
    hands.until(lambda: number in screen._view.under, "its lines")  # type: ignore[attr-defined]
    wait(AFTERWARDS_MS)
    hands.type("a")
    press(hands, "退款")
    hands.until(
        lambda: screen._view.total == "−38.00",  # type: ignore[attr-defined]
        "given back",
    )
    assert hands.running.window.page == "refund"
    wait(AFTERWARDS_MS)
    assert hands.count("SELECT count(*) FROM refund") == 1
    assert hands.count("SELECT count(*) FROM print_job WHERE kind = 'refund'") == 1
    assert hands.count("SELECT sum(amount) FROM refund_tender") == 38_00


@HANDS
def test_a_shift_is_closed_once_and_its_difference_stays_to_be_read(
    hands: Hands, press: Presses
) -> None:
    sold(hands)
    hands.press(Qt.Key.Key_J, control=True)
    hands.until(lambda: hands.running.window.page == "close_shift", "交班")
    hands.type("538")
    press(hands, "点好了")
    screen = hands.running.window.page_of("close_shift")
    hands.until(lambda: bool(screen._view.figures), "what it came to")  # type: ignore[attr-defined]
    wait(AFTERWARDS_MS)
    assert hands.count("SELECT count(*) FROM drawer_count") == 1
    assert hands.count("SELECT count(*) FROM shift_closed") == 0
    press(hands, "交班并打印")
    hands.until(lambda: screen._view.step == "done", "handed over")  # type: ignore[attr-defined]
    assert hands.running.window.page == "close_shift"
    wait(AFTERWARDS_MS)
    assert hands.count("SELECT count(*) FROM shift_closed") == 1
    assert hands.count("SELECT count(*) FROM print_job WHERE kind = 'shift_report'") == 1
