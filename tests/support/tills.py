"""A till in a folder of its own, with a clock that stands still and identities that repeat."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.clock import SettableClock
from app.facts.base import Fact
from app.ids import Ids, seeded
from app.journal.own import Entry
from app.opening import NewTill, OpenFolder, open_folder
from app.transaction import Books, transaction

SHOP, TILL = "KP01", "1"
MORNING = 1_795_912_200_000
"""2026-11-29 08:30 in China: a shop about to open."""


class TillInFolder:
    """One till; opened again after `close` it is the same shop a minute later."""

    def __init__(self, folder: Path, *, seed: str = "till", series: str = "") -> None:
        self.path = folder
        self.clock = SettableClock(MORNING)
        self.ids = Ids(self.clock, seeded(seed))
        self._open: OpenFolder | None = None
        self.new = NewTill(SHOP, TILL, series=series, keystore="file")

    @property
    def folder(self) -> OpenFolder:
        """The open folder; opened, or made, at the first use."""
        if self._open is None:
            known = (self.path / "till.db").exists()
            self._open = open_folder(
                self.path,
                clock=self.clock,
                ids=self.ids,
                new=None if known else self.new,
                reserve=False,
            )
        return self._open

    @property
    def books(self) -> Books:
        """What actions work in."""
        return self.folder.books

    def record(self, *facts: Fact, staff: str = "101", fact_id: str | None = None) -> list[Entry]:
        """Record facts in one transaction, a second after whatever came before."""
        self.clock.advance(1000)
        with transaction(self.books, staff=staff) as tx:
            return [tx.record(fact, fact_id) for fact in facts]

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """What the tables say."""
        with self.books.read() as db:
            return [tuple(row) for row in db.exec_driver_sql(sql, values)]

    def write(self, sql: str, *values: object) -> int:
        """Reach into the file past every guard, as somebody with the disk in hand would."""
        return int(self.books.database.writer.exec_driver_sql(sql, values).rowcount)

    def close(self) -> None:
        """Close the folder; a minute passes until somebody opens it again."""
        if self._open is not None:
            self._open.close()
            self._open = None
            self.clock.advance(60_000)


MakeTill = Callable[..., TillInFolder]


@pytest.fixture
def make_till(tmp_path: Path) -> Iterator[MakeTill]:
    """Tills by name, each in its own folder; all are closed at the end."""
    made: list[TillInFolder] = []

    def make(name: str = "till", *, series: str = "") -> TillInFolder:
        made.append(TillInFolder(tmp_path / name, seed=name, series=series))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def till(make_till: MakeTill) -> TillInFolder:
    """One till of shop KP01, just set up."""
    return make_till()
