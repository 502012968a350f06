"""Holds the tables against the entries they were made from: rebuilt beside them, row by row.

The tables of a till that was left alone equal what its entries mean; a row somebody edited, took
out or put in does not. Sums are checked twice: against a rebuild, and against their own rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Column, Connection, Table, func, select
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from app.database import FILE_ERRORS
from app.errors import Trouble
from app.facts.base import Fact
from app.journal.problems import Problem
from app.journal.rebuild import Batch
from app.journal.stored import Meaning
from app.journal.tables import entry as entry_table
from app.row_writer import driver_of, write_changes
from app.rows import Envelope, Register, SumOf

Row = Sequence[Any]
MOST_DETAIL = 200
AT_ONCE = 200
"""Rows that are held against each other in one go while nothing differs."""
_KINDS: dict[type, int] = {type(None): 0, str: 2, bytes: 3}
"""Everything else is a number."""


class Rebuild:
    """Collects what entries mean into a second, empty set of the same tables."""

    def __init__(self, scratch: Connection, meaning: Meaning, tables: Sequence[Table]) -> None:
        for statement in _creation(tuple(tables)):
            scratch.exec_driver_sql(statement)
        self._scratch = scratch
        self._batch = Batch(scratch, meaning)
        self.problems: list[Problem] = []

    def take(self, envelope: Envelope, fact: Fact) -> None:
        """Note what one entry means; an entry whose meaning clashes with another's is named."""
        self._batch.note(envelope, fact)
        if self._batch.full:
            self.flush()

    def take_feeds(self, registers: Iterable[Register]) -> None:
        """Note what head office's feeds mean."""
        write_changes(self._scratch, registers)

    def flush(self) -> None:
        """Write down what was noted."""
        for envelope, error in self._batch.write_each_if_need_be():
            detail = str(error.orig if isinstance(error, DBAPIError) else error)[:MOST_DETAIL]
            self.problems.append(Problem("meaning_failed", envelope.journal, envelope.seq, detail))


@cache
def _creation(tables: tuple[Table, ...]) -> tuple[str, ...]:
    """The tables as SQL; without their indexes, which nobody asks here."""
    return tuple(str(CreateTable(table).compile(dialect=dialect())) for table in tables)


def differing_rows(
    connection: Connection, scratch: Connection, tables: Sequence[Table]
) -> Iterator[Problem]:
    """Rows of the till that are not what its entries mean: changed, missing, or extra."""
    for table in tables:
        sql, keys = in_order(table)
        standing_rows, rebuilt_rows = (
            driver_of(each).execute(sql) for each in (connection, scratch)
        )
        for standing, rebuilt in _differences(*_past_equal(standing_rows, rebuilt_rows), keys):
            yield _row_problem(connection, table, standing, rebuilt)


def _past_equal(left: Any, right: Any) -> tuple[Iterator[Row], Iterator[Row]]:
    """What two cursors still have to say from where they differ on; mostly nothing."""
    while True:
        one, other = left.fetchmany(AT_ONCE), right.fetchmany(AT_ONCE)
        if one != other or not one:
            return chain(one, left), chain(other, right)


@cache
def in_order(table: Table) -> tuple[str, tuple[int, ...]]:
    """A table's rows sorted by its key as SQL, and where in a row the key stands."""
    statement = select(*table.columns).order_by(*table.primary_key)
    names = table.columns.keys()
    keys = tuple(names.index(column.name) for column in table.primary_key)
    return str(statement.compile(dialect=dialect())), keys


def differing_sums(connection: Connection, sums: Sequence[SumOf]) -> Iterator[Problem]:
    """Sums that are not the sum of their rows."""
    for each in sums:
        keys = list(each.table.primary_key)
        standing = select(*keys, *(each.table.c[name] for name in each.columns)).order_by(*keys)
        grouped = [each.source.c[column.name] for column in keys]
        summed = [func.sum(each.source.c[source]) for source in each.columns.values()]
        rebuilt = select(*grouped, *summed).group_by(*grouped).order_by(*grouped)
        numbers = range(len(keys))
        for one, other in _differences(
            connection.execute(standing), connection.execute(rebuilt), numbers
        ):
            detail = f"{each.table.name} {_named(keys, one or other or ())}"
            values = f": {_values(one, len(keys))} ≠ {_values(other, len(keys))}"
            yield Problem("sum_wrong", detail=(detail + values)[:MOST_DETAIL])


