"""What the till has to say, inside the page: refusals, questions, and the states of lists.

Nothing here is a modal window. A refusal stays framed until it is answered; good news goes away by
itself when the next thing happens.
"""

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.language import tr
from ui.theme import RADIUS, Theme
from ui.views import BROWSE, SCALE, ChoiceView, MessageView, QuestionView
from ui.widgets import paint
from ui.widgets.amounts import MoneyEdit, QuantityEdit, ValueEdit
from ui.widgets.arrange import column, empty, label, row
from ui.widgets.buttons import ActionButton

_FRAMES = {"refused": "danger", "warn": "warn", "ok": "ok", "plain": "edge"}
_GROUNDS = {"refused": "danger_soft", "warn": "warn_soft", "ok": "surface", "plain": "surface"}
_SHAPES = {"refused": "stop", "warn": "warn", "ok": "ok", "plain": "ok"}


class StateShape(QWidget):
    """● ▲ ■ as a small widget."""

    def __init__(self, theme: Theme, state: str = "ok", size: int = 14) -> None:
        super().__init__()
        self._theme = theme
        self._state = state
        self._size = theme.px(size)
        self.setFixedSize(self._size + theme.px(2), self._size + theme.px(12))

    def show_state(self, state: str) -> None:
        """ok, warn or stop."""
        self._state = state
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        name = {"ok": "ok", "warn": "warn", "stop": "danger"}[self._state]
        area = QRectF(1, self._theme.px(7), self._size, self._size)
        paint.status_shape(painter, area, self._state, self._theme.colour(name))
        painter.end()


class _Framed(QWidget):
    """A box framed in the colour of its tone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.tone = "plain"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground, frame = (
            self.theme.colour(_GROUNDS[self.tone]),
            self.theme.colour(_FRAMES[self.tone]),
        )
        paint.rounded(painter, self.rect(), ground, frame, 2, RADIUS)
        painter.end()


class InlineMessage(_Framed):
    """What happened, what was kept, what to do next; `closed` when it was answered."""

    closed = Signal()
    action_chosen = Signal(str)

    def __init__(self, theme: Theme, *, standing: bool = False, key: str = "") -> None:
        """`standing`: nobody can wave it away, the page itself has the ways on. `key` is written
        on the button that helps, where the page's `act` leads it to `take_advice`."""
        super().__init__(theme)
        self._standing = standing
        px = theme.px
        self._view: MessageView | None = None
        self._shape = StateShape(theme)
        self._text = label("", "strong", wrap=True)
        self._detail = label("", wrap=True)
        self._code = label("", "small", right=True)
        self._action = ActionButton(theme, "", key, height=48)
        # Tab and Enter reach it on every page: what helps needs no finger.
        self._action.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close = ActionButton(theme, tr("知道了"), "Esc", height=48)
        self._action.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._close.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._action.clicked.connect(self._act)
        self._close.clicked.connect(self.closed)
        words = column(self._text, self._detail, gap=px(2))
        said = row(gap=px(12))
        said.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        said.addLayout(words, 1)
        said.addWidget(self._code, 0, Qt.AlignmentFlag.AlignVCenter)
        # In the middle beside a button, and the shape by the first line of the words.
        middle = column(None, said, None)
        self._outer = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._outer.setSpacing(px(8))
        self._outer.setContentsMargins(px(16), px(10), px(10), px(10))
        self._outer.addLayout(middle, 1)
        self._outer.addLayout(row(None, self._action, self._close, gap=px(8)))
        self.setLayout(self._outer)
        self.hide()

    def show_view(self, view: MessageView | None) -> None:
        """Show a message, or nothing."""
        self._view = view
        self.setVisible(view is not None)
        if view is None:
            return
        self.tone = view.tone
        self._shape.show_state(_SHAPES[view.tone])
        self._text.setText(view.text)
        self._detail.setText(view.detail)
        self._detail.setVisible(bool(view.detail))
        self._code.setText(view.code)
        self._code.setVisible(bool(view.code))
        self._action.setVisible(bool(view.action))
        self._action.set_word(view.action_word)
        # One button fits beside the words; two go under them.
        beside, under = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._outer.setDirection(under if view.action else beside)
        self._close.setVisible(view.tone != "ok" and not self._standing)
        self.setAccessibleName(f"{view.text} {view.detail}")
        self.update()

    def take_advice(self) -> bool:
        """The key of the button that helps; False when there is none."""
        offered = self._view is not None and bool(self._view.action)
        if offered:
            self._act()
        return offered

    def answer(self) -> bool:
        """Esc: close what has to be answered; False when nothing was open."""
        open_now = self._view is not None and self._view.tone != "ok"
        if open_now:
            self.closed.emit()
        return open_now

    def _act(self) -> None:
        if self._view is not None:
            self.action_chosen.emit(self._view.action)


