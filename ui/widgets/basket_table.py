"""The basket: one row a line, every reduction on its own row, painted by hand.

A list view with a delegate paints only what is visible, so a scan costs one row, and a basket of
500 lines scrolls like one of five. The view takes no keyboard focus; the window's actions move
the selection.
"""

from typing import Any

import msgspec
from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui.language import tr
from ui.theme import RADIUS, Theme
from ui.views import BasketView, LineView, ReductionView
from ui.widgets import paint

HIGHLIGHT_MS = 400
_Index = QModelIndex | QPersistentModelIndex


class BasketRow(msgspec.Struct, frozen=True):
    """A painted row: a line, or one reduction or remark under it."""

    line: LineView
    reduction: ReductionView | None = None
    note: str = ""

    @property
    def is_line(self) -> bool:
        """Is it the line itself, the part one can select?"""
        return self.reduction is None and not self.note

    @property
    def may_be_chosen(self) -> bool:
        """Goods that come back are the refund's: nothing is done to them here."""
        return self.is_line and not self.line.refund


def rows_of(basket: BasketView) -> list[BasketRow]:
    """Lines with their reductions and remarks, in painting order."""
    rows: list[BasketRow] = []
    for line in basket.lines:
        rows.append(BasketRow(line))
        rows.extend(BasketRow(line, reduction) for reduction in line.reductions)
        if line.note:
            rows.append(BasketRow(line, note=line.note))
    return rows


class BasketModel(QAbstractListModel):
    """Rows for the view; as text (for screen readers) a row is one sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[BasketRow] = []
        self.fresh = ""
        self.again = ""

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Rows at the top; rows have no children."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row as a sentence, or the row itself for the delegate."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _sentence(row)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Only lines can be selected, never their reductions."""
        if index.isValid() and self.rows[index.row()].may_be_chosen:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.ItemIsEnabled

    def show_rows(self, rows: list[BasketRow]) -> None:
        """Replace all rows, keeping those in front that did not change."""
        same = 0
        while same < min(len(rows), len(self.rows)) and rows[same] == self.rows[same]:
            same += 1
        if same < len(self.rows):
            self.beginRemoveRows(QModelIndex(), same, len(self.rows) - 1)
            del self.rows[same:]
            self.endRemoveRows()
        if same < len(rows):
            self.beginInsertRows(QModelIndex(), same, len(rows) - 1)
            self.rows.extend(rows[same:])
            self.endInsertRows()


def _sentence(row: BasketRow) -> str:
    if row.reduction is not None:
        return f"{row.reduction.name} {row.reduction.amount}"
    if row.note:
        return row.note
    line = row.line
    return " ".join(
        (line.number, line.name, line.spec, line.quantity, line.unit_price, line.amount)
    )


