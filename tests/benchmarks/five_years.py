"""Five years of a busy shop: 900,000 sales, written in bulk through the same `apply`.

`python -m tests.benchmarks.five_years --data DIR` makes the folder once; it is never changed
afterwards. Rows of meaning are what a till would have; entries stand only for the last days, which
are what reports hold their sums against: those of the other years would be three gigabytes more.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from time import monotonic

import msgspec
from sqlalchemy import Connection

from app.catalogue.queries import all_products
from app.clock import SettableClock, parse_time
from app.facts.base import Fact, wire_name
from app.facts.catalogue import Product
from app.facts.sales import (
    LotShare,
    Reduction,
    RefundCompleted,
    RefundLine,
    RefundTender,
    SaleCompleted,
    SaleLine,
    Tender,
)
from app.facts.shifts import DayOpened, ShiftOpened
from app.ids import Ids
from app.journal.entry import encode, hash_of
from app.journal.rebuild import BATCH
from app.journal.tables import entry
from app.meaning import MEANING
from app.row_writer import insert_rows, write_changes
from app.rows import Envelope
from tests.benchmarks.shop import grow_catalogue
from ui.startup import open_demo

LAST_DAY = date(2026, 12, 6)
ENTRIES_FROM = date(2026, 11, 1)
"""A month that is over, and the one that goes on."""
YEARS, SALES_A_DAY, LINES = 5, 494, 5
PRODUCTS = 400
TILLS, PEOPLE = ("1", "2"), ("101", "102", "201")
CHANNELS = ("C13",) * 17 + ("C01", "C05", "C08")
TENDERS = ("wechat",) * 5 + ("alipay",) * 3 + ("cash",) * 2
HOURS = (9, 10, 10, 11, 11, 12, 14, 15, 16, 16, 17, 17, 17, 18, 19, 20)
PLACES = (
    ("1.1", "马冈"),
    ("1.2", "大沙"),
    ("1.3", "金鸡"),
    ("1.4", ""),
    ("2.1", "塘口"),
    ("1.6", "蚬冈"),
)
ORIGINS = ("完全原产", "完全原产", "部分原产·主体", "部分原产·主导", "非三原")
GRADES = ("高端", "中端", "大众", "大众")
DONE = "five-years.done"


class Years:
    """Facts day by day, each with its place in a journal."""

    def __init__(self, shop: str, goods: Sequence[Product], seed: str) -> None:
        self._random = random.Random(seed)
        self._shop = shop
        self._seq = dict.fromkeys(TILLS, 0)
        self._clock = SettableClock(0)
        self._ids = Ids(self._clock, self._random.randbytes)
        # A few articles are most of what is sold, as in every shop.
        self._weights = [max(1, 2000 // (n + 3)) for n in range(len(goods))]
        self._kinds = [_line_of(one, n) for n, one in enumerate(goods)]
        self._last: dict[str, tuple[str, SaleCompleted]] = {}

    def day(self, day: date, sales: int) -> Iterator[tuple[Envelope, Fact]]:
        """One business day of both tills."""
        said = day.isoformat()
        midnight = parse_time(f"{said}T00:00:00+08:00")
        for till in TILLS:
            fact = DayOpened(shop=self._shop, till=till, day=said, proposed=said)
            yield self._placed(till, midnight + 8 * 3_600_000, fact)
            turn = ShiftOpened(
                shop=self._shop, till=till, day=said, drawer=till, person="101", float_fen=500_00
            )
            yield self._placed(till, midnight + 8 * 3_600_000, turn)
        drawn = self._random.choices(range(len(self._kinds)), self._weights, k=sales * LINES)
        moments = sorted(
            midnight + self._random.choice(HOURS) * 3_600_000 + self._random.randrange(3_600_000)
            for _ in range(sales)
        )
        for number, moment in enumerate(moments):
            till = TILLS[number % 2]
            chosen = drawn[number * LINES : (number + 1) * LINES]
            sale = self._sale(till, said, number // 2 + 1, chosen)
            envelope, _ = placed = self._placed(till, moment, sale)
            yield placed
            if number % 50 == 49:
                back = self._refund(sale, envelope.fact, number // 2 + 1 + sales)
                yield self._placed(till, moment + 60_000, back)

    def _placed(self, till: str, moment: int, fact: Fact) -> tuple[Envelope, Fact]:
        self._clock.jump_wall(moment - self._clock.wall_ms())
        self._seq[till] += 1
        return Envelope(
            v=1, journal=f"five-years-{till}", seq=self._seq[till], prev="0" * 64,
            fact=self._ids.new(), kind=wire_name(type(fact)), order=moment, wall=moment,
            staff="101", app="five-years",
        ), fact  # fmt: skip

    def _sale(self, till: str, day: str, sequence: int, chosen: Sequence[int]) -> SaleCompleted:
        draw = self._random
        lines = tuple(self._kinds[which][draw.randrange(3)][at] for at, which in enumerate(chosen))
        due = sum(line.paid for line in lines)
        tender = draw.choice(TENDERS)
        return SaleCompleted(
            shop=self._shop, till=till, day=day, shift=f"turn-{till}-{day}",
            number=f"{self._shop}-{till}-{day[2:].replace('-', '')}-{sequence:04d}",
            sequence=sequence, series="D", drawer=till, person=draw.choice(PEOPLE),
            channel=draw.choice(CHANNELS), seller="", opened_ms=0, lines=lines,
            pieces=len(lines), gross=sum(line.amount for line in lines),
            reduced=due - sum(line.amount for line in lines), rounding=0, due=due,
            tenders=(Tender(tender=tender, amount=due, tendered=due),), change=0,
            tax=sum(line.tax for line in lines),
        )  # fmt: skip

    def _refund(self, sale: SaleCompleted, fact: str, sequence: int) -> RefundCompleted:
        line = sale.lines[0]
        same = {
            name: getattr(line, name)
            for name in RefundLine.__struct_fields__
            if name in SaleLine.__struct_fields__
        }
        back = RefundLine(
            **same, original_line=1, reason="no_longer_wanted", disposition="shelf"
        )  # fmt: skip
        return RefundCompleted(
            shop=sale.shop, till=sale.till, day=sale.day, shift=sale.shift,
            number=f"{sale.number}T", sequence=sequence, series="D", drawer=sale.till,
            person=sale.person, channel=sale.channel, seller="", sale=fact,
            original_number=sale.number, original_day=sale.day,
            lines=(msgspec.structs.replace(back, amount=line.paid),), amount=line.paid,
            tenders=(RefundTender(tender=sale.tenders[0].tender, amount=line.paid),), tax=line.tax,
        )  # fmt: skip


def _line_of(one: Product, n: int) -> list[list[SaleLine]]:
    """A product's line at each place of a basket, three quantities of it."""
    category, town = PLACES[n % len(PLACES)]
    return [
        [_line(one, n, at, pieces, category, town) for at in range(LINES)] for pieces in (1, 2, 3)
    ]


