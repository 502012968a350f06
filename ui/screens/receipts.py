"""单据: find a receipt by number, day or amount, look at it, reprint it, take goods back."""

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from ui.keys import key_of
from ui.language import tr
from ui.room_views import ReceiptsView
from ui.theme import Theme
from ui.views import ChoiceView
from ui.widgets.arrange import column, empty, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.picture import PaperPicture
from ui.widgets.question_panel import QuestionPanel
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList
from ui.widgets.scan_field import ScanField


class ReceiptsScreen(Room):
    """`searched(text)` while typing; a scan of the receipt's code is handed in by the window."""

    searched = Signal(str)
    day_chosen = Signal(str)
    marked = Signal(str)
    reprinted = Signal(str)
    """The receipt's key."""
    refunded = Signal(str)
    invoiced = Signal(str)
    corrected = Signal(str)
    answered = Signal(str, str)
    again = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("单据"))
        px = theme.px
        self.search = ScanField(theme, tr("扫小票上的码也可以"))
        self.search.setPlaceholderText(tr("小票号 · 金额"))
        self.search.searched.connect(self.searched)
        self._days = QHBoxLayout()
        self._days.setSpacing(px(8))
        self._day_buttons: list[ActionButton] = []
        self._list = RowList(theme)
        self._list.marked.connect(self.marked)
        self._list.again.connect(self.again)
        self._paper = PaperPicture(theme)
        self._note = label("", "small", wrap=True)
        self.question = QuestionPanel(theme)
        self.question.answered.connect(self.answered)
        self._correct = self.button(tr("改付款"), "Ctrl+G")
        self._invoice = self.button(tr("开票"), "Ctrl+I")
        self._refund = self.button(tr("退货"), "F8")
        self._reprint = self.button(tr("重印"), "F10", look="primary")
        self._correct.clicked.connect(lambda: self._tell(self.corrected))
        self._invoice.clicked.connect(lambda: self._tell(self.invoiced))
        self._refund.clicked.connect(lambda: self._tell(self.refunded))
        self._reprint.clicked.connect(lambda: self._tell(self.reprinted))
        self.foot.addWidget(self._correct)
        self.foot.addWidget(self._invoice)
        self.foot.addWidget(self._refund)
        self.foot.addWidget(self._reprint)
        left = column(self.search, self._days, px(4), card(theme, column(self._list), pad=0),
                      self.question.pad, gap=px(8))  # fmt: skip
        left.setStretch(3, 1)
        paper = column(self.question, self._paper, self._note, gap=px(8))
        paper.setStretch(1, 1)
        right = card(theme, paper, pad=12)
        body = row(gap=px(16))
        body.addLayout(left, 3)
        body.addWidget(right, 2)
        self.build(body)
        self.setFocusProxy(self.search)

    def show_view(self, view: ReceiptsView) -> None:
        """Show what was found."""
        self._list.show_view(view.found)
        self._paper.show_png(view.preview_png)
        self._note.setText(view.preview_note)
        self._note.setVisible(bool(view.preview_note))
        asked = self.question.asking
        self.question.show_view(view.question)
        if asked and view.question is None:
            self.search.setFocus()
        self._correct.set_usable(view.correct_enabled, view.correct_reason)
        self._invoice.set_usable(view.invoice_enabled, view.invoice_reason)
        self._refund.set_usable(view.refund_enabled, view.refund_reason)
        self._reprint.set_usable(view.reprint_enabled, view.reprint_reason)
        self.show_message(view.message)
        self._show_days(view.days, view.day_chosen)

    def act(self, action: str) -> bool:
        """F10 and Enter reprint, F8 takes goods back, Ctrl+G says how it was paid, arrows walk."""
        if self.question.act(action):
            return True
        if action == "back":
            return self.back()
        if action == "correct_tender":
            if self._correct.isEnabled():
                self._tell(self.corrected)
            return True
        if action in ("reprint", "enter"):
            if self._reprint.isEnabled():
                self._tell(self.reprinted)
            return True
        if action == "invoices":
            if self._invoice.isEnabled():
                self._tell(self.invoiced)
            return True
        if action == "refund":
            if self._refund.isEnabled():
                self._tell(self.refunded)
            return True
        return self._list.act(action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl and a digit choose the days; a digit alone belongs to a number."""
        for button in () if self.question.asking else self._day_buttons:
            if button.key == key_of(event):
                button.click()
                return
        event.ignore()

    def _tell(self, signal: SignalInstance) -> None:
        if key := self._list.rows.marked_key():
            signal.emit(key)

    def _show_days(self, days: tuple[ChoiceView, ...], chosen: str) -> None:
        if [button.text() for button in self._day_buttons] != [day.word for day in days]:
            empty(self._days)
            self._day_buttons = []
            for day in days:
                button = ActionButton(self.theme, day.word, day.key, height=48, size="body")
                button.clicked.connect(lambda _=False, name=day.name: self.day_chosen.emit(name))
                self._days.addWidget(button)
                self._day_buttons.append(button)
        for button, day in zip(self._day_buttons, days, strict=True):
            button.set_chosen(day.name == chosen)
