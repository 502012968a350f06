"""A version on trial: it stays once it has shown a shop's books, and gives way when it cannot.

The program here is the suite itself, told that it was unpacked beside another one.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app import schema
from app.database import FILE_NAME, Database
from app.errors import Trouble
from app.ids import Ids, seeded
from app.opening import open_folder
from tests.ui.test_door import CLOCK, data, door
from ui import updating
from ui.commands import main
from ui.door import Door, Start
from ui.first_start import opened_books
from ui.obstacle import Obstacle
from ui.updating import GOOD, NEW, TRIED, Current, keep_current, newer_starter, read_current

__all__ = ["data", "door"]

NAME = "0.2.0-abc1234"
RELEASED = Path(__file__).parents[1] / "released" / "0.1.0"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first program's folder; this process runs the version unpacked in it, just begun."""
    folder = tmp_path / "program"
    version = folder / "updates" / NAME
    version.mkdir(parents=True)
    for name in (updating.STARTER, updating.WINDOW):
        (version / name).touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(version / updating.WINDOW))
    keep_current(folder, Current(NAME, "", NEW))
    begun(folder)
    return folder


def begun(program: Path) -> None:
    """The first program was started, and became this one."""
    assert newer_starter(program, window=True) is not None
    assert read_current(program) == Current(NAME, "", TRIED)


def test_it_stays_once_the_shop_is_on_the_screen(
    program: Path, door: Door, data: Path, qtbot: QtBot
) -> None:
    start = Start(data, door)
    start.begin()
    assert read_current(program).state == TRIED
    qtbot.waitUntil(lambda: start.running is not None, timeout=20_000)
    assert read_current(program) == Current(NAME, "", GOOD)


def test_an_icon_pressed_twice_condemns_nothing(
    program: Path, door: Door, data: Path, qtbot: QtBot
) -> None:
    """The second start finds this one still loading; the books it lifts must not be left to the
    version before."""
    assert newer_starter(program, window=True) is None
    assert read_current(program) == Current("")
    start = Start(data, door)
    start.begin()
    qtbot.waitUntil(lambda: start.running is not None, timeout=20_000)
    assert read_current(program) == Current(NAME, "", GOOD)


def cannot_lift(patch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise Trouble("upgrade_failed", detail="rows lost in draft")

    patch.setattr("app.schema.bring_up_to_date", fail)


def has_a_bug(patch: pytest.MonkeyPatch) -> None:
    def stumble(*_given: object) -> None:
        raise ZeroDivisionError

    patch.setattr("ui.startup.Till.__init__", stumble)


@pytest.mark.parametrize("wrong", [cannot_lift, has_a_bug])
def test_books_it_cannot_open_go_back_to_the_version_before(
    program: Path,
    door: Door,
    data: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    wrong: Callable[[pytest.MonkeyPatch], None],
) -> None:
    """It is said, the switch is made before anybody presses a key, and Enter starts that one."""
    became: list[Path] = []
    monkeypatch.setattr(updating, "_become", lambda starter, stay: became.append(starter))
    wrong(monkeypatch)
    start = Start(data, door)
    start.begin()
    qtbot.waitUntil(lambda: door.window.page == "obstacle", timeout=20_000)
    assert read_current(program) == Current("", gave_way=NAME)
    assert updating.here(CLOCK, schema.HEAD).gave_way == NAME
    page = door.window.page_of("obstacle")
    assert isinstance(page, Obstacle)
    assert "已换回原来的版本" in page.words[0]
    assert page.button.text() == "用原来的版本"
    QTest.keyClick(door.window.windowHandle(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(became), timeout=20_000)
    assert became == [program / updating.WINDOW]
    assert not door.window.isVisible()


def test_one_that_opened_books_before_is_not_thrown_out_by_a_bug_of_today(
    program: Path, door: Door, data: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_current(program, Current(NAME, "", GOOD))
    has_a_bug(monkeypatch)
    start = Start(data, door)
    start.begin()
    qtbot.waitUntil(lambda: door.window.page == "obstacle", timeout=20_000)
    assert read_current(program) == Current(NAME, "", GOOD)


def test_what_is_wrong_with_the_folder_is_not_the_versions_fault(
    program: Path, door: Door, data: Path, qtbot: QtBot
) -> None:
    (data / "till.db").write_bytes(bytes(8192))
    start = Start(data, door)
    start.begin()
    qtbot.waitUntil(lambda: door.window.page == "obstacle", timeout=20_000)
    assert read_current(program) == Current(NAME, "", TRIED)


def test_asking_for_its_version_or_help_condemns_nothing(
    program: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.commands._run_the_newest", lambda: None)
    monkeypatch.setattr("multiprocessing.freeze_support", lambda: None)
    for words in (["--version"], ["--help"], ["no-such-word"]):
        with pytest.raises(SystemExit):
            main(words)
        assert read_current(program) == Current(NAME, "", NEW), words
        begun(program)
    assert main(["verify", "--data", str(program)]) == 1
    assert "folder_not_set_up" in capsys.readouterr().err
    assert read_current(program) == Current(NAME, "", NEW)


class Killed(BaseException):
    """The power goes."""


def test_a_version_stays_before_the_books_it_lifted_are_kept(program: Path, tmp_path: Path) -> None:
    """The other way round, a kill between the two leaves books the next start cannot open."""
    folder = tmp_path / "released"
    shutil.copytree(RELEASED, folder)

    def power_goes() -> None:
        opened_books()
        raise Killed

    with pytest.raises(Killed):
        open_folder(
            folder, clock=CLOCK, ids=Ids(CLOCK, seeded("lift")), reserve=False, lifted=power_goes
        )
    assert read_current(program) == Current(NAME, "", GOOD)
    database = Database(folder / FILE_NAME)
    assert schema.version_of(database.writer) < schema.HEAD
    database.close()
