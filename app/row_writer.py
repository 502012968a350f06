"""Carries changes to the tables, each statement compiled once and run for many rows.

SQLAlchemy compiles the SQL; the driver runs it with tuples. That keeps a sale within twice the
cost of the same rows written by hand, where running each row through the toolkit does not.
The few other statements of a checkout go the same way as `Prepared`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement, Connection, Executable, Table
from sqlalchemy.dialects.sqlite import dialect, insert
from sqlalchemy.exc import DBAPIError

from app.database import DriverError
from app.rows import Change, Register, Row, Sum

_DIALECT = dialect(paramstyle="qmark")


class Prepared:
    """One statement, compiled at its first use and run by the driver, past the toolkit.

    A hub's database gets it through the toolkit, like any other. Rows are plain tuples in the
    order of the columns, no type is converted, and lists that expand (`in_`) are not for it.
    Errors are the toolkit's DBAPIError, as everywhere.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._sql = ""
        self._names: tuple[str, ...] = ()
        self._fixed: Mapping[str, Any] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it with `values` by the names of its parameters; all its rows."""
        if connection.dialect.name != _DIALECT.name:
            assert isinstance(self._statement, Executable)
            return [tuple(row) for row in connection.execute(self._statement, dict(values))]
        if not self._sql:
            compiled = self._statement.compile(dialect=_DIALECT)
            self._names = tuple(getattr(compiled, "positiontup", None) or ())
            self._fixed = compiled.params
            self._sql = str(compiled)
            assert "POSTCOMPILE" not in self._sql
        given = [values[name] if name in values else self._fixed[name] for name in self._names]
        rows: list[tuple[Any, ...]]
        try:
            rows = driver_of(connection).execute(self._sql, given).fetchall()
        except DriverError as error:
            raise DBAPIError(self._sql, None, error) from error
        return rows

    def first(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Its first row, None when there is none."""
        rows = self.run(connection, values)
        return rows[0] if rows else None


def driver_of(connection: Connection) -> Any:
    """The driver's own connection under a connection of the toolkit."""
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver


def write_changes(connection: Connection, changes: Iterable[Change]) -> None:
    """Write the changes of one transaction, one statement per table and shape."""
    for table, shape, values in gathered(changes):
        _run(connection, table, shape, values)


def gathered(changes: Iterable[Change]) -> Iterator[tuple[Table, str, list[dict[str, Any]]]]:
    """Changes brought together: (table, row | register | sum, its rows), each key once."""
    rows: dict[Table, list[dict[str, Any]]] = {}
    registers: dict[Table, dict[tuple[Any, ...], dict[str, Any]]] = {}
    sums: dict[Table, dict[tuple[Any, ...], dict[str, int]]] = {}
    for change in changes:
        match change:
            case Row(table, values):
                rows.setdefault(table, []).append(values)
            case Register(table, values):
                _keep_newest(registers.setdefault(table, {}), table, values)
            case Sum(table, key, deltas):
                _add(sums.setdefault(table, {}), table, key, deltas)
    for table, values_list in rows.items():
        yield table, "row", values_list
    for table, newest in registers.items():
        yield table, "register", list(newest.values())
    for table, totals in sums.items():
        keys = [column.name for column in table.primary_key]
        merged = [dict(zip(keys, key, strict=True)) | total for key, total in totals.items()]
        yield table, "sum", merged


def _keep_newest(
    newest: dict[tuple[Any, ...], dict[str, Any]], table: Table, values: dict[str, Any]
) -> None:
    key = tuple(values[column.name] for column in table.primary_key)
    if key not in newest or newest[key]["version"] < values["version"]:
        newest[key] = values


def _add(
    totals: dict[tuple[Any, ...], dict[str, int]],
    table: Table,
    key: dict[str, Any],
    deltas: dict[str, int],
) -> None:
    # One row per key per statement: PostgreSQL refuses to touch a row twice in one upsert.
    total = totals.setdefault(tuple(key[column.name] for column in table.primary_key), {})
    for name, delta in deltas.items():
        total[name] = total.get(name, 0) + delta


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """New rows, every column by its name."""
    _run(connection, table, "row", rows)


def _run(
    connection: Connection, table: Table, shape: str, values: Sequence[dict[str, Any]]
) -> None:
    sql, in_order = _statement(table, shape)
    driver_of(connection).executemany(sql, [in_order(row) for row in values])


@cache
def _statement(table: Table, shape: str) -> tuple[str, Callable[[dict[str, Any]], tuple[Any, ...]]]:
    """SQL, and what puts a row into the order of its parameters.

    Cached: tables and shapes are few and never change.
    """
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    others = [column.name for column in table.columns if column.name not in keys]
    if shape == "register":
        statement = statement.on_conflict_do_update(
            index_elements=keys,
            set_={name: statement.excluded[name] for name in others},
            where=statement.excluded["version"] > table.c.version,
        )
    elif shape == "sum":
        statement = statement.on_conflict_do_update(
            index_elements=keys,
            set_={name: table.c[name] + statement.excluded[name] for name in others},
        )
    compiled = statement.compile(dialect=_DIALECT)
    assert compiled.positiontup is not None
    # Every table has at least its key and one thing more, so this answers with tuples.
    assert len(compiled.positiontup) > 1
    return str(compiled), itemgetter(*compiled.positiontup)
