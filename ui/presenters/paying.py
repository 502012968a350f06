"""收款 joined to the counter: the panel over the basket, cash in, change out."""

from typing import TYPE_CHECKING

import msgspec

from app.errors import Refusal, ShopError
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
        self._goods_text = ""
        self.is_open = False
        self.ahead: PaymentView | None = None
        """收款 as the worker saw it last: what the panel shows before the counter agreed."""
        panel.received_changed.connect(self._typed)
        panel.confirmed.connect(self.confirm)
        panel.cancelled.connect(self.back)
        panel.message_closed.connect(lambda: self._say(None))
        panel.message_action.connect(self._add_after_all)
        panel.refused.connect(lambda reason: self._say(MessageView(text=reason, tone="warn")))

    def checkout(self, message: MessageView | None = None) -> None:
        """空格: into 收款 with cash chosen, so that exact cash is one more key.

        The panel opens at the key itself: figures typed at once must not land in the scan field.
        """
        if not self.is_open and self.ahead is not None:
            self._open(self.ahead, message)

        def entered(view: PaymentView) -> None:
            if self.is_open:
                # The same sums as a rule; what was typed meanwhile stays.
                self._view = counter_views.cash_view(view, self._received)
                self._say(message)
            else:
                self._open(view, message)

        self._selling.work.do(self._enter, entered, self._not_entered)

    def wallet_code(self) -> None:
        """A payment code over the basket opened 收款; that way to pay has no screen yet."""
        refusal = Refusal("tender_offline", reason="还没有接通")
        self.checkout(MessageView(text=sentence(refusal), tone="warn"))

    def _enter(self) -> PaymentView:
        counter = self._selling.counter
        return counter_views.payment_view(counter, counter.choose_cash())

    def _not_entered(self, error: ShopError) -> None:
        if error.code == "basket_empty" and self._selling.shown.done is not None:
            # The sale was completed by a key before this one.
            return
        self._close()
        self._selling.refused(error)

    def _open(self, view: PaymentView, message: MessageView | None = None) -> None:
        self._received, self._busy = None, False
        self._view = msgspec.structs.replace(view, message=message)
        self.is_open = True
        self._panel.field.clear()
        self._panel.show_view(self._view)
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

        self._selling.work.do(work, self._paid, self.refused)

    def _paid(self, paid: Paid) -> None:
        self._busy = False
        done, panel, painted, quick = paid
        if done is None:
            self._open(panel)
            return
        self._close()
        self._selling.completed(done, painted, quick)

    def refused(self, error: ShopError) -> None:
        """Two low tones and the sentence in the panel; what lies on the counter still counts."""
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
        text, self._goods_text = self._goods_text, ""
        self.back()
        if text:
            self._selling.scan(text)

    def back(self) -> None:
        """Esc: out of 收款, nothing lost."""
        if self._busy:
            return
        # An Enter right behind this Esc must not pay after all.
        self._busy = True
        selling = self._selling

        def work() -> "Painted":
            selling.counter.back()
            return selling.painted()

        def ready(painted: "Painted") -> None:
            self._close()
            selling.paint(painted)

        selling.work.do(work, ready, self.refused)

    def _close(self) -> None:
        self.is_open = self._busy = False
        self._selling.screen.close_panel()

    def act(self, action: str) -> bool:
        """Keys belong to the panel while it is open."""
        return self.is_open and self._panel.act(action)
