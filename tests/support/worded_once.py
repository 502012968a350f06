"""Tables and statements are worded once in a process, however many tills live in it.

A till's program words each statement once in its life and the tables of a new file once ever. Here
a process opens some thousand files, and finding the same words for each was a quarter of its work.
What is worded is what the product words, taken down the first time; nothing is left out of it. A
new till's whole file is copied from the first one the product made.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import Connection, Engine, MetaData, Table, event

import app.database
import app.schema
import sync.hub.database
import sync.hub.serving
from app.row_writer import driver_of
from app.rows import METADATA
from sync.hub.database import HubDatabase
from sync.hub.tables import HUB, MEANT
from tests.support.hub_applications import APPLICATIONS
from tests.support.statements import Statements, sharing


class Tables:
    """Makes the tables of an empty SQLite file from the words they were first made with."""

    def __init__(self, metadata: MetaData) -> None:
        self._make, self._drop = metadata.create_all, metadata.drop_all
        self._metadata = metadata
        self._words: dict[Any, list[str]] = {}

    def create_all(
        self, bind: Connection | Engine, tables: list[Table] | None = None, checkfirst: bool = True
    ) -> None:
        """What MetaData.create_all does."""
        if isinstance(bind, Engine):
            with bind.begin() as connection:
                self.create_all(connection, tables, checkfirst)
            return
        if bind.dialect.name != "sqlite" or self._stands(bind):
            self._make(bind, tables, checkfirst)
            return
        what = shape_of(list(self._metadata.tables.values()) if tables is None else tables)
        if what in self._words:
            driver = driver_of(bind)
            for words in self._words[what]:
                driver.execute(words)
            return
        with _heard(bind) as words_heard:
            self._make(bind, tables, checkfirst)
        self._words[what] = [each for each in words_heard if each.lstrip().startswith("CREATE")]

    def drop_all(self, bind: Connection) -> None:
        """What MetaData.drop_all does: nothing where no table stands."""
        if bind.dialect.name != "sqlite" or self._stands(bind):
            self._drop(bind)

    def _stands(self, bind: Connection) -> bool:
        made = bind.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type='table'")
        return any(name in self._metadata.tables for (name,) in made)


def shape_of(tables: list[Table]) -> tuple[Any, ...]:
    """What of tables a test may change, for the words of others would not be theirs."""
    return tuple((each.name, tuple(each.columns.keys())) for each in tables)


def looks_once(looks: Callable[[HubDatabase], str]) -> Callable[[HubDatabase], str]:
    """The hash of the tables of meaning, worked out once for each kind of database."""
    known: dict[Any, str] = {}

    def looks_of(database: HubDatabase) -> str:
        key = (type(database.engine.dialect), shape_of(list(MEANT.tables.values())))
        if key not in known:
            known[key] = looks(database)
        return known[key]

    return looks_of


@contextmanager
def _heard(connection: Connection) -> Iterator[list[str]]:
    """What a connection is told."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(connection, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(connection, "before_cursor_execute", hear)


def made_once(create: Callable[[Connection], None]) -> Callable[[Connection], None]:
    """What `schema.create` leaves in an empty file, page by page from the first file it filled."""
    kept: list[Any] = []

    def made(connection: Connection) -> None:
        if kept:
            driver = driver_of(connection)
            # Whose file it is was written into it before its tables.
            (whose,) = driver.execute("PRAGMA application_id").fetchone()
            kept[0].backup(driver)
            driver.execute(f"PRAGMA application_id={whose}")
            return
        create(connection)
        first = sqlite.connect(":memory:", check_same_thread=False)
        driver_of(connection).backup(first)
        kept.append(first)

    return made


@contextmanager
def worded_once() -> Iterator[None]:
    """For as long as it is open."""
    statements = Statements()
    with pytest.MonkeyPatch.context() as patch:
        for module in (app.database, sync.hub.database):
            patch.setattr(module, "create_engine", sharing(module.create_engine, statements))
        for metadata in (METADATA, HUB, MEANT):
            tables = Tables(metadata)
            patch.setattr(metadata, "create_all", tables.create_all)
            patch.setattr(metadata, "drop_all", tables.drop_all)
        patch.setattr(app.schema, "create", made_once(app.schema.create))
        patch.setattr(sync.hub.serving, "application", APPLICATIONS.application)
        patch.setattr(sync.hub.database, "_looks", looks_once(sync.hub.database._looks))
        yield
