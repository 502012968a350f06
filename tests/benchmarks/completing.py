"""Completing a sale, held against raw SQL that writes the very same rows.

The rows of each real sale are read back from the tables and written once more by hand into a copy
of the same file: same SQLite library, settings, indexes and disk, one transaction, prepared
statements. Real and raw sales take turns, so both meet the same weather.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Table, select

from app.database import _SHARED_PRAGMAS, _WRITER_PRAGMAS
from app.meaning import SUMS
from app.rows import SumOf
from app.sales.tables import draft
from app.schema import all_tables
from app.transaction import Books
from tests.benchmarks.measuring import Figure, percentile, timed, without_collecting
from tests.benchmarks.shop import bench_shop, plain_goods
from ui.startup import Till

LINES = 5
BLOCK = 20
"""Sales in a row before the other side has its turn: both run warm, under the same weather."""
BAR_RATIO = 2.0
BAR_COMMIT_P99 = 20.0

Statement = tuple[str, list[tuple[Any, ...]]]


class RawTill:
    """The same file without the till: a bare connection that writes given rows."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite.connect(str(path), isolation_level=None)
        for pragma in (*_SHARED_PRAGMAS, *_WRITER_PRAGMAS):
            self._db.execute(f"PRAGMA {pragma}")

    def save_draft(self, basket: str) -> None:
        """The row that completing a sale will take away."""
        self._db.execute(
            f"INSERT INTO {draft.name} VALUES (?, 'open', '', ?, 0)", (basket, "x" * 2000)
        )

    def write(self, statements: Sequence[Statement]) -> None:
        """Everything in one transaction."""
        self._db.execute("BEGIN IMMEDIATE")
        for sql, rows in statements:
            self._db.executemany(sql, rows)
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Let go of the copy."""
        self._db.close()


def rows_of_sale(books: Books, sale: str) -> list[Statement]:
    """What one sale wrote: its rows, the sums they add to, and the draft it took away."""
    statements: list[Statement] = []
    sums = {each.source: each for each in SUMS}
    with books.read() as db:
        for table in all_tables():
            # A shift's rows name the shift, so what a sale wrote is found by the sale alone.
            key = next((name for name in ("fact", "sale") if name in table.c), None)
            if key is None:
                continue
            rows = [tuple(row) for row in db.execute(select(table).where(table.c[key] == sale))]
            if not rows:
                continue
            marks = ", ".join("?" * len(table.c))
            statements.append((f"INSERT INTO {table.name} VALUES ({marks})", rows))
            if table in sums:
                statements.append(_upsert(sums[table], table, rows))
    statements.append((f"DELETE FROM {draft.name} WHERE basket = ?", [(sale,)]))
    return statements


def _upsert(sum_of: SumOf, source: Table, rows: list[tuple[Any, ...]]) -> Statement:
    keys = [column.name for column in sum_of.table.primary_key]
    names = [column.name for column in source.c]
    totals: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        said = dict(zip(names, row, strict=True))
        total = totals.setdefault(tuple(said[key] for key in keys), [0] * len(sum_of.columns))
        for at, column in enumerate(sum_of.columns.values()):
            total[at] += said[column]
    columns = [*keys, *sum_of.columns]
    sql = (
        f"INSERT INTO {sum_of.table.name} ({', '.join(columns)})"
        f" VALUES ({', '.join('?' * len(columns))}) ON CONFLICT ({', '.join(keys)}) DO UPDATE SET "
        + ", ".join(f"{name} = {name} + excluded.{name}" for name in sum_of.columns)
    )
    return sql, [(*key, *total) for key, total in totals.items()]


def fill_basket(till: Till, codes: Sequence[str], start: int) -> None:
    """Five different goods, and into 收款."""
    for at in range(LINES):
        till.counter.scan(codes[(start + at) % len(codes)])
    till.counter.checkout()


class Times(NamedTuple):
    """Milliseconds of each real sale and of its rows by hand, and how many rows a sale has."""

    real: list[float]
    raw: list[float]
    rows: int


def _real_block(till: Till, codes: Sequence[str], start: int) -> tuple[list[float], list[str]]:
    """A block of real sales: how long completing took, and the sales' ids."""
    took, sales = [], []
    for number in range(start, start + BLOCK):
        fill_basket(till, codes, number)
        due = till.counter.choose_cash().open
        took.append(timed(partial(till.counter.pay_cash, (due // 100_00 + 1) * 100_00)))
        done = till.counter.last
        assert done is not None
        sales.append(done.id)
    return took, sales


def measure_sales(till: Till, count: int, warm_up: int) -> Times:
    """Blocks of real sales and of the same rows by hand, by turns."""
    codes = plain_goods(till.books)
    copy = till.opened.folder / "raw.db"
    real: list[float] = []
    by_hand: list[float] = []
    rows = 0
    till.books.database.copy_to(copy)
    raw = RawTill(copy)
    try:
        with without_collecting():
            for start in range(0, warm_up + count, BLOCK):
                took, sales = _real_block(till, codes, start)
                statements = [rows_of_sale(till.books, sale) for sale in sales]
                for sale in sales:
                    raw.save_draft(sale)
                raw_took = [timed(partial(raw.write, each)) for each in statements]
                if start >= warm_up:
                    real += took
                    by_hand += raw_took
                rows = sum(len(values) for _sql, values in statements[-1])
    finally:
        raw.close()
    return Times(real, by_hand, rows)


def complete(count: int = 500, warm_up: int = 100) -> list[Figure]:
    """The sale itself: from money in hand to everything on the disk."""
    with bench_shop() as till:
        times = measure_sales(till, count, warm_up)
    p50, limit = percentile(times.real, 0.5), percentile(times.raw, 0.5)
    return [
        Figure(
            name="complete",
            what=f"completing a cash sale of {LINES} lines, FULL",
            p50=p50,
            p99=percentile(times.real, 0.99),
            limit="the same rows by raw SQL",
            limit_p50=limit,
            limit_p99=percentile(times.raw, 0.99),
            ratio=p50 / limit,
            bar=f"p50 at most {BAR_RATIO}× raw",
            met=p50 <= BAR_RATIO * limit,
            more={"sales": len(times.real), "rows": times.rows, "sales_per_s": round(1000 / p50)},
        )
    ]


def commit_p99(count: int = 1000, warm_up: int = 100) -> list[Figure]:
    """The slowest sale of a hundred."""
    with bench_shop() as till:
        times = measure_sales(till, count, warm_up)
    p99, limit = percentile(times.real, 0.99), percentile(times.raw, 0.99)
    return [
        Figure(
            name="commit_p99",
            what="the slowest sale of a hundred, FULL and signed",
            p50=percentile(times.real, 0.5),
            p99=p99,
            limit="the same rows by raw SQL",
            limit_p50=percentile(times.raw, 0.5),
            limit_p99=limit,
            ratio=p99 / limit,
            bar=f"p99 at most {BAR_COMMIT_P99:.0f} ms",
            met=p99 <= BAR_COMMIT_P99,
            more={"sales": len(times.real)},
        )
    ]
