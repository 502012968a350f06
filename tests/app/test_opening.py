"""Opening a folder: a till's or not, never half of one; and what a damaged one says."""

import random
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import folder as place
from app import opening
from app.clock import SettableClock
from app.database import Database
from app.errors import Refusal, ShopError, Trouble
from app.ids import Ids, seeded
from app.opening import NewTill, OpenFolder, open_folder
from app.verification import verify_folder
from tests.support.facts import a_shop_day, sold
from tests.support.processes import begin_selling, selling
from tests.support.tills import MORNING, MakeTill, TillInFolder


def begin(folder: Path, keystore: str = "file", passphrase: str = "") -> OpenFolder:
    clock = SettableClock(MORNING)
    new = NewTill("KP01", "1", keystore=keystore)
    ids = Ids(clock, seeded("x"))
    return open_folder(folder, clock=clock, ids=ids, new=new, passphrase=passphrase, reserve=False)


def again(folder: Path, passphrase: str = "") -> OpenFolder:
    clock = SettableClock(MORNING + 60_000)
    ids = Ids(clock, seeded("y"))
    return open_folder(folder, clock=clock, ids=ids, passphrase=passphrase, reserve=False)


# --- the first time ---------------------------------------------------------------------------


def test_a_new_folder_begins_its_journal_with_its_own_key(till: TillInFolder) -> None:
    journal = till.books.journal
    assert till.rows("SELECT journal, public_key, reason, series FROM journal_opened") == [
        (journal.id, journal.public_key, "first", "")
    ]
    assert journal.seed.hex() not in str(till.rows("SELECT content FROM entry"))


def test_an_opened_till_knows_itself_again(till: TillInFolder) -> None:
    first = till.books.journal
    till.close()
    journal = till.books.journal
    assert (journal.id, journal.public_key, journal.shop, journal.till) == (
        first.id,
        first.public_key,
        "KP01",
        "1",
    )
    till.record(sold())


def test_a_demo_is_a_demo_for_ever(make_till: MakeTill) -> None:
    demo = make_till("demo", series="D")
    assert demo.folder.demo and not demo.folder.training
    demo.close()
    assert demo.folder.demo


def test_a_folder_is_set_up_once(till: TillInFolder) -> None:
    assert till.books.shop == "KP01"
    till.close()
    with pytest.raises(Refusal, match="folder_already_set_up"):
        begin(till.path)
    assert till.books.shop == "KP01"


def test_a_folder_that_is_no_till_is_not_made_one_by_looking(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="folder_not_set_up"):
        again(tmp_path / "till")
    assert list(tmp_path.iterdir()) == []


def test_without_a_keystore_nothing_half_made_is_left(tmp_path: Path) -> None:
    """The suite's keystore is the one that always fails, as on a machine without any."""
    with pytest.raises(Trouble, match="keystore_missing"):
        begin(tmp_path / "till", keystore="keyring")
    assert list(tmp_path.iterdir()) == []
    begin(tmp_path / "till").close()


def test_what_lay_in_the_folder_before_is_not_taken_away(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "master.key").write_bytes(b"k" * 32)
    with pytest.raises(Trouble, match="keystore_missing"):
        begin(tmp_path, keystore="keyring")
    assert {path.name for path in tmp_path.iterdir()} == {"notes.txt", "master.key"}


def test_a_first_opening_that_was_killed_can_begin_again(tmp_path: Path) -> None:
    database = Database(tmp_path / "till.db")
    opening.schema.create(database.writer)
    database.close()
    with pytest.raises(Refusal, match="folder_half_made"):
        again(tmp_path)
    begin(tmp_path).close()
    again(tmp_path).close()


def test_an_emptied_file_is_not_filled_by_looking_at_it(tmp_path: Path) -> None:
    (tmp_path / "till.db").touch()
    with pytest.raises(Refusal, match="folder_half_made"):
        again(tmp_path)
    database = Database(tmp_path / "till.db")
    with database.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one() == 0
    database.close()


# --- keys -------------------------------------------------------------------------------------


