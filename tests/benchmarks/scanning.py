"""From a scan to the basket's new line, in a shop of 107 and in one of 100,000 products.

The limit is what no till can do without: two look-ups by key, the barcode and its product. The
draft of the basket goes behind the painted line, so it is left out here.
"""

from collections.abc import Sequence
from functools import partial

import pysqlite3.dbapi2 as sqlite

from tests.benchmarks.measuring import Figure, percentile, timed, without_collecting
from tests.benchmarks.shop import bench_shop, grow_catalogue, plain_goods
from ui.startup import Till

BAR_P99 = 16.0
FRAME = "p99 at most 16 ms, one frame"
LARGE = 100_000


def scan_to_line(count: int = 2000, large: int = LARGE) -> list[Figure]:
    """The counter's part, before and after the catalogue has grown."""
    figures = []
    with bench_shop(save_draft=lambda basket: None) as till:
        for size in (0, large):
            grow_catalogue(till.books, size)
            figures.append(_measured(till, count))
    return figures


def _measured(till: Till, count: int) -> Figure:
    codes = plain_goods(till.books)
    step = max(1, len(codes) // count)
    some = codes[::step]
    took = measure_scans(till, some, count)
    raw = _raw_lookups(till, some, count)
    p99 = percentile(took, 0.99)
    with till.books.read() as db:
        products = db.exec_driver_sql("SELECT count(*) FROM product").scalar_one()
    return Figure(
        name="scan_to_line",
        what=f"a scan until the basket has its line, {products} products",
        p50=percentile(took, 0.5),
        p99=p99,
        limit="two raw look-ups by key",
        limit_p50=percentile(raw, 0.5),
        limit_p99=percentile(raw, 0.99),
        ratio=percentile(took, 0.5) / percentile(raw, 0.5),
        bar=FRAME,
        met=p99 <= BAR_P99,
        more={"products": products, "scans": len(took)},
    )


def measure_scans(till: Till, codes: Sequence[str], count: int) -> list[float]:
    """Times of scans in baskets that grow to twenty lines and are then given up."""
    took = []
    with without_collecting():
        for number in range(count):
            if number % 20 == 0 and till.counter.basket.lines:
                till.counter.cancel("bench")
            took.append(timed(partial(till.counter.scan, codes[number % len(codes)])))
    till.counter.cancel("bench")
    return took


def _raw_lookups(till: Till, codes: Sequence[str], count: int) -> list[float]:
    db = sqlite.connect(str(till.opened.folder / "till.db"), isolation_level=None)
    shop = till.books.shop

    def look_up(code: str) -> None:
        # The primary keys begin with shop and owner; the owner is this shop itself.
        row = db.execute(
            "SELECT product, pack FROM barcode WHERE shop = ? AND owner = ? AND code = ?",
            (shop, shop, code),
        ).fetchone()
        db.execute(
            "SELECT * FROM product WHERE shop = ? AND owner = ? AND code = ?",
            (shop, shop, row[0]),
        ).fetchone()

    try:
        return [timed(partial(look_up, codes[number % len(codes)])) for number in range(count)]
    finally:
        db.close()
