"""A person at the real window: keys one by one through the window system's door, and counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest

from app.clock import SettableClock, parse_time
from app.ids import Ids, seeded
from ui.application import Application
from ui.sounds import Sounds
from ui.startup import Till, open_demo

HAND_MS = 80
"""Between two keys of a person; a scanner is faster than half of it."""
LOOK_MS = 150
PATIENCE_MS = 20_000
NOON = "2026-12-07T14:02:00+08:00"


class Hands:
    """Presses keys at one window and counts them. Scans are no keys."""

    def __init__(self, running: Application) -> None:
        self.running = running
        self.counter = running.till.counter
        self.selling = running.shell.selling
        self.keys = 0

    def press(self, *keys: Qt.Key, shift: bool = False, control: bool = False) -> None:
        """Named keys, one after the other."""
        modifier = Qt.KeyboardModifier.NoModifier
        if shift:
            modifier |= Qt.KeyboardModifier.ShiftModifier
        if control:
            modifier |= Qt.KeyboardModifier.ControlModifier
        for key in keys:
            self.keys += 1
            QTest.keyClick(self.running.window.windowHandle(), key, modifier)
            wait(HAND_MS)

    def type(self, text: str) -> None:
        """Characters as fast as a person types."""
        for character in text:
            self.keys += 1
            QTest.keyClick(self.running.window.windowHandle(), character)
            wait(HAND_MS)

    def scan(self, code: str) -> None:
        """A scanner: all characters at once and an Enter behind them."""
        for character in code:
            QTest.keyClick(self.running.window.windowHandle(), character)
        QTest.keyClick(self.running.window.windowHandle(), Qt.Key.Key_Return)

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


def demo_till(folder: Path) -> tuple[Till, SettableClock]:
    """The sample shop in a folder, at two past two."""
    clock = SettableClock(parse_time(NOON))
    ids = Ids(clock, seeded("hands"))
    opened = open_demo(folder, till="1", stock=True, clock=clock, ids=ids, reserve=False)
    return Till(opened, drafts_behind=True), clock


@contextmanager
def at_the_window(folder: Path) -> Iterator[Hands]:
    """The till's window at its door, in front."""
    till, clock = demo_till(folder)
    running = Application(till, clock, sounds=Sounds(lambda _path: True))
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