def test_a_lost_key_file_is_told_and_nothing_is_changed(till: TillInFolder) -> None:
    till.record(*a_shop_day())
    till.close()
    key = (till.path / "master.key").read_bytes()
    (till.path / "master.key").unlink()
    with pytest.raises(Trouble, match="keystore_key_lost"):
        again(till.path)
    (till.path / "master.key").write_bytes(key[:-1])
    with pytest.raises(Trouble, match="keystore_key_lost"):
        again(till.path)
    (till.path / "master.key").write_bytes(key[::-1])
    with pytest.raises(Trouble, match="keystore_wrong_key"):
        again(till.path)
    (till.path / "master.key").write_bytes(key)
    assert till.books.shop == "KP01"


def test_a_key_file_is_for_its_owner_alone(till: TillInFolder) -> None:
    assert till.books.shop == "KP01"
    assert (till.path / "master.key").stat().st_mode & 0o777 == 0o600


def test_a_till_with_a_passphrase_opens_with_it_alone(tmp_path: Path) -> None:
    folder = tmp_path / "till"
    for passphrase, refusal in (("", "passphrase_needed"), ("short", "passphrase_too_short")):
        with pytest.raises(Refusal, match=refusal):
            begin(folder, "passphrase", passphrase)
        assert not folder.exists()
    begin(folder, "passphrase", "开平碉楼与村落世遗").close()
    for passphrase, refusal in (("", "passphrase_needed"), ("开平碉楼与村楼!", "passphrase_wrong")):
        with pytest.raises(Refusal, match=refusal):
            again(folder, passphrase)
    again(folder, "开平碉楼与村落世遗").close()
    assert not (folder / "master.key").exists()


# --- one process ------------------------------------------------------------------------------


def test_a_second_start_on_the_same_folder_is_refused(till: TillInFolder) -> None:
    till.record(sold())
    assert selling(till.path, "hold") == [["refused", "till_already_open"]]
    till.record(sold(sequence=2))


def test_a_killed_till_leaves_its_folder_open_to_the_next(till: TillInFolder) -> None:
    assert till.books.shop == "KP01"
    till.close()
    process = begin_selling(till.path, "hold")
    assert process.stdout is not None
    assert [process.stdout.readline().strip() for _ in range(2)] == ["open", "holding"]
    with pytest.raises(Refusal, match="till_already_open"):
        again(till.path)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert till.books.shop == "KP01"


def test_sales_told_to_the_cashier_are_there_after_a_kill(make_till: MakeTill, soak: bool) -> None:
    for kill in range(40 if soak else 3):
        till = make_till(f"till-{kill}")
        assert till.books.shop == "KP01"
        till.close()
        process = begin_selling(till.path, "sell-on")
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(20 + 7 * kill)]
        process.send_signal(signal.SIGKILL)
        told += process.stdout.readlines()
        process.wait()
        process.stdout.close()
        saved = {line.split()[1] for line in told if line.startswith("saved") and line[-1] == "\n"}
        till.clock.advance(7_200_000)
        held = {str(row[0]) for row in till.rows("SELECT sale FROM sale")}
        assert saved <= held
        assert len(held - saved) <= 1
        till.close()
        assert verify_folder(till.path).ok


# --- damage -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop_after_a_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    till = TillInFolder(tmp_path_factory.mktemp("damage") / "till")
    till.record(*a_shop_day())
    till.close()
    return till.path


@pytest.fixture
def folder(shop_after_a_day: Path, tmp_path: Path) -> Path:
    shutil.copytree(shop_after_a_day, tmp_path / "till")
    return tmp_path / "till"


def outcome(folder: Path) -> str:
    """What opening and, if that went well, verifying say; anything else than words is a bug."""
    try:
        again(folder).close()
        report = verify_folder(folder)
    except ShopError as error:
        return error.code
    return "ok" if report.ok else report.problems[0].code


