"""A shop that prints when the customer asks, or never: the done card says so and offers one key."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.shop.actions import change_settings
from app.transaction import transaction
from tests.ui.hands import Hands, at_the_window, begin_shift, wait
from ui.screens.done_card import DoneCard
from ui.widgets.buttons import ActionButton


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def prints(hands: Hands, when: str) -> None:
    with transaction(hands.running.till.books) as tx:
        change_settings(tx, {"receipt_print": when})
    hands.counter.desk.reload()


def sell(hands: Hands) -> DoneCard:
    hands.scan("6900000110140")
    hands.sees("38.00", 1)
    hands.press(Qt.Key.Key_Space)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.press(Qt.Key.Key_Return)
    hands.done("0.00")
    hands.keys = 0
    # The drawer opens for cash whether there is a paper or not, and is no paper.
    hands.until(lambda: printer(hands).drawer_pulses > 0, "the drawer")
    wait(300)
    page: Any = hands.running.window.page_of("till")
    card: DoneCard = page._done
    return card


def printer(hands: Hands) -> Any:
    return hands.running.till.devices.carriers["receipt"]


def rows(hands: Hands) -> str:
    return "".join(printer(hands).last_rows)


def offer(card: DoneCard) -> ActionButton:
    (button,) = card.findChildren(ActionButton)
    return button


def said(hands: Hands) -> str:
    done = hands.selling.shown.done
    assert done is not None
    return done.receipt


@pytest.mark.parametrize("by", ["key", "finger"])
def test_a_receipt_the_customer_asks_for_is_one_key_and_an_original(hands: Hands, by: str) -> None:
    prints(hands, "ask")
    card = sell(hands)
    assert offer(card).isVisible() and "应收" not in rows(hands)
    assert said(hands) == "顾客要小票，就打一张"
    if by == "key":
        hands.press(Qt.Key.Key_F10)
    else:
        QTest.mouseClick(offer(card), Qt.MouseButton.LeftButton)
    hands.until(lambda: "应收" in rows(hands), "the receipt")
    assert "重印" not in rows(hands)
    hands.until(lambda: said(hands) == "小票已打印", "the card says so")
    assert not offer(card).isVisible()
    hands.press(Qt.Key.Key_F10)
    hands.until(lambda: "重印" in rows(hands), "a second one is a copy")


def test_a_shop_without_paper_shows_the_code_and_prints_nothing(hands: Hands) -> None:
    prints(hands, "never")
    card = sell(hands)
    assert not offer(card).isVisible() and "应收" not in rows(hands)
    assert said(hands) == "本店不打纸小票，请顾客扫码看小票"
    assert card._qr._rows
    hands.press(Qt.Key.Key_F10)
    hands.until(lambda: "应收" in rows(hands), "a customer who insists gets one")


def test_a_shop_that_always_prints_is_asked_nothing(hands: Hands) -> None:
    card = sell(hands)
    assert not offer(card).isVisible()
    hands.until(lambda: "应收" in rows(hands), "the receipt")
