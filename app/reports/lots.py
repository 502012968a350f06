"""The lots of a product as a person asks for them: what is left, until when, with which papers."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from app.stock.tables import lot, on_hand


class LotShown(msgspec.Struct, frozen=True):
    """One lot. Quantity in thousandths over all places, cost in 1/10000 fen, dates ISO or ""."""

    lot: str
    batch: str
    quantity: int
    unit_cost: int
    made: str
    expires: str
    certificate: str
    village: str
    report: str
    level: str
    floor: int
    supplier: str
    received_ms: int
    state: str
    """sellable, expired, gone (nothing left)."""


_LOTS = (
    select(
        lot.c.lot,
        lot.c.batch,
        func.coalesce(func.sum(on_hand.c.quantity), 0).label("quantity"),
        lot.c.unit_cost,
        lot.c.made,
        lot.c.expires,
        lot.c.certificate,
        lot.c.village,
        lot.c.report,
        lot.c.level,
        lot.c.floor,
        lot.c.supplier,
        lot.c.received_ms,
    )
    .outerjoin(on_hand, (on_hand.c.shop == lot.c.shop) & (on_hand.c.lot == lot.c.lot))
    .where(lot.c.shop == bindparam("shop"), lot.c.product == bindparam("product"))
    .group_by(lot.c.lot)
    .order_by(func.nullif(lot.c.expires, "").nulls_last(), lot.c.received_ms, lot.c.lot)
)

_BATCHES = select(lot.c.lot, lot.c.batch).where(
    lot.c.shop == bindparam("shop"),
    lot.c.owner == bindparam("shop"),
    lot.c.lot.in_(bindparam("lots", expanding=True)),
)


def lots_of(db: Connection, shop: str, product: str, today: str) -> list[LotShown]:
    """Every lot this shop ever received of a product, what ends first first."""
    return [
        LotShown(**row._mapping, state=_state(row.quantity, row.expires, today))
        for row in db.execute(_LOTS, {"shop": shop, "product": product})
    ]


def batches(db: Connection, shop: str, lots: Sequence[str]) -> dict[str, str]:
    """What is printed on lots, by their ids; a lot without a batch goes by its id."""
    rows = db.execute(_BATCHES, {"shop": shop, "lots": list(lots)}) if lots else ()
    return {row.lot: row.batch or row.lot for row in rows}


def _state(quantity: int, expires: str, today: str) -> str:
    if expires and expires < today:
        return "expired"
    return "sellable" if quantity else "gone"
