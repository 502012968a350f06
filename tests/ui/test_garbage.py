"""What is left of a window is let go where windows live, and is let go of."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.garbage import WindowGarbage, rest


class Loop:
    """Holds itself, and tells on which thread it went."""

    gone: list[str]

    def __init__(self, gone: list[str]) -> None:
        self.gone, self.me = gone, self

    def __del__(self) -> None:
        self.gone.append(threading.current_thread().name)


@pytest.fixture
def keeper(qtbot: QtBot) -> Iterator[WindowGarbage]:
    gc.enable()
    owner = QObject()
    yield WindowGarbage(owner)
    owner.deleteLater()


def litter(gone: list[str]) -> None:
    Loop(gone)
    # More than any threshold: Python by itself would collect here, on this thread.
    kept = [[number] for number in range(gc.get_threshold()[0] * 3)]
    assert kept


def test_a_worker_never_collects_and_the_window_does(keeper: WindowGarbage, qtbot: QtBot) -> None:
    gone: list[str] = []
    worker = threading.Thread(target=litter, args=(gone,), name="worker")
    worker.start()
    worker.join()
    assert gone == []
    for _ in range(3):
        keep = [[number] for number in range(gc.get_threshold()[0] * 2)]
        keeper.look()
        del keep
    assert gone == ["MainThread"]


def test_little_is_left_lying(keeper: WindowGarbage) -> None:
    gc.collect()
    assert keeper.look() == 0


def test_everything_is_looked_through_when_nobody_waits(
    keeper: WindowGarbage, qtbot: QtBot
) -> None:
    gone: list[str] = []
    Loop(gone)
    gc.collect(0)
    Loop(gone)
    rest()
    qtbot.waitUntil(lambda: gone == ["MainThread", "MainThread"])
