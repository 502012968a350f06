"""Attempts and refunds as they stand: open ones, parked ones, those of a basket. Amounts in fen."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, select

from app.payments.rules import BLOCKING, OPEN, REFUND_OPEN
from app.payments.tables import (
    bill_difference,
    payment_attempt,
    payment_now,
    refund_attempt,
    refund_now,
)
from app.row_writer import Prepared


class Attempt(msgspec.Struct, frozen=True):
    """A charge asked of a channel, and where it stands."""

    attempt: str
    till: str
    day: str
    shift: str
    basket: str
    person: str
    tender: str
    amount: int
    out_trade_no: str
    mode: str
    order_ms: int
    state: str
    trade_no: str
    since_ms: int


class Refund(msgspec.Struct, frozen=True):
    """Money on its way back through a channel, and where it stands."""

    refund_attempt: str
    till: str
    day: str
    refund: str
    attempt: str
    tender: str
    amount: int
    out_trade_no: str
    out_refund_no: str
    order_ms: int
    state: str
    since_ms: int


_ATTEMPTS = select(
    *[payment_attempt.c[name] for name in Attempt.__struct_fields__[:11]],
    payment_now.c.state,
    payment_now.c.trade_no,
    payment_now.c.since_ms,
).join_from(
    payment_attempt,
    payment_now,
    (payment_now.c.shop == payment_attempt.c.shop)
    & (payment_now.c.owner == payment_attempt.c.shop)
    & (payment_now.c.attempt == payment_attempt.c.attempt),
)
_REFUNDS = select(
    *[refund_attempt.c[name] for name in Refund.__struct_fields__[:10]],
    refund_now.c.state,
    refund_now.c.since_ms,
).join_from(
    refund_attempt,
    refund_now,
    (refund_now.c.shop == refund_attempt.c.shop)
    & (refund_now.c.owner == refund_attempt.c.shop)
    & (refund_now.c.refund_attempt == refund_attempt.c.refund_attempt),
)


_OF_BASKET = Prepared(
    _ATTEMPTS.where(
        payment_attempt.c.shop == bindparam("shop"),
        payment_attempt.c.basket == bindparam("basket"),
    ).order_by(payment_attempt.c.order_ms, payment_attempt.c.seq)
)
"""Compiled once: every payment asks it, cash too."""


# Asked whenever a payment moves.
_BY_ID = Prepared(
    _ATTEMPTS.where(
        payment_attempt.c.shop == bindparam("shop"),
        payment_attempt.c.attempt == bindparam("attempt"),
    )
)
_STILL_OPEN = _ATTEMPTS.where(
    payment_attempt.c.shop == bindparam("shop"), payment_now.c.state.in_(OPEN)
).order_by(payment_attempt.c.order_ms, payment_attempt.c.seq)
_STILL_GOING_BACK = _REFUNDS.where(
    refund_attempt.c.shop == bindparam("shop"), refund_now.c.state.in_(REFUND_OPEN)
).order_by(refund_attempt.c.order_ms, refund_attempt.c.seq)


def _attempts(db: Connection, shop: str, *which: ColumnElement[bool]) -> list[Attempt]:
    rows = db.execute(
        _ATTEMPTS.where(payment_attempt.c.shop == shop, *which).order_by(
            payment_attempt.c.order_ms, payment_attempt.c.seq
        )
    )
    return [Attempt(*tuple(row)) for row in rows]


def _refunds(db: Connection, shop: str, *which: ColumnElement[bool]) -> list[Refund]:
    rows = db.execute(
        _REFUNDS.where(refund_attempt.c.shop == shop, *which).order_by(
            refund_attempt.c.order_ms, refund_attempt.c.seq
        )
    )
    return [Refund(*tuple(row)) for row in rows]


def attempt_by_id(db: Connection, shop: str, attempt: str) -> Attempt | None:
    """One attempt, None when this till does not know it."""
    row = _BY_ID.first(db, {"shop": shop, "attempt": attempt})
    return None if row is None else Attempt(*row)


def attempts_of(db: Connection, shop: str, basket: str) -> list[Attempt]:
    """Everything that was asked of channels for one basket, oldest first."""
    return [Attempt(*row) for row in _OF_BASKET.run(db, {"shop": shop, "basket": basket})]


def attempts_of_day(db: Connection, shop: str, till: str, day: str) -> list[Attempt]:
    """What this till asked of channels on a business day, oldest first."""
    return _attempts(db, shop, payment_attempt.c.till == till, payment_attempt.c.day == day)


def open_attempts(db: Connection, shop: str, till: str = "") -> list[Attempt]:
    """Attempts whose end is not known, parked ones among them, oldest first; "" = of any till."""
    found = [Attempt(*tuple(row)) for row in db.execute(_STILL_OPEN, {"shop": shop})]
    return [each for each in found if till in ("", each.till)]


def attempt_in_the_way(db: Connection, shop: str, basket: str) -> Attempt | None:
    """The attempt that keeps this basket from taking other money, if there is one."""
    found = [each for each in attempts_of(db, shop, basket) if each.state in BLOCKING]
    return found[0] if found else None


def refunds_of(db: Connection, shop: str, attempt: str) -> list[Refund]:
    """The parts of one payment that go or went back, oldest first."""
    return _refunds(db, shop, refund_attempt.c.attempt == attempt)


def refund_by_id(db: Connection, shop: str, refund: str) -> Refund | None:
    """One refund attempt, None when this till does not know it."""
    return next(iter(_refunds(db, shop, refund_attempt.c.refund_attempt == refund)), None)


def open_refunds(db: Connection, shop: str, till: str = "") -> list[Refund]:
    """Money on its way back that has not arrived, or was refused; oldest first, "" = any till."""
    found = [Refund(*tuple(row)) for row in db.execute(_STILL_GOING_BACK, {"shop": shop})]
    return [each for each in found if till in ("", each.till)]


def attempts_numbered(db: Connection, shop: str, numbers: Sequence[str]) -> list[Attempt]:
    """Attempts by the numbers a channel knows them by."""
    return _attempts(db, shop, payment_attempt.c.out_trade_no.in_(numbers))


def refunds_numbered(db: Connection, shop: str, numbers: Sequence[str]) -> list[Refund]:
    """Refunds by the numbers a channel knows them by."""
    return _refunds(db, shop, refund_attempt.c.out_refund_no.in_(numbers))


def attempts_between(
    db: Connection, shop: str, till: str, tender: str, from_ms: int, to_ms: int
) -> list[Attempt]:
    """What this till asked of one channel in [from, to)."""
    return _attempts(
        db,
        shop,
        payment_attempt.c.till == till,
        payment_attempt.c.tender == tender,
        payment_attempt.c.order_ms >= from_ms,
        payment_attempt.c.order_ms < to_ms,
    )


def refunds_between(
    db: Connection, shop: str, till: str, tender: str, from_ms: int, to_ms: int
) -> list[Refund]:
    """Refunds this till has through one channel that last moved in [from, to)."""
    return _refunds(
        db,
        shop,
        refund_attempt.c.till == till,
        refund_attempt.c.tender == tender,
        refund_now.c.since_ms >= from_ms,
        refund_now.c.since_ms < to_ms,
    )


class Disagreement(msgspec.Struct, frozen=True):
    """A difference with a channel's bill that nobody has settled yet."""

    day: str
    tender: str
    n: int
    kind: str
    out_trade_no: str
    out_refund_no: str
    attempt: str
    ours: int
    theirs: int
    found_ms: int


def disagreements(db: Connection) -> list[Disagreement]:
    """Differences with the channels' bills that wait for a person, oldest first."""
    columns = [bill_difference.c[name] for name in Disagreement.__struct_fields__]
    rows = db.execute(
        select(*columns)
        .where(bill_difference.c.settled == 0)
        .order_by(bill_difference.c.day, bill_difference.c.tender, bill_difference.c.n)
    )
    return [Disagreement(*tuple(row)) for row in rows]
