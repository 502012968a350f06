"""Joins the practice printer's port to its window: what comes out crosses threads as a signal."""

import threading

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from printers.commands import PrinterServer
from printers.virtual import VirtualPrinter
from printers.virtual_paper import Page
from ui.door import prepare_qt
from ui.language import tr
from ui.room_views import PrinterView
from ui.screens.printer import PrinterScreen
from ui.theme import Theme

REFRESH_MS = 300
HOST = "127.0.0.1"
BLACK, WHITE = 0xFF000000, 0xFFFFFFFF
PATIENCE_S = 2.0


class PrinterWindow(QObject):
    """Remembers the listening printer and how many papers came out. Raises what the port raises:
    Refusal("port_taken"). `close` lets the port go."""

    _came = Signal(QImage)

    def __init__(self, port: int, theme: Theme) -> None:
        super().__init__()
        self._printed = 0
        self.server = PrinterServer(port, lambda page: self._came.emit(image_of(page)), host=HOST)
        self.screen = PrinterScreen(theme, f"{HOST}:{self.server.port}")
        self.screen.faults_chosen.connect(self._break)
        self._came.connect(self._add, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(REFRESH_MS)
        self._thread = threading.Thread(target=self.server.serve, name="printer", daemon=True)
        self._thread.start()
        self._look()

    def close(self) -> None:
        """Stop listening."""
        self._timer.stop()
        self.server.stop()
        self._thread.join(PATIENCE_S)

    def _add(self, image: QImage) -> None:
        self._printed += 1
        self.screen.add_page(image)
        self._look()

    def _break(self, faults: list[str]) -> None:
        self.server.suffer(faults)
        self._look()

    def _look(self) -> None:
        """Show how the printer stands; in the middle of a long picture it is left alone."""
        if self.server.lock.acquire(blocking=False):
            try:
                self.screen.show_view(view_of(self.server.printer, self._printed))
            finally:
                self.server.lock.release()


def view_of(printer: VirtualPrinter, printed: int) -> PrinterView:
    """The printer's state in words."""
    counts = "\n".join(
        (
            tr("出纸 {count} 张", count=printed),
            tr("钱箱打开 {count} 次", count=len(printer.drawer_pulses)),
            tr("没懂的指令 {count} 条", count=len(printer.unknown)),
        )
    )
    if printer.offline:
        reason = tr("盖子开着") if printer.cover_open else tr("没有纸")
        words = tr("{reason}，停着", reason=reason)
        if printer.waiting_bytes:
            words = tr("{reason}，{count} 字节在等", reason=reason, count=printer.waiting_bytes)
        return PrinterView(state="stop", words=words, counts=counts)
    if printer.silent:
        return PrinterView(state="warn", words=tr("照样打印，不应答"), counts=counts)
    if printer.paper_state == "near_end":
        return PrinterView(state="warn", words=tr("纸快完了"), counts=counts)
    return PrinterView(state="ok", words=tr("正常"), counts=counts)


def image_of(page: Page) -> QImage:
    """A page's dots as Qt draws them."""
    picture = page.picture.convert("1")
    row = (picture.width + 7) // 8
    image = QImage(picture.tobytes(), picture.width, picture.height, row, QImage.Format.Format_Mono)
    image.setColorTable([BLACK, WHITE])
    # Qt only looks at the bytes; the copy owns them.
    return image.copy()


def run_printer_window(port: int) -> int:
    """Open the printer's window; returns when it is closed. Raises Refusal("port_taken")."""
    theme = prepare_qt(["pos printer"])
    window = PrinterWindow(port, theme)
    screen = window.screen
    screen.resize(theme.px(980), theme.px(760))
    screen.show()
    application = QApplication.instance()
    assert application is not None
    try:
        return int(application.exec())
    finally:
        window.close()
