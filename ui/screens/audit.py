"""审计: entries on the left, the marked one in words or bytes on the right, nothing to change."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent

from ui.audit_views import AuditView, EntryView
from ui.language import tr
from ui.room_views import ColumnView
from ui.theme import Theme
from ui.views import ChoiceView
from ui.widgets.arrange import column, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.notices import StateShape
from ui.widgets.progress import Progress
from ui.widgets.question_panel import QuestionPanel
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList


def entry_columns() -> tuple[ColumnView, ...]:
    """when · what · who · its place."""
    return (
        ColumnView(title=tr("时间"), width=140),
        ColumnView(title=tr("事"), look="strong"),
        ColumnView(title=tr("谁"), width=56),
        ColumnView(title=tr("第几条"), width=72, right=True),
    )


def said_columns() -> tuple[ColumnView, ...]:
    """name · value of what an entry says."""
    return (ColumnView(title="", width=152, look="muted"), ColumnView(title=""))


def bytes_columns() -> tuple[ColumnView, ...]:
    """The exact bytes, a piece a row."""
    return (ColumnView(title=""),)


def narrowing() -> tuple[ChoiceView, ...]:
    """What narrows the list, by its letter."""
    return (
        ChoiceView(name="staff", word=tr("工号"), key="P"),
        ChoiceView(name="kind", word=tr("类别"), key="K"),
        ChoiceView(name="day", word=tr("日期"), key="D"),
    )


def tools() -> tuple[ChoiceView, ...]:
    """What an auditor does besides reading, by its letter."""
    return (
        ChoiceView(name="verify", word=tr("验证"), key="V"),
        ChoiceView(name="receipt", word=tr("验小票"), key="R"),
        ChoiceView(name="phones", word=tr("看手机号"), key="M"),
        ChoiceView(name="sample", word=tr("抽样"), key="S"),
        ChoiceView(name="export", word=tr("导出"), key="X"),
    )


class AuditScreen(Room):
    """`chosen(what)`: a button by name. `stepped_out`: Esc, with nothing left to answer."""

    chosen = Signal(str)
    marked = Signal(str)
    turned = Signal()
    """Words or bytes of the marked entry."""
    more = Signal()
    """Below the last row somebody goes on."""
    answered = Signal(str, str)
    stepped_out = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("审计"))
        px = theme.px
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._view = AuditView()
        self._list = RowList(theme)
        self._list.marked.connect(self.marked)
        self._list.chosen.connect(lambda _key: self.turned.emit())
        self._buttons: dict[str, ActionButton] = {}
        for each in narrowing():
            self.head.addWidget(self._tool(each, 44, 150))
        for each in tools():
            self.foot.addWidget(self._tool(each, 60, 116))
        self._turn = self.button(tr("看原文"), "Enter", look="primary")
        self._turn.setFixedWidth(px(180))
        self._turn.clicked.connect(self.turned)
        self.foot.addWidget(self._turn)
        self._back.clicked.disconnect(self.left)
        self._back.clicked.connect(self.stepped_out)
        self._build_entry()
        self._progress = Progress(theme)
        self.question = QuestionPanel(theme)
        self.question.answered.connect(self.answered)
        self._card = card(theme, column(self._list), pad=0)
        sides = row(gap=px(16))
        sides.addWidget(self._card, 3)
        sides.addWidget(self._entry_card, 3)
        body = column(
            self._progress.words, self._progress.bar, self.question, sides, self.question.pad,
            gap=px(6),
        )  # fmt: skip
        body.setStretch(3, 1)
        self.build(body)

    def _tool(self, each: ChoiceView, height: int, width: int) -> ActionButton:
        button = ActionButton(self.theme, each.word, each.key, height=height)
        button.setFixedWidth(self.theme.px(width))
        button.clicked.connect(lambda _=False, name=each.name: self._tell(name))
        self._buttons[each.name] = button
        return button

    def _build_entry(self) -> None:
        self._title = label("", "strong")
        self._shape, self._state = StateShape(self.theme), label("")
        self._said = RowList(self.theme)
        inside = column(
            row(self._title, None, self._shape, self._state, gap=self.theme.px(8)), self._said,
            gap=self.theme.px(8),
        )  # fmt: skip
        inside.setStretch(1, 1)
        self._entry_card = card(self.theme, inside, pad=12)

    def show_view(self, view: AuditView) -> None:
        """Show the list, the marked entry, and how far work is."""
        self._view = view
        self.under.setText(view.under)
        for name, word in view.filters:
            self._buttons[name].set_word(word)
        self._list.show_view(view.found)
        self.show_message(view.message)
        self.question.show_view(view.question)
        self._progress.show(view.busy_word, view.done, view.most)
        self._progress.words.setVisible(bool(view.busy_word))
        busy, asking = bool(view.busy_word), view.question is not None
        for button in self._buttons.values():
            button.set_usable(not busy and not asking, tr("正在做") if busy else "")
        self._back.set_word(tr("停下") if busy else tr("返回"))
        self._show_entry(view.entry)
        self._fit()
        if not asking:
            self.setFocus()

    def _show_entry(self, entry: EntryView | None) -> None:
        self._entry_card.setVisible(entry is not None)
        if entry is None:
            picking = bool(self._view.pick_word)
            self._turn.set_word(self._view.pick_word or tr("看原文"))
            self._turn.set_usable(picking and self._view.question is None, tr("先选一条"))
            return
        self._turn.set_usable(self._view.question is None)
        self._title.setText(entry.title)
        self._shape.show_state(entry.state)
        self._state.setText(entry.state_word)
        self._said.show_view(entry.rows)
        self._turn.set_word(tr("看原文") if entry.showing == "words" else tr("看说明"))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """On a low screen there is room for the lists or for the number pad."""
        question = self._view.question
        tight = self.height() < self.theme.px(760) and question is not None
        padded = question is not None and bool(question.value)
        self._card.setVisible(not (tight and padded))
        if self._view.entry is not None:
            self._entry_card.setVisible(not (tight and padded))

    def act(self, action: str) -> bool:
        """Arrows walk the list, page keys the entry; Enter turns it over, Esc leaves or stops."""
        if self.question.act(action):
            return True
        if action == "back":
            if not self.message.answer():
                self.stepped_out.emit()
            return True
        if action == "enter":
            self.turned.emit()
            return True
        if action in ("page_up", "page_down") and self._view.entry is not None:
            return self._said.act(action)
        before = self._list.rows.marked_key()
        used = self._list.act(action)
        if action == "down" and self._list.rows.marked_key() == before:
            self.more.emit()
        return used

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The letter on a button presses it."""
        for each in (*narrowing(), *tools()):
            if each.key == event.text().upper() and self._buttons[each.name].isEnabled():
                self._tell(each.name)
                return
        event.ignore()

    def _tell(self, what: str) -> None:
        if self._view.question is None and not self._view.busy_word:
            self.chosen.emit(what)
