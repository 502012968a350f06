"""Goods at the counter: scanning, the lines of the open basket, putting it aside and back.

Every method answers at once from memory and readers; what must last goes through one transaction.
An exception leaves the counter exactly as it was.
"""

import enum
import functools
import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

import msgspec

from app.catalogue.codes import BuyerCode, MemberCode, ReceiptCode, WalletCode
from app.catalogue.queries import product as find_product
from app.catalogue.rules import sellable
from app.clock import local
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.sales import Answer
from app.pricing.lines import NO_TAG
from app.pricing.rules import NONE, Discount
from app.quantity import parse_quantity
from app.sales import actions, discounts
from app.sales.actions import Completed
from app.sales.basket import (
    Basket,
    Question,
    find_line,
    next_revision,
    with_line,
    with_quantity,
    without_line,
)
from app.sales.desk import Desk
from app.sales.documents import document
from app.sales.held_elsewhere import take_over
from app.sales.promised import above_floor, check_growth
from app.sales.queries import HeldBasket, held_baskets, open_basket
from app.sales.repricing import at_list_price, repriced
from app.sales.scanning import (
    ONE,
    Goods,
    checked_answer,
    goods_asked_about,
    goods_from,
    goods_shown,
    question_before,
)
from app.staff.rules import NOBODY, Approver
from app.text import clean
from app.transaction import Books

MOST_CODE = 160
"""Characters of a scanned text that are kept; longer ones are no code of ours."""

Method = TypeVar("Method", bound=Callable[..., Any])


class Stage(enum.Enum):
    """Which codes the counter takes now: goods, or money."""

    SELLING = "selling"
    COLLECTING = "collecting"


class Scan(msgspec.Struct, frozen=True):
    """What a scan was and what it did."""

    kind: str
    line: int = 0
    again: bool = False
    """More of a piece that was there already: the line flashes ×2."""
    question: Question | None = None
    receipt: str = ""
    promotion: str = ""
    """The promotion whose code was shown."""


def one_at_a_time(method: Method) -> Method:
    """While a sale is being saved on another thread, nothing else may touch its basket."""

    @functools.wraps(method)
    def alone(self: "Selling", *values: Any, **named: Any) -> Any:
        if not self.turn.acquire(blocking=False):
            raise Refusal("one_moment")
        try:
            return method(self, *values, **named)
        finally:
            self.turn.release()

    return cast(Method, alone)


