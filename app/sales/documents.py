"""Papers a till gives out that are found again: receipts of sales, and of refunds."""

import msgspec
from sqlalchemy import Connection, select

from app.facts.sales import RefundCompleted
from app.rows import Envelope
from app.sales.queries import (
    Found,
    Receipt,
    copies_of,
    find_receipts,
    receipt,
    stored,
    within_day,
)
from app.sales.tables import refund


class RefundReceipt(msgspec.Struct, frozen=True):
    """A refund with what its entry says around it."""

    id: str
    refund: RefundCompleted
    envelope: Envelope
    hash6: str
    copies: int
    """Reprints so far."""

    @property
    def number(self) -> str:
        """What people call it."""
        return self.refund.number

    @property
    def paper_kind(self) -> str:
        """What its print jobs are called."""
        return "refund"


Document = Receipt | RefundReceipt


def document(db: Connection, shop: str, till: str, number: str = "") -> Document | None:
    """The receipt or refund with this number, or the till's last one of either."""
    sold = receipt(db, shop, till, number)
    if sold is not None and number:
        return sold
    where = refund.c.number == number if number else refund.c.till == till
    found = db.scalar(
        select(refund.c.refund)
        .where(refund.c.shop == shop, where)
        .order_by(refund.c.order_ms.desc(), refund.c.seq.desc())
        .limit(1)
    )
    if found is None:
        return sold
    known = stored(db, found)
    assert isinstance(known.fact, RefundCompleted)
    back = RefundReceipt(
        str(found), known.fact, known.envelope, known.hash6, copies_of(db, shop, found)
    )
    if sold is None or _moment(sold.envelope) < _moment(back.envelope):
        return back
    return sold


def _moment(entry: Envelope) -> tuple[int, int]:
    return entry.order, entry.seq


def find_documents(
    db: Connection,
    shop: str,
    *,
    number: str = "",
    day: str = "",
    amount: int | None = None,
    most: int = 100,
) -> list[Found]:
    """Receipts and refunds, newest first, as `find_receipts` finds them; what went back is
    negative. Raises Refusal("bad_date")."""
    statement = select(refund.c.number, refund.c.order_ms, refund.c.amount, refund.c.person).where(
        refund.c.shop == shop
    )
    if number:
        statement = statement.where(refund.c.number.contains(number, autoescape=True))
    if day:
        statement = statement.where(within_day(refund, day))
    if amount is not None:
        statement = statement.where(refund.c.amount == amount)
    rows = db.execute(statement.order_by(refund.c.order_ms.desc()).limit(most))
    found = [Found(row.number, row.order_ms, -row.amount, 0, row.person) for row in rows]
    found += find_receipts(db, shop, number=number, day=day, amount=amount, most=most)
    return sorted(found, key=lambda each: (each.order_ms, each.number), reverse=True)[:most]
