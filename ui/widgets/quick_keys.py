"""Tabs and tiles of goods that have no barcode or are sold all day. No keyboard focus."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QVBoxLayout, QWidget

from ui.language import tr
from ui.theme import RADIUS, Theme
from ui.views import QuickKeysView, QuickKeyView, QuickTabView
from ui.widgets import paint
from ui.widgets.notices import StateLabel


class Tabs(QWidget):
    """Words in a row, the chosen one bold with a bar under it."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tabs: tuple[QuickTabView, ...] = ()
        self._chosen = ""
        self.setFixedHeight(theme.px(48))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_tabs(self, tabs: tuple[QuickTabView, ...], chosen: str) -> None:
        """Show the tabs; `chosen` is a tab's key."""
        self._tabs, self._chosen = tabs, chosen
        self.setAccessibleName(" ".join(tab.word for tab in tabs))
        self.update()

    def _areas(self) -> list[QRect]:
        px = self._theme.px
        metrics = QFontMetrics(self._theme.font("body", bold=True))
        widths = [metrics.horizontalAdvance(tab.word) for tab in self._tabs]
        pad = px(14)
        room = self.width() - sum(widths)
        if widths and room < 2 * pad * len(widths):
            pad = max(px(4), room // (2 * len(widths)))
        # Of a finger's width, unless the last one would then stand beyond the edge.
        least = px(48)
        if sum(max(wide + 2 * pad, least) for wide in widths) > self.width():
            least, pad = 0, min(pad, max(0, room // (2 * max(1, len(widths)))))
        areas, left = [], 0
        for wide in widths:
            width = max(wide + 2 * pad, least)
            areas.append(QRect(left, 0, width, self.height()))
            left += width
        return areas

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for tab, area in zip(self._tabs, self._areas(), strict=True):
            if area.contains(event.position().toPoint()):
                self.chosen.emit(tab.key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))
        for tab, area in zip(self._tabs, self._areas(), strict=True):
            chosen = tab.key == self._chosen
            font = theme.font("body", bold=chosen)
            colour = theme.colour("ink" if chosen else "muted")
            paint.text(painter, area, tab.word, font, colour, paint.CENTER)
            if chosen:
                bar = QRect(area.left(), area.bottom() - theme.px(2), area.width(), theme.px(3))
                painter.fillRect(bar, theme.colour("brand"))
        painter.end()


class Tiles(QWidget):
    """A grid of tiles that fills its room; more goods than fit are on further pages."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tiles: tuple[QuickKeyView, ...] = ()
        self._page = 0
        self._down = -1
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_tiles(self, tiles: tuple[QuickKeyView, ...]) -> None:
        """Show these goods; the page stays when the same goods are shown again."""
        if [tile.key for tile in tiles] != [tile.key for tile in self._tiles]:
            self._page = 0
        self._tiles = tiles
        self.setAccessibleName(" ".join(tile.name for tile in tiles[:24]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(420), self._theme.px(300))

    def grid(self) -> tuple[int, int]:
        """(columns, rows) that fit."""
        px = self._theme.px
        columns = max(2, (self.width() + px(8)) // px(138))
        rows = max(1, (self.height() + px(8)) // px(112))
        return columns, rows

    def pages(self) -> int:
        """How many pages there are."""
        columns, rows = self.grid()
        return max(1, -(-len(self._tiles) // self._per_page(columns * rows)))

    def _per_page(self, places: int) -> int:
        return places if len(self._tiles) <= places else max(1, places - 1)

    def _shown(self) -> tuple[QuickKeyView, ...]:
        columns, rows = self.grid()
        count = self._per_page(columns * rows)
        page = min(self._page, self.pages() - 1)
        return self._tiles[page * count : (page + 1) * count]

    def _area(self, place: int) -> QRect:
        px = self._theme.px
        columns, rows = self.grid()
        line, step = divmod(place, columns)
        left = step * (self.width() + px(8)) // columns
        right = (step + 1) * (self.width() + px(8)) // columns - px(8)
        used = min(rows, max(1, -(-len(self._tiles) // columns)))
        high = min((self.height() + px(8)) // used, px(148))
        return QRect(left, line * high, right - left, high - px(8))

    def _place_at(self, point: QPoint) -> int:
        columns, rows = self.grid()
        for place in range(columns * rows):
            if self._area(place).contains(point):
                return place
        return -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._down = self._place_at(event.position().toPoint())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place, self._down = self._place_at(event.position().toPoint()), -1
        self.update()
        shown = self._shown()
        if 0 <= place < len(shown):
            tile = shown[place]
            if tile.enabled:
                self.chosen.emit(tile.key)
            else:
                QToolTip.showText(event.globalPosition().toPoint(), tile.reason, self)
        elif self.pages() > 1 and place == self._more_place():
            self.turn(1)

    def turn(self, pages: int) -> None:
        """Go to the next page, and from the last one back to the first."""
        self._page = (min(self._page, self.pages() - 1) + pages) % self.pages()
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.pages() > 1:
            self.turn(-1 if event.angleDelta().y() > 0 else 1)

    def leaveEvent(self, _event: QEvent) -> None:
        self._down = -1
        self.update()

    def _more_place(self) -> int:
        columns, rows = self.grid()
        return columns * rows - 1

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, tile in enumerate(self._shown()):
            self._paint_tile(painter, self._area(place), tile, place == self._down)
        if self.pages() > 1:
            self._paint_more(painter, self._area(self._more_place()))
        painter.end()

    def _paint_more(self, painter: QPainter, area: QRect) -> None:
        theme = self._theme
        paint.rounded(painter, area, theme.colour("paper"), theme.colour("edge"), 1, RADIUS)
        upper = QRect(area.left(), area.top(), area.width(), area.height() * 3 // 5)
        lower = QRect(area.left(), area.center().y(), area.width(), area.height() * 2 // 5)
        page = f"{min(self._page, self.pages() - 1) + 1} / {self.pages()}"
        font, small = theme.font("body"), theme.font("small")
        paint.text(painter, upper, tr("下一页"), font, theme.colour("ink"), paint.CENTER)
        paint.text(painter, lower, page, small, theme.colour("muted"), paint.CENTER)

    def _paint_tile(self, painter: QPainter, area: QRect, tile: QuickKeyView, down: bool) -> None:
        theme, px = self._theme, self._theme.px
        fill = "pressed" if down or not tile.enabled else "surface"
        paint.rounded(painter, area, theme.colour(fill), theme.colour("line"), 1, RADIUS)
        bar = QRect(area.left(), area.top() + px(10), px(4), area.height() - px(20))
        painter.fillRect(bar, theme.hue(tile.hue))
        ink = theme.colour("ink" if tile.enabled else "muted")
        inside = area.adjusted(px(14), px(10), -px(10), -px(8))
        self._paint_name(painter, inside, tile.name, ink)
        small, body = theme.font("small"), theme.font("body")
        foot = QRect(inside.left(), inside.bottom() - px(24), inside.width(), px(24))
        base = paint.baseline_in(foot, body)
        right = tile.stock if tile.enabled else tile.reason
        wide = QFontMetrics(small).horizontalAdvance(right)
        price = QFontMetrics(body).horizontalAdvance(tile.price)
        paint.baseline_text(painter, foot.left(), base, tile.price, body, ink, foot.width())
        if price + px(8) + wide <= foot.width():
            muted = theme.colour("muted")
            paint.baseline_text(painter, foot.right() - wide, base, right, small, muted, wide + 2)

    def _paint_name(self, painter: QPainter, area: QRect, name: str, colour: QColor) -> None:
        # Two rows at most, broken where the first is full.
        font = self._theme.font("body")
        metrics = QFontMetrics(font)
        first, rest = paint.broken(name, metrics, area.width())
        height = self._theme.px(24)
        top = QRect(area.left(), area.top(), area.width() + 2, height)
        paint.text(painter, top, first, font, colour)
        if rest and area.height() >= 3 * height:
            below = top.translated(0, height - self._theme.px(2))
            paint.text(painter, below, rest, font, colour)


class QuickKeys(QWidget):
    """Tabs over tiles."""

    chosen = Signal(str)
    tab_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._tabs, self._tiles = Tabs(theme), Tiles(theme)
        self._tabs.chosen.connect(self.tab_chosen)
        self._tiles.chosen.connect(self.chosen)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.px(12))
        self._nothing = StateLabel(theme)
        self._nothing.show_state(
            "empty", tr("还没有快捷键"), tr("常卖的商品可以放在这里：功能 › 设置 › 经营")
        )
        rows.addWidget(self._tabs)
        rows.addWidget(self._tiles, 1)
        rows.addWidget(self._nothing, 1)
        self.show_view(QuickKeysView())

    def show_view(self, view: QuickKeysView) -> None:
        """Show tabs and the chosen tab's goods."""
        filled = bool(view.tabs or view.tiles)
        for part in (self._tabs, self._tiles):
            part.setVisible(filled)
        self._nothing.setVisible(not filled)
        self._tabs.show_tabs(view.tabs, view.chosen)
        self._tiles.show_tiles(view.tiles)
