"""收银 joined to the counter: scans, keys and taps in; basket, questions and change out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.errors import Refusal, ShopError
from app.sales.actions import Completed
from app.sales.counter import Counter, Scan, Stage
from ui.language import tr
from ui.presenters import counter_views
from ui.presenters.asking import Asking
from ui.presenters.desk_work import DeskWork
from ui.presenters.paying import PayingPresenter
from ui.presenters.question_views import question_view
from ui.screens.payment import PaymentPanel
from ui.screens.till import TillScreen
from ui.sounds import Sounds
from ui.views import (
    SCALE,
    ActionView,
    BasketView,
    DoneView,
    GoodsView,
    MessageView,
    PaymentView,
    QuestionView,
    QuickKeysView,
    TillView,
)

ONE = 1000


@dataclass
class Shown:
    """What the till screen shows now, part by part."""

    basket: BasketView
    quick: QuickKeysView
    message: MessageView | None = None
    question: QuestionView | None = None
    done: DoneView | None = None
    times: int = 0
    """Thousandths of the next piece, 0 = one."""
    last: str = ""


@dataclass(frozen=True)
class Painted:
    """What the worker found after an action, ready to paint."""

    basket: BasketView
    question: QuestionView | None
    payment: PaymentView | None
    """收款 as it would open now, so that it opens at the key; None without goods."""
    collecting: bool
    """The counter stands in 收款 already: money may lie on it."""


class SellingPresenter:
    """Holds the screen's passing state; everything that counts is the counter's."""

    def __init__(
        self,
        counter: Counter,
        screen: TillScreen,
        panel: PaymentPanel,
        work: DeskWork,
        sounds: Sounds,
        acts: "Mapping[str, Callable[[SellingPresenter], None]]",
    ) -> None:
        self.acts = acts
        """What the function keys do, by action."""
        self.counter = counter
        self.screen = screen
        self.work = work
        self.sounds = sounds
        self.asking: Asking | None = None
        self.checking_price = False
        self.paper_asked = False
        """Whether a paper of the last sale was ordered, by the shop's rule or by the customer."""
        self.selected = ""
        self.shown = Shown(BasketView(), QuickKeysView())
        self.on_completed: Callable[[], object] = lambda: None
        """A sale is done and its change is shown: say how its paper stands."""
        self.on_action: Callable[[str], None] = lambda action: None
        """Actions that belong to another room."""
        self.has_scale: Callable[[], bool] = lambda: False
        self.weighed: Callable[[], str] = lambda: ""
        """Kilograms that stand still on the counter's scale. Raises Refusal, Trouble."""
        self.on_weight: Callable[[], None] = lambda: None
        """A weight is asked for, and there is a scale."""
        self.tab = ""
        self._typed = ""
        self._code_early = ""
        """A wallet's code that came while a question was open. In memory alone."""
        self._message_action: Callable[[], None] | None = None
        self.paying = PayingPresenter(self, panel)
        self._connect()

    def _connect(self) -> None:
        screen = self.screen
        screen.entered.connect(self.scan)
        screen.searched.connect(self.search)
        screen.quantity_typed.connect(self.next_quantity)
        screen.goods_chosen.connect(lambda code: self.add(code, "find"))
        screen.quick_key.connect(lambda code: self.add(code, "quick"))
        screen.quick_tab.connect(self.choose_tab)
        screen.line_chosen.connect(self._select)
        screen.acted.connect(self.act)
        screen.message_closed.connect(self._read)
        screen.message_action.connect(self._help)
        screen.answered.connect(self.answered)
        screen.question_typed.connect(self._preview)
        screen.refused.connect(lambda reason: self.say(MessageView(text=reason, tone="warn")))

    # --- Painting --------------------------------------------------------------------------

    def painted(self, scan: Scan | None = None) -> Painted:
        """On the worker: the counter as it stands now."""
        counter = self.counter
        asked = counter.basket.question
        return Painted(
            counter_views.basket_view(counter, selected=self.selected, scan=scan),
            question_view(asked, has_scale=self.has_scale()) if asked else None,
            counter_views.payment_ahead(counter),
            counter.stage is Stage.COLLECTING,
        )

    def paint(self, painted: Painted) -> None:
        """On the window's thread: show what the worker found."""
        shown = self.shown
        shown.basket = painted.basket
        self.selected = painted.basket.selected
        if painted.question is not None:
            self.asking = None
            shown.question = painted.question
            if self.has_scale() and painted.question.value == "weight":
                self.on_weight()
        else:
            shown.question = self.asking.view if self.asking else None
        if painted.basket.lines or painted.question:
            shown.done = None
        self.paying.ahead = painted.payment
        self.show()
        if painted.collecting and not self.paying.is_open:
            # Killed in 收款 with money on the counter: that is where the cashier still stands.
            self.paying.checkout()

    def show(self) -> None:
        """Everything as it stands."""
        shown = self.shown
        total = shown.basket.total
        filled = any(not line.refund for line in shown.basket.lines)
        times = shown.times // ONE
        self.screen.show_view(
            TillView(
                basket=shown.basket,
                quick=shown.quick,
                message=shown.message,
                question=shown.question,
                done=shown.done,
                actions=self._actions(filled),
                pay_word=self._pay_word(total, filled=filled),
                pay_enabled=filled and shown.question is None,
                pay_reason="" if filled else tr("这一单还没有商品"),
                waiting_quantity=tr("× {count}", count=times) if times else "",
                last=shown.last,
            )
        )

    def _pay_word(self, total: str, *, filled: bool) -> str:
        if filled and self.shown.basket.total_label:
            return tr("换货 退 {total}", total=total)
        return tr("收款 {total}", total=total) if filled else tr("收款")

    def _actions(self, filled: bool) -> tuple[ActionView, ...]:
        # The pay button gives the reason; three times the same words would only be noise.
        return (
            ActionView(name="hold" if filled else "take", key="F6" if filled else "Shift+F6",
                       word=tr("挂单") if filled else tr("取单")),
            ActionView(name="drop_exchange", word=tr("取消换货"), key="Esc")
            if any(line.refund for line in self.shown.basket.lines)
            else ActionView(name="member", word=tr("会员"), key="F5"),
            ActionView(name="discount", word=tr("折扣"), key="F4", enabled=filled),
        )  # fmt: skip

    def say(self, message: MessageView | None, help_: Callable[[], None] | None = None) -> None:
        """Show a message over the basket until it is answered; None takes it away."""
        self._message_action = help_
        self.shown.message = message
        self.show()

    def refused(self, error: ShopError) -> None:
        """Two low tones and the sentence; the basket is as it was."""
        self.sounds.play("refused")
        self.say(counter_views.refusal_view(error), self.clock_is_right)

    def _read(self) -> None:
        """Esc on a message: a refused article is answered, and the basket is quiet again."""
        self.counter.refusal_read()
        self.say(None)

    def clock_is_right(self) -> None:
        """A person looked at the clock: what waits for it may be tried again."""
        confirm = self.counter.desk.confirm_clock
        self.work.do(confirm, lambda _nothing: self.refresh(), self.refused)

    def _help(self, _action: str) -> None:
        help_, self._message_action = self._message_action, None
        self.say(None)
        if help_ is not None:
            help_()

    def _select(self, key: str) -> None:
        self.selected = key

    def refresh(self) -> None:
        """Read everything again: settings, shift or stock may have changed."""
        tab = self.tab

        def read() -> tuple[Painted, QuickKeysView]:
            self.counter.desk.reload()
            return self.painted(), counter_views.quick_view(self.counter, tab)

        def ready(found: tuple[Painted, QuickKeysView]) -> None:
            self.shown.quick = found[1]
            self.paint(found[0])

        self.work.do(read, ready, self.refused)

    def choose_tab(self, tab: str) -> None:
        """Another page of quick keys."""
        self.tab = tab

        def ready(quick: QuickKeysView) -> None:
            self.shown.quick = quick
            self.show()

        self.work.do(lambda: counter_views.quick_view(self.counter, tab), ready, self.refused)

    # --- Goods -----------------------------------------------------------------------------

    def scan(self, text: str) -> None:
        """A scan, or a code typed into the scan field and confirmed."""
        self._code_early = ""
        if self.checking_price:
            self.check_price(text)
            return
        times, self.shown.times = self.shown.times or ONE, 0
        self._carry(lambda: self.counter.scan(text, times=times), text=text)

    def add(self, code: str, source: str) -> None:
        """A search result or a quick key."""
        times, self.shown.times = self.shown.times, 0
        quantity = str(times // ONE) if times else ""
        self._carry(lambda: self.counter.add(code, quantity, source=source))

    def _carry(self, take: Callable[[], Scan], *, text: str = "") -> None:
        def work() -> tuple[Scan, Painted]:
            scan = take()
            return scan, self.painted(scan)

        self.work.do(
            work,
            lambda found: self._taken(*found),
            lambda error: self._not_taken(error, text),
        )

    def _taken(self, scan: Scan, painted: Painted) -> None:
        self.shown.message = None
        self.sounds.play("question" if scan.question else "again" if scan.again else "accepted")
        if scan.promotion:
            words = tr("优惠码有效：{name}", name=scan.promotion)
            self.shown.message = MessageView(text=words, tone="ok")
        self.paint(painted)
        early = self._code_early
        if early and scan.question is None and painted.basket.lines:
            # The total changed this moment, so it opens 收款 and waits there for one Enter.
            self.scan(early)
        elif scan.receipt:
            self.on_action(f"receipt:{scan.receipt}")
        elif scan.kind == "payment_code":
            self.paying.wallet_code()

    def _not_taken(self, error: ShopError, text: str) -> None:
        if error.code == "question_open" and text and self.counter.desk.read_code(text).wallet:
            self._code_early = text
        if error.code == "not_a_payment_code" and text:
            self.paying.not_a_payment_code(text)
        elif self.paying.is_open:
            self.paying.refused(error)
        else:
            self.refused(error)

    def search(self, typed: str) -> None:
        """Answer each key typed in the scan field with the goods it may mean."""
        self._typed = typed
        if not typed.strip():
            self.screen.show_found((), "")
            return

        def found(goods: tuple[GoodsView, ...]) -> None:
            # A slow answer to an older text must not replace a newer one.
            if typed == self._typed:
                self.screen.show_found(goods, typed)

        self.work.do(lambda: counter_views.goods_found(self.counter, typed), found, self.refused)

    def check_price(self, text: str) -> None:
        """A scan in 查价: name, price, what is left; nothing is sold."""
        self.checking_price = False
        self.work.do(lambda: counter_views.price_words(self.counter, text), self.say, self.refused)

    def next_quantity(self, typed: str) -> None:
        """`3*` before a scan."""
        whole = typed.strip()
        if not (whole.isascii() and whole.isdigit() and 0 < int(whole) < 100_000):
            self.refused(Refusal("bad_quantity", text=whole[:20]))
            return
        self.shown.times = int(whole) * ONE
        self.show()

    # --- Answers and actions ---------------------------------------------------------------

    def ask(self, asking: Asking) -> None:
        """Put a question of the window's own over the basket."""
        self.asking = asking
        self.shown.question = asking.view
        self.sounds.play("question")
        self.show()

    def _preview(self, typed: str) -> None:
        if self.asking is not None:
            self.asking = self.asking.previewed(typed)
            self.shown.question = self.asking.view
            self.show()

    def answered(self, choice: str, value: str) -> None:
        """The open question has its answer: the window's own, or the counter's."""
        if self.asking is not None:
            asking, self.asking = self.asking, None
            self.shown.question = None
            self.show()
            asking.on_answer(choice, value)
            return
        asked = self.counter.basket.question
        if asked is not None and choice == SCALE and not value:
            self._carry(lambda: self.counter.answer(asked.question, self.weighed()))
        elif asked is not None:
            answer = "no" if choice == "no" else value or choice
            self._carry(lambda: self.counter.answer(asked.question, answer))

    def act(self, action: str) -> None:
        """An action by key or button."""
        self._code_early = ""
        if (handler := self.acts.get(action)) is not None:
            handler(self)
        elif action == "pay":
            self.paying.checkout()
        else:
            self.on_action(action)

    def completed(self, done: Completed, painted: Painted, quick: QuickKeysView) -> None:
        """Money is in, the sale is on the disk: show the change until the next scan."""
        self.sounds.play("money")
        self.paying.charging.told = done.id
        shown = self.shown
        shown.quick = quick
        shown.message = shown.question = None
        when = self.counter.receipts.when
        self.paper_asked = when == "always"
        shown.done = counter_views.done_view(done, when=when)
        shown.last = tr(
            "上一单 {number}　找零 {change}",
            number=done.sale.number[-4:],
            change=shown.done.change,
        )
        self.paint(painted)
        self.on_completed()

    def paper_changed(self, words: str, *, ok: bool) -> None:
        """The last receipt's paper came out, or did not; shown while the change still stands."""
        # A drawer's kick is no paper: nothing is said of a receipt nobody asked for.
        if self.shown.done is not None and self.counter.last is not None and self.paper_asked:
            when = self.counter.receipts.when
            self.shown.done = counter_views.done_view(
                self.counter.last, when=when, paper=words, ok=ok
            )
            self.show()
