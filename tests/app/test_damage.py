"""A damaged file: found at the start or by verify, and never by a customer."""

import random
import shutil
from pathlib import Path

import pytest

from app import schema
from app.database import Database
from app.errors import ShopError, Trouble
from app.verification import verify_folder
from tests.support.entries import Writer
from tests.support.facts import a_shop_day, sold
from tests.support.opening import again
from tests.support.tills import MakeTill, TillInFolder


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
    # Most of a young file is room for later: damage goes where something is written.
    written = [at for at, byte in enumerate(content[:-64]) if byte]
    match dice.choice(("bit", "bits", "page", "swap")):
        case "bit":
            at = dice.choice(written)
            content[at] ^= 1 << dice.randrange(8)
            what = f"bit at {at}"
        case "bits":
            at = dice.choice(written)
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


LOCAL = {table.name for table in schema.all_tables() if table.info["kind"] == "local"}


def test_random_damage_never_passes_for_the_truth(
    shop_after_a_day: Path, tmp_path: Path, soak: bool
) -> None:
    """Found at the start or by verify, or it hit nothing a fact or a table said."""
    dice = random.Random("damage")
    whole = everything(shop_after_a_day)
    seen: dict[str, int] = {}
    for number in range(2000 if soak else 40):
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


def test_a_tail_cut_off_a_closed_till_keeps_it_closed(folder: Path) -> None:
    """Every table that spoke of the last sales may be tidied up; the sealed tip is not forged."""
    again(folder).close()
    database = Database(folder / "till.db")
    last = database.writer.exec_driver_sql("SELECT max(seq) FROM entry").scalar_one()
    database.writer.exec_driver_sql(f"DELETE FROM entry WHERE seq >= {last - 1}")
    database.close()
    with pytest.raises(Trouble, match="journal_broken") as caught:
        again(folder)
    assert caught.value.details["detail"] == "tail_cut"
    assert caught.value.details["seq"] == last


def test_a_till_that_was_killed_reaches_further_than_its_seal_and_opens(
    make_till: MakeTill,
) -> None:
    till = make_till("killed")
    till.record(*a_shop_day())
    till.close()
    till.record(sold())
    # What a kill leaves: nothing is sealed, the system lets the folder go.
    till.books.database.close()
    till.folder._lock.release()
    till._open = None
    till.clock.advance(60_000)
    assert till.rows("SELECT max(seq) FROM entry")[0][0] == len(a_shop_day()) + 2


def test_a_journal_signed_anew_by_somebody_else_keeps_the_till_closed(folder: Path) -> None:
    """The tip is held against the sealed key, not against the one the journal claims."""
    database = Database(folder / "till.db")
    with database.read() as db:
        name = db.exec_driver_sql("SELECT journal FROM own_journal").scalar_one()
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
