"""The practice printer: papers come out, troubles hold them back, the newest is in sight."""

import socket
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.errors import Refusal
from app.receipt_template import fill
from printers.encoder import paper_bytes
from printers.profile import load_profile
from printers.template import shipped
from tests.printers.receipt_samples import SHORT
from ui import commands
from ui.printer_window import PrinterWindow
from ui.sheet import style_sheet
from ui.theme import Theme
from ui.widgets.paper_roll import KEPT_PAGES, PaperRoll

ASK = b"\x10\x04\x01"


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> Iterator[PrinterWindow]:
    theme = Theme()
    qapp.setStyleSheet(style_sheet(theme))
    made = PrinterWindow(0, theme)
    qtbot.addWidget(made.screen)
    made.screen.show()
    yield made
    made.close()
    qapp.setStyleSheet("")


@pytest.fixture
def line(window: PrinterWindow) -> Iterator[socket.socket]:
    """A till's line to the printer."""
    with socket.create_connection(("127.0.0.1", window.server.port), 5) as line:
        yield line


def receipt() -> bytes:
    return paper_bytes(fill(shipped("standard"), SHORT), load_profile("virtual_80"))


def black_dots(image: QImage) -> int:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return sum(bytes(grey.constBits()).count(shade) for shade in range(60))


def test_a_receipt_sent_to_the_port_hangs_on_the_roll(
    window: PrinterWindow, line: socket.socket, qtbot: QtBot
) -> None:
    roll = window.screen.roll
    before = black_dots(roll.viewport().grab().toImage())
    line.sendall(receipt())
    qtbot.waitUntil(lambda: roll.pages == 1, timeout=10_000)
    assert black_dots(roll.viewport().grab().toImage()) > before + 2_000
    assert window.screen._counts.text().splitlines()[0] == "出纸 1 张"


def test_without_paper_it_waits_and_prints_what_came_meanwhile(
    window: PrinterWindow, line: socket.socket, qtbot: QtBot
) -> None:
    screen = window.screen
    QTest.mouseClick(screen.switches["paper_out"], Qt.MouseButton.LeftButton)
    line.sendall(receipt())
    qtbot.waitUntil(lambda: "字节在等" in screen._words.text(), timeout=10_000)
    assert screen.roll.pages == 0
    QTest.keyClick(screen.switches["paper_out"], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: screen.roll.pages == 1, timeout=10_000)
    assert screen._words.text() == "正常"


def test_an_open_cover_and_a_silent_printer_answer_as_such(
    window: PrinterWindow, line: socket.socket, qtbot: QtBot
) -> None:
    screen = window.screen
    line.settimeout(5)
    line.sendall(ASK)
    assert line.recv(1) == b"\x12"
    screen.switches["cover_open"].click()
    assert "盖子开着" in screen._words.text()
    line.sendall(ASK)
    assert line.recv(1)[0] & 8
    screen.switches["cover_open"].click()
    screen.switches["silent_printer"].click()
    line.settimeout(0.5)
    line.sendall(ASK)
    with pytest.raises(TimeoutError):
        line.recv(1)
    assert screen._words.text() == "照样打印，不应答"


def test_a_question_asked_without_paper_is_answered_when_it_is_back(
    window: PrinterWindow, line: socket.socket, qtbot: QtBot
) -> None:
    """GS r is no real-time question: it waits with the rest, and its answer finds the line."""
    screen = window.screen
    screen.switches["paper_out"].click()
    line.sendall(b"\x1dr1")
    qtbot.waitUntil(lambda: window.server.printer.waiting_bytes > 0, timeout=5_000)
    screen.switches["paper_out"].click()
    line.settimeout(5)
    assert line.recv(1) == b"\x00"


def page(high: int) -> QImage:
    image = QImage(576, high, QImage.Format.Format_Mono)
    image.fill(1)
    return image


def test_the_newest_paper_is_in_sight_unless_somebody_reads_an_older_one(qtbot: QtBot) -> None:
    roll = PaperRoll(Theme(), "")
    qtbot.addWidget(roll)
    roll.resize(640, 400)
    roll.show()
    bar = roll.verticalScrollBar()
    for _ in range(3):
        roll.add(page(500))
    assert bar.value() == bar.maximum() > 1000
    QTest.keyClick(roll, Qt.Key.Key_Home)
    assert bar.value() == 0
    roll.add(page(500))
    assert bar.value() == 0
    QTest.keyClick(roll, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()


def test_the_roll_keeps_no_more_than_a_day_can_show(qtbot: QtBot) -> None:
    roll = PaperRoll(Theme(), "")
    qtbot.addWidget(roll)
    for _ in range(KEPT_PAGES + 5):
        roll.add(page(8))
    assert roll.pages == KEPT_PAGES
    roll.clear()
    assert roll.pages == 0


def test_del_tears_everything_off(window: PrinterWindow, qtbot: QtBot) -> None:
    window.screen.add_page(page(100))
    QTest.keyClick(window.screen.roll, Qt.Key.Key_Delete)
    assert window.screen.roll.pages == 0


def test_a_taken_port_is_said_before_any_window(
    qapp: QApplication, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(Refusal, match="port_taken"):
            PrinterWindow(taken.getsockname()[1], Theme())
        assert commands.main(["printer", "--port", str(taken.getsockname()[1])]) == 1
    assert "port_taken" in capsys.readouterr().err


def test_without_a_screen_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert commands.main(["printer"]) == 1
    assert "no_screen" in capsys.readouterr().err
