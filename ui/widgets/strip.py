"""The line at the top: which shop, which till, who, how things stand, what time it is."""

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import RADIUS, Theme
from ui.views import StatusView, StripView
from ui.widgets import paint

STATE_COLOURS = {"ok": "ok", "warn": "warn", "stop": "danger"}


class Strip(QWidget):
    """Painted from the right (clock, lamps, person) so that the shop's name is what gives way."""

    pressed = Signal(str)
    """The action of a lamp that was touched."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view = StripView(shop="", till="")
        self._lamps: list[tuple[QRect, StatusView]] = []
        self.setFixedHeight(theme.px(48))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_view(self, view: StripView) -> None:
        """Show a new state of the shop."""
        if view == self._view:
            return
        self._view = view
        lamps = " ".join(f"{lamp.word} {lamp.value}" for lamp in view.lamps)
        self.setAccessibleName(f"{view.shop} {view.till} {view.person} {lamps} {view.clock}")
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for area, lamp in self._lamps:
            if area.contains(event.position().toPoint()) and lamp.action:
                self.pressed.emit(lamp.action)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))
        left = self._paint_left(painter)
        right = self.width() - px(16)
        clock = theme.font("body", bold=True)
        right -= self._paint_right(painter, right, self._view.clock, clock, "ink") + px(16)
        self._lamps = []
        for lamp in reversed(self._view.lamps):
            right = self._paint_lamp(painter, right, lamp) - px(16)
        person = theme.font("body")
        wide = QFontMetrics(person).horizontalAdvance(self._view.person)
        if right - wide > left:
            self._paint_right(painter, right, self._view.person, person, "ink")
        painter.end()

    def _paint_left(self, painter: QPainter) -> int:
        """Shield, shop, till and the demo mark; returns where they end."""
        theme, px = self._theme, self._theme.px
        mark = QRectF(px(16), px(9), px(26), px(30))
        letter = theme.font("small", bold=True)
        brand, on_brand = theme.colour("brand"), theme.colour("on_brand")
        paint.shield(painter, mark, brand, "优", letter, on_brand)
        bold, body = theme.font("body", bold=True), theme.font("body")
        base = paint.baseline_in(self.rect(), bold) - 1
        left = px(58)
        room = self.width() * 2 // 5 - left
        ink, muted = theme.colour("ink"), theme.colour("muted")
        left += paint.baseline_text(painter, left, base, self._view.shop, bold, ink, room) + px(16)
        left += paint.baseline_text(painter, left, base, self._view.till, body, muted, room)
        if self._view.demo:
            left += px(16)
            wide = QFontMetrics(bold).horizontalAdvance(self._view.demo)
            tag = QRect(left, px(10), wide + px(20), px(28))
            paint.rounded(painter, tag, theme.colour("warn_soft"), theme.colour("warn"), 2, RADIUS)
            paint.text(painter, tag, self._view.demo, bold, theme.colour("warn"), paint.CENTER)
            left = tag.right()
        return left + px(16)

    def _paint_lamp(self, painter: QPainter, right: int, lamp: StatusView) -> int:
        """One lamp ending at `right`; returns where it begins."""
        theme, px = self._theme, self._theme.px
        font = theme.font("small")
        words = f"{lamp.word} {lamp.value}".strip()
        wide = self._paint_right(painter, right, words, font, "muted")
        size = px(11)
        left = right - wide - px(6) - size
        shape = QRectF(left, (self.height() - size) / 2, size, size)
        paint.status_shape(painter, shape, lamp.state, theme.colour(STATE_COLOURS[lamp.state]))
        self._lamps.append((QRect(left - px(8), 0, right - left + px(16), self.height()), lamp))
        return left

    def _paint_right(
        self, painter: QPainter, right: int, words: str, font: QFont, colour: str
    ) -> int:
        wide = QFontMetrics(font).horizontalAdvance(words)
        base = paint.baseline_in(self.rect(), self._theme.font("body", bold=True)) - 1
        ink = self._theme.colour(colour)
        paint.baseline_text(painter, right - wide, base, words, font, ink, wide + 2)
        return wide
