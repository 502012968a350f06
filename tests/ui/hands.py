"""A person at the real window: keys one by one through the window system's door, and counted."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from shiboken6 import isValid

from app.clock import SettableClock, parse_time
from app.ids import Ids, seeded
from tests.support.sample_shops import NOON, copy_sample
from ui.application import Application
from ui.sounds import Sounds
from ui.startup import Till, open_demo
from ui.window import DESIGN_SIZE

HAND_MS = 80
"""Between two keys of a person; a scanner is faster than half of it."""
ACT_MS = 10
LOOK_MS = 150
_NONE = Qt.KeyboardModifier.NoModifier
PATIENCE_MS = 20_000


SCANNER_MS = 4


class Keyboard:
    """A person's keys and a scanner's at one window, each at the pace it really has.

    What tells them apart is the time the window system stamped on a key, never how busy this
    machine was: the stamps are made here, so that a scan stays a scan under any load.
    """

    _now_ms = 0
    _rest_ms = HAND_MS

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def key(self, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """One key as a person presses it."""
        self._pause(rest_ms=Keyboard._rest_ms)
        Keyboard._rest_ms = HAND_MS
        self._send(key, 0, modifiers)

    def scan(self, code: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
        """A scanner: all characters at once and an Enter behind them."""
        self._pause(takes_ms=(len(code) + 1) * SCANNER_MS)
        for character in code:
            self._send(character, SCANNER_MS)
        self._send(end, SCANNER_MS)
        # Two scans in a row end ahead of the real clock; whoever looks first looks after the last.
        Keyboard._rest_ms = LOOK_MS

    def _pause(self, *, rest_ms: int = HAND_MS, takes_ms: int = 0) -> None:
        """As long as it really took, and never quicker than a hand; what comes ends by now."""
        # One clock for all keyboards: a filter that outlived its window sees no time turned back.
        Keyboard._now_ms = max(
            Keyboard._now_ms + rest_ms, time.monotonic_ns() // 1_000_000 - takes_ms
        )

    def _send(
        self, key: Qt.Key | str, after_ms: int, modifiers: Qt.KeyboardModifier = _NONE
    ) -> None:
        Keyboard._now_ms += after_ms
        text = key if isinstance(key, str) else ""
        code = _code_of(key) if isinstance(key, str) else key
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, code, modifiers, text)
            event.setTimestamp(Keyboard._now_ms)
            QCoreApplication.sendEvent(self._window.windowHandle(), event)


def _code_of(character: str) -> Qt.Key:
    """The key that writes a character; for what no key of Qt's names, only the text counts."""
    upper = ord(character.upper())
    return Qt.Key(upper) if 0x20 <= upper < 0x7F else Qt.Key.Key_unknown


