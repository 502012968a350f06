"""F5 at the real window: a member is found or enrolled by keys alone, and pays no extra look."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clock import SettableClock, parse_time
from app.ids import Ids, seeded
from ui.application import Application
from ui.sounds import Sounds
from ui.startup import Till, open_demo

PHONE = "13800005678"


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path) -> Iterator[Application]:
    """The till's window with a basket on the counter."""
    clock = SettableClock(parse_time("2026-12-07T14:02:00+08:00"))
    opened = open_demo(
        tmp_path / "demo",
        till="1",
        stock=True,
        clock=clock,
        ids=Ids(clock, seeded("members")),
        reserve=False,
    )
    till = Till(opened)
    till.counter.desk.sign_in("101", "246810")
    till.counter.desk.open_shift(50_000)
    till.counter.scan("12003")
    application = Application(till, clock, sounds=Sounds(lambda _path: True))
    application.start()
    application.window.activateWindow()
    assert QTest.qWaitForWindowActive(application.window)
    application.shell.sell()
    qtbot.waitUntil(lambda: bool(application.shell.selling.shown.basket.lines))
    yield application
    application.window.close()


def press(running: Application, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(running.window.windowHandle(), key)
        QApplication.processEvents()


def typed(running: Application, text: str) -> None:
    field = running.window.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)


def asked(running: Application, qtbot: QtBot, words: str) -> None:
    def stands() -> bool:
        question = running.shell.selling.shown.question
        return question is not None and words in question.title

    qtbot.waitUntil(stands, timeout=20_000)


def test_a_new_member_joins_by_keys_alone_and_the_basket_is_theirs(
    running: Application, qtbot: QtBot
) -> None:
    selling = running.shell.selling
    press(running, Qt.Key.Key_F5)
    asked(running, qtbot, "手机号")
    typed(running, PHONE)
    press(running, Qt.Key.Key_Return)
    asked(running, qtbot, "入会")
    press(running, Qt.Key.Key_Return)
    asked(running, qtbot, "称呼")
    typed(running, "Liang")
    press(running, Qt.Key.Key_Return)
    asked(running, qtbot, "同意")
    assert not selling.counter.basket.member
    press(running, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: selling.shown.basket.member == "会员 L**", timeout=20_000)
    assert selling.shown.message is not None
    assert "138****5678" in selling.shown.message.text
    assert PHONE not in selling.shown.message.text
    press(running, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: selling.shown.basket.member == "", timeout=20_000)


def test_somebody_unknown_is_said_to_be_and_the_basket_stays(
    running: Application, qtbot: QtBot
) -> None:
    selling = running.shell.selling
    press(running, Qt.Key.Key_F5)
    asked(running, qtbot, "手机号")
    typed(running, "0000")
    press(running, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: selling.shown.message is not None, timeout=20_000)
    assert selling.shown.message is not None
    assert selling.shown.message.code == "unknown_member"
    assert len(selling.shown.basket.lines) == 1
