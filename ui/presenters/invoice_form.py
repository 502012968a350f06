"""开票 joined to the counter: a receipt and a buyer, scanned or typed, become a request."""

from collections.abc import Callable

import msgspec

from app.clock import local
from app.errors import ShopError
from app.money import yuan_shown
from app.sales.buyers import Buyer, buyer_from_code, checked_buyer
from app.sales.counter import Counter
from app.sales.invoice_rules import FAILED, ISSUED
from app.sales.invoicing import Draft, Seen
from ui.invoice_views import InvoiceFormView
from ui.invoice_words import left_out_words
from ui.language import error_words, tr
from ui.presenters.desk_work import DeskWork
from ui.presenters.invoice_words import line_list
from ui.screens.invoice_form import InvoiceFormScreen
from ui.sounds import Sounds
from ui.views import MessageView

EMPTY = ("", "", "", "")


class InvoiceFormPresenter:
    """Holds the receipt, or the document whose buyer is corrected."""

    def __init__(
        self, counter: Counter, screen: InvoiceFormScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        self._counter, self._screen, self._work, self._sounds = counter, screen, work, sounds
        self.on_done: Callable[[Seen], None] = lambda seen: None
        self._number = ""
        self._document = ""
        """The one whose buyer is corrected, "" for a new request."""
        self._busy = False
        self._view = InvoiceFormView(confirm_word="")
        screen.confirmed.connect(self._confirm)
        screen.message_closed.connect(lambda: self._say(None))
        screen.refused.connect(lambda words: self._say(MessageView(text=words, tone="warn")))

    def open(self, number: str = "", code: str = "") -> None:
        """A receipt (the till's last one without a number), with the buyer that was scanned."""
        self._number, self._document, self._busy = number, "", False
        self._view = InvoiceFormView(
            confirm_word=tr("申请开票"), filled=self._view.filled + 1, under=number
        )
        self._screen.show_view(self._view)
        self._read(code)

    def correct(self, seen: Seen) -> None:
        """Another buyer for what was not issued yet."""
        self._number, self._document = seen.document.number, seen.document.document
        self._busy = False
        buyer = seen.buyer
        self._view = InvoiceFormView(
            under=tr("改抬头 · 小票 {number}", number=self._number),
            lines=line_list(seen.content.lines),
            total=yuan_shown(seen.content.amount),
            tax=tr("其中税额 {tax}", tax=yuan_shown(seen.content.tax)),
            filled=self._view.filled + 1,
            fields=_fields(buyer) if buyer else EMPTY,
            confirm_word=tr("改抬头"),
            confirm_enabled=True,
        )
        self._screen.show_view(self._view)

    def scan(self, code: str) -> None:
        """A 抬头码 while the page is open."""
        try:
            buyer = buyer_from_code(code)
        except ShopError as error:
            self._refused(error)
            return
        self._sounds.play("accepted")
        self._fill(buyer)

    def _read(self, code: str) -> None:
        invoices, number = self._counter.invoices, self._number

        def ready(draft: Draft) -> None:
            self._number = draft.receipt.sale.number
            self._show_draft(draft)
            if code:
                self.scan(code)

        self._work.do(lambda: invoices.draft(number), ready, self._refused)

    def _show_draft(self, draft: Draft) -> None:
        sale, content, standing = draft.receipt.sale, draft.content, draft.standing
        why = ""
        if standing is not None and standing.state == ISSUED:
            why = tr("这张小票已经开过发票")
        elif standing is not None and standing.state != FAILED:
            why = tr("这张小票已经申请过开票")
        elif not content.lines:
            why = tr("没有可以开票的金额")
        when = local(draft.receipt.envelope.wall).strftime("%m-%d %H:%M")
        self._view = msgspec.structs.replace(
            self._view,
            under=f"{sale.number} · {when} · ¥{yuan_shown(sale.due)}",
            lines=line_list(content.lines),
            total=yuan_shown(content.amount),
            tax=tr("其中税额 {tax}", tax=yuan_shown(content.tax)),
            notes=tuple(
                f"{yuan_shown(each.amount)} {tr(left_out_words(each.why))}"
                for each in content.left_out
            ),
            confirm_enabled=not why,
            confirm_reason=why,
            message=MessageView(text=why, tone="warn") if why else self._view.message,
        )
        self._screen.show_view(self._view)

    def _fill(self, buyer: Buyer) -> None:
        self._view = msgspec.structs.replace(
            self._view, filled=self._view.filled + 1, fields=_fields(buyer), message=None
        )
        self._screen.show_view(self._view)

    def _confirm(self, name: str, tax_number: str, address: str, bank: str) -> None:
        if self._busy:
            return
        invoices, number, document = self._counter.invoices, self._number, self._document

        def work() -> Seen:
            buyer = checked_buyer(name, tax_number, address, bank)
            if document:
                return invoices.correct(document, buyer)
            return invoices.request(number, buyer)

        def ready(seen: Seen) -> None:
            self._busy = False
            self._sounds.play("accepted")
            self.on_done(seen)

        def refused(error: ShopError) -> None:
            self._busy = False
            self._refused(error)

        self._busy = True
        self._work.do(work, ready, refused)

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        self._say(MessageView(text=error_words(error), code=error.code))

    def _say(self, message: MessageView | None) -> None:
        self._view = msgspec.structs.replace(self._view, message=message)
        self._screen.show_view(self._view)


def _fields(buyer: Buyer) -> tuple[str, str, str, str]:
    return buyer.name, buyer.tax_number, buyer.address, buyer.bank