class Hands:
    """Presses keys and taps at one window and counts both. Scans are neither."""

    def __init__(self, running: Application) -> None:
        self.running = running
        self.counter = running.till.counter
        self.selling = running.shell.selling
        self.keyboard = Keyboard(running.window)
        self.keys = 0
        self.taps = 0

    def press(self, *keys: Qt.Key, shift: bool = False, control: bool = False) -> None:
        """Named keys, one after the other."""
        modifier = Qt.KeyboardModifier.NoModifier
        if shift:
            modifier |= Qt.KeyboardModifier.ShiftModifier
        if control:
            modifier |= Qt.KeyboardModifier.ControlModifier
        for key in keys:
            self.keys += 1
            self.keyboard.key(key, modifier)
            self._let_it_act()

    def type(self, text: str) -> None:
        """Characters as fast as a person types."""
        for character in text:
            self.keys += 1
            self.keyboard.key(character)
            self._let_it_act()

    def scan(self, code: str) -> None:
        """A scanner: all characters at once and an Enter behind them."""
        self.keyboard.scan(code)

    def tap(self, word: str) -> None:
        """A finger on the button that says this."""
        self.taps += 1
        QTest.mouseClick(self.button(word), Qt.MouseButton.LeftButton)

    def button(self, word: str) -> QAbstractButton:
        """The one button on the screen with this word."""
        found: list[QAbstractButton] = []

        def shows() -> bool:
            every = self.running.window.findChildren(QAbstractButton)
            found[:] = [each for each in every if each.text() == word and each.isVisible()]
            return len(found) == 1

        self.until(shows, f"one button {word}")
        return found[0]

    def count(self, sql: str) -> int:
        """One figure of the books."""
        with self.running.till.books.read() as db:
            return int(db.exec_driver_sql(sql).scalar_one())

    def _let_it_act(self) -> None:
        """The pause behind a person's key, after which the till knows that it was typed; the
        stamps say it was as long as a hand's, so nobody has to sit it out."""
        wait(ACT_MS)
        if isValid(self.running.window):
            self.running.window._filter.silence()

    def until(self, true: Callable[[], bool], what: str) -> None:
        """Wait for what a person waits for."""
        left = PATIENCE_MS
        while not true():
            assert left > 0, f"never came: {what}; {self.stands()}"
            wait(10)
            left -= 10

    def stands(self) -> str:
        """What is on the screen instead."""
        paying, shown = self.selling.paying, self.selling.shown
        return (
            f"page {self.running.window.page}, {self.counter.stage}, panel {paying.is_open} "
            f"{paying.view.mode} {paying.view.message}, {shown.message}, {shown.question}, "
            f"done {shown.done}, {len(self.counter.basket.lines)} lines, "
            f"focus {self.running.window.focusWidget()}"
        )

    def sees(self, total: str, lines: int, *, moment_ms: int = 1_500) -> None:
        """The basket on the screen, and a moment to look at it on the till's clock as well."""
        self.until(
            lambda: (
                (self.selling.shown.basket.total, len(self.selling.shown.basket.lines))
                == (total, lines)
            ),
            f"{lines} lines, {total}",
        )
        # Whoever looked needs a moment; an Enter right behind a scan is the scanner's own.
        wait(LOOK_MS)
        assert isinstance(self.running.door.clock, SettableClock)
        self.running.door.clock.advance(moment_ms)

    def done(self, change: str) -> None:
        """The change stands large on the screen."""
        self.until(
            lambda: (
                self.selling.shown.done is not None and self.selling.shown.done.change == change
            ),
            f"change {change}",
        )


def wait(milliseconds: int) -> None:
    """Let the window live; other threads too, which a waiting test library would not."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def demo_till(folder: Path, seed: str = "hands") -> tuple[Till, SettableClock]:
    """The sample shop in a folder, at two past two; opened again it wants another `seed`, or it
    begins with the ids it began with before."""
    clock = SettableClock(parse_time(NOON))
    ids = Ids(clock, seeded(seed))
    copy_sample(folder)
    opened = open_demo(folder, till="1", stock=True, clock=clock, ids=ids, reserve=False)
    return Till(opened, drafts_behind=True), clock


@contextmanager
def at_the_window(folder: Path) -> Iterator[Hands]:
    """The till's window at its door, in front."""
    till, clock = demo_till(folder)
    running = Application(till, clock, sounds=Sounds(lambda _path: True))
    running.window.resize(*DESIGN_SIZE)
    running.start()
    running.window.activateWindow()
    assert QTest.qWaitForWindowActive(running.window)
    hands = Hands(running)
    try:
        yield hands
    finally:
        running.window.close()


def begin_shift(hands: Hands) -> None:
    """Cashier 101 signs in and counts a float of 500.00, all by keys."""
    window = hands.running.window
    hands.until(lambda: bool(hands.running.door.sign_in._people), "the people at the door")
    hands.type("101")
    hands.press(Qt.Key.Key_Return)
    hands.type("246810")
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: window.page == "open_shift", "the float")
    wait(200)
    hands.type("500")
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: window.page == "till", "the till")
    hands.sees("0.00", 0)
    hands.keys = 0
