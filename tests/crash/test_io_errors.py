"""A disk that answers with errors: the till says what is true, and one basket is one sale."""

import pytest

from tests.crash import full_disk, io_errors
from tests.crash.conftest import Yard


def test_a_sync_that_fails_once_or_from_then_on_makes_no_ghost_sale(yard: Yard) -> None:
    figures = io_errors.run(yard.server, yard.copy("sync"), ("fsync", "fdatasync"))
    assert figures.clean, figures.shown("fsync")
    assert figures.points > 6


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_a_write_that_fails_makes_no_ghost_sale(yard: Yard, soak: bool, lasting: bool) -> None:
    step = 1 if soak else 23
    figures = io_errors.run(
        yard.server, yard.copy("write"), ("pwrite64",), step=step, lasting=(lasting,)
    )
    assert figures.clean, figures.shown("pwrite64")
    assert figures.points > 6


def test_the_rig_sees_a_till_that_takes_a_failed_commit_for_no_commit(yard: Yard) -> None:
    figures = io_errors.run(
        yard.server, yard.copy("ghost"), ("fsync", "fdatasync"), plants=["failed_means_absent"]
    )
    assert figures.duplicate, figures.shown("ghost sales")


def test_a_disk_that_is_full_stops_no_sale_for_longer_than_it_is_full(yard: Yard) -> None:
    if full_disk.can_mount():
        figures = full_disk.run_full(yard.server, yard.shop, yard.work / "small")
    else:
        figures = full_disk.run_without_a_mount(yard.server, yard.shop, yard.work / "shop")
    assert figures.clean, figures.shown("full disk")


def test_a_folder_that_cannot_be_written_is_refused_and_sells_when_it_can(yard: Yard) -> None:
    if full_disk.can_mount():
        figures = full_disk.run_read_only(yard.server, yard.shop, yard.work / "small")
    else:
        figures = full_disk.run_unwritable(yard.server, yard.shop, yard.work / "shop")
    assert figures.clean, figures.shown("read-only disk")
