"""A painted list with columns: receipts, tasks, held baskets, everything that is looked through."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from ui.room_views import ColumnView, ListView, RowView
from ui.theme import RADIUS, Theme
from ui.widgets import paint
from ui.widgets.arrange import boxed, column, label
from ui.widgets.notices import StateLabel

_FONTS = {
    "body": ("body", False), "strong": ("body", True), "muted": ("small", False),
    "figure": ("product", True),
}  # fmt: skip
_STATES = {"ok": "ok", "warn": "warn", "stop": "danger"}


class Rows(QWidget):
    """The painted part; only the rows in sight are painted."""

    marked = Signal(str)
    chosen = Signal(str)
    acted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._columns: tuple[ColumnView, ...] = ()
        self._rows: tuple[RowView, ...] = ()
        self._mark = -1
        self._first = 0
        self._bright = True
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_rows(
        self, columns: tuple[ColumnView, ...], rows: tuple[RowView, ...], marked: str
    ) -> None:
        """Show rows; `marked` is a row's key."""
        self._columns, self._rows = columns, rows
        keys = [row.key for row in rows]
        self._mark = keys.index(marked) if marked in keys else (0 if rows else -1)
        self._keep_in_sight()
        self.setAccessibleName(" ".join(" ".join(row.cells) for row in rows[:10]))
        self.update()

    def set_bright(self, bright: bool) -> None:
        """Of two lists side by side the one the arrows walk in shows its mark in full."""
        self._bright = bright
        self.update()

    def marked_key(self) -> str:
        """Key of the marked row, "" without rows."""
        return self._rows[self._mark].key if 0 <= self._mark < len(self._rows) else ""

    def marked_row(self) -> RowView | None:
        """The marked row."""
        return self._rows[self._mark] if 0 <= self._mark < len(self._rows) else None

    def move_by(self, steps: int) -> bool:
        """Mark another row; False without rows."""
        if not self._rows:
            return False
        self._mark = max(0, min(len(self._rows) - 1, self._mark + steps))
        self._keep_in_sight()
        self.marked.emit(self.marked_key())
        self.update()
        return True

    @property
    def row_height(self) -> int:
        """Rows are taller when they carry a second line or a button."""
        tall = any(row.under or row.action_word for row in self._rows)
        return self._theme.px(64 if tall else 48)

    @property
    def head_height(self) -> int:
        """Height of the column titles."""
        titled = any(column.title for column in self._columns)
        return self._theme.px(32) if titled else 0

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(320), self._theme.px(240))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        number = self._first + (spot.y() - self.head_height) // self.row_height
        if spot.y() < self.head_height or not 0 <= number < len(self._rows):
            return
        row, again = self._rows[number], number == self._mark
        self._mark = number
        self.marked.emit(row.key)
        self.update()
        area = self._row_area(number - self._first)
        if row.action_word and self._button_area(area, row).contains(spot):
            self.acted.emit(row.key)
        elif again:
            self.chosen.emit(row.key)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._keep_in_sight()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.move_by(-3 if event.angleDelta().y() > 0 else 3)

    def _fitting(self) -> int:
        return max(1, (self.height() - self.head_height) // self.row_height)

    def _keep_in_sight(self) -> None:
        self._first = max(min(self._first, self._mark), self._mark - self._fitting() + 1, 0)

    def _row_area(self, place: int) -> QRect:
        height = self.row_height
        return QRect(0, self.head_height + place * height, self.width(), height)

    def _button_area(self, area: QRect, row: RowView) -> QRect:
        px = self._theme.px
        wide = QFontMetrics(self._theme.font("body")).horizontalAdvance(row.action_word) + px(32)
        return QRect(area.right() - px(12) - wide, area.top() + px(8), wide, area.height() - px(16))

    def _edges(self) -> list[tuple[int, int]]:
        """(left, width) of every column."""
        px = self._theme.px
        left, gap = px(16), px(16)
        room = self.width() - px(32) - gap * (len(self._columns) - 1)
        if any(row.action_word for row in self._rows):
            room -= px(150)
        fixed = sum(px(column.width) for column in self._columns)
        stretching = sum(1 for column in self._columns if not column.width)
        edges = []
        for column_view in self._columns:
            width = px(column_view.width) or max(px(60), (room - fixed) // max(1, stretching))
            edges.append((left, width))
            left += width + gap
        return edges

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        edges = self._edges()
        small, muted = theme.font("small"), theme.colour("muted")
        for column_view, (left, width) in zip(self._columns, edges, strict=True):
            head = QRect(left, 0, width, self.head_height)
            align = paint.RIGHT if column_view.right else paint.LEFT
            paint.text(painter, head, column_view.title, small, muted, align)
        shown = self._rows[self._first : self._first + self._fitting()]
        for place, row in enumerate(shown):
            area = self._row_area(place)
            self._paint_row(painter, area, row, edges, self._first + place == self._mark)
        painter.end()

    def _paint_row(
        self,
        painter: QPainter,
        area: QRect,
        row: RowView,
        edges: list[tuple[int, int]],
        marked: bool,
    ) -> None:
        theme, px = self._theme, self._theme.px
        if marked:
            painter.fillRect(area, theme.colour("brand_soft" if self._bright else "pressed"))
            bar = QRect(area.left(), area.top(), px(4), area.height())
            painter.fillRect(bar, theme.colour("brand"))
        painter.fillRect(px(16), area.bottom(), area.width() - px(32), 1, theme.colour("line"))
        under = next((n for n, c in enumerate(self._columns) if not c.width), 0)
        for number, (cell, (left, width)) in enumerate(zip(row.cells, edges, strict=False)):
            room = QRect(left, area.top(), width, area.height())
            if number == 0 and row.state:
                room = self._paint_state(painter, room, row.state)
            if number == under and row.under:
                half = area.height() // 2
                lower = QRect(room.left(), area.top() + half - px(2), room.width(), half - px(4))
                room = QRect(room.left(), area.top() + px(6), room.width(), half)
                small, muted = theme.font("small"), theme.colour("muted")
                paint.text(painter, lower, row.under, small, muted)
            self._paint_cell(painter, room, cell, self._columns[number])
        if row.action_word:
            button = self._button_area(area, row)
            fill, edge = theme.colour("surface"), theme.colour("edge")
            paint.rounded(painter, button, fill, edge, 1, RADIUS)
            ink = theme.colour("brand")
            paint.text(painter, button, row.action_word, theme.font("body"), ink, paint.CENTER)

    def _paint_state(self, painter: QPainter, room: QRect, state: str) -> QRect:
        px = self._theme.px
        size = px(12)
        shape = QRectF(room.left(), room.center().y() - size / 2 + 1, size, size)
        paint.status_shape(painter, shape, state, self._theme.colour(_STATES[state]))
        return room.adjusted(size + px(10), 0, 0, 0)

    def _paint_cell(self, painter: QPainter, room: QRect, cell: str, how: ColumnView) -> None:
        size, bold = _FONTS[how.look]
        font: QFont = self._theme.font(size, bold=bold)
        colour = self._theme.colour("muted" if how.look == "muted" else "ink")
        paint.text(painter, room, cell, font, colour, paint.RIGHT if how.right else paint.LEFT)


class RowList(QWidget):
    """Rows, or the state of the list, and a foot line."""

    marked = Signal(str)
    chosen = Signal(str)
    acted = Signal(str)
    again = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.rows = Rows(theme)
        self._state = StateLabel(theme)
        self._state.again.connect(self.again)
        self._stale = label("", "small")
        self._foot = label("", "small")
        for told, own in (
            (self.rows.marked, self.marked),
            (self.rows.chosen, self.chosen),
            (self.rows.acted, self.acted),
        ):
            told.connect(own)
        self._pages = QStackedWidget()
        for page in (self.rows, self._state):
            page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            self._pages.addWidget(page)
        px = theme.px
        foot = boxed(column(self._foot, margins=(px(16), px(4), px(16), px(8))))
        stale = boxed(column(self._stale, margins=(px(16), px(8), px(16), px(4))))
        self._foot_box, self._stale_box = foot, stale
        body = column(stale, self._pages, foot)
        body.setStretch(1, 1)
        self.setLayout(body)

    def show_view(self, view: ListView) -> None:
        """Show a list and its state; stale rows stay readable under their age."""
        self.rows.show_rows(view.columns, view.rows, view.marked)
        whole = view.state in ("empty", "loading", "error")
        self._pages.setCurrentWidget(self._state if whole else self.rows)
        if view.state in ("empty", "loading", "error"):
            self._state.show_state(
                view.state, view.state_title, view.state_detail, can_retry=view.state == "error"
            )
        stale = f"▲ {view.state_title} {view.state_detail}" if view.state == "stale" else ""
        self._stale.setText(stale)
        self._stale_box.setVisible(bool(stale))
        self._foot.setText(view.foot)
        self._foot_box.setVisible(bool(view.foot))

    def act(self, action: str) -> bool:
        """up, down and page keys move the mark; enter settles or chooses the marked row."""
        steps = {"up": -1, "down": 1, "page_up": -10, "page_down": 10}.get(action)
        if steps is not None:
            return self.rows.move_by(steps)
        row = self.rows.marked_row()
        if action == "enter" and row is not None:
            (self.acted if row.action_word else self.chosen).emit(row.key)
            return True
        return False
