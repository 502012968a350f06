"""Whole copies that come from anybody: nothing of their schema is trusted, nothing of them runs.

Each file of the corpus is one attack. Restoring refuses it in a sentence, changes nothing, and
leaves no folder behind; what a tampered file still holds of authentic entries is checked like any.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest

from app.database import APPLICATION_ID, FILE_NAME
from app.errors import ShopError
from app.messages import sentence
from app.opening import restore_folder
from app.verification import verify_books
from tests.support.facts import a_shop_day
from tests.support.tills import TillInFolder

Spoil = Callable[[Path], None]


@pytest.fixture
def whole(till: TillInFolder, tmp_path: Path) -> Path:
    """The weekly copy of a shop's day."""
    till.record(*a_shop_day())
    path = till.folder.copy_all(tmp_path)
    till.close()
    till.clock.advance(600_000)
    return path


def by(*statements: str) -> Spoil:
    """Somebody with a database tool."""

    def spoil(path: Path) -> None:
        db = sqlite.connect(str(path), isolation_level=None)
        db.execute("PRAGMA writable_schema=ON")
        for statement in statements:
            db.execute(statement)
        db.close()

    return spoil


def empty_with(*statements: str) -> Spoil:
    """A file made from nothing that carries a till's mark."""

    def spoil(path: Path) -> None:
        path.unlink()
        by(f"PRAGMA application_id={APPLICATION_ID}", *statements)(path)

    return spoil


def written(change: Callable[[bytes], bytes]) -> Spoil:
    return lambda path: void(path.write_bytes(change(path.read_bytes())))


def void(_value: object) -> None:
    return None


def _text_in_place_of_bytes(path: Path) -> None:
    """The table must be read anew before it takes what its maker would have refused."""
    by("UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = 'entry'")(path)
    by("UPDATE entry SET content = 'text' WHERE seq = 3")(path)


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) "
CORPUS: dict[str, Spoil] = {
    "no database": written(lambda _bytes: b"%PDF-1.7 not a database" * 200),
    "empty": written(lambda _bytes: b""),
    "cut in half": written(lambda held: held[: len(held) // 2]),
    "header alone": written(lambda held: held[:100]),
    "zeroed pages": written(lambda held: held[:8192] + bytes(40_960) + held[49_152:]),
    "page size of a lie": written(lambda held: held[:16] + b"\x00\x01" + held[18:]),
    "a page number beyond the end": written(lambda held: held[:28] + b"\xff" * 4 + held[32:]),
    "another program's file": by("PRAGMA application_id=1"),
    "no entries": by("DELETE FROM sqlite_schema WHERE name = 'entry'"),
    "entries as a view": empty_with(
        "CREATE VIEW entry AS SELECT 'j' AS journal, 1 AS seq, load_extension('x.so') AS content,"
        " x'' AS hash, x'' AS sig"
    ),
    "entries for ever": empty_with(
        f"CREATE VIEW entry AS {ENDLESS}SELECT 'j' AS journal, i AS seq, x'' AS content,"
        " x'' AS hash, x'' AS sig FROM n"
    ),
    "entries as a virtual table": empty_with(
        "CREATE VIRTUAL TABLE entry USING fts5(journal, seq, content, hash, sig)"
    ),
    "a column that is computed": empty_with(
        "CREATE TABLE entry (journal TEXT, seq INTEGER, content BLOB,"
        " hash BLOB AS (hex(content)), sig BLOB)",
        "INSERT INTO entry (journal, seq, content, sig) VALUES ('j', 1, x'00', x'00')",
    ),
    "two tables of entries": by(
        "INSERT INTO sqlite_schema SELECT type, 'ENTRY', tbl_name, rootpage, sql"
        " FROM sqlite_schema WHERE name = 'entry'"
    ),
    "text where bytes belong": _text_in_place_of_bytes,
    "an entry of many megabytes": by("UPDATE entry SET content = zeroblob(30000000) WHERE seq = 2"),
    "entries of nobody": empty_with(
        "CREATE TABLE entry (journal TEXT, seq INTEGER, content BLOB, hash BLOB, sig BLOB)",
        "INSERT INTO entry VALUES ('j', 1, x'7b7d', zeroblob(32), zeroblob(64))",
    ),
    "one fen less": by("UPDATE entry SET content = CAST(replace(content, '3700', '3100') AS BLOB)"),
    "a tail cut inside": by("DELETE FROM entry WHERE seq = 5"),
    "a schema of nonsense": by("UPDATE sqlite_schema SET sql = 'CREATE TABLE ((' WHERE rowid = 3"),
}


@pytest.mark.parametrize("attack", CORPUS)
def test_a_hostile_file_is_refused_in_a_sentence(
    whole: Path, till: TillInFolder, tmp_path: Path, attack: str
) -> None:
    CORPUS[attack](whole)
    before = whole.read_bytes()
    with pytest.raises(ShopError) as refused:
        restore_folder(
            tmp_path / "new", whole, clock=till.clock, ids=till.ids, keystore="file", reserve=False
        )
    assert refused.value.code in ("copy_foreign", "copy_damaged", "copy_missing"), attack
    assert sentence(refused.value) != refused.value.code
    assert not (tmp_path / "new").exists()
    assert whole.read_bytes() == before
    assert not list(whole.parent.glob(whole.name + "-*"))


def test_triggers_views_and_attached_files_never_run(
    whole: Path, till: TillInFolder, tmp_path: Path
) -> None:
    """What is authentic in a file with strangers' code is taken; the code stays where it was."""
    by(
        "CREATE TABLE bait (n)",
        "CREATE TRIGGER spring AFTER INSERT ON entry BEGIN INSERT INTO bait VALUES (1); END",
        f"CREATE VIEW sale_view AS {ENDLESS}SELECT * FROM n",
        "CREATE INDEX trap ON entry (length(content))",
        "UPDATE product SET name = 'EVIL'",
    )(whole)
    new = restore_folder(
        tmp_path / "new", whole, clock=till.clock, ids=till.ids, keystore="file", reserve=False
    )
    try:
        with new.books.read() as db:
            names = db.exec_driver_sql("SELECT name FROM sqlite_schema").scalars().all()
            goods = db.exec_driver_sql("SELECT name FROM product").scalars().all()
        assert not {"bait", "spring", "sale_view", "trap"} & set(names)
        assert "EVIL" not in goods
        assert verify_books(new.books).ok
    finally:
        new.close()


def test_a_foreign_wal_beside_a_copy_is_not_read(
    whole: Path, till: TillInFolder, make_till: Callable[..., TillInFolder], tmp_path: Path
) -> None:
    """SQLite would play it into the file without a word."""
    other = make_till("other")
    other.record(*a_shop_day())
    shutil.copy(other.path / f"{FILE_NAME}-wal", f"{whole}-wal")
    before = {path.name: path.read_bytes() for path in whole.parent.glob(whole.name + "*")}
    new = restore_folder(
        tmp_path / "new", whole, clock=till.clock, ids=till.ids, keystore="file", reserve=False
    )
    assert verify_books(new.books).ok
    new.close()
    assert {path.name: path.read_bytes() for path in whole.parent.glob(whole.name + "*")} == before


def test_a_copy_that_may_only_be_read_is_enough(
    whole: Path, till: TillInFolder, tmp_path: Path
) -> None:
    os.chmod(whole, 0o400)
    new = restore_folder(
        tmp_path / "new", whole, clock=till.clock, ids=till.ids, keystore="file", reserve=False
    )
    assert new.books.journal.series == "B"
    new.close()
