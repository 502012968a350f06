"""Taking money at the counter: into 收款 and out of it, cash, and what others vouch for.

Nothing is taken from a customer before the basket is on the disk.
"""

from collections.abc import Callable

import msgspec

from app.errors import Refusal, Trouble
from app.facts.catalogue import Product
from app.facts.sales import Approval, LotShare
from app.members.queries import Member
from app.payments.queries import Attempt, attempt_in_the_way
from app.pricing.rules import Points, Priced, rounding_step
from app.pricing.windows import valid_at
from app.sales import actions, bill_answers, paying
from app.sales.actions import Completed
from app.sales.basket import Basket, priced
from app.sales.completing import lots_to_take
from app.sales.invoicing import Invoices
from app.sales.lot_checks import check_recall
from app.sales.membership import Membership
from app.sales.receipts import Receipts
from app.sales.refunding import Refunds
from app.sales.repricing import repriced
from app.sales.selling import Selling, Stage, one_at_a_time
from app.staff.rules import NOBODY, Approver
from app.stock.recalls import open_recalls
from app.text import clean
from app.transaction import Books

BY_REFERENCE = ("card", "transfer")
"""Money another system has taken: the till keeps what that system calls it."""


class Collecting(Selling):
    """The money's part of the counter that needs no network."""

    def __init__(
        self,
        books: Books,
        *,
        template: str,
        save_draft: Callable[[Basket], None] | None = None,
        flush_drafts: Callable[[], None] = lambda: None,
        room_left: Callable[[], bool] = lambda: True,
        prints: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__(books, save_draft=save_draft, flush_drafts=flush_drafts)
        self.receipts = Receipts(self.desk, template, prints)
        self.members = Membership(self.desk)
        self.refunds = Refunds(self.desk)
        self.invoices = Invoices(self.desk, prints)
        self._room_left = room_left
        if self.open_attempt() is not None:
            self.stage = Stage.COLLECTING
        self.desk.money_on_counter = self._money_on_counter

    @property
    def step(self) -> int:
        """Fen to which cash is cut down in this shop."""
        return rounding_step(self.desk.settings["rounding"])

    def priced(self) -> Priced:
        """What the basket costs now."""
        return priced(self.basket, rounding_step=self.step)

    def due(self) -> paying.Due:
        """What is due, paid and open."""
        return paying.standing(self.basket, self.step)

    def open_attempt(self) -> Attempt | None:
        """The charge whose end is not known and that keeps other money from this basket."""
        with self.books.read() as db:
            return attempt_in_the_way(db, self.books.shop, self.basket.id)

    def _money_on_counter(self) -> bool:
        return bool(self.basket.handed) or self.open_attempt() is not None

    @one_at_a_time
    def reprice(self) -> bool:
        """The open basket at the prices of now, when a moment passed at which prices change;
        whether it costs something else.

        Nothing is written: a till that is opened again comes to the same prices by itself.
        """
        if self.stage is Stage.SELLING and self.basket.lines:
            with self.books.read() as db:
                now = repriced(self.basket, self.desk.prices, db)
            if priced(now).lines != priced(self.basket).lines:
                self.basket = now
                self._tell()
                return True
        return False

    @one_at_a_time
    def use_code(self, code: str) -> str:
        """A promotion code the customer shows; the promotion's name.

        Raises Refusal: unknown_promotion_code, collecting, shift_needed.
        """
        self._selling()
        wanted = clean(code, most=40).upper()
        with self.books.read() as db:
            now = self.desk.prices.moment(db)
            found = [
                each.promotion
                for each in self.desk.prices.published(db)
                if wanted and each.promotion.needs_code == wanted and valid_at(each.promotion, now)
            ]
        if not found:
            raise Refusal("unknown_promotion_code", text=wanted)
        codes = tuple(dict.fromkeys((*self.basket.codes, wanted)))
        self._keep(msgspec.structs.replace(self.basket, codes=codes))
        return found[0].name

    def shown(self, product: Product) -> Product:
        """A product at what one piece or kilogram costs anybody now, promotions included."""
        with self.books.read() as db:
            return self.desk.prices.shown(db, product)

    def lots_to_take(self) -> dict[int, tuple[LotShare, ...]]:
        """By line the lots the basket would take if it were paid now."""
        with self.books.read() as db:
            goods = actions.goods_of_basket(db, self.books.shop, self.basket)
        return lots_to_take(self.basket, goods, self.desk.today)

    @one_at_a_time
    def choose_member(self, *, phone: str = "", code: str = "", name: str = "") -> Member:
        """The member who buys; before 收款, since prices may depend on it.

        Raises Refusal: unknown_member, choose_member, collecting, shift_needed.
        """
        self._selling()
        known = self.members.find(phone=phone, code=code, name=name)
        points = self.basket.points if known.member == self.basket.member else Points()
        self._keep(msgspec.structs.replace(self.basket, member=known.member, points=points))
        return known

    @one_at_a_time
    def leave_member(self) -> None:
        """The basket is nobody's again. Raises Refusal: collecting, shift_needed."""
        self._selling()
        self._keep(msgspec.structs.replace(self.basket, member="", points=Points()))

    @one_at_a_time
    def checkout(self) -> paying.Due:
        """Into 收款. Raises Refusal: basket_empty, question_open, shift_needed, basket_full,
        lot_recalled, lot_needed;
        Trouble: disk_low, disk_full (before any money is taken)."""
        if self.stage is Stage.COLLECTING:
            return self.due()
        self._selling()
        if not self.basket.lines:
            raise Refusal("basket_empty")
        if not self._room_left():
            raise Trouble("disk_low")
        actions.check_size(self.books, self.basket, self.desk.sitting())
        self._check_recalls()
        # The last moment at which prices may change; from here on what is due stays.
        with self.books.read() as db:
            self.basket = repriced(self.basket, self.desk.prices, db)
        self._save(self.basket)
        self._flush()
        self.stage = Stage.COLLECTING
        self._tell()
        return self.due()

    def _check_recalls(self) -> None:
        """A recall may have come while the goods lay in the basket."""
        shop = self.books.shop
        with self.books.read() as db:
            for line in self.basket.lines if open_recalls(db, shop) else ():
                check_recall(db, shop, line.product, line.lot)

    @one_at_a_time
    def choose_cash(self) -> paying.Due:
        """现金 is chosen: 抹零 shows. Raises Refusal as `checkout`, and attempt_open."""
        self._may_collect()
        self.checkout()
        if self.open_attempt() is not None:
            raise Refusal("attempt_open")
        self._keep(paying.choose_cash(self.basket))
        return self.due()

    @one_at_a_time
    def back(self) -> None:
        """Out of 收款, nothing lost; cash handed over goes back to the customer.

        Raises Refusal: attempt_open, money_taken (a network has it: refund it first).
        """
        if self.stage is Stage.COLLECTING:
            self._no_network_money()
            self._keep(paying.give_back(self.basket))
            self.stage = Stage.SELLING
            self._tell()

    @one_at_a_time
    def cancel(self, reason: str) -> None:
        """取消整单. Raises Refusal: basket_empty, reason_needed, attempt_open, money_taken."""
        self._no_network_money()
        super().cancel(reason)

    def _no_network_money(self) -> None:
        if self.open_attempt() is not None:
            raise Refusal("attempt_open")
        if paying.captured(self.basket):
            raise Refusal("money_taken")

    @one_at_a_time
    def pay_cash(self, amount: int | None = None, approver: Approver = NOBODY) -> Completed | None:
        """Cash handed over in fen, None = exactly what is open; the sale when nothing is open.

        Raises Refusal: bad_amount, received_too_large, basket_empty, question_open, attempt_open,
        approval_needed (an attempt was parked); Trouble not_saved (surely nothing happened: try
        again), stop_selling.
        """
        self._ready(approver)
        return self._hand(paying.hand_cash(self.basket, amount, self.step))

    @one_at_a_time
    def pay_by_reference(
        self, tender: str, amount: int | None, reference: str, approver: Approver = NOBODY
    ) -> Completed | None:
        """A card on an external terminal, a transfer: taken elsewhere.

        Raises Refusal: reference_needed, card_number, over_open, bad_amount, attempt_open.
        """
        assert tender in BY_REFERENCE
        reference = paying.checked_reference(reference)
        self._ready(approver)
        basket = paying.before_charge(self.basket)
        fen = paying.to_charge(basket, amount, self.step)
        return self._hand(paying.hand(basket, tender, fen, reference))

    @one_at_a_time
    def pay_static(
        self, amount: int | None, note: str = "", approver: Approver = NOBODY
    ) -> Completed | None:
        """静态码: the customer scanned the shop's standing code, and a person who may says that
        the money is there. Kept apart from what networks confirm, and matched to the bill.

        Raises Refusal: approval_needed, approver_same, over_open, bad_amount, attempt_open.
        """
        self._may_collect()
        # Asked before 收款 opens: whoever is refused finds the basket as it was.
        by = self.desk.allowed("static_qr", approver) or self.desk.person
        self._ready(approver)
        basket = paying.before_charge(self.basket)
        fen = paying.to_charge(basket, amount, self.step)
        yes = Approval(person=by, action="static_qr")
        basket = paying.hand(basket, "static_qr", fen, paying.checked_reference(note or "人工确认"))
        return self._hand(msgspec.structs.replace(basket, approvals=(*basket.approvals, yes)))

    @one_at_a_time
    def sell_found(self, difference: str, approver: Approver = NOBODY) -> Completed:
        """What a network holds for a charge that was given up becomes the sale it was for.

        Raises Refusal: shift_needed, approval_needed, approver_same, unknown_task,
        bad_task_answer (it cannot be that sale any more).
        """
        self._may_collect()
        by = self.desk.allowed(bill_answers.RIGHT, approver) or self.desk.person
        self._flush()
        done = bill_answers.sell_found(self.books, difference, self.desk.sitting(), by)
        if done.id == self.basket.id:
            self._completed(done)
        return done

    def _ready(self, approver: Approver = NOBODY) -> None:
        """In 收款, by somebody who may, and no charge of unknown end stands in the way."""
        self._may_collect()
        self.checkout()
        self._clear_the_way(approver)

    def _clear_the_way(self, approver: Approver) -> None:
        if self.open_attempt() is not None:
            raise Refusal("attempt_open")

    def _hand(self, basket: Basket) -> Completed | None:
        if paying.standing(basket, self.step).open > 0:
            self._keep(basket)
            return None
        return self._complete(basket)

    def _may_collect(self) -> None:
        """Whoever takes money stands in a shift and may sell, in 收款 as well."""
        self.desk.in_shift()
        self.desk.allowed("sell")

    def kicks(self, basket: Basket) -> bool:
        """Whether the drawer opens: for cash, and only where a printer can open it."""
        cash = any(each.tender == "cash" for each in basket.handed)
        return cash and self.receipts.printing

    def _complete(self, basket: Basket) -> Completed:
        self._flush()
        done = actions.complete_sale(
            self.books,
            basket,
            self.desk.sitting(),
            self.receipts.first_paper,
            kick_drawer=self.kicks(basket),
            take_back=self.refunds.exchange_in,
        )
        self._completed(done)
        return done

    def _completed(self, done: Completed) -> None:
        self.last = done
        self.basket = self._new_basket()
        self.stage = Stage.SELLING
        self._tell()
