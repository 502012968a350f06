"""The counter: what window and console both drive, from sign-in to the next customer.

Goods are `selling`'s part; here is the money. Drafts may be written behind the painted line, but
nothing is taken from a customer before the basket is on the disk.
"""

from collections.abc import Callable

import msgspec

from app.errors import Refusal, Trouble
from app.facts.catalogue import Product
from app.facts.sales import LotShare
from app.members.queries import Member
from app.pricing.rules import Priced, rounding_step
from app.pricing.windows import valid_at
from app.sales import actions, paying
from app.sales.actions import Completed
from app.sales.basket import Basket, priced
from app.sales.completing import lots_to_take
from app.sales.membership import Membership
from app.sales.receipts import Receipts
from app.sales.repricing import repriced
from app.sales.scanning import ONE
from app.sales.selling import Scan, Selling, Stage, one_at_a_time
from app.text import clean
from app.transaction import Books

__all__ = ["ONE", "Counter", "Scan", "Stage"]


class Counter(Selling):
    """One till's counter."""

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
        self._room_left = room_left

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

    @one_at_a_time
    def choose_member(self, *, phone: str = "", code: str = "", name: str = "") -> Member:
        """The member who buys; before 收款, since prices may depend on it.

        Raises Refusal: unknown_member, choose_member, collecting, shift_needed.
        """
        self._selling()
        known = self.members.find(phone=phone, code=code, name=name)
        self._keep(msgspec.structs.replace(self.basket, member=known.member))
        return known

    @one_at_a_time
    def leave_member(self) -> None:
        """The basket is nobody's again. Raises Refusal: collecting, shift_needed."""
        self._selling()
        self._keep(msgspec.structs.replace(self.basket, member=""))

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
    def checkout(self) -> paying.Due:
        """Into 收款. Raises Refusal: basket_empty, question_open, shift_needed, basket_full;
        Trouble: disk_low, disk_full (before any money is taken)."""
        if self.stage is Stage.COLLECTING:
            return self.due()
        self._selling()
        if not self.basket.lines:
            raise Refusal("basket_empty")
        if not self._room_left():
            raise Trouble("disk_low")
        actions.check_size(self.books, self.basket, self.desk.sitting())
        # The last moment at which prices may change; from here on what is due stays.
        with self.books.read() as db:
            self.basket = repriced(self.basket, self.desk.prices, db)
        self._save(self.basket)
        self._flush()
        self.stage = Stage.COLLECTING
        self._tell()
        return self.due()

    @one_at_a_time
    def choose_cash(self) -> paying.Due:
        """现金 is chosen: 抹零 shows."""
        self._may_collect()
        self.checkout()
        self._keep(paying.choose_cash(self.basket))
        return self.due()

    @one_at_a_time
    def back(self) -> None:
        """Out of 收款, nothing lost; cash handed over goes back to the customer."""
        if self.stage is Stage.COLLECTING:
            self._keep(paying.give_back(self.basket))
            self.stage = Stage.SELLING
            self._tell()

    @one_at_a_time
    def pay_cash(self, amount: int | None = None) -> Completed | None:
        """Cash handed over in fen, None = exactly what is open; the sale when nothing is open.

        Raises Refusal: bad_amount, received_too_large, basket_empty, question_open; Trouble
        not_saved (surely nothing happened: try again), stop_selling.
        """
        self._may_collect()
        self.checkout()
        basket = paying.hand_cash(self.basket, amount, self.step)
        if paying.standing(basket, self.step).open > 0:
            self._keep(basket)
            return None
        return self._complete(basket)

    def _may_collect(self) -> None:
        """Whoever takes money stands in a shift and may sell, in 收款 as well."""
        self.desk.in_shift()
        self.desk.allowed("sell")

    def _complete(self, basket: Basket) -> Completed:
        self._flush()
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
