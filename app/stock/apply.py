"""What every fact does to lots and movements; `apply_counts.py` has counts, recalls and labels."""

from collections.abc import Iterator

from app.facts.base import Fact
from app.facts.sales import LotShare, RefundCompleted, SaleCompleted
from app.facts.stock import (
    CountClosed,
    GoodsMoved,
    GoodsReceived,
    RecallFound,
    ReceivedLine,
    SentLine,
    StockAdjusted,
    TransferReceived,
    TransferSent,
)
from app.rows import Apply, Change, Envelope, Register, Row, version_of
from app.stock import apply_counts, apply_dispatches
from app.stock.changes import document_row, move
from app.stock.rules import QUARANTINE, SHELF
from app.stock.tables import arrived, lot, sent, tag_charge


def _lot(entry: Envelope, shop: str, supplier: str, line: ReceivedLine | SentLine) -> Register:
    return Register(
        lot,
        {
            "shop": shop,
            "owner": shop,
            "lot": line.lot,
            "version": version_of(entry),
            "fact": entry.fact,
            "product": line.product,
            "batch": line.batch,
            "unit_cost": line.unit_cost,
            "made": line.made,
            "expires": line.expires,
            "certificate": line.certificate,
            "village": line.village,
            "report": line.report,
            "level": line.level,
            "floor": line.floor,
            "supplier": supplier,
            "received_ms": entry.order,
        },
    )


