"""N goods and a wallet's code: N + 1 scans and no key; and every reason to want one Enter first.

The rule: the last scan was accepted, no question waits, no line changed in the last second, and the
customer's screen has shown this total. Whatever else is the case, the same scan opens 收款 with the
amount and waits for one Enter.
"""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from sync.channels.practice.server import PracticeServer
from tests.ui.hands import Hands, wait
from tests.ui.wallet_hands import hands, network

__all__ = ["hands", "network"]

TEA, EGG_ROLL, GOOSE, WINE = "6900000120019", "6900000110140", "2111004218778", "6900000210109"
NOWHERE = "6901234567892"
ENTER, SPACE, ESC, F9 = Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_F9
WECHAT, ALIPAY = "130000000000000055", "280000000000000055"
SETTLED_MS = 400
"""Longer than a charge on this machine takes: what was not charged by then waits."""


def charged(network: PracticeServer) -> list[int]:
    return [each.amount for each in network.network.orders.values() if each.paid_ms]


def waits_for_one_enter(hands: Hands, network: PracticeServer, amount: str) -> None:
    """收款 is open over this amount, nothing was asked of the network, and one Enter pays."""
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.until(lambda: hands.selling.paying.view.mode == "plain", "one Enter")
    wait(SETTLED_MS)
    assert hands.selling.paying.view.due == amount
    assert network.network.orders == {}
    hands.keys = 0
    hands.press(ENTER)
    hands.done("")
    assert hands.keys == 1
    assert charged(network) == [round(float(amount) * 100)]


@pytest.mark.parametrize("code", [WECHAT, ALIPAY])
def test_three_goods_and_a_code_are_four_scans_and_no_key(
    hands: Hands, network: PracticeServer, code: str
) -> None:
    for goods in (EGG_ROLL, TEA, GOOSE):
        hands.scan(goods)
    hands.sees("324.77", 3)
    hands.scan(code)
    hands.done("")
    assert (hands.keys, hands.taps) == (0, 0)
    assert charged(network) == [324_77]


def test_a_line_changed_within_the_last_second_wants_one_enter(
    hands: Hands, network: PracticeServer
) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1, moment_ms=990)
    hands.scan(WECHAT)
    waits_for_one_enter(hands, network, "68.00")


def test_a_second_later_it_wants_none(hands: Hands, network: PracticeServer) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1, moment_ms=1_000)
    hands.scan(WECHAT)
    hands.done("")
    assert charged(network) == [68_00]


def test_a_total_the_customers_screen_has_not_shown_wants_one_enter(
    hands: Hands, network: PracticeServer
) -> None:
    hands.running.till.devices.screens.append(lambda due: due != 68_00)
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.scan(WECHAT)
    waits_for_one_enter(hands, network, "68.00")


def test_a_refused_article_wants_one_enter_until_it_is_answered(
    hands: Hands, network: PracticeServer
) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.scan(NOWHERE)
    hands.until(lambda: hands.selling.shown.message is not None, "the refusal")
    hands.sees("68.00", 1)
    assert hands.selling.shown.message is not None
    hands.scan(WECHAT)
    waits_for_one_enter(hands, network, "68.00")


def test_once_the_refusal_is_answered_a_code_pays_by_itself_again(
    hands: Hands, network: PracticeServer
) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.scan(NOWHERE)
    hands.until(lambda: hands.selling.shown.message is not None, "the refusal")
    hands.press(ESC)
    hands.sees("68.00", 1)
    hands.keys = 0
    hands.scan(WECHAT)
    hands.done("")
    assert hands.keys == 0
    assert charged(network) == [68_00]


@pytest.mark.parametrize(("answer", "amount"), [(ENTER, "336.00"), (ESC, "68.00")])
def test_an_open_question_is_answered_first_and_then_the_same_scan_wants_one_enter(
    hands: Hands, network: PracticeServer, answer: Qt.Key, amount: str
) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.scan(WINE)
    hands.until(lambda: hands.selling.shown.question is not None, "18 or older?")
    hands.sees("68.00", 1)
    hands.scan(WECHAT)
    hands.until(lambda: hands.selling.shown.message is not None, "the question first")
    assert hands.selling.shown.message is not None
    assert hands.selling.shown.message.code == "question_open"
    assert hands.selling.shown.question is not None and not hands.selling.paying.is_open
    wait(SETTLED_MS)
    hands.press(answer)
    waits_for_one_enter(hands, network, amount)


# --- Enter in 收款 -----------------------------------------------------------------------------


def collecting(hands: Hands) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    wait(SETTLED_MS)


def sales(hands: Hands) -> int:
    return hands.count("SELECT count(*) FROM sale")


def test_enter_behind_a_scan_never_takes_the_money(hands: Hands) -> None:
    collecting(hands)
    hands.scan(NOWHERE)
    wait(SETTLED_MS)
    assert sales(hands) == 0
    assert hands.selling.paying.view.message is not None
    assert hands.selling.paying.view.message.code == "not_a_payment_code"


def test_an_enter_that_is_held_down_never_takes_the_money(hands: Hands) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.press(SPACE)
    window = hands.running.window.windowHandle()
    for _ in range(30):
        held = QKeyEvent(QEvent.Type.KeyPress, ENTER, Qt.KeyboardModifier.NoModifier, "\r", True)
        QCoreApplication.sendEvent(window, held)
        wait(10)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    wait(SETTLED_MS)
    assert sales(hands) == 0


def test_goods_scanned_in_payment_offer_one_key_back_with_them_added(hands: Hands) -> None:
    collecting(hands)
    hands.scan(EGG_ROLL)
    hands.until(lambda: hands.selling.paying.view.message is not None, "不是付款码")
    hands.keys = 0
    hands.type("+")
    hands.sees("106.00", 2)
    assert not hands.selling.paying.is_open
    assert hands.keys == 1
    assert sales(hands) == 0