def everything(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, to see whether damage hit anything at all."""
    database = Database(folder / "till.db")
    try:
        with database.read() as db:
            names = db.exec_driver_sql(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'product_w%'"
            ).scalars()
            return {
                name: sorted(tuple(row) for row in db.exec_driver_sql(f"SELECT * FROM {name}"))
                for name in names.all()
            }
    finally:
        database.close()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "folder_half_made"),
        (b"this is a text somebody saved under that name\n" * 200, "database_damaged"),
        (b"\0" * 8192, "database_damaged"),
        (b"SQLite format 3\0", "database_damaged"),
    ],
)
def test_a_file_that_is_no_database_is_told(folder: Path, content: bytes, code: str) -> None:
    (folder / "till.db").write_bytes(content)
    assert outcome(folder) == code


def test_somebody_elses_database_is_left_as_it_was(folder: Path) -> None:
    (folder / "till.db").unlink()
    other = Database(folder / "till.db")
    other.writer.exec_driver_sql("CREATE TABLE bookmarks (url)")
    other.writer.exec_driver_sql("PRAGMA application_id=7")
    other.close()
    before = (folder / "till.db").read_bytes()
    assert outcome(folder) == "not_a_till_database"
    assert (folder / "till.db").read_bytes() == before


def test_a_file_cut_short_is_told(folder: Path) -> None:
    whole = (folder / "till.db").read_bytes()
    pages = len(whole) // 4096
    for kept in range(1, pages, 9):
        (folder / "till.db").write_bytes(whole[: kept * 4096])
        assert outcome(folder) != "ok", kept
        (folder / "till.db").write_bytes(whole[: kept * 4096 + 1000])
        assert outcome(folder) != "ok", kept


def test_the_wal_of_another_till_does_not_pass(folder: Path, make_till: MakeTill) -> None:
    other = make_till("other")
    other.record(*a_shop_day())
    copy = folder.parent / "copied"
    shutil.copytree(other.path, copy)
    shutil.copy(copy / "till.db-wal", folder / "till.db-wal")
    assert outcome(folder) != "ok"


def damage(dice: random.Random, path: Path) -> str:
    content = bytearray(path.read_bytes())
    match dice.choice(("bit", "bits", "page", "swap")):
        case "bit":
            at = dice.randrange(len(content))
            content[at] ^= 1 << dice.randrange(8)
            what = f"bit at {at}"
        case "bits":
            at = dice.randrange(len(content) - 64)
            content[at : at + 64] = dice.randbytes(64)
            what = f"64 bytes at {at}"
        case "page":
            page = dice.randrange(len(content) // 4096)
            content[page * 4096 : (page + 1) * 4096] = bytes(4096)
            what = f"page {page} empty"
        case _:
            one, other = dice.sample(range(len(content) // 4096), 2)
            a, b = slice(one * 4096, one * 4096 + 4096), slice(other * 4096, other * 4096 + 4096)
            content[a], content[b] = content[b], content[a]
            what = f"pages {one} and {other} swapped"
    path.write_bytes(content)
    return what


LOCAL = {"mark", "secret", "pin", "draft", "print_job", "own_journal"}


def test_random_damage_never_passes_for_the_truth(
    shop_after_a_day: Path, tmp_path: Path, soak: bool
) -> None:
    """Found at the start or by verify, or it hit nothing a fact or a table said."""
    dice = random.Random("damage")
    whole = everything(shop_after_a_day)
    seen: dict[str, int] = {}
    for number in range(2000 if soak else 60):
        folder = tmp_path / f"till-{number}"
        shutil.copytree(shop_after_a_day, folder)
        what = damage(dice, folder / "till.db")
        answer = outcome(folder)
        seen[answer] = seen.get(answer, 0) + 1
        if answer == "ok":
            left = everything(folder)
            changed = {name for name in whole if whole[name] != left.get(name)}
            assert changed <= LOCAL, (what, changed)
        shutil.rmtree(folder)
    assert seen.pop("ok", 0) < sum(seen.values())


def test_a_damaged_tip_keeps_the_till_closed(folder: Path) -> None:
    for change in ("sig = zeroblob(64)", "hash = zeroblob(32)", "content = x'7b7d'", "seq = 99"):
        database = Database(folder / "till.db")
        database.writer.exec_driver_sql("BEGIN")
        database.writer.exec_driver_sql("CREATE TEMP TABLE kept AS SELECT * FROM entry")
        database.writer.exec_driver_sql(f"UPDATE entry SET {change} WHERE seq = 17")
        database.writer.exec_driver_sql("COMMIT")
        with pytest.raises(Trouble, match="journal_broken"):
            again(folder)
        database.writer.exec_driver_sql("DELETE FROM entry")
        database.writer.exec_driver_sql("INSERT INTO entry SELECT * FROM kept")
        database.close()
    again(folder).close()


def test_a_journal_signed_anew_by_somebody_else_keeps_the_till_closed(folder: Path) -> None:
    """The tip is held against the sealed key, not against the one the journal claims."""
    database = Database(folder / "till.db")
    with database.read() as db:
        name = db.exec_driver_sql("SELECT journal FROM own_journal").scalar_one()
    from tests.support.entries import Writer

    forger = Writer("forger")
    database.writer.exec_driver_sql("DELETE FROM entry")
    for each in forger.entries:
        database.writer.exec_driver_sql(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                name,
                each.seq,
                each.fact,
                each.kind,
                each.order_ms,
                each.hash,
                each.sig,
                each.content,
            ),
        )
    database.writer.exec_driver_sql(
        "UPDATE journal_opened SET public_key = ?", (forger.public_key,)
    )
    database.close()
    with pytest.raises(Trouble, match="journal_broken"):
        again(folder)


# --- a full disk ------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, Callable[[TillInFolder, bool], None]]]:
    """A disk of a few megabytes and a way to fill and empty it; without root, a capped file."""
    import os
    import subprocess

    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() == 0:
        mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)]
        if subprocess.run(mount, capture_output=True, check=False).returncode == 0:

            def fill(_till: TillInFolder, full: bool) -> None:
                ballast = disk / "ballast"
                if full:
                    room = os.statvfs(disk)
                    ballast.write_bytes(b"x" * (room.f_bavail * room.f_frsize))
                else:
                    ballast.unlink()

            yield disk, fill
            subprocess.run(["umount", "-l", str(disk)], check=True)
            return

    def cap(till: TillInFolder, full: bool) -> None:
        pages = till.books.database.writer.exec_driver_sql("PRAGMA page_count").scalar_one()
        till.write(f"PRAGMA max_page_count={pages if full else 2**30}")

    yield disk, cap


def try_to_sell(till: TillInFolder, numbers: range) -> dict[int, str]:
    """The sales that were refused, with what the till said."""
    refused: dict[int, str] = {}
    for number in numbers:
        try:
            till.record(sold(sequence=number), fact_id=f"sale-{number}")
        except Trouble as trouble:
            refused[number] = trouble.code
    return refused


@pytest.mark.parametrize("reserve", [0, 1_000_000])
def test_a_full_disk_loses_nothing_and_selling_goes_on_when_there_is_room(
    small_disk: tuple[Path, Callable[[TillInFolder, bool], None]],
    make_till: MakeTill,
    reserve: int,
) -> None:
    disk, fill = small_disk
    till = make_till(f"{disk.name}/till")
    till.record(sold(), fact_id="sale-1")
    if reserve:
        assert place.keep_reserve(till.path, reserve)
    fill(till, True)
    refused = try_to_sell(till, range(2, 40))
    # Without a reserve a disk that is full to the last byte may not even let us look.
    honest = {"disk_full", "disk_error", "not_saved"}
    assert refused[min(refused)] in (honest if reserve else honest | {"stop_selling"})
    assert not (till.path / place.RESERVE_FILE).exists()
    fill(till, False)
    kept = {str(row[0]) for row in till.rows("SELECT sale FROM sale")}
    assert kept == {f"sale-{number}" for number in range(1, 40) if number not in refused}
    assert try_to_sell(till, range(min(refused), min(refused) + 1)) == {}
    till.close()
    problems = {problem.code for problem in verify_folder(till.path).problems}
    assert problems <= {"number_missing", "number_out_of_order"}
