"""The second disk: what every close leaves there, and a shop made anew from it."""

import itertools
import json
import os
import stat
from pathlib import Path

import pytest

from app.errors import Refusal, Trouble
from app.journal import backup
from app.opening import OpenFolder, restore_folder
from app.own_journals import next_series, open_next_journal
from app.verification import verify_books, verify_folder
from tests.support.entries import tables_of
from tests.support.facts import a_shop_day, setting, sold
from tests.support.tills import MakeTill, TillInFolder


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    return tmp_path / "second disk"


def copy(till: TillInFolder, copies: Path) -> backup.Copied:
    return till.folder.copy_entries(copies)


def only_file(copies: Path) -> Path:
    (path,) = copies.iterdir()
    return path


def restored(till: TillInFolder, copies: Path, folder: Path, **more: bool) -> OpenFolder:
    """A new machine's folder, made from the copies a minute later."""
    till.clock.advance(60_000)
    return restore_folder(
        folder,
        copies,
        clock=till.clock,
        ids=till.ids,
        keystore="file",
        reserve=False,
        **more,
    )


# --- copying ----------------------------------------------------------------------------------


def test_every_close_adds_only_what_is_new(till: TillInFolder, copies: Path) -> None:
    till.record(*a_shop_day())
    first = copy(till, copies)
    before = only_file(copies).read_bytes()
    assert (first.entries, copy(till, copies).entries) == (len(a_shop_day()) + 1, 0)
    till.record(sold(sequence=4))
    second = copy(till, copies)
    assert second.entries == 1
    assert only_file(copies).read_bytes().startswith(before)
    assert second.heads != first.heads
    assert verify_books(till.books, expected_heads=list(second.heads.values())).ok


def test_a_copy_can_be_checked_without_this_program(till: TillInFolder, copies: Path) -> None:
    import hashlib

    till.record(*a_shop_day())
    copy(till, copies)
    prev = "0" * 64
    for number, text in enumerate(only_file(copies).read_text().splitlines(), 1):
        line = json.loads(text)
        envelope = json.loads(line["content"])
        assert (line["seq"], envelope["seq"], envelope["prev"]) == (number, number, prev)
        prev = hashlib.sha256(line["content"].encode()).hexdigest()
        assert line["hash"] == prev


def test_a_line_torn_by_a_power_cut_is_written_again(till: TillInFolder, copies: Path) -> None:
    till.record(*a_shop_day())
    copy(till, copies)
    path = only_file(copies)
    whole = path.read_bytes()
    for lost in (1, 40, len(whole.splitlines()[-1])):
        path.write_bytes(whole[:-lost])
        assert copy(till, copies).entries == 1
        assert path.read_bytes() == whole


def test_a_copy_of_another_history_is_not_continued(
    till: TillInFolder, make_till: MakeTill, copies: Path
) -> None:
    till.record(setting())
    copy(till, copies)
    path = only_file(copies)
    line = json.loads(path.read_text().splitlines()[-1])
    path.write_text(json.dumps(line | {"hash": "00" * 32}) + "\n")
    with pytest.raises(Trouble, match="copy_differs"):
        copy(till, copies)
    path.write_text("no line of ours\n")
    with pytest.raises(Trouble, match="copy_damaged"):
        copy(till, copies)


def test_broken_entries_do_not_reach_the_copy(till: TillInFolder, copies: Path) -> None:
    till.record(*a_shop_day())
    till.write("UPDATE entry SET content = CAST(content || ' ' AS BLOB) WHERE seq = 5")
    with pytest.raises(Trouble, match="journal_broken"):
        copy(till, copies)


def test_a_disk_that_is_not_there_is_trouble(till: TillInFolder, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="copy_failed"):
        copy(till, tmp_path / "file" / "copies")


