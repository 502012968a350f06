"""After payment: what was paid and the change, large, until the next scan."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.language import tr
from ui.theme import Theme
from ui.views import DoneView
from ui.widgets.arrange import boxed, column, empty, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.notices import StateShape


class QrPicture(QWidget):
    """A QR code from rows of 0 and 1, in whole pixels a module, with its quiet zone."""

    def __init__(self, theme: Theme, size: int = 220) -> None:
        super().__init__()
        self._rows: tuple[str, ...] = ()
        self._size = theme.px(size)

    def show_rows(self, rows: tuple[str, ...]) -> None:
        """Show a code; no rows hides it."""
        self._rows = rows
        self.setVisible(bool(rows))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        # Scanners want black on white whatever the theme is.
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        modules = len(self._rows) + 8
        dot = max(1, min(self.width(), self.height()) // modules)
        left = (self.width() - dot * len(self._rows)) // 2
        top = (self.height() - dot * len(self._rows)) // 2
        for line, bits in enumerate(self._rows):
            for place, bit in enumerate(bits):
                if bit == "1":
                    square = QRect(left + place * dot, top + line * dot, dot, dot)
                    painter.fillRect(square, Qt.GlobalColor.black)
        painter.end()


class DoneCard(QWidget):
    """Shows a `DoneView`; `paper_asked` when the customer wants the receipt on paper."""

    paper_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.px
        self._title = label("", "headline")
        self._number = label("", "muted")
        self._total = label("", "due", right=True)
        self._tenders = column(gap=px(8))
        self._change_word = label(tr("找零"), "title")
        self._change = label("", "change", right=True)
        self._shape = StateShape(theme)
        self._receipt = label("", wrap=True)
        self._qr = QrPicture(theme)
        self._qr_words = label(tr("请顾客扫码取电子小票"), "muted")
        self._next = label(tr("扫下一位顾客的商品，就开始新的一单"), "muted")
        total_row = row(label(tr("应收"), "product"), None, self._total)
        change_row = row(self._change_word, None, self._change)
        receipt_row = row(self._shape, self._receipt, gap=px(10))
        receipt_row.setStretch(1, 1)
        self._print = ActionButton(theme, tr("打小票"), "F10", height=56)
        self._print.setFixedWidth(px(180))
        self._print.clicked.connect(self.paper_asked)
        receipt_row.addWidget(self._print)
        qr_row = row(None, column(self._qr, self._qr_words, gap=px(8)), None)
        self._body = column(
            row(self._title, None, self._number), px(16), total_row, px(8), self._tenders,
            px(12), change_row, px(12), receipt_row, px(12), qr_row, None, self._next,
            margins=(px(24), px(24), px(24), px(24)),
        )  # fmt: skip
        self.setLayout(column(boxed(self._body)))
        self._qr_words.hide()
        self._print.hide()

    def show_view(self, view: DoneView) -> None:
        """Show the last sale."""
        self._title.setText(view.title)
        self._number.setText(view.number)
        self._total.setText(view.total)
        empty(self._tenders)
        for name, amount in view.tenders:
            self._tenders.addLayout(
                row(label(name, "product"), None, label(amount, "product", right=True))
            )
        self._change.setText(view.change)
        self._change.setVisible(bool(view.change))
        self._change_word.setVisible(bool(view.change))
        self._receipt.setText(view.receipt)
        self._shape.show_state(view.receipt_state)
        self._shape.setVisible(bool(view.receipt))
        self._print.setVisible(view.offers_paper)
        self._qr.show_rows(view.qr_rows)
        self._qr_words.setVisible(bool(view.qr_rows))
        self.setAccessibleName(f"{view.title} {tr('找零')} {view.change}")
