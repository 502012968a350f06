"""Writes the folder of a shop's first day as this release leaves it, for every later release.

Run once when a release is made: `python -m tests.released.make_release`. What is in the folder is
a demo shop and never changes again: each later program must open, verify and rebuild it.
"""

import shutil
import tempfile
from pathlib import Path

from app import __version__, demo
from app.sales.counter import Counter
from tests.support.tills import TillInFolder

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
KEPT = ("till.db", "master.key")
TEMPLATE = PROJECT / "resources" / "receipts" / "standard.txt"
BASKETS = (("11014", "12001"), ("14001",), ("21008", "21008", "21004"), ("12001",))


def a_first_day(folder: Path) -> None:
    """A demo shop opens, sells four baskets for cash, holds one, counts and closes its day."""
    till = TillInFolder(folder, seed=f"release {__version__}", series=demo.SERIES)
    demo.fill(till.books, PROJECT / "resources" / "catalogue")
    till.clock.advance(60_000)
    counter = Counter(till.books, template=TEMPLATE.read_text(encoding="utf-8"))
    counter.desk.sign_in("201", "135791")
    counter.desk.open_shift(50_000)
    for basket in BASKETS:
        for code in basket:
            till.clock.advance(2_000)
            counter.add(code)
        counter.checkout()
        counter.choose_cash()
        counter.pay_cash()
    counter.add("13006")
    counter.hold("穿红衣服的客人")
    counter.desk.move_cash(-20_000, "交存银行")
    till.clock.advance(3_600_000)
    counter.desk.close_shift(30_000)
    counter.desk.z_report()
    till.close()


def main() -> None:
    """Make the folder of this version anew."""
    target = HERE / __version__
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        a_first_day(Path(work) / "till")
        for name in KEPT:
            shutil.copy(Path(work) / "till" / name, target / name)


if __name__ == "__main__":
    main()
