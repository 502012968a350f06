"""Receipts, held baskets and what the next number is."""

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from app.facts.registry import decode_fact
from app.facts.sales import SaleCompleted
from app.journal.entry import decode_envelope, hash6
from app.journal.tables import entry
from app.rows import Envelope
from app.sales.basket import Basket
from app.sales.tables import draft, reprint, sale

OPEN, HELD = "open", "held"

_LAST_SEQUENCE = (
    select(sale.c.sequence)
    .where(
        sale.c.shop == bindparam("shop"),
        sale.c.till == bindparam("till"),
        sale.c.day == bindparam("day"),
        sale.c.series == bindparam("series"),
    )
    .order_by(sale.c.sequence.desc())
    .limit(1)
)
_BY_NUMBER = select(sale.c.sale).where(
    sale.c.shop == bindparam("shop"), sale.c.number == bindparam("number")
)
_LAST = (
    select(sale.c.sale)
    .where(sale.c.shop == bindparam("shop"), sale.c.till == bindparam("till"))
    .order_by(sale.c.order_ms.desc())
    .limit(1)
)
_ENTRY = select(entry.c.content, entry.c.hash).where(entry.c.fact == bindparam("fact"))
_COPIES = select(func.count()).where(
    reprint.c.shop == bindparam("shop"), reprint.c.sale == bindparam("sale")
)
_DRAFTS = (
    select(draft.c.basket, draft.c.name, draft.c.content, draft.c.changed_ms)
    .where(draft.c.state == bindparam("state"))
    .order_by(draft.c.changed_ms, draft.c.basket)
)


class Receipt(msgspec.Struct, frozen=True):
    """A completed sale with what its entry says around it."""

    id: str
    sale: SaleCompleted
    envelope: Envelope
    hash6: str
    copies: int
    """Reprints so far."""


class Found(msgspec.Struct, frozen=True):
    """One row of the receipts list. Amount in fen."""

    number: str
    order_ms: int
    due: int
    pieces: int
    person: str


class HeldBasket(msgspec.Struct, frozen=True):
    """A basket put aside, with the name it was given."""

    id: str
    name: str
    basket: Basket
    held_ms: int


def next_sequence(db: Connection, shop: str, till: str, day: str, series: str) -> int:
    """Receipt numbers run 1, 2, 3… within till, business day and series."""
    last = db.scalar(_LAST_SEQUENCE, {"shop": shop, "till": till, "day": day, "series": series})
    return (last or 0) + 1


def receipt(db: Connection, shop: str, till: str, number: str = "") -> Receipt | None:
    """The receipt with this number, or the till's last one."""
    if number:
        sale_id = db.scalar(_BY_NUMBER, {"shop": shop, "number": number})
    else:
        sale_id = db.scalar(_LAST, {"shop": shop, "till": till})
    if sale_id is None:
        return None
    content, entry_hash = db.execute(_ENTRY, {"fact": sale_id}).one()
    envelope = decode_envelope(content)
    fact = decode_fact(envelope.kind, content)
    assert isinstance(fact, SaleCompleted)
    copies = int(db.scalar(_COPIES, {"shop": shop, "sale": sale_id}) or 0)
    return Receipt(str(sale_id), fact, envelope, hash6(entry_hash), copies)


def find_receipts(
    db: Connection,
    shop: str,
    *,
    number: str = "",
    day: str = "",
    amount: int | None = None,
    most: int = 100,
) -> list[Found]:
    """Receipts newest first: by part of the number, business day, amount due, or all together."""
    statement = select(
        sale.c.number, sale.c.order_ms, sale.c.due, sale.c.pieces, sale.c.person
    ).where(sale.c.shop == shop)
    if number:
        statement = statement.where(sale.c.number.contains(number, autoescape=True))
    if day:
        statement = statement.where(sale.c.day == day)
    if amount is not None:
        statement = statement.where(sale.c.due == amount)
    rows = db.execute(statement.order_by(sale.c.order_ms.desc()).limit(most))
    return [Found(*row) for row in rows]


def open_basket(db: Connection) -> Basket | None:
    """The basket this till was killed with, if any."""
    rows = db.execute(_DRAFTS, {"state": OPEN}).all()
    return msgspec.json.decode(rows[-1].content, type=Basket) if rows else None


def held_baskets(db: Connection) -> list[HeldBasket]:
    """Baskets put aside, oldest first."""
    return [
        HeldBasket(
            row.basket, row.name, msgspec.json.decode(row.content, type=Basket), row.changed_ms
        )
        for row in db.execute(_DRAFTS, {"state": HELD})
    ]
