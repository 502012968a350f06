"""X and Z from one function: everything a till did since its last Z. Amounts in fen."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

from app.facts.shifts import ActTotal, TaxTotal, TenderTotal
from app.rows import Envelope
from app.shifts.queries import (
    COUNTED,
    LAST_Z,
    expected_cash,
    grand_total,
    journals,
    open_day,
    open_shift,
    tenders_where,
)
from app.shifts.tables import (
    counter_act,
    day_closed,
    reduction_given,
    shift_closed,
    taking,
    tax_taken,
    turnover,
)

MOST_LISTED = 60
"""Of one kind of act so many stand on paper one by one; the rest is in the sums."""
_ANY_SEQ = 2**62


class Act(msgspec.Struct, frozen=True):
    """One thing a manager asks about: who, what about, how much."""

    what: str
    person: str
    detail: str
    amount: int
    order_ms: int


class Turn(msgspec.Struct, frozen=True):
    """A turn that ended since the last Z, and how its drawer came out."""

    person: str
    expected: int
    counted: int
    uncounted: int
    order_ms: int


class OpenTab(msgspec.Struct, frozen=True):
    """A room that still owes."""

    room: str
    open: int
    check_out: str


class OpenPayment(msgspec.Struct, frozen=True):
    """A payment nobody knows the end of."""

    tender: str
    amount: int
    state: str
    out_trade_no: str


class OpenEnds(msgspec.Struct, frozen=True):
    """What is still open elsewhere in the shop while a report is made."""

    tabs: tuple[OpenTab, ...] = ()
    payments: tuple[OpenPayment, ...] = ()
    refunds: tuple[OpenPayment, ...] = ()
    """Money on its way back that has not arrived."""
    held: tuple[int, ...] = ()
    """What each basket put aside comes to."""
    invoices: tuple[tuple[str, int], ...] = ()
    """(receipt, fen) of what was asked for and has not been issued."""
    red_letters: tuple[tuple[str, int], ...] = ()
    """(receipt, fen) that came back of issued invoices and has no red letter yet."""


NOTHING_OPEN = OpenEnds()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """X or Z: what a till took and did over a range of its journal."""

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
    left: tuple[TenderTotal, ...]
    """Money customers left with the shop and got back, by tender: no turnover."""
    taxes: tuple[TaxTotal, ...]
    cashiers: Mapping[str, int]
    channels: Mapping[str, int]
    expected_cash: int
    done: tuple[ActTotal, ...]
    """By what and by whom."""
    listed: tuple[Act, ...]
    turns: tuple[Turn, ...]
    grand_total: int
    """Net of every Z before this range."""
    ends: OpenEnds

    @property
    def net(self) -> int:
        return self.gross - self.refunds

    @property
    def acts(self) -> dict[str, int]:
        """How often each thing was done, whoever did it."""
        counts: dict[str, int] = {}
        for each in self.done:
            counts[each.what] = counts.get(each.what, 0) + each.count
        return counts

    def of(self, *what: str) -> tuple[Act, ...]:
        """Single acts of some kinds, in the order they were done."""
        return tuple(each for each in self.listed if each.what in what)


def report(
    db: Connection, shop: str, till: str, journal: str, to_seq: int, ends: OpenEnds = NOTHING_OPEN
) -> Report:
    """Everything since the last Z up to `to_seq`: X when it is read, Z when it is closed."""
    range_ = _Range(shop, till, _since_last_z(db, shop, till, journal, to_seq))
    gross, refunds, rounding, tax, sales = db.execute(
        select(
            *[
                func.coalesce(func.sum(turnover.c[name]), 0)
                for name in ("gross", "refunds", "rounding", "tax", "sales")
            ]
        ).where(range_.of(turnover))
    ).one()
    left = and_(range_.of(taking), taking.c.what.in_(("left", "given_back")))
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
        tenders=tenders_where(db, and_(range_.of(taking), taking.c.what.in_(COUNTED))),
        left=tenders_where(db, left),
        taxes=_taxes(db, range_),
        cashiers=_net_by(db, range_, turnover.c.person),
        channels=_net_by(db, range_, turnover.c.channel),
        expected_cash=_cash_now(db, shop, till),
        done=_done(db, range_),
        listed=_listed(db, range_),
        turns=_turns(db, shop, till),
        grand_total=grand_total(db, shop, till),
        ends=ends,
    )


def cash_of_shift(db: Connection, shop: str, till: str, shift: str) -> dict[str, int]:
    """How the drawer of a turn came to what it should hold: net fen by what moved it."""
    rows = db.execute(
        select(taking.c.what, func.sum(taking.c.taken - taking.c.given))
        .where(
            taking.c.shop == shop,
            taking.c.till == till,
            taking.c.shift == shift,
            taking.c.tender == "cash",
        )
        .group_by(taking.c.what)
    )
    return {str(what): int(fen) for what, fen in rows}


def acts_of_shift(db: Connection, shop: str, till: str, shift: str) -> dict[str, int]:
    """How often each thing a manager asks about was done in one turn."""
    found: dict[str, int] = {}
    for table, kind, times in (
        (counter_act, counter_act.c.what, func.count()),
        (reduction_given, reduction_given.c.kind, func.sum(reduction_given.c.times)),
    ):
        rows = db.execute(
            select(kind, times)
            .where(table.c.shop == shop, table.c.till == till, table.c.shift == shift)
            .group_by(kind)
        )
        found.update({str(what): int(count) for what, count in rows})
    return found


def since_last_z(db: Connection, shop: str, till: str, journal: str, of: Envelope) -> bool:
    """Whether an entry belongs to a day of this till that no Z has closed yet."""
    return any(
        part.journal == of.journal and part.from_seq <= of.seq <= part.to_seq
        for part in _since_last_z(db, shop, till, journal, _ANY_SEQ)
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
    known = journals(db, shop, till)
    for each in known[known.index(journal) :]:
        last = db.execute(LAST_Z, {"shop": shop, "till": till, "journal": each}).first()
        if last is not None:
            return (*parts, _Part(each, last.to_seq + 1, to_seq))
        parts.append(_Part(each, 1, to_seq))
        to_seq = _ANY_SEQ
    return tuple(parts)


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


def _taxes(db: Connection, range_: _Range) -> tuple[TaxTotal, ...]:
    rows = db.execute(
        select(
            tax_taken.c.tax_class,
            tax_taken.c.rate,
            func.sum(tax_taken.c.paid),
            func.sum(tax_taken.c.tax),
        )
        .where(range_.of(tax_taken))
        .group_by(tax_taken.c.tax_class, tax_taken.c.rate)
        .order_by(tax_taken.c.tax_class, tax_taken.c.rate)
    )
    return tuple(
        TaxTotal(tax_class=tax_class, rate=rate, paid=paid, tax=tax)
        for tax_class, rate, paid, tax in rows
    )


def _done(db: Connection, range_: _Range) -> tuple[ActTotal, ...]:
    acts = (
        select(
            counter_act.c.what,
            counter_act.c.person,
            func.count(),
            func.sum(counter_act.c.amount),
        )
        .where(range_.of(counter_act))
        .group_by(counter_act.c.what, counter_act.c.person)
    )
    given = (
        select(
            reduction_given.c.kind,
            reduction_given.c.person,
            func.sum(reduction_given.c.times),
            func.sum(reduction_given.c.amount),
        )
        .where(range_.of(reduction_given))
        .group_by(reduction_given.c.kind, reduction_given.c.person)
    )
    rows = [*db.execute(acts), *db.execute(given)]
    return tuple(
        ActTotal(what=what, person=person, count=count, amount=amount)
        for what, person, count, amount in sorted(tuple(row) for row in rows)
    )


def _listed(db: Connection, range_: _Range) -> tuple[Act, ...]:
    """The first acts of each kind one by one, in the order they were done."""
    place = func.row_number().over(
        partition_by=counter_act.c.what, order_by=(counter_act.c.order_ms, counter_act.c.seq)
    )
    names = Act.__struct_fields__
    numbered = (
        select(*[counter_act.c[name] for name in names], counter_act.c.seq, place.label("place"))
        .where(range_.of(counter_act))
        .subquery()
    )
    rows = db.execute(
        select(*[numbered.c[name] for name in names])
        .where(numbered.c.place <= MOST_LISTED)
        .order_by(numbered.c.order_ms, numbered.c.seq)
    )
    return tuple(Act(*row) for row in rows)


def _turns(db: Connection, shop: str, till: str) -> tuple[Turn, ...]:
    last_z = (
        select(func.coalesce(func.max(day_closed.c.order_ms), -1))
        .where(day_closed.c.shop == shop, day_closed.c.till == till)
        .scalar_subquery()
    )
    rows = db.execute(
        select(*[shift_closed.c[name] for name in Turn.__struct_fields__])
        .where(
            shift_closed.c.shop == shop,
            shift_closed.c.till == till,
            shift_closed.c.order_ms > last_z,
        )
        .order_by(shift_closed.c.order_ms, shift_closed.c.fact)
    )
    return tuple(Turn(*row) for row in rows)


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
