"""Disks that kill: SQLite's own connections, told to stop the process before or after a statement.

A process that dies runs nothing more: from the first kill on its connections refuse every
statement, so no `except` and no `finally` can tidy up what a power cut would leave as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from app import database
from sync.hub import database as hub_database

_READING = ("SELECT", "PRAGMA")
BEFORE, AFTER = "before", "after"
COMMIT = "COMMIT"


class Killed(BaseException):
    """The process is gone, as with the power."""

    def __init__(self, disk: "Disk") -> None:
        super().__init__(disk.folder)
        self.disk = disk


class Disk:
    """What may go wrong with one machine's disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.dead = False
        self._left: int | None = None
        """Writing statements that are still let through, None when nobody is to be killed."""
        self._when = BEFORE

    def arm(self, statements: int, when: str = BEFORE) -> None:
        """Let so many writing statements through and kill before the next, or right behind the
        first commit from then on: what was committed stands, and nobody was told so."""
        self._left, self._when = statements, when

    def disarm(self) -> bool:
        """Kill nobody; whether somebody would have been."""
        was, self._left = self._left, None
        return was is not None

    def touched(self, sql: str, when: str) -> None:
        """A statement begins or has ended."""
        if self.dead:
            raise Killed(self)
        if self._left is None or sql.lstrip()[:6].upper() in _READING:
            return
        if self._left and when == BEFORE:
            self._left -= 1
        elif not self._left and when == self._when and (when == BEFORE or sql == COMMIT):
            self._left, self.dead = None, True
            raise Killed(self)


DISKS: dict[str, Disk] = {}
"""By folder: a connection belongs to the disk its file lies on."""


class _Cursor(database.sqlite.Cursor):  # type: ignore[misc]
    def execute(self, sql: str, *values: Any) -> Any:
        disk = self.connection.disk
        if disk is None:
            return super().execute(sql, *values)
        disk.touched(sql, BEFORE)
        done = super().execute(sql, *values)
        disk.touched(sql, AFTER)
        return done

    def executemany(self, sql: str, *values: Any) -> Any:
        disk = self.connection.disk
        if disk is not None:
            disk.touched(sql, BEFORE)
        done = super().executemany(sql, *values)
        if disk is not None:
            disk.touched(sql, AFTER)
        return done


class _Connection(database.sqlite.Connection):  # type: ignore[misc]
    def __init__(self, path: str, *values: Any, **named: Any) -> None:
        super().__init__(path, *values, **named)
        self.disk = DISKS.get(str(Path(path).parent))

    def cursor(self, _factory: object = None) -> Any:
        return super().cursor(_Cursor)

    def commit(self) -> None:
        """How a hub commits; a till says it as a statement."""
        if self.disk is None or not self.in_transaction:
            super().commit()
            return
        self.disk.touched(COMMIT, BEFORE)
        super().commit()
        self.disk.touched(COMMIT, AFTER)


class _SameDialect(SQLiteDialect_pysqlite):
    """All engines here speak alike, so what one has compiled is good for all: a till that opens
    for the hundredth time does not compile its statements a hundredth time."""

    supports_statement_cache = True

    def __hash__(self) -> int:
        return hash(_SameDialect)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameDialect)


_COMPILED: LRUCache[Any, Any] = LRUCache(5_000)


@contextmanager
def driven_disks() -> Iterator[None]:
    """Every database opened meanwhile asks its disk first."""
    real = database.create_engine

    def engine(*values: Any, **named: Any) -> Any:
        if "connect_args" in named:
            named["connect_args"] = {**named["connect_args"], "factory": _Connection}
        made = real(*values, **named)
        made.dialect.__class__ = _SameDialect
        made._compiled_cache = _COMPILED
        return made

    looks = hub_database._looks
    # What the tables look like is a hash of text that takes longer to make than a hub to start.
    known = looks_once(looks)
    database.create_engine = engine  # type: ignore[assignment]
    hub_database._looks = lambda _database: known
    try:
        yield
    finally:
        database.create_engine = real
        hub_database._looks = looks


@cache
def looks_once(looks: Any) -> str:
    """What the hub says its tables look like on SQLite."""
    return str(looks(SimpleNamespace(engine=create_engine("sqlite://"))))
