"""What of a recall stands on paper and on receipts: the lots a notice names, and what came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from sync.hub.tables import MEANING_TABLES

LOT, MOVED, SALE_LINE = (MEANING_TABLES[name] for name in ("lot", "movement", "sale_line"))
REFUND = MEANING_TABLES["refund"]


@dataclass(frozen=True, slots=True)
class Named:
    """A batch as it is printed on the goods; what nobody wrote down is ""."""

    batch: str
    made: str
    expires: str
    certificate: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Recalled goods that a customer brought back, in thousandths."""

    shop: str
    number: str
    day: str
    batch: str
    quantity: int
    scanned: bool
    """Whether the trace code was read when it was sold, so that it is surely one of them."""


def named(db: Connection, lots: Mapping[str, Sequence[str]]) -> list[Named]:
    """The batches behind lots of some shops, each once."""
    found = set()
    for shop, some in lots.items():
        rows = db.execute(select(LOT).where(LOT.c.shop == shop, LOT.c.lot.in_(some)))
        found |= {Named(row.batch or row.lot, row.made, row.expires, row.certificate)
                  for row in rows}  # fmt: skip
    return sorted(found, key=lambda each: (each.batch, each.made, each.expires))


def returned(db: Connection, shop: str, product: str, lots: Sequence[str]) -> list[Returned]:
    """What came back of these lots in one shop, the first first."""
    back = (MOVED.c.shop == shop) & MOVED.c.lot.in_(lots) & (MOVED.c.quantity > 0)
    rows = db.execute(
        select(REFUND.c.number, REFUND.c.day, REFUND.c.sale, LOT.c.batch, MOVED.c.lot,
               func.sum(MOVED.c.quantity).label("quantity"))
        .join_from(REFUND, MOVED, (MOVED.c.fact == REFUND.c.refund) & back)
        .join(LOT, (LOT.c.shop == shop) & (LOT.c.owner == shop) & (LOT.c.lot == MOVED.c.lot))
        .where(REFUND.c.shop == shop)
        .group_by(REFUND.c.number, REFUND.c.day, REFUND.c.sale, LOT.c.batch, MOVED.c.lot,
                  REFUND.c.order_ms)
        .order_by(REFUND.c.order_ms, MOVED.c.lot)
    ).all()  # fmt: skip
    scanned = select(SALE_LINE.c.sale).where(
        SALE_LINE.c.shop == shop, SALE_LINE.c.product == product, SALE_LINE.c.lot.in_(lots),
        SALE_LINE.c.lot_known == "scanned", SALE_LINE.c.sale.in_({row.sale for row in rows}),
    )  # fmt: skip
    surely = set(db.scalars(scanned))
    return [
        Returned(shop, row.number, row.day, row.batch or row.lot, int(row.quantity),
                 row.sale in surely)
        for row in rows
    ]  # fmt: skip
