"""A till's books in a fresh folder, empty or with the sample shop's catalogue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.actions import load_sample
from app.clock import SettableClock, parse_time
from app.ids import Ids, seeded
from app.opening import NewTill, open_folder
from app.transaction import Books, transaction

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "catalogue"


def open_books(folder: Path, till: str = "1") -> Iterator[Books]:
    """The books of a demo till on a clock that stands still."""
    clock = SettableClock(parse_time("2026-12-07T10:00:00+08:00"))
    opened = open_folder(
        folder,
        clock=clock,
        ids=Ids(clock, seeded(f"catalogue {till}")),
        new=NewTill("KP01", till, "D", keystore="file"),
        reserve=False,
    )
    yield opened.books
    opened.close()


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    """A till that knows no product yet."""
    yield from open_books(tmp_path / "till")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """A till with the sample shop's catalogue, shared by tests that only read it."""
    for books in open_books(tmp_path_factory.mktemp("sample") / "till"):
        with transaction(books, staff="301") as tx:
            load_sample(tx, SAMPLE)
        yield books


@pytest.fixture(scope="session")
def sample_folder() -> Path:
    """Where the sample shop's lists are shipped."""
    return SAMPLE
