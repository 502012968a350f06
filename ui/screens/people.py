"""人员: who works here, and what somebody with the right does about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from ui.language import tr
from ui.room_views import ColumnView, PeopleView
from ui.theme import Theme
from ui.views import ChoiceView
from ui.widgets.arrange import column
from ui.widgets.buttons import ActionButton
from ui.widgets.question_panel import QuestionPanel
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList


def people_columns() -> tuple[ColumnView, ...]:
    """number · name · role · how they stand."""
    return (
        ColumnView(title=tr("工号"), width=110, look="strong"),
        ColumnView(title=tr("姓名")),
        ColumnView(title=tr("角色"), width=140),
        ColumnView(title=tr("状态"), width=140),
    )


def people_actions() -> tuple[ChoiceView, ...]:
    """What is done about somebody, by its letter; Enter hires."""
    return (
        ChoiceView(name="leave", word=tr("离岗"), key="D"),
        ChoiceView(name="role", word=tr("换角色"), key="R"),
        ChoiceView(name="unlock", word=tr("解锁"), key="U"),
        ChoiceView(name="pin", word=tr("设 PIN"), key="P"),
    )


def carrying() -> ChoiceView:
    """What is done about everybody's PINs at once."""
    return ChoiceView(name="carry", word=tr("带 PIN 到另一台（U 盘）"), key="C")


class PeopleScreen(Room):
    """`chosen(what, number)`: a button of the foot, for the marked person."""

    chosen = Signal(str, str)
    marked = Signal(str)
    answered = Signal(str, str)
    again = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("人员"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._view = PeopleView()
        self._list = RowList(theme)
        self._list.marked.connect(self.marked)
        self._list.again.connect(self.again)
        self._buttons: dict[str, ActionButton] = {}
        for action in people_actions():
            button = self.button(action.word, action.key)
            button.setFixedWidth(theme.px(120))
            button.clicked.connect(lambda _=False, name=action.name: self._tell(name))
            self.foot.addWidget(button)
            self._buttons[action.name] = button
        carry = carrying()
        self._carry = ActionButton(theme, carry.word, carry.key, height=48)
        self._carry.setFixedWidth(theme.px(280))
        self._carry.refused.connect(self.refused)
        self._carry.clicked.connect(lambda: self._tell(carry.name))
        self.head.addWidget(self._carry)
        self._hire = self.button(tr("新增人员"), "Enter", look="primary")
        self._hire.clicked.connect(lambda: self._tell("hire"))
        self.foot.addWidget(self._hire)
        self.question = QuestionPanel(theme)
        self.question.answered.connect(self.answered)
        self._card = card(theme, column(self._list), pad=0)
        body = column(self.question, self._card, self.question.pad, gap=theme.px(8))
        body.setStretch(1, 1)
        body.addStretch(0)
        self.build(body)

    def show_view(self, view: PeopleView) -> None:
        """Show everybody."""
        self._view = view
        self._list.show_view(view.people)
        self.show_message(view.message)
        self.question.show_view(view.question)
        asking = view.question is not None
        # On a low screen there is room for the list or for the number pad.
        self._card.setVisible(view.question is None or not view.question.value)
        self._buttons["leave"].set_word(view.leave_word or tr("离岗"))
        for name, button in self._buttons.items():
            reason = view.why_not.get(name, "")
            button.set_usable(not reason and not asking, reason)
        self._hire.set_usable(not asking)
        self._carry.set_usable(not asking)
        if not asking:
            self.setFocus()

    def act(self, action: str) -> bool:
        """Arrows walk, Enter hires, Esc leaves; an open question takes both."""
        if self.question.act(action):
            return True
        if action == "back":
            return self.back()
        if action == "enter":
            self._tell("hire")
            return True
        return self._list.act(action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The letter on a button presses it."""
        buttons = {**self._buttons, carrying().name: self._carry}
        for action in (*people_actions(), carrying()):
            if action.key == event.text().upper() and buttons[action.name].isEnabled():
                self._tell(action.name)
                return
        event.ignore()

    def _tell(self, what: str) -> None:
        if self._view.question is None:
            self.chosen.emit(what, self._list.rows.marked_key())
