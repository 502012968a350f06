"""找货 F2: by name, initials, code or part of a barcode, with the article's card beside it."""

from PySide6.QtCore import Qt, Signal

from ui.language import tr
from ui.room_views import GoodsCardView
from ui.screens.goods_card import GoodsCard
from ui.theme import Theme
from ui.views import GoodsView
from ui.widgets.arrange import column, row
from ui.widgets.goods_list import GoodsList
from ui.widgets.notices import StateLabel
from ui.widgets.room import Room, card
from ui.widgets.scan_field import ScanField


class FindGoodsScreen(Room):
    """The only field of the selling path that takes Han characters."""

    searched = Signal(str)
    marked = Signal(str)
    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("找货"))
        px = theme.px
        self.search = ScanField(theme, tr("↑↓ 选择 · Enter 加入"))
        self.search.setPlaceholderText(tr("名称 · 拼音首字母 · 货号"))
        self.search.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, True)
        self.search.setProperty("till_field", False)
        self.search.searched.connect(self.searched)
        self._list = GoodsList(theme)
        self._list.chosen.connect(self.chosen)
        self._list.marked.connect(self.marked)
        self._nothing = StateLabel(theme)
        self._card = GoodsCard(theme)
        self._add = self.button(tr("加入本单"), "Enter", look="primary")
        self._add.clicked.connect(self._list.enter)
        self.foot.addWidget(self._add)
        goods = card(theme, column(self._list, self._nothing), pad=0)
        left = column(self.search, goods, gap=px(8))
        left.setStretch(1, 1)
        body = row(gap=px(16))
        body.addLayout(left, 3)
        body.addWidget(card(theme, column(self._card), pad=20), 2)
        self.build(body)
        self.setFocusProxy(self.search)

    def show_found(
        self, goods: tuple[GoodsView, ...], typed: str, marked: GoodsCardView | None
    ) -> None:
        """Show results and the card of the marked one."""
        self._list.show_goods(goods)
        self._list.setVisible(bool(goods))
        self._nothing.setVisible(not goods)
        if typed:
            title = tr("没有找到“{typed}”", typed=typed)
            self._nothing.show_state("empty", title, tr("试试更少的字母，或扫条码"))
        else:
            title = tr("输入几个字母")
            detail = tr("例如 dshc 找到 大沙红茶")
            self._nothing.show_state("empty", title, detail)
        self.show_card(marked)

    def show_card(self, view: GoodsCardView | None) -> None:
        """Show the marked article."""
        self._card.show_view(view)
        self._add.set_usable(view is not None, tr("先找到商品"))

    def act(self, action: str) -> bool:
        """Arrows walk, Enter adds, Esc leaves."""
        if action == "back":
            return self.back()
        if action == "enter":
            self._list.enter()
            return True
        steps = {"up": -1, "down": 1, "page_up": -8, "page_down": 8}.get(action)
        return steps is not None and self._list.move_by(steps)
