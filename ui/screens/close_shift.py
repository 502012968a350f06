"""交班 in three steps: count, look, hand over. The drawer's sum is shown after the count.

Enter goes on, Esc goes one step back (重点: every count that was looked at stands in the books).
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QWidget

from ui.language import tr
from ui.room_views import CloseShiftView
from ui.theme import Theme
from ui.views import CashRowView, ChoiceView
from ui.widgets.amounts import MoneyEdit
from ui.widgets.arrange import boxed, column, empty, label, relook, row, rule
from ui.widgets.buttons import ActionButton, NumberPad
from ui.widgets.cash_count import CashCount
from ui.widgets.figures import Figures
from ui.widgets.notices import InlineMessage, StateShape
from ui.widgets.question_panel import QuestionPanel

_TONES = {"ok": "ok", "warn": "short", "stop": "short"}
_PAGES = {"count": 0, "check": 1, "done": 2}
_QUESTION = 3
LOW = 640
"""A page below this height, in pixels of the design, shows the difference smaller."""


class CloseShiftScreen(QWidget):
    """Shows the step the presenter is in; knows no rules."""

    counted = Signal(int, dict)
    """The whole count in fen, and how many of each note (empty when only a sum was typed)."""
    nothing_counted = Signal()
    """Enter over an empty count."""
    confirmed = Signal()
    """Enter over what was looked at."""
    went_back = Signal()
    left = Signal()
    chosen = Signal(str)
    """A button of the foot, or a reason, by its name."""
    answered = Signal(str, str)
    message_closed = Signal()
    message_action = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view = CloseShiftView(person="")
        self._rows: tuple[CashRowView, ...] = ()
        self.setProperty("look", "paper")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        px = theme.px
        self._title = label("", "headline")
        self._person = label("", "muted")
        self._message = InlineMessage(theme)
        self._message.closed.connect(self.message_closed)
        self._message.action_chosen.connect(self.message_action)
        self.question = QuestionPanel(theme)
        self.question.answered.connect(self.answered)
        self._pages = QStackedWidget()
        for page in (
            self._build_count(), self._build_check(), self._build_done(), self._build_question()
        ):  # fmt: skip
            self._pages.addWidget(page)
        self._body = column(
            row(self._title, None, self._person), px(6), self._message, px(10), self._pages,
            px(14), self._build_foot(),
        )  # fmt: skip
        self._body.setStretch(4, 1)
        self._card = boxed(self._body, "card")
        self._card.setFixedWidth(px(960))
        self.setLayout(column(None, row(None, self._card, None), None))

    def _build_count(self) -> QWidget:
        px = self._theme.px
        self.sum_field = MoneyEdit()
        self.sum_field.setProperty("look", "tendered")
        self.sum_field.setAccessibleName(tr("钱箱里一共"))
        self.count = CashCount(self._theme)
        self.count.counted.connect(self._counted)
        self._how = label("", wrap=True)
        pad = NumberPad(self._theme, height=44)
        pad.pressed.connect(self._pad_pressed)
        left = column(
            label(tr("钱箱里一共（元）"), "muted"), px(4), self.sum_field, px(8), self._how, px(8),
            pad,
        )  # fmt: skip
        sides = row(boxed(left), rule(upright=True), self.count, gap=px(32))
        sides.setStretch(0, 1)
        sides.setStretch(2, 1)
        return boxed(sides)

    def _build_check(self) -> QWidget:
        px = self._theme.px
        self._figures, self._counts = Figures(self._theme), Figures(self._theme)
        self._shape = StateShape(self._theme)
        self._verdict = label("", "headline")
        self._difference = label("", "change", right=True)
        self._reasons = QHBoxLayout()
        self._reasons.setSpacing(px(8))
        self._reason_buttons: dict[str, ActionButton] = {}
        self._waits = label("", "danger")
        words = column(None, self._verdict, self._waits, None)
        said = row(self._shape, words, None, self._difference, gap=px(12))
        self._below = rule()
        self._why = label("", "muted", wrap=True)
        self._why.setContentsMargins(0, 0, 0, px(4))
        left = column(
            self._figures, px(4), self._below, px(4), self._counts, None, said, self._why,
            gap=px(4),
        )  # fmt: skip
        left.addLayout(self._reasons)
        self._tenders = Figures(self._theme, look="body", gap=4)
        self._looks = label("", "strong", wrap=True)
        self._notes = label("", "muted", wrap=True)
        right = column(
            label(tr("各种付款"), "muted"), self._tenders, px(6), rule(), px(6),
            label(tr("请看"), "muted"), self._looks, px(6), self._notes, None, gap=px(4),
        )  # fmt: skip
        self._between, self._beside = rule(upright=True), boxed(right)
        sides = row(boxed(left), self._between, self._beside, gap=px(28))
        sides.setStretch(0, 1)
        sides.setStretch(2, 1)
        return boxed(sides)

    def _build_question(self) -> QWidget:
        sides = row(column(self.question, None), self.question.pad, gap=self._theme.px(28))
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        return boxed(sides)

    def _build_done(self) -> QWidget:
        px = self._theme.px
        self._done_shape = StateShape(self._theme)
        self._done_verdict = label("", "headline")
        self._done_difference = label("", "change", right=True)
        self._done_figures = Figures(self._theme)
        self._done_notes = label("", "muted", wrap=True)
        self._done_waits = label("", "danger")
        words = column(None, self._done_verdict, self._done_waits, None)
        said = row(self._done_shape, words, None, self._done_difference, gap=px(12))
        return boxed(
            column(said, px(8), rule(), px(12), self._done_figures, px(16), self._done_notes, None)
        )

    def _build_foot(self) -> QWidget:
        theme = self._theme
        self._back = ActionButton(theme, tr("返回"), "Esc", height=60)
        self._next = ActionButton(theme, "", "Enter", look="primary", height=60)
        self._more = QHBoxLayout()
        self._more.setSpacing(theme.px(8))
        self._more_shown: tuple[ChoiceView, ...] = ()
        self._back.clicked.connect(self._go_back)
        self._next.clicked.connect(self._go_on)
        for button, width in ((self._back, 130), (self._next, 250)):
            button.setFixedWidth(theme.px(width))
        self._foot = boxed(row(self._back, None, self._more, self._next, gap=theme.px(8)))
        return self._foot

    # --- Showing ---------------------------------------------------------------------------

    def show_view(self, view: CloseShiftView) -> None:
        """Show the step."""
        before, self._view = self._view, view
        self._title.setText(view.title)
        self._person.setText(view.person)
        self._message.show_view(view.message)
        self._fit()
        self._how.setText(view.how)
        if view.rows != self._rows:
            self._rows = view.rows
            self.count.show_rows(view.rows)
        self._pages.setCurrentIndex(_QUESTION if view.question else _PAGES[view.step])
        self.question.show_view(view.question)
        if view.step == "check":
            self._show_check(view)
        elif view.step == "done":
            self._show_done(view)
        self._show_foot(view)
        if view.question is not None:
            return
        if view.step != "count":
            self.setFocus()
        elif before.step != "count" or before.message is not None or before.question is not None:
            self.sum_field.setFocus()

    def _show_check(self, view: CloseShiftView) -> None:
        self._figures.show_rows(view.figures)
        self._counts.show_rows(view.counts)
        self._tenders.show_rows(view.tenders)
        self._looks.setText(view.looks)
        # Counted late there is nothing to hold it against: the note stands over its reasons.
        blind = not view.figures
        for part in (self._below, self._between, self._beside):
            part.setVisible(not blind)
        self._why.setVisible(blind)
        (self._why if blind else self._notes).setText(view.note)
        self._say(self._shape, self._verdict, self._waits, self._difference)
        self._show_reasons(view)

    def _show_done(self, view: CloseShiftView) -> None:
        self._say(self._done_shape, self._done_verdict, self._done_waits, self._done_difference)
        self._done_figures.show_rows(view.figures)
        self._done_notes.setText(view.note)

    def _say(self, shape: StateShape, verdict: QLabel, waits: QLabel, difference: QLabel) -> None:
        view = self._view
        shape.show_state(view.state)
        verdict.setText(view.verdict)
        waits.setText(view.waits)
        waits.setVisible(bool(view.waits))
        difference.setText(view.difference)
        difference.setVisible(bool(view.difference))
        tone = _TONES[view.state] if view.state != "ok" else "change"
        relook(difference, "look", f"{tone}_tight" if self._low else tone)

    @property
    def _low(self) -> bool:
        """Large type, or a low screen: what was counted has to stand above the rest as well."""
        return self.height() < self._theme.px(LOW)

    def _fit(self) -> None:
        """A low page gives its edges away, and its heading while a message stands."""
        px, low = self._theme.px, self._low
        self._card.setMinimumHeight(0 if low else px(520))
        self._body.setContentsMargins(px(32), px(10 if low else 20), px(32), px(10 if low else 24))
        for part in (self._title, self._person):
            part.setVisible(not (low and self._view.message))

    def _show_reasons(self, view: CloseShiftView) -> None:
        if list(self._reason_buttons) != [reason.name for reason in view.reasons]:
            empty(self._reasons)
            self._reason_buttons = {}
            for reason in view.reasons:
                button = ActionButton(self._theme, reason.word, reason.key, height=48, size="body")
                button.clicked.connect(lambda _=False, name=reason.name: self.chosen.emit(name))
                self._reasons.addWidget(button)
                self._reason_buttons[reason.name] = button
        for name, button in self._reason_buttons.items():
            button.set_chosen(name == view.reason)

    def _show_foot(self, view: CloseShiftView) -> None:
        self._foot.setVisible(view.question is None)
        self._back.setVisible(bool(view.back_word))
        self._back.set_word(view.back_word)
        self._next.set_word(view.next_word)
        self._next.set_usable(not view.busy and view.question is None)
        if view.actions != self._more_shown:
            self._more_shown = view.actions
            empty(self._more)
            for action in view.actions:
                button = ActionButton(self._theme, action.word, action.key, height=60)
                button.setFixedWidth(self._theme.px(130))
                button.clicked.connect(lambda _=False, name=action.name: self.chosen.emit(name))
                self._more.addWidget(button)

    # --- Keys ------------------------------------------------------------------------------

    def act(self, action: str) -> bool:
        """Enter goes on, Esc goes back, up and down walk through the notes."""
        if self.question.asking and self.question.act(action):
            return True
        if action == "enter":
            self._go_on()
        elif action == "back":
            if not self._message.answer() and self._view.back_word:
                self._go_back()
        elif action in ("up", "down") and self._view.step == "count":
            self.count.walk(1 if action == "down" else -1)
        return action not in ("mute",)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The letter or figure written on a button presses it."""
        typed = event.text().upper()
        if typed and self._view.question is None and not self._view.busy:
            for choice in (*self._view.actions, *self._view.reasons):
                if choice.key == typed:
                    self.chosen.emit(choice.name)
                    return
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._view.step == "count":
            self.sum_field.setFocus()
        else:
            self.setFocus()

    def clear(self) -> None:
        """A new count begins with nothing in the fields."""
        self.sum_field.clear()
        self._rows = ()

    def _pad_pressed(self, key: str) -> None:
        """A finger types where the cursor is."""
        field = QApplication.focusWidget()
        if not isinstance(field, QLineEdit):
            field = self.sum_field
        if key == "back":
            field.backspace()
        else:
            field.insert(key)

    def _counted(self, fen: int) -> None:
        if fen >= 0:
            self.sum_field.set_amount(fen)
            self.sum_field.deselect()

    def _go_back(self) -> None:
        self.went_back.emit()

    def _go_on(self) -> None:
        if self._view.step != "count":
            self.confirmed.emit()
            return
        fen = self.sum_field.amount()
        if fen is None:
            self.sum_field.setFocus()
            self.nothing_counted.emit()
            return
        notes = self.count.counts() if self.count.total() == fen else {}
        self.counted.emit(fen, notes)
