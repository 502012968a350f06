"""取单: the baskets that were put aside."""

from PySide6.QtCore import Signal

from ui.language import tr
from ui.room_views import ColumnView, ListView
from ui.theme import Theme
from ui.widgets.arrange import column
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList


def held_columns() -> tuple[ColumnView, ...]:
    """since · what is in it · pieces · sum · at which till."""
    return (
        ColumnView(title=tr("时间"), width=90),
        ColumnView(title=tr("商品"), look="strong"),
        ColumnView(title=tr("件数"), width=80, right=True),
        ColumnView(title=tr("应收"), width=130, right=True, look="figure"),
        ColumnView(title=tr("哪台机"), width=120),
    )


class HeldScreen(Room):
    """`taken(key)`: take this basket back."""

    taken = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("取单"))
        self._list = RowList(theme)
        self._list.chosen.connect(self.taken)
        self._take = self.button(tr("取回这单"), "Enter", look="primary")
        self._take.clicked.connect(lambda: self._list.act("enter"))
        self.foot.addWidget(self._take)
        self.build(column(card(theme, column(self._list), pad=0)))

    def show_view(self, view: ListView) -> None:
        """Show the baskets, the newest first."""
        self._list.show_view(view)
        self._take.set_usable(bool(view.rows), tr("没有挂单"))

    def act(self, action: str) -> bool:
        """Arrows walk, Enter takes, Esc leaves."""
        return self.back() if action == "back" else self._list.act(action)