class BasketDelegate(QStyledItemDelegate):
    """Paints one row: number, name and spec, quantity, unit price, amount."""

    def __init__(self, theme: Theme, model: BasketModel) -> None:
        super().__init__()
        self._theme = theme
        self._model = model
        self._line_height = theme.row_height()
        self._under_height = theme.px(36)

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Lines are taller than what hangs under them."""
        row: BasketRow = index.data(Qt.ItemDataRole.UserRole)
        return QSize(100, self._line_height if row.is_line else self._under_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """One row into `option.rect`."""
        row: BasketRow = index.data(Qt.ItemDataRole.UserRole)
        area: QRect = option.rect
        painter.save()
        if row.is_line:
            chosen = bool(option.state & _SELECTED)
            self._paint_line(painter, area, row.line, chosen)
        else:
            self._paint_under(painter, area, row)
        rows = self._model.rows
        last = index.row() + 1 >= len(rows) or rows[index.row() + 1].is_line
        if last:
            px = self._theme.px
            colour = self._theme.colour("line")
            painter.fillRect(area.left() + px(16), area.bottom(), area.width() - px(32), 1, colour)
        painter.restore()

    def columns(self, width: int) -> tuple[int, int, int]:
        """Right edges of quantity, unit price and amount in a row of this width."""
        px = self._theme.px
        amount = width - px(17)
        roomy = width >= px(640)
        price = amount - px(120 if roomy else 112)
        return price - px(110 if roomy else 88), price, amount

    def _paint_line(self, painter: QPainter, area: QRect, line: LineView, chosen: bool) -> None:
        theme, px = self._theme, self._theme.px
        self._paint_ground(painter, area, line, chosen)
        quantity, price, amount = (area.left() + edge for edge in self.columns(area.width()))
        base = paint.baseline_in(area, theme.font("product"))
        small, body = theme.font("small"), theme.font("body")
        muted, ink = theme.colour("muted"), theme.colour("ink")
        left = area.left() + px(16)
        paint.baseline_text(painter, left, base, line.number, small, muted, px(30))
        left += px(32)
        again = self._model.again if line.key == self._model.fresh else ""
        shown = self._quantity_width(line.quantity, again)
        room = quantity - shown - px(16) - left
        name_font = theme.font("product", bold=chosen)
        spec_wide = QFontMetrics(small).horizontalAdvance(line.spec) + px(10) if line.spec else 0
        name_wide = QFontMetrics(name_font).horizontalAdvance(line.name)
        # A name cut short is worse than a missing pack size: on narrow screens the name has it all.
        if name_wide + spec_wide > room and room < px(320):
            spec_wide = 0
        used = paint.baseline_text(
            painter, left, base, line.name, name_font, ink, max(room - spec_wide, room * 3 // 5)
        )
        if spec_wide and room - used > px(30):
            paint.baseline_text(
                painter, left + used + px(10), base, line.spec, small, muted, room - used - px(10)
            )
        self._paint_quantity(painter, quantity, base, line.quantity, again)
        _right(painter, price, base, line.unit_price, body, ink)
        bold = theme.font("amount", bold=True)
        _right(painter, amount, base, line.amount, bold, self._amount_colour(line))

    def _amount_colour(self, line: LineView) -> Any:
        return self._theme.colour("accent" if line.refund else "ink")

    def _paint_ground(self, painter: QPainter, area: QRect, line: LineView, chosen: bool) -> None:
        theme, px = self._theme, self._theme.px
        inside = area.adjusted(0, 0, 0, -1)
        if line.tone in ("refused", "warn"):
            name = "danger" if line.tone == "refused" else "warn"
            framed = inside.adjusted(px(4), 1, -px(4), -1)
            soft = theme.colour(f"{name}_soft")
            paint.rounded(painter, framed, soft, theme.colour(name), 2, RADIUS)
        elif chosen or line.key == self._model.fresh:
            painter.fillRect(inside, theme.colour("brand_soft"))
        if chosen:
            bar = QRect(area.left(), area.top(), px(4), area.height())
            painter.fillRect(bar, theme.colour("brand"))

    def _quantity_width(self, quantity: str, again: str) -> int:
        font = self._theme.font("body", bold=bool(again))
        return QFontMetrics(font).horizontalAdvance(quantity) + self._theme.px(16)

    def _paint_quantity(
        self, painter: QPainter, right: int, base: int, words: str, again: str
    ) -> None:
        theme, px = self._theme, self._theme.px
        font = theme.font("body", bold=bool(again))
        colour = theme.colour("ink")
        if again:
            metrics = QFontMetrics(font)
            wide = metrics.horizontalAdvance(words)
            top = base - metrics.capHeight() - px(8)
            pill = QRect(right - wide - px(8), top, wide + px(16), metrics.capHeight() + px(16))
            paint.rounded(painter, pill, theme.colour("brand"), theme.colour("brand"), 0, RADIUS)
            colour = theme.colour("on_brand")
        _right(painter, right, base, words, font, colour)

    def _paint_under(self, painter: QPainter, area: QRect, row: BasketRow) -> None:
        theme, px = self._theme, self._theme.px
        left = area.left() + px(48)
        amount = area.left() + self.columns(area.width())[2]
        font = theme.font("body")
        base = paint.baseline_in(area, font) - px(2)
        if row.reduction is None:
            colour = theme.colour("warn")
            paint.baseline_text(painter, left, base, row.note, font, colour, amount - left)
            return
        colour = theme.colour("accent")
        room = amount - left - px(110)
        paint.baseline_text(painter, left, base, row.reduction.name, font, colour, room)
        _right(painter, amount, base, row.reduction.amount, theme.font("product"), colour)


_SELECTED = QStyle.StateFlag.State_Selected


def _right(painter: QPainter, right: int, base: int, words: str, font: Any, colour: Any) -> None:
    wide = QFontMetrics(font).horizontalAdvance(words)
    paint.baseline_text(painter, right - wide, base, words, font, colour, wide + 2)


class BasketTable(QListView):
    """The view; `line_chosen(key)` when a line was touched."""

    line_chosen = Signal(str)
    line_opened = Signal()
    """Two taps on a line, which is chosen by the first."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._model = BasketModel()
        self._delegate = BasketDelegate(theme, self._model)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(tr("购物篮"))
        self.viewport().setAutoFillBackground(False)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(HIGHLIGHT_MS)
        self._calm.timeout.connect(self._end_highlight)
        self.clicked.connect(self._touched)
        self.doubleClicked.connect(lambda _index: self.line_opened.emit())

    def show_basket(self, basket: BasketView) -> None:
        """Show the lines; the fresh one is highlighted for 400 ms and scrolled into sight."""
        bright = self._theme.motion
        self._model.fresh = basket.fresh if bright else ""
        self._model.again = basket.again if bright else ""
        self._model.show_rows(rows_of(basket))
        self._choose(basket.selected)
        if basket.fresh:
            self._scroll_to(basket.fresh)
            self._calm.start()
        self.viewport().update()

    def chosen(self) -> str:
        """Key of the selected line, "" when the basket is empty."""
        index = self.currentIndex()
        return self._model.rows[index.row()].line.key if index.isValid() else ""

    def move(self, steps: int) -> None:  # type: ignore[override]
        """Select the line `steps` further down (or up), and tell."""
        lines = [number for number, row in enumerate(self._model.rows) if row.may_be_chosen]
        if not lines:
            return
        present = self.currentIndex().row()
        place = lines.index(present) if present in lines else len(lines) - 1
        target = lines[max(0, min(len(lines) - 1, place + steps))]
        self._choose(self._model.rows[target].line.key)
        self.line_chosen.emit(self.chosen())

    def _choose(self, key: str) -> None:
        number = self._number_of(key)
        if number < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
            return
        index = self._model.index(number)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.scrollTo(index)

    def _scroll_to(self, key: str) -> None:
        # The reductions under the line should be in sight too, so the last row is scrolled to.
        numbers = [n for n, row in enumerate(self._model.rows) if row.line.key == key]
        if numbers:
            self.scrollTo(self._model.index(numbers[-1]))

    def _number_of(self, key: str) -> int:
        for number, row in enumerate(self._model.rows):
            if row.is_line and row.line.key == key:
                return number
        return -1

    def _end_highlight(self) -> None:
        self._model.fresh = self._model.again = ""
        self.viewport().update()

    def _touched(self, index: QModelIndex) -> None:
        line = self._model.rows[index.row()].line
        if not line.refund:
            self._choose(line.key)
            self.line_chosen.emit(line.key)
