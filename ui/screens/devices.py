"""设备: every device as a card with a live picture of what it got, and the code explainer."""

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from ui.language import tr
from ui.room_views import DevicesView, DeviceView, ExplainView
from ui.theme import Theme
from ui.widgets.arrange import boxed, column, empty, label, row, walk
from ui.widgets.buttons import ActionButton
from ui.widgets.icon import Icon
from ui.widgets.notices import StateShape
from ui.widgets.picture import PaperPicture
from ui.widgets.room import Room, card

ICONS = {
    "receipt": "receipt-text", "label": "tags", "drawer": "banknote", "display": "monitor",
    "scanner": "scan-barcode", "scale": "weight", "virtual": "printer", "disk": "archive",
    "hub": "building", "program": "settings",
}  # fmt: skip
GAP = 12
MOST_BESIDE = 3
"""Buttons of a card in one line: with more their words would be cut."""


class DeviceCard(QWidget):
    """Name, how it is reached, state in words, picture, buttons."""

    def __init__(self, theme: Theme, view: DeviceView, told: SignalInstance) -> None:
        super().__init__()
        px = theme.px
        self.buttons: dict[tuple[str, str], ActionButton] = {}
        head = row(Icon(theme, ICONS[view.kind], 28), label(view.name, "strong"), None, gap=px(12))
        shape = StateShape(theme, view.state)
        state = row(shape, label(view.state_word, "strong"), None, gap=px(6))
        how, detail = label(view.how, "small", wrap=True), label(view.detail, wrap=True)
        buttons = QGridLayout()
        buttons.setSpacing(px(8))
        beside = len(view.actions) if len(view.actions) <= MOST_BESIDE else 2
        for number, choice in enumerate(view.actions):
            button = ActionButton(theme, choice.word, height=48)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, name=choice.name: told.emit(view.key, name))
            buttons.addWidget(button, number // beside, number % beside)
            self.buttons[view.key, choice.name] = button
        picture = PaperPicture(theme, empty=tr("还没有打印过"))
        picture.show_png(view.preview_png)
        picture.setFixedHeight(px(200))
        body = column(head, how, state, detail, picture, None, buttons, gap=px(8))
        self.setLayout(column(card(theme, body)))
        prints = view.kind in ("receipt", "label", "virtual")
        # Shown or hidden only inside the card: a widget without a parent is a window.
        picture.setVisible(prints)
        detail.setVisible(bool(view.detail))
        self.setMinimumHeight(px(412 if prints else 190))


class ExplainCard(QWidget):
    """ "Scan something and I explain it": the code, what kind it is, every field in words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.px
        self._theme = theme
        self._shape = StateShape(theme)
        self._kind = label("", "strong", wrap=True)
        self._code = label("", "muted", wrap=True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(px(16))
        self._facts.setVerticalSpacing(px(6))
        self._facts.setColumnStretch(1, 1)
        self._next = label("", wrap=True)
        head = row(Icon(theme, "scan-barcode", 28), label(tr("扫一下，告诉你是什么"), "strong"),
                   None, gap=px(12))  # fmt: skip
        kind = row(self._shape, self._kind, gap=px(8))
        kind.setStretch(1, 1)
        body = column(head, px(8), kind, self._code, px(4), self._facts, px(8), self._next, None)
        self.setLayout(column(card(theme, body)))

    def show_view(self, view: ExplainView) -> None:
        """Show a code; without one, what can be scanned."""
        self._shape.setVisible(bool(view.code))
        self._shape.show_state(view.state)
        self._kind.setText(view.kind or tr("等您扫码"))
        waiting = tr("商品条码、秤签、批次码、溯源码、小票码、付款码都可以")
        self._code.setText(view.code or waiting)
        self._next.setText(view.next_step)
        empty(self._facts)
        for number, (word, value) in enumerate(view.facts):
            self._facts.addWidget(label(word, "muted"), number, 0)
            self._facts.addWidget(label(value, wrap=True), number, 1)


class DevicesScreen(Room):
    """`acted(device key, action)`: test, set up, open the drawer …; `added` looks for devices."""

    acted = Signal(str, str)
    added = Signal()
    stirred = Signal()
    """A paper came out or got stuck."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("设备"))
        px = theme.px
        self._columns = (column(gap=px(GAP)), column(gap=px(GAP)))
        self._explain = ExplainCard(theme)
        self._buttons: dict[tuple[str, str], ActionButton] = {}
        self._add = self.button(tr("装打印机"), "", look="primary")
        self._add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._add.clicked.connect(self.added)
        self.foot.addWidget(self._add)
        self._scroll = scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        both = row(*self._columns, gap=px(GAP))
        for place in range(2):
            both.setStretch(place, 1)
        self._cards = boxed(both)
        scroll.setWidget(self._cards)
        body = row(gap=px(16))
        body.addWidget(scroll, 5)
        body.addWidget(self._explain, 3)
        self._devices: tuple[DeviceView, ...] = ()
        self._last = ("", "")
        self.acted.connect(self._remember)
        self.build(body)

    def show_view(self, view: DevicesView) -> None:
        """Show all devices in two columns, each card under the shorter one."""
        if view.devices != self._devices:
            self._devices = view.devices
            held = [name for name, button in self._buttons.items() if button.hasFocus()]
            for cards in self._columns:
                empty(cards)
                cards.addStretch(1)
            self._buttons = {}
            heights = [0, 0]
            for device in view.devices:
                shown = DeviceCard(self.theme, device, self.acted)
                place = heights.index(min(heights))
                self._columns[place].insertWidget(self._columns[place].count() - 1, shown)
                heights[place] += shown.minimumHeight() + self.theme.px(GAP)
                self._buttons |= shown.buttons
            # Said outright: a scroll area forgets the heights of cards whose texts wrap.
            self._cards.setMinimumHeight(max(heights) - self.theme.px(GAP))
            self._give_back(held)
        self._explain.show_view(view.explain)
        self.show_message(view.message)
        # Seen once the page knows how much room its message leaves.
        QTimer.singleShot(0, self, self._see_focus)

    def _remember(self, device: str, action: str) -> None:
        self._last = (device, action)
        if (button := self._buttons.get(self._last)) is not None:
            self.setFocusProxy(button)

    def _give_back(self, held: list[tuple[str, str]]) -> None:
        """The keyboard stays where it was, on cards that were made anew."""
        stops = [self._buttons[name] for name in (*held, self._last) if name in self._buttons]
        for stop in [*stops, *self._buttons.values()][:1]:
            self.setFocusProxy(stop)
            # A layout shows new children later; what is not shown yet cannot take the keyboard.
            stop.show()
            if self.isVisible():
                stop.setFocus()

    def _see_focus(self) -> None:
        focus = self.focusWidget()
        if focus is None or not self._cards.isAncestorOf(focus):
            return
        shown: QWidget = focus
        while (above := shown.parentWidget()) is not None and above is not self._cards:
            shown = above
        # The whole card, or as much of it as there is room for, and in any case its button.
        self._scroll.ensureWidgetVisible(shown, 0, 0)
        self._scroll.ensureWidgetVisible(focus)

    def act(self, action: str) -> bool:
        """Arrows walk through the buttons, Enter presses; Esc leaves; the drawer key opens it."""
        if action in ("up", "down"):
            walk((*self._buttons.values(), self._add), 1 if action == "down" else -1)
            self._see_focus()
            return True
        return self.back() if action == "back" else False
