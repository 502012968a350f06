"""Whole days summed up once, and which of a range's days may be read from those sums."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection, delete, func, select

from app.database import Priority
from app.reports.asking import GOODS, HEAD, TILL_TABLES, Asked
from app.reports.grouping import (
    FIGURES,
    HEADS,
    Arm,
    gather,
    head_arms,
    line_arms,
    statement,
    tills_of,
)
from app.reports.month_sums import forget_moved
from app.reports.tables import report_day, report_goods, report_head, report_line
from app.shifts.tables import turnover
from app.transaction import Books, Transaction, transaction

FORM = 1
"""Raised whenever days are summed up otherwise than before."""
SHORT = 7
"""So many days are read from their own rows: there is nothing to win."""
LONG = 62
"""From here on summing up is worth the wait."""
_MOST_GAPS = 40
_SAID = (*GOODS, "kind")
Ranges = tuple[tuple[str, str], ...]


class Split(msgspec.Struct, frozen=True):
    """Which days of a range were summed up, and which are read from their rows."""

    folded: Ranges = ()
    plain: Ranges = ()
    missing: tuple[str, ...] = ()
    """Days worth summing up."""


def split_days(
    db: Connection, asked: Asked, tills: Sequence[str], *, today: str, short: int = SHORT
) -> Split:
    """How a till answers a question over its own shop."""
    whole = ((asked.first, asked.last),)
    if asked.days <= short:
        return Split(plain=whole)
    shop = asked.shops[0]
    standing = _papers(db, shop, asked.first, asked.last, tills)
    known = {
        row.day: row.papers
        for row in db.execute(
            select(report_day.c.day, report_day.c.papers).where(
                report_day.c.shop == shop,
                report_day.c.form == FORM,
                report_day.c.day.between(asked.first, asked.last),
            )
        )
    }
    folded = [day for day in sorted(standing) if known.get(day) == standing[day]]
    plain = [day for day in sorted(standing) if known.get(day) != standing[day]]
    missing = tuple(day for day in plain if day < today)
    ranges = _ranges(plain)
    if len(ranges) > _MOST_GAPS:
        return Split(plain=whole, missing=missing)
    return Split(_ranges(folded), ranges, missing)


def _papers(
    db: Connection, shop: str, first: str, last: str, tills: Sequence[str]
) -> dict[str, int]:
    """How many sales and refunds each day has: one walk along an index."""
    rows = db.execute(
        select(turnover.c.day, func.count())
        .where(
            turnover.c.shop == shop,
            turnover.c.till.in_(tills),
            turnover.c.day.between(first, last),
        )
        .group_by(turnover.c.day)
    )
    return {str(day): int(count) for day, count in rows}


def _ranges(days: Iterable[str]) -> Ranges:
    """Days one after the other as ranges."""
    found: list[tuple[str, str]] = []
    for day in days:
        if found and _next(found[-1][1]) == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return tuple(found)


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def folded_line_arm() -> Arm:
    """Lines of days that were summed up."""
    return Arm(
        report_line,
        {name: func.sum(report_line.c[name]) for name in FIGURES},
        {name: report_goods.c[name] for name in _SAID},
        dated=(),
        joined=report_line.join(report_goods, report_goods.c.goods == report_line.c.goods),
    )


def folded_head_arm() -> Arm:
    """Receipts of days that were summed up."""
    return Arm(report_head, {name: func.sum(report_head.c[name]) for name in HEADS})


def missing_days(books: Books, asked: Asked, *, today: str) -> list[str]:
    """Days that are worth summing up before a long question is answered, and what it is compared
    with."""
    found: list[str] = []
    with books.read() as db:
        tills = tills_of(db, TILL_TABLES, asked.shops)
        for each in (asked, asked.before()):
            if each is not None and each.days > LONG:
                found += split_days(db, each, tills, today=today).missing
    return list(dict.fromkeys(found))


def fold(books: Books, days: Iterable[str]) -> int:
    """Sum up days, each in a transaction of its own so that a sale never waits long; how many."""
    count = 0
    for day in days:
        with transaction(books, priority=Priority.BACKGROUND) as tx:
            _fold(tx, day)
        count += 1
    return count


def forget(books: Books) -> None:
    """Drop every sum: the next long report makes them anew."""
    with transaction(books, priority=Priority.BACKGROUND) as tx:
        for table in (report_day, report_line, report_head):
            tx.execute(delete(table))
        forget_moved(tx)


def _fold(tx: Transaction, day: str) -> None:
    db, shop = tx.connection, tx.shop
    tills = tills_of(db, TILL_TABLES, (shop,))
    asked = Asked(shops=(shop,), first=day, last=day)
    papers = _papers(db, shop, day, day, tills).get(day, 0)
    by = (*_SAID, *HEAD)
    lines = gather(db, [statement(a, by, asked, tills) for a in line_arms(TILL_TABLES)], len(by))
    by_hour = (*HEAD, "hour")
    heads = gather(
        db, [statement(a, by_hour, asked, tills) for a in head_arms(TILL_TABLES)], len(by_hour)
    )
    for table in (report_day, report_line, report_head):
        tx.execute(delete(table).where(table.c.shop == shop, table.c.day == day))
    numbers = _numbers(tx, {key[: len(_SAID)] for key in lines})
    key = {"shop": shop, "day": day}
    for said, figures in lines.items():
        head = dict(zip(HEAD, said[len(_SAID) :], strict=True))
        sums = {name: figures.get(name, 0) for name in FIGURES}
        tx.insert(report_line, key | {"goods": numbers[said[: len(_SAID)]]} | head | sums)
    for said, figures in heads.items():
        sums = {name: figures.get(name, 0) for name in HEADS}
        tx.insert(report_head, key | dict(zip(by_hour, said, strict=True)) | sums)
    tx.insert(report_day, key | {"form": FORM, "papers": papers})


def _numbers(
    tx: Transaction, wanted: Iterable[tuple[object, ...]]
) -> dict[tuple[object, ...], int]:
    """The number of every way lines speak of goods, new ones made."""
    columns = [report_goods.c[name] for name in _SAID]
    known: dict[tuple[object, ...], int] = {}
    for row in tx.read(select(report_goods.c.goods, *columns)):
        known[tuple(row[1:])] = int(row[0])
    for said in sorted(set(wanted) - known.keys(), key=repr):
        known[said] = len(known) + 1
        values = dict(zip(_SAID, said, strict=True))
        tx.insert(report_goods, {"goods": known[said]} | values)
    return known
