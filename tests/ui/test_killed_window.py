"""A window killed at the moment a line is painted: the draft behind it loses that line at most."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.verification import verify_folder
from tests.support.processes import ROOT
from tests.ui.hands import demo_till

CODES = ("11014", "12001", "11004", "12003", "13006")
SCANNED = ("11014", "12001", "2111004218778", "12003", "13006")
KILLED = """
import os, sys
from pathlib import Path
from ui.door import prepare_qt
from tests.ui.hands import at_the_window, begin_shift
from tests.ui.test_killed_window import SCANNED

prepare_qt(["pos"])
with at_the_window(Path(sys.argv[1])) as hands:
    begin_shift(hands)
    last = int(sys.argv[2])
    for number, code in enumerate(SCANNED[:last], 1):
        hands.scan(code)
        hands.until(lambda: len(hands.selling.shown.basket.lines) == number, f"line {number}")
    os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("last", [1, 3, 5])
def test_a_killed_window_loses_its_last_line_at_most(
    qapp: object, tmp_path: Path, last: int
) -> None:
    folder = tmp_path / "shop"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), str(last)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert killed.returncode == -9, killed.stderr
    till, _clock = demo_till(folder)
    try:
        till.counter.desk.sign_in("101", "246810")
        assert till.counter.desk.shift is not None
        kept = tuple(line.product.code for line in till.counter.basket.lines)
        assert kept in (CODES[:last], CODES[: last - 1])
    finally:
        till.close()
    assert verify_folder(folder).ok
