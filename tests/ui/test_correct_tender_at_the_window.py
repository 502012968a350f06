"""Another tender was pressed: put right in 单据 by keys, with a second person in place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.hands import Hands, at_the_window, begin_shift
from ui.room_views import ReceiptsView

SPACE, ENTER, ESC = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        person.counter.scan("6900000110140")
        person.selling.refresh()
        person.until(lambda: bool(person.selling.shown.basket.lines), "the goods")
        person.press(SPACE)
        person.until(lambda: person.selling.paying.is_open, "收款")
        person.press(ENTER)
        person.done("0.00")
        person.press(Qt.Key.Key_R, control=True)
        person.until(lambda: view(person).correct_enabled, "the receipt")
        yield person


def view(hands: Hands) -> ReceiptsView:
    shown = hands.running.shell.receipts._view
    assert isinstance(shown, ReceiptsView)
    return shown


def asked(hands: Hands, title: str) -> None:
    hands.until(
        lambda: view(hands).question is not None and title in str(view(hands).question), title
    )


def corrections(hands: Hands) -> list[tuple[str, str]]:
    with hands.running.till.books.read() as db:
        rows = db.exec_driver_sql("SELECT before, after FROM tender_correction")
        return [tuple(row) for row in rows]


def test_a_cashier_puts_it_right_with_the_shift_lead(hands: Hands) -> None:
    hands.press(Qt.Key.Key_G, control=True)
    asked(hands, "记的是现金")
    hands.type("2")
    asked(hands, "为什么改")
    hands.press(ENTER)
    asked(hands, "请另一人授权")
    assert corrections(hands) == []
    hands.type("301")
    hands.press(ENTER)
    asked(hands, "工号 301 的 PIN")
    hands.type("864209")
    hands.press(ENTER)
    hands.until(lambda: view(hands).message is not None, "put right")
    assert corrections(hands) == [("cash", "static_qr")]
    message = view(hands).message
    assert message is not None
    assert "已改为静态码：38.00" in message.text


def test_esc_at_any_question_changes_nothing(hands: Hands) -> None:
    hands.press(Qt.Key.Key_G, control=True)
    asked(hands, "记的是现金")
    hands.press(ESC)
    hands.until(lambda: view(hands).question is None, "given up")
    assert hands.running.window.page == "receipts"
    assert corrections(hands) == []
    # The cursor is back where a number is typed.
    hands.type("0001")
    hands.until(lambda: len(view(hands).found.rows) == 1, "found by its number")
