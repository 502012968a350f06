"""Invoices as screens, tasks, the runner and Z read them. Amounts in fen."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, ScalarSelect, Select, func, select

from app.attachments import detail
from app.facts.invoices import InvoiceLine
from app.journal.secrets import SecretStore
from app.sales.buyers import Buyer
from app.sales.invoice_rules import (
    INVOICE,
    ISSUED,
    NOT_INVOICED,
    NOTHING,
    OPEN,
    RED,
    SENT,
    WITHDRAWN,
    Content,
    content_of,
    to_take_back,
)
from app.sales.invoice_tables import (
    invoice_buyer,
    invoice_document,
    invoice_line,
    invoice_now,
    invoice_step,
)
from app.sales.queries import receipt
from app.sales.refund_queries import refunded
from app.sales.tables import refund, sale, sale_tender
from app.sales.tax_codes import TaxCode

MOST = 1_000


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice or a red letter, and where it stands."""

    document: str
    kind: str
    invoice: str
    """The invoice itself, or the one a red letter takes back."""
    sale: str
    number: str
    """The receipt's."""
    till: str
    day: str
    person: str
    reason: str
    amount: int
    """As it was asked for; what is sent may be less, when goods came back first."""
    tax: int
    order_ms: int
    state: str
    request_no: str
    invoice_no: str
    refusal: str
    """The platform's word when it refused."""
    since_ms: int
    buyer: str
    buyer_kind: str


_JOINED = (invoice_document, invoice_now, invoice_buyer)


def _documents() -> Select[Any]:
    columns = [
        invoice_now.c.reason.label("refusal")
        if name == "refusal"
        else next(table.c[name] for table in _JOINED if name in table.c)
        for name in Document.__struct_fields__
    ]
    return (
        select(*columns)
        .join(invoice_now, invoice_now.c.document == invoice_document.c.document)
        .join(invoice_buyer, invoice_buyer.c.document == invoice_document.c.document)
        .where(
            invoice_now.c.shop == invoice_document.c.shop,
            invoice_buyer.c.shop == invoice_document.c.shop,
        )
    )


def documents(
    db: Connection,
    shop: str,
    *,
    from_day: str = "",
    to_day: str = "",
    states: Sequence[str] = (),
    kind: str = "",
    sale: str = "",
    till: str = "",
    most: int = MOST,
) -> list[Document]:
    """Newest first, by business day (both ends included), state, kind, receipt and till."""
    wanted = _documents().where(invoice_document.c.shop == shop)
    if from_day:
        wanted = wanted.where(invoice_document.c.day >= from_day)
    if to_day:
        wanted = wanted.where(invoice_document.c.day <= to_day)
    if states:
        wanted = wanted.where(invoice_now.c.state.in_(states))
    if kind:
        wanted = wanted.where(invoice_document.c.kind == kind)
    if sale:
        wanted = wanted.where(invoice_document.c.sale == sale)
    if till:
        wanted = wanted.where(invoice_document.c.till == till)
    ordered = wanted.order_by(invoice_document.c.order_ms.desc(), invoice_document.c.document)
    return [Document(**row._mapping) for row in db.execute(ordered.limit(most))]


def document(db: Connection, shop: str, name: str) -> Document | None:
    """One document by its id."""
    wanted = _documents().where(
        invoice_document.c.shop == shop, invoice_document.c.document == name
    )
    row = db.execute(wanted).first()
    return None if row is None else Document(**row._mapping)


def lines_of(db: Connection, shop: str, name: str) -> tuple[InvoiceLine, ...]:
    """The lines that count: what was sent at last, else what was asked for."""
    last = db.scalar(
        select(invoice_step.c.fact)
        .where(
            invoice_step.c.shop == shop,
            invoice_step.c.document == name,
            invoice_step.c.state == SENT,
        )
        .order_by(invoice_step.c.order_ms.desc(), invoice_step.c.fact.desc())
        .limit(1)
    )
    rows = db.execute(
        select(*[invoice_line.c[column] for column in InvoiceLine.__struct_fields__])
        .where(invoice_line.c.shop == shop, invoice_line.c.fact == (last or name))
        .order_by(invoice_line.c.line)
    )
    return tuple(InvoiceLine(**row._mapping) for row in rows)


def times_refused(db: Connection, shop: str, name: str) -> int:
    """How often the platform refused a document: each time ends a request number."""
    steps = select(func.count()).where(
        invoice_step.c.shop == shop,
        invoice_step.c.document == name,
        invoice_step.c.state == "FAILED",
    )
    return int(db.scalar(steps) or 0)


