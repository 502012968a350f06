"""The door stands before the shop is loaded: what is typed and scanned there is kept."""

import errno
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.clock import SettableClock, parse_time
from app.database import Database
from app.errors import Trouble
from app.ids import Ids, seeded
from app.journal.secrets import KEY_FILE
from app.opening import NewTill, open_folder
from app.staff.actions import set_person
from app.transaction import transaction
from ui.door import LOOK, Door, Start, keep_look, prepare_qt, read_look, run_window
from ui.obstacle import Obstacle
from ui.startup import open_demo
from ui.theme import DARK, Colours, Theme

CLOCK = SettableClock(parse_time("2026-12-07T14:02:00+08:00"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A demo folder nobody holds."""
    ids = Ids(CLOCK, seeded("door"))
    open_demo(tmp_path / "d", till="1", stock=True, clock=CLOCK, ids=ids, reserve=False).close()
    return tmp_path / "d"


@pytest.fixture
def door(qtbot: QtBot) -> Iterator[Door]:
    made = Door(Theme(), CLOCK, dict(LOOK))
    made.window.show()
    made.window.activateWindow()
    assert QTest.qWaitForWindowActive(made.window)
    yield made
    if isValid(made.window):
        made.window.close()


def test_a_person_who_types_before_the_shop_is_there_is_signed_in_when_it_is(
    door: Door, data: Path, qtbot: QtBot
) -> None:
    door.sign_in.number.setText("101")
    door.sign_in.pin.setText("246810")
    QTest.keyClick(door.window.windowHandle(), Qt.Key.Key_Return)
    assert door.early == ("101", "246810")
    door.kept_scans.append("11014")
    start = Start(data, door)
    start.begin()
    qtbot.waitUntil(lambda: door.window.page == "open_shift", timeout=20_000)
    assert start.running is not None
    assert start.running.till.counter.desk.person == "101"
    assert start.running.shell.entrance.kept_scans == ["11014"]
    assert read_look(data)["shop"] == "开平优品 展示馆旗舰店"


def test_half_a_number_stays_in_the_field(door: Door, data: Path, qtbot: QtBot) -> None:
    door.sign_in.number.setText("20")
    start = Start(data, door)
    start.begin()
    qtbot.waitUntil(lambda: door.window.has_page("till"), timeout=20_000)
    qtbot.waitUntil(lambda: bool(door.sign_in._people), timeout=20_000)
    assert door.sign_in.number.text() == "20"


def test_a_folder_somebody_holds_is_said_and_can_be_tried_again(
    door: Door, data: Path, qtbot: QtBot
) -> None:
    ids = Ids(CLOCK, seeded("other"))
    other = open_folder(data, clock=CLOCK, ids=ids, reserve=False)
    start = Start(data, door)
    start.begin()
    qtbot.waitUntil(lambda: door.window.page == "obstacle", timeout=20_000)
    other.close()
    QTest.keyClick(door.window.windowHandle(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: start.running is not None, timeout=20_000)
    assert door.window.page == "sign_in"


def test_a_locked_folder_asks_for_its_passphrase_until_it_is_right(
    door: Door, tmp_path: Path, qtbot: QtBot
) -> None:
    ids = Ids(CLOCK, seeded("locked"))
    new = NewTill(shop="KP09", till="1", keystore="passphrase")
    passphrase = "侨乡碉楼 1912"
    opened = open_folder(
        tmp_path / "p", clock=CLOCK, ids=ids, new=new, passphrase=passphrase, reserve=False
    )
    with transaction(opened.books) as tx:
        set_person(tx, number="301", name="王五", role="manager", pin="864209")
    opened.close()
    start = Start(tmp_path / "p", door)
    start.begin()
    for typed in ("wrong words here", passphrase):
        qtbot.waitUntil(lambda: door.window.page == "obstacle", timeout=20_000)
        page = door.window.page_of("obstacle")
        assert isinstance(page, Obstacle)
        assert page.passphrase.isVisible()
        page.passphrase.setText(typed)
        QTest.keyClick(door.window.windowHandle(), Qt.Key.Key_Return)
        assert page.passphrase.text() == ""
    qtbot.waitUntil(lambda: start.running is not None, timeout=20_000)


def on_a_network_disk(_data: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("app.folder.disk_kind", lambda *_given: "nfs4")


def damaged(data: Path, _patch: pytest.MonkeyPatch) -> None:
    content = bytearray((data / "till.db").read_bytes())
    content[:4096] = bytes(4096)
    (data / "till.db").write_bytes(content)


def key_lost(data: Path, _patch: pytest.MonkeyPatch) -> None:
    (data / KEY_FILE).unlink()


def full_disk(_data: Path, patch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> None:
        raise Trouble("disk_full")

    patch.setattr("app.folder.keep_reserve", refuse)


def somebody_elses(data: Path, _patch: pytest.MonkeyPatch) -> None:
    (data / "till.db").unlink()
    other = Database(data / "till.db")
    other.writer.exec_driver_sql("CREATE TABLE bookmarks (url)")
    other.writer.exec_driver_sql("PRAGMA application_id=7")
    other.close()


def read_only(_data: Path, patch: pytest.MonkeyPatch) -> None:
    # The person who runs this may be root, whom no permission stops.
    def refuse(*_given: object) -> None:
        raise OSError(errno.EROFS, "read-only file system")

    patch.setattr(Path, "write_bytes", refuse)


def from_a_newer_program(data: Path, _patch: pytest.MonkeyPatch) -> None:
    database = Database(data / "till.db")
    database.writer.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()


def a_bug(_data: Path, patch: pytest.MonkeyPatch) -> None:
    def stumble(*_given: object) -> None:
        raise ZeroDivisionError

    patch.setattr("ui.startup.Till.__init__", stumble)


BAD_STARTS = {
    "folder_on_network": on_a_network_disk,
    "folder_read_only": read_only,
    "database_damaged": damaged,
    "not_a_till_database": somebody_elses,
    "schema_newer": from_a_newer_program,
    "keystore_key_lost": key_lost,
    "disk_full": full_disk,
    "start_failed": a_bug,
}
PASSING = ("folder_on_network", "folder_read_only", "disk_full", "start_failed")
"""What can be mended while the window stands there."""


@pytest.mark.parametrize("code", BAD_STARTS)
def test_whatever_keeps_a_till_from_opening_is_said_in_the_window(
    door: Door, data: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """A sentence, its code, try again and a way out; never a traceback, nothing changed."""
    with monkeypatch.context() as patch:
        BAD_STARTS[code](data, patch)
        before = {path.name for path in data.iterdir()}
        start = Start(data, door)
        start.begin()
        qtbot.waitUntil(lambda: door.window.page == "obstacle", timeout=20_000)
        page = door.window.page_of("obstacle")
        assert isinstance(page, Obstacle)
        said = page.words
        assert code in said and any("\u4e00" <= one <= "\u9fff" for one in said[0])
        assert not page.passphrase.isVisible()
        assert {path.name for path in data.iterdir()} >= before
    if code in PASSING:
        QTest.keyClick(door.window.windowHandle(), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: start.running is not None, timeout=20_000)
        return
    QTest.keyClick(door.window.windowHandle(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not door.window.isVisible(), timeout=20_000)
    assert start.running is None


def test_a_keystore_that_is_away_for_the_moment_is_asked_to_be_unlocked(
    door: Door, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[tuple[str, str], str] = {}
    with monkeypatch.context() as patch:
        patch.setattr("keyring.get_password", lambda *name: kept.get(name))
        patch.setattr("keyring.set_password", lambda *given: kept.update({given[:2]: given[2]}))
        new = NewTill(shop="KP09", till="1")
        ids = Ids(CLOCK, seeded("keyring"))
        open_folder(tmp_path / "k", clock=CLOCK, ids=ids, new=new, reserve=False).close()
    # The suite's own keystore is none at all.
    start = Start(tmp_path / "k", door)
    start.begin()
    qtbot.waitUntil(lambda: door.window.page == "obstacle", timeout=20_000)
    page = door.window.page_of("obstacle")
    assert isinstance(page, Obstacle)
    assert "解锁钥匙串" in page.words[0] and page.words[1] == "keystore_missing"


@pytest.mark.parametrize(
    ("code", "words"), [("no_han_font", "no Chinese font"), ("qt_bad", "Python")]
)
def test_what_is_wrong_before_our_fonts_stand_is_said_in_a_plain_box(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, words: str
) -> None:
    def bad(*_given: object) -> Theme:
        raise Trouble(code)

    said: list[str] = []

    def look() -> None:
        for box in QApplication.topLevelWidgets():
            if isinstance(box, QMessageBox) and box.isVisible():
                said.append(box.text())
                box.close()

    monkeypatch.setattr("ui.door.prepare_qt", bad)
    QTimer.singleShot(200, look)
    with pytest.raises(Trouble, match=code):
        run_window(tmp_path, list)
    assert code in said[0] and words in said[0]


def test_a_shop_that_chose_dark_colours_has_them_from_its_very_next_start(
    door: Door, data: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = Start(data, door)
    start.begin()
    qtbot.waitUntil(lambda: start.running is not None, timeout=20_000)
    assert start.running is not None
    start.running.till.counter.desk.sign_in("301", "864209")
    import_module("ui.joined_settings").join(start.running)
    settings = door.window.page_of("settings")
    settings.changed.emit("colours", "dark")
    qtbot.waitUntil(lambda: read_look(data)["colours"] == "dark", timeout=20_000)
    settings.changed.emit("language", "en")
    qtbot.waitUntil(lambda: read_look(data)["language"] == "en", timeout=20_000)
    painted: list[Colours] = []

    def seen(*given: str) -> Theme:
        painted.append(prepare_qt(["pos"], *given[1:]).colours)
        raise Trouble("qt_bad")

    monkeypatch.setattr("ui.door.prepare_qt", seen)
    monkeypatch.setattr("ui.obstacle.tell_plainly", lambda error: None)
    with pytest.raises(Trouble, match="qt_bad"):
        run_window(data, list)
    prepare_qt(["pos"])
    assert painted == [DARK]


def test_what_head_office_set_meanwhile_shows_at_the_next_start_too(
    door: Door, data: Path, qtbot: QtBot
) -> None:
    start = Start(data, door)
    start.begin()
    qtbot.waitUntil(lambda: start.running is not None, timeout=20_000)
    assert start.running is not None
    desk = start.running.till.counter.desk
    desk.sign_in("301", "864209")
    desk.change_settings({"large_type": "150"})
    assert read_look(data)["large_type"] == "auto"
    door.window.close()
    assert read_look(data)["large_type"] == "150"


def test_a_broken_look_is_no_reason_not_to_open(tmp_path: Path) -> None:
    for text in ("", "[]", "{", '{"language": ["en"]}', "\x00"):
        (tmp_path / "look.json").write_text(text, encoding="utf-8")
        assert set(read_look(tmp_path)) == set(LOOK)
    assert read_look(tmp_path / "nowhere") == LOOK
    look = LOOK | {"shop": "塘口店", "language": "en"}
    keep_look(tmp_path, look)
    assert read_look(tmp_path) == look
    assert json.loads((tmp_path / "look.json").read_text("utf-8")) == look
    keep_look(tmp_path / "nowhere", look)
