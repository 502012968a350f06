"""What moved in each month, by shop and product: what 加权平均成本 is worked out from.

It hangs on every movement there ever was, so a till keeps the sums of what is over. A journal's
entries come in their order, so its movements until some moment are the same for ever: sums hold
each journal until a moment of its own, and what was written behind that is read from its rows.
A hub adds up every month where it writes the movements (`summed`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Text,
    case,
    delete,
    func,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from app.clock import parse_time
from app.database import Priority
from app.reports.asking import TILL_TABLES, Tables
from app.reports.grouping import CHINA_MS, journals_of
from app.reports.tables import report_moved, report_moved_until
from app.row_writer import write_changes
from app.rows import Sum
from app.stock.tables import movement
from app.transaction import Books, Transaction, transaction

INTO = ("received", "arrived")
"""What brings a price along; everything else moves at the average."""
FORM = 1
"""Raised whenever months are summed up otherwise than before."""
SUMS = ("came", "came_value", "other")
MOVED = "moved"
"""The table of all months, where somebody keeps one (a hub)."""
Moved = dict[tuple[str, str, str], tuple[int, ...]]
"""By shop, product and month ("2026-12"): the three sums, thousandths and 1/10000 fen times
thousandths."""
_DAY_MS = 86_400_000
_WEEK_MS = 7 * _DAY_MS
_EPOCH = date(1970, 1, 1).toordinal()
Week = tuple[str, int, int]
"""A journal, and from when until just before when."""


class _month(GenericFunction[str]):
    """The month in China ("2026-12") of milliseconds, in the words of each database."""

    type = Text()
    inherit_cache = True


@compiles(_month, "sqlite")
def _sqlite(element: _month, compiler: SQLCompiler, **how: Any) -> str:
    moment = compiler.process(element.clauses, **how)
    return f"strftime('%Y-%m', ({moment} + {CHINA_MS}) / 1000, 'unixepoch')"


@compiles(_month, "postgresql")
def _postgresql(element: _month, compiler: SQLCompiler, **how: Any) -> str:
    moment = compiler.process(element.clauses, **how)
    seconds = f"to_timestamp(({moment} + {CHINA_MS}) / 1000)"
    return f"to_char({seconds} AT TIME ZONE 'UTC', 'YYYY-MM')"


def moved_sums(moves: FromClause) -> list[ColumnElement[int]]:
    """What came, its value, and all else, of some movements."""
    came = moves.c.reason.in_(INTO)
    return [
        func.sum(case((came, moves.c.quantity), else_=0)),
        func.sum(case((came, moves.c.quantity * moves.c.unit_cost), else_=0)),
        func.sum(case((came, 0), else_=moves.c.quantity)),
    ]


def share_of(row: Mapping[str, Any]) -> tuple[int, int, int]:
    """The same of one row."""
    quantity = row["quantity"]
    if row["reason"] in INTO:
        return quantity, quantity * row["unit_cost"], 0
    return 0, 0, quantity


@cache
def _month_of_day(day: int) -> str:
    # What lies beyond the calendar lies in its first or last month: a hub refuses nothing for it.
    return date.fromordinal(min(max(day + _EPOCH, 1), date.max.toordinal())).isoformat()[:7]


def summed(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """New rows of `movement` as rows of `SUMS` to be added to their months."""
    found: Moved = {}
    for row in rows:
        month = _month_of_day((row["order_ms"] + CHINA_MS) // _DAY_MS)
        key, more = (row["shop"], row["product"], month), share_of(row)
        there = found.get(key)
        found[key] = more if there is None else tuple(map(sum, zip(there, more, strict=True)))
    return [
        {"shop": shop, "product": product, "month": month, **dict(zip(SUMS, said, strict=True))}
        for (shop, product, month), said in found.items()
    ]


def moved_by_month(
    db: Connection, shops: Sequence[str], tables: Tables, *, folded: bool = False
) -> Moved:
    """Every month in which something moved. `folded`: sums may be used (a till over its own
    shop); a table of all months is used whoever asks."""
    found: Moved = {}
    if MOVED in tables:
        months = tables[MOVED].c
        wanted = select(*(months[name] for name in ("shop", "product", "month", *SUMS)))
        _add(db, found, wanted.where(months.shop.in_(shops)))
        return found
    moves = tables["movement"]
    if not folded:
        _add(db, found, _by_month(moves).where(moves.c.shop.in_(shops)))
        return found
    (shop,) = shops
    kept = [report_moved.c[name] for name in ("shop", "product", "month", *SUMS)]
    ours = (report_moved.c.form == FORM, report_moved.c.shop == shop)
    _add(db, found, select(*kept).where(*ours))
    until = _until(db, shop)
    for journal in journals_of(db, tables, shops):
        behind = moves.c.written_ms > until.get(journal, -1)
        _add(db, found, _by_month(moves).where(*_of(moves, shop, journal), behind))
    return found


def fold_moved(books: Books, *, today: str, most: int) -> int:
    """Sum up what moved before a day, so many weeks of journals at most; how many are left.

    Each is read beside the counter and written in a transaction of its own: no sale waits long.
    """
    with books.read() as db:
        weeks = list(_missing(db, books.shop, parse_time(f"{today}T00:00:00+08:00")))
    for week in weeks[:most]:
        _fold(books, week)
    return max(0, len(weeks) - most)


def forget_moved(tx: Transaction) -> None:
    """Drop the sums: the next question makes them anew."""
    for table in (report_moved, report_moved_until):
        tx.execute(delete(table))


def _by_month(moves: FromClause) -> Select[Any]:
    shop, product, month = moves.c.shop, moves.c.product, _month(moves.c.order_ms)
    # The month first: in the order of an index a planner reads all of it, for a week's rows too.
    return select(shop, product, month, *moved_sums(moves)).group_by(month, shop, product)


def _add(db: Connection, found: Moved, wanted: Select[Any]) -> None:
    for shop, product, month, *said in db.execute(wanted):
        there = found.get((shop, product, month), (0, 0, 0))
        found[shop, product, month] = tuple(a + int(b) for a, b in zip(there, said, strict=True))


def _of(moves: FromClause, shop: str, journal: str) -> tuple[ColumnElement[bool], ...]:
    return moves.c.shop == shop, moves.c.journal == journal


def _until(db: Connection, shop: str) -> dict[str, int]:
    """How far each journal was summed up, as moments of writing."""
    rows = db.execute(
        select(report_moved_until.c.journal, report_moved_until.c.written_ms).where(
            report_moved_until.c.form == FORM, report_moved_until.c.shop == shop
        )
    )
    return {str(journal): int(written) for journal, written in rows}


def _missing(db: Connection, shop: str, before: int) -> Iterator[Week]:
    """Weeks that are not summed up and over."""
    until = _until(db, shop)
    for journal in journals_of(db, TILL_TABLES, (shop,)):
        written = movement.c.written_ms
        here = (*_of(movement, shop, journal), written > until.get(journal, -1), written < before)
        # One by one each is found at its end of the index; together they walk all of it.
        first = db.scalar(select(func.min(written)).where(*here))
        last = db.scalar(select(func.max(written)).where(*here))
        if first is not None and last is not None:
            for began in range(first, last + 1, _WEEK_MS):
                yield journal, began, min(began + _WEEK_MS, last + 1)


def _fold(books: Books, week: Week) -> None:
    journal, first, ended = week
    written = movement.c.written_ms
    found: Moved = {}
    with books.read() as db:
        wanted = _by_month(movement).where(*_of(movement, books.shop, journal))
        _add(db, found, wanted.where(written >= first, written < ended))
    key = {"form": FORM, "shop": books.shop}
    with transaction(books, priority=Priority.BACKGROUND) as tx:
        if _until(tx.connection, books.shop).get(journal, -1) >= first:
            # Somebody else was here meanwhile.
            return
        write_changes(
            tx.connection,
            [
                Sum(
                    report_moved,
                    key | {"product": product, "month": month},
                    dict(zip(SUMS, said, strict=True)),
                )
                for (_shop, product, month), said in found.items()
            ],
        )
        stood = report_moved_until.c
        tx.execute(
            delete(report_moved_until).where(
                stood.form == FORM, stood.shop == books.shop, stood.journal == journal
            )
        )
        tx.insert(report_moved_until, key | {"journal": journal, "written_ms": ended - 1})
