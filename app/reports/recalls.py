"""Who may have bought recalled goods: receipts with the lot scanned for certain, else possibly."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, bindparam, select

from app.facts.registry import decode_fact
from app.facts.sales import LotShare, SaleCompleted
from app.journal.entry import decode_envelope
from app.journal.tables import entry
from app.stock.recalls import Recall, found_of, open_recalls, standing
from app.stock.rules import QUARANTINE
from app.stock.tables import lot, movement

_SOLD = (
    select(movement.c.fact)
    .distinct()
    .where(
        movement.c.shop == bindparam("shop"),
        movement.c.reason == "sold",
        movement.c.lot.in_(bindparam("lots", expanding=True)),
    )
)
_LOTS = select(lot.c.lot, lot.c.batch).where(
    lot.c.shop == bindparam("shop"),
    lot.c.owner == bindparam("shop"),
    lot.c.product == bindparam("product"),
)
_ENTRIES = select(entry.c.content).where(entry.c.fact.in_(bindparam("facts", expanding=True)))


class Bought(msgspec.Struct, frozen=True):
    """A receipt with recalled goods on it. Quantity in thousandths, amount in fen."""

    number: str
    day: str
    member: str
    quantity: int
    paid: int
    certain: bool


class RecallSeen(msgspec.Struct, frozen=True):
    """A recall with everything somebody must know to close it."""

    recall: Recall
    on_shelf: int
    """On the books outside quarantine."""
    in_quarantine: int
    found: int
    receipts: tuple[Bought, ...]


def recalls_seen(db: Connection, shop: str) -> list[RecallSeen]:
    """Every open recall, the oldest first."""
    return [_seen(db, shop, each) for each in open_recalls(db, shop)]


def _seen(db: Connection, shop: str, one: Recall) -> RecallSeen:
    held = standing(db, shop, one)
    away = sum(each.quantity for each in held if each.place == QUARANTINE)
    return RecallSeen(
        recall=one,
        on_shelf=sum(each.quantity for each in held) - away,
        in_quarantine=away,
        found=found_of(db, shop, one.recall),
        receipts=tuple(_receipts(db, shop, one)),
    )


def _receipts(db: Connection, shop: str, one: Recall) -> list[Bought]:
    lots = [
        row.lot
        for row in db.execute(_LOTS, {"shop": shop, "product": one.product})
        if row.lot in one.batches or row.batch in one.batches
    ]
    if not lots:
        return []
    facts = list(db.scalars(_SOLD, {"shop": shop, "lots": lots}))
    found = []
    for content in db.scalars(_ENTRIES, {"facts": facts}) if facts else ():
        sale = decode_fact(decode_envelope(content).kind, content)
        assert isinstance(sale, SaleCompleted)
        shares = _shares(sale, set(lots))
        found.append(
            Bought(
                number=sale.number,
                day=sale.day,
                member=sale.member,
                quantity=sum(share.quantity for share, _ in shares),
                paid=sum(paid for _, paid in shares),
                certain=any(share.known == "scanned" for share, _ in shares),
            )
        )
    return sorted(found, key=lambda each: (each.day, each.number))


def _shares(sale: SaleCompleted, lots: set[str]) -> Sequence[tuple[LotShare, int]]:
    """What of a sale came from these lots, with what was paid for it."""
    found = []
    for line in sale.lines:
        for share in (*line.lots, *(share for part in line.parts for share in part.lots)):
            if share.lot in lots:
                whole = line.quantity or 1
                found.append((share, line.paid * min(share.quantity, whole) // whole))
    return found
