"""收款 joined to the counter: the panel over the basket, cash in, change out."""

from typing import TYPE_CHECKING

import msgspec

from app.errors import ShopError
from app.messages import sentence
from app.sales.actions import Completed
from ui.language import tr
from ui.presenters import counter_views
from ui.screens.payment import PaymentPanel
from ui.views import MessageView, PaymentView, QuickKeysView

if TYPE_CHECKING:
    from ui.presenters.selling import Painted, SellingPresenter

Paid = tuple[Completed | None, PaymentView, "Painted", QuickKeysView]


class PayingPresenter:
    """Remembers what was typed; what was handed over is the counter's."""

    def __init__(self, selling: "SellingPresenter", panel: PaymentPanel) -> None:
        self._selling = selling
        self._panel = panel
        self._view = PaymentView(due="0.00")
        self._received: int | None = None
        self._busy = False
        self.is_open = False
        panel.received_changed.connect(self._typed)
        panel.confirmed.connect(self.confirm)
        panel.cancelled.connect(self.back)
        panel.message_closed.connect(lambda: self._say(None))
        panel.message_action.connect(self._add_after_all)
        self._goods_text = ""

    def checkout(self) -> None:
        """空格: into 收款 with cash chosen, so that exact cash is one more key."""
        self._selling.work.do(self._enter, self._entered, self._selling.refused)

    def open(self) -> None:
        """The counter is collecting already (a wallet code was scanned over the basket)."""
        self.checkout()

    def _enter(self) -> PaymentView:
        counter = self._selling.counter
        return counter_views.payment_view(counter, counter.choose_cash())

    def _entered(self, view: PaymentView) -> None:
        self._received, self._busy = None, False
        self._view = view
        self.is_open = True
        self._panel.field.clear()
        self._panel.show_view(view)
        self._selling.screen.open_panel(self._panel)

    def _typed(self, fen: int) -> None:
        self._received = None if fen < 0 else fen
        self._view = counter_views.cash_view(self._view, self._received)
        self._panel.show_view(self._view)

    def confirm(self) -> None:
        """Enter: what was typed, or exactly what is due, is in the drawer."""
        if self._busy:
            # The same Enter again, or a button pressed twice: one sale, one charge.
            return
        self._busy = True
        counter, received = self._selling.counter, self._received

        def work() -> Paid:
            done = counter.pay_cash(received)
            panel = counter_views.payment_view(counter, counter.due())
            painted = self._selling.painted()
            return done, panel, painted, counter_views.quick_view(counter, self._selling.tab)

        self._selling.work.do(work, self._paid, self._refused)

    def _paid(self, paid: Paid) -> None:
        self._busy = False
        done, panel, painted, quick = paid
        if done is None:
            self._entered(panel)
            return
        self._close()
        self._selling.completed(done, painted, quick)

    def _refused(self, error: ShopError) -> None:
        self._busy = False
        self._selling.sounds.play("refused")
        self._say(MessageView(text=sentence(error), code=error.code))

    def _say(self, message: MessageView | None) -> None:
        self._view = msgspec.structs.replace(self._view, message=message)
        self._panel.show_view(self._view)

    def not_a_payment_code(self, text: str) -> None:
        """Goods were scanned in 收款: say so, and offer one key back with them added."""
        self._selling.sounds.play("refused")
        self._goods_text = text
        self._say(
            MessageView(
                text=tr("不是付款码"),
                detail=tr("这一单还在收款。要加这件商品，先返回收银"),
                code="not_a_payment_code",
                action="add",
                action_word=tr("返回并加上这件"),
            )
        )

    def _add_after_all(self, _action: str) -> None:
        text = self._goods_text
        self.back()
        if text:
            self._selling.scan(text)

    def back(self) -> None:
        """Esc: out of 收款, nothing lost."""
        if self._busy:
            return
        selling = self._selling

        def work() -> "Painted":
            selling.counter.back()
            return selling.painted()

        def ready(painted: "Painted") -> None:
            self._close()
            selling.paint(painted)

        selling.work.do(work, ready, selling.refused)

    def _close(self) -> None:
        self.is_open = False
        self._selling.screen.close_panel()

    def act(self, action: str) -> bool:
        """Keys belong to the panel while it is open."""
        return self.is_open and self._panel.act(action)
