"""One file, one library, one writer: what the till's database promises."""

import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from app import database as module
from app.database import Database, DriverError, Gate, Priority, scratch, trouble_of
from app.errors import Trouble
from tests.support.processes import python
from tests.support.tills import TillInFolder


def test_a_paid_sale_is_on_the_disk_before_anybody_is_told(till: TillInFolder) -> None:
    writer = till.books.database.writer
    for pragma, value in (("synchronous", 2), ("journal_mode", "wal"), ("foreign_keys", 1)):
        assert writer.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value
    with till.books.read() as db:
        assert db.exec_driver_sql("PRAGMA trusted_schema").scalar_one() == 0


def test_a_reader_cannot_write(till: TillInFolder) -> None:
    with till.books.read() as db, pytest.raises(DBAPIError, match="readonly"):
        db.exec_driver_sql("DELETE FROM entry")


def test_a_reader_keeps_one_view_while_the_till_sells_on(till: TillInFolder) -> None:
    from tests.support.facts import sold

    with till.books.read() as db:
        before = db.exec_driver_sql("SELECT count(*) FROM entry").scalar_one()
        till.record(sold())
        assert db.exec_driver_sql("SELECT count(*) FROM entry").scalar_one() == before
    assert till.rows("SELECT count(*) FROM entry") == [(before + 1,)]


def test_a_library_with_the_wal_bug_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.sqlite, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(Trouble, match="sqlite_too_old"):
        Database(tmp_path / "till.db")


def test_a_folder_name_full_of_signs_is_only_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "店 %20?mode=memory#1"
    folder.mkdir()
    database = Database(folder / "till.db")
    database.writer.exec_driver_sql("CREATE TABLE t (x)")
    database.close()
    assert (folder / "till.db").stat().st_size > 0


# --- one library in one process ---------------------------------------------------------------


def test_a_tills_process_holds_one_sqlite_library_only() -> None:
    answer = python(
        "import app.opening, app.verification, app.demo, sys\n"
        "from app.database import scratch\n"
        "with scratch() as db: db.exec_driver_sql('SELECT 1')\n"
        "print('sqlite3' in sys.modules, '_sqlite3' in sys.modules)\n"
        "maps = open('/proc/self/maps').read() if sys.platform == 'linux' else ''\n"
        "print(sorted({line.split('/')[-1] for line in maps.splitlines() if 'sqlite' in line}))"
    )
    modules, libraries = answer.stdout.splitlines()
    assert modules == "False False"
    assert len([each for each in eval(libraries) if "pysqlite3" not in each]) <= 1, libraries
    assert "libsqlite3" not in libraries


