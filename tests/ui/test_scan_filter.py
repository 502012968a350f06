"""Scanner or fingers: nothing of a scan ever lands in a widget, nothing typed is ever lost."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.clock import SettableClock
from ui.scan_filter import GAP_MS, LONGEST, BurstReader, ScanFilter, folded

GOODS_CODE = "6901234567892"


class Counter(QWidget):
    """A window with a plain field, a PIN box and a button, and what its filter reported."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = SettableClock(0)
        self.field, self.pin = QLineEdit(), QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.button = QPushButton("收款")
        self.clicks: list[bool] = []
        self.button.clicked.connect(self.clicks.append)
        rows = QVBoxLayout(self)
        for part in (self.field, self.pin, self.button):
            rows.addWidget(part)
        self.scans: list[str] = []
        self.refused: list[bool] = []
        self.keys: list[int] = []
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        self.filter = ScanFilter(
            application, self.clock, self._on_key, lambda _e: self.clock.monotonic_ms()
        )
        self.filter.scanned.connect(self.scans.append)
        self.filter.too_long.connect(lambda: self.refused.append(True))

    def _on_key(self, event: QKeyEvent) -> bool:
        self.keys.append(event.key())
        return False

    def burst(self, text: str, gap_ms: int = 5) -> None:
        for mark in text:
            self.clock.advance(gap_ms)
            QTest.keyClick(self.windowHandle(), mark)

    def press(self, key: Qt.Key, after_ms: int = 5) -> None:
        self.clock.advance(after_ms)
        QTest.keyClick(self.windowHandle(), key)

    def type_slowly(self, text: str) -> None:
        for mark in text:
            self.clock.advance(180)
            QTest.keyClick(self.windowHandle(), mark)
            self.filter.silence()


@pytest.fixture
def counter(qtbot: object) -> Iterator[Counter]:
    widget = Counter()
    widget.show()
    widget.activateWindow()
    assert QTest.qWaitForWindowActive(widget)
    yield widget
    application = QGuiApplication.instance()
    assert application is not None
    application.removeEventFilter(widget.filter)
    widget.filter.deleteLater()
    widget.close()


def test_a_scan_is_handed_over_whole_and_the_field_stays_empty(counter: Counter) -> None:
    counter.field.setFocus()
    counter.burst(GOODS_CODE)
    counter.press(Qt.Key.Key_Return)
    assert counter.scans == [GOODS_CODE]
    assert counter.field.text() == ""


def test_a_scan_never_leaks_into_a_pin(counter: Counter) -> None:
    counter.pin.setFocus()
    counter.type_slowly("12")
    counter.burst(GOODS_CODE)
    counter.press(Qt.Key.Key_Return)
    counter.type_slowly("34")
    assert counter.pin.text() == "1234"
    assert counter.scans == [GOODS_CODE]


def test_a_scan_while_a_button_has_focus_presses_nothing(counter: Counter) -> None:
    counter.button.setFocus()
    counter.burst("AB 12 CD")
    counter.press(Qt.Key.Key_Return)
    assert counter.scans == ["AB 12 CD"]
    assert counter.clicks == []


def test_slow_typing_arrives_untouched_and_in_order(counter: Counter) -> None:
    counter.field.setFocus()
    counter.type_slowly("mgdj")
    counter.press(Qt.Key.Key_Return, 200)
    assert counter.field.text() == "mgdj"
    assert counter.scans == []
    assert counter.keys[-1] == Qt.Key.Key_Return


def test_quick_fingers_of_three_keys_are_still_typing(counter: Counter) -> None:
    counter.field.setFocus()
    counter.burst("100", gap_ms=40)
    counter.press(Qt.Key.Key_Return, 40)
    assert counter.field.text() == "100"
    assert counter.scans == []
    assert Qt.Key.Key_Return in counter.keys


def test_the_enter_of_a_scan_is_never_an_enter(counter: Counter) -> None:
    counter.burst(GOODS_CODE)
    counter.press(Qt.Key.Key_Return)
    counter.press(Qt.Key.Key_Return)
    counter.press(Qt.Key.Key_Enter, 80)
    assert Qt.Key.Key_Return not in counter.keys
    assert Qt.Key.Key_Enter not in counter.keys
    counter.press(Qt.Key.Key_Return, 900)
    assert counter.keys == [Qt.Key.Key_Return]


def test_a_scan_without_enter_is_still_a_scan_and_its_late_enter_is_dropped(
    counter: Counter,
) -> None:
    counter.pin.setFocus()
    counter.burst(GOODS_CODE)
    counter.filter.silence()
    assert counter.scans == [GOODS_CODE]
    assert counter.pin.text() == ""
    counter.press(Qt.Key.Key_Return, 90)
    assert counter.keys == []


