"""The hub's database: PostgreSQL in production, one SQLite file to try it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.schema import CreateIndex, CreateTable

from app.database import server_engine
from app.errors import Refusal, Trouble
from sync.hub import office_tables, tables
from sync.hub.tables import HUB, MEANT, hub_cursor, hub_mark, hub_unread

_DECLARED_IN = (tables, office_tables)
"""A table exists only once its module was imported."""

FILE_NAME = "hub.db"
TABLES_MARK = "tables"
POOL = 8
Rows = Sequence[Mapping[str, Any]]


class HubDatabase:
    """Connections, and the few statements the two databases word differently."""

    def __init__(self, folder: Path, url: str = "") -> None:
        """Raises Refusal("hub_database_bad"), Trouble("hub_database_away")."""
        self.engine = _postgresql(url) if url else server_engine(folder / FILE_NAME)
        self.is_postgresql = bool(url)
        self.insert: Callable[[Table], Any] = (postgresql if url else sqlite).insert
        """INSERT with this database's ON CONFLICT."""
        try:
            HUB.create_all(self.engine)
        except OperationalError as error:
            self.engine.dispose()
            raise Trouble("hub_database_away", detail=type(error.orig).__name__) from error

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction: whole, or nothing."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def view(self) -> Iterator[Connection]:
        """One view of everything as it stood at the first question, for whoever only reads: what is
        worked in meanwhile is in none of the answers."""
        with self.engine.connect() as connection:
            if self.is_postgresql:
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin():
                yield connection

    def add(self, connection: Connection, table: Table, rows: Rows) -> None:
        """Many new rows at once: COPY where there is one."""
        if not rows:
            return
        names = [column.name for column in table.columns]
        if not self.is_postgresql:
            connection.execute(_plain(table), list(rows))
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        columns = ", ".join(f'"{name}"' for name in names)
        try:
            with (
                driver.cursor() as cursor,
                cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copying,
            ):
                # Every table has a key and something more: what is picked is a tuple.
                pick = itemgetter(*names)
                for row in rows:
                    copying.write_row(pick(row))
        except driver_errors() as error:
            raise DBAPIError("COPY", None, error) from error

    def mark(self, connection: Connection, name: str, value: str) -> None:
        """Note something about the hub itself."""
        said = self.insert(hub_mark)
        said = said.on_conflict_do_update(
            index_elements=["name"], set_={"value": said.excluded.value}
        )
        connection.execute(said, {"name": name, "value": value})

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


@cache
def _plain(table: Table) -> Insert:
    return Insert(table)


def driver_errors() -> tuple[type[BaseException], ...]:
    """What PostgreSQL's driver raises; imported only where there is one."""
    import psycopg

    return (psycopg.Error,)


def _postgresql(url: str) -> Engine:
    address = url
    for short in ("postgresql://", "postgres://"):
        if url.startswith(short):
            address = "postgresql+psycopg://" + url.removeprefix(short)
    try:
        return create_engine(address, pool_size=POOL, max_overflow=POOL, pool_pre_ping=True)
    except (ArgumentError, ImportError, ValueError) as error:
        raise Refusal("hub_database_bad", detail=str(error)[:80]) from None


def make_meaning(database: HubDatabase) -> bool:
    """Make the tables of meaning; whether they had to be made anew.

    They are made from entries, so when a program wants them otherwise they are dropped, and the
    projection fills them again from the first batch on.
    """
    wanted = _looks(database)
    with database.begin() as db:
        standing = db.scalar(
            select(hub_mark.c.value).where(hub_mark.c.name == TABLES_MARK).with_for_update()
        )
        if standing == wanted:
            return False
        MEANT.drop_all(db)
        MEANT.create_all(db)
        db.execute(hub_cursor.delete())
        db.execute(hub_unread.delete())
        database.mark(db, TABLES_MARK, wanted)
        return standing is not None


def _looks(database: HubDatabase) -> str:
    """What the tables of meaning look like, as a hash of the statements that make them."""
    dialect = database.engine.dialect
    made: list[str] = []
    for table in MEANT.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda one: str(one.name))
        made += [str(CreateIndex(each).compile(dialect=dialect)) for each in indexes]
    return hashlib.sha256("\n".join(made).encode()).hexdigest()


def marks_at(url: str) -> dict[str, str]:
    """The same of a hub that is not open here; empty where there is none, and none is made.

    Raises Refusal("hub_database_bad"), Trouble("hub_database_away").
    """
    engine = _postgresql(url)
    try:
        with engine.connect() as connection:
            known = inspect(connection).has_table(hub_mark.name)
            return marks(connection) if known else {}
    except OperationalError as error:
        raise Trouble("hub_database_away", detail=type(error.orig).__name__) from error
    finally:
        engine.dispose()


def marks(connection: Connection) -> dict[str, str]:
    """What the hub knows about itself."""
    return {row.name: row.value for row in connection.execute(select(hub_mark))}
