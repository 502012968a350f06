"""The sample shop, filled once in a process and copied for every test: filling it takes longer
than most tests."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from app.clock import SettableClock, parse_time
from app.ids import Ids, seeded
from ui.startup import open_demo

NOON = "2026-12-07T14:02:00+08:00"


@cache
def sample_shop(*, stock: bool = True) -> Path:
    """A demo folder of till 1, filled at two past two; for copying, never for opening."""
    place = Path(tempfile.mkdtemp(prefix="sample-shop-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    clock = SettableClock(parse_time(NOON))
    ids = Ids(clock, seeded("filled" if stock else "filled without stock"))
    folder = place / "filled"
    open_demo(folder, till="1", stock=stock, clock=clock, ids=ids, reserve=False).close()
    return folder


def copy_sample(folder: Path, *, stock: bool = True) -> Path:
    """The sample shop in a folder of its own, unless somebody was there before."""
    if not folder.exists():
        shutil.copytree(sample_shop(stock=stock), folder)
    return folder
