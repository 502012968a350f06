"""One way in: `with transaction(books) as tx: tx.record(fact)`. Whole or nothing.

A transaction appends facts to the till's journal, writes what they mean to the tables and puts
papers into the print queue, in one commit. A commit that fails is *unknown*, not failed: the disk
may hold it all the same. Then everything is closed and opened again and the fact is looked up by
its id before anybody decides anything; else a cashier rings the same sale twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Executable, Table, select
from sqlalchemy.engine import Row as ResultRow
from sqlalchemy.exc import DBAPIError

from app.clock import Clock
from app.database import Database, DriverError, Priority, trouble_of
from app.errors import Trouble
from app.facts.base import Fact
from app.facts.journals import ClockConfirmed
from app.folder import free_reserve
from app.ids import Ids
from app.journal.own import Entry, OwnJournal
from app.journal.secrets import SecretStore
from app.journal.tables import entry as entry_table
from app.row_writer import driver_of, insert_rows, write_changes
from app.rows import Apply, Change

Meaning = Mapping[type[Fact], tuple[Apply, ...]]
Listener = Callable[[Sequence[Fact]], None]


class Books:
    """Everything an action needs of the till it works in; built once, at the start."""

    def __init__(
        self,
        *,
        database: Database,
        journal: OwnJournal,
        meaning: Meaning,
        secrets: SecretStore,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self.database = database
        self.journal = journal
        self.meaning = meaning
        self.secrets = secrets
        self.clock = clock
        self.ids = ids
        self.listeners: list[Listener] = []
        """Called after a commit with the facts it recorded, on the thread that committed."""
        self.unknown: tuple[str, ...] = ()
        """Facts of the commit after which selling stopped: nobody knows yet whether they stand."""

    @property
    def shop(self) -> str:
        return self.journal.shop

    @property
    def till(self) -> str:
        return self.journal.till

    def tell(self, facts: Sequence[Fact]) -> None:
        """These facts count from now on, or no more: whoever remembers something looks again."""
        for listener in self.listeners:
            listener(facts)

    def read(self) -> Any:
        """`with books.read() as db:` one consistent view that cannot write."""
        return self.database.read()


class Transaction:
    """What an action may do between begin and commit."""

    def __init__(self, books: Books, connection: Connection, staff: str) -> None:
        self.books = books
        self.connection = connection
        self.staff = staff
        self.entries: list[Entry] = []
        self._changes: list[Change] = []

    @property
    def shop(self) -> str:
        return self.books.shop

    @property
    def till(self) -> str:
        return self.books.till

    @property
    def ids(self) -> Ids:
        return self.books.ids

    @property
    def now_ms(self) -> int:
        return self.books.clock.wall_ms()

    def record(self, fact: Fact, fact_id: str | None = None) -> Entry:
        """Append a fact to the journal and take note of what it means: the only write of meaning.

        `fact_id` is given when the work began before (a sale's is made as its basket opens).
        Raises Refusal("clock_jumped").
        """
        entry = self.books.journal.append(
            self.connection,
            fact,
            fact_id or self.ids.new(),
            staff=self.staff,
            believe_clock=isinstance(fact, ClockConfirmed),
        )
        for apply in self.books.meaning[type(fact)]:
            self._changes.extend(apply(entry.envelope, fact))
        self.entries.append(entry)
        return entry

    def read(self, statement: Executable, values: Any = None) -> Sequence[ResultRow[Any]]:
        """Rows, as this transaction will leave them."""
        self.flush()
        return self.connection.execute(statement, values).all()

    def execute(self, statement: Executable, values: Any = None) -> None:
        """Write to a `local` table: drafts, print jobs, secrets. Never to one with meaning."""
        table = getattr(statement, "table", None)
        assert table is None or table.info["kind"] == "local", f"{table} is not a local table"
        self.connection.execute(statement, values)

    def insert(self, table: Table, *rows: dict[str, Any]) -> None:
        """Rows into a `local` table, the short way: every column by its name."""
        assert table.info["kind"] == "local", f"{table} is not a local table"
        insert_rows(self.connection, table, rows)

    def flush(self) -> None:
        """Write the changes noted so far, one statement per table."""
        changes, self._changes = self._changes, []
        write_changes(self.connection, changes)


@contextmanager
def transaction(
    books: Books, *, staff: str = "", priority: Priority = Priority.ACTION
) -> Iterator[Transaction]:
    """Begin, hand out a Transaction, commit. Any exception inside rolls everything back.

    Raises Trouble: disk_full, disk_error, disk_read_only, database_busy, not_saved (surely
    nothing was saved: try again), stop_selling (nobody can know yet: sell on paper).
    """
    database = books.database
    with database.gate.held(priority):
        _settle_unknown(books)
        try:
            connection = database.writer
            driver_of(connection).execute("BEGIN IMMEDIATE")
        except (DBAPIError, DriverError) as error:
            database.close()
            raise trouble_of(error) or error from error
        tx = Transaction(books, connection, staff)
        try:
            yield tx
            tx.flush()
        except BaseException as error:
            _roll_back(database, connection)
            if isinstance(error, DBAPIError | DriverError) and (trouble := trouble_of(error)):
                _make_room(database, trouble)
                raise trouble from error
            raise
        try:
            driver_of(connection).execute("COMMIT")
        except (DBAPIError, DriverError) as error:
            _find_out(database, tx, error)
    books.tell([entry.fact for entry in tx.entries])


def _roll_back(database: Database, connection: Connection) -> None:
    try:
        # After some disk errors SQLite has rolled back by itself.
        driver = connection.connection.driver_connection
        if driver is not None and driver.in_transaction:
            connection.exec_driver_sql("ROLLBACK")
    except (DBAPIError, DriverError):
        database.close()


def _make_room(database: Database, trouble: Trouble) -> None:
    """A full disk gets the reserve back: finding out, counting and closing need a little room."""
    if trouble.code == "disk_full":
        with suppress(OSError):
            free_reserve(database.path.parent)


def _find_out(database: Database, tx: Transaction, error: BaseException) -> None:
    """After a failed commit: return if the facts are on the disk, raise what is true if not."""
    trouble = trouble_of(error) or Trouble("disk_error", detail=type(error).__name__)
    with suppress(DBAPIError, DriverError):
        database.close()
    _make_room(database, trouble)
    if not tx.entries:
        raise trouble from error
    ids = tx.books.unknown = tuple(entry.envelope.fact for entry in tx.entries)
    found = _on_the_disk(database, ids, trouble.code)
    tx.books.unknown = ()
    if not found:
        raise Trouble("not_saved", detail=trouble.code) from error
    assert sorted(found) == sorted(ids), "a commit is whole or nothing"


def _settle_unknown(books: Books) -> None:
    """Selling stopped; the disk may answer again. Facts that never arrived are forgotten: go on.

    If they are there, what this process remembers is older than the disk, and whoever tries again
    would do it twice: only opening the till anew helps.
    """
    if not books.unknown:
        return
    if _on_the_disk(books.database, books.unknown, "unknown"):
        raise Trouble("stop_selling", detail="saved")
    books.unknown = ()


def _on_the_disk(database: Database, ids: Sequence[str], why: str) -> Sequence[str]:
    """Which of these facts stand, for certain. Raises Trouble("stop_selling") if nobody knows."""
    try:
        found = database.writer.scalars(
            select(entry_table.c.fact).where(entry_table.c.fact.in_(ids))
        ).all()
        # Reading may still see pages that never reached the disk; a checkpoint writes them down
        # and fails when the disk refuses, so what we answer here stays true after a power cut.
        # TRUNCATE also empties the WAL: while a reader keeps the old view open, the pages of a
        # commit we call not saved would else lie there, and come back to life at the next start.
        result = database.writer.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first()
    except (DBAPIError, DriverError, Trouble) as error:
        with suppress(DBAPIError, DriverError):
            database.close()
        raise Trouble("stop_selling", detail=why) from error
    if result is not None and result[0] != 0:
        raise Trouble("stop_selling", detail=why)
    return found
