"""What goods on their way mean: nothing is on hand of them yet."""

from collections.abc import Iterator

import msgspec

from app.facts.base import Fact
from app.facts.dispatches import DispatchExpected, GoodsOrdered, TransitSettled
from app.rows import Apply, Change, Envelope, Register, Row, version_of
from app.stock.dispatch_tables import dispatch, expected, order, order_line, settled


def announced(entry: Envelope, fact: DispatchExpected) -> Iterator[Change]:
    """Every line waits to be received."""
    yield Row(
        dispatch,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "document": fact.document,
            "number": fact.number,
            "source": fact.source,
            "supplier": fact.supplier,
            "waybill": fact.waybill,
            "sender_key": fact.sender_key,
            "person": fact.person,
            "order_ms": entry.order,
        },
    )
    for line in fact.lines:
        own = {"shop": fact.shop, "fact": entry.fact, "document": fact.document}
        yield Row(expected, own | msgspec.structs.asdict(line))


def over(entry: Envelope, fact: TransitSettled) -> Iterator[Change]:
    """What was settled is on its way no longer."""
    for n, line in enumerate(fact.lines, 1):
        yield Row(
            settled,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "n": n,
                "document": fact.document,
                "product": line.product,
                "lot": line.lot,
                "arrived": line.arrived,
                "lost": line.lost,
                "reason": fact.reason,
                "person": fact.person,
                "order_ms": entry.order,
            },
        )


def ordered(entry: Envelope, fact: GoodsOrdered) -> Iterator[Change]:
    """An order stands until it is ended."""
    yield Register(
        order,
        {
            "shop": fact.shop,
            "owner": fact.shop,
            "document": fact.document,
            "version": version_of(entry),
            "number": fact.number,
            "supplier": fact.supplier,
            "person": fact.person,
            "ended": fact.ended,
            "order_ms": entry.order,
        },
    )
    for line in fact.lines:
        own = {"shop": fact.shop, "fact": entry.fact, "document": fact.document}
        yield Row(order_line, own | msgspec.structs.asdict(line))


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    DispatchExpected: (announced,),
    TransitSettled: (over,),
    GoodsOrdered: (ordered,),
}
