"""收款 by anything but cash: wallets that are scanned or shown a code, and money others have taken.

A charge is the counter's and the runner's affair; here it is watched and told: how long it takes,
what happens next by itself, and how it ended. Nothing is ever charged from here twice: while one
charge is open the panel offers to ask about it or to take it back, and nothing else.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTimer

from app.errors import ShopError
from app.payments import rules
from app.payments.queries import Attempt, attempts_of
from app.sales.actions import Completed
from app.staff.rules import NOBODY, Approver
from ui.language import error_words, tr
from ui.payment_runner import PaymentRunner
from ui.payment_words import STATES, WORDS
from ui.presenters.approving import with_approval
from ui.presenters.asking import ask_value
from ui.presenters.counter_views import qr_rows, quick_view
from ui.presenters.owned_tenders import OWNED
from ui.tender_words import tender_word
from ui.views import (
    ChoiceView,
    MessageView,
    PaymentView,
    QuickKeysView,
    TenderView,
    WaitView,
)

if TYPE_CHECKING:
    from ui.presenters.paying import PayingPresenter
    from ui.presenters.selling import Painted

LOOK_MS = 400
"""How often a charge on its way is looked at: the seconds on the screen are whole ones."""
WALLETS = ("wechat", "alipay", "unionpay", "ecny")
TENDERS = (
    ("cash", "现金", "C"),
    ("code", "扫码", "W"),
    ("show", "出码", "Q"),
    ("static_qr", "静态码", "J"),
    ("card", "银行卡", "K"),
    ("transfer", "转账", "Z"),
    ("account", "预存", "Y"),
    ("voucher", "券", "V"),
)
REFERENCES = {
    "card": "银行卡：刷卡机小票上的参考号",
    "transfer": "转账：银行流水号或付款人尾号",
}


class Standing(msgspec.Struct, frozen=True):
    """What the worker found: a charge that is open, a sale that is complete, or neither."""

    attempt: Attempt | None
    done: Completed | None
    ended: str
    """How the last charge ended, in words; "" when there was none."""
    painted: "Painted"
    quick: QuickKeysView


def tender_views(chosen: str, off: str = "") -> tuple[TenderView, ...]:
    """The ways to pay as buttons; `off` says why no network can be reached."""
    return tuple(
        TenderView(
            key=key,
            word=tr(word),
            hot_key=hot,
            chosen=key == chosen,
            enabled=not (off and key in ("code", "show")),
            reason=off if key in ("code", "show") else "",
        )
        for key, word, hot in TENDERS
    )


class Charging:
    """The part of 收款 that waits for others. Remembers which way to pay is chosen."""

    def __init__(self, paying: "PayingPresenter") -> None:
        self.paying = paying
        self.selling = paying.selling
        self.runner: PaymentRunner | None = None
        """Asks the networks; None where a till has none joined."""
        self.chosen = "cash"
        self.told = ""
        """The newest sale whose change was shown: a later one was completed by a network."""
        self._looking = False
        self._timer = QTimer()
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def off(self) -> str:
        """Why no wallet can be charged now, "" when one can."""
        reasons = [self.selling.counter.carrier.why_off(each) for each in WALLETS]
        return tr(reasons[0]) if all(reasons) else ""

    def reset(self) -> None:
        """收款 was left or a sale is complete: cash again, nothing is watched."""
        self.chosen = "cash"
        self._timer.stop()
        self.selling.sounds.remind(False)

    def watch(self) -> None:
        """A charge was begun, or a code waits for its Enter: see how it stands."""
        self._timer.start()
        self.look()

    def choose(self, tender: str) -> None:
        """A button of the row, or its letter."""
        view = self.paying.view
        if view.mode == "waiting":
            return
        if tender in REFERENCES:
            self._ask_reference(tender)
            return
        if tender in OWNED:
            OWNED[tender](self)
            return
        self.chosen = tender
        if tender == "show":
            self._charge("wechat")
        else:
            self.paying.refresh()

    def mode(self, view: PaymentView) -> PaymentView:
        """The panel for the chosen way to pay, over the cash view of the same sums."""
        if view.covered:
            return view
        off = self.off()
        view = msgspec.structs.replace(view, tenders=tender_views(self.chosen, off))
        code = self.selling.counter.code
        if code is not None:
            name = tender_word(code.channel)
            return msgspec.structs.replace(
                view, mode="plain", hint=tr("已扫到{name}付款码，按 Enter 收款", name=name),
                confirm_word=tr("收 {amount}", amount=view.due),
            )  # fmt: skip
        if self.chosen == "code":
            hint = off or tr("对准顾客手机上的付款码，扫到就收")
            return msgspec.structs.replace(view, mode="code", hint=hint)
        if self.chosen == "static_qr":
            return msgspec.structs.replace(
                view, mode="plain", confirm_word=tr("确认已到账"),
                hint=tr("请在收款方手机上看到这笔钱再确认；顾客的截图不算"),
            )  # fmt: skip
        return view

    @property
    def in_cash(self) -> bool:
        """Whether cash is what is being taken: 抹零 counts for it alone."""
        return self.chosen == "cash" and self.selling.counter.code is None

    @property
    def confirms(self) -> bool:
        """Whether Enter is this part's: a code that waits, or money a person saw arrive."""
        return self.selling.counter.code is not None or self.chosen == "static_qr"

    def confirm(self, approver: Approver = NOBODY) -> None:
        """Enter over a code that waits, or over the shop's standing code."""
        counter = self.selling.counter
        if counter.code is not None:
            self._charge(counter.code.channel)
        else:
            self.take(lambda who: counter.pay_static(None, "", who), approver)

    def _charge(self, tender: str, approver: Approver = NOBODY) -> None:
        counter = self.selling.counter

        def begun(_attempt: str) -> None:
            self.watch()

        self.selling.work.do(
            lambda: counter.charge(tender, None, "", approver),
            begun,
            lambda error: self._refused(error, lambda who: self._charge(tender, who)),
        )

    def _ask_reference(self, tender: str) -> None:
        selling = self.selling
        self.paying.put_aside()
        selling.ask(
            ask_value(
                tr(REFERENCES[tender]),
                lambda text: self.take(
                    lambda who: selling.counter.pay_by_reference(tender, None, text, who)
                ),
                yes=tr("已收到"),
                otherwise=self.paying.checkout,
            )
        )

    def take(
        self, pay: Callable[[Approver], Completed | None], approver: Approver = NOBODY
    ) -> None:
        """Money that needs no network: pay, and see how the basket stands then."""

        def refused(error: ShopError) -> None:
            self._refused(error, lambda who: self.take(pay, who))

        self.selling.work.do(lambda: pay(approver), lambda _done: self.watch(), refused)

    def _refused(self, error: ShopError, again: Callable[[Approver], None]) -> None:
        if error.code == "approval_needed":
            self.paying.put_aside()
            with_approval(self.selling, again, error)
        elif self.paying.is_open:
            self.paying.refused(error)
        else:
            self.paying.checkout(MessageView(text=error_words(error), code=error.code))

    # --- Watching ----------------------------------------------------------------------------

    def look(self) -> None:
        """See how the charge stands; one look at a time."""
        if self._looking:
            return
        self._looking = True
        self.selling.work.do(self._stands, self._ready, self._not_ready)

    def _stands(self) -> Standing:
        counter = self.selling.counter
        attempt = counter.open_attempt()
        last = counter.last
        done = last if attempt is None and last is not None and last.id != self.told else None
        ended = ""
        if attempt is None and done is None:
            with counter.books.read() as db:
                before = attempts_of(db, counter.books.shop, counter.basket.id)
            if before and before[-1].state not in (rules.CAPTURED,):
                ended = WORDS[before[-1].state]
                why = self.runner.reason(before[-1].attempt) if self.runner else ""
                ended = tr("{what}：{why}", what=tr(ended), why=tr(why)) if why else tr(ended)
        quick = quick_view(counter, self.selling.tab)
        return Standing(attempt, done, ended, self.selling.painted(), quick)

    def _not_ready(self, error: ShopError) -> None:
        self._looking = False
        self.paying.refused(error)

    def _ready(self, found: Standing) -> None:
        self._looking = False
        paying = self.paying
        if found.done is not None:
            paying.close()
            self.selling.completed(found.done, found.painted, found.quick)
            return
        if found.attempt is not None:
            state = STATES[found.attempt.state]
            self.selling.sounds.remind(state == "unknown")
            paying.show(self._waiting(found.attempt))
            return
        self._timer.stop()
        self.selling.sounds.remind(False)
        if not found.painted.collecting:
            paying.close()
            self.selling.paint(found.painted)
        elif found.ended and self.selling.counter.code is None:
            self.selling.sounds.play("refused")
            self.chosen = "code"
            paying.checkout(
                MessageView(
                    text=found.ended,
                    detail=tr("没有收到钱。请顾客刷新付款码再扫，或换一种方式"),
                )
            )
        else:
            paying.checkout()

    def _waiting(self, attempt: Attempt) -> PaymentView:
        counter = self.selling.counter
        age = max(counter.books.clock.wall_ms() - attempt.order_ms, 0)
        name = tender_word(attempt.tender)
        shown = self.runner.shown(attempt.attempt) if self.runner else ""
        reason = self.runner.reason(attempt.attempt) if self.runner else ""
        view = msgspec.structs.replace(
            self.paying.view, tenders=(), message=None, hint=name,
            qr_rows=qr_rows(shown) if shown else (),
        )  # fmt: skip
        next_step = tr("每 5 秒查一次结果；到 60 秒还没有结果就撤销，不会重复扣款")
        wait = WaitView(
            title=tr(WORDS[attempt.state]),
            seconds=tr("{count} 秒", count=age // 1000),
            # A network's own word for it ("USERPAYING") says nothing at a counter.
            next_step=next_step if not reason or reason.isascii() else f"{tr(reason)}　{next_step}",
            share=min(100, age // 600),
            choices=(
                ChoiceView(name="query", word=tr("现在查"), key="Q"),
                ChoiceView(name="reverse", word=tr("撤销这笔"), key="R"),
            ),
        )
        if shown:
            return msgspec.structs.replace(view, mode="code", wait=wait)
        return msgspec.structs.replace(view, mode="waiting", wait=wait)

    def answered(self, what: str) -> None:
        """现在查, 撤销这笔."""
        counter, runner = self.selling.counter, self.runner

        def ask() -> None:
            attempt = counter.open_attempt()
            if attempt is not None and runner is not None:
                runner.ask_now(attempt.attempt, reverse=what == "reverse")

        self.selling.work.do(ask, lambda _nothing: self.look(), self.paying.refused)
