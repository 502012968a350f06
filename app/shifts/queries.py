"""Which day and shift a till is in, and what lies in its drawer."""

from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)

from app.facts.shifts import CountMade, TenderTotal
from app.journal.tables import entry, journal_opened, own_journal
from app.shifts.tables import (
    day_closed,
    day_opened,
    difference_confirmed,
    drawer_cash,
    drawer_count,
    shift_closed,
    shift_counted,
    shift_opened,
    taking,
)

COUNTED = ("sale", "refund", "tab", "corrected_from", "corrected_to")
"""Takings that are a way to pay for goods; floats and cash moved by hand are not."""


class Shift(msgspec.Struct, frozen=True):
    """An open turn at a drawer."""

    shift: str
    day: str
    drawer: str
    person: str
    float_fen: int
    opened_ms: int


_OURS = select(own_journal.c.journal)
_OPENED_HERE = entry.c.journal.in_(_OURS)
_MINE = journal_opened.alias()
_THIS_DEVICE = select(_MINE.c.device).where(_MINE.c.journal.in_(_OURS))
_WRITTEN_BY = select(journal_opened.c.device).where(journal_opened.c.journal == entry.c.journal)
_OPEN_SHIFTS = (
    select(
        shift_opened.c.fact,
        shift_opened.c.day,
        shift_opened.c.drawer,
        shift_opened.c.person,
        shift_opened.c.float_fen,
        shift_opened.c.order_ms,
    )
    .join(entry, entry.c.fact == shift_opened.c.fact)
    .where(
        shift_opened.c.shop == bindparam("shop"),
        shift_opened.c.till == bindparam("till"),
        # A copy of this disk, gone on elsewhere, is another drawer; a disk that was lost is ours.
        or_(_OPENED_HERE, _WRITTEN_BY.scalar_subquery().not_in(_THIS_DEVICE)),
        ~exists().where(
            shift_closed.c.shop == shift_opened.c.shop,
            shift_closed.c.shift == shift_opened.c.fact,
        ),
    )
    .order_by(_OPENED_HERE.desc(), shift_opened.c.order_ms.desc())
)
_WRITTEN_HERE = journal_opened.c.journal.in_(_OURS)
_JOURNALS = select(
    journal_opened.c.journal, journal_opened.c.previous, _WRITTEN_HERE.label("ours")
).where(
    journal_opened.c.shop == bindparam("shop"),
    journal_opened.c.till == bindparam("till"),
    # The same here: what a copy of this disk closes and opens is no day of this one.
    or_(_WRITTEN_HERE, journal_opened.c.device.not_in(_THIS_DEVICE)),
)


def _last_of(table: Table) -> Select[Any]:
    return (
        select(table)
        .where(
            table.c.shop == bindparam("shop"),
            table.c.till == bindparam("till"),
            table.c.journal == bindparam("journal"),
        )
        .order_by(table.c.seq.desc())
        .limit(1)
    )


_LAST_DAY = _last_of(day_opened)
LAST_Z = _last_of(day_closed)


def journals(db: Connection, shop: str, till: str) -> list[str]:
    """The till's journals, the one it writes first and each before the one it went on from; behind
    its own those of another device it stands in for.

    Their own order decides, not the time: a clock turned back at noon makes no morning of it.
    """
    rows = db.execute(_JOURNALS, {"shop": shop, "till": till}).all()
    before = {row.journal: row.previous for row in rows}
    ours = {row.journal: row.ours for row in rows}
    ends = before.keys() - set(before.values())
    newest = sorted(ends, key=lambda journal: (ours[journal], journal), reverse=True)
    chain: list[str] = []
    for journal in newest:
        while journal in before and journal not in chain:
            chain.append(journal)
            journal = before[journal]
    return chain


def _last(
    db: Connection, statement: Select[Any], shop: str, till: str
) -> tuple[int, Row[Any]] | None:
    """The newest row and how many journals ago it was written, None before the first."""
    for age, journal in enumerate(journals(db, shop, till)):
        row = db.execute(statement, {"shop": shop, "till": till, "journal": journal}).first()
        if row is not None:
            return age, row
    return None


def open_shift(db: Connection, shop: str, till: str) -> Shift | None:
    """The till's open turn, if there is one."""
    return next(iter(open_shifts(db, shop, till)), None)


def open_shifts(db: Connection, shop: str, till: str) -> list[Shift]:
    """The till's open turn, and behind it what a disk that was lost left open."""
    return [Shift(*row) for row in db.execute(_OPEN_SHIFTS, {"shop": shop, "till": till})]


class Uncounted(msgspec.Struct, frozen=True):
    """A turn the cut-off hour ended, whose drawer nobody has counted."""

    shift: str
    till: str
    day: str
    person: str
    expected: int
    order_ms: int


