"""A counter without a keyboard: from the door to the first receipt by fingers alone."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from tests.ui.hands import Hands, at_the_window, wait
from ui.widgets.quick_keys import Tiles
from ui.widgets.touch_pad import TouchPad


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "till") as hands:
        yield hands


def pad(hands: Hands) -> TouchPad:
    return hands.running.window.findChild(TouchPad)


def touch(hands: Hands, field: QWidget) -> None:
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    hands.until(lambda: pad(hands).isVisible(), "digits for fingers")


def tap_digits(within: QWidget, digits: Iterable[str]) -> None:
    keys = {each.text(): each for each in within.findChildren(QAbstractButton)}
    for digit in digits:
        QTest.mouseClick(keys[digit], Qt.MouseButton.LeftButton)


def tap_goods(hands: Hands, name: str) -> None:
    tiles = hands.running.window.page_of("till").findChild(Tiles)
    place = [each.name for each in tiles._shown()].index(name)
    QTest.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=tiles._area(place).center())


def begin(hands: Hands) -> None:
    """Cashier 101 and a float of 500.00."""
    window = hands.running.window
    hands.until(lambda: bool(hands.running.door.sign_in._people), "the people at the door")
    hands.tap("张三")
    tap_digits(window.page_of("sign_in"), "246810")
    hands.tap("登录")
    hands.until(lambda: window.page == "open_shift", "the float")
    touch(hands, window.page_of("open_shift").float_field)  # type: ignore[attr-defined]
    tap_digits(pad(hands), "500")
    tap_digits(pad(hands), ["确定"])
    hands.until(lambda: window.page == "till", "the till")
    assert not pad(hands).isVisible()


def test_from_the_door_to_the_receipt_no_key_is_pressed(hands: Hands) -> None:
    begin(hands)
    wait(300)
    tap_goods(hands, "马冈鹅蛋卷")
    hands.sees("38.00", 1)
    tap_goods(hands, "潭碧冬瓜")
    hands.until(lambda: hands.selling.shown.question is not None, "how heavy")
    page = hands.running.window.page_of("till")
    (weight,) = [
        each
        for each in page.findChildren(QLineEdit)
        if each.isVisible() and each is not page.scan_field  # type: ignore[attr-defined]
    ]
    touch(hands, weight)
    tap_digits(pad(hands), ["1", ".", "5", "确定"])
    hands.sees("47.90", 2)
    assert not pad(hands).isVisible()
    hands.tap("收款 47.90")
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.tap("¥50")
    hands.tap("完成并打印")
    hands.done("2.10")
    assert hands.keys == 0


def test_a_key_sends_the_digits_away_and_a_page_with_its_own_gets_none(hands: Hands) -> None:
    window = hands.running.window
    hands.until(lambda: bool(hands.running.door.sign_in._people), "the people at the door")
    number = window.page_of("sign_in").findChildren(QLineEdit)[0]
    QTest.mouseClick(number, Qt.MouseButton.LeftButton)
    wait(50)
    assert not pad(hands).isVisible()
    hands.tap("张三")
    tap_digits(window.page_of("sign_in"), "246810")
    hands.tap("登录")
    hands.until(lambda: window.page == "open_shift", "the float")
    field = window.page_of("open_shift").float_field  # type: ignore[attr-defined]
    touch(hands, field)
    hands.type("7")
    assert not pad(hands).isVisible()
    assert field.text() == "7"