def test_the_timer_ends_a_scan_by_itself(counter: Counter, qtbot: object) -> None:
    counter.burst(GOODS_CODE)
    QTest.qWait(GAP_MS * 4)
    assert counter.scans == [GOODS_CODE]


def test_hot_keys_are_never_triggered_from_a_burst(counter: Counter) -> None:
    counter.burst("12 *XA-+3")
    counter.press(Qt.Key.Key_F9)
    counter.press(Qt.Key.Key_Delete)
    counter.press(Qt.Key.Key_Tab)
    assert counter.keys == []
    assert counter.scans == ["12 *XA-+3"]


def test_a_held_down_enter_counts_for_nothing(counter: Counter) -> None:
    window = counter.windowHandle()
    for _ in range(20):
        repeated = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True
        )
        QGuiApplication.sendEvent(window, repeated)
    assert counter.keys == []


def test_a_held_down_letter_is_typing_and_not_a_scan(counter: Counter) -> None:
    counter.field.setFocus()
    counter.type_slowly("5")
    for _ in range(6):
        counter.clock.advance(30)
        repeated = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_5, Qt.KeyboardModifier.NoModifier, "5", True
        )
        QGuiApplication.sendEvent(counter.windowHandle(), repeated)
    assert counter.field.text() == "5555555"
    assert counter.scans == []


def test_an_endless_burst_is_refused_whole_and_nothing_of_it_leaks(counter: Counter) -> None:
    counter.field.setFocus()
    counter.burst("9" * 10_240, gap_ms=1)
    counter.press(Qt.Key.Key_Return)
    assert counter.refused == [True]
    assert counter.scans == []
    assert counter.field.text() == ""
    counter.clock.advance(1000)
    counter.burst(GOODS_CODE)
    counter.press(Qt.Key.Key_Return)
    assert counter.scans == [GOODS_CODE]


def test_the_longest_code_is_still_read() -> None:
    reader = BurstReader()
    for at_ms in range(LONGEST):
        assert reader.character("A", at_ms, at_ms).keep
    assert reader.end(LONGEST).scan == "A" * LONGEST


def test_control_keys_inside_a_burst_are_dropped_but_the_group_separator_is_kept(
    counter: Counter,
) -> None:
    window = counter.windowHandle()
    counter.burst("0106901234567892")
    for key, text in ((Qt.Key.Key_BracketRight, "\x1d"), (Qt.Key.Key_Delete, "\x7f")):
        counter.clock.advance(5)
        QGuiApplication.sendEvent(
            window,
            QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.ControlModifier, text),
        )
    counter.burst("10HC1103")
    counter.press(Qt.Key.Key_Return)
    assert counter.scans == ["0106901234567892\x1d10HC1103"]
    assert counter.keys == []


def test_full_width_digits_of_an_input_method_become_plain_ones(counter: Counter) -> None:
    counter.field.setFocus()
    target: QObject = counter.field
    for mark in "６９０１２３":
        counter.clock.advance(5)
        event = QInputMethodEvent()
        event.setCommitString(mark)
        QGuiApplication.sendEvent(target, event)
    counter.press(Qt.Key.Key_Return)
    assert counter.scans == ["690123"]
    assert counter.field.text() == ""
    assert folded("ＡＢ－１\u3000") == "AB-1 "


def test_han_from_an_input_method_is_never_held_back(counter: Counter) -> None:
    counter.field.setFocus()
    event = QInputMethodEvent()
    event.setCommitString("牛肉面")
    QGuiApplication.sendEvent(counter.field, event)
    assert counter.field.text() == "牛肉面"


def test_letters_an_input_method_gives_at_once_are_typing(counter: Counter) -> None:
    counter.field.setFocus()
    event = QInputMethodEvent()
    event.setCommitString("dashahongcha")
    QGuiApplication.sendEvent(counter.field, event)
    counter.clock.advance(200)
    counter.filter.silence()
    assert counter.field.text() == "dashahongcha"
    assert counter.scans == []


def test_keys_that_waited_while_the_window_was_busy_are_judged_by_their_own_times() -> None:
    reader = BurstReader()
    replayed: list[object] = []
    for number, mark in enumerate("1234"):
        # All four arrive together, but were pressed 150 ms apart.
        replayed += reader.character(mark, mark, 1000 + number * 150).replay
    replayed += reader.silence().replay
    assert replayed == list("1234")


def test_two_scans_in_a_row_stay_two(counter: Counter) -> None:
    counter.burst(GOODS_CODE)
    counter.press(Qt.Key.Key_Return)
    counter.clock.advance(200)
    counter.burst("6909876543210")
    counter.press(Qt.Key.Key_Tab)
    assert counter.scans == [GOODS_CODE, "6909876543210"]
