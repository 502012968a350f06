"""The restore drill: `python -m tests.drill [--sales N] [--seed S]`.

A shop sells, closes, and copies to a stick under its own key; its disk dies. From the stick and the
recovery code alone it is made anew, verified (chain, signatures, gaps, sums), rebuilt, and compared
with what it was, table by table; then it sells on in its next journal. One JSON line of figures;
exit 0 only if every step holds and restoring takes no more than five minutes.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from app import demo
from app.clock import SettableClock, parse_time
from app.ids import Ids, seeded
from app.opening import NewTill, OpenFolder, open_folder, restore_folder
from app.staff.recovery import fresh_code, keep_recovery_code, unlock_with_recovery_code
from app.transaction import transaction
from app.verification import rebuild, verify_books
from tests.support.entries import tables_of
from ui.startup import CATALOGUE, Till

MOST_RESTORE_S = 300
MANAGER = ("301", "864209")
GOODS = ("11014", "12001", "13006", "21008")


def a_day(folder: Path, stick: Path, sales: int, clock: SettableClock, ids: Ids) -> str:
    """Open, print the code, choose the stick, sell, close; the code on the paper."""
    new = NewTill(shop="KP07", till="1", keystore="file")
    opened = open_folder(folder, clock=clock, ids=ids, new=new, reserve=False)
    demo.fill(opened.books, CATALOGUE)
    code = fresh_code(ids)
    with transaction(opened.books) as tx:
        keep_recovery_code(tx, code)
    till = Till(opened)
    till.copying.choose(str(stick))
    till.copying.wait(60)
    till.counter.desk.sign_in(*MANAGER)
    till.counter.desk.open_shift(50_000)
    sell(till, sales, clock)
    till.counter.desk.close_shift(50_000)
    till.counter.desk.z_report()
    till.copying.wait(60)
    till.close()
    return code


def sell(till: Till, sales: int, clock: SettableClock) -> None:
    """Baskets of one to three articles for cash."""
    for number in range(sales):
        for at in range(number % 3 + 1):
            clock.advance(1500)
            till.counter.add(GOODS[(number + at) % len(GOODS)])
        till.counter.pay_cash()


def drill(work: Path, *, sales: int, seed: str) -> dict[str, Any]:
    """The whole drill; its figures. `equal` and `verified` are what it is for."""
    clock = SettableClock(parse_time("2026-12-07T09:00:00+08:00"))
    ids = Ids(clock, seeded(seed))
    stick = work / "stick"
    code = a_day(work / "old", stick, sales, clock, ids)
    old = open_folder(work / "old", clock=clock, ids=ids, reserve=False)
    with old.books.read() as db:
        before = tables_of(db)
    old.close()
    clock.advance(3_600_000)
    took: dict[str, float] = {}

    def timed(name: str, began: float) -> None:
        took[f"{name}_s"] = round(time.perf_counter() - began, 2)

    began = time.perf_counter()
    new = restore_folder(
        work / "new", stick, clock=clock, ids=ids, keystore="file", code=code, reserve=False
    )
    timed("restore", began)
    began = time.perf_counter()
    report = verify_books(new.books)
    timed("verify", began)
    with new.books.read() as db:
        after = tables_of(db)
    began = time.perf_counter()
    rebuilt = rebuild(new.books)
    timed("rebuild", began)
    with new.books.read() as db:
        again = tables_of(db)
    lost = [name for name, rows in before.items() if not set(rows) <= set(after[name])]
    figures = {
        "entries": report.entries,
        **took,
        "restore_limit_s": MOST_RESTORE_S,
        "stick_mb": round(sum(each.stat().st_size for each in stick.rglob("*")) / 1e6, 1),
        "verified": report.ok,
        "equal": not lost and after == again and rebuilt.differed == (),
        "differing_tables": lost,
        "next_journal": new.books.journal.series,
        "sold_on": _sells_on(new, clock, code),
    }
    new.close()
    return figures


def _sells_on(opened: OpenFolder, clock: SettableClock, code: str) -> str:
    """The next receipt of the shop made anew: the manager gets in by the paper, and the number's
    letter is the next, so none comes twice."""
    unlock_with_recovery_code(opened.books, MANAGER[0], code, "135792")
    till = Till(opened)
    till.counter.desk.sign_in(MANAGER[0], "135792")
    till.counter.desk.open_shift(50_000)
    till.counter.add(GOODS[0])
    done = till.counter.pay_cash()
    till.close()
    assert done is not None
    return done.sale.number


def good(figures: dict[str, Any]) -> bool:
    """Whether a shop could live with this."""
    in_time = figures["restore_s"] <= MOST_RESTORE_S
    return bool(figures["verified"] and figures["equal"] and in_time)


def main() -> int:
    """Print the figures of one drill."""
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__)
    parser.add_argument("--sales", type=int, default=2000)
    parser.add_argument("--seed", default="drill")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="drill-") as work:
        figures = drill(Path(work), sales=options.sales, seed=options.seed)
    print(json.dumps(figures, ensure_ascii=False))
    return 0 if good(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
