"""What facts about invoices mean: the document, its lines, its steps, where it stands."""

from collections.abc import Iterator
from typing import Any

from app.facts.base import Fact
from app.facts.invoices import (
    InvoiceAskedAgain,
    InvoiceBuyerCorrected,
    InvoiceFailed,
    InvoiceIssued,
    InvoiceLine,
    InvoiceRequested,
    InvoiceSent,
    InvoicesExported,
    InvoiceWithdrawn,
    RedLetterRequested,
)
from app.rows import Apply, Change, Envelope, Register, Row, version_of
from app.sales.invoice_rules import FAILED, INVOICE, ISSUED, RED, REQUESTED, SENT, WITHDRAWN
from app.sales.invoice_tables import (
    invoice_buyer,
    invoice_document,
    invoice_export,
    invoice_line,
    invoice_now,
    invoice_step,
)

_LINE = tuple(
    column.name for column in invoice_line.c if column.name not in ("shop", "fact", "document")
)


def _lines(shop: str, fact: str, document: str, lines: tuple[InvoiceLine, ...]) -> Iterator[Change]:
    for line in lines:
        key = {"shop": shop, "fact": fact, "document": document}
        yield Row(invoice_line, key | {name: getattr(line, name) for name in _LINE})


def _stands(
    entry: Envelope, fact: Any, document: str, state: str, reason: str = ""
) -> Iterator[Change]:
    """A step, and the register that keeps the newest one."""
    said = {
        "shop": fact.shop,
        "document": document,
        "state": state,
        "request_no": getattr(fact, "request_no", ""),
        "reason": reason,
    }
    yield Row(
        invoice_step,
        said
        | {
            "fact": entry.fact,
            "person": getattr(fact, "person", ""),
            "order_ms": entry.order,
        },
    )
    yield Register(
        invoice_now,
        said
        | {
            "owner": fact.shop,
            "version": version_of(entry),
            "invoice_no": getattr(fact, "invoice_no", ""),
            "issued": fact.amount if state == ISSUED else 0,
            "since_ms": entry.order,
        },
    )


def _made_out(entry: Envelope, fact: Any, document: str) -> Register:
    return Register(
        invoice_buyer,
        {
            "shop": fact.shop,
            "owner": fact.shop,
            "document": document,
            "version": version_of(entry),
            "buyer": fact.buyer,
            "buyer_kind": fact.buyer_kind,
        },
    )


def _document(entry: Envelope, fact: Any, kind: str, invoice: str, reason: str) -> Row:
    return Row(
        invoice_document,
        {
            "shop": fact.shop,
            "document": entry.fact,
            "kind": kind,
            "invoice": invoice,
            "sale": fact.sale,
            "number": fact.number,
            "till": fact.till,
            "day": fact.day,
            "person": fact.person,
            "reason": reason,
            "amount": fact.amount,
            "tax": fact.tax,
            "order_ms": entry.order,
        },
    )


def requested(entry: Envelope, fact: InvoiceRequested) -> Iterator[Change]:
    """An invoice somebody wants."""
    yield _document(entry, fact, INVOICE, entry.fact, "")
    yield from _lines(fact.shop, entry.fact, entry.fact, fact.lines)
    yield from _stands(entry, fact, entry.fact, REQUESTED)
    yield _made_out(entry, fact, entry.fact)


def red_requested(entry: Envelope, fact: RedLetterRequested) -> Iterator[Change]:
    """What of an invoice shall be taken back."""
    yield _document(entry, fact, RED, fact.invoice, fact.reason)
    yield from _lines(fact.shop, entry.fact, entry.fact, fact.lines)
    yield from _stands(entry, fact, entry.fact, REQUESTED)
    yield _made_out(entry, fact, entry.fact)


def corrected(entry: Envelope, fact: InvoiceBuyerCorrected) -> Iterator[Change]:
    """Another buyer: it is asked for again."""
    yield from _stands(entry, fact, fact.document, REQUESTED)
    yield _made_out(entry, fact, fact.document)


def sent(entry: Envelope, fact: InvoiceSent) -> Iterator[Change]:
    """On its way, with the lines it was sent with."""
    yield from _lines(fact.shop, entry.fact, fact.document, fact.lines)
    yield from _stands(entry, fact, fact.document, SENT)


def _step(state: str) -> Apply:
    def apply(entry: Envelope, fact: Any) -> Iterator[Change]:
        yield from _stands(entry, fact, fact.document, state, getattr(fact, "reason", ""))

    return apply


def exported(entry: Envelope, fact: InvoicesExported) -> Iterator[Change]:
    """A list left the till."""
    yield Row(
        invoice_export,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "person": fact.person,
            "from_day": fact.from_day,
            "to_day": fact.to_day,
            "count": fact.count,
            "order_ms": entry.order,
        },
    )


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    InvoiceRequested: (requested,),
    InvoiceBuyerCorrected: (corrected,),
    InvoiceAskedAgain: (_step(REQUESTED),),
    InvoiceWithdrawn: (_step(WITHDRAWN),),
    RedLetterRequested: (red_requested,),
    InvoiceSent: (sent,),
    InvoiceIssued: (_step(ISSUED),),
    InvoiceFailed: (_step(FAILED),),
    InvoicesExported: (exported,),
}
