"""What is on hand of 100,000 lots, and posting a count of 5,000 lines while the till sells."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import process_time, sleep

import pysqlite3.dbapi2 as sqlite

from app.facts.stock import ReceivedLine
from app.sales.stocktaking import Stocktaking
from app.stock import books, counting
from app.stock.actions import receive
from app.transaction import transaction
from tests.benchmarks.measuring import Figure, percentile, timed, without_collecting
from tests.benchmarks.shop import bench_shop, grow_catalogue, plain_goods
from ui.startup import Till

LOTS, PRODUCTS = 100_000, 20_000
LINES = 5_000
BAR_ON_HAND, BAR_COUNT, BAR_UNMOVED = 50.0, 3_000.0, 1.5
"""Milliseconds; of checkout's p99 beside the close, how many times what it is without one."""
SALES = 200
CLOSES = 4
"""Counts closed one after the other: a hundredth of the sales beside them has to be some."""
PACE_S = 0.05
"""Between two sales: a dozen a second is more than any till sees."""
_RAW = "SELECT product, sum(quantity) FROM on_hand WHERE shop = ? GROUP BY product"


def _fill(till: Till, lots: int, products: int) -> list[str]:
    """So many lots of invented products, in one transaction a few thousand lines each."""
    codes = [one.code for one in grow_catalogue(till.books, products + 400)][:products]
    for start in range(0, lots, 10_000):
        with transaction(till.books, staff="301") as tx:
            receive(
                tx,
                [
                    ReceivedLine(
                        line=n + 1,
                        product=codes[n % len(codes)],
                        lot=f"lot-{n:06d}",
                        quantity=10_000,
                        unit_cost=1_000_000,
                    )
                    for n in range(start, min(start + 10_000, lots))
                ],
            )
    return codes


def on_hand(lots: int = LOTS, products: int = PRODUCTS, count: int = 40) -> list[Figure]:
    """Pieces on hand of every product, whatever arrived late."""
    with bench_shop(save_draft=lambda basket: None) as till:
        codes = _fill(till, lots, products)
        raw_db = sqlite.connect(str(till.opened.folder / "till.db"), isolation_level=None)
        shop = till.books.shop
        took: list[float] = []
        some: list[float] = []
        bare: list[float] = []
        try:
            began = process_time()
            with without_collecting(), till.books.read() as db:
                assert sum(books.totals(db, shop).values()) >= lots * 10_000
                for n in range(count):
                    took.append(timed(partial(books.totals, db, shop)))
                    some.append(timed(partial(books.on_hand, db, shop, codes[n : n + 20])))
                    bare.append(timed(lambda: raw_db.execute(_RAW, (shop,)).fetchall()))
            worked = process_time() - began
        finally:
            raw_db.close()
    p50, raw = percentile(took, 0.5), percentile(bare, 0.5)
    return [
        Figure(
            name="on_hand",
            what=f"every product's pieces out of {lots} lots",
            p50=p50,
            p99=percentile(took, 0.99),
            limit="the same sums by hand",
            limit_p50=raw,
            ratio=p50 / raw,
            bar=f"at most {BAR_ON_HAND:.0f} ms",
            met=p50 <= BAR_ON_HAND,
            more={
                "lots": lots,
                "of 20 products, ms": round(percentile(some, 0.5), 3),
                "processor per round, ms": round(worked * 1000 / count, 1),
            },
        )
    ]


def count(lines: int = LINES, sales: int = SALES) -> list[Figure]:
    """A close of so many lines; beside it the till completes sales as fast as it can."""
    with bench_shop(save_draft=lambda basket: None) as till:
        codes = _fill(till, lines, lines)
        goods = plain_goods(till.books)
        alone = sales_beside(till, goods, sales)
        till.counter.desk.sign_in("301", "864209")
        took: list[float] = []
        beside: list[float] = []
        for _each in range(CLOSES):
            with _closing(till, _counted(till, codes)) as ended:
                while not ended():
                    beside += sales_beside(till, goods, 1)
            took.append(ended())
        close_ms = percentile(took, 0.5)
    calm, busy = percentile(alone, 0.99), percentile(beside, 0.99)
    return [
        Figure(
            name="count",
            what=f"posting a count of {lines} lines while the till sells",
            p50=close_ms,
            limit="checkout p99 without a count",
            limit_p99=calm,
            bar=f"at most {BAR_COUNT / 1000:.0f} s, checkout p99 within {BAR_UNMOVED}×",
            met=close_ms <= BAR_COUNT and busy <= BAR_UNMOVED * calm,
            more={
                "checkout p99 beside it, ms": round(busy, 2),
                "checkout p50 alone / beside, ms": f"{percentile(alone, 0.5):.2f} / "
                f"{percentile(beside, 0.5):.2f}",
                "sales beside it": len(beside),
            },
        )
    ]


def sales_beside(till: Till, goods: list[str], times: int) -> list[float]:
    """How long completing a sale of five goods took, each time."""
    took = []
    for n in range(times):
        for at in range(5):
            till.counter.scan(goods[(n + at) % len(goods)])
        till.counter.checkout()
        took.append(timed(partial(till.counter.pay_cash, None)))
        sleep(PACE_S)
    return took


def _counted(till: Till, codes: list[str]) -> str:
    """A count with an entry for every product, each as the books have it but one in fifty."""
    taking = Stocktaking(till.counter.desk)
    name = taking.open(["A1"])
    who = taking.who()
    entries = [
        counting.CountEntered(
            shop=till.books.shop,
            till="1",
            count=name,
            zone="A1",
            product=code,
            quantity=9_000 if n % 50 == 0 else 10_000,
            counter="102",
        )
        for n, code in enumerate(codes)
    ]
    for start in range(0, len(entries), 500):
        counting.enter(till.books, who, entries[start : start + 500])
    return name


@contextmanager
def _closing(till: Till, name: str) -> Iterator[Callable[[], float]]:
    """The count is closed on a thread of its own, as the window does it."""
    took: list[float] = []

    def close() -> None:
        took.append(timed(partial(Stocktaking(till.counter.desk).close, name)))

    thread = threading.Thread(target=close)
    thread.start()
    try:
        yield lambda: took[0] if took else 0.0
    finally:
        thread.join()
