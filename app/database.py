"""The till's one SQLite file: the only importer of the driver, one writer, many readers.

Rules of this file, each paid for by a lost sale somewhere:

* One SQLite library per process, at least 3.51.3 (older ones corrupt the WAL when it is reset).
* Nobody opens the file, its -wal or its -shm as a file: closing such a handle drops the locks of
  the whole process and committed sales vanish. Copies are made by the backup API only.
* synchronous=FULL: a sale that was shown as paid has reached the disk.
* The writer is one connection behind a gate that lets checkout in first. Readers are query_only
  with a deferred BEGIN, so they never hold the write lock.
"""

import enum
import heapq
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from app.errors import Trouble

OLDEST_SQLITE = (3, 51, 3)
FILE_NAME = "till.db"
APPLICATION_ID = 0x4B50_5950
"""Marks the file as a till's ("KPYP"), so that a stray database is not taken for one."""

DriverError = sqlite.DatabaseError
FILE_ERRORS = (DBAPIError, DriverError, UnicodeDecodeError)
"""What touching a damaged file raises; the last one when the library's own words were garbled."""

_SHARED_PRAGMAS = ("busy_timeout=5000", "foreign_keys=ON", "trusted_schema=OFF")
_WRITER_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "cell_size_check=ON",
    # What is deleted is overwritten: a member who was forgotten is in no free page.
    "secure_delete=ON",
    "fullfsync=ON",
    "cache_size=-4000",
)
_TROUBLE_CODES = {
    "SQLITE_FULL": "disk_full",
    "SQLITE_IOERR": "disk_error",
    "SQLITE_READONLY": "disk_read_only",
    "SQLITE_CANTOPEN": "disk_error",
    "SQLITE_PERM": "disk_read_only",
    "SQLITE_BUSY": "database_busy",
    "SQLITE_LOCKED": "database_busy",
    "SQLITE_CORRUPT": "database_damaged",
    "SQLITE_NOTADB": "database_damaged",
}
_TROUBLE_WORDS = {
    "database or disk is full": "disk_full",
    "disk I/O error": "disk_error",
    "attempt to write a readonly database": "disk_read_only",
    "database is locked": "database_busy",
    "database disk image is malformed": "database_damaged",
    "file is not a database": "database_damaged",
}
"""The same by SQLite's own words: what goes wrong in a backup comes without its name."""


class Priority(enum.IntEnum):
    """Who goes first when several wait for the writer."""

    CHECKOUT = 0
    ACTION = 1
    DRAFT = 2
    BACKGROUND = 3


class Gate:
    """One writer at a time; the lowest priority number goes first, then first come."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._waiting: list[tuple[int, int]] = []
        self._next_ticket = 0
        self._busy = False

    @contextmanager
    def held(self, priority: Priority) -> Iterator[None]:
        """Wait for one's turn, and give it up afterwards."""
        with self._condition:
            ticket = (int(priority), self._next_ticket)
            self._next_ticket += 1
            heapq.heappush(self._waiting, ticket)
            try:
                self._condition.wait_for(lambda: not self._busy and self._waiting[0] == ticket)
            finally:
                # Also when waiting was broken off: a ticket nobody holds would block the rest.
                self._waiting.remove(ticket)
                heapq.heapify(self._waiting)
                self._condition.notify_all()
            self._busy = True
        try:
            yield
        finally:
            with self._condition:
                self._busy = False
                self._condition.notify_all()


def trouble_of(error: BaseException) -> Trouble | None:
    """The world's part in a database error, or None when the error is our bug."""
    if isinstance(error, UnicodeDecodeError):
        return Trouble("database_damaged", detail="text")
    driver = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(driver, "sqlite_errorname", "") or ""
    for prefix, code in _TROUBLE_CODES.items():
        if name.startswith(prefix):
            return Trouble(code, detail=name)
    words = "" if name else str(driver)
    known = _TROUBLE_WORDS.get(words)
    return Trouble(known, detail=words) if known else None


