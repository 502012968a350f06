"""店型: flagship, chain shop, counter or homestay; it chooses tiles, tenders and rooms."""

from PySide6.QtCore import Signal

from ui.language import tr
from ui.room_views import CardView
from ui.screens.menus import BigTile
from ui.theme import Theme
from ui.views import MessageView
from ui.widgets.arrange import column, empty, label
from ui.widgets.room import Room


class ProfilesScreen(Room):
    """`chosen(name)` on a card, `confirmed(name)` on the button."""

    chosen = Signal(str)
    confirmed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("店型"))
        self._cards: tuple[CardView, ...] = ()
        self._rows = column(gap=theme.px(12))
        self._confirm = self.button(tr("就用这个"), "Enter", look="primary")
        self._confirm.clicked.connect(self._tell)
        self.foot.addWidget(self._confirm)
        about = tr("决定首页快捷键、常用收款方式和看得到的功能；以后可以随时改，不影响已有的单据。")
        self.build(column(label(about, "muted", wrap=True), theme.px(12), self._rows, None))

    def show_view(self, cards: tuple[CardView, ...], message: MessageView | None = None) -> None:
        """Show the profiles; one of them is chosen."""
        self._cards = cards
        self.show_message(message)
        empty(self._rows)
        for card in cards:
            tile = BigTile(self.theme, card)
            tile.clicked.connect(lambda _=False, name=card.name: self.chosen.emit(name))
            tile.refused.connect(self.refused)
            self._rows.addWidget(tile)
        self._confirm.set_usable(any(card.chosen for card in cards), tr("先选一个"))

    def act(self, action: str) -> bool:
        """Up and down choose, Enter confirms, Esc leaves."""
        if action == "back":
            return self.back()
        if action == "enter":
            self._tell()
            return True
        if action in ("up", "down") and self._cards:
            names = [card.name for card in self._cards if card.enabled]
            now = [card.name for card in self._cards if card.chosen]
            place = names.index(now[0]) if now and now[0] in names else -1
            step = 1 if action == "down" else -1
            self.chosen.emit(names[max(0, min(len(names) - 1, place + step))])
            return True
        return False

    def _tell(self) -> None:
        for card in self._cards:
            if card.chosen:
                self.confirmed.emit(card.name)
