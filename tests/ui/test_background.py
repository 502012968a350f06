"""Work off the window: in order, urgent first, told on the window's thread, never to the dead."""

import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.background import Background, Priority


@pytest.fixture
def background(qtbot: QtBot) -> Background:
    return Background()


def test_results_arrive_on_the_windows_thread(qtbot: QtBot, background: Background) -> None:
    told: list[tuple[int, bool]] = []
    here = threading.get_ident()
    background.run(
        threading.get_ident, lambda where: told.append((where, threading.get_ident() == here))
    )
    qtbot.waitUntil(lambda: bool(told))
    assert told[0][0] != here
    assert told[0][1]
    assert background.close()


def test_urgent_work_goes_first_and_the_rest_keeps_its_order(
    qtbot: QtBot, background: Background
) -> None:
    gate, order = threading.Event(), []
    done: list[str] = []
    background.run(gate.wait, lambda _: None)
    for name, priority in (("a", Priority.IDLE), ("b", Priority.ASKED), ("c", Priority.ASKED),
                           ("pay", Priority.CHECKOUT)):  # fmt: skip
        background.run(lambda name=name: order.append(name), lambda _: done.append("x"),
                       priority=priority)  # fmt: skip
    gate.set()
    qtbot.waitUntil(lambda: len(done) == 4)
    assert order == ["pay", "b", "c", "a"]
    assert background.close()


def test_a_failure_is_told_and_the_worker_lives_on(qtbot: QtBot, background: Background) -> None:
    told: list[object] = []
    background.run(lambda: 1 // 0, told.append, told.append)
    background.run(lambda: "next", told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert isinstance(told[0], ZeroDivisionError)
    assert told[1] == "next"
    assert background.close()


def test_a_failure_nobody_waits_for_is_loud(qtbot: QtBot, background: Background) -> None:
    with qtbot.captureExceptions() as caught:
        background.run(lambda: 1 // 0)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError
    assert background.close()


def test_a_widget_that_died_meanwhile_is_not_told(qtbot: QtBot, background: Background) -> None:
    gate, told = threading.Event(), []
    owner = QObject()
    background.run(gate.wait, lambda _: told.append("dead"), owner=owner)
    background.run(lambda: None, lambda _: told.append("alive"))
    from shiboken6 import delete

    delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["alive"]
    assert background.close()


def test_closing_finishes_a_payment_and_drops_what_nobody_waits_for(
    qtbot: QtBot, background: Background
) -> None:
    gate, ran = threading.Event(), []
    background.run(gate.wait)
    background.run(lambda: ran.append("idle"), priority=Priority.IDLE)
    background.run(lambda: ran.append("pay"), priority=Priority.CHECKOUT)
    threading.Timer(0.05, gate.set).start()
    assert background.close()
    assert ran == ["pay"]
    background.run(lambda: ran.append("late"))
    assert background.waiting() == 0
