"""Counting a drawer by notes and coins: how many of each, and their sum."""

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.money import yuan_shown
from ui.language import tr
from ui.theme import Theme
from ui.views import CashRowView
from ui.widgets.arrange import column, empty, label, row


class _HowMany(QLineEdit):
    """Digits stay here; letters are keys of the page."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isalpha():
            event.ignore()
            return
        super().keyPressEvent(event)


class CashCount(QWidget):
    """`counted(sum in fen)` on every change; -1 while nothing was counted."""

    counted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fields: list[tuple[int, QLineEdit]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(10))
        self._grid.setVerticalSpacing(theme.px(4))
        self._total = label("", "headline", right=True)
        total_row = row(label(tr("已点"), "muted"), None, self._total)
        head = label(tr("也可以按张数点（可不填）"), "muted")
        self.setLayout(column(head, theme.px(4), self._grid, None, total_row))

    def show_rows(self, rows: tuple[CashRowView, ...]) -> None:
        """The notes and coins to count, in two columns."""
        empty(self._grid)
        self._fields = []
        half = (len(rows) + 1) // 2
        for number, cash in enumerate(rows):
            field = self._field(cash)
            line, side = number % half, number // half * 3
            name = label(cash.word, "product", right=True)
            self._grid.addWidget(name, line, side)
            self._grid.addWidget(label("×", "muted"), line, side + 1)
            self._grid.addWidget(field, line, side + 2)
            self._fields.append((cash.fen, field))
        self._add_up()

    def counts(self) -> dict[int, int]:
        """Fen of a note → how many were counted (only those filled in)."""
        return {fen: int(field.text()) for fen, field in self._fields if field.text()}

    def total(self) -> int:
        """The sum in fen."""
        return sum(fen * count for fen, count in self.counts().items())

    def walk(self, steps: int) -> None:
        """Move the cursor to the next or the previous kind of note."""
        if not self._fields:
            return
        places = [n for n, (_, field) in enumerate(self._fields) if field.hasFocus()]
        place = places[0] + steps if places else 0
        field = self._fields[max(0, min(len(self._fields) - 1, place))][1]
        field.setFocus()
        field.selectAll()

    def take_focus(self) -> None:
        """Start with the largest note."""
        self.walk(0)

    def _field(self, cash: CashRowView) -> QLineEdit:
        field = _HowMany()
        field.setProperty("till_field", True)
        field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        field.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,4}"), field))
        field.setAccessibleName(tr("{note} 张数", note=cash.word))
        field.setMinimumWidth(self._theme.px(84))
        field.textChanged.connect(self._add_up)
        return field

    def _add_up(self) -> None:
        counted = self.counts()
        fen = self.total()
        self._total.setText(f"¥ {yuan_shown(fen)}" if counted else "—")
        self.counted.emit(fen if counted else -1)
