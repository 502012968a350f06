"""What receiving and selling do to lots and movements."""

from collections.abc import Iterator

from app.facts.base import Fact
from app.facts.sales import RefundCompleted, SaleCompleted
from app.facts.stock import GoodsReceived
from app.rows import Apply, Change, Envelope, Row, Sum
from app.stock.tables import lot, movement, on_hand

SHELF = "shelf"


def _move(
    entry: Envelope,
    n: int,
    *,
    shop: str,
    product: str,
    lot_id: str,
    place: str,
    quantity: int,
    reason: str,
    unit_cost: int,
) -> Iterator[Change]:
    key = {"shop": shop, "product": product, "lot": lot_id, "place": place}
    yield Row(
        movement,
        key
        | {
            "fact": entry.fact,
            "n": n,
            "quantity": quantity,
            "reason": reason,
            "unit_cost": unit_cost,
            "order_ms": entry.order,
        },
    )
    yield Sum(on_hand, key, {"quantity": quantity})


def received(entry: Envelope, fact: GoodsReceived) -> Iterator[Change]:
    """Each line is a lot of its own and comes onto its place."""
    for n, line in enumerate(fact.lines, 1):
        yield Row(
            lot,
            {
                "shop": fact.shop,
                "lot": line.lot,
                "fact": entry.fact,
                "product": line.product,
                "batch": line.batch,
                "unit_cost": line.unit_cost,
                "made": line.made,
                "expires": line.expires,
                "certificate": line.certificate,
                "village": line.village,
                "report": line.report,
                "supplier": fact.supplier,
                "received_ms": entry.order,
            },
        )
        yield from _move(
            entry,
            n,
            shop=fact.shop,
            product=line.product,
            lot_id=line.lot,
            place=line.place,
            quantity=line.quantity,
            reason="received",
            unit_cost=line.unit_cost,
        )


def sold(entry: Envelope, fact: SaleCompleted) -> Iterator[Change]:
    """Goods leave the shelf by the lots the sale froze; a kit's parts leave, not the kit."""
    shares = [
        (product, share)
        for line in fact.lines
        if line.kind not in ("service", "deposit")
        for product, lots in (
            [(part.product, part.lots) for part in line.parts]
            if line.parts
            else [(line.product, line.lots)]
        )
        for share in lots
    ]
    for n, (product, share) in enumerate(shares, 1):
        yield from _move(
            entry,
            n,
            shop=fact.shop,
            product=product,
            lot_id=share.lot,
            place=SHELF,
            quantity=-share.quantity,
            reason="sold",
            unit_cost=share.unit_cost,
        )


BACK = {"shelf": (SHELF, "returned"), "maker": ("quarantine", "returned_to_maker")}
"""Where goods that came back stand. What is scrapped comes in and goes out again (报损)."""


def refunded(entry: Envelope, fact: RefundCompleted) -> Iterator[Change]:
    """Goods go back to the lots they were sold from, or are written off."""
    n = 0
    for line in fact.lines:
        if line.kind in ("service", "deposit"):
            continue
        shares = [(part.product, share) for part in line.parts for share in part.lots]
        for product, share in shares or [(line.product, share) for share in line.lots]:
            place, reason = BACK.get(line.disposition, (SHELF, "returned"))
            moves = [(place, share.quantity, reason)]
            if line.disposition == "scrap":
                moves.append((SHELF, -share.quantity, "scrapped"))
            for where, quantity, why in moves:
                n += 1
                yield from _move(
                    entry,
                    n,
                    shop=fact.shop,
                    product=product,
                    lot_id=share.lot,
                    place=where,
                    quantity=quantity,
                    reason=why,
                    unit_cost=share.unit_cost,
                )


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    GoodsReceived: (received,),
    SaleCompleted: (sold,),
    RefundCompleted: (refunded,),
}
