"""One PostgreSQL for everything that speaks to a hub."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.chains import Chain
from tests.support.postgres import a_database, a_server


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The URL of a database of our own; it has to be there."""
    with a_server() as server:
        yield a_database(server, f"hub_{os.getpid()}")


@pytest.fixture
def chain(tmp_path: Path, database: str) -> Iterator[Chain]:
    """A hub in its own process."""
    one = Chain(tmp_path, database)
    yield one
    one.close()
