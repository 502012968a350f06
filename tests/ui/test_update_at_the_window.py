"""设备 · 程序: the version is shown, and an update comes from a stick, warned of what is unsent."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel

from app import __version__
from sync.hub import office
from sync.hub.rights import AT_THE_MACHINE
from sync.hub.updates import give, take_in
from tests.support.hubs import RunningHub
from tests.ui.hands import Hands, at_the_window, begin_shift
from tests.ui.test_closing_at_the_window import answered, at, counted, opened
from tests.ui_plain.test_updating import KEYS, a_program, made
from ui import updating
from ui.updating import NEW, Current, read_current

AT_ONCE = "从 U 盘更新"


def test_an_update_from_a_stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick, unsent = tmp_path / "stick", [7]
    stick.mkdir()
    program = a_program(tmp_path / "installed", __version__)
    monkeypatch.setattr(updating, "program_folder", lambda: program)
    monkeypatch.setattr(updating, "release_keys", lambda: KEYS)
    monkeypatch.setattr(updating, "this_machine", lambda: "linux-x86_64")
    monkeypatch.setattr("ui.presenters.program.other_disks", lambda _folder: [stick])
    monkeypatch.setattr("ui.presenters.program.unsent_entries", lambda _db: unsent[0])
    with at_the_window(tmp_path / "shop") as hands:
        begin_shift(hands)
        hands.running.shell.acted("devices")
        hands.until(lambda: hands.running.window.page == "devices", "the devices")
        hands.until(lambda: __version__ in words(hands), "the card of the program")
        press(hands, "没有更新文件")
        made(tmp_path, "0.0.9").rename(stick / "old.kpupdate")
        press(hands, "7 条没有传给总部")
        press(hands, "不比正在用的")
        made(tmp_path).rename(stick / "new.kpupdate")
        assert read_current(program) == Current("")
        press(hands, "下次打开就是新版本")
        assert read_current(program) == Current("0.2.0-abc1234", "", NEW)
        hands.until(lambda: "下次打开是 0.2.0" in words(hands), "the card again")


def test_what_came_from_head_office_is_offered_once_the_day_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = a_program(tmp_path / "installed", __version__)
    monkeypatch.setattr(updating, "program_folder", lambda: program)
    monkeypatch.setattr(updating, "this_machine", lambda: "linux-x86_64")
    for place in ("app.update_file", "ui.updating", "sync.hub.updates"):
        monkeypatch.setattr(f"{place}.release_keys", lambda: KEYS)
    monkeypatch.setattr("ui.presenters.program.unsent_entries", lambda _db: 0)
    hub = RunningHub(tmp_path / "hub", "", demo=True)
    with at_the_window(tmp_path / "shop") as hands:
        begin_shift(hands)
        side = hands.running.till.hub
        code = office.enrol_code(hub.hub, shop="KP01", till="1")
        digits = side.enrol(hub.address, code)
        device = hands.running.till.books.journal.device
        office.approve_device(hub.hub, device=device, fingerprint_shown=digits)
        name, _list = take_in(hub.hub, AT_THE_MACHINE, made(tmp_path))
        give(hub.hub, AT_THE_MACHINE, name, ())

        def came() -> bool:
            side.push_now(0)
            return side.update_ready == "0.2.0"

        hands.until(came, "the update")
        opened(hands)
        counted(hands, "500")
        hands.press(Qt.Key.Key_Return)
        at(hands, "done")
        hands.type("z")
        answered(hands, "201", "135791")
        at(hands, "done", "已日结")
        assert "更新已备好" in words(hands)
        assert "装上 0.2.0" in words(hands)
        assert read_current(program) == Current("")
        hands.type("u")
        hands.until(lambda: "下次打开就是新版本" in words(hands), "installed")
        assert read_current(program) == Current("0.2.0-abc1234", "", NEW)
        assert side.update_ready == ""
    hub.close()


def words(hands: Hands) -> str:
    """Everything the page says."""
    page = hands.running.window
    labels = [each.text() for each in page.findChildren(QLabel) if each.isVisible()]
    return " ".join(labels + [b.text() for b in page.findChildren(QAbstractButton)])


def press(hands: Hands, told: str) -> None:
    """The button, and what the page says then."""
    hands.tap(AT_ONCE)
    hands.until(lambda: told in words(hands), told)
