"""换货 at the real window, by keys: old goods above the new ones, and one Enter for the rest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait
from tests.ui.test_refunds_at_the_window import code_of, opened, refunds, sold, view

SPACE, ENTER, ESC, F8 = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F8
EGG_ROLLS, TEA = "6900000110140", "6900000120019"
"""38.00 and 68.00."""


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def brought_back(hands: Hands, code: str) -> str:
    """One piece was sold, comes back, and X makes an exchange of it; the receipt's number."""
    number = sold(hands, code)
    hands.press(F8)
    hands.scan(code_of(hands))
    opened(hands, number)
    hands.type("1")
    hands.type("x")
    return number


def in_the_panel(hands: Hands, due: str, label: str = "") -> None:
    hands.until(
        lambda: (
            hands.selling.paying.is_open
            and (hands.selling.paying.view.due, hands.selling.paying.view.due_label) == (due, label)
        ),
        f"收款 {due}",
    )
    wait(LOOK_MS)


def test_dearer_goods_for_a_scan_and_the_difference(hands: Hands) -> None:
    number = brought_back(hands, EGG_ROLLS)
    hands.until(lambda: hands.running.window.page == "till", "the till")
    hands.sees("38.00", 1)
    (line,) = hands.selling.shown.basket.lines
    assert (line.refund, line.amount) == (True, "−38.00")
    assert number in line.note
    assert hands.selling.shown.basket.total_label == "应退"
    hands.scan(TEA)
    hands.sees("30.00", 2)
    hands.press(SPACE)
    in_the_panel(hands, "30.00")
    assert hands.selling.paying.view.taken == (("换货抵", "38.00"),)
    hands.type("50")
    hands.press(ENTER)
    hands.done("20.00")
    assert refunds(hands) == 1
    assert hands.counter.last is not None and hands.counter.last.back is not None
    assert hands.counter.last.sale.exchange == hands.counter.last.back.id


def test_what_they_are_worth_more_is_said_and_given_with_one_enter(hands: Hands) -> None:
    number = sold(hands, TEA)
    hands.press(F8)
    hands.scan(code_of(hands))
    opened(hands, number)
    hands.type("1x")
    hands.until(lambda: view(hands).question is not None, "the second person")
    hands.type("201")
    hands.press(ENTER)
    hands.until(lambda: "201" in str(view(hands).question), "their PIN")
    hands.type("135791")
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "till", "the till")
    hands.scan(EGG_ROLLS)
    hands.sees("30.00", 2)
    hands.press(SPACE)
    in_the_panel(hands, "30.00", "应退")
    assert "现金 30.00" in hands.selling.paying.view.hint
    hands.press(ENTER)
    hands.done("30.00")
    done = hands.selling.shown.done
    assert done is not None and ("原路退 现金", "−30.00") in done.tenders


def test_esc_takes_it_off_again_after_asking_once(hands: Hands) -> None:
    brought_back(hands, EGG_ROLLS)
    hands.until(lambda: hands.running.window.page == "till", "the till")
    hands.scan(TEA)
    hands.sees("30.00", 2)
    hands.press(ESC)
    hands.until(lambda: hands.selling.shown.question is not None, "asked")
    hands.press(ESC)
    hands.sees("30.00", 2)
    hands.press(ESC)
    hands.until(lambda: hands.selling.shown.question is not None, "asked")
    hands.press(ENTER)
    hands.sees("68.00", 1)
    assert refunds(hands) == 0
    assert hands.counter.basket.exchange is None


def test_keys_of_the_till_never_touch_what_comes_back(hands: Hands) -> None:
    brought_back(hands, EGG_ROLLS)
    hands.until(lambda: hands.running.window.page == "till", "the till")
    hands.scan(TEA)
    hands.sees("30.00", 2)
    hands.press(Qt.Key.Key_Up, Qt.Key.Key_Up)
    hands.press(Qt.Key.Key_Delete)
    hands.sees("38.00", 1)
    hands.press(Qt.Key.Key_Delete)
    hands.until(lambda: hands.selling.shown.message is not None, "nothing to remove")
    assert hands.counter.basket.exchange is not None
