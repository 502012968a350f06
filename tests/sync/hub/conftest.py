"""Hubs on both databases."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from sync.hub.database import TABLES_MARK, HubDatabase
from sync.hub.tables import HUB, MEANT, hub_mark
from tests.support.entries import Writer
from tests.support.hubs import RunningHub

DATABASES = ("postgresql", "sqlite")


@pytest.fixture(params=DATABASES)
def make_hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., RunningHub]]:
    """Hubs on one kind of database; all are closed at the end."""
    made: list[RunningHub] = []
    url = request.getfixturevalue("database") if request.param == "postgresql" else ""

    def make(name: str = "hub", *, demo: bool = False) -> RunningHub:
        made.append(RunningHub(tmp_path / name, url, demo=demo))
        return made[-1]

    yield make
    for each in made:
        # A file is gone with its folder; the one PostgreSQL of this process is the next test's.
        if each.hub.database.is_postgresql:
            empty(each.hub.database)
        each.close()


@cache
def _emptying() -> str:
    tables = [
        table for table in (*HUB.sorted_tables, *MEANT.sorted_tables) if table is not hub_mark
    ]
    marks = f"DELETE FROM {hub_mark.name} WHERE name <> '{TABLES_MARK}'"
    return ";".join([*(f'DELETE FROM "{table.name}"' for table in tables), marks])


def empty(database: HubDatabase) -> None:
    """Take every row out, and leave the tables: making those takes a second for each test."""
    with database.begin() as db:
        # Without parameters PostgreSQL takes many statements at once.
        db.exec_driver_sql(_emptying(), execution_options={"no_parameters": True})


@pytest.fixture
def hub(make_hub: Callable[..., RunningHub]) -> RunningHub:
    """One hub, empty."""
    return make_hub()


@pytest.fixture
def writer(hub: RunningHub) -> Writer:
    """One till of shop KP01, let in; nothing is sent yet."""
    one = Writer("a")
    hub.join(one)
    return one
