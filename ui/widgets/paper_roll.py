"""A roll of paper as it hangs out of a printer: one page after another, the newest at the end."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from ui.theme import Theme
from ui.widgets import paint

KEPT_PAGES = 100
"""Older papers fall to the floor: a page is some ten kilobytes, and a soak prints for days."""
MARGIN, GAP, TOOTH = 16, 14, 6
BLANK_DOTS = 28
"""What the head of a printer cannot reach on either side of the paper."""


class PaperRoll(QAbstractScrollArea):
    """Shows pages in the printer's own dots, smaller only when the window is narrower.

    Stays at the newest page unless somebody scrolled up to read.
    """

    def __init__(self, theme: Theme, empty: str) -> None:
        super().__init__()
        self._theme = theme
        self._empty = empty
        self._pages: list[QImage] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().setSingleStep(theme.px(48))

    @property
    def pages(self) -> int:
        """How many pages hang there."""
        return len(self._pages)

    def add(self, page: QImage) -> None:
        """Let one more page come out."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum()
        self._pages = [*self._pages, page][-KEPT_PAGES:]
        self._measure()
        if at_end:
            bar.setValue(bar.maximum())

    def clear(self) -> None:
        """Tear everything off."""
        self._pages = []
        self._measure()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(620), self._theme.px(640))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar, key = self.verticalScrollBar(), event.key()
        if key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)

    def _scale(self) -> float:
        widest = max((page.width() for page in self._pages), default=1) + 2 * BLANK_DOTS
        return min(1.0, (self.viewport().width() - 2 * self._theme.px(MARGIN)) / widest)

    def _heights(self) -> list[int]:
        scale = self._scale()
        return [max(1, int(page.height() * scale)) for page in self._pages]

    def _measure(self) -> None:
        px, high = self._theme.px, self._heights()
        whole = sum(high) + px(GAP) * max(0, len(high) - 1) + 2 * px(MARGIN)
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, whole - self.viewport().height()))
        self.viewport().update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self.viewport()), self._theme, self._theme.px
        area = self.viewport().rect()
        painter.fillRect(area, theme.colour("pressed"))
        if not self._pages:
            muted = theme.colour("muted")
            paint.text(painter, area, self._empty, theme.font("body"), muted, paint.CENTER)
        heights = self._heights()
        # A short roll hangs from the top; the last page of a long one ends at the bottom.
        top = px(MARGIN) - self.verticalScrollBar().value()
        for page, high in zip(self._pages, heights, strict=True):
            wide = int(page.width() * self._scale())
            place = QRect((area.width() - wide) // 2, top, wide, high)
            if place.adjusted(0, -px(TOOTH), 0, px(TOOTH)).intersects(area):
                self._paint_page(painter, place, page)
            top += high + px(GAP)
        if self.hasFocus():
            painter.setPen(theme.colour("ring"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(0, 0, -1, -1))
            painter.drawRect(area.adjusted(1, 1, -2, -2))
        painter.end()

    def _paint_page(self, painter: QPainter, place: QRect, page: QImage) -> None:
        """A page with its blank sides, and the teeth of the tear bar at both ends."""
        tooth, blank = self._theme.px(TOOTH), int(BLANK_DOTS * self._scale())
        left, wide = place.left() - blank, place.width() + 2 * blank
        count = max(1, wide // tooth)
        across = [left + wide * step / count for step in range(count + 1)]
        upper = [
            QPointF(x, place.top() - (tooth / 2 if step % 2 else 0))
            for step, x in enumerate(across)
        ]
        lower = [
            QPointF(x, place.bottom() + 1 + (tooth / 2 if step % 2 else 0))
            for step, x in enumerate(across)
        ]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.colour("line"))
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
        smooth = place.width() != page.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(place, page)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
