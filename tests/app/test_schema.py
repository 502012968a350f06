"""The schema: one way to make it, one way to lift it, and a lift that fails changes nothing."""

import ast
import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, UniqueConstraint

from app import database, feeds, schema
from app.database import Database, scratch
from app.errors import Trouble
from app.facts.shop import SettingChanged
from app.migrations import freeze, run
from app.opening import open_folder
from app.shop.queries import settings
from app.verification import verify_books, verify_folder
from tests.support.entries import tables_of
from tests.support.facts import a_shop_day
from tests.support.feeds import HUB_KEY, Feed
from tests.support.processes import ROOT, python
from tests.support.tills import TillInFolder

RELEASED = ROOT / "tests" / "released" / "0.1.0"
Rows = list[tuple[object, ...]]


def schema_of(connection: Connection) -> Rows:
    """Every table, index and trigger; spaces at the ends of lines mean nothing."""
    rows = connection.exec_driver_sql(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    )
    return [(*row[:3], re.sub(r"\s+", " ", row[3] or "").strip()) for row in rows]


def planted(tmp_path: Path, body: str) -> Path:
    """The real steps and one more, which a next release might bring."""
    steps = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, steps, ignore=shutil.ignore_patterns("__pycache__"))
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    (steps / "versions" / "v0003_planted.py").write_text(
        '"""A step for this test."""\n'
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        f'revision = "0003"\ndown_revision = "0002"\n\n\ndef upgrade():\n{lines}\n'
    )
    return steps


GOOD = """\
with op.batch_alter_table("sale") as batch:
    batch.add_column(sa.Column("note", sa.Text, nullable=False, server_default=""))
    batch.drop_column("member")
"""
BREAKS = GOOD + 'op.execute("INSERT INTO no_such_table VALUES (1)")\n'
KILLS = GOOD + "import os\nos.kill(os.getpid(), 9)\n"


# --- made and lifted --------------------------------------------------------------------------


def test_a_new_file_and_a_lifted_one_are_the_same() -> None:
    with scratch() as made, scratch() as lifted:
        schema.create(made)
        run.upgrade(lifted)
        assert schema_of(made) == schema_of(lifted)
        assert schema.version_of(made) == schema.version_of(lifted) == schema.HEAD


