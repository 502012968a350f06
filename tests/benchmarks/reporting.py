"""Reports over five years of a busy shop, beside a bare GROUP BY over the same rows."""

import os
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from app.clock import SettableClock, parse_time
from app.ids import Ids
from app.reports.asking import TILL_TABLES, asked
from app.reports.folding import fold, split_days
from app.reports.grouping import tills_of
from app.reports.month_sums import fold_moved
from app.reports.report import answer
from app.reports.sheet import Sheet
from app.transaction import Books
from tests.benchmarks.five_years import LAST_DAY, made
from tests.benchmarks.measuring import Figure, percentile, timed
from ui.startup import open_demo

DAY, MONTH, YEAR, CHART = 200.0, 1_000.0, 3_000.0, 300.0
"""Milliseconds at most."""
TIMES = 3
TODAY = LAST_DAY.isoformat()
_RAW = (
    "SELECT l.product, sum(l.quantity), sum(l.paid), sum(l.cost) FROM sale s"
    " CROSS JOIN sale_line l ON l.shop = s.shop AND l.sale = s.sale"
    " WHERE s.shop = ? AND s.till IN ('1', '2') AND s.day BETWEEN ? AND ? GROUP BY l.product"
)
"""CROSS: days first, then their lines, as anybody would write it who knows the sizes."""
_RAW_ENTRIES = "SELECT content FROM entry WHERE order_ms >= ? AND order_ms < ?"


def reports(folder: Path | None = None, times: int = TIMES) -> list[Figure]:
    """A day, a month and a year by product, a month's average costs, and the first chart."""
    clock = SettableClock(parse_time(f"{TODAY}T21:30:00+08:00"))
    place = made(folder)
    opened = open_demo(place, till="1", stock=True, clock=clock, ids=Ids(clock))
    raw = sqlite.connect(str(place / "till.db"), isolation_level=None)
    try:
        books = opened.books
        ranges = {
            "day": (TODAY, TODAY, DAY),
            "month": ("2026-11-01", "2026-11-30", MONTH),
            "year": ("2026-01-01", TODAY, YEAR),
        }
        folded = _fold(books, *ranges["year"][:2])
        found = []
        sheet: Sheet | None = None
        for name, (first, last, bar) in ranges.items():
            question = asked((books.shop,), first, last)
            ask = partial(answer, books, "product", question, today=TODAY, margins=True)
            sheet = ask()
            assert sheet.check.ok and sheet.lines
            bare: Callable[[], object] = partial(_bare, raw, books.shop, first, last)
            found.append(_figure(f"report_{name}", ask, bare, bar, times))
        found.append(_average_cost(books, raw, times))
        assert sheet is not None
        found.append(_chart(sheet, times, folded))
        return found
    finally:
        raw.close()
        opened.close()


def _bare(raw: sqlite.Connection, shop: str, first: str, last: str) -> list[object]:
    return list(raw.execute(_RAW, (shop, first, last)).fetchall())


def _fold(books: Books, first: str, last: str) -> int:
    """Every closed day is summed up, as it is in a shop that closes its days."""
    question = asked((books.shop,), first, last)
    with books.read() as db:
        tills = tills_of(db, TILL_TABLES, (books.shop,))
        missing = split_days(db, question, tills, today=TODAY).missing
    return fold(books, missing)


def _average_cost(books: Books, raw: sqlite.Connection, times: int) -> Figure:
    """A month that is over, which hangs on all the years before it."""
    fold_moved(books, today=TODAY, most=1_000)
    question = asked((books.shop,), "2026-11-01", "2026-11-30")

    def ask() -> None:
        assert answer(books, "average_cost", question, today=TODAY, margins=True).check.ok

    def bare() -> object:
        moments = [parse_time(f"{day}T00:00:00+08:00") for day in ("2026-11-01", "2026-12-01")]
        return [sha256(content) for (content,) in raw.execute(_RAW_ENTRIES, moments)]

    return _figure(
        "report_average_cost", ask, bare, MONTH, times,
        what="a month's 加权平均成本, held against each of its entries",
        against="reading those entries and their hashes alone",
    )  # fmt: skip


def _figure(
    name: str,
    ask: Callable[[], object],
    bare: Callable[[], object],
    bar: float,
    times: int,
    what: str = "by product, checked against the books by another way",
    against: str = "a bare GROUP BY over the lines",
) -> Figure:
    took, limit = [], []
    for _ in range(times):
        took.append(timed(ask))
        limit.append(timed(bare))
    p50, floor = percentile(took, 0.5), percentile(limit, 0.5)
    return Figure(
        name=name,
        what=what,
        p50=p50,
        limit=against,
        limit_p50=floor,
        ratio=p50 / floor,
        bar=f"at most {bar / 1000:g} s",
        met=p50 <= bar,
    )


def _chart(sheet: Sheet, times: int, folded: int) -> Figure:
    """From the rows in hand to the chart on the screen."""
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtWidgets import QApplication

    from ui.theme import Theme, load_fonts
    from ui.widgets.chart import paint_chart

    # Painted into a picture: no screen is needed, and none may be there.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    load_fonts()
    assert sheet.chart is not None
    picture = QImage(1000, 320, QImage.Format.Format_ARGB32_Premultiplied)

    def paint() -> None:
        painter = QPainter(picture)
        assert sheet.chart is not None
        paint_chart(painter, sheet.chart, Theme(), 1000, 320)
        painter.end()

    took = [timed(paint) for _ in range(times)]
    del application
    return Figure(
        name="report_chart",
        what="painting the chart of the year, the first time included",
        p50=took[0],
        limit="the same again",
        limit_p50=percentile(took[1:], 0.5),
        ratio=took[0] / percentile(took[1:], 0.5),
        bar=f"at most {CHART / 1000:g} s",
        met=took[0] <= CHART,
        more={"days_summed_up_now": folded},
    )
