"""Copies under the shop's own key: nobody reads the stick, the paper with the code opens it."""

import os
from pathlib import Path

import pytest

from app.errors import Refusal, Trouble
from app.journal.backup import FULL_SEALED_NAME
from app.journal.copied import read_copies
from app.opening import OpenFolder, restore_folder
from app.staff.recovery import fresh_code, keep_recovery_code, unlock_with_recovery_code
from app.transaction import transaction
from app.verification import verify_books
from tests.support.entries import tables_of
from tests.support.facts import a_shop_day, setting, sold
from tests.support.tight_disk import files_no_longer_than
from tests.support.tills import TillInFolder


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def printed_code(till: TillInFolder) -> str:
    """The code on the sheet, confirmed by its last group."""
    code = fresh_code(till.ids)
    with transaction(till.books) as tx:
        keep_recovery_code(tx, code)
    return code


def restored(till: TillInFolder, copies: Path, folder: Path, code: str = "") -> OpenFolder:
    till.clock.advance(60_000)
    return restore_folder(
        folder, copies, clock=till.clock, ids=till.ids, keystore="file", code=code, reserve=False
    )


def test_nobody_reads_the_stick_and_the_code_makes_the_shop_anew(
    till: TillInFolder, stick: Path, tmp_path: Path
) -> None:
    code = printed_code(till)
    till.record(*a_shop_day())
    till.folder.copy_entries(stick)
    till.folder.copy_all(stick)
    for path in stick.iterdir():
        held = path.read_bytes()
        assert b"receipt" not in held and b"KP01" not in held and b"SQLite" not in held, path
    with till.books.read() as db:
        before = tables_of(db)
    till.close()
    with pytest.raises(Refusal, match="copies_sealed"):
        restored(till, stick, tmp_path / "new")
    with pytest.raises(Refusal, match="recovery_wrong"):
        restored(till, stick, tmp_path / "new", "2345-6789-ABCD-EFGH-JKMN")
    assert not (tmp_path / "new").exists()
    new = restored(till, stick, tmp_path / "new", code.lower().replace("-", " "))
    with new.books.read() as db:
        after = tables_of(db)
    for table in (before, after):
        table.pop("journal_opened")
    assert after == before
    assert (new.books.journal.series, verify_books(new.books).ok) == ("B", True)
    # The same paper lets people in again, and the next copies are sealed by it as well.
    new.copy_entries(stick)
    assert len(read_copies(stick, code=code.replace("-", ""))[0]) == len(a_shop_day()) + 2
    with pytest.raises(Refusal, match="staff_number_bad"):  # not recovery_wrong: nobody is 301 yet
        unlock_with_recovery_code(new.books, "301", code, "730195")
    new.close()


def test_each_close_adds_only_what_is_new(till: TillInFolder, stick: Path) -> None:
    printed_code(till)
    till.record(*a_shop_day())
    assert till.folder.copy_entries(stick).entries == len(a_shop_day()) + 1
    (path,) = stick.glob("*.sealed")
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    assert till.folder.copy_entries(stick).entries == 1
    till.record(sold(sequence=4))
    assert till.folder.copy_entries(stick).entries == 1
    # The torn line was written once more, under a nonce of its own.
    assert path.read_bytes()[:-2000].startswith(whole[:1000])


def test_plain_copies_of_before_are_read_until_the_sealed_ones_are_whole(
    till: TillInFolder, stick: Path, tmp_path: Path
) -> None:
    till.record(*a_shop_day())
    till.folder.copy_entries(stick)
    till.folder.copy_all(stick)
    (plain,) = stick.glob("*.jsonl")
    old = plain.read_bytes()
    code = printed_code(till)
    till.record(sold(sequence=4))
    till.folder.copy_entries(stick)
    till.folder.copy_all(stick)
    assert not list(stick.glob("*.jsonl")) and not list(stick.glob("*.db"))
    # Killed between the sealed copy and taking the plain one away: both lie there, nothing doubles.
    plain.write_bytes(old)
    entries, problems = read_copies(stick, code="".join(code.split("-")))
    assert (len(entries), problems) == (len(a_shop_day()) + 2, [])
    till.folder.copy_entries(stick)
    assert not plain.exists()


def test_a_new_code_locks_the_old_paper_out(till: TillInFolder, stick: Path) -> None:
    first = printed_code(till)
    till.record(setting())
    till.folder.copy_entries(stick)
    second = printed_code(till)
    till.folder.copy_entries(stick)
    assert len(list(stick.glob("lock-*.json"))) == len(list(stick.glob("*.sealed"))) == 1
    assert len(read_copies(stick, code=second.replace("-", ""))[0]) == 2
    with pytest.raises(Refusal, match="recovery_wrong"):
        read_copies(stick, code=first.replace("-", ""))


