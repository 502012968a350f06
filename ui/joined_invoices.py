"""发票 joined: the list, and the page that asks."""

from typing import TYPE_CHECKING

from app.sales.invoicing import Seen
from ui.language import tr
from ui.presenters.invoice_form import InvoiceFormPresenter
from ui.presenters.invoicing import InvoicesPresenter
from ui.screens.invoice_form import InvoiceFormScreen
from ui.screens.invoices import InvoicesScreen
from ui.views import MessageView

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """发票: the list, and the page that asks: from a receipt, or by scanning a 抬头码."""
    shell, work, sounds = app.shell, app.work, app.sounds
    screen, form = InvoicesScreen(app.theme), InvoiceFormScreen(app.theme)
    app.window.add_page("invoices", screen)
    app.window.add_page("invoice_form", form)
    room = InvoicesPresenter(app.till, screen, work, sounds)
    asking = InvoiceFormPresenter(app.till.counter, form, work, sounds)

    came_from = ["till"]

    def ask(number: str = "", code: str = "") -> None:
        came_from[0] = app.window.page
        shell.show("invoice_form", lambda: asking.open(number, code))

    def buyer(code: str) -> None:
        if app.window.page == "invoice_form":
            asking.scan(code)
        else:
            ask(shell.receipts.shown if app.window.page == "receipts" else "", code)

    def correct(seen: Seen) -> None:
        came_from[0] = "invoices"
        shell.show("invoice_form", lambda: asking.correct(seen))

    def requested(seen: Seen) -> None:
        told = MessageView(text=tr("已申请开票，开好会变成“已开”"), tone="ok")
        shell.show("invoices", lambda: room.open(seen.document.document, told))

    def back() -> None:
        if came_from[0] == "receipts":
            shell.show("receipts", lambda: None)
        elif came_from[0] == "invoices":
            shell.show("invoices", room.open)
        else:
            shell.leave()

    def go() -> None:
        """Right after a sale its own customer asks; else the list."""
        if app.window.page == "till" and shell.selling.shown.done is not None:
            ask()
        else:
            shell.show("invoices", room.open)

    asking.on_done, room.on_correct = requested, correct
    shell.receipts.on_invoice, shell.on_buyer_scan = ask, buyer
    shell.on_invoices = lambda: shell.show("invoices", room.open_to_do)
    shell.add_way("invoices", go)
    screen.left.connect(shell.leave)
    form.left.connect(back)
