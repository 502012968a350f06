"""Receipts of this till: the first paper, finding one again, reprinting it."""

import logging
from collections.abc import Callable

from app.content import Paper
from app.errors import Refusal
from app.facts.sales import SaleCompleted, Tender
from app.journal.own import Entry
from app.languages import in_language
from app.receipt import ReceiptData
from app.sales import actions
from app.sales.desk import Desk
from app.sales.documents import Document, RefundReceipt, document
from app.sales.papers import receipt_data, receipt_paper
from app.sales.queries import Receipt, receipt, was_printed
from app.sales.refund_papers import bought_at, refund_paper
from app.staff.queries import name_of

LOG = logging.getLogger(__name__)


class Receipts:
    """Words receipts by the shop's template, or by the one shipped with the till."""

    def __init__(self, desk: Desk, template: str, prints: Callable[[], bool]) -> None:
        self._desk = desk
        self._template = template
        self._prints = prints

    @property
    def printing(self) -> bool:
        """Whether there is a printer at all; without one the receipt is a code on the screen."""
        return self._prints()

    @property
    def when(self) -> str:
        """When this shop prints receipts: always, ask, never; "" without a printer."""
        return self._desk.settings["receipt_print"] if self.printing else ""

    def first_paper(self, sale: SaleCompleted, entry: Entry) -> Paper | None:
        """The original, or None when this shop prints on asking or never."""
        if self.when != "always":
            return None
        return self._paper(sale, entry.envelope.wall, entry.hash6, self._desk.name, 0)

    def find(self, number: str = "") -> Receipt:
        """A receipt by number, or the last one. Raises Refusal("unknown_receipt")."""
        books = self._desk.books
        with books.read() as db:
            found = receipt(db, books.shop, books.till, number)
        if found is None:
            raise Refusal("unknown_receipt", number=number[:40])
        return found

    def document(self, number: str = "") -> Document:
        """A receipt of a sale or of a refund by number, or the last one of either.

        Raises Refusal("unknown_receipt").
        """
        books = self._desk.books
        with books.read() as db:
            found = document(db, books.shop, books.till, number)
        if found is None:
            raise Refusal("unknown_receipt", number=number[:40])
        return found

    def paper(self, found: Document, copy: int = 0) -> Paper:
        """A receipt as it is printed: copy 0 is the original."""
        books = self._desk.books
        if isinstance(found, RefundReceipt):
            return self._refund_paper(found, copy)
        with books.read() as db:
            cashier = name_of(db, books.secrets, found.sale.person)
        return self._paper(
            found.sale, found.envelope.wall, found.hash6, cashier, copy, found.tenders
        )

    def reprint(self, number: str = "") -> int:
        """重印 n of a receipt, counted and marked as such; n.

        0 is the original: this sale was completed without a paper, and now one is asked for.
        Raises Refusal: unknown_receipt, shift_needed, approval_needed, no_printer.
        """
        sitting = self._desk.sitting()
        self._desk.allowed("reprint")
        found = self.document(number)
        if not self.printing:
            raise Refusal("no_printer")
        if isinstance(found, Receipt) and self._never_printed(found):
            actions.print_original(self._desk.books, found, sitting, self.paper(found))
            return 0
        return actions.reprint(
            self._desk.books, found, sitting, lambda copy: self.paper(found, copy)
        )

    def _refund_paper(self, found: RefundReceipt, copy: int) -> Paper:
        books, refund = self._desk.books, found.refund
        with books.read() as db:
            first = receipt(db, books.shop, "", refund.original_number) if refund.sale else None
            cashier = name_of(db, books.secrets, refund.person)
        return refund_paper(
            refund,
            wall_ms=found.envelope.wall,
            hash6=found.hash6,
            settings=self._desk.settings,
            cashier=cashier,
            original=bought_at(first.envelope) if first else "",
            copy_no=copy,
        )

    def _never_printed(self, found: Receipt) -> bool:
        """Sure only of the journal this till writes: a restored one may have printed before."""
        books = self._desk.books
        if found.copies or found.envelope.journal != books.journal.id:
            return False
        with books.read() as db:
            return not was_printed(db, found.id)

    def _paper(
        self,
        sale: SaleCompleted,
        wall_ms: int,
        hash6: str,
        cashier: str,
        copy: int,
        tenders: tuple[Tender, ...] = (),
    ) -> Paper:
        settings = self._desk.settings
        data = receipt_data(
            sale,
            wall_ms=wall_ms,
            hash6=hash6,
            settings=settings,
            cashier=cashier,
            copy_no=copy,
            tenders=tenders,
        )
        return in_language(self._worded(data), settings["receipt_language"])

    def _worded(self, data: ReceiptData) -> Paper:
        own = "\n".join(self._desk.settings["receipt_template"].splitlines())
        if own.strip():
            try:
                return receipt_paper(own, data)
            except Refusal as refusal:
                # A sale is never blocked by paper: the template shipped with the till says it all.
                LOG.warning("the shop's receipt template: %s", refusal)
        return receipt_paper(self._template, data)
