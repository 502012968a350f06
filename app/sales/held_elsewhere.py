"""Baskets the shop's other tills put aside, as far as their news has come."""

import msgspec
from sqlalchemy import Connection, bindparam, text

from app.row_writer import Prepared

_HELD = Prepared(
    text(
        "SELECT basket, till, amount, person, order_ms FROM basket_end AS held"
        " WHERE shop = :shop AND what = 'held' AND till != :till"
        " AND NOT EXISTS (SELECT 1 FROM basket_end AS later WHERE later.shop = held.shop"
        "  AND later.basket = held.basket AND later.order_ms > held.order_ms)"
        " AND NOT EXISTS (SELECT 1 FROM sale WHERE sale.shop = held.shop"
        "  AND sale.sale = held.basket)"
        " ORDER BY order_ms"
    ).bindparams(bindparam("shop"), bindparam("till"))
)


class HeldElsewhere(msgspec.Struct, frozen=True):
    """A basket another till put aside and, as far as is known here, still has. Amount in fen."""

    basket: str
    till: str
    amount: int
    person: str
    held_ms: int


def held_elsewhere(db: Connection, shop: str, till: str) -> list[HeldElsewhere]:
    """Baskets put aside on the other tills, oldest first; their names stay there."""
    return [HeldElsewhere(*row) for row in _HELD.run(db, {"shop": shop, "till": till})]
