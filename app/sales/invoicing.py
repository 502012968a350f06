"""开票: what a person at the counter does with invoices, one transaction each.

Asking for one only writes it down; a runner sends it a moment later, so that a slip can be
corrected, and asks until it knows. Who the invoice is for goes into an attachment of its own
subject: it can be forgotten without touching a fact.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from app import attachments, print_queue
from app.errors import Refusal
from app.facts.invoices import (
    InvoiceAskedAgain,
    InvoiceBuyerCorrected,
    InvoiceRequested,
    InvoicesExported,
    InvoiceWithdrawn,
    RedLetterRequested,
)
from app.sales import invoice_rules as rules
from app.sales.buyers import Buyer
from app.sales.desk import Desk
from app.sales.invoice_export import Row, write
from app.sales.invoice_papers import slip_paper
from app.sales.invoice_queries import (
    Document,
    buyer_of,
    content_now,
    document,
    documents,
    lines_of,
    red_letter_due,
    red_lines,
    standing_invoice,
)
from app.sales.invoice_rules import Content
from app.sales.queries import Receipt, receipt
from app.sales.tax_codes import TaxCode, tax_codes
from app.staff.rules import NOBODY, Approver
from app.transaction import Transaction, transaction

BACK, WRONG_BUYER = "refund", "wrong_buyer"
MOST_EXPORTED = 100_000


class Draft(msgspec.Struct, frozen=True):
    """A receipt as the counter sees it when somebody wants an invoice for it."""

    receipt: Receipt
    content: Content
    standing: Document | None
    """The invoice it has already."""


class Seen(msgspec.Struct, frozen=True):
    """A document with everything a screen says about it."""

    document: Document
    content: Content
    """What was sent, else what would be sent now."""
    due: Content
    """What has to be taken back of it in red."""
    buyer: Buyer | None


class Invoices:
    """What the person at the desk does with invoices."""

    def __init__(self, desk: Desk, prints: Callable[[], bool]) -> None:
        self._desk = desk
        self._books = desk.books
        self._prints = prints

    @property
    def codes(self) -> Sequence[TaxCode]:
        """The shop's table of tax codes."""
        return tax_codes(self._desk.settings["tax_codes"])

    @property
    def _day(self) -> str:
        """The business day, also while no shift is open; after Z the calendar's."""
        return self._desk.day or self._desk.business_day() or self._desk.today

    def draft(self, number: str = "") -> Draft:
        """What an invoice for a receipt (the till's last one without a number) would say.

        Raises Refusal: unknown_receipt, tax_code_missing.
        """
        books = self._books
        with books.read() as db:
            found = receipt(db, books.shop, books.till, number)
            if found is None:
                raise Refusal("unknown_receipt", number=number[:40])
            return Draft(
                found,
                self._now(db, found.id),
                standing_invoice(db, books.shop, found.id),
            )

    def look(self, name: str) -> Seen:
        """A document and what stands on it. Raises Refusal("unknown_invoice")."""
        books = self._books
        with books.read() as db:
            known = document(db, books.shop, name)
            if known is None:
                raise Refusal("unknown_invoice")
            unsent = known.kind == rules.INVOICE and known.state in (rules.REQUESTED, rules.FAILED)
            content = (
                self._now(db, known.sale) if unsent else Content(lines_of(db, books.shop, name))
            )
            due = red_letter_due(db, books.shop, known, self.codes)
            buyer = buyer_of(db, books.secrets, known.buyer)
        return Seen(known, content, due, buyer)

    def request(self, number: str, buyer: Buyer) -> Seen:
        """Somebody wants an invoice for a receipt. One that the platform refused is asked for
        again with this buyer.

        Raises Refusal: unknown_receipt, invoice_open, invoice_issued, nothing_to_invoice,
        tax_code_missing, sign_in_needed, not_allowed.
        """
        self._desk.allowed("invoice")
        with transaction(self._books, staff=self._desk.person) as tx:
            found = receipt(tx.connection, tx.shop, tx.till, number)
            if found is None:
                raise Refusal("unknown_receipt", number=number[:40])
            standing = standing_invoice(tx.connection, tx.shop, found.id)
            if standing is not None and standing.state != rules.FAILED:
                if standing.state == rules.ISSUED:
                    raise Refusal("invoice_issued")
                raise Refusal("invoice_open", number=found.sale.number)
            if standing is not None:
                self._correct(tx, standing, buyer)
                name = standing.document
            else:
                name = self._request(tx, found, buyer)
        return self.look(name)

    def _request(self, tx: Transaction, found: Receipt, buyer: Buyer) -> str:
        content = self._now(tx.connection, found.id)
        if not content.lines:
            raise Refusal("nothing_to_invoice", number=found.sale.number)
        name = tx.ids.new()
        tx.record(
            InvoiceRequested(
                shop=tx.shop,
                till=tx.till,
                day=self._day,
                shift=self._desk.shift_id,
                sale=found.id,
                number=found.sale.number,
                person=self._desk.person,
                buyer=_keep(tx, name, buyer),
                buyer_kind=buyer.kind,
                lines=content.lines,
                amount=content.amount,
                tax=content.tax,
                left_out=content.left_out,
            ),
            name,
        )
        return name

    def correct(self, name: str, buyer: Buyer) -> Seen:
        """改抬头 before anything is issued.

        Raises Refusal: unknown_invoice, invoice_on_its_way, invoice_issued, invoice_over.
        """
        self._desk.allowed("invoice")
        with transaction(self._books, staff=self._desk.person) as tx:
            self._correct(tx, self._known(tx, name), buyer)
        return self.look(name)

    def _correct(self, tx: Transaction, known: Document, buyer: Buyer) -> None:
        rules.moved(known.state, rules.CORRECT)
        if known.kind == rules.RED:
            # A red letter is made out to whom its invoice was.
            raise Refusal("invoice_over")
        tx.record(
            InvoiceBuyerCorrected(
                shop=tx.shop,
                till=tx.till,
                day=self._day,
                shift=self._desk.shift_id,
                document=known.document,
                person=self._desk.person,
                buyer=_keep(tx, known.document, buyer),
                buyer_kind=buyer.kind,
            )
        )

    def ask_again(self, name: str) -> Seen:
        """Try once more what the platform refused. Raises Refusal as `correct` does."""
        self._desk.allowed("invoice")
        with transaction(self._books, staff=self._desk.person) as tx:
            known = self._known(tx, name)
            rules.moved(known.state, rules.AGAIN)
            tx.record(
                InvoiceAskedAgain(
                    shop=tx.shop,
                    till=tx.till,
                    day=self._day,
                    shift=self._desk.shift_id,
                    document=name,
                    person=self._desk.person,
                )
            )
        return self.look(name)

    def withdraw(self, name: str) -> Seen:
        """An invoice nobody wants any more, before it is sent. Raises Refusal as `correct` does,
        and red_letter_stays (the tax office wants it)."""
        self._desk.allowed("invoice")
        with transaction(self._books, staff=self._desk.person) as tx:
            known = self._known(tx, name)
            rules.moved(known.state, rules.WITHDRAW)
            if known.kind == rules.RED:
                raise Refusal("red_letter_stays")
            tx.record(
                InvoiceWithdrawn(
                    shop=tx.shop,
                    till=tx.till,
                    day=self._day,
                    shift=self._desk.shift_id,
                    document=name,
                    reason="person",
                    person=self._desk.person,
                )
            )
        return self.look(name)

    def red_letter(self, invoice: str, reason: str = BACK, approver: Approver = NOBODY) -> Seen:
        """Have what came back taken off an issued invoice; for a wrong buyer all of it, so that it
        can be asked for anew.

        Raises Refusal: unknown_invoice, invoice_not_issued, no_red_letter_due, approval_needed.
        """
        self._desk.allowed("red_letter", approver)
        with transaction(self._books, staff=self._desk.person) as tx:
            known = self._known(tx, invoice)
            if known.kind != rules.INVOICE or known.state != rules.ISSUED:
                raise Refusal("invoice_not_issued")
            content = self._red_content(tx, known, reason)
            if not content.lines:
                raise Refusal("no_red_letter_due")
            entry = tx.record(
                RedLetterRequested(
                    shop=tx.shop,
                    till=tx.till,
                    day=self._day,
                    shift=self._desk.shift_id,
                    invoice=invoice,
                    sale=known.sale,
                    number=known.number,
                    person=self._desk.person,
                    buyer=known.buyer,
                    buyer_kind=known.buyer_kind,
                    reason=reason,
                    lines=content.lines,
                    amount=content.amount,
                    tax=content.tax,
                )
            )
        return self.look(entry.envelope.fact)

    def _red_content(self, tx: Transaction, known: Document, reason: str) -> Content:
        if reason == BACK:
            return red_letter_due(tx.connection, tx.shop, known, self.codes)
        return rules.to_take_back(
            lines_of(tx.connection, tx.shop, known.document),
            red_lines(tx.connection, tx.shop, known.document),
            (),
        )

    @property
    def printing(self) -> bool:
        """Whether there is a printer for a slip."""
        return self._prints()

    def print_slip(self, name: str) -> None:
        """开票凭条 for the customer. Raises Refusal: unknown_invoice, no_printer."""
        self._desk.allowed("invoice")
        seen, books = self.look(name), self._books
        if not self.printing:
            raise Refusal("no_printer")
        paper = slip_paper(
            seen.document,
            seen.content,
            seen.buyer,
            wall_ms=books.clock.wall_ms(),
            series=books.journal.series,
            settings=self._desk.settings,
        )
        with transaction(books, staff=self._desk.person) as tx:
            print_queue.put(
                tx,
                printer=print_queue.RECEIPT_PRINTER,
                kind=paper.kind,
                fact=name,
                title=seen.document.number,
                paper=paper,
            )

    def export(
        self, path: Path, from_day: str = "", to_day: str = "", approver: Approver = NOBODY
    ) -> int:
        """Write the documents of these business days to a file (.csv, .xlsx), buyers included;
        how many. That they left the till is a fact before they do.

        Raises Refusal: approval_needed, approver_same, export_failed.
        """
        self._desk.allowed("invoice_export", approver)
        books = self._books
        with books.read() as db:
            found = documents(db, books.shop, from_day=from_day, to_day=to_day, most=MOST_EXPORTED)
            rows = [
                Row(
                    each,
                    lines_of(db, books.shop, each.document),
                    buyer_of(db, books.secrets, each.buyer),
                )
                for each in reversed(found)
            ]
        with transaction(books, staff=self._desk.person) as tx:
            tx.record(
                InvoicesExported(
                    shop=tx.shop,
                    till=tx.till,
                    day=self._day,
                    shift=self._desk.shift_id,
                    person=self._desk.person,
                    from_day=from_day,
                    to_day=to_day,
                    count=len(rows),
                )
            )
        write(path, rows)
        return len(rows)

    def _now(self, db: Connection, sale: str) -> Content:
        return content_now(db, self._books.shop, sale, self.codes) or rules.NOTHING

    def _known(self, tx: Transaction, name: str) -> Document:
        known = document(tx.connection, tx.shop, name)
        if known is None:
            raise Refusal("unknown_invoice")
        return known


def _keep(tx: Transaction, name: str, buyer: Buyer) -> str:
    return attachments.attach(tx, f"invoice:{name}", msgspec.json.encode(buyer))
