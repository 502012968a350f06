"""Where goods come from and whether they are real, from the tables of meaning of every shop.

Nothing here says who bought or sold, or what anything cost.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, or_, select

from app.catalogue.gs1 import Gs1, gtin_of, read_brackets, spellings
from app.clock import local
from app.facts.catalogue import Product
from app.text import clean
from sync.hub.catalogue import any_product, shop_names
from sync.hub.tables import MEANING_TABLES
from sync.protocol_trace import MOST_PATH, AskGenuine, Genuine, Passed, State

LOT, BARCODE, RECALL = (MEANING_TABLES[name] for name in ("lot", "barcode", "recall"))
SALE, SALE_LINE, REFUND_LINE = (
    MEANING_TABLES[name] for name in ("sale", "sale_line", "refund_line")
)
Lots = Sequence[Any]


def genuine(db: Connection, asked: AskGenuine, now_ms: int) -> Genuine:
    """What the brand knows about a lot, or one piece of it."""
    codes = _products_of(db, asked)
    lots = _lots(db, codes, asked.lot) if asked.lot else []
    if not lots:
        return Genuine(state="unknown", hub_ms=now_ms)
    first = lots[0]
    product = any_product(db, first.product)
    recall = _recall(db, first.product, {each.lot for each in lots} | {each.batch for each in lots})
    sold = _sold(db, first.product, asked.serial) if asked.serial else None
    names = shop_names(db)
    state: State = "recalled" if recall else "sold" if sold else "genuine"
    passed = [
        Passed(each.shop, names.get(each.shop, each.shop), _day(each.received_ms))
        for each in lots[:MOST_PATH]
    ]
    return Genuine(
        state=state,
        **_words(first.product, product),
        batch=first.batch,
        made=first.made,
        expires=first.expires,
        village=first.village or (product.origin_village if product else ""),
        certificate=first.certificate,
        report=first.report,
        recall=recall,
        sold_day=sold.day if sold else "",
        sold_shop=names.get(sold.shop, sold.shop) if sold else "",
        passed=passed,
        hub_ms=now_ms,
    )


def lot_of_link(gtin: str, lot: str, serial: str = "") -> AskGenuine:
    """What a link on the goods asks about; a number that is none asks about nothing."""
    if gtin and not gtin_of(gtin):
        return AskGenuine()
    return AskGenuine(gtin=gtin, lot=clean(lot, most=60), serial=clean(serial, most=60))


def _day(moment_ms: int) -> str:
    return local(moment_ms).date().isoformat()


def _words(code: str, product: Product | None) -> dict[str, Any]:
    if product is None:
        return {"product": code}
    return {
        "product": code,
        "name": product.name,
        "spec": product.spec,
        "mark": product.mark,
        "town": product.origin_town or product.brand_town,
        "maker": product.maker,
        "story": product.story,
    }


def _products_of(db: Connection, asked: AskGenuine) -> list[str]:
    """Every product the number may mean, [] for all where no number was told."""
    if asked.product:
        return [asked.product]
    if not asked.gtin:
        return [] if asked.lot else [""]
    read = read_brackets(f"(01){gtin_of(asked.gtin)}")
    if isinstance(read, Gs1) and read.plu:
        return [read.plu]
    rows = db.scalars(
        select(BARCODE.c.product).where(BARCODE.c.code.in_(spellings(asked.gtin))).distinct()
    )
    return list(rows) or [""]


def _lots(db: Connection, codes: Sequence[str], lot: str) -> Lots:
    """The lot as every shop took it in, the first one first. Its id is one in every shop; a batch
    without a product's number could be anybody's, so then the id alone counts."""
    named = LOT.c.lot == lot
    if codes:
        named = or_(named, LOT.c.batch == lot) & LOT.c.product.in_(codes)
    ordered = select(LOT).where(named).order_by(LOT.c.received_ms, LOT.c.shop, LOT.c.lot)
    return db.execute(ordered).all()


def _recall(db: Connection, product: str, lots: set[str]) -> str:
    """The number of a recall these lots fall under that has not ended anywhere it stands."""
    rows = db.execute(
        select(RECALL.c.number, RECALL.c.batches)
        .where(RECALL.c.product == product, RECALL.c.ended == 0)
        .order_by(RECALL.c.order_ms)
    )
    for number, batches in rows:
        if lots.intersection(json.loads(batches)) - {""}:
            return str(number)
    return ""


def _sold(db: Connection, product: str, serial: str) -> Any:
    """The sale of this very piece, unless it came back since."""
    back = (
        select(func.coalesce(func.sum(REFUND_LINE.c.quantity), 0))
        .where(
            REFUND_LINE.c.shop == SALE_LINE.c.shop,
            REFUND_LINE.c.sale == SALE_LINE.c.sale,
            REFUND_LINE.c.original_line == SALE_LINE.c.line,
        )
        .scalar_subquery()
    )
    return db.execute(
        select(SALE.c.shop, SALE.c.day)
        .join_from(SALE_LINE, SALE, _same_sale(SALE_LINE))
        .where(
            SALE_LINE.c.product == product,
            SALE_LINE.c.serial == serial,
            SALE_LINE.c.quantity > back,
        )
        .order_by(SALE.c.order_ms)
        .limit(1)
    ).first()


def _same_sale(line: Table) -> Any:
    return (line.c.shop == SALE.c.shop) & (line.c.sale == SALE.c.sale)
