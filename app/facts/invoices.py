"""Facts about invoices (数电票): asked for, sent to be issued, issued, taken back in red.

Amounts are tax-inclusive fen, quantities thousandths of the unit. Who the invoice is made out to
is never in a fact: it is an attachment, and the fact carries its name.
"""

from app.facts.base import Part, TillFact


class InvoiceLine(Part, frozen=True, kw_only=True):
    """One line of an invoice, as it goes to the tax platform. A reduction is netted in it."""

    line: int
    """The receipt's line."""
    product: str
    name: str
    spec: str = ""
    unit: str
    weighed: int = 0
    quantity: int
    amount: int
    """Tax included."""
    tax_code: str
    """The 19 digits of the classification of goods and services, as it stood on the sale's day."""
    tax_name: str
    """Its short name, printed as *name* before the goods."""
    rate: int
    """Percent; -1 不征税, -2 免税."""
    tax: int


class LeftOut(Part, frozen=True, kw_only=True):
    """A part of a receipt that no invoice is made for: `why` is the tender it was paid with."""

    why: str
    amount: int


class InvoiceRequested(TillFact, frozen=True, kw_only=True):
    """开票申请: a customer wants an invoice for a receipt. The fact's id names it for ever."""

    sale: str
    number: str
    person: str
    buyer: str
    """The attachment that says who it is made out to."""
    buyer_kind: str
    """company, person."""
    lines: tuple[InvoiceLine, ...]
    amount: int
    tax: int
    left_out: tuple[LeftOut, ...] = ()


class InvoiceBuyerCorrected(TillFact, frozen=True, kw_only=True):
    """改抬头, while nothing was sent or after it was refused: it is asked for again."""

    document: str
    person: str
    buyer: str
    buyer_kind: str


class InvoiceAskedAgain(TillFact, frozen=True, kw_only=True):
    """What the platform refused shall be tried once more, under a new request number."""

    document: str
    person: str


class InvoiceWithdrawn(TillFact, frozen=True, kw_only=True):
    """An invoice that was never issued is not wanted any more."""

    document: str
    reason: str
    """nothing_left (everything came back), person."""
    person: str = ""


class RedLetterRequested(TillFact, frozen=True, kw_only=True):
    """红字发票: what came back of an issued invoice shall be taken off it. Amounts positive."""

    invoice: str
    sale: str
    number: str
    person: str
    buyer: str
    buyer_kind: str
    reason: str
    """refund: goods came back; wrong_buyer: the whole of it, to be issued anew."""
    lines: tuple[InvoiceLine, ...]
    amount: int
    tax: int


class InvoiceSent(TillFact, frozen=True, kw_only=True):
    """An invoice or red letter is about to be asked of the platform, with exactly these lines."""

    document: str
    request_no: str
    """Our number at the platform: asked again with it, a document is never issued twice."""
    lines: tuple[InvoiceLine, ...]
    amount: int
    tax: int


class InvoiceIssued(TillFact, frozen=True, kw_only=True):
    """The platform issued it."""

    document: str
    request_no: str
    invoice_no: str
    amount: int
    """What it was sent with, tax included."""
    issued_at: str = ""
    """When the platform says it did, ISO 8601."""


class InvoiceFailed(TillFact, frozen=True, kw_only=True):
    """The platform refused it, for certain: nothing was issued under this request number."""

    document: str
    request_no: str
    reason: str
    """The platform's word for it, never about the buyer."""


class InvoicesExported(TillFact, frozen=True, kw_only=True):
    """Somebody took a list with buyers' names out of the till."""

    person: str
    from_day: str
    to_day: str
    count: int
