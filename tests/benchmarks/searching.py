"""Finding goods per keystroke among 100,000 products, held against the bare index.

What a cashier types is cut out of real names: initials letter by letter, then Han characters.
"""

import random
from collections.abc import Iterator, Sequence
from functools import partial

import pysqlite3.dbapi2 as sqlite

from app.catalogue import search as shop_search
from app.catalogue.queries import all_products
from app.facts.catalogue import Product
from tests.benchmarks.measuring import Figure, percentile, timed, without_collecting
from tests.benchmarks.shop import bench_shop, grow_catalogue
from ui.startup import Till

BAR_P99 = 10.0
LARGE = 100_000
SHOWN = 20
_STARTS = (
    "SELECT number FROM product_start WHERE shop = ? AND field = ? AND start >= ? AND start < ?"
    f" ORDER BY start, number LIMIT {SHOWN + 1}"
)
_WORDS = f"SELECT rowid FROM product_words WHERE product_words MATCH ? LIMIT {SHOWN + 1}"


def search(count: int = 2000, large: int = LARGE) -> list[Figure]:
    """Every keystroke of many searches."""
    with bench_shop(save_draft=lambda basket: None) as till:
        grow_catalogue(till.books, large)
        with till.books.read() as db:
            products = list(all_products(db, till.books.shop).values())
        typed = list(_keystrokes(products, count))
        took, raw = _measured(till, typed)
    p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
    raw_p50 = percentile(raw, 0.5)
    slowest = typed[max(range(len(took)), key=took.__getitem__)]
    return [
        Figure(
            name="search",
            what=f"{SHOWN} best for one more letter, {len(products)} products",
            p50=p50,
            p99=p99,
            limit="the bare index or full-text query",
            limit_p50=raw_p50,
            limit_p99=percentile(raw, 0.99),
            ratio=p50 / raw_p50,
            bar=f"p99 at most {BAR_P99:.0f} ms",
            met=p99 <= BAR_P99,
            more={"products": len(products), "keystrokes": len(took), "slowest": slowest},
        )
    ]


def _keystrokes(products: Sequence[Product], count: int) -> Iterator[str]:
    """Prefixes of initials, of names and of codes; pieces from the middle of names."""
    dice = random.Random("keystrokes")
    given = 0
    while given < count:
        one = dice.choice(products)
        start = dice.randrange(max(1, len(one.name) - 2))
        whole = dice.choice([one.initials[0] if one.initials else one.code, one.name,
                             one.name[start:], one.code])  # fmt: skip
        for end in range(1, min(4, len(whole)) + 1):
            yield whole[:end]
            given += 1


def _measured(till: Till, typed: Sequence[str]) -> tuple[list[float], list[float]]:
    raw_db = sqlite.connect(str(till.opened.folder / "till.db"), isolation_level=None)
    shop = till.books.shop

    def find(text: str) -> None:
        with till.books.read() as db:
            shop_search.find(db, shop, text, SHOWN)

    def raw(text: str) -> None:
        if text.isascii():
            field = "code" if text.isdigit() else "initials"
            last = text + "\U0010ffff"
            raw_db.execute(_STARTS, (shop, field, text, last)).fetchall()
        else:
            raw_db.execute(_WORDS, (f'name : "{" ".join(text)}"',)).fetchall()

    took: list[float] = []
    bare: list[float] = []
    try:
        with without_collecting():
            for text in typed:
                took.append(timed(partial(find, text)))
                bare.append(timed(partial(raw, text)))
    finally:
        raw_db.close()
    return took, bare