class Database:
    """The open file: one writer connection, readers on demand, reopened after an unknown commit."""

    def __init__(self, path: Path) -> None:
        if sqlite.sqlite_version_info < OLDEST_SQLITE:
            raise Trouble("sqlite_too_old", version=sqlite.sqlite_version)
        self.path = path
        self.gate = Gate()
        self._opening = threading.RLock()
        self._writer: Connection | None = None
        self._engines: list[Engine] = []
        self._readers: Engine | None = None
        self.open()

    def open(self) -> None:
        """Open writer and readers; Trouble when the file cannot be a till's database."""
        try:
            fresh = self._is_fresh()
            writers = self._engine(_WRITER_PRAGMAS, StaticPool)
            self._writer = writers.connect().execution_options(isolation_level="AUTOCOMMIT")
            if fresh:
                self._writer.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
            readers = self._engine(("query_only=ON", "cache_size=-1000"), QueuePool)
            event.listen(readers, "begin", lambda c: c.exec_driver_sql("BEGIN"))
            self._readers = readers
        except FILE_ERRORS as error:
            self.close()
            raise trouble_of(error) or error from error
        except Trouble:
            self.close()
            raise

    def _is_fresh(self) -> bool:
        """Whether the file is new; looked at before anything is written into a stranger's."""
        with closing(sqlite.connect(str(self.path))) as probe:
            marked = probe.execute("PRAGMA application_id").fetchone()[0]
            tables = probe.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if marked != APPLICATION_ID and tables:
            raise Trouble("not_a_till_database")
        return bool(marked != APPLICATION_ID)

    def _engine(self, pragmas: tuple[str, ...], pool: type) -> Engine:
        engine = create_engine(
            URL.create("sqlite", database=str(self.path)),
            module=sqlite,
            poolclass=pool,
            connect_args={"isolation_level": None, "check_same_thread": False},
        )

        @event.listens_for(engine, "connect")
        def prepare(connection: sqlite.Connection, _record: object) -> None:
            for pragma in (*_SHARED_PRAGMAS, *pragmas):
                connection.execute(f"PRAGMA {pragma}")

        self._engines.append(engine)
        return engine

    @property
    def writer(self) -> Connection:
        """The writer's connection; only a transaction that holds the gate may use it."""
        with self._opening:
            if self._writer is None:
                self.open()
            assert self._writer is not None
            return self._writer

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reader's connection with one consistent view of the shop; it cannot write."""
        with self._opening:
            if self._readers is None:
                self.open()
            readers = self._readers
            assert readers is not None
        try:
            with readers.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise trouble_of(error) or error from error

    def practise_full_disk(self, on: bool) -> None:
        """Take no page more than there are, so that writing fails as on a full disk."""
        with self.gate.held(Priority.ACTION):
            pages = self.writer.exec_driver_sql("PRAGMA page_count").scalar_one() if on else 2**30
            self.writer.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def copy_to(self, target: Path) -> None:
        """A whole copy by the backup API, then quick_check on the copy. Trouble if it is bad."""
        with self.read() as connection:
            # Reading first holds one view of the file: without it every sale made meanwhile
            # would send the copy back to its beginning.
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one()
            source = connection.connection.driver_connection
            assert source is not None
            copy = sqlite.connect(str(target))
            try:
                source.backup(copy, pages=256)
                answer = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
            except DriverError as error:
                raise trouble_of(error) or error from error
            finally:
                copy.close()
        if answer != "ok":
            raise Trouble("database_damaged", detail=answer[:80])

    def close(self) -> None:
        """Close every connection. The next use opens the file again."""
        with self._opening:
            connection, self._writer, self._readers = self._writer, None, None
            engines, self._engines = self._engines, []
        try:
            if connection is not None:
                connection.close()
        finally:
            for engine in engines:
                engine.dispose()


