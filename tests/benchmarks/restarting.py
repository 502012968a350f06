"""A till that was killed while selling: how long until it can sell again.

A process sells without pause and is killed by the system without a word; another one opens the
folder. The limit is a bare Python that opens the same file, lets SQLite mend it and reads a row.
"""

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.benchmarks.measuring import Figure, percentile, timed

BAR_S = 5.0
ROOT = Path(__file__).resolve().parents[2]
BEFORE_KILL_SALES = 200
_SELL = """
import sys
from pathlib import Path
from tests.benchmarks.shop import plain_goods
from ui.startup import Till, open_demo, system_ids
clock, ids = system_ids()
opened = open_demo(Path(sys.argv[1]), till="1", stock=True, clock=clock, ids=ids)
counter = Till(opened).counter
counter.desk.sign_in("101", "246810")
if counter.desk.shift is None:
    counter.desk.open_shift(500_00)
codes = plain_goods(opened.books)
number = 0
while True:
    for at in range(5):
        counter.scan(codes[(number + at) % len(codes)])
    counter.pay_cash(None)
    number += 1
    print(number, flush=True)
"""
_OPEN = """
import sys
from pathlib import Path
from app.opening import open_folder
from ui.startup import Till, system_ids
clock, ids = system_ids()
till = Till(open_folder(Path(sys.argv[1]), clock=clock, ids=ids))
till.counter.desk.sign_in("101", "246810")
assert till.counter.desk.shift is not None
till.close()
"""
_BARE = """
import sys, pysqlite3
db = pysqlite3.connect(sys.argv[1] + "/till.db")
db.execute("SELECT max(seq) FROM entry").fetchone()
"""


def restart(rounds: int = 5, sales: int = BEFORE_KILL_SALES) -> list[Figure]:
    """Killed again and again, always in the middle of something."""
    took, bare = [], []
    with tempfile.TemporaryDirectory(prefix="pos-bench-") as folder:
        for _ in range(rounds):
            _sell_and_die(folder, sales)
            took.append(timed(partial(_run, _OPEN, folder)))
            _sell_and_die(folder, sales)
            bare.append(timed(partial(_run, _BARE, folder)))
    worst = max(took)
    return [
        Figure(
            name="restart",
            what=f"process start until a till killed after {sales} sales sells again",
            p50=percentile(took, 0.5),
            p99=worst,
            limit="bare Python opening the same file",
            limit_p50=percentile(bare, 0.5),
            ratio=percentile(took, 0.5) / percentile(bare, 0.5),
            bar=f"at most {BAR_S:.0f} s, every time",
            met=worst <= BAR_S * 1000,
            more={"kills": 2 * rounds},
        )
    ]


def _sell_and_die(folder: str, sales: int) -> None:
    selling = subprocess.Popen(
        [sys.executable, "-c", _SELL, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert selling.stdout is not None
    for line in selling.stdout:
        if int(line) >= sales:
            break
    selling.kill()
    selling.wait()
    selling.stdout.close()


def _run(script: str, folder: str) -> None:
    subprocess.run([sys.executable, "-c", script, folder], cwd=ROOT, check=True)
