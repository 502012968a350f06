"""The program itself on a real X server with a window manager: typed at by xdotool, like a scanner.

Everything a person does between double-clicking and the first receipt, in a process of its own;
bounded in time, and looked at afterwards by `verify` and in the tables.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import SettableClock, SystemClock
from app.ids import Ids, seeded
from app.opening import open_folder
from app.verification import verify_folder
from tests.support.processes import ROOT
from tests.support.real_screen import Typist, first_sale, real_screen
from ui.startup import open_demo


@pytest.fixture
def screen() -> Iterator[dict[str, str]]:
    """The environment that leads to an X server of our own."""
    with real_screen() as environment:
        yield environment


def test_from_the_door_to_the_first_receipt(screen: dict[str, str], tmp_path: Path) -> None:
    clock = SystemClock()
    data = tmp_path / "shop"
    ids = Ids(clock, seeded("real window"))
    open_demo(data, till="1", stock=True, clock=clock, ids=ids, reserve=False).close()
    before = clock.wall_ms()
    till = subprocess.Popen(
        [sys.executable, "-P", "-m", "ui.commands", "--data", str(data)],
        cwd=ROOT, env={**screen, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        typist = Typist(screen, till)
        first_sale(typist)
    finally:
        if till.poll() is None:
            till.kill()
            till.wait()
    assert verify_folder(data).ok
    later = SettableClock(before + 600_000)
    opened = open_folder(data, clock=later, ids=Ids(later), reserve=False)
    try:
        with opened.books.read() as db:
            sales = db.exec_driver_sql("SELECT due, change FROM sale").all()
            papers = db.exec_driver_sql("SELECT state FROM print_job WHERE kind = 'receipt'").all()
    finally:
        opened.close()
    assert [tuple(sale) for sale in sales] == [(256_70, 43_30)]
    assert [tuple(paper) for paper in papers] == [("PRINTED",)]
