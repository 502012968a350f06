"""收款 joined to the counter: the panel over the basket, cash in, change out."""

from typing import TYPE_CHECKING

import msgspec

from app.errors import ShopError
from app.sales import paying
from app.sales.actions import Completed
from app.staff.rules import NOBODY, Approver
from ui.language import tr
from ui.presenters import counter_views
from ui.presenters.approving import with_approval
from ui.presenters.charging import Charging
from ui.screens.payment import PaymentPanel
from ui.views import MessageView, PaymentView, QuickKeysView

if TYPE_CHECKING:
    from ui.presenters.selling import Painted, SellingPresenter

Paid = tuple[Completed | None, PaymentView, "Painted", QuickKeysView]


class PayingPresenter:
    """Remembers what was typed; what was handed over is the counter's."""

    def __init__(self, selling: "SellingPresenter", panel: PaymentPanel) -> None:
        self.selling = selling
        self._panel = panel
        self._view = PaymentView(due="0.00")
        self._received: int | None = None
        self._notes = 0
        """Fen of the notes tapped so far; typing begins anew."""
        self._busy = False
        self._goods_text = ""
        self.is_open = False
        self.ahead: PaymentView | None = None
        """收款 as the worker saw it last: what the panel shows before the counter agreed."""
        panel.received_changed.connect(self._typed)
        panel.money_tapped.connect(self._tapped)
        panel.confirmed.connect(lambda: self.confirm())
        panel.cancelled.connect(self.back)
        panel.message_closed.connect(lambda: self._say(None))
        panel.message_action.connect(self._advised)
        panel.refused.connect(lambda reason: self._say(MessageView(text=reason, tone="warn")))
        self.charging = Charging(self)
        panel.tender_chosen.connect(self.charging.choose)
        panel.wait_answered.connect(self.charging.answered)

    def checkout(self, message: MessageView | None = None) -> None:
        """空格: into 收款 with cash chosen, so that exact cash is one more key.

        The panel opens at the key itself: figures typed at once must not land in the scan field.
        """
        if not self.is_open and self.ahead is not None and self.charging.in_cash:
            self._open(self.ahead, message)
        elif self.is_open:
            self._say(message)

        def entered(view: PaymentView) -> None:
            if self.is_open and self._view.mode == "cash" and self.charging.in_cash:
                # The same sums as a rule; what was typed meanwhile stays, and so does what is said:
                # a message that was read and closed does not come again.
                said = self._view.message
                self._view = counter_views.cash_view(self.charging.mode(view), self._received)
                self._say(said)
            else:
                self._open(view, message)

        self.selling.work.do(self._enter, entered, self._not_entered)

    def wallet_code(self) -> None:
        """A payment code was scanned: it pays already, or waits for one Enter in the panel."""
        self.charging.watch()

    @property
    def view(self) -> PaymentView:
        """The panel as it stands."""
        return self._view

    def show(self, view: PaymentView) -> None:
        """The panel as the charge stands."""
        self._view = view
        if not self.is_open:
            self.is_open = True
            self.selling.screen.open_panel(self._panel)
        self._panel.show_view(view)

    def put_aside(self) -> None:
        """The panel makes room for a question; the money's part of the sale goes on."""
        self.is_open = False
        self.selling.screen.close_panel()

    def refresh(self) -> None:
        """Another way to pay was chosen."""
        self.selling.work.do(self._enter, self._open, self.refused)

    def _enter(self) -> PaymentView:
        counter = self.selling.counter
        if self.charging.in_cash:
            return counter_views.payment_view(counter, counter.choose_cash())
        counter.checkout()
        due = paying.standing(paying.before_charge(counter.basket), counter.step)
        return counter_views.payment_view(counter, due)

    def _not_entered(self, error: ShopError) -> None:
        if error.code in ("basket_empty", "attempt_open", "one_moment"):
            # Completed by a key before this one, or a network is at it: see how it stands.
            self.charging.watch()
            return
        self.close()
        self.selling.refused(error)

    def _open(self, view: PaymentView, message: MessageView | None = None) -> None:
        self._received, self._notes, self._busy = None, 0, False
        view = self.charging.mode(view)
        self._view = msgspec.structs.replace(view, message=message)
        self.is_open = True
        self._panel.field.clear()
        self._panel.show_view(self._view)
        self.selling.screen.open_panel(self._panel)

    def _typed(self, fen: int) -> None:
        self._received, self._notes = None if fen < 0 else fen, 0
        self._view = counter_views.cash_view(self._view, self._received)
        self._panel.show_view(self._view)

    def _tapped(self, fen: int, note: bool) -> None:
        """An amount by finger: as soon as it covers what is due it pays, without another tap.

        Notes add up, as they are laid down; what falls short waits for the next one.
        """
        if self._busy:
            return
        given = self._notes + fen if note else fen
        self._panel.show_received(given)
        self._notes = given if note else 0
        if not self._view.short:
            self.confirm()

    def confirm(self, approver: Approver = NOBODY) -> None:
        """Enter: what was typed, or exactly what is due, is in the drawer."""
        if self._busy or self._view.mode == "waiting":
            # The same Enter again, or a button pressed twice: one sale, one charge.
            return
        if self.charging.confirms and not self._view.covered:
            self.charging.confirm()
            return
        if self._view.mode != "cash" and not self._view.covered:
            return
        self._busy = True
        counter, received = self.selling.counter, self._received

        def work() -> Paid:
            done = counter.pay_cash(received, approver)
            panel = counter_views.payment_view(counter, counter.due())
            painted = self.selling.painted()
            return done, panel, painted, counter_views.quick_view(counter, self.selling.tab)

        self.selling.work.do(work, self._paid, self._cash_refused)

    def _paid(self, paid: Paid) -> None:
        self._busy = False
        done, panel, painted, quick = paid
        if done is None:
            self._open(panel)
            return
        self.close()
        self.selling.completed(done, painted, quick)

    def _cash_refused(self, error: ShopError) -> None:
        if error.code == "approval_needed":
            # A charge was parked: whether cash may be taken all the same is a second person's yes.
            self._busy = False
            self.put_aside()
            with_approval(self.selling, self.confirm, error)
        else:
            self.refused(error)

    def refused(self, error: ShopError) -> None:
        """Two low tones and the sentence in the panel; what lies on the counter still counts."""
        self._busy = False
        self.selling.sounds.play("refused")
        self._say(counter_views.refusal_view(error))

    def _say(self, message: MessageView | None) -> None:
        self._view = msgspec.structs.replace(self._view, message=message)
        self._panel.show_view(self._view)

    def not_a_payment_code(self, text: str) -> None:
        """Goods were scanned in 收款: say so, and offer one key back with them added."""
        self.selling.sounds.play("refused")
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

    def _advised(self, action: str) -> None:
        if action == "clock":
            self._say(None)
            self.selling.clock_is_right()
            return
        text, self._goods_text = self._goods_text, ""
        self.back()
        if text:
            self.selling.scan(text)

    def back(self) -> None:
        """Esc: out of 收款, nothing lost."""
        if self._busy:
            return
        # An Enter right behind this Esc must not pay after all.
        self._busy = True
        selling = self.selling

        def work() -> "Painted":
            selling.counter.back()
            return selling.painted()

        def ready(painted: "Painted") -> None:
            self.close()
            selling.paint(painted)

        selling.work.do(work, ready, self.refused)

    def close(self) -> None:
        """Out of 收款: nothing is chosen and nothing is watched any more."""
        self.is_open = self._busy = False
        self.charging.reset()
        self.selling.screen.close_panel()

    def act(self, action: str) -> bool:
        """Keys belong to the panel while it is open."""
        return self.is_open and self._panel.act(action)
