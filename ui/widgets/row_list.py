"""A painted list with columns: receipts, tasks, held baskets, everything that is looked through."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
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
MEASURED = 200
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
        self._needs: list[int] | None = None
        """Pixels the words of every column need; measured when they are painted first."""
        self._under_need = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_rows(
        self, columns: tuple[ColumnView, ...], rows: tuple[RowView, ...], marked: str
    ) -> None:
        """Show rows; `marked` is a row's key."""
        if (columns, rows) != (self._columns, self._rows):
            self._needs = None
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
        """Rows are taller when they carry a second line or a button, and taller still when one of
        those lines needs two."""
        tall = any(row.under or row.action_word for row in self._rows)
        return self._theme.px(80 if self._deep() else 64 if tall else 48)

    def _deep(self) -> bool:
        if not any(row.under for row in self._rows[:MEASURED]):
            return False
        wide = self._edges()[self._under][1]
        return self._under_need > wide

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
        if words := {row.action_word for row in self._rows if row.action_word}:
            metrics = QFontMetrics(self._theme.font("body"))
            room -= max(px(150), *(metrics.horizontalAdvance(word) + px(48) for word in words))
        fixed = sum(px(column.width) for column in self._columns)
        stretching = sum(1 for column in self._columns if not column.width)
        stretched = max(px(60), (room - fixed) // max(1, stretching))
        widths = [px(column.width) or stretched for column in self._columns]
        edges = []
        for width in self._shared(widths, room):
            edges.append((left, width))
            left += width + gap
        return edges

    def _shared(self, widths: list[int], room: int) -> list[int]:
        """What one column does not need goes to those whose words would be cut: those of a fixed
        width first, for a figure cut short is worse than a name. Before that it goes to whatever
        would stand beyond the edge."""
        if self._needs is None:
            self._needs = self._measured()
        lacks = [max(0, need - wide) for need, wide in zip(self._needs, widths, strict=True)]
        spare = [max(0, wide - need) for need, wide in zip(self._needs, widths, strict=True)]
        over = min(sum(spare), max(0, sum(widths) - room))
        if over:
            taken = [-(-part * over // sum(spare)) for part in spare]
            widths = [wide - less for wide, less in zip(widths, taken, strict=True)]
            spare = [part - less for part, less in zip(spare, taken, strict=True)]
        for stretches in (False, True):
            lacking = [
                lack if (not column.width) == stretches else 0
                for lack, column in zip(lacks, self._columns, strict=True)
            ]
            given = min(sum(lacking), sum(spare))
            if not given:
                continue
            taken = [-(-part * given // sum(spare)) for part in spare]
            widths = [
                wide - less + more * given // sum(lacking)
                for wide, less, more in zip(widths, taken, lacking, strict=True)
            ]
            spare = [part - less for part, less in zip(spare, taken, strict=True)]
        return widths

    def _measured(self) -> list[int]:
        """The widest words of every column, of as many rows as anybody looks through."""
        theme = self._theme
        small = QFontMetrics(theme.font("small"))
        needs, self._under_need = [], 0
        for number, how in enumerate(self._columns):
            size, bold = _FONTS[how.look]
            metrics = QFontMetrics(theme.font(size, bold=bold))
            shape = theme.px(22) if number == 0 else 0
            need = small.horizontalAdvance(how.title)
            for row in self._rows[:MEASURED]:
                if number < len(row.cells):
                    own = metrics.horizontalAdvance(row.cells[number])
                    need = max(need, own + (shape if row.state else 0))
                if row.under and number == self._under:
                    own = small.horizontalAdvance(row.under) + (shape if row.state else 0)
                    self._under_need = max(self._under_need, own)
                    need = max(need, own)
            needs.append(need + 2)
        return needs

    @property
    def _under(self) -> int:
        """The column that carries a row's second line."""
        return next((n for n, c in enumerate(self._columns) if not c.width), 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._rows and self.height() - self.head_height < self.row_height * 3 // 4:
            # A question took the room: half a row and its titles would only look broken.
            return
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
        for number, (cell, (left, width)) in enumerate(zip(row.cells, edges, strict=False)):
            room = QRect(left, area.top(), width, area.height())
            if number == 0 and row.state:
                room = self._paint_state(painter, room, row.state)
            if number == self._under and row.under:
                half = px(32)
                lower = area.adjusted(0, half - px(2), 0, -px(6))
                lower.setLeft(room.left())
                lower.setWidth(room.width())
                room = QRect(room.left(), area.top() + px(6), room.width(), half)
                small, muted = theme.font("small"), theme.colour("muted")
                paint.fitted(painter, lower, row.under, (small, small), muted)
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
        usual = self._theme.font(size, bold=bold)
        fonts = usual, self._theme.font("small", bold=bold)
        colour = self._theme.colour("muted" if how.look == "muted" else "ink")
        paint.fitted(painter, room, cell, fonts, colour, paint.RIGHT if how.right else paint.LEFT)


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