def test_what_was_written_is_read_back(
    till: TillInFolder, copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: a stick that takes everything and keeps nothing."""
    till.record(*a_shop_day())
    sync = os.fsync

    def forget(handle: int) -> None:
        sync(handle)
        if stat.S_ISREG(os.fstat(handle).st_mode):
            os.truncate(handle, 10)

    monkeypatch.setattr("app.journal.backup.os.fsync", forget)
    with pytest.raises(Trouble, match="copy_damaged"):
        copy(till, copies)


def test_copies_on_the_same_disk_are_told(till: TillInFolder, copies: Path) -> None:
    assert copy(till, copies).same_disk


def test_copies_hold_no_name_and_no_key(till: TillInFolder, copies: Path) -> None:
    from app.staff.actions import set_person
    from app.transaction import transaction

    with transaction(till.books) as tx:
        set_person(tx, number="101", name="关淑怡", role="cashier", pin="246810")
    copy(till, copies)
    written = only_file(copies).read_bytes()
    assert "关淑怡".encode() not in written
    assert till.books.journal.seed.hex().encode() not in written


# --- the whole file ---------------------------------------------------------------------------


def test_the_whole_file_is_copied_while_selling_goes_on(till: TillInFolder, tmp_path: Path) -> None:
    till.record(*a_shop_day())
    target = tmp_path / "weekly.db"
    backup.full_copy(till.books.database, target)
    till.record(sold(sequence=4))
    backup.full_copy(till.books.database, target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["till", "weekly.db"]
    (tmp_path / "copy").mkdir()
    target.rename(tmp_path / "copy" / "till.db")
    report = verify_folder(tmp_path / "copy")
    assert (report.ok, report.entries) == (True, len(a_shop_day()) + 2)


def test_a_bad_copy_does_not_replace_a_good_one(
    till: TillInFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "weekly.db"
    backup.full_copy(till.books.database, target)
    good = target.read_bytes()

    def bad(path: Path) -> None:
        path.write_bytes(b"half")
        raise Trouble("database_damaged")

    monkeypatch.setattr(till.books.database, "copy_to", bad)
    with pytest.raises(Trouble, match="database_damaged"):
        backup.full_copy(till.books.database, target)
    assert target.read_bytes() == good
    assert sorted(path.name for path in tmp_path.iterdir()) == ["till", "weekly.db"]


# --- a shop made anew -------------------------------------------------------------------------


def test_a_shop_made_anew_says_what_the_old_one_said(
    till: TillInFolder, copies: Path, tmp_path: Path
) -> None:
    till.record(*a_shop_day())
    copied = copy(till, copies)
    with till.books.read() as db:
        before = tables_of(db)
    till.close()
    new = restored(till, copies, tmp_path / "new")
    with new.books.read() as db:
        after = tables_of(db)
    (opened,) = set(after.pop("journal_opened")) - set(before.pop("journal_opened"))
    assert after == before
    (head,) = copied.heads.items()
    assert head in list(itertools.pairwise(opened))
    assert (new.books.journal.series, new.books.journal.till) == ("B", "1")
    assert verify_books(new.books, expected_heads=list(copied.heads.values())).ok
    new.close()


def test_the_restored_till_goes_on_and_can_be_restored_again(
    till: TillInFolder, copies: Path, tmp_path: Path
) -> None:
    till.record(*a_shop_day())
    copy(till, copies)
    till.close()
    for series in ("B", "C", "E"):
        new = restored(till, copies, tmp_path / series)
        assert new.books.journal.series == series
        with_till = TillInFolder(tmp_path / series)
        new.copy_entries(copies)
        new.close()
        with_till.clock.jump_wall(till.clock.wall_ms() - with_till.clock.wall_ms() + 60_000)
        with_till.record(sold(series=series))
        with_till.folder.copy_entries(copies)
        with_till.close()
        till.clock.advance(300_000)
        report = verify_folder(tmp_path / series)
        assert report.ok, report.problems
    assert len(report.journals) == 4


@pytest.mark.parametrize("series", ["D", "T"])
def test_demo_and_training_stay_what_they_are(
    make_till: MakeTill, copies: Path, tmp_path: Path, series: str
) -> None:
    till = make_till("old", series=series)
    till.record(setting())
    copy(till, copies)
    till.close()
    new = restored(till, copies, tmp_path / "new")
    assert new.books.journal.series == series
    new.close()


def test_letters_that_read_as_figures_or_mean_something_are_left_out() -> None:
    series = [""]
    while len(series) < 22:
        series.append(next_series(series))
    assert "".join(series) == "BCEFGHJKLMNPQRSUVWXYZ"
    with pytest.raises(Refusal, match="series_used_up"):
        next_series(series)


def test_a_tampered_copy_is_not_believed(till: TillInFolder, copies: Path, tmp_path: Path) -> None:
    till.record(*a_shop_day())
    copy(till, copies)
    till.close()
    path = only_file(copies)
    path.write_text(path.read_text().replace('\\"due\\":3700', '\\"due\\":3100'))
    with pytest.raises(Trouble, match="copy_damaged") as told:
        restored(till, copies, tmp_path / "new")
    assert (told.value.details["seq"], told.value.details["detail"]) == (10, "content_changed")
    assert not (tmp_path / "new").exists()
    new = restored(till, copies, tmp_path / "new", accept_damage=True)
    problems = [(each.code, each.seq) for each in verify_books(new.books).problems]
    assert ("entry_missing", 10) in problems
    assert {code for code, _seq in problems} <= {"entry_missing", "number_missing"}
    new.close()


def test_an_unreadable_line_is_named_and_the_rest_can_be_kept(
    till: TillInFolder, copies: Path, tmp_path: Path
) -> None:
    till.record(*a_shop_day())
    copy(till, copies)
    till.close()
    lines = only_file(copies).read_text().splitlines(keepends=True)
    only_file(copies).write_text("".join([*lines[:4], "gnawed by mice\n", *lines[5:]]))
    with pytest.raises(Trouble, match="copy_damaged") as told:
        restored(till, copies, tmp_path / "new")
    assert told.value.details["seq"] == 5
    new = restored(till, copies, tmp_path / "new", accept_damage=True)
    assert [each.seq for each in verify_books(new.books).problems] == [5]
    new.close()


def test_no_copies_no_shop(till: TillInFolder, copies: Path, tmp_path: Path) -> None:
    copies.mkdir()
    with pytest.raises(Trouble, match="copy_missing"):
        restored(till, copies, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_clock_before_the_last_fact_must_be_set_right_first(
    till: TillInFolder, copies: Path, tmp_path: Path
) -> None:
    till.record(setting())
    copy(till, copies)
    till.close()
    till.clock.jump_wall(-86_400_000)
    with pytest.raises(Refusal, match="clock_jumped"):
        restored(till, copies, tmp_path / "new")


def test_a_restore_does_not_overwrite_a_till(till: TillInFolder, copies: Path) -> None:
    till.record(setting())
    copy(till, copies)
    till.close()
    with pytest.raises(Refusal, match="folder_already_set_up"):
        restored(till, copies, till.path)
    assert till.books.journal.series == ""


# --- the next journal -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "series"), [("restored", "B"), ("cloned", "B"), ("rekeyed", ""), ("moved", "")]
)
def test_the_next_journal_names_the_last_hash_of_the_one_before(
    till: TillInFolder, reason: str, series: str
) -> None:
    till.record(*a_shop_day())
    old = till.books.journal
    head = till.rows("SELECT lower(hex(hash)) FROM entry ORDER BY seq DESC LIMIT 1")[0][0]
    new = open_next_journal(till.books, reason=reason, staff="301")
    assert till.rows(
        "SELECT previous, previous_hash, reason FROM journal_opened WHERE reason != 'first'"
    ) == [(old.id, head, reason)]
    assert (new.series, new.till, new.device) == (series, old.till, old.device)
    assert new.public_key != old.public_key
    till.record(setting())
    till.close()
    assert till.books.journal.id == new.id
    assert verify_books(till.books).ok


def test_a_next_journal_that_could_not_be_opened_leaves_the_old_one(
    till: TillInFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.record(setting())
    old = till.books.journal
    till.clock.jump_wall(86_400_000)
    with pytest.raises(Refusal, match="clock_jumped"):
        open_next_journal(till.books, reason="rekeyed")
    assert till.books.journal is old


def test_a_tail_missing_behind_the_next_journal_is_found(till: TillInFolder) -> None:
    till.record(*a_shop_day())
    open_next_journal(till.books, reason="rekeyed")
    first = till.rows("SELECT journal FROM own_journal ORDER BY opened_order")[0][0]
    till.write("DELETE FROM entry WHERE journal = ? AND seq = 17", first)
    problems = verify_books(till.books).problems
    assert ("previous_cut", 17) in {(each.code, each.seq) for each in problems}
