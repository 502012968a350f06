"""A list of articles: the search results under the scan field, and the body of 找货."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.language import tr
from ui.theme import Theme
from ui.views import GoodsView
from ui.widgets import paint


class GoodsList(QWidget):
    """Painted rows: name and spec, code, stock, price; the chosen one is marked."""

    chosen = Signal(str)
    marked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._goods: tuple[GoodsView, ...] = ()
        self._mark = 0
        self._first = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def row_height(self) -> int:
        """Height of a row in pixels."""
        return self._theme.row_height()

    def show_goods(self, goods: tuple[GoodsView, ...], kept: str = "") -> None:
        """Show results, best first; marked is the one with the key `kept`, else the best."""
        keys = [each.key for each in goods]
        self._goods, self._first = goods, 0
        self._put_mark(keys.index(kept) if kept in keys else 0)
        self.setAccessibleName(" ".join(item.name for item in goods[:10]))
        self.update()

    def count(self) -> int:
        """How many results there are."""
        return len(self._goods)

    def marked_goods(self) -> GoodsView | None:
        """The marked result."""
        return self._goods[self._mark] if self._goods else None

    def move_by(self, steps: int) -> bool:
        """Mark another row; False when there is none."""
        if not self._goods:
            return False
        self._put_mark(max(0, min(len(self._goods) - 1, self._mark + steps)))
        self.marked.emit(self._goods[self._mark].key)
        self.update()
        return True

    def _put_mark(self, number: int) -> None:
        self._mark = number
        rows = max(1, self.height() // self.row_height)
        self._first = max(min(self._first, number), number - rows + 1)

    def enter(self) -> bool:
        """Choose the marked row; False when there is none to choose."""
        goods = self.marked_goods()
        if goods is None or not goods.enabled:
            return False
        self.chosen.emit(goods.key)
        return True

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(320), self.row_height * max(1, len(self._goods)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._first + int(event.position().y()) // self.row_height
        if number < len(self._goods):
            self._mark = number
            self.update()
            self.enter()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.move_by(-1 if event.angleDelta().y() > 0 else 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        rows = self.height() // self.row_height + 1
        for place, goods in enumerate(self._goods[self._first : self._first + rows]):
            area = QRect(0, place * self.row_height, self.width(), self.row_height)
            self._paint_row(painter, area, goods, self._first + place == self._mark)
        painter.end()

    def _paint_row(self, painter: QPainter, area: QRect, goods: GoodsView, marked: bool) -> None:
        theme, px = self._theme, self._theme.px
        if marked:
            painter.fillRect(area, theme.colour("brand_soft"))
            painter.fillRect(QRect(area.left(), area.top(), px(4), area.height()),
                             theme.colour("brand"))  # fmt: skip
        body, small = theme.font("product"), theme.font("small")
        ink = theme.colour("ink" if goods.enabled else "muted")
        muted = theme.colour("muted")
        base = paint.baseline_in(area, body)
        right = area.right() - px(16)
        bold = theme.font("product", bold=True)
        wide = QFontMetrics(bold).horizontalAdvance(goods.price)
        paint.baseline_text(painter, right - wide, base, goods.price, bold, ink, wide + 2)
        stock = goods.stock if goods.enabled else goods.reason
        stock_wide = QFontMetrics(small).horizontalAdvance(stock)
        stock_right = right - px(128)
        stock_left = stock_right - stock_wide
        paint.baseline_text(painter, stock_left, base, stock, small, muted, stock_wide + 2)
        code_left = stock_right - px(190)
        roomy = area.width() >= px(640)
        if roomy:
            paint.baseline_text(painter, code_left, base, goods.code, small, muted, px(110))
        left = area.left() + px(16)
        room = (code_left if roomy else stock_left) - px(16) - left
        used = paint.baseline_text(painter, left, base, goods.name, body, ink, room)
        left += used + px(10)
        paint.baseline_text(painter, left, base, goods.spec, small, muted, room - used - px(10))


class GoodsPopup(QWidget):
    """The results that drop down under the scan field while initials are typed."""

    chosen = Signal(str)
    missed = Signal()
    """Enter waited for these results, and there are none: the text may be a code."""
    MOST = 8

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._list = GoodsList(theme)
        self._list.setParent(self)
        self._list.chosen.connect(self.chosen)
        self._typed = ""
        self._awaited = ""
        self._walked = ("", "")

    def show_goods(self, goods: tuple[GoodsView, ...], typed: str) -> None:
        """Show up to eight results; nothing typed hides it, nothing found says so."""
        awaited, self._awaited = self._awaited == typed != "", ""
        (walked_at, walked_to), self._walked = self._walked, ("", "")
        kept = walked_to if walked_at == typed else ""
        self._typed = typed
        self._list.show_goods(goods[: self.MOST], kept)
        self.setVisible(bool(typed))
        self.update()
        if not awaited or (kept and kept not in {each.key for each in goods[: self.MOST]}):
            # Whoever walked to an article that is gone gets no other: they look again.
            return
        if not self._list.enter():
            self.missed.emit()

    def wanted_height(self) -> int:
        """Height that shows every row."""
        rows = max(1, self._list.count())
        return rows * self._list.row_height + self._theme.px(34)

    def enter(self, typed: str) -> bool:
        """Choose the marked result; False when the popup is closed or empty.

        Whoever types faster than the shop answers must not get an article of the shorter text:
        while these are not the results of `typed`, Enter waits for those.
        """
        if not self.isVisible():
            return False
        if typed != self._typed:
            self._awaited = typed
            return True
        return self._list.enter()

    def move_by(self, steps: int, typed: str) -> bool:
        """Move the mark; False when the popup is closed or empty.

        The results of `typed` may still be on their way: they leave the mark where it was put.
        """
        if not self.isVisible() or not self._list.move_by(steps):
            return False
        goods = self._list.marked_goods()
        self._walked = (typed, goods.key if goods else "")
        return True

    def resizeEvent(self, _event: object) -> None:
        self._list.setGeometry(0, 1, self.width(), self.height() - self._theme.px(33))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        painter.fillRect(self.rect(), theme.colour("surface"))
        for edge in (0, self.height() - 1):
            painter.fillRect(0, edge, self.width(), 1, theme.colour("edge"))
        foot = QRect(px(16), self.height() - px(33), self.width() - px(32), px(32))
        words = tr("↑↓ 选择 · Enter 加入 · Esc 关闭")
        if not self._list.count():
            words = tr("没有找到“{typed}”。试试更少的字母，或扫条码。", typed=self._typed)
            middle = self.rect().adjusted(px(16), 0, -px(16), -px(30))
            ink = theme.colour("ink")
            paint.text(painter, middle, words, theme.font("body"), ink)
            words = tr("Esc 关闭")
        paint.text(painter, foot, words, theme.font("small"), theme.colour("muted"), paint.RIGHT)
        painter.end()
