"""After payment: what was paid and the change, large, until the next scan."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.language import tr
from ui.theme import Theme
from ui.views import DoneView
from ui.widgets.arrange import boxed, column, empty, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.notices import StateShape
from ui.widgets.picture import QrPicture


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
        self._next = label(
            tr("扫下一位顾客的商品，就开始新的一单；要发票就扫顾客的抬头码"), "muted", wrap=True
        )
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
