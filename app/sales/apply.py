"""What a completed sale, and a basket that ended otherwise, mean."""

from collections.abc import Iterator
from typing import Any

from app.facts.base import Fact
from app.facts.sales import (
    BasketCancelled,
    BasketHeld,
    BasketResumed,
    ReceiptReprinted,
    RefundCompleted,
    RefundLine,
    SaleCompleted,
    SaleLine,
    TenderCorrected,
    TwiceTakenSeen,
)
from app.money import divide_half_up
from app.rows import Apply, Change, Envelope, Row
from app.sales import invoice_apply
from app.sales.tables import (
    basket_end,
    basket_taken,
    refund,
    refund_line,
    refund_tender,
    reprint,
    sale,
    sale_line,
    sale_reduction,
    sale_tender,
    tender_correction,
)


def completed(entry: Envelope, fact: SaleCompleted) -> Iterator[Change]:
    """The header, each line, each reduction and each tender as it was frozen."""
    yield Row(
        sale,
        {
            "shop": fact.shop,
            "sale": entry.fact,
            "till": fact.till,
            "day": fact.day,
            "shift": fact.shift,
            "series": fact.series,
            "sequence": fact.sequence,
            "number": fact.number,
            "drawer": fact.drawer,
            "person": fact.person,
            "channel": fact.channel,
            "seller": fact.seller,
            "member": fact.member,
            "pieces": fact.pieces,
            "gross": fact.gross,
            "reduced": fact.reduced,
            "rounding": fact.rounding,
            "due": fact.due,
            "change": fact.change,
            "tax": fact.tax,
            "journal": entry.journal,
            "seq": entry.seq,
            "order_ms": entry.order,
        },
    )
    for line in fact.lines:
        yield from _line(entry, fact.shop, line)
    for n, tender in enumerate(fact.tenders, 1):
        yield Row(
            sale_tender,
            {
                "shop": fact.shop,
                "sale": entry.fact,
                "n": n,
                "tender": tender.tender,
                "amount": tender.amount,
                "tendered": tender.tendered,
                "change": tender.change,
                "reference": tender.reference,
            },
        )


def _line(entry: Envelope, shop: str, line: SaleLine) -> Iterator[Change]:
    first = line.lots[0] if line.lots else None
    key = {"shop": shop, "sale": entry.fact, "line": line.line}
    yield Row(
        sale_line,
        key
        | {
            "product": line.product,
            "name": line.name,
            "spec": line.spec,
            "unit": line.unit,
            "weighed": line.weighed,
            "quantity": line.quantity,
            "list_price": line.list_price,
            "unit_price": line.unit_price,
            "amount": line.amount,
            "reduced": line.paid - line.amount,
            "paid": line.paid,
            "cost": _cost(line),
            "tax_class": line.tax_class,
            "tax_rate": line.tax_rate,
            "tax": line.tax,
            "mark": line.mark,
            "brand": line.brand,
            "brand_town": line.brand_town,
            "origin_town": line.origin_town,
            "origin_village": line.origin_village,
            "category": line.category,
            "subcategory": line.subcategory,
            "three_origin": line.three_origin,
            "tier": line.tier,
            "kind": line.kind,
            "lot": first.lot if first else "",
            "lot_known": first.known if first else "none",
            "serial": line.serial,
        },
    )
    for n, reduction in enumerate(line.reductions, 1):
        yield Row(
            sale_reduction,
            key
            | {
                "n": n,
                "rule": reduction.rule,
                "kind": reduction.kind,
                "name": reduction.name,
                "amount": reduction.amount,
            },
        )


def _cost(line: SaleLine | RefundLine) -> int:
    """What the lots of a line cost, those of a kit's parts included, in 1/10000 fen."""
    whole = 0
    for share in line.lots:
        whole += share.quantity * share.unit_cost
    for part in line.parts:
        for share in part.lots:
            whole += share.quantity * share.unit_cost
    return divide_half_up(whole, 1000)


def refunded(entry: Envelope, fact: RefundCompleted) -> Iterator[Change]:
    """Goods that came back: header, lines and ways the money goes, each naming its sale."""
    head = {"shop": fact.shop, "refund": entry.fact}
    yield Row(
        refund,
        head
        | {
            "till": fact.till,
            "day": fact.day,
            "shift": fact.shift,
            "series": fact.series,
            "sequence": fact.sequence,
            "number": fact.number,
            "person": fact.person,
            "channel": fact.channel,
            "member": fact.member,
            "sale": fact.sale,
            "amount": fact.amount,
            "tax": fact.tax,
            "invoiced": fact.invoiced,
            "self_approved": fact.self_approved,
            "journal": entry.journal,
            "seq": entry.seq,
            "order_ms": entry.order,
        },
    )
    for line in fact.lines:
        yield Row(
            refund_line,
            head
            | {
                "sale": fact.sale,
                "cost": _cost(line),
                **{name: getattr(line, name) for name in _REFUND_LINE},
            },
        )
    for n, tender in enumerate(fact.tenders, 1):
        yield Row(
            refund_tender,
            head
            | {
                "n": n,
                "sale": fact.sale,
                "tender": tender.tender,
                "amount": tender.amount,
                "reference": tender.reference,
                "attempt": tender.attempt,
                "account": tender.account,
            },
        )


_REFUND_LINE = tuple(
    column.name for column in refund_line.c if column.name not in ("shop", "refund", "sale", "cost")
)
"""Columns that say what the fact's line says, by the same names."""


def reprinted(entry: Envelope, fact: ReceiptReprinted) -> Iterator[Change]:
    """Copies are rows: how many there are is counted, never kept."""
    yield Row(
        reprint,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "sale": fact.sale,
            "person": fact.person,
            "copy": fact.copy,
        },
    )


def tender_corrected(entry: Envelope, fact: TenderCorrected) -> Iterator[Change]:
    """The sale's own rows stay as they were; what was wrong about them stands beside."""
    yield Row(
        tender_correction,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "sale": fact.sale,
            "person": fact.person,
            "before": fact.before,
            "after": fact.after,
            "amount": sum(fact.amounts),
            "reference": fact.reference,
            "order_ms": entry.order,
        },
    )


def _ended(what: str) -> Apply:
    def apply(entry: Envelope, fact: Any) -> Iterator[Change]:
        yield Row(
            basket_end,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "basket": fact.basket,
                "till": fact.till,
                "day": fact.day,
                "shift": fact.shift,
                "person": fact.person,
                "what": what,
                "amount": getattr(fact, "amount", 0),
                "order_ms": entry.order,
            },
        )

    return apply


def taken_over(entry: Envelope, fact: BasketResumed) -> Iterator[Change]:
    """A basket of another till goes on here, under a number of its own."""
    if fact.held:
        yield Row(
            basket_taken,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "held": fact.held,
                "basket": fact.basket,
                "goes_on": fact.goes_on,
                "first": fact.first,
                "till": fact.till,
                "order_ms": entry.order,
            },
        )


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    SaleCompleted: (completed,),
    RefundCompleted: (refunded,),
    ReceiptReprinted: (reprinted,),
    TenderCorrected: (tender_corrected,),
    BasketCancelled: (_ended("cancelled"),),
    BasketHeld: (_ended("held"),),
    BasketResumed: (_ended("resumed"), taken_over),
    TwiceTakenSeen: (_ended("seen"),),
    **invoice_apply.APPLY,
}