def standing_invoice(db: Connection, shop: str, sale: str) -> Document | None:
    """The invoice a receipt has: an open one, or an issued one not taken back as a whole."""
    for found in documents(db, shop, sale=sale, kind=INVOICE):
        if found.state in OPEN:
            return found
        if found.state == ISSUED and left_of(db, shop, found) > 0:
            return found
    return None


def is_invoiced(db: Connection, shop: str, sale: str) -> bool:
    """Whether goods of a receipt can come back only with a red letter, or may turn out so."""
    found = standing_invoice(db, shop, sale)
    return found is not None and found.state in (SENT, ISSUED)


def left_of(db: Connection, shop: str, invoice: Document) -> int:
    """What an issued invoice is still worth after its red letters."""
    issued = sum(line.amount for line in lines_of(db, shop, invoice.document))
    return issued - sum(line.amount for line in red_lines(db, shop, invoice.document))


def red_letters(db: Connection, shop: str, invoice: str) -> list[Document]:
    """The red letters of an invoice, whatever became of them, newest first."""
    wanted = _documents().where(
        invoice_document.c.shop == shop,
        invoice_document.c.kind == RED,
        invoice_document.c.invoice == invoice,
    )
    rows = db.execute(wanted.order_by(invoice_document.c.order_ms.desc()))
    return [Document(**row._mapping) for row in rows]


def red_lines(db: Connection, shop: str, invoice: str) -> list[InvoiceLine]:
    """Everything that was or will be taken back of an invoice in red."""
    found: list[InvoiceLine] = []
    for red in red_letters(db, shop, invoice):
        if red.state != WITHDRAWN:
            found += lines_of(db, shop, red.document)
    return found


def content_now(
    db: Connection, shop: str, sale_id: str, codes: Sequence[TaxCode]
) -> Content | None:
    """What can be invoiced of a receipt as it stands; None while its sale has not arrived here."""
    found = db.scalar(select(sale.c.number).where(sale.c.shop == shop, sale.c.sale == sale_id))
    known = receipt(db, shop, "", str(found)) if found else None
    return content_of(known.sale, refunded(db, shop, sale_id), codes) if known else None


def red_letter_due(
    db: Connection, shop: str, invoice: Document, codes: Sequence[TaxCode]
) -> Content:
    """What came back of an issued invoice and has not been taken off it yet."""
    if invoice.kind != INVOICE or invoice.state != ISSUED:
        return NOTHING
    now = content_now(db, shop, invoice.sale, codes)
    if now is None:
        return NOTHING
    return to_take_back(
        lines_of(db, shop, invoice.document), red_lines(db, shop, invoice.document), now.lines
    )


def red_letters_due(
    db: Connection, shop: str, codes: Sequence[TaxCode]
) -> list[tuple[Document, Content]]:
    """Every issued invoice of which more came back than was taken off it, oldest first."""
    red = invoice_document.alias("red")
    taken_back = (
        select(func.coalesce(func.sum(red.c.amount), 0))
        .where(red.c.shop == shop, red.c.kind == RED, red.c.invoice == invoice_document.c.document)
        .scalar_subquery()
    )
    brought_back = _sum_of_sale(refund.c.amount, refund.c.shop == shop, refund.c.sale)
    left_out = _sum_of_sale(
        sale_tender.c.amount,
        (sale_tender.c.shop == shop) & sale_tender.c.tender.in_(NOT_INVOICED),
        sale_tender.c.sale,
    )
    # Nothing can be due of the others: years of invoices settled long ago are not worked out.
    wanted = (
        _documents()
        .join(sale, (sale.c.shop == shop) & (sale.c.sale == invoice_document.c.sale))
        .where(
            invoice_document.c.shop == shop,
            invoice_document.c.kind == INVOICE,
            invoice_now.c.state == ISSUED,
            brought_back > 0,
            invoice_now.c.issued - taken_back + brought_back + left_out > sale.c.due,
        )
        .order_by(invoice_document.c.order_ms)
    )
    found = []
    for row in db.execute(wanted).all():
        invoice = Document(**row._mapping)
        if (due := red_letter_due(db, shop, invoice, codes)).lines:
            found.append((invoice, due))
    return found


def _sum_of_sale(
    amount: Column[Any], where: ColumnElement[bool], of: Column[Any]
) -> ScalarSelect[Any]:
    """So many fen of rows that name the document's sale."""
    total = select(func.coalesce(func.sum(amount), 0))
    return total.where(where, of == invoice_document.c.sale).scalar_subquery()


def buyer_of(db: Connection, secrets: SecretStore, name: str) -> Buyer | None:
    """Who an attachment says, None when that was forgotten or never came to this till."""
    said = detail(db, secrets, name)
    return None if said is None else msgspec.json.decode(said, type=Buyer)
