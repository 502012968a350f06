"""退货: find the receipt, say how much of which line comes back, see where the money goes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout

from ui.language import tr
from ui.refund_views import RefundLineView, RefundView
from ui.theme import Theme
from ui.views import ChoiceView
from ui.widgets.amounts import QuantityEdit
from ui.widgets.arrange import boxed, column, empty, label, relook, row
from ui.widgets.buttons import ActionButton, NumberPad
from ui.widgets.notices import QuestionBar
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList
from ui.widgets.scan_field import ScanField
from ui.widgets.steps import MORE, Steps


class RefundScreen(Room):
    """Letters choose reason and place, digits say how much, Enter gives back."""

    searched = Signal(str)
    opened = Signal(str)
    """The key of a receipt."""
    marked = Signal(str)
    quantity_typed = Signal(str)
    stepped = Signal(int)
    """One more (1) or one less (-1) of the marked line."""
    all_of_line = Signal()
    whole = Signal()
    loose = Signal()
    """There is no receipt."""
    price_asked = Signal()
    """The marked line comes back at another price."""
    exchanged = Signal()
    """What was chosen comes back for new goods."""
    reason_chosen = Signal(str)
    disposition_chosen = Signal(str)
    confirmed = Signal()
    went_back = Signal()
    answered = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("退货"))
        px = theme.px
        self._view = RefundView(confirm_word="")
        self.search = ScanField(theme, tr("扫小票上的码也可以"))
        self.search.searched.connect(self.searched)
        self._list = RowList(theme)
        self._list.marked.connect(self.marked)
        self._list.chosen.connect(self._choose)
        self._pad = NumberPad(theme, height=48)
        self._pad.hide()
        left = column(self.search, card(theme, column(self._list), pad=0), self._pad, gap=px(8))
        left.setStretch(1, 1)
        self._build_line()
        self.question = QuestionBar(theme)
        self.question.answered.connect(self.answered)
        self._pad.pressed.connect(self.question.press)
        self._ways = column(gap=px(4))
        self._note = label("", "muted", wrap=True)
        side = column(self.question, self._line_box, px(6), self._ways, self._note, None, gap=px(6))
        body = row(gap=px(16))
        body.addLayout(left, 3)
        body.addWidget(card(theme, side, pad=12), 2)
        self._build_foot()
        self.build(body)

    def _build_line(self) -> None:
        theme, px = self.theme, self.theme.px
        self._name = label("", "strong", wrap=True)
        self.field = QuantityEdit()
        self.field.setAccessibleName(tr("退多少"))
        self.field.textEdited.connect(self.quantity_typed)
        self.steps = Steps(theme)
        self.steps.stepped.connect(self.stepped)
        self.steps.all_of_it.connect(self.all_of_line)
        typed = row(self.field, self.steps, gap=px(8))
        typed.setStretch(0, 1)
        self._line_note = label("", "accent", wrap=True)
        self._reasons, self._dispositions = QGridLayout(), QGridLayout()
        self._choices: dict[str, ActionButton] = {}
        for grid in (self._reasons, self._dispositions):
            grid.setSpacing(px(6))
        self._line_box = boxed(
            column(
                self._name, typed, self._line_note, self._reasons, px(4), self._dispositions,
                gap=px(6),
            )
        )  # fmt: skip

    def _build_foot(self) -> None:
        self._whole = self.button(tr("整单"), "A")
        self._whole.clicked.connect(self.whole)
        self._loose = self.button(tr("无小票"), "F8")
        self._loose.clicked.connect(self.loose)
        self._price = self.button(tr("退价"), "P")
        self._price.clicked.connect(self.price_asked)
        self._exchange = self.button(tr("换货"), "X")
        self._exchange.clicked.connect(self.exchanged)
        self._exchange.refused.connect(self.refused)
        self._total_label = label("", "product")
        self._total = label("", "total")
        self._confirm = self.button("", "Enter", look="primary")
        self._confirm.clicked.connect(self._go_on)
        self._back.clicked.disconnect(self.left)
        self._back.clicked.connect(self.went_back)
        for part in (
            self._loose, self._whole, self._price, self._exchange, self._total_label, self._total,
            self._confirm,
        ):  # fmt: skip
            self.foot.addWidget(part)

    def show_view(self, view: RefundView) -> None:
        """Show the room as it stands."""
        before, self._view = self._view, view
        self.under.setText(view.under)
        self.search.setPlaceholderText(view.search_hint or tr("小票号 · 商户单号 · 日期 金额"))
        self.search.setAccessibleName(self.search.placeholderText())
        self._list.show_view(view.rows)
        self.show_message(view.message)
        asking = view.question is not None
        self._line_box.setVisible(view.line is not None and not asking)
        self._note.setText(view.note)
        # What has to be said takes the room of what only explains.
        quiet = view.message is None
        self._note.setVisible(bool(view.note) and not asking and quiet)
        self._show_choices(view)
        if view.line is not None:
            self._show_line(view.line)
        self._show_ways(() if asking else view.ways)
        self._show_foot(view, asking)
        self.question.show_view(view.question)
        self._pad.setVisible(asking)
        if asking:
            self.question.take_focus()
        elif view.line is not None:
            fresh = before.line is None or before.question is not None
            if fresh or not self.field.hasFocus():
                self.field.setFocus()
                self.field.selectAll()
        else:
            self.search.setFocus()

    def _show_foot(self, view: RefundView, asking: bool) -> None:
        for part, shown in (
            (self._loose, view.loose_shown),
            (self._whole, view.whole_shown),
            (self._price, view.price_shown),
            (self._exchange, view.whole_shown or view.price_shown),
            (self.steps.all, not view.price_shown),
        ):
            part.setVisible(shown)
        self._price.set_usable(not asking, tr("先回答问题"))
        self._exchange.set_usable(view.confirm_enabled and not asking, view.confirm_reason)
        self._total_label.setText(view.total_label)
        self._total.setText(view.total)
        self._confirm.set_word(view.confirm_word)
        self._confirm.set_usable(view.confirm_enabled and not asking, view.confirm_reason)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """Large type on a low screen: everything stays, its buttons a little lower."""
        tight = self.height() < self.theme.px(620)
        self._pad.set_height(36 if tight else 48)
        for button in self._choices.values():
            button.set_height(40 if tight else 48)

    def act(self, action: str) -> bool:
        """Enter goes on, F8 again says that there is no receipt, Esc goes one step back, arrows
        walk."""
        if self.question.act(action):
            return True
        if action == "advice":
            return self.steps.press(MORE)
        if action == "refund" and self._view.loose_shown:
            self.loose.emit()
            return True
        if action == "back":
            if not self.message.answer():
                self.went_back.emit()
            return True
        if action == "enter":
            self._go_on()
            return True
        return self._list.act(action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter chooses what carries it; the fields left it for the page."""
        typed = event.text().upper()
        if self._view.question is not None or not typed:
            event.ignore()
            return
        if self.steps.press(typed):
            return
        if typed == "A" and self._view.whole_shown:
            self.whole.emit()
            return
        if typed == "X" and (self._view.whole_shown or self._view.price_shown):
            self.exchanged.emit()
            return
        if typed == "P" and self._view.price_shown:
            self.price_asked.emit()
            return
        for choices, told in (
            (self._view.reasons, self.reason_chosen),
            (self._view.dispositions, self.disposition_chosen),
        ):
            for choice in choices:
                if choice.key == typed and self._view.line is not None:
                    told.emit(choice.name)
                    return
        event.ignore()

    def _go_on(self) -> None:
        if self._view.picking and self._list.rows.marked_key():
            self.opened.emit(self._list.rows.marked_key())
        else:
            self.confirmed.emit()

    def _choose(self, key: str) -> None:
        if self._view.picking:
            self.opened.emit(key)

    def _show_line(self, line: RefundLineView) -> None:
        self._name.setText(line.name)
        self.field.set_weighed(line.weighed)
        # Letters are keys here, also beside weighed goods: no input method may hold them.
        self.field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        if self.field.text() != line.quantity:
            self.field.setText(line.quantity)
            self.field.selectAll()
        relook(self.field, "refused", line.refused)
        self._line_note.setText(line.note)
        self._line_note.setVisible(bool(line.note) and self._view.message is None)
        for name, button in self._choices.items():
            button.set_chosen(name in (line.reason, line.disposition))

    def _show_choices(self, view: RefundView) -> None:
        wanted = [choice.name for choice in (*view.reasons, *view.dispositions)]
        if list(self._choices) == wanted:
            return
        self._choices = {}
        for grid, choices, told in (
            (self._reasons, view.reasons, self.reason_chosen),
            (self._dispositions, view.dispositions, self.disposition_chosen),
        ):
            empty(grid)
            for place, choice in enumerate(choices):
                button = self._choice_button(choice)
                button.clicked.connect(lambda _=False, n=choice.name, to=told: to.emit(n))
                grid.addWidget(button, place // 3, place % 3)
        self._fit()

    def _choice_button(self, choice: ChoiceView) -> ActionButton:
        button = ActionButton(self.theme, choice.word, choice.key, height=48, size="body")
        self._choices[choice.name] = button
        return button

    def _show_ways(self, ways: tuple[tuple[str, str], ...]) -> None:
        empty(self._ways)
        for words, amount in ways:
            self._ways.addLayout(row(label(words), None, label(amount, "strong"), gap=8))