def test_lines_changed_swapped_or_put_elsewhere_are_found(
    till: TillInFolder, stick: Path, tmp_path: Path
) -> None:
    code = printed_code(till).replace("-", "")
    till.record(*a_shop_day())
    till.folder.copy_entries(stick)
    (path,) = stick.glob("*.sealed")
    lines = path.read_bytes().splitlines(keepends=True)
    changed = lines[5].replace(b'"seq":6', b'"seq":7')
    for wrong in ([*lines[:5], changed, *lines[6:]], [*lines[:3], lines[3][:-9] + b'AAAA"}\n']):
        path.write_bytes(b"".join(wrong))
        assert read_copies(stick, code=code)[1], wrong
        with pytest.raises(Trouble, match="copy_damaged"):
            restored(till, stick, tmp_path / "new", code)
    with pytest.raises(Trouble, match="copy_damaged"):
        till.folder.copy_entries(stick)


def test_a_broken_line_is_mended_from_the_weekly_copy(
    till: TillInFolder, stick: Path, tmp_path: Path
) -> None:
    code = printed_code(till)
    till.record(*a_shop_day())
    till.folder.copy_all(stick)
    till.record(sold(sequence=4))
    till.folder.copy_entries(stick)
    till.close()
    (path,) = (each for each in stick.glob("*.sealed") if each.name != FULL_SEALED_NAME)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:4], b"gnawed by mice\n", *lines[5:]]))
    new = restored(till, stick, tmp_path / "new", code)
    report = verify_books(new.books)
    assert (report.ok, report.entries) == (True, len(a_shop_day()) + 3)
    new.close()


def test_the_weekly_copy_alone_makes_a_shop(
    till: TillInFolder, stick: Path, tmp_path: Path
) -> None:
    code = printed_code(till)
    till.record(*a_shop_day())
    till.folder.copy_all(stick)
    till.close()
    with pytest.raises(Refusal, match="copies_sealed"):
        restored(till, stick / FULL_SEALED_NAME, tmp_path / "new")
    new = restored(till, stick / FULL_SEALED_NAME, tmp_path / "new", code)
    assert verify_books(new.books).entries == len(a_shop_day()) + 2
    new.close()
    assert not list(stick.glob("*.opened"))


@pytest.mark.parametrize("place", [0.02, 0.5, 0.98])
def test_a_weekly_copy_cut_or_changed_anywhere_is_not_believed(
    till: TillInFolder, stick: Path, tmp_path: Path, place: float
) -> None:
    code = printed_code(till)
    till.record(*a_shop_day())
    till.folder.copy_entries(stick)
    sealed = till.folder.copy_all(stick)
    whole = sealed.read_bytes()
    at = int(len(whole) * place)
    for wrong in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], whole + b"x"):
        sealed.write_bytes(wrong)
        with pytest.raises((Trouble, Refusal), match=r"copy_damaged|copies_sealed"):
            restored(till, sealed, tmp_path / "new", code)


def copied(till: TillInFolder, stick: Path) -> str:
    """What stopped a close's copies, "" when nothing did."""
    try:
        till.folder.copy_entries(stick)
        till.folder.copy_all(stick)
    except Trouble as trouble:
        return trouble.code
    return ""


def test_a_stick_pulled_out_or_full_in_mid_write_costs_nothing(
    till: TillInFolder, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk goes away at every sync of a close's copies and of the weekly one in turn."""
    code = printed_code(till)
    till.record(*a_shop_day())
    sync, calls = os.fsync, 0

    def gone(handle: int, at: int) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            raise OSError(5, "the stick is gone")
        sync(handle)

    for at in range(1, 20):
        calls, fresh = 0, stick / str(at)
        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", lambda handle, at=at: gone(handle, at))
            codes = copied(till, fresh)
        till.folder.copy_entries(fresh)
        entries, problems = read_copies(fresh, code=code.replace("-", ""))
        assert (len(entries), problems) == (len(a_shop_day()) + 1, [])
        assert not list(fresh.glob("*.part"))
        if not codes:
            break
        assert codes == "copy_failed"
    # The lock, its folder, the lines, their folder, the whole file, its folder.
    assert at == 7
    assert not list(till.path.glob("*.plain"))


@pytest.mark.parametrize(
    ("most", "sealed"),
    [(0, True), (100, False), (5_000, True), (5_000, False), (300_000, True)],
)
def test_a_disk_that_is_full_in_the_middle_of_a_line_takes_the_rest_once_there_is_room(
    till: TillInFolder, stick: Path, most: int, sealed: bool
) -> None:
    code = printed_code(till) if sealed else ""
    till.record(*a_shop_day())
    with files_no_longer_than(most):
        assert copied(till, stick) in ("copy_failed", "disk_full", "disk_error")
    till.record(sold(("12001", 9800, 1000), sequence=4))
    assert copied(till, stick) == ""
    entries, problems = read_copies(stick, code=code.replace("-", ""))
    assert (len(entries), problems) == (len(a_shop_day()) + 2, [])
    assert not [*stick.glob("*.part"), *till.path.glob("*.plain")]
    assert verify_books(till.books).ok
