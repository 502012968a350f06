"""One SQLite library in a till's process: what a second one costs, and that there is none."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.crash import second_library
from tests.crash.conftest import Yard
from tests.crash.power import DAY
from tests.crash.till import CASHIER, OPEN_SHIFT, PROJECT

LIBRARY = "sqlite" + "3"
CONSOLE = f"""
import sys
from ui.commands import main
assert main(sys.argv[1:]) == 0
print(sorted(name for name in sys.modules if name.split(".")[0] in ("{LIBRARY}", "_{LIBRARY}")))
"""


def test_somebody_else_may_look_into_the_file_while_the_till_sells(yard: Yard) -> None:
    figures = second_library.run(yard.server, yard.copy("looked at"))
    assert figures.clean, figures.shown("one library")


def test_a_second_library_in_the_tills_process_loses_paid_sales(yard: Yard) -> None:
    figures = second_library.run(yard.server, yard.copy("lost"), plant="second_library")
    assert figures.lost, figures.shown("second library")


def test_a_whole_day_at_the_console_never_loads_a_second_library(tmp_path: Path) -> None:
    day = [CASHIER, OPEN_SHIFT, *DAY[1:], {"do": "find", "text": "dshc"}]
    console = ("console", "--demo", "--data", str(tmp_path / "shop"))
    finished = subprocess.run(
        [sys.executable, "-P", "-c", CONSOLE, *console],
        input="".join(json.dumps(each) + "\n" for each in day),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"},
        check=True,
    )
    *answers, loaded = finished.stdout.splitlines()
    assert all(json.loads(answer)["ok"] for answer in answers), finished.stdout
    assert loaded == "[]"