def _values(row: Row | None, start: int) -> str:
    return "—" if row is None else ",".join(str(value) for value in row[start:])


def _differences(
    left: Iterable[Row], right: Iterable[Row], keys: Sequence[int]
) -> Iterator[tuple[Row | None, Row | None]]:
    """Pairs that differ of two lists of rows sorted by the same key; None where one has no row."""
    rights, lefts = iter(right), iter(left)
    one, other = next(lefts, None), next(rights, None)
    while one is not None or other is not None:
        one_key = None if one is None else _sortable(one, keys)
        other_key = None if other is None else _sortable(other, keys)
        if other_key is None or (one_key is not None and one_key < other_key):
            yield one, None
            one = next(lefts, None)
        elif one_key is None or other_key < one_key:
            yield None, other
            other = next(rights, None)
        else:
            if one is not None and other is not None and tuple(one) != tuple(other):
                yield one, other
            one, other = next(lefts, None), next(rights, None)


def _sortable(row: Row, keys: Sequence[int]) -> tuple[Any, ...]:
    """A row's key as SQLite sorts it: text by its UTF-8 bytes, which is Python's order too.

    In a damaged file a number may stand where text belongs, so kinds come before values.
    """
    values = [row[index] for index in keys]
    return tuple((_KINDS.get(type(value), 1), 0 if value is None else value) for value in values)


def _row_problem(
    connection: Connection, table: Table, standing: Row | None, rebuilt: Row | None
) -> Problem:
    names = list(table.columns.keys())
    row = standing if standing is not None else rebuilt
    assert row is not None
    key = _named(list(table.primary_key), [row[names.index(c.name)] for c in table.primary_key])
    detail = f"{table.name} {key}"
    code = "row_extra" if rebuilt is None else "row_missing"
    if standing is not None and rebuilt is not None:
        code = "row_changed"
        detail += "".join(
            f"; {name}: {was} → {now}"
            for name, now, was in zip(names, standing, rebuilt, strict=True)
            if now != was
        )
    journal, seq = _place(connection, dict(zip(names, row, strict=True)))
    return Problem(code, journal, seq, detail[:MOST_DETAIL])


def _named(columns: Sequence[Column[Any]], values: Row) -> str:
    return ",".join(
        f"{column.name}={value}" for column, value in zip(columns, values, strict=False)
    )


def _place(connection: Connection, row: dict[str, Any]) -> tuple[str, int]:
    """The entry a row was made from, ("", 0) where the row does not say."""
    if isinstance(version := row.get("version"), str) and version.count(".") == 2:
        _order, journal, seq = version.split(".")
        return journal, int(seq) if seq.isdigit() else 0
    fact = row.get("fact") or row.get("sale") or ""
    found = connection.execute(
        select(entry_table.c.journal, entry_table.c.seq).where(entry_table.c.fact == fact)
    ).first()
    return (found.journal, found.seq) if found else ("", 0)


def checked_by(check: Callable[[], Iterable[Problem]]) -> list[Problem]:
    """Run a check on tables that may be damaged: what the database says then is a problem too."""
    found: list[Problem] = []
    try:
        for problem in check():
            found.append(problem)
    except (*FILE_ERRORS, Trouble) as error:
        detail = str(getattr(error, "orig", error))[:MOST_DETAIL]
        found.append(Problem("database_damaged", detail=detail))
    return found


def integrity(connection: Connection) -> Iterator[Problem]:
    """What SQLite itself finds wrong with pages and indexes."""
    for row in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            yield Problem("database_damaged", detail=str(row[0])[:MOST_DETAIL])
