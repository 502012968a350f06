"""Icons from the library in resources/icons, drawn in the theme's ink; never without a word."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Theme

ICONS = Path(__file__).resolve().parent.parent.parent / "resources" / "icons"


@cache
def icon_pixmap(name: str, size: int, colour: str) -> QPixmap:
    """One icon as a square picture of `size` pixels; an unknown name is our bug and loud."""
    # The SVG reader is not needed to sell, so it is loaded with the first icon.
    from PySide6.QtSvg import QSvgRenderer

    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture


class Icon(QWidget):
    """An icon beside its word."""

    def __init__(self, theme: Theme, name: str, size: int = 24, colour: str = "brand") -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._colour = colour
        self._size = theme.px(size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = getattr(self._theme.colours, self._colour)
        painter.drawPixmap(0, 0, icon_pixmap(self._name, self._size, colour))
        painter.end()
