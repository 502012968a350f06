"""交班: the drawer is counted before anybody sees what it should hold; then both stand here."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from ui.language import tr
from ui.room_views import CloseShiftView
from ui.theme import Theme
from ui.views import CashRowView
from ui.widgets.amounts import MoneyEdit
from ui.widgets.arrange import boxed, column, empty, label, relook, row, rule
from ui.widgets.buttons import ActionButton
from ui.widgets.cash_count import CashCount
from ui.widgets.notices import InlineMessage, StateShape

_TONES = {"ok": "ok", "warn": "short", "stop": "short"}


class CloseShiftScreen(QWidget):
    """`closed(fen, notes)` once counted; then the result, `left` and `day_closed`."""

    closed = Signal(int, dict)
    """The whole count in fen, and how many of each note (empty when only a sum was typed)."""
    nothing_counted = Signal()
    """Enter over an empty count."""
    left = Signal()
    day_closed = Signal()
    message_closed = Signal()
    message_action = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view = CloseShiftView(person="")
        self._rows: tuple[CashRowView, ...] = ()
        self.setProperty("look", "paper")
        px = theme.px
        self._title = label("", "headline")
        self._person = label("", "muted")
        self._message = InlineMessage(theme)
        self._message.closed.connect(self.message_closed)
        self._message.action_chosen.connect(self.message_action)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._build_count())
        self._pages.addWidget(self._build_result())
        body = column(
            row(self._title, None, self._person), px(12), self._message, px(8), self._pages,
            px(20), self._build_foot(), margins=(px(32), px(24), px(32), px(28)),
        )  # fmt: skip
        body.setStretch(4, 1)
        card = boxed(body, "card")
        card.setFixedWidth(px(940))
        card.setMinimumHeight(px(560))
        self.setLayout(column(None, row(None, card, None), None))

    def _build_count(self) -> QWidget:
        px = self._theme.px
        self.sum_field = MoneyEdit()
        self.sum_field.setProperty("look", "tendered")
        self.sum_field.setAccessibleName(tr("钱箱里一共"))
        self.count = CashCount(self._theme)
        self.count.counted.connect(self._counted)
        how = label(tr("把钱箱里的钱点一遍，连备用金一起。应有多少，点完才显示。"), wrap=True)
        left = column(
            label(tr("钱箱里一共（元）"), "muted"), px(4), self.sum_field, px(16), how, None
        )
        sides = row(boxed(left), rule(upright=True), self.count, gap=px(32))
        sides.setStretch(0, 1)
        sides.setStretch(2, 1)
        return boxed(sides)

    def _build_result(self) -> QWidget:
        px = self._theme.px
        self._shape = StateShape(self._theme)
        self._verdict = label("", "headline")
        self._difference = label("", "change", right=True)
        self._figures = QGridLayout()
        self._figures.setVerticalSpacing(px(8))
        self._figures.setColumnStretch(0, 1)
        self._notes = label("", "muted", wrap=True)
        said = row(self._shape, self._verdict, None, self._difference, gap=px(12))
        return boxed(column(said, px(8), rule(), px(12), self._figures, px(16), self._notes, None))

    def _build_foot(self) -> QWidget:
        theme = self._theme
        self._back = ActionButton(theme, tr("返回"), "Esc", height=60)
        self._day = ActionButton(theme, tr("日结 Z"), height=60)
        self._next = ActionButton(theme, tr("交班并打印"), "Enter", look="primary", height=60)
        self._back.clicked.connect(self.left)
        self._day.clicked.connect(self.day_closed)
        self._next.clicked.connect(self._go_on)
        for button, width in ((self._back, 150), (self._day, 200), (self._next, 280)):
            button.setFixedWidth(theme.px(width))
        return boxed(row(self._back, None, self._day, self._next, gap=theme.px(8)))

    def show_view(self, view: CloseShiftView) -> None:
        """Show the count, or what came of it."""
        self._view = view
        self._title.setText(view.title)
        self._person.setText(view.person)
        self._message.show_view(view.message)
        if view.rows != self._rows:
            self._rows = view.rows
            self.count.show_rows(view.rows)
        counted = bool(view.figures)
        self._pages.setCurrentIndex(1 if counted else 0)
        self._verdict.setText(view.verdict)
        self._shape.show_state(view.state)
        self._difference.setText(view.difference)
        relook(self._difference, "look", _TONES[view.state] if view.state != "ok" else "change")
        self._show_figures(view)
        self._notes.setText(view.note)
        self._back.setVisible(view.can_leave)
        self._day.setVisible(view.can_close_day)
        self._next.set_word(view.next_word)
        self._next.set_usable(not view.busy)
        if not counted:
            self.sum_field.setFocus()

    def act(self, action: str) -> bool:
        """Enter hands over, Esc leaves, up and down walk through the notes."""
        if action == "enter":
            self._go_on()
        elif action == "back":
            if not self._message.answer() and self._view.can_leave:
                self.left.emit()
        elif action in ("up", "down") and not self._view.figures:
            self.count.walk(1 if action == "down" else -1)
        return action not in ("mute",)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.sum_field.setFocus()

    def clear(self) -> None:
        """A new count begins with nothing in the fields."""
        self.sum_field.clear()
        self._rows = ()

    def _counted(self, fen: int) -> None:
        if fen >= 0:
            self.sum_field.set_amount(fen)
            self.sum_field.deselect()

    def _go_on(self) -> None:
        if self._view.figures or self._view.day_only:
            self.left.emit()
            return
        fen = self.sum_field.amount()
        if fen is None:
            self.sum_field.setFocus()
            self.nothing_counted.emit()
            return
        notes = self.count.counts() if self.count.total() == fen else {}
        self.closed.emit(fen, notes)

    def _show_figures(self, view: CloseShiftView) -> None:
        empty(self._figures)
        for place, (word, amount) in enumerate(view.figures):
            self._figures.addWidget(label(word, "product"), place, 0)
            self._figures.addWidget(label(amount, "strong", right=True), place, 1)