def _line(one: Product, n: int, at: int, pieces: int, category: str, town: str) -> SaleLine:
    amount = one.price * pieces
    cut = amount // 10 if n % 7 == 0 else 0
    cuts = (Reduction(rule="F01", kind="promotion", name="九折", amount=-cut),) if cut else ()
    return SaleLine(
        line=at + 1, product=one.code, name=one.name, spec=one.spec, unit=one.unit, weighed=0,
        quantity=pieces * 1000, list_price=one.price, unit_price=one.price, amount=amount,
        reductions=cuts, paid=amount - cut, tax_class="goods", tax_rate=13,
        tax=(amount - cut) * 13 // 113, brand="开平优品", brand_town=town, category=category,
        three_origin=ORIGINS[n % len(ORIGINS)], tier=GRADES[n % len(GRADES)],
        lots=(LotShare(lot=f"lot-{n}", known="assumed", quantity=pieces * 1000,
                       unit_cost=one.cost),),
    )  # fmt: skip


def make(folder: Path, *, days: int, sales: int, seed: str = "five years") -> int:
    """Fill an empty folder with a demo shop's years; how many sales it has."""
    clock = SettableClock(parse_time(f"{LAST_DAY.isoformat()}T21:00:00+08:00"))
    opened = open_demo(folder, till="1", stock=True, clock=clock, ids=Ids(clock))
    books, count = opened.books, 0
    try:
        grow_catalogue(books, PRODUCTS)
        with books.read() as db:
            goods = [
                one for one in all_products(db, books.shop).values()
                if one.kind == "goods" and not one.weighed
            ]  # fmt: skip
        years = Years(books.shop, goods[:PRODUCTS], seed)
        writer = books.database.writer
        # The folder is thrown away when this is broken off: nothing has to be durable on the way.
        writer.exec_driver_sql("PRAGMA synchronous=OFF")
        writer.exec_driver_sql("PRAGMA cache_size=-200000")
        for back in range(days - 1, -1, -1):
            day = LAST_DAY - timedelta(days=back)
            facts = list(years.day(day, sales))
            writer.exec_driver_sql("BEGIN IMMEDIATE")
            stream = iter(facts)
            while some := list(islice(stream, 2 * BATCH)):
                write_changes(
                    writer,
                    (
                        change
                        for envelope, fact in some
                        for apply in MEANING[type(fact)]
                        for change in apply(envelope, fact)
                    ),
                )
            if day >= ENTRIES_FROM:
                _insert(writer, facts)
            writer.exec_driver_sql("COMMIT")
            count += sales
    finally:
        opened.close()
    (folder / DONE).write_text(str(count))
    return count


def _insert(writer: Connection, placed: Sequence[tuple[Envelope, Fact]]) -> None:
    """The entries themselves, unsigned: reports read what they say."""
    rows = []
    for envelope, fact in placed:
        content = encode(envelope, fact)
        rows.append(
            {
                "journal": envelope.journal, "seq": envelope.seq, "fact": envelope.fact,
                "kind": envelope.kind, "order_ms": envelope.order, "hash": hash_of(content),
                "sig": bytes(64), "content": content,
            }
        )  # fmt: skip
    insert_rows(writer, entry, rows)


def made(folder: Path | None = None) -> Path:
    """The folder with the five years, made now where there is none (some minutes)."""
    folder = folder or Path(tempfile.gettempdir()) / "pos-five-years"
    if not (folder / DONE).exists():
        print(f"making five years of sales in {folder}: some minutes, once", file=sys.stderr)
        make(folder, days=365 * YEARS + 1, sales=SALES_A_DAY)
    return folder


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--days", type=int, default=365 * YEARS + 1)
    parser.add_argument("--sales", type=int, default=SALES_A_DAY, help="a day")
    parsed = parser.parse_args()
    began = monotonic()
    count = make(parsed.data, days=parsed.days, sales=parsed.sales)
    print(f"{count} sales in {monotonic() - began:.0f} s")


if __name__ == "__main__":
    _main()
