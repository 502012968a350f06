"""The foot of the basket: how many pieces, what was saved, and the biggest thing: the total."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.language import tr
from ui.theme import Theme
from ui.views import BasketView
from ui.widgets import paint


class TotalBar(QWidget):
    """Painted, so that the figures of total and sums stand on one baseline."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._basket = BasketView()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_basket(self, basket: BasketView) -> None:
        """Show the sums of a basket."""
        self._basket = basket
        self.setAccessibleName(f"{self._label()} {basket.total}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(320), self._theme.px(80))

    def _label(self) -> str:
        return self._basket.total_label or tr("应收")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        painter.fillRect(0, 0, self.width(), 1, theme.colour("line"))
        total = theme.font("total", bold=True)
        base = paint.baseline_in(self.rect(), total)
        right = self.width() - px(17)
        wide = QFontMetrics(total).horizontalAdvance(self._basket.total)
        left = right - wide
        ink, muted = theme.colour("ink"), theme.colour("muted")
        paint.baseline_text(painter, left, base, self._basket.total, total, ink, wide + 2)
        label_font = theme.font("title")
        words = f"{self._label()} ¥"
        label_wide = QFontMetrics(label_font).horizontalAdvance(words)
        left -= label_wide + px(10)
        paint.baseline_text(painter, left, base, words, label_font, muted, label_wide + 2)
        self._paint_sums(painter, QRect(px(16), 0, left - px(32), self.height()), base)
        painter.end()

    def _paint_sums(self, painter: QPainter, room: QRect, base: int) -> None:
        theme = self._theme
        font, bold = theme.font("body"), theme.font("body", bold=True)
        parts = [(self._basket.pieces, font, "muted")]
        if self._basket.member:
            parts.append((self._basket.member, bold, "brand"))
        if self._basket.full:
            parts.append((tr("原价 {amount}", amount=self._basket.full), font, "muted"))
        if self._basket.saved:
            parts.append((tr("优惠 {amount}", amount=self._basket.saved), bold, "accent"))
        gap = theme.px(16)
        widths = [QFontMetrics(kind).horizontalAdvance(words) for words, kind, _ in parts]
        if sum(widths) + gap * (len(parts) - 1) <= room.width():
            left = room.left()
            for (words, kind, colour), wide in zip(parts, widths, strict=True):
                ink = theme.colour(colour)
                paint.baseline_text(painter, left, base, words, kind, ink, wide + 2)
                left += wide + gap
            return
        # Too narrow for one row (1024 wide): the pieces above, the rest below them.
        step = theme.px(22)
        last = base if len(parts) < 3 else base + theme.px(8)
        for number, (words, kind, colour) in enumerate(reversed(parts)):
            ink, height = theme.colour(colour), last - number * step
            paint.baseline_text(painter, room.left(), height, words, kind, ink, room.width())
