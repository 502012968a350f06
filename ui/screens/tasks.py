"""待办: everything that waits for a person, each with the one button that settles it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from ui.language import tr
from ui.room_views import ColumnView, TasksView
from ui.theme import Theme
from ui.widgets.arrange import column
from ui.widgets.question_panel import QuestionPanel
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList


def task_columns() -> tuple[ColumnView, ...]:
    """what · owner · age; a presenter fills rows in this order."""
    return (
        ColumnView(title=tr("事项"), look="strong"),
        ColumnView(title=tr("谁"), width=120),
        ColumnView(title=tr("多久了"), width=120, right=True),
    )


class TasksScreen(Room):
    """`settled(key)`: the task's own button, by touch or Enter."""

    settled = Signal(str)
    marked = Signal(str)
    answered = Signal(str, str)
    """A task's question was answered: (choice, value)."""
    again = Signal()
    bills_wanted = Signal()
    """The networks' bills shall be held against the books."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("待办"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._list = RowList(theme)
        self._list.acted.connect(self.settled)
        self._list.chosen.connect(self.settled)
        self._list.marked.connect(self.marked)
        self._list.again.connect(self.again)
        self._bills = self.button(tr("对账"), "B")
        self._bills.clicked.connect(self.bills_wanted)
        self.foot.addWidget(self._bills)
        self._settle = self.button(tr("处理"), "Enter", look="primary")
        self._settle.clicked.connect(lambda: self._list.act("enter"))
        self.foot.addWidget(self._settle)
        self.question = QuestionPanel(theme)
        self.question.answered.connect(self.answered)
        body = column(
            self.question, card(theme, column(self._list), pad=0), self.question.pad,
            gap=theme.px(8),
        )  # fmt: skip
        body.setStretch(1, 1)
        self.build(body)

    def show_view(self, view: TasksView) -> None:
        """Show the list; an empty one says that nothing waits."""
        self._list.show_view(view.tasks)
        self.show_message(view.message)
        self.question.show_view(view.question)
        self._bills.set_usable(not view.comparing, tr("正在对账…"))
        if view.question is None:
            self.setFocus()
        self._name_button()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """B compares the bills."""
        if event.text().upper() == "B" and not self.question.asking and self._bills.isEnabled():
            self.bills_wanted.emit()
        else:
            event.ignore()

    def act(self, action: str) -> bool:
        """Arrows walk, Enter settles, Esc leaves; an open question takes both."""
        if self.question.act(action):
            return True
        if action == "back":
            return self.back()
        used = self._list.act(action)
        self._name_button()
        return used

    def _name_button(self) -> None:
        row = self._list.rows.marked_row()
        self._settle.set_word(row.action_word if row and row.action_word else tr("处理"))
        asking = self.question.asking
        why = tr("先回答问题") if asking else tr("没有待办")
        self._settle.set_usable(row is not None and not asking, why)
