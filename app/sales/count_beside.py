"""Goods that are neither on the shelf nor off the books, or may not be: listed beside a count.

What lies in a basket that was put aside is counted by nobody and still on the books; what went on
a room is off the books and may still stand here; what came in a box may not have been unpacked.
"""

import msgspec
from sqlalchemy import Connection, text

from app.payments.tabs import open_tabs
from app.sales.queries import baskets

_ON_TABS = text(
    "SELECT DISTINCT l.product, l.quantity, l.sale, l.line, t.tab FROM tab_line t"
    " JOIN sale_line l ON l.shop = t.shop AND l.sale = t.fact"
    " WHERE t.shop = :shop AND t.what = 'goods'"
)
_IN_BOXES = text(
    "SELECT r.product, r.box, sum(h.quantity) FROM received_line r"
    " JOIN on_hand h ON h.shop = r.shop AND h.product = r.product AND h.lot = r.lot"
    " WHERE r.shop = :shop AND r.box <> '' GROUP BY r.product, r.box HAVING sum(h.quantity) > 0"
)


class Beside(msgspec.Struct, frozen=True):
    """Goods beside the count. `where` is basket, tab or box, `which` the room or the box."""

    where: str
    which: str
    product: str
    quantity: int


def beside(db: Connection, shop: str) -> list[Beside]:
    """Everything of this shop that a count has to look at beside its shelves."""
    found: dict[tuple[str, str, str], int] = {}
    for basket in baskets(db):
        for line in basket.lines:
            if line.product.kind == "goods":
                key = ("basket", "", line.product.code)
                found[key] = found.get(key, 0) + line.quantity
    rooms = {each.tab: each.room for each in open_tabs(db, shop)}
    for product, quantity, _sale, _line, tab in db.execute(_ON_TABS, {"shop": shop}):
        if tab in rooms:
            key = ("tab", rooms[tab], product)
            found[key] = found.get(key, 0) + quantity
    for product, box, quantity in db.execute(_IN_BOXES, {"shop": shop}):
        found["box", box, product] = int(quantity)
    return [Beside(*key, quantity) for key, quantity in found.items()]