_LOSES_A_SALE = """
import os, subprocess, sys
from pathlib import Path
from app.database import Database
path = Path(sys.argv[1])
writer = Database(path).writer
writer.exec_driver_sql("CREATE TABLE sold (n)")
for name in sys.argv[2:]:
    with open(f"{path}{name}", "rb") as file:   # what no code of ours may ever do
        file.read(1)
other = "import sys; from pathlib import Path; from app.database import Database;"
other += "d = Database(Path(sys.argv[1])); d.writer.exec_driver_sql('SELECT 1'); d.close()"
subprocess.run([sys.executable, "-c", other, str(path)], check=True)
writer.exec_driver_sql("INSERT INTO sold VALUES (1)")
print("committed", writer.exec_driver_sql("SELECT count(*) FROM sold").scalar_one(), flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize(
    ("opened", "left"), [((), 1), (("", "-shm"), 0)], ids=["left alone", "opened as a file"]
)
def test_opening_the_file_beside_the_library_loses_a_committed_sale(
    tmp_path: Path, opened: tuple[str, ...], left: int
) -> None:
    """Why nobody may: closing any handle on it drops the locks of the whole process."""
    path = tmp_path / "till.db"
    assert python(_LOSES_A_SALE, str(path), *opened).stdout.split() == ["committed", "1"]
    database = Database(path)
    with database.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM sold").scalar_one() == left
    database.close()


# --- the gate ---------------------------------------------------------------------------------


def order_through(gate: Gate, *waiting: Priority) -> list[Priority]:
    """Who came through, in order, when all of these waited for one that was busy."""
    came: list[Priority] = []
    threads = []

    def come(priority: Priority) -> None:
        with gate.held(priority):
            came.append(priority)

    with gate.held(Priority.BACKGROUND):
        for count, priority in enumerate(waiting, 1):
            thread = threading.Thread(target=come, args=(priority,))
            thread.start()
            threads.append(thread)
            while len(gate._waiting) < count:
                thread.join(0.001)
    for thread in threads:
        thread.join()
    return came


def test_a_customer_at_the_counter_goes_before_everything_else() -> None:
    waiting = (Priority.BACKGROUND, Priority.DRAFT, Priority.ACTION, Priority.CHECKOUT)
    assert order_through(Gate(), *waiting) == sorted(waiting)


def test_among_equals_the_first_to_come_goes_first() -> None:
    gate = Gate()
    tickets = order_through(gate, Priority.ACTION, Priority.CHECKOUT, Priority.ACTION)
    assert tickets == [Priority.CHECKOUT, Priority.ACTION, Priority.ACTION]
    assert not gate._waiting


def test_a_gate_without_priorities_lets_a_download_go_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The planted fault."""
    monkeypatch.setattr(Priority, "__int__", lambda self: 0)
    waiting = (Priority.BACKGROUND, Priority.CHECKOUT)
    assert order_through(Gate(), *waiting) != sorted(waiting)


def test_whoever_gives_up_waiting_does_not_block_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate = Gate()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(gate._condition, "wait_for", interrupted)
        with pytest.raises(KeyboardInterrupt), gate.held(Priority.CHECKOUT):
            pass
    assert order_through(gate, Priority.ACTION) == [Priority.ACTION]


# --- what the world did ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SQLITE_FULL", "disk_full"),
        ("SQLITE_IOERR_FSYNC", "disk_error"),
        ("SQLITE_READONLY_DBMOVED", "disk_read_only"),
        ("SQLITE_BUSY_SNAPSHOT", "database_busy"),
        ("SQLITE_CORRUPT_VTAB", "database_damaged"),
        ("SQLITE_NOTADB", "database_damaged"),
    ],
)
def test_the_worlds_faults_have_a_code(name: str, code: str) -> None:
    error = DriverError("…")
    error.sqlite_errorname = name
    trouble = trouble_of(error)
    assert trouble is not None and trouble.code == code


@pytest.mark.parametrize("name", ["SQLITE_CONSTRAINT_UNIQUE", "SQLITE_ERROR", None])
def test_our_own_bugs_stay_bugs(name: str | None) -> None:
    error = DriverError("…")
    error.sqlite_errorname = name
    assert trouble_of(error) is None


def test_a_full_file_is_trouble_and_not_a_bug(till: TillInFolder) -> None:
    from tests.support.facts import received

    pages = till.books.database.writer.exec_driver_sql("PRAGMA page_count").scalar_one()
    till.write(f"PRAGMA max_page_count={pages}")
    many = [received(*range(1, 50), document=f"d{n}") for n in range(400)]
    with pytest.raises(Trouble, match="disk_full"):
        till.record(*many)
    till.write("PRAGMA max_page_count=1073741823")
    till.record(received(1, document="room again"))


def test_a_copy_is_whole_and_checked(till: TillInFolder, tmp_path: Path) -> None:
    from tests.support.facts import a_shop_day

    till.record(*a_shop_day())
    till.books.database.copy_to(tmp_path / "copy.db")
    copy = Database(tmp_path / "copy.db")
    with copy.read() as db:
        count = db.exec_driver_sql("SELECT count(*) FROM entry").scalar_one()
    copy.close()
    assert till.rows("SELECT count(*) FROM entry") == [(count,)]


def test_each_scratch_is_empty_and_its_own() -> None:
    with scratch() as one, scratch() as other:
        one.exec_driver_sql("CREATE TABLE t (x)")
        assert other.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one() == 0
