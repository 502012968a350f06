"""Every file a release ever wrote opens, verifies, is rebuilt and goes on selling."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import __version__
from app.errors import Trouble
from app.verification import rebuild, verify_books, verify_folder
from tests.support.entries import tables_of
from tests.support.facts import sold
from tests.support.tight_disk import files_no_longer_than
from tests.support.tills import TillInFolder

HERE = Path(__file__).parent
RELEASES = sorted(path.parent for path in HERE.glob("*/till.db"))


@pytest.fixture(params=RELEASES, ids=lambda path: path.name)
def till(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TillInFolder]:
    """A copy of a released till, two hours after it closed its day."""
    shutil.copytree(request.param, tmp_path / "till")
    till = TillInFolder(tmp_path / "till", seed="later")
    till.clock.advance(6 * 3_600_000)
    yield till
    till.close()


def test_this_release_is_among_them() -> None:
    assert __version__ in [path.name for path in RELEASES]


def test_an_old_file_opens_and_holds_what_it_held(till: TillInFolder) -> None:
    assert till.folder.demo
    report = verify_books(till.books)
    assert report.problems == ()
    assert till.rows("SELECT count(*), min(sequence), max(sequence) FROM sale") == [(4, 1, 4)]
    assert till.rows("SELECT count(*) FROM day_closed") == [(1,)]


def test_an_old_file_is_rebuilt_into_the_same_tables(till: TillInFolder) -> None:
    with till.books.read() as db:
        before = tables_of(db)
    made = rebuild(till.books)
    assert (made.unreadable, made.differed) == (0, ())
    with till.books.read() as db:
        assert tables_of(db) == before


def test_no_room_for_the_copy_before_a_lift_is_said_and_costs_nothing(till: TillInFolder) -> None:
    before = (till.path / "till.db").read_bytes()
    with files_no_longer_than(40_000), pytest.raises(Trouble, match=r"disk_error|disk_full"):
        assert till.folder.demo
    assert (till.path / "till.db").read_bytes() == before
    assert verify_books(till.books).ok


def test_an_old_till_goes_on_selling(till: TillInFolder) -> None:
    till.record(sold(("12001", 9800, 1000), sequence=1))
    till.close()
    assert verify_folder(till.path).ok
