"""发票: what was asked for, what became of it, and what has to be taken back in red."""

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from ui.invoice_views import InvoiceDetailView, InvoicesView
from ui.language import tr
from ui.room_views import ColumnView
from ui.theme import Theme
from ui.views import ChoiceView
from ui.widgets.arrange import boxed, column, empty, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.notices import StateShape
from ui.widgets.question_panel import QuestionPanel
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList


def document_columns() -> tuple[ColumnView, ...]:
    """buyer (receipt and time under it) · state · amount; a presenter fills this order."""
    return (
        ColumnView(title=tr("抬头"), look="strong"),
        ColumnView(title=tr("状态"), width=130),
        ColumnView(title=tr("金额"), width=120, right=True, look="figure"),
    )


def line_columns() -> tuple[ColumnView, ...]:
    """goods · rate · tax included · tax."""
    return (
        ColumnView(title=tr("商品")),
        ColumnView(title=tr("税率"), width=64, right=True),
        ColumnView(title=tr("含税"), width=96, right=True, look="strong"),
        ColumnView(title=tr("税额"), width=80, right=True),
    )


class InvoicesScreen(Room):
    """`marked(key)` while walking; letters do what stands on the buttons, Enter the main thing."""

    filter_chosen = Signal(str)
    marked = Signal(str)
    confirmed = Signal(str)
    corrected = Signal(str)
    withdrawn = Signal(str)
    printed = Signal(str)
    """The document's key."""
    exported = Signal()
    answered = Signal(str, str)
    again = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("发票"))
        px = theme.px
        # There is no field: letters are keys of the page itself.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._filters = QHBoxLayout()
        self._filters.setSpacing(px(8))
        self._filter_buttons: list[ActionButton] = []
        self._choices: tuple[ChoiceView, ...] = ()
        self._list = RowList(theme)
        self._list.marked.connect(self.marked)
        self._list.again.connect(self.again)
        self.question = QuestionPanel(theme)
        self.question.answered.connect(self.answered)
        self._build_foot()
        left = column(
            self._filters, card(theme, column(self._list), pad=0), self.question.pad, gap=px(8)
        )
        left.setStretch(1, 1)
        self._build_detail()
        # A question alone keeps its height; the document takes all there is.
        side = column(self.question, self._detail, None, gap=px(8))
        side.setStretch(1, 100)
        body = row(gap=px(16))
        body.addLayout(left, 3)
        self._side = card(theme, side, pad=12)
        body.addWidget(self._side, 2)
        self.build(body)

    def _build_foot(self) -> None:
        self._withdraw = self.button(tr("撤回"), "C")
        self._correct = self.button(tr("改抬头"), "G")
        self._print = self.button(tr("打印凭条"), "P")
        self._export = self.button(tr("导出 Excel"), "E")
        self._primary = self.button("", "Enter", look="primary")
        for button, signal in (
            (self._withdraw, self.withdrawn),
            (self._correct, self.corrected),
            (self._print, self.printed),
            (self._primary, self.confirmed),
        ):
            button.clicked.connect(lambda _=False, to=signal: self._tell(to))
        self._export.clicked.connect(self.exported)
        for button in (self._withdraw, self._correct, self._print, self._export):
            # Four of them beside the primary one, on the smallest screen too.
            button.setFixedWidth(self.theme.px(124))
            self.foot.addWidget(button)
        self.foot.addWidget(self._primary)

    def _build_detail(self) -> None:
        theme, px = self.theme, self.theme.px
        self._shape = StateShape(theme)
        self._words = label("", "title", wrap=True)
        self._why = label("", "accent", wrap=True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(px(16))
        self._facts.setVerticalSpacing(px(6))
        self._facts.setColumnStretch(1, 1)
        self._lines = RowList(theme)
        head = row(self._shape, self._words, gap=px(8))
        head.setStretch(1, 1)
        body = column(head, self._why, px(6), self._facts, px(8), self._lines, gap=px(4))
        body.setStretch(5, 1)
        self._detail = boxed(body)

    def show_view(self, view: InvoicesView) -> None:
        """Show the list and the marked document."""
        self._list.show_view(view.documents)
        self._show_filters(view.filters, view.chosen)
        asked = self.question.asking
        self.question.show_view(view.question)
        if asked and view.question is None:
            self.setFocus()
        self._detail.setVisible(view.detail is not None and view.question is None)
        self._side.setVisible(view.detail is not None or view.question is not None)
        if view.detail is not None:
            self._show_detail(view.detail)
        self._withdraw.set_usable(view.withdraw_enabled, view.withdraw_reason)
        self._correct.set_usable(view.correct_enabled, view.correct_reason)
        self._print.set_usable(view.print_enabled, view.print_reason)
        self._export.set_usable(bool(view.documents.rows), tr("还没有发票"))
        self._primary.set_word(view.primary_word)
        asking = view.question is not None
        self._primary.set_usable(view.primary_enabled and not asking, view.primary_reason)
        self.show_message(view.message)

    def _show_detail(self, detail: InvoiceDetailView) -> None:
        self._shape.show_state(detail.state)
        self._words.setText(detail.words)
        self._why.setText(detail.why)
        self._why.setVisible(bool(detail.why))
        empty(self._facts)
        for place, (word, value) in enumerate(detail.facts):
            self._facts.addWidget(label(word, "muted"), place, 0)
            self._facts.addWidget(label(value, wrap=True), place, 1)
        self._lines.show_view(detail.lines)

    def _show_filters(self, filters: tuple[ChoiceView, ...], chosen: str) -> None:
        if filters != self._choices:
            self._choices = filters
            empty(self._filters)
            self._filter_buttons = []
            for each in filters:
                button = ActionButton(self.theme, each.word, each.key, height=48)
                button.clicked.connect(lambda _=False, n=each.name: self.filter_chosen.emit(n))
                self._filters.addWidget(button)
                self._filter_buttons.append(button)
        for button, each in zip(self._filter_buttons, filters, strict=True):
            button.set_chosen(each.name == chosen)

    def showEvent(self, _event: QShowEvent) -> None:
        self.setFocus()

    def act(self, action: str) -> bool:
        """Enter does the main thing, Esc leaves, arrows walk, page keys through the lines."""
        if self.question.act(action):
            return True
        if action == "back":
            return self.back()
        if action == "enter":
            if self._primary.isEnabled():
                self._tell(self.confirmed)
            return True
        if action in ("page_up", "page_down"):
            return self._lines.act(action)
        return self._list.act(action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter does what carries it."""
        typed = event.text().upper()
        for choice in self._choices:
            if typed and choice.key == typed:
                self.filter_chosen.emit(choice.name)
                return
        buttons = {
            "C": self._withdraw,
            "G": self._correct,
            "P": self._print,
            "E": self._export,
        }
        if (button := buttons.get(typed)) is not None:
            button.click()
            return
        event.ignore()

    def _tell(self, signal: SignalInstance) -> None:
        if key := self._list.rows.marked_key():
            signal.emit(key)
