"""`./pos printer`: the paper that comes out, and the troubles a printer can be put into."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.language import tr
from ui.room_views import PrinterView
from ui.theme import Theme
from ui.widgets.arrange import boxed, column, label, row
from ui.widgets.buttons import ActionButton, Switch
from ui.widgets.notices import StateShape
from ui.widgets.paper_roll import PaperRoll
from ui.widgets.room import card

FAULTS = ("paper_near_end", "paper_out", "cover_open", "silent_printer")


class PrinterScreen(QWidget):
    """`faults_chosen` carries the names of what is broken now."""

    faults_chosen = Signal(list)

    def __init__(self, theme: Theme, address: str) -> None:
        super().__init__()
        px = theme.px
        self.setProperty("look", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(f"{tr('网络打印机')} {address}")
        self.roll = PaperRoll(theme, tr("还没有纸出来"))
        self._shape = StateShape(theme)
        self._words = label("", "strong", wrap=True)
        self._counts = label("", "muted", wrap=True)
        words = (tr("纸快完了"), tr("没有纸"), tr("开盖"), tr("不应答"))
        self.switches = {name: Switch(theme, on=False) for name in FAULTS}
        faults = []
        for name, word in zip(FAULTS, words, strict=True):
            switch = self.switches[name]
            switch.setAccessibleName(word)
            switch.toggled.connect(self._tell)
            faults.append(row(label(word), None, switch))
        self._tear = ActionButton(theme, tr("撕掉全部"), "Del", height=56)
        self._tear.clicked.connect(self.tear_off)
        how = tr("在收银台的“设备”里选网络打印机，地址填上面这一行")
        side = column(
            label(tr("网络打印机"), "headline"), label(address, "product"), px(4),
            label(how, "small", wrap=True), px(12),
            row(self._shape, self._words, gap=px(8)), px(4), self._counts, px(16),
            card(theme, column(label(tr("练习故障"), "strong"), *faults, gap=px(4))),
            None, self._tear,
        )  # fmt: skip
        panel = boxed(side)
        panel.setFixedWidth(px(300))
        whole = row(self.roll, panel, gap=px(16), margins=(px(16), px(16), px(16), px(16)))
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.roll)
        self.setMinimumSize(px(620), px(600))

    def add_page(self, page: QImage) -> None:
        """One more page came out."""
        self.roll.add(page)

    def show_view(self, view: PrinterView) -> None:
        """Show how the printer stands."""
        self._shape.show_state(view.state)
        self._words.setText(view.words)
        self._counts.setText(view.counts)

    def tear_off(self) -> None:
        """Throw the papers away; the printer's counters go on."""
        self.roll.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.tear_off()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        chosen = [name for name, switch in self.switches.items() if switch.isChecked()]
        self.faults_chosen.emit(chosen)