_READS = {
    sqlite.SQLITE_SELECT,
    sqlite.SQLITE_READ,
    sqlite.SQLITE_PRAGMA,
}
_ENTRY = "SELECT journal, seq, content, hash, sig FROM entry ORDER BY journal, seq"
_KINDS = (str, int, bytes, bytes, bytes)
_MOST_STEPS = 20_000
"""Looks of the watch at a strange file, a million steps of SQLite each: hours of honest work. A
file made to keep us busy for ever is given up."""
_MOST_BYTES = 256 * 1024
"""Of one value: four times what an entry may hold."""


def entries_of_strange_file(path: Path) -> Iterator[tuple[str, int, bytes, bytes, bytes]]:
    """The rows of the entry table in a file that may come from anybody; nothing else of it is used.

    Opened as it lies there: never written, no -wal or -shm beside it, nothing of its schema
    trusted, nothing but reading that one plain table allowed, and given up when it takes for ever.
    The caller checks hashes and signatures. Raises Trouble("copy_foreign").
    """
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    steps = 0

    def watch() -> int:
        nonlocal steps
        steps += 1
        return int(steps > _MOST_STEPS)

    def allowed(action: int, first: str | None, _second: str | None, *_more: object) -> int:
        ours = action != sqlite.SQLITE_READ or first in ("entry", "sqlite_master")
        return int(sqlite.SQLITE_OK if action in _READS and ours else sqlite.SQLITE_DENY)

    try:
        with closing(sqlite.connect(address, uri=True, isolation_level=None)) as strange:
            for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0",
                           "query_only=ON", "temp_store=MEMORY"):  # fmt: skip
                strange.execute(f"PRAGMA {pragma}")
            strange.set_progress_handler(watch, 1_000_000)
            _demand_plain_table(strange)
            strange.set_authorizer(allowed)
            for row in strange.execute(_ENTRY):
                fits = [isinstance(value, kind) for value, kind in zip(row, _KINDS, strict=True)]
                if not all(fits) or len(row[2]) > _MOST_BYTES:
                    raise Trouble("copy_foreign", detail="entry")
                yield row
    except (DriverError, sqlite.Warning, UnicodeDecodeError, OverflowError, MemoryError) as error:
        raise Trouble("copy_foreign", detail=str(error)[:80]) from error


def _demand_plain_table(strange: sqlite.Connection) -> None:
    """A till's file with a real table of entries, whole in all its pages."""
    if strange.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise Trouble("copy_foreign", detail="application_id")
    found = strange.execute(
        "SELECT type, sql FROM sqlite_master WHERE name = 'entry' COLLATE NOCASE"
    ).fetchall()
    plain = len(found) == 1 and found[0][0] == "table"
    if not plain or not str(found[0][1]).upper().startswith("CREATE TABLE"):
        raise Trouble("copy_foreign", detail="entry")
    if (said := strange.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise Trouble("copy_foreign", detail=str(said)[:80])


@contextmanager
def read_beside(path: Path) -> Iterator[Connection]:
    """One consistent view of a till's file for a process of its own, which writes nothing.

    Whoever holds the till reads with `Database.read`.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=sqlite,
        poolclass=NullPool,
        connect_args={"isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite.Connection, _record: object) -> None:
        for pragma in (*_SHARED_PRAGMAS, "query_only=ON", "cache_size=-4000"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN"))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def server_engine(path: Path) -> Engine:
    """A file of the hub's, for a brand that tries it: the same library and care, one writer at a
    time, every transaction takes its turn at its beginning."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=sqlite,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite.Connection, _record: object) -> None:
        for pragma in (*_SHARED_PRAGMAS, *_WRITER_PRAGMAS):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def sqlite_version() -> str:
    """The version of the SQLite library this program brings along ("3.53.1")."""
    return str(sqlite.sqlite_version)


@contextmanager
def scratch() -> Iterator[Connection]:
    """An empty database of one's own that vanishes afterwards: what a rebuild is made in.

    Without a name SQLite keeps it in memory and moves it to a hidden file when it grows large.
    """
    with _scratches().connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@cache
def _scratches() -> Engine:
    # One engine for all: it remembers compiled statements; each connection is a new database.
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite.connect("", isolation_level=None),
        module=sqlite,
        poolclass=NullPool,
    )
