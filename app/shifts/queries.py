"""Which day and shift a till is in, what lies in its drawer, and X and Z from one function."""

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

from app.facts.shifts import TenderTotal
from app.journal.tables import journal_opened
from app.rows import Envelope
from app.shifts.tables import (
    counter_act,
    day_closed,
    day_opened,
    difference_confirmed,
    drawer_cash,
    shift_closed,
    shift_counted,
    shift_opened,
    taking,
    turnover,
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


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """X or Z: what a till took over a range of its journal. Amounts in fen."""

    day: str
    journal: str
    from_seq: int
    to_seq: int
    gross: int
    refunds: int
    rounding: int
    tax: int
    sales: int
    tenders: tuple[TenderTotal, ...]
    cashiers: dict[str, int]
    channels: dict[str, int]
    expected_cash: int
    acts: dict[str, int]

    @property
    def net(self) -> int:
        return self.gross - self.refunds


_OPEN_SHIFT = (
    select(
        shift_opened.c.fact,
        shift_opened.c.day,
        shift_opened.c.drawer,
        shift_opened.c.person,
        shift_opened.c.float_fen,
        shift_opened.c.order_ms,
    )
    .where(
        shift_opened.c.shop == bindparam("shop"),
        shift_opened.c.till == bindparam("till"),
        ~exists().where(
            shift_closed.c.shop == shift_opened.c.shop,
            shift_closed.c.shift == shift_opened.c.fact,
        ),
    )
    .order_by(shift_opened.c.order_ms.desc())
    .limit(1)
)
_JOURNALS = select(journal_opened.c.journal, journal_opened.c.previous).where(
    journal_opened.c.shop == bindparam("shop"), journal_opened.c.till == bindparam("till")
)
_ANY_SEQ = 2**62


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
_LAST_Z = _last_of(day_closed)


def _journals(db: Connection, shop: str, till: str) -> list[str]:
    """The till's journals, the one it writes first and each before the one it went on from.

    Their own order decides, not the time: a clock turned back at noon makes no morning of it.
    """
    rows = db.execute(_JOURNALS, {"shop": shop, "till": till})
    before = {row.journal: row.previous for row in rows}
    newest = sorted(before.keys() - set(before.values()), reverse=True)
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
    for age, journal in enumerate(_journals(db, shop, till)):
        row = db.execute(statement, {"shop": shop, "till": till, "journal": journal}).first()
        if row is not None:
            return age, row
    return None


def open_shift(db: Connection, shop: str, till: str) -> Shift | None:
    """The till's open turn, if there is one."""
    row = db.execute(_OPEN_SHIFT, {"shop": shop, "till": till}).first()
    return None if row is None else Shift(*row)


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


def open_day(db: Connection, shop: str, till: str) -> str:
    """The till's business day that no Z has closed, "" when none is open."""
    opened = _last(db, _LAST_DAY, shop, till)
    if opened is None:
        return ""
    closed = _last(db, _LAST_Z, shop, till)
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
    last = _last(db, _LAST_Z, shop, till)
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
    return _tenders(
        db,
        and_(taking.c.shop == shop, taking.c.till == till, taking.c.shift == shift),
    )


def _tenders(db: Connection, where: ColumnElement[bool]) -> tuple[TenderTotal, ...]:
    rows = db.execute(
        select(
            taking.c.tender,
            func.sum(taking.c.taken),
            func.sum(taking.c.given),
            func.sum(case((taking.c.what == "corrected_from", -1), else_=1)),
        )
        .where(where, taking.c.what.in_(COUNTED))
        .group_by(taking.c.tender)
        .order_by(taking.c.tender)
    )
    return tuple(
        TenderTotal(tender=tender, taken=taken, given=given, count=count)
        for tender, taken, given, count in rows
    )


def report(db: Connection, shop: str, till: str, journal: str, to_seq: int) -> Report:
    """Everything since the last Z up to `to_seq`: X when it is read, Z when it is closed."""
    range_ = _Range(shop, till, _since_last_z(db, shop, till, journal, to_seq))
    gross, refunds, rounding, tax, sales = db.execute(
        select(
            func.coalesce(func.sum(turnover.c.gross), 0),
            func.coalesce(func.sum(turnover.c.refunds), 0),
            func.coalesce(func.sum(turnover.c.rounding), 0),
            func.coalesce(func.sum(turnover.c.tax), 0),
            func.coalesce(func.sum(turnover.c.sales), 0),
        ).where(range_.of(turnover))
    ).one()
    acts = db.execute(
        select(counter_act.c.what, func.count())
        .where(range_.of(counter_act))
        .group_by(counter_act.c.what)
    )
    return Report(
        day=open_day(db, shop, till),
        journal=journal,
        from_seq=range_.parts[0].from_seq,
        to_seq=to_seq,
        gross=int(gross),
        refunds=int(refunds),
        rounding=int(rounding),
        tax=int(tax),
        sales=int(sales),
        tenders=_tenders(db, range_.of(taking)),
        cashiers=_net_by(db, range_, turnover.c.person),
        channels=_net_by(db, range_, turnover.c.channel),
        expected_cash=_cash_now(db, shop, till),
        acts={str(what): int(count) for what, count in acts},
    )


class _Part(msgspec.Struct, frozen=True):
    """A run of entries of one journal."""

    journal: str
    from_seq: int
    to_seq: int


def _since_last_z(
    db: Connection, shop: str, till: str, journal: str, to_seq: int
) -> tuple[_Part, ...]:
    """What no Z has counted yet, newest first: a till restored at noon still owes its morning."""
    parts: list[_Part] = []
    journals = _journals(db, shop, till)
    for each in journals[journals.index(journal) :]:
        last = db.execute(_LAST_Z, {"shop": shop, "till": till, "journal": each}).first()
        if last is not None:
            return (*parts, _Part(each, last.to_seq + 1, to_seq))
        parts.append(_Part(each, 1, to_seq))
        to_seq = _ANY_SEQ
    return tuple(parts)


def since_last_z(db: Connection, shop: str, till: str, journal: str, of: Envelope) -> bool:
    """Whether an entry belongs to a day of this till that no Z has closed yet."""
    return any(
        part.journal == of.journal and part.from_seq <= of.seq <= part.to_seq
        for part in _since_last_z(db, shop, till, journal, _ANY_SEQ)
    )


class _Range(msgspec.Struct, frozen=True):
    """The entries a report is about."""

    shop: str
    till: str
    parts: tuple[_Part, ...]

    def of(self, table: Table) -> ColumnElement[bool]:
        """The rows of a table that facts in this range made."""
        runs = [
            and_(table.c.journal == part.journal, table.c.seq.between(part.from_seq, part.to_seq))
            for part in self.parts
        ]
        return and_(table.c.shop == self.shop, table.c.till == self.till, or_(*runs))


def _net_by(db: Connection, range_: _Range, column: ColumnElement[str]) -> dict[str, int]:
    rows = db.execute(
        select(column, func.sum(turnover.c.gross - turnover.c.refunds))
        .where(range_.of(turnover))
        .group_by(column)
        .order_by(column)
    )
    return {str(name): int(amount) for name, amount in rows}


def _cash_now(db: Connection, shop: str, till: str) -> int:
    """What should lie in the drawer of the open shift, or lay in the last one when it closed."""
    shift = open_shift(db, shop, till)
    if shift is not None:
        return expected_cash(db, shop, till, shift.shift)
    closed = db.scalar(
        select(shift_closed.c.expected)
        .where(shift_closed.c.shop == shop, shift_closed.c.till == till)
        .order_by(shift_closed.c.order_ms.desc())
        .limit(1)
    )
    return int(closed or 0)