def test_a_forgotten_column_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: tables changed, and no step was written for it."""
    with scratch() as made, scratch() as lifted:
        schema.create(made)
        made.exec_driver_sql("ALTER TABLE sale ADD COLUMN mood TEXT")
        run.upgrade(lifted)
        assert schema_of(made) != schema_of(lifted)


def test_the_newest_step_is_the_one_the_program_expects() -> None:
    steps = {path.name for path in (schema.MIGRATIONS / "versions").glob("v*.py")}
    assert max(steps).startswith(f"v{schema.HEAD}_")


def test_the_newest_step_is_frozen_in_a_file() -> None:
    """Until the next release is out it is written anew by `python -m app.migrations.freeze`."""
    assert freeze.TARGET.read_text(encoding="utf-8") == freeze.todays_step()


def test_lifting_twice_changes_nothing() -> None:
    with scratch() as connection:
        run.upgrade(connection)
        before = schema_of(connection)
        run.upgrade(connection)
        assert schema_of(connection) == before


def test_alembic_is_not_even_loaded_when_nothing_is_to_be_lifted(till: TillInFolder) -> None:
    assert till.books.shop == "KP01"
    till.close()
    answer = python(
        "import sys, tests.support.tills as tills; from pathlib import Path\n"
        "till = tills.TillInFolder(Path(sys.argv[1])); till.clock.advance(60000)\n"
        "till.books; till.close(); print('alembic' in sys.modules)",
        str(till.path),
    )
    assert answer.stdout.split() == ["False"], answer.stderr


# --- a next release ---------------------------------------------------------------------------


@pytest.fixture
def old(till: TillInFolder) -> TillInFolder:
    """A till of this release with a day in it, closed."""
    till.record(*a_shop_day())
    till.close()
    return till


def newer(monkeypatch: pytest.MonkeyPatch, steps: Path) -> None:
    monkeypatch.setattr(schema, "HEAD", "0003")
    monkeypatch.setattr(schema, "MIGRATIONS", steps)


def test_a_step_lifts_the_rows_and_leaves_a_copy_of_before(
    old: TillInFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        newer(patch, planted(tmp_path, GOOD))
        assert old.rows("SELECT count(*), max(note) FROM sale") == [(3, "")]
        assert old.rows("PRAGMA foreign_keys") == [(1,)]
        old.close()
    copy = tmp_path / "before" / "till.db"
    copy.parent.mkdir()
    shutil.copy(old.path / "before-upgrade-0002.db", copy)
    assert verify_folder(copy.parent).ok


@pytest.mark.parametrize("body", [BREAKS, "op.execute('DROP TABLE entry')\nraise RuntimeError\n"])
def test_a_step_that_fails_half_way_changes_nothing(
    old: TillInFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    with monkeypatch.context() as patch:
        newer(patch, planted(tmp_path, body))
        with pytest.raises((Trouble, RuntimeError)):
            print(old.books)
    assert old.rows("SELECT version_num FROM alembic_version") == [("0002",)]
    assert verify_books(old.books).ok
    old.record(*a_shop_day()[:1])


ANEW = """\
op.execute("DELETE FROM setting")
op.execute("DELETE FROM sale_line")
op.execute("INSERT OR REPLACE INTO mark VALUES ('make_anew', '0003')")
"""


def test_tables_a_step_empties_are_filled_from_entries_and_from_what_head_office_sent(
    till: TillInFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.record(*a_shop_day())
    kept = SettingChanged(shop="KP01", key="phone", value="0750-2222333")
    feeds.take(till.books, [Feed("settings").next(kept)], hub_key=HUB_KEY)
    with till.books.read() as db:
        before = tables_of(db)
        assert settings(db, "KP01")["phone"] == "0750-2222333"
    till.close()
    newer(monkeypatch, planted(tmp_path, ANEW))
    with till.books.read() as db:
        assert tables_of(db) == before
        assert settings(db, "KP01")["phone"] == "0750-2222333"


MEANWHILE = {
    "an entry is lost": "op.execute('DELETE FROM entry WHERE seq = 4')\n",
    "an entry is changed": 'op.execute("UPDATE entry SET sig = zeroblob(64) WHERE seq = 4")\n',
    "a secret is lost": "op.execute('DELETE FROM secret')\n",
    "a sum is wrong": "op.execute('UPDATE stock_sum SET quantity = quantity + 1')\n",
    "an entry nobody can read": 'op.execute("INSERT OR REPLACE INTO mark VALUES'
    " ('make_anew', '0003')\")\nop.execute(\"UPDATE entry SET content = x'7b' WHERE seq = 4\")\n",
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_a_lift_that_lost_something_is_taken_back_by_itself(
    old: TillInFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Every step ran through; what it did is seen before it is kept, and the old till opens."""
    with monkeypatch.context() as patch:
        newer(patch, planted(tmp_path, GOOD + MEANWHILE[what]))
        with pytest.raises(Trouble, match="upgrade_failed"):
            print(old.books)
    assert old.rows("SELECT version_num FROM alembic_version") == [("0002",)]
    assert verify_books(old.books).ok
    old.record(*a_shop_day()[:1])


