"""Changes reach the tables: rows once, sums added, registers by the highest version."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text

from app.database import DriverError, scratch
from app.row_writer import write_changes
from app.rows import Envelope, Register, Row, Sum, version_of

METADATA = MetaData()
ROWS = Table("rows_here", METADATA, Column("id", Text, primary_key=True), Column("n", Integer))
SUMS = Table(
    "sums_here",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("taken", Integer),
    Column("given", Integer),
)
REGISTER = Table(
    "register_here",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("version", Text),
    Column("value", Text),
)


@pytest.fixture
def db() -> Iterator[Connection]:
    with scratch() as connection:
        METADATA.create_all(connection)
        yield connection


def register(version: str, value: str, key: str = "k") -> Register:
    return Register(REGISTER, {"key": key, "version": version, "value": value})


def all_of(db: Connection, table: Table) -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.execute(table.select().order_by(*table.primary_key))]


def test_a_row_is_inserted_once_and_twice_is_a_bug(db: Connection) -> None:
    write_changes(db, [Row(ROWS, {"id": "a", "n": 1}), Row(ROWS, {"n": 2, "id": "b"})])
    assert all_of(db, ROWS) == [("a", 1), ("b", 2)]
    with pytest.raises(DriverError):
        write_changes(db, [Row(ROWS, {"id": "a", "n": 1})])


def test_sums_begin_at_nought_and_grow_in_one_go_or_in_many(db: Connection) -> None:
    steps = [Sum(SUMS, {"key": "k"}, {"taken": n, "given": -n}) for n in (5, -2, 10)]
    write_changes(db, steps[:2])
    write_changes(db, steps[2:])
    assert all_of(db, SUMS) == [("k", 13, -13)]


def test_the_highest_version_wins_whatever_came_first(db: Connection) -> None:
    for order in ([1, 2, 3], [3, 2, 1], [2, 3, 1]):
        db.execute(REGISTER.delete())
        for number in order:
            write_changes(db, [register(f"{number}", f"v{number}")])
        assert all_of(db, REGISTER) == [("k", "3", "v3")]
        db.execute(REGISTER.delete())
        write_changes(db, [register(f"{number}", f"v{number}") for number in order])
        assert all_of(db, REGISTER) == [("k", "3", "v3")]


def test_one_version_told_twice_stays_as_it_was(db: Connection) -> None:
    write_changes(db, [register("1", "first"), register("1", "second")])
    write_changes(db, [register("1", "third")])
    assert all_of(db, REGISTER) == [("k", "1", "first")]


def test_nothing_to_write_writes_nothing(db: Connection) -> None:
    write_changes(db, [])
    assert all_of(db, ROWS) == []


def test_versions_sort_as_text_the_way_they_happened() -> None:
    def at(order: int, journal: str, seq: int) -> str:
        return version_of(Envelope(1, journal, seq, "", "f", "k@1", order, order, "101", "0.1.0"))

    happened = [at(9, "a", 9), at(10, "a", 10), at(10, "a", 11), at(10, "b", 1), at(10**13, "a", 2)]
    assert happened == sorted(happened)
