"""How the money of a sale may go back: the way it came, through every exchange in between.

A sale that was paid with goods that came back has their sale's money in it. When its own goods come
back in turn, that money goes back the way it first came, and never twice.
"""

from collections import Counter
from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, select

from app.facts.sales import RefundCompleted, SaleCompleted, Tender
from app.sales.exchange import TENDER
from app.sales.queries import stored, tenders_of
from app.sales.refund_queries import refunded
from app.sales.refund_rules import tenders_back, way_of
from app.sales.tables import refund


class Money(msgspec.Struct, frozen=True):
    """What was paid for a sale, and what of it went back already by (tender, its key): fen."""

    paid: tuple[Tender, ...]
    gone: Mapping[tuple[str, str], int]

    def back(self, amount: int) -> list[tuple[Tender, int]]:
        """The ways so much goes back. Raises Refusal("over_refund")."""
        return tenders_back(self.paid, self.gone, amount)


def money_of(db: Connection, shop: str, sale: str) -> Money:
    """The money that stands behind a sale and its exchanges."""
    return Money(_paid(db, shop, sale), _gone(db, shop, sale))


def _sale(db: Connection, shop: str, sale: str) -> tuple[SaleCompleted, tuple[Tender, ...]]:
    """A sale and how it was paid."""
    fact = stored(db, sale).fact
    assert isinstance(fact, SaleCompleted)
    return fact, tenders_of(db, shop, sale, fact)


def _paid(db: Connection, shop: str, sale: str) -> tuple[Tender, ...]:
    """How a sale was paid; what goods paid for is told by how those goods were paid."""
    found: list[Tender] = []
    fact, tenders = _sale(db, shop, sale)
    for tender in tenders:
        if tender.tender != TENDER:
            found.append(tender)
            continue
        first = stored(db, fact.exchange).fact
        assert isinstance(first, RefundCompleted)
        if not first.sale:
            # Those goods came without a receipt, so their money would have been cash.
            found.append(Tender(tender="cash", amount=tender.amount, tendered=tender.amount))
            continue
        paid = _paid(db, shop, first.sale)
        before = _gone(db, shop, first.sale, besides=sale)
        for way, part in tenders_back(paid, before, tender.amount):
            found.append(msgspec.structs.replace(way, amount=part))
    return _together(found)


def _together(tenders: list[Tender]) -> tuple[Tender, ...]:
    """Money of one way in one place: cash of old goods and cash of new ones is cash."""
    found: dict[tuple[tuple[str, str], str], Tender] = {}
    for each in tenders:
        key = way_of(each), each.tab
        amount = each.amount + (found[key].amount if key in found else 0)
        found[key] = msgspec.structs.replace(each, amount=amount, tendered=amount, change=0)
    return tuple(found.values())


def _gone(
    db: Connection, shop: str, sale: str, *, besides: str = ""
) -> Mapping[tuple[str, str], int]:
    """What went back of a sale's money, also by the sales its goods were exchanged for."""
    known = refunded(db, shop, sale).tenders
    gone = Counter({way: fen for way, fen in known.items() if way[0] != TENDER})
    refunds = db.scalars(
        select(refund.c.refund).where(refund.c.shop == shop, refund.c.sale == sale)
    )
    for each in refunds.all():
        fact = stored(db, each).fact
        assert isinstance(fact, RefundCompleted)
        if not fact.exchange or fact.exchange == besides:
            continue
        own: Counter[tuple[str, str]] = Counter()
        for tender in _sale(db, shop, fact.exchange)[1]:
            if tender.tender != TENDER:
                own[way_of(tender)] += tender.amount
        gone += Counter(_gone(db, shop, fact.exchange)) - own
    return gone
