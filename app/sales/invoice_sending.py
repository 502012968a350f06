"""What happens between a request and its invoice: no person is there, the runner does it.

That a document is sent is on the disk before the platform hears of it, with the lines it is sent
with, and its request number follows from its identity. So a till that is killed in between asks
again under the same number, and nothing is ever issued twice.
"""

from collections.abc import Sequence

import msgspec

from app.facts.invoices import (
    InvoiceFailed,
    InvoiceIssued,
    InvoiceLine,
    InvoiceSent,
    InvoiceWithdrawn,
)
from app.sales import invoice_rules as rules
from app.sales.buyers import Buyer
from app.sales.invoice_queries import (
    Document,
    buyer_of,
    content_now,
    document,
    lines_of,
    times_refused,
)
from app.sales.invoice_rules import Content
from app.sales.tax_codes import TaxCode
from app.transaction import Books, Transaction, transaction

GRACE_MS = 10_000
"""So long after it was asked for a slip can be corrected before anything leaves the till."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the platform is told."""

    request_no: str
    kind: str
    """invoice or red."""
    buyer: Buyer
    lines: tuple[InvoiceLine, ...]
    amount: int
    tax: int
    original_no: str = ""
    """The number of the invoice a red letter takes back."""


def send(books: Books, name: str, codes: Sequence[TaxCode]) -> Document | None:
    """Freeze what is sent, before it is; None when nothing has to be sent any more."""
    with transaction(books) as tx:
        known = document(tx.connection, tx.shop, name)
        if known is None or known.state != rules.REQUESTED:
            return None
        content = _content(tx, known, codes)
        if not content.lines:
            tx.record(
                InvoiceWithdrawn(
                    shop=tx.shop,
                    till=tx.till,
                    day=known.day,
                    document=name,
                    reason="nothing_left",
                )
            )
            return None
        tx.record(
            InvoiceSent(
                shop=tx.shop,
                till=tx.till,
                day=known.day,
                document=name,
                request_no=_request_no(tx, known),
                lines=content.lines,
                amount=content.amount,
                tax=content.tax,
            )
        )
        tx.flush()
        return document(tx.connection, tx.shop, name)


def _content(tx: Transaction, known: Document, codes: Sequence[TaxCode]) -> Content:
    """A red letter takes back what it was asked to; an invoice says what was not brought back."""
    if known.kind == rules.RED:
        return Content(lines_of(tx.connection, tx.shop, known.document))
    return content_now(tx.connection, tx.shop, known.sale, codes) or rules.NOTHING


def _request_no(tx: Transaction, known: Document) -> str:
    """From the document's identity: the same until the platform refused it, then the next."""
    letter = "R" if known.kind == rules.RED else "F"
    times = times_refused(tx.connection, tx.shop, known.document)
    return f"{letter}{known.document.replace('-', '')}{times:02d}"


def order_of(books: Books, sent: Document) -> Order | None:
    """What the platform is asked; None when nobody knows any more who it is for."""
    with books.read() as db:
        buyer = buyer_of(db, books.secrets, sent.buyer)
        original = document(db, books.shop, sent.invoice)
        lines = lines_of(db, books.shop, sent.document)
    if buyer is None or original is None:
        return None
    return Order(
        request_no=sent.request_no,
        kind=sent.kind,
        buyer=buyer,
        lines=lines,
        amount=sum(line.amount for line in lines),
        tax=sum(line.tax for line in lines),
        original_no=original.invoice_no if sent.kind == rules.RED else "",
    )


def issued(books: Books, sent: Document, invoice_no: str, issued_at: str) -> None:
    """The platform issued it. Heard twice, it is written down once."""
    with transaction(books) as tx:
        if _still(tx, sent):
            tx.record(
                InvoiceIssued(
                    shop=tx.shop,
                    till=tx.till,
                    day=sent.day,
                    document=sent.document,
                    request_no=sent.request_no,
                    invoice_no=invoice_no,
                    amount=sum(
                        line.amount for line in lines_of(tx.connection, tx.shop, sent.document)
                    ),
                    issued_at=issued_at,
                )
            )


def failed(books: Books, sent: Document, reason: str) -> None:
    """The platform refused it for certain."""
    with transaction(books) as tx:
        if _still(tx, sent):
            tx.record(
                InvoiceFailed(
                    shop=tx.shop,
                    till=tx.till,
                    day=sent.day,
                    document=sent.document,
                    request_no=sent.request_no,
                    reason=reason,
                )
            )


def _still(tx: Transaction, sent: Document) -> bool:
    now = document(tx.connection, tx.shop, sent.document)
    return now is not None and (now.state, now.request_no) == (rules.SENT, sent.request_no)
