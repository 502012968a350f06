"""开票: what an invoice for this receipt says, and who it is for: scanned, or typed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit

from ui.invoice_views import InvoiceFormView
from ui.language import tr
from ui.theme import Theme
from ui.widgets.arrange import column, empty, label, row, walk
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList

MOST = 120


class InvoiceFormScreen(Room):
    """`confirmed(name, tax number, address, bank)`. Enter walks through the fields to the end;
    after a scan it confirms at once. A scan of a 抬头码 is handed in by the window."""

    confirmed = Signal(str, str, str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("开票"))
        px = theme.px
        self._shown = InvoiceFormView(confirm_word="")
        self._list = RowList(theme)
        self._total = label("", "total", right=True)
        self._tax = label("", "muted", right=True)
        self._notes = column(gap=px(4))
        self._fields: list[QLineEdit] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(10))
        words = (tr("抬头"), tr("税号"), tr("地址、电话"), tr("开户行、账号"))
        for place, word in enumerate(words):
            field = QLineEdit()
            field.setAccessibleName(word)
            field.setMaxLength(MOST)
            self._fields.append(field)
            grid.addWidget(label(word, "muted"), place, 0)
            grid.addWidget(field, place, 1)
        self._hint = label(tr("扫顾客的抬头码，或手工输入。个人只填名字。"), "muted", wrap=True)
        # A tax number is letters and digits: no input method may hold them.
        self._fields[1].setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        form = column(self._hint, px(12), grid, None, self._notes)
        self._confirm = self.button("", "Enter", look="primary")
        self._confirm.clicked.connect(self._tell)
        self.foot.addWidget(self._confirm)
        sums = row(label(tr("价税合计 ¥"), "product"), self._total, None, self._tax, gap=px(8))
        left = column(card(theme, column(self._list), pad=0), sums, gap=px(8))
        left.setStretch(0, 1)
        body = row(gap=px(16))
        body.addLayout(left, 3)
        body.addWidget(card(theme, form, pad=16), 2)
        self.build(body)
        self.setFocusProxy(self._fields[0])

    def show_view(self, view: InvoiceFormView) -> None:
        """Show the receipt's lines; the fields only when a scan filled them."""
        before, self._shown = self._shown, view
        self.under.setText(view.under)
        self._list.show_view(view.lines)
        self._total.setText(view.total)
        self._tax.setText(view.tax)
        empty(self._notes)
        for words in view.notes:
            self._notes.addWidget(label(words, "accent", wrap=True))
        if view.filled != before.filled:
            for field, text in zip(self._fields, view.fields, strict=True):
                field.setText(text)
                field.setCursorPosition(0)
            if view.fields[0]:
                # Enter confirms now: everything is there.
                self._confirm.setFocus()
            else:
                self._fields[0].setFocus()
        self._confirm.set_word(view.confirm_word)
        self._confirm.set_usable(view.confirm_enabled, view.confirm_reason)
        self.show_message(view.message)
        # What has to be said takes the room of what only explains.
        self._hint.setVisible(view.message is None)

    def act(self, action: str) -> bool:
        """Enter walks on and confirms at the end, Esc leaves, arrows walk through the fields,
        page keys through the lines."""
        if action == "back":
            return self.back()
        if action == "enter":
            self._enter()
            return True
        if action in ("up", "down"):
            walk(self._fields, 1 if action == "down" else -1)
            return True
        return self._list.act(action)

    def _enter(self) -> None:
        here = [number for number, field in enumerate(self._fields) if field.hasFocus()]
        if here and here[0] + 1 < len(self._fields):
            self._fields[here[0] + 1].setFocus()
        else:
            self._tell()

    def _tell(self) -> None:
        if self._confirm.isEnabled():
            self.confirmed.emit(*(field.text() for field in self._fields))