class QuestionBar(_Framed):
    """A question over the basket. `answered(choice, value)`; `value_typed` while typing.

    Enter gives the primary choice, Esc the choice named "no" (every question has one).
    """

    answered = Signal(str, str)
    value_typed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        px = theme.px
        self._view: QuestionView | None = None
        self._shape = StateShape(theme, "warn")
        self._title = label("", "strong", wrap=True)
        self._detail = label("", "muted", wrap=True)
        self._preview = label("", "strong", wrap=True)
        self._unit = label("", "product")
        self._field: QLineEdit | None = None
        self._field_room = QHBoxLayout()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(px(8))
        top = row(gap=px(12))
        top.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(column(self._title, self._detail, gap=px(2)), 1)
        value = row(self._field_room, self._unit, self._preview, None, gap=px(12))
        self.setLayout(
            column(top, value, self._buttons, gap=px(12), margins=(px(16), px(12), px(16), px(14)))
        )
        self.hide()

    def show_view(self, view: QuestionView | None) -> None:
        """Show a question, or nothing. The same question again only updates its preview."""
        before, self._view = self._view, view
        self.setVisible(view is not None)
        if view is None:
            self._drop_field()
            return
        self.tone = view.tone
        self._shape.show_state(_SHAPES[view.tone])
        self._title.setText(view.title)
        self._detail.setText(view.detail)
        self._detail.setVisible(bool(view.detail))
        self._preview.setText(view.preview)
        self._preview.setVisible(bool(view.preview))
        self._unit.setText(view.unit)
        self._unit.setVisible(bool(view.unit))
        if before is None or (before.title, before.choices) != (view.title, view.choices):
            self._build_buttons(view.choices)
        if before is None or (before.title, before.value) != (view.title, view.value):
            self._build_field(view)
        self.setAccessibleName(f"{view.title} {view.detail}")
        self.update()

    def act(self, action: str) -> bool:
        """enter = the primary answer, back = the answer "no"; True when a question was open."""
        if self._view is None or action not in ("enter", "back"):
            return False
        primary = [choice.name for choice in self._view.choices if choice.primary]
        if action == "back":
            self._answer("no")
        elif primary:
            self._answer(primary[0])
        return True

    def press(self, key: str) -> bool:
        """A digit of the number pad; False when no value is asked for."""
        if self._field is None:
            return False
        if key == "back":
            self._field.backspace()
        else:
            self._field.insert(key)
        return True

    def take_focus(self) -> None:
        """Put the cursor into the value when one is asked for."""
        if self._field is not None:
            self._field.setFocus()

    def _answer(self, name: str) -> None:
        value = self._field.text().strip() if self._field is not None else ""
        usable = not isinstance(self._field, ValueEdit) or self._field.value() is not None
        free = name in ("no", BROWSE, SCALE)
        if not free and self._field is not None and (not value or not usable):
            self._field.setFocus()
            return
        self.answered.emit(name, value)

    def _build_buttons(self, choices: tuple[ChoiceView, ...]) -> None:
        empty(self._buttons)
        for choice in choices:
            look = "primary" if choice.primary else "plain"
            button = ActionButton(self.theme, choice.word, choice.key, look=look, height=54)
            button.clicked.connect(lambda _=False, name=choice.name: self._answer(name))
            self._buttons.addWidget(button, 3 if choice.primary else 2)

    def _build_field(self, view: QuestionView) -> None:
        self._drop_field()
        if not view.value:
            return
        field = _field_for(view.value)
        field.setAccessibleName(view.title)
        field.setText(view.value_text)
        field.setFixedWidth(self.theme.px(360 if view.value in ("text", "file") else 220))
        field.textEdited.connect(self.value_typed)
        field.selectAll()
        self._field = field
        self._field_room.addWidget(field)
        # A layout shows new children later; a field that is not shown yet cannot take the cursor.
        field.show()
        field.setFocus()

    def _drop_field(self) -> None:
        if self._field is not None:
            self._field.hide()
            self._field.deleteLater()
            self._field = None


def _field_for(value: str) -> QLineEdit:
    if value == "money":
        return MoneyEdit()
    if value in ("quantity", "weight"):
        return QuantityEdit(weighed=value == "weight")
    field = QLineEdit()
    if value == "secret":
        field.setEchoMode(QLineEdit.EchoMode.Password)
    if value in ("secret", "code"):
        field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        field.setProperty("till_field", True)
    return field


class StateLabel(QWidget):
    """What a list shows instead of rows: empty (what to do), loading, error, stale."""

    again = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.px
        self._theme = theme
        self._shape = StateShape(theme)
        self._title = label("", "strong", wrap=True)
        self._detail = label("", "muted", wrap=True)
        for words in (self._title, self._detail):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._again = ActionButton(theme, tr("再试一次"), height=48)
        self._again.setFixedWidth(px(200))
        self._again.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._again.clicked.connect(self.again)
        inner = QVBoxLayout()
        inner.setSpacing(px(8))
        inner.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignHCenter)
        # The words take the whole width; aligned in the layout they would be given their least.
        inner.addWidget(self._title)
        inner.addWidget(self._detail)
        inner.addWidget(self._again, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(column(None, inner, None, margins=(px(24), px(24), px(24), px(24))))

    def show_state(
        self,
        state: Literal["empty", "loading", "error", "stale"],
        title: str,
        detail: str = "",
        *,
        can_retry: bool = False,
    ) -> None:
        """One of the four states with its words."""
        self._shape.setVisible(state in ("error", "stale"))
        self._shape.show_state("stop" if state == "error" else "warn")
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._again.setVisible(can_retry)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(320), self._theme.px(160))
