"""价格与促销: what is valid now, what is coming, and the ways to change it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent

from ui.language import tr
from ui.price_views import LastLookView, PricesView
from ui.room_views import ColumnView
from ui.theme import Theme
from ui.widgets.arrange import boxed, column, empty, label, row
from ui.widgets.notices import QuestionBar
from ui.widgets.progress import Progress
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList


def rule_columns() -> tuple[ColumnView, ...]:
    """name (what it does under it) · for whom · from · until."""
    return (
        ColumnView(title=tr("价目和促销"), look="strong"),
        ColumnView(title=tr("给谁"), width=84),
        ColumnView(title=tr("从"), width=132),
        ColumnView(title=tr("到"), width=132),
    )


def priced_columns() -> tuple[ColumnView, ...]:
    """goods · price · lowest price."""
    return (
        ColumnView(title=tr("商品"), look="strong"),
        ColumnView(title=tr("价格"), width=92, right=True),
        ColumnView(title=tr("最低"), width=92, right=True),
    )


class PricesScreen(Room):
    """Letters are keys here: C a promotion, J a price list, B a file, S ends the marked one."""

    new_promotion = Signal()
    new_list = Signal()
    new_file = Signal()
    marked = Signal(str)
    ended = Signal()
    answered = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("价格与促销"))
        px = theme.px
        self.shown = PricesView()
        self._rules, self._goods = RowList(theme), RowList(theme)
        self._rules.marked.connect(self.marked)
        self._sentence = label("", "product", wrap=True)
        self.question = QuestionBar(theme)
        self.question.answered.connect(self.answered)
        said = column(self.question, self._sentence, margins=(px(16), px(16), px(16), px(8)))
        side = column(said, self._goods, None)
        side.setStretch(1, 100)
        body = row(gap=px(16))
        body.addWidget(card(theme, column(self._rules), pad=0), 5)
        self._side = card(theme, side, pad=0)
        body.addWidget(self._side, 3)
        self._keys = {
            "S": (self.button(tr("提前结束"), "S"), self.ended),
            "B": (self.button(tr("从表格来"), "B"), self.new_file),
            "J": (self.button(tr("新价目"), "J"), self.new_list),
            "C": (self.button(tr("新促销"), "C", look="primary"), self.new_promotion),
        }
        for button, told in self._keys.values():
            button.clicked.connect(told)
            self.foot.addWidget(button)
        self._end = self._keys["S"][0]
        self.build(body)

    def show_view(self, view: PricesView) -> None:
        """Show the board."""
        self.shown = view
        self.show_message(view.message)
        self._rules.show_view(view.rules)
        self._goods.show_view(view.goods)
        self._goods.setVisible(bool(view.goods.rows or view.goods.state))
        self._sentence.setText(view.sentence)
        # A card without a word would only take the list's room.
        self._side.setVisible(bool(view.sentence or view.question) or not self._goods.isHidden())
        self._end.set_usable(view.can_end, tr("先选一个"))
        self.question.show_view(view.question)
        self._sentence.setVisible(view.question is None)
        self.question.take_focus() if view.question is not None else self.setFocus()

    def act(self, action: str) -> bool:
        """Arrows walk through the board, Esc leaves."""
        if self.question.act(action):
            return True
        if action == "back":
            return self.back()
        return self._rules.act(action) or action in ("enter", "pay", "remove")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter does what the button that carries it does."""
        button, told = self._keys.get(event.text().upper(), (None, None))
        if button is None or told is None or self.shown.question is not None:
            event.ignore()
        elif button.isEnabled():
            told.emit()


class LastLookScreen(Room):
    """What would happen, in figures; Enter does it, Esc goes back and nothing was done."""

    confirmed = Signal()
    went_back = Signal()
    answered = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("发布前再看一眼"))
        px = theme.px
        self.shown = LastLookView(title="")
        self._sentence = label("", "product", wrap=True)
        self._figures = row(gap=px(40))
        self._note = label("", "muted", wrap=True)
        self._warning = label("", "danger", wrap=True)
        self._rows = RowList(theme)
        self.question = QuestionBar(theme)
        self.question.answered.connect(self.answered)
        self._progress = Progress(theme)
        self._confirm = self.button(tr("发布"), "Enter", look="primary")
        self._confirm.clicked.connect(self._enter)
        self._back.clicked.disconnect(self.left)
        self._back.clicked.connect(self.went_back)
        self.foot.insertWidget(1, self._progress.words)
        self.foot.addWidget(self._confirm)
        body = column(
            self._sentence, px(10), boxed(self._figures), px(4), self._note, self._warning,
            self._progress.bar, px(4), self.question, px(4),
            card(theme, column(self._rows), pad=0),
        )  # fmt: skip
        body.setStretch(10, 1)
        self.build(body)

    def show_view(self, view: LastLookView) -> None:
        """Show what is known so far."""
        before, self.shown = self.shown, view
        self.title.setText(view.title)
        self.show_message(view.message)
        for words, text in ((self._sentence, view.sentence), (self._note, view.note),
                            (self._warning, view.warning)):  # fmt: skip
            words.setText(text)
            words.setVisible(bool(text))
        if view.figures != before.figures:
            empty(self._figures)
            for word, figure in view.figures:
                self._figures.addLayout(column(label(figure, "headline"), label(word, "muted")))
            self._figures.addStretch(1)
        self._rows.show_view(view.rows)
        busy = bool(view.busy_word)
        self._progress.show(view.busy_word, view.done, view.most)
        self._back.set_word(tr("停下") if busy else tr("返回"))
        self._confirm.set_word(view.confirm_word or tr("发布"))
        self._confirm.set_usable(bool(view.confirm_word) and not busy, view.busy_word)
        self.question.show_view(view.question)
        self.question.take_focus() if view.question is not None else self.setFocus()

    def act(self, action: str) -> bool:
        """Enter publishes, Esc goes one step back, arrows walk."""
        if self.question.act(action):
            return True
        if action == "back":
            if not self.message.answer():
                self.went_back.emit()
        elif action == "enter":
            self._enter()
        else:
            return self._rows.act(action) or action in ("pay", "remove")
        return True

    def _enter(self) -> None:
        if self.shown.confirm_word and not self.shown.busy_word and self.shown.question is None:
            self.confirmed.emit()