class Selling:
    """The open basket and the stage; `Counter` adds the money."""

    def __init__(
        self,
        books: Books,
        *,
        save_draft: Callable[[Basket], None] | None = None,
        flush_drafts: Callable[[], None] = lambda: None,
    ) -> None:
        self.books = books
        self.desk = Desk(books)
        self.last: Completed | None = None
        self.watchers: list[Callable[[Any], None]] = []
        """Called with the counter after anything changed: customer display, second screen."""
        self.turn = threading.RLock()
        self._save = save_draft or (lambda basket: actions.save_draft(books, basket))
        self._flush = flush_drafts
        with books.read() as db:
            self.basket = open_basket(db) or self._new_basket()
        # Whoever was killed in 收款 is in 收款 again: the money may lie on the counter.
        collecting = bool(self.basket.handed) or self.basket.cash_chosen
        self.stage = Stage.COLLECTING if collecting else Stage.SELLING
        self.desk.money_on_counter = lambda: bool(self.basket.handed)

    def _new_basket(self) -> Basket:
        return Basket(id=self.books.ids.new(), opened_ms=self.books.clock.wall_ms())

    def _tell(self) -> None:
        for watcher in self.watchers:
            watcher(self)

    def _keep(self, basket: Basket, *, is_priced: bool = False) -> None:
        """Make this the open basket at the prices of now, and have it saved. In 收款 what was
        said to be due stays."""
        kept = next_revision(basket)
        if self.stage is Stage.SELLING and not is_priced:
            with self.books.read() as db:
                kept = repriced(kept, self.desk.prices, db)
        self._save(kept)
        self.basket = kept
        self._tell()

    def choose_member(self, *, phone: str = "", code: str = "", name: str = "") -> object:
        """Whose basket this is; the counter's part that knows members says who."""
        raise NotImplementedError

    # --- goods -----------------------------------------------------------------------------

    @one_at_a_time
    def scan(self, text: str, *, times: int = ONE) -> Scan:
        """Whatever a scanner sent or a person typed as a code; `times` thousandths of a piece.

        Raises Refusal: unknown_code, not_goods_code, not_sellable,
        question_open, shift_needed, lot_expired, fraction_of_unit…
        """
        scanned = self.desk.read_code(text)
        reading = scanned.reading
        self._selling()
        assert not isinstance(reading, WalletCode), "money is the counter's part"
        if isinstance(reading, MemberCode):
            self.choose_member(code=reading.member)
            return Scan(reading.kind)
        if isinstance(reading, ReceiptCode):
            with self.books.read() as db:
                if document(db, self.books.shop, self.books.till, reading.number) is None:
                    raise Refusal("unknown_receipt", number=reading.number)
            return Scan(reading.kind, receipt=reading.number)
        if isinstance(reading, BuyerCode):
            if self.basket.begun:
                raise Refusal("invoice_for_goods")
            return Scan(reading.kind)
        # A GS1 code separates its parts with a control character, which no fact may hold.
        text = clean(text, most=MOST_CODE)
        with self.books.read() as db:
            goods = goods_from(
                db, self.books.shop, reading, text, times=times, today=self.desk.today
            )
        return self._take(goods, reading.kind)

    @one_at_a_time
    def add(self, code: str, quantity: str = "", *, source: str = "find") -> Scan:
        """Goods picked by their product code; "" is one piece, or asks a weighed good's weight.

        Raises Refusal as `scan` does.
        """
        self._selling()
        one = self.product(code)
        if (refusal := sellable(one)) is not None:
            raise refusal
        weighed = bool(one.weighed)
        milli = 0 if weighed else ONE
        if quantity:
            milli = parse_quantity(quantity, weighed=weighed)
        return self._take(Goods(product=one, quantity=milli, source=source), "product")

    def product(self, code: str) -> Product:
        """A product by its code. Raises Refusal("unknown_code")."""
        with self.books.read() as db:
            one = find_product(db, self.books.shop, clean(code, most=MOST_CODE))
        if one is None:
            raise Refusal("unknown_code", text=clean(code, most=40), reason="no_product")
        return one

    def price_check(self, text: str) -> Product:
        """查价: what a code is and costs, even when it cannot be sold here.

        Raises Refusal: unknown_code, not_goods_code.
        """
        reading = self.desk.read_code(text).reading
        with self.books.read() as db:
            return goods_shown(db, self.books.shop, reading, clean(text, most=MOST_CODE))

    def _selling(self) -> None:
        self.desk.in_shift()
        self.desk.allowed("sell")
        if self.stage is Stage.COLLECTING:
            raise Refusal("collecting")
        if self.basket.question is not None:
            raise Refusal("question_open", question=self.basket.question.question)

    def _take(self, goods: Goods, kind: str) -> Scan:
        prices = self.desk.prices
        with self.books.read() as db:
            goods = at_list_price(goods, prices, db)
            before = repriced(self._opened(), prices, db, joining=goods.product)
            tag = NO_TAG if goods.label_amount >= 0 else prices.tag(db, goods.product)
            question = question_before(
                db, self.books.shop, self.basket, goods, today=self.desk.today
            )
        if question is not None:
            self._keep(msgspec.structs.replace(self._opened(), question=question))
            return Scan(kind, question=question)
        basket, line = with_line(
            before,
            goods.product,
            goods.quantity,
            label_amount=goods.label_amount,
            label_weight=goods.label_weight,
            code=goods.code,
            source=goods.source,
            lot=goods.lot,
            serial=goods.serial,
            tag=tag,
        )
        actions.check_size(self.books, basket, self.desk.sitting())
        self._keep(basket, is_priced=True)
        return Scan(kind, line=line, again=line < before.next_line)

    def _opened(self) -> Basket:
        """The basket; a fresh one opens now, with the moment its first goods came."""
        if self.basket.begun:
            return self.basket
        return msgspec.structs.replace(self.basket, opened_ms=self.books.clock.wall_ms())

    @one_at_a_time
    def answer(self, question: str, value: str) -> Scan:
        """Answer what stands open: yes or no, a weight, a date (ISO).

        Raises Refusal: no_question, bad_answer, bad_quantity, lot_expired, shift_needed.
        """
        self.desk.in_shift()
        self.desk.allowed("sell")
        asked = self.basket.question
        if asked is None or asked.question != question:
            raise Refusal("no_question")
        value = clean(value, most=40)
        without = msgspec.structs.replace(self.basket, question=None)
        if value == "no" or (value == "" and question == "weight"):
            self._keep(without)
            return Scan("product")
        quantity = asked.quantity
        if question == "weight":
            quantity = parse_quantity(value, weighed=True)
        else:
            note = checked_answer(asked, value, self.desk.today)
            answer = Answer(line=without.next_line, question=note, value=value)
            without = msgspec.structs.replace(without, answers=(*without.answers, answer))
        kept, self.basket = self.basket, without
        try:
            return self._take(goods_asked_about(asked, quantity), "product")
        except BaseException:
            self.basket = kept
            raise

    @one_at_a_time
    def set_quantity(self, line: int, quantity: str, approver: Approver = NOBODY) -> None:
        """Another quantity on a line. Raises Refusal: no_such_line, bad_quantity, and
        approval_needed when an amount off would weigh more on fewer goods."""
        self._selling()
        weighed = find_line(self.basket, line).weighed
        milli = parse_quantity(quantity, weighed=weighed)
        check_growth(self.desk, self.basket, line, milli)
        changed = with_quantity(self.basket, line, milli)
        self._keep(self._decided(changed, approver, ""))

    @one_at_a_time
    def remove(self, line: int, approver: Approver = NOBODY) -> None:
        """删行. Raises Refusal: no_such_line, approval_needed above the role's limit."""
        self._selling()
        find_line(self.basket, line)
        basket = self.basket
        if not discounts.may_remove(basket, self.desk.role):
            if not approver:
                self.desk.refuse("remove_line", "lead")
            if not discounts.may_remove(basket, self.desk.approver_role(approver)):
                raise Refusal("over_limit")
            basket = discounts.approved(basket, approver.number, "remove_line")
        smaller = self._decided(without_line(basket, line), approver, "")
        smaller = next_revision(smaller)
        sitting = self.desk.sitting()
        self._flush()
        actions.remove_line(self.books, basket, line, sitting, smaller)
        self.basket = smaller
        self._tell()

    @one_at_a_time
    def reduce(
        self,
        line: int,
        *,
        price: int | None = None,
        discount: Discount = NONE,
        reason: str = "",
        approver: Approver = NOBODY,
    ) -> None:
        """改价 or 折扣 on a line (0 = the whole basket without bags), within the role's limit.

        Raises Refusal: reason_needed, not_reducible, approval_needed, approver_same, over_limit.
        """
        self._selling()
        reason = clean(reason, most=60)
        changed = discounts.changed(self.basket, line, price, discount, reason)
        actions.check_size(self.books, changed, self.desk.sitting())
        self._keep(self._decided(changed, approver, reason))

    def _decided(self, changed: Basket, approver: Approver, reason: str) -> Basket:
        """The basket, with the yes of a second person when the first may not reduce so far."""
        before = self.basket
        changed = above_floor(self.desk, changed, before, approver, reason)
        if discounts.within(changed, self.desk.role, before):
            return changed
        if not approver:
            self.desk.refuse("discount", discounts.role_for(changed, before))
        if not discounts.within(changed, self.desk.approver_role(approver), before):
            raise Refusal("over_limit")
        return discounts.approved(changed, approver.number, "discount", reason)

    # --- holding ---------------------------------------------------------------------------

    @one_at_a_time
    def hold(self, name: str = "") -> None:
        """挂单 under a name, or the time when none is given. Raises Refusal("basket_empty")."""
        self._selling()
        now = local(self.books.clock.wall_ms()).strftime("%H:%M")
        self._flush()
        actions.hold_basket(
            self.books, self.basket, self.desk.sitting(), clean(name, most=20) or now
        )
        self.basket = self._new_basket()
        self._tell()

    def held(self) -> list[HeldBasket]:
        """Baskets put aside, oldest first."""
        with self.books.read() as db:
            return held_baskets(db)

    @one_at_a_time
    def resume(self, basket: str = "") -> None:
        """取单: the one held basket, or the one named, another till's too. Raises Refusal:
        basket_not_empty, nothing_held, choose_held and what `take_over` refuses."""
        self._selling()
        if self.basket.begun:
            raise Refusal("basket_not_empty")
        held = [each for each in self.held() if not basket or each.id == basket]
        if not held and not basket:
            raise Refusal("nothing_held")
        if len(held) > 1:
            raise Refusal("choose_held", count=len(held))
        self._flush()
        if held:
            self.basket = actions.resume_basket(self.books, held[0].basket, self.desk.sitting())
        else:
            self.basket = take_over(self.desk, basket, self._new_basket())
        self._tell()

    @one_at_a_time
    def cancel(self, reason: str) -> None:
        """取消整单 before payment. Raises Refusal: basket_empty, reason_needed."""
        self.desk.in_shift()
        self.desk.allowed("sell")
        if not self.basket.begun:
            raise Refusal("basket_empty")
        if not (reason := clean(reason, most=60)):
            raise Refusal("reason_needed")
        self._flush()
        actions.cancel_basket(self.books, self.basket, self.desk.sitting(), reason)
        self.stage = Stage.SELLING
        self.basket = self._new_basket()
        self._tell()
