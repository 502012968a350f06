"""What a customer pays with besides money of today: goods that come back (换货), points, money left
with the shop before, vouchers.
"""

import msgspec

from app.errors import Refusal
from app.members import rules
from app.money import yuan
from app.pricing.rules import Points
from app.sales import paying
from app.sales.actions import Completed
from app.sales.basket import priced
from app.sales.collecting import Collecting
from app.sales.exchange import Exchange
from app.sales.owned import check_voucher
from app.sales.refund_lines import Loose
from app.sales.refund_rules import Back
from app.sales.selling import one_at_a_time
from app.staff.rules import NOBODY, Approver
from app.tender_names import TENDER_NAMES

SLIP = 8
"""Figures of an account that stand on its slip and on receipts."""


class Crediting(Collecting):
    """The counter's part that puts such things to the basket; 收款 takes the rest."""

    @one_at_a_time
    def exchange(self, number: str, back: list[Back], approver: Approver = NOBODY) -> Exchange:
        """换货: goods of a receipt stand in the basket with what was paid for them.

        Raises Refusal as `Refunds.refund` does, and exchange_open, collecting, question_open.
        """
        self._may_exchange()
        found = self.refunds.for_exchange(number, back, approver)
        self._promise(found)
        return found

    @one_at_a_time
    def exchange_loose(self, goods: list[Loose], approver: Approver = NOBODY) -> Exchange:
        """换货 without a receipt. Raises Refusal as `Refunds.without_receipt` does."""
        self._may_exchange()
        found = self.refunds.loose_for_exchange(goods, approver)
        self._promise(found)
        return found

    @one_at_a_time
    def drop_exchange(self) -> None:
        """The goods stay the customer's. Raises Refusal: no_exchange, collecting."""
        self._selling()
        if self.basket.exchange is None:
            raise Refusal("no_exchange")
        self._promise(None)

    def _may_exchange(self) -> None:
        self._selling()
        if self.basket.exchange is not None:
            raise Refusal("exchange_open", number=self.basket.exchange.receipt)

    def _promise(self, exchange: Exchange | None) -> None:
        """On the disk before anybody is told: what is promised here, nobody else refunds."""
        before = self.basket
        self._keep(msgspec.structs.replace(self._opened(), exchange=exchange))
        try:
            self._flush()
        except BaseException:
            self.basket = before
            self._tell()
            raise

    @one_at_a_time
    def redeem(self, points: int) -> None:
        """积分抵扣: the member's points take something off the goods; 0 takes that back.

        Raises Refusal: member_needed, basket_empty, points_off, bad_points (no whole hundreds),
        points_short (more than there are), points_over (more than the goods cost), collecting.
        """
        self._selling()
        if not points:
            self._keep(msgspec.structs.replace(self.basket, points=Points()))
            return
        hundred = rules.worth_of(100, self.desk.settings)
        rules.worth_of(points, self.desk.settings)
        left, most = self.redeemable()
        if points > left:
            raise Refusal("points_short", left=left)
        if points > most:
            raise Refusal("points_over", most=most)
        self._keep(msgspec.structs.replace(self.basket, points=Points(points, hundred)))

    def redeemable(self) -> tuple[int, int]:
        """(points the member has, the most of them this basket takes).

        Raises Refusal: member_needed, basket_empty.
        """
        if not self.basket.member:
            raise Refusal("member_needed")
        if not self.basket.lines:
            raise Refusal("basket_empty")
        left = self.members.with_id(self.basket.member).points
        hundred = int(self.desk.settings["points_worth"])
        everything = Points(max(left, 0), hundred)
        return left, priced(msgspec.structs.replace(self.basket, points=everything)).points

    @one_at_a_time
    def pay_account(
        self, amount: int | None = None, number: str = "", approver: Approver = NOBODY
    ) -> Completed | None:
        """Money the customer left before (订金, 定金, 预付, 储值), by its number or the last eight
        figures of it; without one the only one the basket's member has. `None` is all that is
        open, or all that is left of it.

        Raises Refusal: unknown_account, account_choose, account_of_other, ledger_kind_bad (押金),
        account_short, over_open, bad_amount, attempt_open.
        """
        known = self._account(number)
        self._ready(approver)
        basket = paying.before_charge(self.basket)
        used = sum(each.amount for each in basket.handed if each.account == known.account)
        left = known.balance - used
        open_fen = paying.standing(basket, self.step).open
        fen = paying.to_charge(basket, min(open_fen, left) if amount is None else amount, self.step)
        if fen > left:
            raise Refusal("account_short", left=yuan(left))
        reference = known.account[-SLIP:]
        return self._hand(paying.hand(basket, known.kind, fen, reference, account=known.account))

    def _account(self, number: str) -> rules.Account:
        who = self.basket.member
        if number:
            known = self.members.account(number)
        else:
            own = self.spendable()
            if len(own) > 1:
                names = "、".join(
                    f"{TENDER_NAMES[each.kind]} {each.account[-SLIP:]} {yuan(each.balance)}"
                    for each in own
                )
                raise Refusal("account_choose", accounts=names)
            if not own:
                raise Refusal("unknown_account")
            known = own[0]
        if known.kind not in rules.SPENDABLE:
            raise Refusal("ledger_kind_bad", kind=known.kind)
        if known.member and known.member != who:
            raise Refusal("account_of_other")
        return known

    def spendable(self) -> list[rules.Account]:
        """What the basket's member has with the shop that pays for goods, oldest first."""
        who = self.basket.member
        own = self.members.accounts(who) if who else []
        return [each for each in own if each.kind in rules.SPENDABLE and each.balance > 0]

    @one_at_a_time
    def pay_voucher(
        self, amount: int | None, code: str, approver: Approver = NOBODY
    ) -> Completed | None:
        """代金券, 提货券: by what stands on it, once, for no more than is open; no change.

        Raises Refusal: reference_needed, card_number, voucher_used, over_open, bad_amount,
        attempt_open.
        """
        reference = paying.checked_reference(code).upper()
        self._ready(approver)
        basket = paying.before_charge(self.basket)
        handed = [(each.tender, each.reference) for each in basket.handed]
        if ("voucher", reference) in handed:
            raise Refusal("voucher_used", text=reference)
        with self.books.read() as db:
            check_voucher(db, self.books.shop, reference)
        fen = paying.to_charge(basket, amount, self.step)
        return self._hand(paying.hand(basket, "voucher", fen, reference))
