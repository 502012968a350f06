"""Small things of 收款: how long a wait has been, and the amount received."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.language import tr
from ui.theme import Theme
from ui.widgets import paint
from ui.widgets.amounts import MoneyEdit


class ShareBar(QWidget):
    """How much of a wait has passed: it counts something real."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._share = 0
        self.setFixedHeight(theme.px(8))

    def show_share(self, per_cent: int) -> None:
        """0 to 100."""
        self._share = max(0, min(100, per_cent))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("line"))
        done = self.width() * self._share // 100
        painter.fillRect(0, 0, done, self.height(), self._theme.colour("brand"))
        painter.end()


class TenderedEdit(MoneyEdit):
    """The amount received, with its word inside the field."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("look", "tendered")
        self.setAccessibleName(tr("实收"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        room = self.rect().adjusted(self._theme.px(18), 0, 0, 0)
        font, muted = self._theme.font("product"), self._theme.colour("muted")
        paint.text(painter, room, tr("实收"), font, muted)
        painter.end()
