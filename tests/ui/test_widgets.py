"""The small widgets: what goes in, what comes out, and what they refuse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from ui.room_views import ColumnView, RowView
from ui.theme import LIGHT, Theme
from ui.views import (
    BasketView,
    ChoiceView,
    LineView,
    MessageView,
    QuestionView,
    QuickKeysView,
    QuickKeyView,
    QuickTabView,
    ReductionView,
)
from ui.widgets.amounts import MoneyEdit, QuantityEdit
from ui.widgets.basket_table import HIGHLIGHT_MS, BasketTable, rows_of
from ui.widgets.buttons import ActionButton, HintButton, KeyBar, NumberPad
from ui.widgets.cash_count import CashCount
from ui.widgets.notices import InlineMessage, QuestionBar
from ui.widgets.quick_keys import QuickKeys, Tiles
from ui.widgets.row_list import Rows
from ui.widgets.scan_field import ScanField

THEME = Theme(LIGHT)
GREY = QImage.Format.Format_Grayscale8


def line(key: str, *, reductions: int = 0) -> LineView:
    return LineView(
        key=key, number=key, name="大沙红茶", spec="100g", quantity="× 1", unit_price="68.00",
        amount="68.00",
        reductions=tuple(ReductionView(name="会员价", amount="−3.00") for _ in range(reductions)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("12", 1200), ("12.5", 1250), ("0.05", 5), ("99999.99", 9999999), ("12.", 1200), ("", None)],
)
def test_money_typed_becomes_fen(qtbot: QtBot, typed: str, fen: int | None) -> None:
    field = MoneyEdit()
    qtbot.addWidget(field)
    QTest.keyClicks(field, typed)
    assert field.amount() == fen


@pytest.mark.parametrize("junk", ["-5", "1e5", "12,50", "abc", "￥"])
def test_junk_cannot_be_typed_as_money(qtbot: QtBot, junk: str) -> None:
    field = MoneyEdit()
    qtbot.addWidget(field)
    for mark in junk:
        field.insert(mark)
    assert set(field.text()) <= set("0123456789.")


def test_a_barcode_never_becomes_an_amount(qtbot: QtBot) -> None:
    field = MoneyEdit()
    qtbot.addWidget(field)
    for slipped in ("6901234567892", "100000", "690123"):
        field.setText(slipped)
        assert field.amount() is None
        assert field.property("refused") is True


def test_money_tells_every_change_and_when_there_is_none(qtbot: QtBot) -> None:
    field = MoneyEdit()
    qtbot.addWidget(field)
    told: list[int] = []
    field.amount_changed.connect(told.append)
    QTest.keyClicks(field, "30")
    field.clear()
    assert told == [300, 3000, -1]


def test_half_a_kilo_may_be_typed_as_a_jin(qtbot: QtBot) -> None:
    field = QuantityEdit(weighed=True)
    qtbot.addWidget(field)
    QTest.keyClicks(field, "3j")
    assert field.quantity() == 1500
    field.setText("3斤")
    assert field.quantity() == 1500


def test_pieces_have_no_fractions(qtbot: QtBot) -> None:
    field = QuantityEdit(weighed=False)
    qtbot.addWidget(field)
    field.setText("1.5")
    assert field.quantity() is None
    assert field.property("refused") is True
    field.set_weighed(True)
    assert field.quantity() == 1500
    assert field.property("refused") is False


def test_a_number_and_a_star_mean_the_next_article(qtbot: QtBot) -> None:
    field = ScanField(THEME)
    qtbot.addWidget(field)
    told: list[str] = []
    field.quantity_typed.connect(told.append)
    QTest.keyClicks(field, "12*")
    assert told == ["12"]
    assert field.text() == ""


def test_enter_in_the_scan_field_hands_over_what_was_typed(qtbot: QtBot) -> None:
    field = ScanField(THEME)
    qtbot.addWidget(field)
    told: list[str] = []
    field.entered.connect(told.append)
    assert not field.enter()
    QTest.keyClicks(field, "mgdj")
    assert field.enter()
    assert told == ["mgdj"]


def test_every_reduction_is_its_own_row(qtbot: QtBot) -> None:
    basket = BasketView(lines=(line("1", reductions=2), line("2")))
    assert [row.is_line for row in rows_of(basket)] == [True, False, False, True]


def test_the_selection_walks_over_reductions_and_stops_at_the_ends(qtbot: QtBot) -> None:
    table = BasketTable(THEME)
    qtbot.addWidget(table)
    table.show_basket(BasketView(lines=(line("1", reductions=2), line("2")), selected="1"))
    told: list[str] = []
    table.line_chosen.connect(told.append)
    table.move(1)
    table.move(1)
    table.move(-5)
    assert told == ["2", "2", "1"]


def test_a_fresh_line_is_highlighted_and_calms_down(qtbot: QtBot) -> None:
    table = BasketTable(THEME)
    qtbot.addWidget(table)
    table.resize(700, 400)
    table.show()
    basket = BasketView(lines=(line("1"),), fresh="1", again="×2")
    table.show_basket(basket)
    bright = table.grab().toImage()
    qtbot.wait(HIGHLIGHT_MS + 150)
    assert table.grab().toImage() != bright


def test_a_screen_reader_hears_a_line_as_a_sentence(qtbot: QtBot) -> None:
    table = BasketTable(THEME)
    qtbot.addWidget(table)
    table.show_basket(BasketView(lines=(line("1"),)))
    heard = table.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "1 大沙红茶 100g × 1 68.00 68.00"


def test_buttons_never_take_the_keyboard(qtbot: QtBot) -> None:
    bar, pad = KeyBar(THEME), NumberPad(THEME)
    button = ActionButton(THEME, "收款", "空格", look="primary")
    for widget in (bar, pad, button):
        qtbot.addWidget(widget)
        buttons = [*widget.findChildren(QAbstractButton), widget]
        assert all(part.focusPolicy() == Qt.FocusPolicy.NoFocus for part in buttons)


def test_a_list_too_low_for_a_row_shows_no_half_of_one(qtbot: QtBot) -> None:
    rows = Rows(THEME)
    qtbot.addWidget(rows)
    rows.show_rows((ColumnView(title="单号"),), (RowView(key="1", cells=("KP01-1",)),), "1")
    rows.resize(400, rows.head_height + rows.row_height)
    assert len(set(bytes(rows.grab().toImage().convertToFormat(GREY).constBits()))) > 1
    rows.resize(400, rows.head_height + rows.row_height // 2)
    assert len(set(bytes(rows.grab().toImage().convertToFormat(GREY).constBits()))) == 1


def test_a_narrow_bar_of_keys_still_leads_to_every_room(qtbot: QtBot) -> None:
    bar = KeyBar(THEME)
    qtbot.addWidget(bar)
    bar.show_hints([(f"a{n}", f"F{n}", f"A rather long word {n}") for n in range(1, 13)])
    bar.resize(700, 48)
    bar.show()
    shown = [part.text() for part in bar.findChildren(HintButton) if part.isVisible()]
    assert len(shown) < 12 and shown[-1] == "A rather long word 12", shown
    assert all(part.geometry().right() <= bar.width() for part in bar.findChildren(HintButton)
               if part.isVisible())  # fmt: skip


def test_a_button_that_cannot_be_pressed_says_why(qtbot: QtBot) -> None:
    button = ActionButton(THEME, "折扣", "F4")
    qtbot.addWidget(button)
    button.set_usable(False, "没有打折的权限")
    assert button.accessibleDescription() == "没有打折的权限"
    assert not button.isEnabled()


def test_tiles_turn_pages_and_a_tile_tells_its_key(qtbot: QtBot) -> None:
    tiles = tuple(QuickKeyView(key=str(n), name=f"货 {n}", price="1.00/个") for n in range(60))
    keys = QuickKeys(THEME)
    qtbot.addWidget(keys)
    keys.resize(560, 400)
    keys.show()
    keys.show_view(
        QuickKeysView(tabs=(QuickTabView(key="a", word="热卖"),), chosen="a", tiles=tiles)
    )
    told: list[str] = []
    keys.chosen.connect(told.append)
    grid = keys.findChild(Tiles)
    assert grid is not None
    assert grid.pages() > 1
    seen: set[str] = set()
    for _ in range(grid.pages()):
        columns, rows = grid.grid()
        for place in range(columns * rows):
            QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid._area(place).center())
            seen |= set(told)
    assert seen == {str(n) for n in range(60)}


def test_a_refusal_stays_until_it_is_answered(qtbot: QtBot) -> None:
    message = InlineMessage(THEME)
    qtbot.addWidget(message)
    told: list[bool] = []
    message.closed.connect(lambda: told.append(True))
    assert not message.answer()
    message.show_view(MessageView(text="这批皮蛋已召回，请下架", code="recalled_lot"))
    assert message.isVisibleTo(message.parentWidget())
    assert message.answer()
    assert told == [True]


def test_a_question_is_answered_by_enter_and_escape(qtbot: QtBot) -> None:
    bar = QuestionBar(THEME)
    qtbot.addWidget(bar)
    bar.show()
    told: list[tuple[str, str]] = []
    bar.answered.connect(lambda choice, value: told.append((choice, value)))
    view = QuestionView(
        title="几斤？", value="weight", unit="kg",
        choices=(ChoiceView(name="no", word="不加"),
                 ChoiceView(name="yes", word="加入", primary=True)),
    )  # fmt: skip
    bar.show_view(view)
    assert bar.act("enter")
    assert told == []
    for key in ("1", ".", "5"):
        bar.press(key)
    bar.act("enter")
    bar.act("back")
    assert told == [("yes", "1.5"), ("no", "1.5")]


def test_a_new_preview_does_not_touch_what_is_being_typed(qtbot: QtBot) -> None:
    bar = QuestionBar(THEME)
    qtbot.addWidget(bar)
    view = QuestionView(
        title="打几折？", value="text", choices=(ChoiceView(name="yes", word="改", primary=True),)
    )
    bar.show_view(view)
    bar.press("9")
    bar.show_view(
        QuestionView(title=view.title, value="text", choices=view.choices, preview="减 3.00")
    )
    bar.press("5")
    told: list[str] = []
    bar.answered.connect(lambda _choice, value: told.append(value))
    bar.act("enter")
    assert told == ["95"]


def test_a_drawer_is_counted_by_notes(qtbot: QtBot) -> None:
    from ui.views import CashRowView

    count = CashCount(THEME)
    qtbot.addWidget(count)
    count.show_rows((CashRowView(fen=10000, word="100"), CashRowView(fen=10, word="0.1")))
    told: list[int] = []
    count.counted.connect(told.append)
    count.walk(0)
    fields = [field for _, field in count._fields]
    fields[0].setText("3")
    fields[1].setText("7")
    assert told == [30000, 30070]
    assert count.counts() == {10000: 3, 10: 7}
