"""开班: the business day, the shift, and the float counted into the drawer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.language import tr
from ui.theme import Theme
from ui.views import OpenShiftView
from ui.widgets.amounts import MoneyEdit
from ui.widgets.arrange import boxed, column, empty, label, row, rule
from ui.widgets.buttons import ActionButton
from ui.widgets.cash_count import CashCount
from ui.widgets.notices import InlineMessage

SHIFT_KEYS = "ABCDEFGH"
"""Written on the shifts, in their order; digits belong to the float."""


class OpenShiftScreen(QWidget):
    """`opened(shift word, float in fen)`; the float is typed or counted by notes."""

    opened = Signal(str, int)
    nothing_counted = Signal()
    """Enter over an empty float."""
    shift_chosen = Signal(str)
    cancelled = Signal()
    message_closed = Signal()
    message_action = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle(tr("开班"))
        self._theme = theme
        self._view = OpenShiftView(person="", day="")
        self._shifts: list[ActionButton] = []
        self.setProperty("look", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        px = theme.px
        self._person = label("", "muted")
        self._message = InlineMessage(theme)
        self._message.closed.connect(self.message_closed)
        self._message.action_chosen.connect(self.message_action)
        self._count = CashCount(theme)
        self._count.counted.connect(self._counted)
        sides = row(self._facts(), rule(upright=True), self._count, gap=px(32))
        sides.setStretch(0, 1)
        sides.setStretch(2, 1)
        card = boxed(
            column(
                row(label(tr("开班"), "headline"), None, self._person), px(10), self._message,
                px(8), sides, px(16), self._foot(),
                margins=(px(32), px(20), px(32), px(24)),
            ),
            "card",
        )  # fmt: skip
        card.setFixedWidth(px(940))
        self.setLayout(column(None, row(None, card, None), None))

    def _facts(self) -> QWidget:
        px = self._theme.px
        self._day = label("", "figure")
        self._day.setProperty("look", "headline")
        self._day_note = label("", "small", wrap=True)
        self._drawer = label("", "product")
        self._shift_row = QHBoxLayout()
        self._shift_row.setSpacing(px(8))
        self._shift_box = boxed(column(label(tr("班次"), "muted"), px(4), self._shift_row, px(10)))
        self.float_field = MoneyEdit()
        self.float_field.setProperty("look", "tendered")
        self.float_field.setAccessibleName(tr("备用金"))
        self._last = label("", "small", wrap=True)
        return boxed(
            column(
                label(tr("营业日"), "muted"), self._day, self._day_note, px(10),
                self._shift_box,
                label(tr("备用金（元）"), "muted"), px(2), self.float_field, px(4), self._last,
                None,
                row(label(tr("钱箱"), "muted"), self._drawer, None, gap=px(12)),
            )
        )  # fmt: skip

    def _foot(self) -> QWidget:
        self._cancel = ActionButton(self._theme, tr("返回"), "Esc")
        self._open = ActionButton(self._theme, tr("开班"), "Enter", look="primary")
        self._cancel.clicked.connect(self.cancelled)
        self._open.clicked.connect(self._open_shift)
        foot = row(self._cancel, None, self._open, gap=self._theme.px(8))
        self._cancel.setFixedWidth(self._theme.px(150))
        self._open.setFixedWidth(self._theme.px(280))
        return boxed(foot)

    def show_view(self, view: OpenShiftView) -> None:
        """Show the proposal."""
        before, self._view = self._view, view
        self._person.setText(view.person)
        self._day.setText(view.day)
        self._day_note.setText(view.day_note)
        self._day_note.setVisible(bool(view.day_note))
        self._drawer.setText(view.drawer)
        self._last.setText(view.last_float)
        self._message.show_view(view.message)
        if view.float_fen is not None and view.float_fen != before.float_fen:
            self.float_field.set_amount(view.float_fen)
        if view.rows != before.rows:
            self._count.show_rows(view.rows)
        self._show_shifts(view)
        self._open.set_usable(not view.busy)

    def act(self, action: str) -> bool:
        """enter opens, back returns, up and down walk through the note counts."""
        if action == "enter":
            self._open_shift()
        elif action == "back":
            if not self._message.answer():
                self.cancelled.emit()
        elif action in ("up", "down"):
            self._count.walk(1 if action == "down" else -1)
        return action not in ("mute", "keys", "drawer")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The letter written on a shift chooses it; the fields left it for the page."""
        for button in self._shifts:
            if event.text().upper() == button.key:
                button.click()
                return
        event.ignore()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.float_field.setFocus()

    def _open_shift(self) -> None:
        fen = self.float_field.amount()
        if fen is None:
            self.float_field.setFocus()
            self.nothing_counted.emit()
            return
        self.opened.emit(self._view.shift_chosen, fen)

    def _counted(self, fen: int) -> None:
        if fen >= 0:
            self.float_field.set_amount(fen)
            self.float_field.deselect()

    def _show_shifts(self, view: OpenShiftView) -> None:
        self._shift_box.setVisible(bool(view.shift_words))
        if [button.text() for button in self._shifts] != list(view.shift_words):
            empty(self._shift_row)
            self._shifts = []
            for key, word in zip(SHIFT_KEYS, view.shift_words, strict=False):
                button = ActionButton(self._theme, word, key, height=48)
                button.clicked.connect(lambda _=False, name=word: self.shift_chosen.emit(name))
                self._shift_row.addWidget(button)
                self._shifts.append(button)
        for button in self._shifts:
            button.set_chosen(button.text() == view.shift_chosen)
