"""Two pages of large tiles: the rooms behind the till (F12) and the card of keys (F1)."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from ui.language import tr
from ui.room_views import CardView, RoomView
from ui.theme import RADIUS, Theme
from ui.widgets import paint
from ui.widgets.arrange import boxed, column, empty, label, row, walk
from ui.widgets.buttons import HintButton
from ui.widgets.icon import icon_pixmap
from ui.widgets.room import Room, card


class BigTile(QAbstractButton):
    """An icon, a word, a few more words under it, and a key."""

    refused = Signal(str)

    def __init__(self, theme: Theme, view: CardView, key: str = "", *, focus: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._view = view
        self._key = key
        self.setText(view.word)
        self.setAccessibleName(view.word)
        self.setAccessibleDescription(view.description or view.reason)
        self.setEnabled(view.enabled)
        policy = Qt.FocusPolicy.TabFocus if focus else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def chosen(self) -> bool:
        """Whether this is the one of several that is in use."""
        return self._view.chosen

    def sizeHint(self) -> QSize:
        tall = self._view.description or self._view.reason or self._key
        return QSize(self._theme.px(240), self._theme.px(96 if tall else 60))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        view = self._view
        fill = "brand_soft" if view.chosen else "pressed" if self.isDown() else "surface"
        edge, wide = ("brand", 2) if view.chosen else ("edge", 1)
        if self.hasFocus():
            edge, wide = "ring", 3
        fill = fill if view.enabled else "pressed"
        paint.rounded(painter, self.rect(), theme.colour(fill), theme.colour(edge), wide, RADIUS)
        left = px(20)
        if view.icon:
            colour = theme.colours.brand if view.enabled else theme.colours.muted
            picture = icon_pixmap(view.icon, px(32), colour)
            painter.drawPixmap(left, (self.height() - px(32)) // 2, picture)
            left += px(32) + px(16)
        room = QRect(left, 0, self.width() - left - px(16), self.height())
        strong, small = theme.font("product", bold=True), theme.font("small")
        ink = theme.colour("ink" if view.enabled else "muted")
        muted = theme.colour("muted")
        under = view.description if view.enabled else view.reason
        if self._key:
            paint.text(painter, room, self._key, small, muted, paint.RIGHT)
            room.adjust(0, 0, -px(64), 0)
        if not under:
            wide = QFontMetrics(strong).horizontalAdvance(view.word)
            painter.setFont(strong if wide <= room.width() else theme.font("body", bold=True))
            painter.setPen(ink)
            painter.drawText(room, paint.LEFT | Qt.TextFlag.TextWordWrap, view.word)
        else:
            upper = QRect(room.left(), self.height() // 2 - px(28), room.width(), px(30))
            paint.text(painter, upper, view.word, strong, ink)
            lower = QRect(room.left(), self.height() // 2 + px(2), room.width(), px(24))
            paint.text(painter, lower, under, small, muted)
        painter.end()


class RoomsScreen(Room):
    """功能: every room that is built, and only those."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, title: str = "") -> None:
        super().__init__(theme, title or tr("功能"))
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(12))
        self._rooms: tuple[RoomView, ...] = ()
        self._tiles: list[BigTile] = []
        self.build(column(self._grid, None))

    def show_view(self, rooms: tuple[RoomView, ...]) -> None:
        """Show the rooms three beside each other; the keyboard stands on the first one."""
        self._rooms = rooms
        empty(self._grid)
        self._tiles = []
        for place, room in enumerate(rooms):
            view = CardView(name=room.name, word=room.word, description=room.note,
                            icon=room.icon, enabled=room.enabled, reason=room.reason)  # fmt: skip
            tile = BigTile(self.theme, view, room.key, focus=True)
            tile.clicked.connect(lambda _=False, name=room.name: self.chosen.emit(name))
            # As high as its neighbours, whether it has a second line or not.
            tile.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            self._grid.addWidget(tile, place // 3, place % 3)
            self._tiles.append(tile)
        for place in range(3):
            self._grid.setColumnStretch(place, 1)
        if self._tiles:
            self.setFocusProxy(self._tiles[0])

    def act(self, action: str) -> bool:
        """A room's own action opens it; arrows walk, Enter opens; Esc leaves."""
        if action in ("back", "rooms"):
            return self.back()
        if action in ("up", "down"):
            walk(self._tiles, 1 if action == "down" else -1)
            return True
        if any(room.name == action and room.enabled for room in self._rooms):
            self.chosen.emit(action)
            return True
        return False


KEY_COLUMNS = 4


class KeyCardScreen(Room):
    """快捷键: the whole key map; every row can be touched as well."""

    pressed = Signal(str)
    printed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("快捷键"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(2))
        self._print = self.button(tr("打印这张卡"), "Enter", look="primary")
        self._print.clicked.connect(self.printed)
        self.foot.addWidget(self._print)
        self._notes = label(
            tr("3 再按 *：下一件数量 3　·　3j 或 3斤：1.500 kg　·　95：九五折　·　扫码随时可以"),
            "muted",
            wrap=True,
        )
        body = card(theme, column(self._grid, None, self._notes), pad=24)
        self.build(column(body))

    def show_card(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """(action, keys, word) in reading order, in columns."""
        empty(self._grid)
        high = -(-len(rows) // KEY_COLUMNS)
        for number, (action, key, word) in enumerate(rows):
            button = HintButton(self.theme, key, word)
            button.clicked.connect(lambda _=False, name=action: self.pressed.emit(name))
            holder: QWidget = boxed(row(button, None))
            holder.setFixedHeight(self.theme.px(48))
            self._grid.addWidget(holder, number % high, number // high)
        for place in range(KEY_COLUMNS):
            self._grid.setColumnStretch(place, 1)

    def act(self, action: str) -> bool:
        """Enter prints the card, Esc and F1 leave; every other key does what it says."""
        if action in ("back", "keys"):
            return self.back()
        if action == "enter":
            self.printed.emit()
            return True
        return False
