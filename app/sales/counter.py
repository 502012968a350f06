"""The counter: what window and console both drive. It remembers the open basket and the stage.

Every method answers at once from memory and readers; what must last goes through one transaction.
An exception leaves the counter exactly as it was.
"""

import enum
from collections.abc import Callable

import msgspec

from app.catalogue.codes import ReceiptCode, WalletCode
from app.catalogue.queries import product as find_product
from app.catalogue.rules import sellable
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.sales import Answer
from app.pricing.rules import NONE, Discount, Priced
from app.quantity import parse_quantity
from app.sales import actions, discounts, paying
from app.sales.actions import Completed
from app.sales.basket import (
    Basket,
    Question,
    find_line,
    priced,
    with_line,
    with_quantity,
)
from app.sales.desk import Desk
from app.sales.queries import HeldBasket, held_baskets, open_basket, receipt
from app.sales.receipts import Receipts
from app.sales.scanning import Goods, checked_answer, goods_from, question_before
from app.staff.rules import NOBODY, Approver
from app.text import clean
from app.transaction import Books

ONE = 1000


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


class Counter:
    """One till's counter, from sign-in to the next customer."""

    def __init__(
        self,
        books: Books,
        *,
        template: str,
        save_draft: Callable[[Basket], None] | None = None,
        room_left: Callable[[], bool] = lambda: True,
        prints: Callable[[], bool] = lambda: True,
    ) -> None:
        self.books = books
        self.desk = Desk(books)
        self.stage = Stage.SELLING
        self.last: Completed | None = None
        self.watchers: list[Callable[[Counter], None]] = []
        """Called after anything changed: customer display, second screen."""
        self.receipts = Receipts(self.desk, template, prints)
        self._save = save_draft or (lambda basket: actions.save_draft(books, basket))
        self._room_left = room_left
        with books.read() as db:
            self.basket = open_basket(db) or self._new_basket()

    def _new_basket(self) -> Basket:
        return Basket(id=self.books.ids.new(), opened_ms=self.books.clock.wall_ms())

    def _tell(self) -> None:
        for watcher in self.watchers:
            watcher(self)

    # --- goods -----------------------------------------------------------------------------

    def scan(self, text: str, *, times: int = ONE) -> Scan:
        """Whatever a scanner sent or a person typed as a code; `times` thousandths of a piece.

        Raises Refusal: unknown_code, not_goods_code, not_a_payment_code, not_sellable,
        question_open, shift_needed, lot_expired, fraction_of_unit…
        """
        scanned = self.desk.read_code(text)
        if self.stage is Stage.COLLECTING:
            if scanned.wallet is None:
                raise Refusal("not_a_payment_code")
            raise Refusal("tender_offline", tender=scanned.wallet.channel)
        reading = scanned.reading
        self.desk.in_shift()
        if self.basket.question is not None:
            raise Refusal("question_open", question=self.basket.question.question)
        if isinstance(reading, WalletCode):
            if not self.basket.lines:
                raise Refusal("basket_empty")
            self.checkout()
            return Scan(reading.kind)
        if isinstance(reading, ReceiptCode):
            with self.books.read() as db:
                if receipt(db, self.books.shop, self.books.till, reading.number) is None:
                    raise Refusal("unknown_receipt", number=reading.number)
            return Scan(reading.kind, receipt=reading.number)
        self.desk.allowed("sell")
        with self.books.read() as db:
            goods = goods_from(
                db, self.books.shop, reading, text, times=times, today=self.desk.today
            )
        return self._take(goods, reading.kind)

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
            one = find_product(db, self.books.shop, code)
        if one is None:
            raise Refusal("unknown_code", text=code[:40], reason="no_product")
        return one

    def price_check(self, text: str) -> Product:
        """查价: what a code is and costs, without selling it."""
        reading = self.desk.read_code(text).reading
        with self.books.read() as db:
            return goods_from(
                db, self.books.shop, reading, text, times=ONE, today=self.desk.today
            ).product

    def _selling(self) -> None:
        self.desk.in_shift()
        self.desk.allowed("sell")
        if self.stage is Stage.COLLECTING:
            raise Refusal("collecting")
        if self.basket.question is not None:
            raise Refusal("question_open", question=self.basket.question.question)

    def _take(self, goods: Goods, kind: str) -> Scan:
        with self.books.read() as db:
            question = question_before(
                db, self.books.shop, self.basket, goods, today=self.desk.today
            )
        if question is not None:
            self._keep(msgspec.structs.replace(self._opened(), question=question))
            return Scan(kind, question=question)
        before = self._opened()
        basket, line = with_line(
            before,
            goods.product,
            goods.quantity,
            label_amount=goods.label_amount,
            code=goods.code,
            source=goods.source,
            lot=goods.lot,
            serial=goods.serial,
        )
        self._keep(basket)
        return Scan(kind, line=line, again=line < before.next_line)

    def _opened(self) -> Basket:
        """The basket; a fresh one opens now, with the moment its first goods came."""
        if self.basket.lines or self.basket.question:
            return self.basket
        return msgspec.structs.replace(self.basket, opened_ms=self.books.clock.wall_ms())

    def _keep(self, basket: Basket) -> None:
        self._save(basket)
        self.basket = basket
        self._tell()

    def answer(self, question: str, value: str) -> Scan:
        """Answer what stands open: yes or no, a weight, a date (ISO).

        Raises Refusal: no_question, bad_answer, bad_quantity, lot_expired.
        """
        asked = self.basket.question
        if asked is None or asked.question != question:
            raise Refusal("no_question")
        value = clean(value, most=40)
        without = msgspec.structs.replace(self.basket, question=None)
        if value == "no" or (value == "" and question == "weight"):
            self._keep(without)
            return Scan("product")
        quantity, note = asked.quantity, ""
        if question == "weight":
            quantity = parse_quantity(value, weighed=True)
        else:
            note = checked_answer(asked, value, self.desk.today)
            answer = Answer(line=without.next_line, question=note, value=value)
            without = msgspec.structs.replace(without, answers=(*without.answers, answer))
        goods = Goods(
            product=asked.product,
            quantity=quantity,
            code=asked.code,
            source=asked.source,
            lot=asked.lot,
        )
        kept, self.basket = self.basket, without
        try:
            return self._take(goods, "product")
        except BaseException:
            self.basket = kept
            raise

    def set_quantity(self, line: int, quantity: str) -> None:
        """Another quantity on a line. Raises Refusal: no_such_line, bad_quantity…"""
        self._selling()
        weighed = find_line(self.basket, line).weighed
        milli = parse_quantity(quantity, weighed=weighed)
        self._keep(with_quantity(self.basket, line, milli))

    def remove(self, line: int, approver: Approver = NOBODY) -> None:
        """删行. Raises Refusal: no_such_line, approval_needed above the role's limit."""
        self._selling()
        find_line(self.basket, line)
        basket = self.basket
        if not discounts.may_remove(basket, self.desk.role):
            if not approver:
                raise Refusal("approval_needed", role="lead", action="remove_line")
            if not discounts.may_remove(basket, self.desk.approver_role(approver)):
                raise Refusal("over_limit")
            basket = discounts.approved(basket, approver.number, "remove_line")
        self.basket = actions.remove_line(self.books, basket, line, self.desk.sitting())
        self._tell()

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
        if not discounts.within(changed, self.desk.role):
            if not approver:
                needed = discounts.role_for(changed)
                raise Refusal("approval_needed", role=needed, action="discount")
            if not discounts.within(changed, self.desk.approver_role(approver)):
                raise Refusal("over_limit")
            changed = discounts.approved(changed, approver.number, "discount", reason)
        self._keep(changed)

    # --- holding ---------------------------------------------------------------------------

    def hold(self, name: str = "") -> None:
        """挂单 under a name, or the time when none is given. Raises Refusal("basket_empty")."""
        self._selling()
        actions.hold_basket(self.books, self.basket, self.desk.sitting(), clean(name, most=20))
        self.basket = self._new_basket()
        self._tell()

    def held(self) -> list[HeldBasket]:
        """Baskets put aside, oldest first."""
        with self.books.read() as db:
            return held_baskets(db)

    def resume(self, basket: str = "") -> None:
        """取单: the one held basket, or the one named. Raises Refusal: basket_not_empty,
        nothing_held, choose_held."""
        self._selling()
        if self.basket.lines:
            raise Refusal("basket_not_empty")
        held = [each for each in self.held() if not basket or each.id == basket]
        if not held:
            raise Refusal("nothing_held")
        if len(held) > 1:
            raise Refusal("choose_held", count=len(held))
        actions.resume_basket(self.books, held[0].basket, self.desk.sitting())
        self.basket = held[0].basket
        self._tell()

    def cancel(self, reason: str) -> None:
        """取消整单 before payment. Raises Refusal: basket_empty, reason_needed."""
        self.desk.in_shift()
        if not self.basket.lines and self.basket.question is None:
            raise Refusal("basket_empty")
        if not (reason := clean(reason, most=60)):
            raise Refusal("reason_needed")
        actions.cancel_basket(self.books, self.basket, self.desk.sitting(), reason)
        self.stage = Stage.SELLING
        self.basket = self._new_basket()
        self._tell()

    # --- money -----------------------------------------------------------------------------

    @property
    def step(self) -> int:
        return self.desk.sitting().rounding_step if self.desk.shift and self.desk.person else 1

    def priced(self) -> Priced:
        """What the basket costs now."""
        return priced(self.basket, rounding_step=self.step)

    def due(self) -> paying.Due:
        """What is due, paid and open."""
        return paying.standing(self.basket, self.step)

    def checkout(self) -> paying.Due:
        """Into 收款. Raises Refusal: basket_empty, question_open, shift_needed; Trouble:
        disk_low (before any money is taken)."""
        if self.stage is Stage.COLLECTING:
            return self.due()
        self._selling()
        if not self.basket.lines:
            raise Refusal("basket_empty")
        if not self._room_left():
            raise Refusal("disk_low")
        self._save(self.basket)
        self.stage = Stage.COLLECTING
        self._tell()
        return self.due()

    def choose_cash(self) -> paying.Due:
        """现金 is chosen: 抹零 shows."""
        self.checkout()
        self._keep(paying.choose_cash(self.basket))
        return self.due()

    def back(self) -> None:
        """Out of 收款, nothing lost; cash handed over goes back to the customer."""
        if self.stage is Stage.COLLECTING:
            self.stage = Stage.SELLING
            self._keep(paying.give_back(self.basket))

    def pay_cash(self, amount: int | None = None) -> Completed | None:
        """Cash handed over in fen, None = exactly what is open; the sale when nothing is open.

        Raises Refusal: bad_amount, received_too_large, basket_empty, question_open; Trouble
        not_saved (surely nothing happened: try again), stop_selling.
        """
        self.checkout()
        basket = paying.hand_cash(self.basket, amount, self.step)
        if paying.standing(basket, self.step).open > 0:
            self._keep(basket)
            return None
        return self._complete(basket)

    def _complete(self, basket: Basket) -> Completed:
        done = actions.complete_sale(
            self.books,
            basket,
            self.desk.sitting(),
            self.receipts.first_paper,
            kick_drawer=self.receipts.printing,
        )
        self.last = done
        self.basket = self._new_basket()
        self.stage = Stage.SELLING
        self._tell()
        return done
