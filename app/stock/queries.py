"""What is on hand, by product and lot."""

import json
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, bindparam, func, select, text

from app.row_writer import Prepared
from app.stock.rules import LotOnHand
from app.stock.tables import lot, on_hand

_ON_SHELF = (
    select(
        on_hand.c.lot,
        lot.c.batch,
        on_hand.c.quantity,
        lot.c.unit_cost,
        lot.c.expires,
        lot.c.received_ms,
    )
    .join(
        lot,
        (lot.c.shop == on_hand.c.shop)
        & (lot.c.owner == on_hand.c.shop)
        & (lot.c.lot == on_hand.c.lot),
    )
    .where(
        on_hand.c.shop == bindparam("shop"),
        on_hand.c.product == bindparam("product"),
        on_hand.c.place == "shelf",
    )
)
_ON_SHELF_OF_MANY = Prepared(
    text(
        "SELECT h.product, h.lot, l.batch, h.quantity, l.unit_cost, l.expires, l.received_ms"
        " FROM on_hand h JOIN lot l ON l.shop = h.shop AND l.owner = h.shop"
        " AND l.lot = h.lot"
        " WHERE h.shop = :shop AND h.place = 'shelf'"
        " AND h.product IN (SELECT value FROM json_each(:products))"
    )
)
"""One statement for a whole basket: it runs inside checkout."""
_TOTAL = select(func.coalesce(func.sum(on_hand.c.quantity), 0)).where(
    on_hand.c.shop == bindparam("shop"), on_hand.c.product == bindparam("product")
)
_LOT_BY_ID = select(lot.c.product, lot.c.batch, lot.c.expires).where(
    lot.c.shop == bindparam("shop"),
    lot.c.owner == bindparam("shop"),
    lot.c.lot == bindparam("lot"),
)
_LOT = select(lot.c.lot).where(
    lot.c.shop == bindparam("shop"),
    lot.c.product == bindparam("product"),
    lot.c.batch == bindparam("batch"),
)


def lots_on_shelf(db: Connection, shop: str, product: str) -> list[LotOnHand]:
    """Every lot of a product with a row on the shelf's books."""
    rows = db.execute(_ON_SHELF, {"shop": shop, "product": product})
    return [LotOnHand(*row) for row in rows]


def lots_of_many(db: Connection, shop: str, products: list[str]) -> dict[str, list[LotOnHand]]:
    """The shelf's lots of several products at once."""
    found: dict[str, list[LotOnHand]] = {product: [] for product in products}
    values = {"shop": shop, "products": json.dumps(products)}
    for product, *lot_fields in _ON_SHELF_OF_MANY.run(db, values):
        found[product].append(LotOnHand(*lot_fields))
    return found


def quantity_on_hand(db: Connection, shop: str, product: str) -> int:
    """Thousandths on hand over all lots and places; negative when sold before received."""
    return int(db.scalar(_TOTAL, {"shop": shop, "product": product}) or 0)


class LotFacts(msgspec.Struct, frozen=True):
    """What a lot is of, what is printed on it, and when it ends (ISO or "")."""

    product: str
    batch: str
    expires: str


def lot_with_id(db: Connection, shop: str, lot_id: str) -> LotFacts | None:
    """A lot by its id, None when this shop never received it."""
    row = db.execute(_LOT_BY_ID, {"shop": shop, "lot": lot_id}).first()
    return None if row is None else LotFacts(*row)


def lot_of_batch(db: Connection, shop: str, product: str, batch: str) -> str:
    """The newest lot with this printed batch, "" when there is none."""
    rows = db.scalars(_LOT, {"shop": shop, "product": product, "batch": batch}).all()
    return max(rows, default="")


_TOTAL_OF_MANY = text(
    "SELECT product, sum(quantity) FROM on_hand WHERE shop = :shop"
    " AND product IN (SELECT value FROM json_each(:products)) GROUP BY product"
)


def quantities_on_hand(db: Connection, shop: str, products: Sequence[str]) -> dict[str, int]:
    """Thousandths on hand of several products; one that never moved is left out."""
    values = {"shop": shop, "products": json.dumps(list(products))}
    return {product: int(total) for product, total in db.execute(_TOTAL_OF_MANY, values)}