def uncounted(db: Connection, shop: str, till: str = "") -> list[Uncounted]:
    """Turns that wait for their count, oldest first: of one till, or of every till."""
    late = exists().where(
        shift_counted.c.shop == shift_closed.c.shop, shift_counted.c.shift == shift_closed.c.shift
    )
    where = [shift_closed.c.shop == shop, shift_closed.c.uncounted == 1, ~late]
    if till:
        where.append(shift_closed.c.till == till)
    rows = db.execute(
        select(*[shift_closed.c[name] for name in Uncounted.__struct_fields__])
        .where(*where)
        .order_by(shift_closed.c.order_ms, shift_closed.c.fact)
    )
    return [Uncounted(*row) for row in rows]


class Difference(msgspec.Struct, frozen=True):
    """A drawer that differs by more than whoever counted it may let stand."""

    shift: str
    till: str
    day: str
    person: str
    difference: int
    order_ms: int


def differences(db: Connection, shop: str) -> list[Difference]:
    """Differences nobody has confirmed, oldest first."""
    found = []
    for table in (shift_closed, shift_counted):
        confirmed = exists().where(
            difference_confirmed.c.shop == table.c.shop,
            difference_confirmed.c.shift == table.c.shift,
        )
        rows = db.execute(
            select(
                table.c.shift,
                table.c.till,
                table.c.day,
                table.c.person,
                table.c.counted - table.c.expected,
                table.c.order_ms,
            ).where(table.c.shop == shop, table.c.unconfirmed == 1, ~confirmed)
        )
        found += [Difference(*row) for row in rows]
    return sorted(found, key=lambda each: (each.order_ms, each.shift))


def counts_of(db: Connection, shop: str, shift: str) -> tuple[CountMade, ...]:
    """The counts of a turn that somebody looked at, in their order."""
    rows = db.execute(
        select(drawer_count.c.person, drawer_count.c.counted, drawer_count.c.verifies)
        .where(drawer_count.c.shop == shop, drawer_count.c.shift == shift)
        .order_by(drawer_count.c.order_ms, drawer_count.c.fact)
    )
    return tuple(
        CountMade(person=person, counted=counted, verifies=verifies)
        for person, counted, verifies in rows
    )


def open_day(db: Connection, shop: str, till: str) -> str:
    """The till's business day that no Z has closed, "" when none is open."""
    opened = _last(db, _LAST_DAY, shop, till)
    if opened is None:
        return ""
    closed = _last(db, LAST_Z, shop, till)
    if closed is None or (closed[0], -closed[1].seq) > (opened[0], -opened[1].seq):
        return str(opened[1].day)
    return ""


def z_parts(db: Connection, shop: str, till: str, day: str) -> int:
    """How many Z this till has closed on a business day."""
    return int(
        db.scalar(
            select(func.count()).where(
                day_closed.c.shop == shop, day_closed.c.till == till, day_closed.c.day == day
            )
        )
        or 0
    )


def grand_total(db: Connection, shop: str, till: str) -> int:
    """Net of every Z so far, in fen."""
    last = _last(db, LAST_Z, shop, till)
    return int(last[1].grand_total) if last else 0


def expected_cash(db: Connection, shop: str, till: str, shift: str) -> int:
    """What should lie in the drawer of a shift, in fen: float and takings less what was given."""
    row = db.execute(
        select(drawer_cash.c.taken, drawer_cash.c.given).where(
            drawer_cash.c.shop == shop,
            drawer_cash.c.till == till,
            drawer_cash.c.shift == shift,
            drawer_cash.c.tender == "cash",
        )
    ).first()
    return int(row.taken - row.given) if row else 0


def tender_totals(db: Connection, shop: str, till: str, shift: str) -> tuple[TenderTotal, ...]:
    """What each way to pay took in one shift, by sales alone."""
    return tenders_where(
        db,
        and_(
            taking.c.shop == shop,
            taking.c.till == till,
            taking.c.shift == shift,
            taking.c.what.in_(COUNTED),
        ),
    )


def tenders_where(db: Connection, where: ColumnElement[bool]) -> tuple[TenderTotal, ...]:
    """What each way to pay took and gave over some takings."""
    rows = db.execute(
        select(
            taking.c.tender,
            func.sum(taking.c.taken),
            func.sum(taking.c.given),
            func.sum(case((taking.c.what == "corrected_from", -1), else_=1)),
        )
        .where(where)
        .group_by(taking.c.tender)
        .order_by(taking.c.tender)
    )
    return tuple(
        TenderTotal(tender=tender, taken=taken, given=given, count=count)
        for tender, taken, given, count in rows
    )
