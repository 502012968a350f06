"""盘点 by fingers and scanner alone: nobody who counts a shelf carries a keyboard."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait
from tests.ui.test_touch_alone import pad, tap_digits, touch
from ui.count_views import CountView
from ui.screens.count import CountScreen
from ui.sheet import style_sheet
from ui.theme import LIGHT, Theme, palette, percent_for
from ui.widgets.row_list import Rows

EGG_ROLL, TEA = "6900000110140", "6900000120019"
PICTURES = os.environ.get("PICTURES_OF_A_WALK", "")


@pytest.fixture(params=[(1366, 768), (1024, 600)], ids=["1366", "1024"])
def hands(qapp: object, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        person.running.window.resize(*request.param)
        begin_shift(person)
        if PICTURES:
            dress(request.param)
        yield person


def dress(size: tuple[int, int]) -> None:
    """As the shop's window looks; finger and eye find the same without it, only sooner."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme(colours=LIGHT, percent=percent_for(*size))
    application.setStyleSheet(style_sheet(theme))
    application.setPalette(palette(theme))


def page(hands: Hands) -> CountScreen:
    shown = hands.running.window.page_of("count")
    assert isinstance(shown, CountScreen)
    return shown


def view(hands: Hands) -> CountView:
    return page(hands)._view


def looked(hands: Hands, name: str) -> None:
    """A moment to look; kept as a picture where somebody asked for them."""
    wait(LOOK_MS)
    if PICTURES:
        window = hands.running.window
        window.grab().save(f"{PICTURES}/{name}-{window.width()}.png")


def until(hands: Hands, mode: str, name: str = "") -> None:
    hands.until(lambda: view(hands).mode == mode, mode)
    looked(hands, name or mode)


def digits(hands: Hands, field: QLineEdit, text: str) -> None:
    touch(hands, field)
    tap_digits(pad(hands), [*text, "确定"])


def question(hands: Hands) -> QLineEdit:
    hands.until(lambda: bool(view(hands).question and view(hands).question.value), "a question")
    wait(LOOK_MS)
    (field,) = page(hands).question.findChildren(QLineEdit)
    return field


def tap_row(hands: Hands, number: int) -> None:
    rows = page(hands).findChild(Rows)
    at = rows.head_height + int((number + 0.5) * rows.row_height)
    QTest.mouseClick(rows, Qt.MouseButton.LeftButton, pos=QPoint(60, at))
    wait(LOOK_MS)


def shelf_counted(hands: Hands) -> None:
    window = hands.running.window
    hands.running.shell._rooms["count"]()
    hands.until(lambda: window.page == "count", "盘点")
    until(hands, "start")
    hands.scan("S:A3")
    until(hands, "count", "shelf")
    hands.scan("S:A4")
    hands.until(lambda: view(hands).under.startswith("A4"), "A4")
    hands.tap("○ A3")
    hands.until(lambda: view(hands).under.startswith("A3"), "A3")
    hands.scan(EGG_ROLL)
    hands.until(lambda: view(hands).total == "1", "one")
    wait(LOOK_MS)
    digits(hands, page(hands).field, "99")
    hands.until(lambda: view(hands).total == "99", "99")
    looked(hands, "counted")
    hands.scan(TEA)
    hands.until(lambda: "红茶" in view(hands).name, "tea")
    wait(LOOK_MS)
    hands.tap("撤一笔")
    hands.until(lambda: view(hands).total == "", "taken back")
    hands.scan("6901234567892")
    hands.until(lambda: "不认识 1" in view(hands).marks, "a code nobody knows")
    looked(hands, "unknown")


def sheet_typed_back(hands: Hands) -> None:
    hands.tap("盘点表")
    hands.until(lambda: view(hands).question is not None, "what about sheets")
    looked(hands, "sheet_asked")
    hands.tap("本架小票纸")
    hands.until(lambda: "10001" in str(view(hands).message), "it is printing")
    looked(hands, "sheet_printing")
    hands.scan("P:10001")
    until(hands, "sheet")
    tap_row(hands, 0)
    digits(hands, page(hands).field, "98")
    hands.until(lambda: view(hands).rows.rows[0].cells[3] == "98 盒", "98 of line 1")
    looked(hands, "sheet_typed")
    hands.tap("返回")
    until(hands, "count")


def reviewed_and_closed(hands: Hands) -> None:
    hands.counter.desk.sign_in("201", "135791")
    hands.tap("复核")
    until(hands, "review")
    hands.tap("要看的")
    until(hands, "looks")
    for number, row in enumerate(view(hands).rows.rows):
        if row.key.startswith("unknown"):
            tap_row(hands, number)
            tap_row(hands, number)
    hands.until(lambda: view(hands).question is not None, "what is it")
    looked(hands, "looks_asked")
    hands.tap("不是本店的，不算")
    hands.until(lambda: "不认识" not in view(hands).marks, "left out")
    hands.tap("复点")
    until(hands, "again")
    assert [row.cells[0] for row in view(hands).rows.rows] == ["马冈鹅蛋卷 300g"]
    digits(hands, page(hands).field, "99")
    hands.until(lambda: not view(hands).rows.rows, "counted again")
    hands.tap("复核")
    until(hands, "review")
    hands.tap("批准")
    until(hands, "closed")


def left_out_set_to_nought(hands: Hands) -> None:
    hands.tap("没点到")
    until(hands, "zero")
    tap_row(hands, 0)
    hands.until(lambda: view(hands).confirm_word == "清零 1 种", "chosen")
    hands.tap("清零 1 种")
    hands.until(lambda: view(hands).question is not None, "sure?")
    looked(hands, "zero_asked")
    hands.tap("清零")
    field = question(hands)
    looked(hands, "zero_approver")
    digits(hands, field, "301")
    hands.until(lambda: "PIN" in str(view(hands).question), "their PIN")
    digits(hands, question(hands), "864209")
    hands.until(lambda: view(hands).question is None, "answered")
    looked(hands, "zero_answered")


def test_a_shelf_is_counted_reviewed_and_closed_without_a_key(hands: Hands) -> None:
    shelf_counted(hands)
    sheet_typed_back(hands)
    reviewed_and_closed(hands)
    left_out_set_to_nought(hands)
    assert hands.keys == 0
