"""怎么算的: where one line's price began, what lowered it, and what could have and did not."""

from ui.language import tr
from ui.room_views import ColumnView, WhyView
from ui.theme import Theme
from ui.widgets.arrange import column, label, row
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList


def why_columns() -> tuple[ColumnView, ...]:
    """rule (its detail under it) · amount."""
    return (
        ColumnView(title=tr("怎么来的"), look="strong"),
        ColumnView(title=tr("金额"), width=140, right=True, look="figure"),
    )


def skipped_columns() -> tuple[ColumnView, ...]:
    """A promotion, and under it why it took nothing off."""
    return (ColumnView(title=tr("没用上的"), look="strong"),)


class WhyScreen(Room):
    """Looked at and left; changes nothing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("怎么算的"))
        px = theme.px
        self.shown = WhyView()
        self._made = RowList(theme)
        self._skipped = RowList(theme)
        self._total = label("", "total")
        self._done = self.button(tr("知道了"), "Enter", look="primary")
        self._done.clicked.connect(self.left)
        self.foot.addWidget(label(tr("这一行 ¥"), "product"))
        self.foot.addWidget(self._total)
        self.foot.addWidget(self._done)
        body = row(gap=px(16))
        body.addWidget(card(theme, column(self._made), pad=0), 3)
        body.addWidget(card(theme, column(self._skipped), pad=0), 2)
        self.build(body)

    def show_view(self, view: WhyView) -> None:
        """Show one line's price."""
        self.shown = view
        self.under.setText(view.under)
        self._made.show_view(view.made)
        self._skipped.show_view(view.skipped)
        self._total.setText(view.total)

    def act(self, action: str) -> bool:
        """Enter and Esc lead back to the basket."""
        if action in ("back", "enter", "why"):
            return self.back()
        return self._made.act(action)
