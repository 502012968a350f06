"""Tells a till how much of an article the brand's other shops have, and as of when."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from sqlalchemy import Connection, func, select

from app.stock.books import late
from sync.hub.catalogue import shop_names
from sync.hub.enrolling import Signer
from sync.hub.signed_line import signer_in
from sync.hub.state import Hub
from sync.hub.tables import MEANING_TABLES, hub_batch, hub_cursor
from sync.hub.till_paths import said, till_path
from sync.protocol_stock import MOST_SHOPS, STOCK_PATH, AskStock, ShopStock, StockElsewhere

ON_HAND = MEANING_TABLES["on_hand"]


def elsewhere(hub: Hub, signer: Signer, ask: AskStock) -> StockElsewhere:
    """What the books say, not shelves: a hint whom to call, with its age."""
    total = func.sum(ON_HAND.c.quantity)
    # As far as they are worked into the books: a batch that came later is not in the sum.
    heard = (
        select(func.max(hub_batch.c.heard_ms))
        .join(hub_cursor, hub_cursor.c.shop == hub_batch.c.shop)
        .where(hub_batch.c.shop == ON_HAND.c.shop, hub_batch.c.position <= hub_cursor.c.position)
        .scalar_subquery()
    )
    with hub.database.begin() as db:
        rows = db.execute(
            select(ON_HAND.c.shop, total.label("quantity"), heard.label("known_ms"))
            .where(ON_HAND.c.product == ask.product, ON_HAND.c.shop != signer.shop)
            .group_by(ON_HAND.c.shop)
            .having(total > 0)
            .order_by(total.desc(), ON_HAND.c.shop)
            .limit(MOST_SHOPS)
        ).all()
        names = shop_names(db)
        shops = [
            ShopStock(row.shop, names.get(row.shop, "")[:60], quantity, int(row.known_ms or 0))
            for row in rows
            if (quantity := int(row.quantity) - _late(db, row.shop, ask.product)) > 0
        ]
    return StockElsewhere(shops=shops, hub_ms=hub.now_ms())


def _late(db: Connection, shop: str, product: str) -> int:
    """What the sums hold although a count had seen it already."""
    return sum(quantity for where, quantity in late(db, shop).items() if where[0] == product)


def stock_route(hub: Hub) -> HTTPRouteHandler:
    """The route, for the hub's application."""

    @till_path(STOCK_PATH, StockElsewhere)
    def asked(data: JSONBody[AskStock], request: Request[Any, Any, Any]) -> Response[bytes]:
        """How much of an article the brand's other shops have, as far as their books have come."""
        return said(elsewhere(hub, signer_in(request.scope), data))

    return asked
