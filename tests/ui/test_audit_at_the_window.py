"""审计 by keys: an auditor comes without a drawer, reads, verifies, draws and takes along."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import sleep

import pytest
from PySide6.QtCore import Qt

from app import checking
from app.journal.export import verify_export
from app.money import yuan
from tests.ui.hands import Hands, at_the_window, begin_shift, wait
from ui.audit_views import AuditView
from ui.screens.audit import AuditScreen

ENTER, ESC, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    """The auditor at a till where nobody has a shift open, looking at all entries."""
    with at_the_window(tmp_path / "shop") as person:
        come_in(person, "401", "112358")
        person.until(lambda: person.running.window.page == "rooms", "the rooms, without a drawer")
        into_audit(person)
        yield person


def come_in(hands: Hands, number: str, pin: str) -> None:
    hands.until(lambda: bool(hands.running.door.sign_in._people), "the door")
    for typed in (number, pin):
        hands.type(typed)
        hands.press(ENTER)


def into_audit(hands: Hands) -> None:
    hands.running.shell.acted("audit")
    hands.until(lambda: view(hands).entry is not None, "the newest entry, opened")
    wait(100)


def view(hands: Hands) -> AuditView:
    screen = hands.running.window.page_of("audit")
    assert isinstance(screen, AuditScreen)
    return screen._view


def answered(hands: Hands, *pairs: tuple[str, str]) -> None:
    for title, typed in pairs:
        hands.until(partial(asked, hands, title), title)
        wait(100)
        hands.type(typed)
        hands.press(ENTER)


def asked(hands: Hands, title: str) -> bool:
    return title in str(view(hands).question)


def told(hands: Hands, words: str) -> None:
    hands.until(lambda: words in str(view(hands).message), words)
    wait(100)


def marked(hands: Hands) -> tuple[str, ...]:
    found = view(hands).found
    return next(row.cells for row in found.rows if row.key == found.marked)


def test_entries_are_walked_turned_over_and_narrowed(hands: Hands) -> None:
    assert view(hands).found.rows
    assert marked(hands)[1] == "登录", "the auditor's own coming is the newest"
    hands.press(ENTER)
    hands.until(lambda: "{" in str(view(hands).entry), "the exact bytes")
    hands.press(ENTER)
    hands.until(lambda: "showing='words'" in str(view(hands).entry), "words again")
    hands.type("k")
    hands.until(lambda: view(hands).pick_word != "", "the kinds")
    kinds = [row.cells[0] for row in view(hands).found.rows]
    hands.press(*[DOWN] * kinds.index("人员资料"), ENTER)
    hands.until(lambda: {row.cells[1] for row in view(hands).found.rows} == {"人员资料"}, "people")
    hands.type("d")
    answered(hands, ("看哪一天", "2020-01-01"))
    hands.until(lambda: view(hands).found.state == "empty", "nothing that day")


def test_below_the_last_row_the_next_page_comes(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.presenters.audit.PAGE", 3)
    hands.press(ESC)
    into_audit(hands)
    hands.until(lambda: len(view(hands).found.rows) == 3, "a page")
    hands.press(DOWN, DOWN, DOWN)
    hands.until(lambda: len(view(hands).found.rows) == 6, "and the next")
    assert len({row.key for row in view(hands).found.rows}) == 6


def test_everything_is_verified_and_a_touched_row_is_found(hands: Hands) -> None:
    hands.type("v")
    told(hands, "条都对")
    hands.running.till.books.database.writer.exec_driver_sql(
        "UPDATE entry SET sig = zeroblob(64) WHERE seq = 3"
    )
    hands.type("v")
    told(hands, "有 1 处不对")
    assert marked(hands) == ("签名不对", "3")
    hands.until(lambda: "签名不对" in str(view(hands).entry), "and the entry says so")
    hands.press(ESC, ESC)
    hands.until(lambda: len(view(hands).found.rows) > 1, "back to all entries")


def test_esc_stops_a_check_that_takes_long(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_path: object, say: checking.Say, **_asked: object) -> None:
        while say(checking.Progress("signatures", 1, 2)):
            sleep(0.001)
        raise checking.Refusal("check_stopped")

    monkeypatch.setattr("ui.presenters.audit.check_file", endless)
    hands.type("v")
    hands.until(lambda: "签名 1 / 2" in view(hands).busy_word, "it counts")
    hands.press(ESC)
    told(hands, "停在半路")


def test_a_sample_and_an_export_are_files_and_a_receipt_is_held_against_its_letters(
    qapp: object, tmp_path: Path
) -> None:
    with at_the_window(tmp_path / "shop") as hands:
        begin_shift(hands)
        hands.scan("11014")
        hands.sees("38.00", 1)
        hands.press(Qt.Key.Key_Space)
        hands.until(lambda: hands.selling.paying.is_open, "收款")
        hands.press(ENTER)
        hands.done("0.00")
        receipt = hands.running.till.counter.receipts.document()
        hands.running.shell.lock()
        wait(500)
        come_in(hands, "301", "864209")
        hands.until(lambda: hands.running.window.page == "till", "the manager is in")
        into_audit(hands)
        for letters, words in (("AAAAAA", "不对"), (receipt.hash6, "与流水账一致")):
            hands.type("r")
            answered(hands, ("小票号", receipt.number), ("六个字母", letters))
            told(hands, words)
            if "不对" in words:
                hands.press(ESC)
        hands.type("s")
        answered(hands, ("种子", "2026"))
        told(hands, "抽样单已存好")
        assert marked(hands)[:3] == (receipt.number, receipt.hash6, yuan(3800))
        hands.press(ESC)
        hands.type("x")
        told(hands, "里面有验证程序")
        made = {path.suffix: path for path in (tmp_path / "shop" / "reports").iterdir()}
        assert made[".pdf"].read_bytes().startswith(b"%PDF")
        assert verify_export(made[""]).ok


def test_a_cashier_sees_nothing(qapp: object, tmp_path: Path) -> None:
    with at_the_window(tmp_path / "shop") as hands:
        begin_shift(hands)
        hands.running.shell.acted("audit")
        hands.until(lambda: hands.running.window.page == "audit", "the room")
        told(hands, "approval_needed")
        hands.press(ESC)
        hands.type("k")
        assert view(hands).found.rows == () and view(hands).entry is None


def test_an_auditors_rooms_sell_nothing(hands: Hands) -> None:
    hands.press(ESC)
    hands.until(lambda: hands.running.window.page == "rooms", "the rooms")
    names = {each.name for each in hands.running.window.page_of("rooms")._rooms}
    assert "audit" in names and not names & {"refund", "close_shift", "receiving"}
    hands.scan("11014")
    assert hands.running.window.page == "rooms"
    hands.press(ESC)
    hands.until(lambda: hands.running.window.page == "sign_in", "the door")
