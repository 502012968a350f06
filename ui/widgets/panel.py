"""What lies over the page: the panel with its one shadow, the veil, and the marks of a window."""

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QFont, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.language import tr
from ui.theme import Theme
from ui.widgets import paint

SHADOW = 16


class Panel(QWidget):
    """A surface with a shadow at its left edge; children are laid out right of the shadow.

    The shadow is a painted gradient: a graphics effect would render the whole panel twice.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shadow = theme.px(SHADOW)
        self.setContentsMargins(self._shadow, 0, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def shadow(self) -> int:
        """Width of the shadow in pixels; a panel is placed this much further left."""
        return self._shadow

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        fade = QLinearGradient(0, 0, self._shadow, 0)
        fade.setColorAt(0, QColor(28, 36, 33, 0))
        fade.setColorAt(1, QColor(28, 36, 33, 38))
        painter.fillRect(0, 0, self._shadow, self.height(), QBrush(fade))
        body = self.rect().adjusted(self._shadow, 0, 0, 0)
        painter.fillRect(body, self._theme.colour("surface"))
        painter.fillRect(body.left(), 0, 1, self.height(), self._theme.colour("line"))
        painter.end()


class Veil(QWidget):
    """Half hides what waits under a panel, and keeps fingers off it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = QColor(self._theme.colour("surface"))
        colour.setAlpha(140)
        painter.fillRect(self.rect(), colour)
        painter.end()


class DemoBorder(QWidget):
    """A hatched frame around a window that is not a real shop. Lets every touch through."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        thick = self._theme.px(6)
        brush = QBrush(self._theme.colour("warn"), Qt.BrushStyle.BDiagPattern)
        soft = self._theme.colour("warn_soft")
        wide, high = self.width(), self.height()
        for side in (
            QRect(0, 0, wide, thick),
            QRect(0, high - thick, wide, thick),
            QRect(0, thick, thick, high - 2 * thick),
            QRect(wide - thick, thick, thick, high - 2 * thick),
        ):
            painter.fillRect(side, soft)
            painter.fillRect(side, brush)
        painter.end()


FLASHES = {"refused": ("danger", 450), "question": ("warn", 200), "unknown": ("warn", 200)}
"""Sound -> the colour and milliseconds of the frame that stands for it; others are short and ok."""


class Flash(QWidget):
    """A frame around the window for a sound that no player could play. Lets every touch through."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour = "ok"
        self._off = QTimer(self)
        self._off.setSingleShot(True)
        self._off.timeout.connect(self.hide)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_tone(self, tone: str) -> None:
        """Flash as long as the sound would have lasted."""
        self._colour, milliseconds = FLASHES.get(tone, ("ok", 90))
        self.raise_()
        self.show()
        self.update()
        self._off.start(milliseconds)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, wide = QPainter(self), self._theme.px(10)
        painter.setPen(QPen(self._theme.colour(self._colour), wide))
        painter.drawRect(self.rect().adjusted(wide // 2, wide // 2, -wide // 2, -wide // 2))
        painter.end()


class NotInFront(QWidget):
    """Large words over a window that would not hear the scanner. A touch brings it to the front."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(tr("未在前台"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        painter.fillRect(self.rect(), QColor(28, 36, 33, 90))
        box = QRect(0, 0, px(520), px(168))
        box.moveCenter(self.rect().center())
        painter.fillRect(box, theme.colour("surface"))
        painter.setPen(QPen(theme.colour("danger"), px(3)))
        painter.drawRect(box)
        upper = box.adjusted(0, px(20), 0, -px(68))
        lower = box.adjusted(px(16), px(100), -px(16), -px(20))
        big: QFont = theme.font("total", bold=True)
        danger, muted = theme.colour("danger"), theme.colour("muted")
        paint.text(painter, upper, tr("未在前台"), big, danger, paint.CENTER)
        words = tr("现在扫码收不到。点一下本窗口再继续。")
        fonts = theme.font("product"), theme.font("body")
        paint.fitted(painter, lower, words, fonts, muted, paint.CENTER)
        painter.end()
