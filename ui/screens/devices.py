"""设备: every device as a card with a live picture of what it got, and the code explainer."""

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from ui.language import tr
from ui.room_views import DevicesView, DeviceView, ExplainView
from ui.theme import Theme
from ui.widgets.arrange import boxed, column, empty, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icon import Icon
from ui.widgets.notices import StateShape
from ui.widgets.picture import PaperPicture
from ui.widgets.room import Room, card

ICONS = {
    "receipt": "receipt-text", "label": "tags", "drawer": "banknote", "display": "monitor",
    "scanner": "scan-barcode", "scale": "weight", "virtual": "printer",
}  # fmt: skip


class DeviceCard(QWidget):
    """Name, how it is reached, state in words, picture, buttons."""

    def __init__(self, theme: Theme, view: DeviceView, told: SignalInstance) -> None:
        super().__init__()
        px = theme.px
        head = row(Icon(theme, ICONS[view.kind], 28), label(view.name, "strong"), None, gap=px(12))
        shape = StateShape(theme, view.state)
        state = row(shape, label(view.state_word, "strong"), None, gap=px(6))
        how, detail = label(view.how, "small", wrap=True), label(view.detail, wrap=True)
        buttons = row(gap=px(8))
        for choice in view.actions:
            button = ActionButton(theme, choice.word, height=48)
            button.clicked.connect(lambda _=False, name=choice.name: told.emit(view.key, name))
            buttons.addWidget(button)
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

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("设备"))
        px = theme.px
        self._grid = QGridLayout()
        self._grid.setSpacing(px(12))
        self._explain = ExplainCard(theme)
        add = self.button(tr("装打印机"), "", look="primary")
        add.clicked.connect(self.added)
        self.foot.addWidget(add)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cards = boxed(column(self._grid, None))
        scroll.setWidget(self._cards)
        body = row(gap=px(16))
        body.addWidget(scroll, 5)
        body.addWidget(self._explain, 3)
        self._devices: tuple[DeviceView, ...] = ()
        self.build(body)

    def show_view(self, view: DevicesView) -> None:
        """Show all devices two beside each other."""
        if view.devices != self._devices:
            self._devices = view.devices
            empty(self._grid)
            heights = [0] * ((len(view.devices) + 1) // 2)
            for place, device in enumerate(view.devices):
                shown = DeviceCard(self.theme, device, self.acted)
                self._grid.addWidget(shown, place // 2, place % 2)
                heights[place // 2] = max(heights[place // 2], shown.minimumHeight())
            # Said outright: a scroll area forgets the heights of rows whose texts wrap.
            gaps = self._grid.spacing() * max(0, len(heights) - 1)
            self._cards.setMinimumHeight(sum(heights) + gaps)
        for place in range(2):
            self._grid.setColumnStretch(place, 1)
        self._explain.show_view(view.explain)
        self.show_message(view.message)

    def act(self, action: str) -> bool:
        """Esc leaves; the drawer key opens the drawer as everywhere."""
        return self.back() if action == "back" else False
