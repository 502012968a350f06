"""Digits for fingers where a page brings none: they come when a number field is touched."""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.language import tr
from ui.theme import Theme
from ui.widgets.arrange import column, row
from ui.widgets.buttons import ActionButton, NumberPad

WIDTH, HEIGHT = 280, 320
MARGIN = 24
FOOT = 140
"""Left free below: what a page lets one do stands there."""


class TouchPad(QWidget):
    """Lies over the window beside the field it types into. `entered`: its 确定 was touched."""

    entered = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self.field: QLineEdit | None = None
        """The field it types into while it is open."""
        self.setProperty("look", "floating")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        pad = NumberPad(theme, height=48)
        pad.pressed.connect(self._press)
        away = ActionButton(theme, tr("收起"), height=48)
        enter = ActionButton(theme, tr("确定"), height=48, look="primary")
        away.clicked.connect(self.close_pad)
        enter.clicked.connect(self.entered)
        gap = theme.px(8)
        edge = theme.px(12)
        self.setLayout(
            column(pad, row(away, enter, gap=gap), gap=gap, margins=(edge, edge, edge, edge))
        )
        self.setFixedSize(theme.px(WIDTH), theme.px(HEIGHT))
        self.hide()

    def open_for(self, field: QLineEdit, page: QWidget) -> None:
        """Come up for a field, unless its page has digits of its own on the screen."""
        if any(each.isVisible() for each in page.findChildren(NumberPad)):
            return
        self.field = field
        self.move(self._place(field))
        self.show()
        self.raise_()

    def close_pad(self) -> None:
        """Nobody types with fingers any more."""
        self.field = None
        self.hide()

    def _place(self, field: QLineEdit) -> QPoint:
        """On the side of the window where the field is not, above the page's buttons."""
        window, px = self._window, self._theme.px
        at = QRect(field.mapTo(window, QPoint()), field.size())
        left = px(MARGIN)
        right = window.width() - self.width() - px(MARGIN)
        lowest = window.height() - self.height() - px(FOOT)
        spot = QRect(right, max(0, lowest), self.width(), self.height())
        if spot.intersects(at):
            spot.moveLeft(left)
        if at.width() > window.width() // 2:
            # A field across the whole window: below it in the middle, between what a page says on
            # its left and its figures on the right; above where there is no room.
            spot.moveLeft((window.width() - self.width()) // 2)
        if spot.intersects(at):
            below = at.bottom() + px(8)
            spot.moveTop(min(below, window.height() - self.height()))
        return spot.topLeft()

    def _press(self, key: str) -> None:
        if self.field is None:
            return
        if key == "back":
            self.field.backspace()
        else:
            self.field.insert(key)
        self.field.setFocus()
