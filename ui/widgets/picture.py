"""A paper as the printer got it, fitted into its frame, sharp when there is room."""

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
