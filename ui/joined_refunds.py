"""退货 joined: by F8, from a receipt, or by scanning one there."""

from typing import TYPE_CHECKING

from ui.presenters.refunding import RefundingPresenter
from ui.screens.refund import RefundScreen

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """退货: by F8, from a receipt, or by scanning one there."""
    shell = app.shell
    screen = RefundScreen(app.theme)
    app.window.add_page("refund", screen)
    refunding = RefundingPresenter(app.till.counter, screen, app.work, app.sounds)

    def of_receipt(number: str) -> None:
        shell.show("refund", lambda: refunding.open(number))

    def goods(text: str) -> None:
        shell.sell()
        shell.selling.scan(text)

    refunding.on_left, refunding.on_goods = shell.leave, goods
    refunding.on_exchanged = shell.sell
    shell.receipts.on_refund = of_receipt
    shell.on_refund_scan = refunding.scan
    shell.add_room("refund", refunding.open)
