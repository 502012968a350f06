"""What facts about prices mean, and what a sale means to prices."""

from collections.abc import Iterator

import msgspec

from app.facts.base import Fact
from app.facts.pricing import (
    PriceListSet,
    PriceListWithdrawn,
    PromotionSet,
    PromotionWithdrawn,
)
from app.facts.sales import SaleCompleted
from app.pricing import tables
from app.rows import Apply, Change, Envelope, Register, Row, version_of


def list_set(entry: Envelope, fact: PriceListSet) -> Iterator[Change]:
    """The list's head from any of its parts, and a row for each product."""
    key = {"shop": fact.shop, "document": fact.document, "owner": fact.shop}
    head = key | {"version": version_of(entry)}
    yield Register(
        tables.price_list,
        head
        | {
            "customers": fact.group,
            "zone": fact.zone,
            "from_ms": fact.from_ms,
            "to_ms": fact.to_ms,
        },
    )
    for line in fact.lines:
        values = {"product": line.product, "price": line.price, "floor": line.floor}
        yield Register(tables.listed_price, head | values)


def list_withdrawn(entry: Envelope, fact: PriceListWithdrawn) -> Iterator[Change]:
    """It prices nothing more."""
    key = {"shop": fact.shop, "document": fact.document, "owner": fact.shop}
    yield Register(
        tables.price_list_end, key | {"version": version_of(entry), "order_ms": entry.order}
    )


def promotion_set(entry: Envelope, fact: PromotionSet) -> Iterator[Change]:
    """The newest version of the promotion stands."""
    yield _promotion(
        entry, fact.shop, fact.promotion.code, fact.document,
        msgspec.json.encode(fact.promotion).decode(), 0,
    )  # fmt: skip


def promotion_withdrawn(entry: Envelope, fact: PromotionWithdrawn) -> Iterator[Change]:
    """Its code stays as a row, so that an older version cannot bring it back."""
    yield _promotion(entry, fact.shop, fact.code, "", "", 1)


def _promotion(
    entry: Envelope, shop: str, code: str, document: str, content: str, withdrawn: int
) -> Register:
    return Register(
        tables.promotion,
        {
            "shop": shop,
            "code": code,
            "owner": shop,
            "version": version_of(entry),
            "document": document,
            "content": content,
            "withdrawn": withdrawn,
        },
    )


def sold(entry: Envelope, fact: SaleCompleted) -> Iterator[Change]:
    """What goods were sold at, and which promotions were used."""
    key = {"shop": fact.shop, "sale": entry.fact, "order_ms": entry.order}
    for line in fact.lines:
        if line.kind != "deposit":
            price = line.charged if line.charged >= 0 else line.unit_price
            values = {"line": line.line, "product": line.product, "price": price}
            yield Row(tables.price_charged, key | values)
    for used in fact.used:
        values = {"code": used.code, "member": fact.member, "times": used.times}
        yield Row(tables.promotion_used, key | values)


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    PriceListSet: (list_set,),
    PriceListWithdrawn: (list_withdrawn,),
    PromotionSet: (promotion_set,),
    PromotionWithdrawn: (promotion_withdrawn,),
    SaleCompleted: (sold,),
}
