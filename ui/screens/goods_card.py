"""One article in full: for the price check and beside the search results."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.language import tr
from ui.room_views import GoodsCardView
from ui.theme import Theme
from ui.widgets.arrange import column, empty, label, row
from ui.widgets.notices import StateShape
from ui.widgets.panel import Panel


class GoodsCard(QWidget):
    """Passive: name, price, reductions, facts, story."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.px
        self._theme = theme
        self._name = label("", "headline", wrap=True)
        self._spec = label("", "muted")
        self._price = label("", "due")
        self._unit = label("", "title")
        self._list_price = label("", "muted")
        self._warning = label("", "danger", wrap=True)
        self._shape = StateShape(theme, "stop")
        self._reductions = column(gap=px(4))
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(px(16))
        self._facts.setVerticalSpacing(px(6))
        self._facts.setColumnStretch(1, 1)
        self._story = label("", wrap=True)
        price = row(self._price, self._unit, None, self._list_price, gap=px(8))
        warning = row(self._shape, self._warning, gap=px(8))
        warning.setStretch(1, 1)
        self.setLayout(
            column(
                self._name, self._spec, px(8), price, self._reductions, px(4), warning, px(8),
                self._facts, px(12), self._story, None,
            )
        )  # fmt: skip

    def show_view(self, view: GoodsCardView | None) -> None:
        """Show an article, or nothing."""
        view = view or GoodsCardView(name="")
        self._name.setText(view.name)
        self._spec.setText(view.spec)
        self._price.setText(view.price)
        self._unit.setText(f"/ {view.unit}" if view.unit else "")
        listed = tr("原价 {amount}", amount=view.list_price) if view.list_price else ""
        self._list_price.setText(listed)
        self._warning.setText(view.warning)
        self._shape.setVisible(bool(view.warning))
        self._shape.show_state(view.state)
        self._story.setText(view.story)
        empty(self._reductions)
        for reduction in view.reductions:
            self._reductions.addLayout(
                row(label(reduction.name, "accent"), None, label(reduction.amount, "accent"))
            )
        empty(self._facts)
        for number, (word, value) in enumerate(view.facts):
            self._facts.addWidget(label(word, "muted"), number, 0)
            self._facts.addWidget(label(value, wrap=True), number, 1)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        # Where room is short the story gives way, never the facts.
        self._story.setVisible(self.height() >= self._theme.px(400))


class PricePanel(Panel):
    """查价: scan, look, Esc. Nothing is added to the basket."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        px = theme.px
        self._card = GoodsCard(theme)
        head = row(label(tr("查价"), "title"), None, label(tr("扫下一件 · Esc 返回"), "small"))
        body = column(head, px(16), self._card, margins=(px(24), px(16), px(24), px(16)))
        body.setStretch(2, 1)
        self.setLayout(body)

    def show_view(self, view: GoodsCardView | None) -> None:
        """Show an article."""
        self._card.show_view(view)
