"""待办: everything that waits for a person, each with the one button that settles it."""

from PySide6.QtCore import Signal

from ui.language import tr
from ui.room_views import ColumnView, TasksView
from ui.theme import Theme
from ui.widgets.arrange import column
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
    again = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("待办"))
        self._list = RowList(theme)
        self._list.acted.connect(self.settled)
        self._list.chosen.connect(self.settled)
        self._list.marked.connect(self.marked)
        self._list.again.connect(self.again)
        self._settle = self.button(tr("处理"), "Enter", look="primary")
        self._settle.clicked.connect(lambda: self._list.act("enter"))
        self.foot.addWidget(self._settle)
        self.build(column(card(theme, column(self._list), pad=0)))

    def show_view(self, view: TasksView) -> None:
        """Show the list; an empty one says that nothing waits."""
        self._list.show_view(view.tasks)
        self.show_message(view.message)
        self._name_button()

    def act(self, action: str) -> bool:
        """Arrows walk, Enter settles, Esc leaves."""
        if action == "back":
            return self.back()
        used = self._list.act(action)
        self._name_button()
        return used

    def _name_button(self) -> None:
        row = self._list.rows.marked_row()
        self._settle.set_word(row.action_word if row and row.action_word else tr("处理"))
        self._settle.set_usable(row is not None, tr("没有待办"))
