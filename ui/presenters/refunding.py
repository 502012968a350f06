"""退货 joined to the counter: find the receipt, choose, give back, see the money home."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QTimer

from app.catalogue.search import find
from app.clock import local
from app.errors import Refusal, ShopError
from app.facts.catalogue import Product
from app.money import parse_yuan, yuan
from app.payments.queries import open_refunds
from app.sales.counter import Counter
from app.sales.exchange import Exchange
from app.sales.queries import Found
from app.sales.refund_completing import Done
from app.staff.rules import NOBODY, Approver
from ui.language import error_words, tr
from ui.presenters.approving import second_person
from ui.presenters.asking import Asking, ask_value
from ui.presenters.desk_work import SETTLE_MS, DeskWork
from ui.presenters.loose_goods import LooseGoods
from ui.presenters.loose_views import loose_view, picking_view
from ui.presenters.refund_choice import Choice, begun
from ui.presenters.refund_search import receipts_by_code, receipts_meant
from ui.presenters.refund_views import choosing_view, done_view, finding_view
from ui.refund_views import RefundView
from ui.screens.refund import RefundScreen
from ui.sounds import Sounds
from ui.views import MessageView

LOOK_AGAIN_MS = 2_000


class RefundingPresenter:
    """Holds what was chosen and not yet done; what counts is the counter's."""

    def __init__(
        self, counter: Counter, screen: RefundScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        self._counter, self._screen, self._work, self._sounds = counter, screen, work, sounds
        self.on_left: Callable[[], None] = lambda: None
        self.on_exchanged: Callable[[], None] = lambda: None
        """What was chosen stands in the basket: the new goods are scanned at the till."""
        self.on_goods: Callable[[str], None] = lambda text: None
        """A scan that is of no receipt."""
        self._found: tuple[Found, ...] = ()
        self._typed = ""
        self._goods: tuple[Product, ...] = ()
        """What was typed may mean these, where goods without a receipt are looked for."""
        self._choice: Choice | LooseGoods | None = None
        self._done: Done | None = None
        self._asking: Asking | None = None
        self._busy = False
        self._again: Callable[[Approver], None] = self._refund
        """What a second person's yes is for."""
        self.view: RefundView = finding_view(())
        screen.searched.connect(self.search)
        screen.opened.connect(self._open)
        screen.marked.connect(self._mark)
        screen.quantity_typed.connect(lambda text: self._change(lambda c: c.change(typed=text)))
        screen.stepped.connect(lambda by: self._change(lambda c: c.step(by)))
        screen.all_of_line.connect(lambda: self._change_receipt(Choice.all_of_line))
        screen.whole.connect(lambda: self._change_receipt(Choice.whole))
        screen.loose.connect(self._begin_loose)
        screen.price_asked.connect(self._ask_price)
        screen.exchanged.connect(self._exchange_chosen)
        screen.reason_chosen.connect(lambda name: self._change(lambda c: c.change(reason=name)))
        screen.disposition_chosen.connect(lambda name: self._change(lambda c: c.change(place=name)))
        screen.confirmed.connect(self._confirm)
        screen.went_back.connect(self._back)
        screen.answered.connect(self._answered)
        screen.message_closed.connect(self._show)
        screen.message_action.connect(lambda _name: second_person(self._put, self._again))
        screen.refused.connect(lambda words: self._show(MessageView(text=words, tone="warn")))

    # --- Finding ---------------------------------------------------------------------------

    def open(self, number: str = "") -> None:
        """Show the latest receipts, or the one that is meant."""
        self._choice = self._done = self._asking = None
        self._busy = False
        self._clear_search()
        self._show()
        self.search("")
        if number:
            self.look(number)

    def scan(self, text: str) -> None:
        """A receipt's code, a bill's number or a trace code; anything else is not meant here."""
        if text.startswith("R:"):
            self.look(text.split(":")[1])
            return
        if isinstance(self._choice, LooseGoods) and self._done is None:
            self._add(lambda: self._counter.price_check(text).code)
            return
        books = self._counter.books

        def read() -> list[Found]:
            with books.read() as db:
                return receipts_by_code(db, books.shop, text)

        def ready(found: list[Found]) -> None:
            if len(found) == 1:
                self.look(found[0].number)
            elif found:
                self._choice = self._done = self._asking = None
                self._take_found(found)
            else:
                self.on_goods(text)

        self._work.do(read, ready, self._refused)

    def search(self, typed: str) -> None:
        """Typing looks for another receipt, and what was chosen of the open one is let go; where
        there is no receipt it looks for goods."""
        self._typed = typed
        books = self._counter.books
        if isinstance(self._choice, LooseGoods) and self._done is None:
            self._search_goods(typed)
            return
        if typed:
            self._choice = self._done = None

        def read() -> list[Found]:
            with books.read() as db:
                today = local(books.clock.wall_ms()).date()
                return receipts_meant(db, books.shop, typed, today)

        def ready(found: list[Found]) -> None:
            # A slow answer to an older text must not replace a newer one.
            if typed == self._typed:
                self._take_found(found)

        self._work.do(read, ready, self._refused)

    def _take_found(self, found: list[Found]) -> None:
        self._found = tuple(found)
        if self._choice is None:
            self._show()

    def look(self, number: str) -> None:
        """Open a receipt."""
        refunds = self._counter.refunds

        def read() -> Choice:
            return begun(refunds.look(number))

        def ready(choice: Choice) -> None:
            self._sounds.play("accepted")
            self._choice, self._done, self._asking = choice, None, None
            self._clear_search()
            self._show()

        self._work.do(read, ready, self._refused)

    def _open(self, key: str) -> None:
        if isinstance(self._choice, LooseGoods):
            self._add(lambda: key)
        else:
            self.look(key)

    def _clear_search(self) -> None:
        self._typed = ""
        self._screen.search.clear()

    # --- Without a receipt -----------------------------------------------------------------

    def _begin_loose(self) -> None:
        self._choice, self._goods = LooseGoods(), ()
        self._clear_search()
        self._show()

    def _search_goods(self, typed: str) -> None:
        books = self._counter.books

        def read() -> list[Product]:
            with books.read() as db:
                return find(db, books.shop, typed)

        def ready(found: list[Product]) -> None:
            if typed == self._typed:
                self._goods = tuple(found)
                self._show()

        self._work.do(read, ready, self._refused)

    def _add(self, code: Callable[[], str]) -> None:
        """An article by its code joins the goods, at what its tag says."""

        def ready(product: Product) -> None:
            loose = self._choice
            if isinstance(loose, LooseGoods) and self._done is None and not self._busy:
                self._sounds.play("accepted")
                loose.add(product)
                self._goods = ()
                self._clear_search()
                self._show()

        self._work.do(lambda: self._counter.product(code()), ready, self._refused)

    def _ask_price(self) -> None:
        loose = self._choice
        if not isinstance(loose, LooseGoods) or not loose.marked or self._busy:
            return
        line = loose.line()
        self._put(
            ask_value(
                tr("{name} 每{unit}退多少钱", name=line.product.name, unit=line.product.unit),
                lambda typed: self._price_given(loose, typed),
                detail=tr("标价 {price}，不能退得更多", price=yuan(line.product.price)),
                kind="money",
                value=yuan(line.price),
            )
        )

    def _price_given(self, loose: LooseGoods, typed: str) -> None:
        try:
            loose.change(price=parse_yuan(typed))
        except Refusal as refusal:
            self._refused(refusal)
        else:
            self._show()

    # --- Choosing --------------------------------------------------------------------------

    def _mark(self, key: str) -> None:
        if self._choice is not None and self._done is None and not self.view.picking:
            self._choice.marked = int(key)
            self._show()

    def _change_receipt(self, change: Callable[[Choice], None]) -> None:
        if isinstance(choice := self._choice, Choice):
            self._change(lambda _choice: change(choice))

    def _change(self, change: Callable[[Choice | LooseGoods], None]) -> None:
        if self._choice is not None and self._done is None and not self._busy:
            change(self._choice)
            self._show()

    def _back(self) -> None:
        if self._choice is None or self._done is not None:
            self.on_left()
            return
        if isinstance(self._choice, LooseGoods) and self._typed:
            self._goods = ()
        else:
            self._choice = None
        self._clear_search()
        self._show()

    # --- Giving back -----------------------------------------------------------------------

    def _confirm(self) -> None:
        if self._busy:
            return
        if self._done is not None:
            self.on_left()
        elif self._chosen():
            self._refund(NOBODY)

    def _chosen(self) -> bool:
        """Whether something is chosen that may come back; said in the page when not."""
        if self._choice is None or self.view.confirm_enabled:
            return self._choice is not None
        self._sounds.play("refused")
        self._show(MessageView(text=self.view.confirm_reason, tone="warn"))
        return False

    def _exchange_chosen(self) -> None:
        if not self._busy and self._done is None and self._chosen():
            self._exchange(NOBODY)

    def _exchange(self, approver: Approver) -> None:
        """换货: the goods stand in the basket with what was paid for them."""
        choice = self._choice
        if choice is None or self._busy or self._done is not None:
            return
        self._busy, self._again = True, self._exchange

        def ready(_exchange: Exchange) -> None:
            self._busy = False
            self._sounds.play("accepted")
            self._choice = None
            self.on_exchanged()

        counter = self._counter

        def take() -> Exchange:
            if isinstance(choice, LooseGoods):
                return counter.exchange_loose(choice.goods(), approver)
            return counter.exchange(choice.number, choice.back(), approver)

        self._work.do(take, ready, self._not_allowed)

    def _refund(self, approver: Approver) -> None:
        choice = self._choice
        if choice is None or self._busy or self._done is not None:
            return
        self._busy, self._again = True, self._refund

        def ready(done: Done) -> None:
            QTimer.singleShot(SETTLE_MS, self._screen, self._settled)
            self._sounds.play("money")
            self._done = done
            self._show()
            self._look_again()

        refunds = self._counter.refunds

        def take() -> Done:
            if isinstance(choice, LooseGoods):
                return refunds.without_receipt(choice.goods(), approver)
            return refunds.refund(choice.number, choice.back(), approver)

        self._work.do(take, ready, self._not_allowed)

    def _not_allowed(self, error: ShopError) -> None:
        self._busy = False
        if error.code == "approval_needed":
            second_person(self._put, self._again, error)
        else:
            self._refused(error)

    def _settled(self) -> None:
        self._busy = False

    def _put(self, asking: Asking) -> None:
        self._asking = asking
        self._sounds.play("question")
        self._show()

    def _answered(self, choice: str, value: str) -> None:
        asking, self._asking = self._asking, None
        self._show()
        if asking is not None:
            asking.on_answer(choice, value)

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        message = MessageView(text=error_words(error), code=error.code)
        if isinstance(error, Refusal) and error.code == "return_policy":
            message = msgspec.structs.replace(
                message, action="approve", action_word=tr("请另一人授权")
            )
        self._show(message)

    def _look_again(self) -> None:
        """While money is on its way and still looked at: has it arrived?"""
        done, books = self._done, self._counter.books
        if done is None or not any(way.attempt for way in done.refund.tenders):
            return

        def read() -> frozenset[str]:
            with books.read() as db:
                parts = open_refunds(db, books.shop)
            return frozenset(each.attempt for each in parts if each.refund == done.id)

        def ready(waiting: frozenset[str]) -> None:
            if self._done is not done:
                return
            self._show(waiting=waiting)
            if waiting:
                QTimer.singleShot(LOOK_AGAIN_MS, self._screen, self._look_again)

        self._work.do(read, ready, self._refused)

    def _show(
        self, message: MessageView | None = None, *, waiting: frozenset[str] | None = None
    ) -> None:
        if self._choice is not None and self._done is not None:
            # Until it was looked up, money through a network counts as on its way.
            on_the_way = frozenset(way.attempt for way in self._done.refund.tenders)
            view = done_view(self._done, on_the_way if waiting is None else waiting)
        elif isinstance(self._choice, LooseGoods):
            if self._typed or not self._choice.lines:
                view = picking_view(self._goods, self._typed)
            else:
                view = loose_view(self._choice)
        elif self._choice is not None:
            view = choosing_view(self._choice)
        else:
            view = finding_view(self._found)
        question = self._asking.view if self._asking is not None else None
        self.view = msgspec.structs.replace(view, message=message, question=question)
        self._screen.show_view(self.view)
