"""A full disk: what was refused did not happen, what was said to be saved is there."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import folder as place
from app.errors import Trouble
from app.verification import verify_folder
from tests.support.facts import sold
from tests.support.tills import MakeTill, TillInFolder


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, Callable[[TillInFolder, bool], None]]]:
    """A disk of a few megabytes and a way to fill and empty it; without root, a capped file."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() == 0:
        mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)]
        if subprocess.run(mount, capture_output=True, check=False).returncode == 0:

            def fill(_till: TillInFolder, full: bool) -> None:
                ballast = disk / "ballast"
                if full:
                    room = os.statvfs(disk)
                    ballast.write_bytes(b"x" * (room.f_bavail * room.f_frsize))
                else:
                    ballast.unlink()

            yield disk, fill
            subprocess.run(["umount", "-l", str(disk)], check=True)
            return

    def cap(till: TillInFolder, full: bool) -> None:
        pages = till.books.database.writer.exec_driver_sql("PRAGMA page_count").scalar_one()
        till.write(f"PRAGMA max_page_count={pages if full else 2**30}")

    yield disk, cap


def try_to_sell(till: TillInFolder, numbers: range) -> dict[int, str]:
    """The sales that were refused, with what the till said."""
    refused: dict[int, str] = {}
    for number in numbers:
        try:
            till.record(sold(sequence=number), fact_id=f"sale-{number}")
        except Trouble as trouble:
            refused[number] = trouble.code
    return refused


@pytest.mark.parametrize("reserve", [0, 3_000_000])
def test_a_full_disk_loses_nothing_and_selling_goes_on_when_there_is_room(
    small_disk: tuple[Path, Callable[[TillInFolder, bool], None]],
    make_till: MakeTill,
    reserve: int,
) -> None:
    disk, fill = small_disk
    till = make_till(f"{disk.name}/till")
    till.record(sold(), fact_id="sale-1")
    if reserve:
        assert place.keep_reserve(till.path, reserve)
    fill(till, True)
    refused = try_to_sell(till, range(2, 40))
    # Without a reserve a disk that is full to the last byte may not even let us look.
    honest = {"disk_full", "disk_error", "not_saved"}
    assert refused[min(refused)] in (honest if reserve else honest | {"stop_selling"})
    assert not (till.path / place.RESERVE_FILE).exists()
    fill(till, False)
    kept = {str(row[0]) for row in till.rows("SELECT sale FROM sale")}
    assert kept == {f"sale-{number}" for number in range(1, 40) if number not in refused}
    assert try_to_sell(till, range(min(refused), min(refused) + 1)) == {}
    till.close()
    problems = {problem.code for problem in verify_folder(till.path).problems}
    assert problems <= {"number_missing", "number_out_of_order"}
