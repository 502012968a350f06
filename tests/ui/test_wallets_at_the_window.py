"""Wallets at the real window: no key when nothing is open, and every bad day told and survived."""

from PySide6.QtCore import Qt

from app.clock import SettableClock
from sync.channels.practice.server import PracticeServer
from tests.ui.hands import LOOK_MS, Hands, wait
from tests.ui.wallet_hands import hands, network

__all__ = ["hands", "network"]

TEA = "6900000120019"
ENTER, SPACE, ESC = Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape


def wallet(day: str, salt: int = 0) -> str:
    return f"13{salt:012d}00{day}"


def mode(hands: Hands) -> str:
    return hands.selling.paying.view.mode if hands.selling.paying.is_open else ""


def pass_time(hands: Hands, seconds: int) -> None:
    clock = hands.running.door.clock
    assert isinstance(clock, SettableClock)
    clock.advance(seconds * 1000)


def charged(network: PracticeServer) -> int:
    return sum(each.amount - each.returned for each in network.network.orders.values()
               if each.paid_ms)  # fmt: skip


def test_a_wallet_over_a_quiet_basket_takes_no_key(hands: Hands, network: PracticeServer) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.keys = 0
    hands.scan(wallet("55"))
    hands.done("")
    assert hands.keys == 0
    assert hands.selling.shown.done is not None
    assert hands.selling.shown.done.tenders == (("微信", "68.00"),)
    assert charged(network) == 6800


def test_the_password_is_waited_for_with_seconds_and_paid_once(
    hands: Hands, network: PracticeServer
) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.scan(wallet("01"))
    hands.until(lambda: mode(hands) == "waiting", "waiting")
    hands.press(ESC)
    hands.until(lambda: mode(hands) == "waiting", "still waiting")
    for _ in range(9):
        if hands.selling.shown.done is None:
            pass_time(hands, 5)
            wait(900)
    hands.done("")
    assert charged(network) == 6800


def test_a_declined_code_is_told_and_a_fresh_one_pays(
    hands: Hands, network: PracticeServer
) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.scan(wallet("03"))
    hands.until(
        lambda: mode(hands) == "code" and hands.selling.paying.view.message is not None, "declined"
    )
    hands.scan(wallet("56", 1))
    hands.done("")
    assert charged(network) == 6800
    assert len(network.network.orders) == 2


def test_goods_while_money_is_taken_are_no_payment_code(hands: Hands) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.press(SPACE)
    hands.until(lambda: mode(hands) == "cash", "收款")
    hands.scan("6901234567892")
    hands.until(
        lambda: (
            hands.selling.paying.view.message is not None
            and hands.selling.paying.view.message.code == "not_a_payment_code"
        ),
        "the refusal",
    )


def test_too_soon_after_the_last_goods_one_enter_is_asked(
    hands: Hands, network: PracticeServer
) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.scan("6900000110140")
    hands.sees("106.00", 2, moment_ms=0)
    hands.scan(wallet("57"))
    hands.until(lambda: mode(hands) == "plain", "one Enter")
    wait(LOOK_MS)
    assert charged(network) == 0
    hands.press(ENTER)
    hands.done("")
    assert charged(network) == 10600


def test_the_standing_code_is_confirmed_by_somebody_who_may(hands: Hands) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.press(SPACE)
    hands.until(lambda: mode(hands) == "cash", "收款")
    hands.selling.paying.charging.choose("static_qr")
    hands.until(lambda: mode(hands) == "plain", "静态码")
    hands.press(ENTER)
    hands.until(lambda: hands.selling.shown.question is not None, "whose yes")
    hands.type("301")
    hands.press(ENTER)
    hands.type("864209")
    hands.press(ENTER)
    hands.done("")
    assert hands.counter.last is not None
    assert hands.counter.last.sale.tenders[0].tender == "static_qr"


def test_a_wait_is_taken_back_or_asked_about_by_one_key_whoever_shows_the_code(
    hands: Hands, network: PracticeServer
) -> None:
    hands.scan(TEA)
    hands.sees("68.00", 1)
    hands.scan(wallet("04"))
    hands.until(lambda: mode(hands) == "waiting", "waiting")
    pass_time(hands, 16)
    hands.type("r")
    hands.until(lambda: mode(hands) == "code", "taken back, another code may come")
    hands.press(ESC, ESC)
    hands.until(lambda: not hands.selling.paying.is_open, "the goods")
    hands.press(SPACE)
    hands.until(lambda: mode(hands) == "cash", "收款")
    hands.type("q")
    hands.until(lambda: bool(hands.selling.paying.view.qr_rows), "our code")
    assert hands.button("撤销这笔").isVisible()
    for _ in range(5):
        # The customer pays meanwhile; the clock stands still, so nothing asks but this key.
        if hands.selling.shown.done is None:
            hands.type("q")
            wait(900)
    hands.done("")
    assert charged(network) == 6800
