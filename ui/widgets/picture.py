"""What is shown and not pressed: a paper as the printer got it, a QR code, a drawn phone."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.language import tr
from ui.theme import Theme
from ui.widgets import paint


class PaperPicture(QWidget):
    """Shows a PNG on a grey ground like a paper on a table; long papers are cut at the bottom."""

    def __init__(self, theme: Theme, *, whole: bool = False, empty: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._whole = whole
        self._empty = empty or tr("这里会显示打印出来的样子")
        self._paper = QPixmap()
        self._top = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_png(self, png: bytes) -> None:
        """Show a picture; empty bytes show none."""
        self._paper = QPixmap()
        if png:
            self._paper.loadFromData(png)
        self._top = 0
        self.update()

    def scroll(self, pixels: int) -> None:  # type: ignore[override]
        """Move a long paper up or down."""
        self._top = max(0, self._top + pixels)
        self.update()

    def wheelEvent(self, event: object) -> None:
        self.scroll(-event.angleDelta().y() // 2)  # type: ignore[attr-defined]

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(320), self._theme.px(240))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        painter.fillRect(self.rect(), theme.colour("pressed"))
        if self._paper.isNull():
            muted = theme.colour("muted")
            font = theme.font("small")
            paint.text(painter, self.rect(), self._empty, font, muted, paint.CENTER)
            painter.end()
            return
        room = self.rect().adjusted(px(16), px(16), -px(16), -px(16))
        wide, high = self._paper.width(), self._paper.height()
        scale = min(1.0, room.width() / wide)
        if self._whole:
            scale = min(scale, room.height() / high)
        shown = QSize(max(1, int(wide * scale)), max(1, int(high * scale)))
        hidden = max(0, shown.height() - room.height())
        self._top = min(self._top, hidden)
        area = QRect(0, 0, shown.width(), shown.height())
        area.moveCenter(room.center())
        if hidden:
            area.moveTop(room.top() - self._top)
        painter.setClipRect(self.rect())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale != 1.0)
        painter.fillRect(area.adjusted(1, 2, 1, 2), theme.colour("line"))
        painter.fillRect(area, Qt.GlobalColor.white)
        painter.drawPixmap(area, self._paper)
        painter.end()


class QrPicture(QWidget):
    """A QR code from rows of 0 and 1, in whole pixels a module, with its quiet zone."""

    def __init__(self, theme: Theme, size: int = 220) -> None:
        super().__init__()
        self._rows: tuple[str, ...] = ()
        self._size = theme.px(size)

    def show_rows(self, rows: tuple[str, ...]) -> None:
        """Show a code; no rows hides it."""
        self._rows = rows
        self.setVisible(bool(rows))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        # Scanners want black on white whatever the theme is.
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        modules = len(self._rows) + 8
        dot = max(1, min(self.width(), self.height()) // modules)
        left = (self.width() - dot * len(self._rows)) // 2
        top = (self.height() - dot * len(self._rows)) // 2
        for line, bits in enumerate(self._rows):
            for place, bit in enumerate(bits):
                if bit == "1":
                    square = QRect(left + place * dot, top + line * dot, dot, dot)
                    painter.fillRect(square, Qt.GlobalColor.black)
        painter.end()


class CodePicture(QWidget):
    """A drawn phone with a code, so that the page says at one look what to hold where."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(160))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("ink"))
        painter.drawRoundedRect(px(14), 0, px(92), px(160), px(12), px(12))
        painter.setBrush(theme.colour("brand_soft"))
        painter.drawRoundedRect(px(20), px(10), px(80), px(140), px(6), px(6))
        painter.setBrush(theme.colour("ink"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        left = px(30)
        for number, width in enumerate((3, 1, 2, 4, 1, 3, 2, 1, 4, 2, 1, 3)):
            if number % 2 == 0:
                painter.drawRect(left, px(36), px(width), px(34))
            left += px(width) + px(2)
        painter.fillRect(px(44), px(84), px(32), px(32), theme.colour("brand"))
        painter.fillRect(px(52), px(92), px(16), px(16), theme.colour("brand_soft"))
        painter.end()