def received(entry: Envelope, fact: GoodsReceived) -> Iterator[Change]:
    """Each line is a lot of its own and comes onto its place."""
    yield document_row(
        entry,
        fact.shop,
        fact.document,
        "receiving",
        party=fact.supplier,
        number=fact.number,
        temperature=fact.temperature,
        day=fact.day,
        person=fact.person,
        approval_no=fact.approval_no,
    )
    for n, line in enumerate(fact.lines, 1):
        yield _lot(entry, fact.shop, fact.supplier, line)
        yield Row(
            arrived,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "line": line.line,
                "document": fact.document,
                "dispatch": fact.dispatch,
                "product": line.product,
                "lot": line.lot,
                "quantity": line.quantity,
                "expected": line.expected,
                "reason": line.reason,
                "box": line.box,
            },
        )
        yield from move(
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


def shares_sold(fact: SaleCompleted) -> list[tuple[str, LotShare]]:
    """What leaves the shelf with a sale, product by product; a kit's parts leave, not the kit."""
    return [
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


def sold(entry: Envelope, fact: SaleCompleted) -> Iterator[Change]:
    """Goods leave the shelf by the lots the sale froze."""
    for n, (product, share) in enumerate(shares_sold(fact), 1):
        yield from move(
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
    for line in fact.lines:
        for reduction in line.reductions:
            if reduction.kind == "tag_price":
                yield Row(
                    tag_charge,
                    {
                        "shop": fact.shop,
                        "fact": entry.fact,
                        "n": line.line,
                        "tag": reduction.rule,
                        "product": line.product,
                        "order_ms": entry.order,
                    },
                )


BACK = {"shelf": (SHELF, "returned"), "maker": (QUARANTINE, "returned_to_maker")}
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
                yield from move(
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


def moved(entry: Envelope, fact: GoodsMoved) -> Iterator[Change]:
    """Out of one place and into another."""
    yield document_row(
        entry,
        fact.shop,
        fact.document,
        "move",
        number=fact.number,
        day=fact.day,
        person=fact.person,
    )
    for n, line in enumerate(fact.lines):
        for step, (place, sign) in enumerate(((line.source, -1), (line.target, 1)), 1):
            yield from move(
                entry,
                2 * n + step,
                shop=fact.shop,
                product=line.product,
                lot_id=line.lot,
                place=place,
                quantity=sign * line.quantity,
                reason="moved",
                unit_cost=line.unit_cost,
            )


def adjusted(entry: Envelope, fact: StockAdjusted) -> Iterator[Change]:
    """More or less on the books, each line for its reason."""
    yield document_row(
        entry,
        fact.shop,
        fact.document,
        "adjustment",
        party=fact.beneficiary,
        number=fact.number,
        day=fact.day,
        person=fact.person,
        approval_no=fact.approval_no,
    )
    for n, line in enumerate(fact.lines, 1):
        yield from move(
            entry,
            n,
            shop=fact.shop,
            product=line.product,
            lot_id=line.lot,
            place=line.place,
            quantity=line.quantity,
            reason=line.reason,
            unit_cost=line.unit_cost,
        )


def sent_away(entry: Envelope, fact: TransferSent) -> Iterator[Change]:
    """Off these books, and in transit."""
    yield document_row(
        entry,
        fact.shop,
        fact.document,
        "transfer_out",
        party=fact.to,
        number=fact.number,
        waybill=fact.waybill,
        day=fact.day,
        person=fact.person,
    )
    for n, line in enumerate(fact.lines, 1):
        yield Row(
            sent,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "line": line.line,
                "document": fact.document,
                "target": fact.to,
                "product": line.product,
                "lot": line.lot,
                "quantity": line.quantity,
                "box": line.box,
            },
        )
        yield from move(
            entry,
            n,
            shop=fact.shop,
            product=line.product,
            lot_id=line.lot,
            place=line.place,
            quantity=-line.quantity,
            reason="sent",
            unit_cost=line.unit_cost,
        )


def came(entry: Envelope, fact: TransferReceived) -> Iterator[Change]:
    """The lots under their own ids, as many as came; what did not come stays in transit."""
    yield document_row(
        entry,
        fact.shop,
        fact.document,
        "transfer_in",
        party=fact.source,
        number=fact.number,
        temperature=fact.temperature,
        day=fact.day,
        person=fact.person,
    )
    for n, line in enumerate(fact.lines, 1):
        yield _lot(entry, fact.shop, line.sent.supplier, line.sent)
        yield Row(
            arrived,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "line": n,
                "document": fact.document,
                "dispatch": fact.document,
                "product": line.sent.product,
                "lot": line.sent.lot,
                "quantity": line.quantity,
                "expected": line.sent.quantity,
                "reason": line.reason,
                "box": line.sent.box,
            },
        )
        yield from move(
            entry,
            n,
            shop=fact.shop,
            product=line.sent.product,
            lot_id=line.sent.lot,
            place=line.place,
            quantity=line.quantity,
            reason="arrived",
            unit_cost=line.sent.unit_cost,
        )


def counted(entry: Envelope, fact: CountClosed) -> Iterator[Change]:
    """The sum of what was known until each line's moment becomes what was counted."""
    yield document_row(entry, fact.shop, fact.document, "count", day=fact.day, person=fact.person)
    yield from apply_counts.closed(entry, fact)
    for n, line in enumerate(fact.lines, 1):
        if not line.moved:
            # As counted, so booked: most lines of a count move nothing.
            continue
        yield from move(
            entry,
            n,
            shop=fact.shop,
            product=line.product,
            lot_id=line.lot,
            place=line.place,
            quantity=line.moved,
            reason="counted",
            unit_cost=line.unit_cost,
            moment=line.moment,
        )


def held(entry: Envelope, fact: RecallFound) -> Iterator[Change]:
    """From where it stood into quarantine."""
    yield apply_counts.found(entry, fact)
    for n, (place, sign) in enumerate(((fact.source, -1), (QUARANTINE, 1)), 1):
        yield from move(
            entry,
            n,
            shop=fact.shop,
            product=fact.product,
            lot_id=fact.lot,
            place=place,
            quantity=sign * fact.quantity,
            reason="recalled",
            unit_cost=fact.unit_cost,
        )


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    GoodsReceived: (received,),
    SaleCompleted: (sold,),
    RefundCompleted: (refunded,),
    GoodsMoved: (moved,),
    StockAdjusted: (adjusted,),
    TransferSent: (sent_away,),
    TransferReceived: (came,),
    CountClosed: (counted,),
    RecallFound: (held,),
    **apply_counts.APPLY,
    **apply_dispatches.APPLY,
}
