"""The open basket under the prices of now. What a customer was promised stays: the lower counts.

A line added before a change keeps its price when the new one is higher, and gets the new one when
it is lower. A promotion counts for a line if there was a moment, from when the line was added to
the basket's last change, at which it was valid: so one that begins lowers the lines that lie there
already, and one that ends lowers nothing added afterwards. A shelf's tag that was read stays
promised too. In 收款 nothing changes any more.
"""

import msgspec
from sqlalchemy import Connection

from app.catalogue.scales import derived_quantity
from app.facts.catalogue import Product
from app.facts.pricing import Promotion
from app.pricing.board import PriceBoard
from app.pricing.lines import NO_TAG
from app.sales.basket import Basket, Line, since
from app.sales.scanning import Goods


def repriced(
    basket: Basket, board: PriceBoard, db: Connection, *, joining: Product | None = None
) -> Basket:
    """The basket at the moment's prices, with the promotions it may have.

    `joining` are goods about to be added, whose promotions must be known to see whether they are
    more of a line that is there.
    """
    now = board.moment(db)
    lines = tuple(_line(line, board, db, now) for line in basket.lines)
    goods = [line.product for line in lines]
    found = board.for_basket(
        db,
        goods if joining is None else [*goods, joining],
        since=min((since(basket, line) for line in lines), default=now),
        until=now,
        member=basket.member,
        codes=basket.codes,
    )
    standing = {each.promotion.code for each in board.published(db)}
    promised = [
        msgspec.structs.replace(each, to_ms=min(each.to_ms or now, now))
        for each in basket.promotions
        if each.code not in standing and _may_stay(basket, each)
    ]
    return msgspec.structs.replace(
        basket, lines=lines, promotions=(*found, *promised), priced_ms=now
    )


def _line(line: Line, board: PriceBoard, db: Connection, now: int) -> Line:
    if line.deposit_of:
        return line
    product = board.listed(db, line.product, now)
    if product.price >= line.product.price:
        product = line.product
    tag = NO_TAG if line.label_amount >= 0 else board.tag(db, product)
    if 0 <= line.tag.price < product.price and not 0 <= tag.price <= line.tag.price:
        tag = line.tag
    if product is line.product and tag == line.tag:
        return line
    return msgspec.structs.replace(line, product=product, tag=tag)


def _may_stay(basket: Basket, promotion: Promotion) -> bool:
    """Whether a promotion that was taken back still counts for lines that had it: its member and
    code must still be there. Member price lists are looked up anew each time."""
    if promotion.kind == "member" or (promotion.member_cap and not basket.member):
        return False
    return promotion.needs_code in ("", *basket.codes)


def at_list_price(goods: Goods, board: PriceBoard, db: Connection) -> Goods:
    """Goods at the list price of now; a weight that only a label's amount tells follows it."""
    product = board.listed(db, goods.product)
    quantity = goods.quantity
    if goods.label_amount >= 0 and not goods.label_weight:
        quantity = max(derived_quantity(goods.label_amount, product.price), 1)
    return msgspec.structs.replace(goods, product=product, quantity=quantity)