def test_a_disk_that_fills_up_anywhere_in_a_lift_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The released file may grow by so many pages and no more, until there is room for all."""
    tried = 0
    for room in range(0, 400, 12):
        folder = tmp_path / str(room)
        shutil.copytree(RELEASED, folder)
        till = TillInFolder(folder, seed="full")
        till.clock.advance(6 * 3_600_000)
        before = Database(folder / "till.db")
        pages = before.writer.exec_driver_sql("PRAGMA page_count").scalar_one()
        objects = schema_of(before.writer)
        before.close()
        with monkeypatch.context() as patch:
            limit = f"max_page_count={pages + room}"
            patch.setattr("app.database._WRITER_PRAGMAS", (*database._WRITER_PRAGMAS, limit))
            try:
                assert till.books.shop == "KP01"
            except Trouble as trouble:
                refused = trouble.code
            else:
                break
        tried += 1
        assert refused == "disk_full"
        after = Database(folder / "till.db")
        assert schema_of(after.writer) == objects
        assert after.writer.exec_driver_sql("PRAGMA quick_check").scalar_one() == "ok"
        after.close()
        # Room again: the same folder is lifted.
        if room % 48 == 0:
            assert verify_books(till.books).ok
            till.close()
    assert tried > 3
    till.close()


def test_a_kill_in_the_middle_of_a_step_changes_nothing(old: TillInFolder, tmp_path: Path) -> None:
    steps = planted(tmp_path, KILLS)
    killed = python(
        "import sys; from pathlib import Path; from app import schema\n"
        "from app.database import Database; from app.migrations.run import upgrade\n"
        "upgrade(Database(Path(sys.argv[1]) / 'till.db').writer, Path(sys.argv[2]))",
        str(old.path),
        str(steps),
    )
    assert killed.returncode == -9, killed.stderr
    assert old.rows("SELECT version_num FROM alembic_version") == [("0002",)]
    assert verify_books(old.books).ok


def test_a_step_that_leaves_a_row_pointing_at_nothing_is_taken_back(
    old: TillInFolder, tmp_path: Path
) -> None:
    steps = planted(
        tmp_path,
        "op.execute('CREATE TABLE part (n INTEGER REFERENCES sale_line (line))')\n"
        "op.execute('CREATE UNIQUE INDEX u ON sale_line (line, sale, shop)')\n"
        "op.execute('CREATE TABLE whole (n INTEGER PRIMARY KEY)')\n"
        "op.execute('CREATE TABLE piece (n INTEGER REFERENCES whole (n))')\n"
        "op.execute('DROP TABLE part')\n"
        "op.execute('INSERT INTO piece VALUES (7)')\n",
    )
    database = Database(old.path / "till.db")
    with pytest.raises(Trouble, match="upgrade_failed"):
        run.upgrade(database.writer, steps)
    assert schema.version_of(database.writer) == "0002"
    database.close()


def test_a_file_of_a_newer_program_is_left_alone(old: TillInFolder) -> None:
    old.write("UPDATE alembic_version SET version_num = '0009'")
    old.close()
    with pytest.raises(Trouble, match="schema_newer"):
        open_folder(old.path, clock=old.clock, ids=old.ids, reserve=False)


# --- what every table promises ----------------------------------------------------------------


TABLES = schema.all_tables()


def test_every_module_with_tables_is_named_in_the_schema() -> None:
    """A table whose module nobody imported would be missing in new folders only."""
    found = set()
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Table":
                found.add(path)
    answer = python("from app import schema; print(*sorted(t.name for t in schema.all_tables()))")
    assert answer.stdout.split() == sorted(table.name for table in TABLES)
    named = {Path(str(module.__file__)) for module in schema._DECLARED_IN}
    assert found == named


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_is_strict_of_a_kind_and_without_nulls(table: Table) -> None:
    assert table.dialect_options["sqlite"]["strict"] is True
    assert table.info["kind"] in ("journal", "meaning", "received", "local")
    assert not any(column.nullable for column in table.columns)


@pytest.mark.parametrize(
    "table", [table for table in TABLES if table.info["kind"] == "meaning"], ids=lambda t: t.name
)
def test_every_key_of_a_table_with_meaning_begins_with_the_shop(table: Table) -> None:
    keys = [list(table.primary_key)]
    keys += [list(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)]
    keys += [list(each.columns) for each in table.indexes if each.unique]
    assert all(key[0].name == "shop" for key in keys)
    assert not table.foreign_keys or all(
        key.column.table.info["kind"] == "meaning" for key in table.foreign_keys
    )


def test_registers_have_an_owner_and_a_version() -> None:
    for table in TABLES:
        if table.info["kind"] == "meaning":
            assert ("owner" in table.c) == ("version" in table.c), table.name
            assert "owner" not in table.c or table.c["owner"].primary_key
