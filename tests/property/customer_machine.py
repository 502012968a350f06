"""What customers have with the shop, in any order: points, money left before, vouchers."""

from collections import defaultdict

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.facts.sales import RefundCompleted, SaleCompleted
from app.members import queries as members
from app.members.actions import Left
from tests.property.counter_machine import MANAGERS_YES, AtTheCounter

PHONE = "13800005678"


class WhatCustomersHave(AtTheCounter):
    """One member with points and prepaid money, deposits of anybody, a few vouchers."""

    def __init__(self) -> None:
        super().__init__()
        self.points = 0
        self.deposits: dict[str, int] = {}
        self.prepaid = 0
        self.account = ""
        self.vouchers: dict[str, int] = defaultdict(int)
        self.who = self.counter.members.enrol(name="梁阿姨", phone=PHONE, consents=("member",))

    def gave(self, sale: SaleCompleted) -> None:
        """What a sale used is less, and never more than there was."""
        for each in sale.tenders:
            if each.account:
                assert each.account == self.account and each.amount <= self.prepaid
                self.prepaid -= each.amount
            if each.tender == "voucher":
                assert not self.vouchers[each.reference]
                self.vouchers[each.reference] += each.amount
        off = sum(r.amount for line in sale.lines for r in line.reductions if r.kind == "points")
        # A hundred points are worth a yuan.
        assert sale.points_used == -off and sale.points_used % 100 == 0
        assert sale.points_used <= max(self.points, 0) and (sale.member or not sale.points_used)
        self.points += sale.points_earned - sale.points_used

    def got_back(self, refund: RefundCompleted) -> None:
        """What a refund gave back is there again."""
        for each in refund.tenders:
            if each.account:
                self.prepaid += each.amount
            if each.tender == "voucher":
                self.vouchers[each.reference] -= each.amount
                assert self.vouchers[each.reference] >= 0

    # --- members ---

    @rule(come=st.booleans())
    def the_member_comes_or_goes(self, come: bool) -> None:
        if come:
            self.attempt(self.counter.choose_member, phone=PHONE)
        else:
            self.attempt(self.counter.leave_member)

    @precondition(lambda self: self.counter.basket.lines)
    @rule(points=st.sampled_from((0, 100, 100, 200, 900, 150)))
    def points_for_goods(self, points: int) -> None:
        """What is refused changes nothing; what is not is never more than there is."""
        self.attempt(self.counter.redeem, points)

    @rule(points=st.one_of(st.integers(-30, 30), st.just(500)))
    def points_by_hand(self, points: int) -> None:
        adjust = self.counter.members.adjust_points
        done = self.attempt(adjust, self.who.member, points, "补登", MANAGERS_YES)
        assert (done is None) is (points == 0 or self.points + points < 0)
        self.points = self.points if done is None else done

    # --- money left before, and vouchers ---

    @rule(amount=st.integers(1, 60_00))
    def the_member_pays_ahead(self, amount: int) -> None:
        wish = Left(
            kind="prepaid",
            tender="card",
            amount=amount,
            member=self.who.member,
            account=self.account,
            reference="凭证 79",
        )
        self.account = self.counter.members.leave_money(wish).account
        self.prepaid += amount

    @precondition(lambda self: self.counter.basket.lines and self.counter.basket.member)
    @rule(amount=st.one_of(st.none(), st.integers(-5, 60_00)))
    def pay_with_what_was_paid_ahead(self, amount: int | None) -> None:
        before = self.counter.basket.id
        self.completed(before, self.attempt(self.counter.pay_account, amount))

    @precondition(lambda self: self.counter.basket.lines)
    @rule(amount=st.one_of(st.none(), st.integers(1, 20_00)), n=st.integers(1, 4))
    def pay_with_a_voucher(self, amount: int | None, n: int) -> None:
        before = self.counter.basket.id
        self.completed(before, self.attempt(self.counter.pay_voucher, amount, f"TQ-{n}"))

    @rule(amount=st.integers(0, 200_00))
    def a_deposit_is_left(self, amount: int) -> None:
        wish = Left(kind="deposit", tender="cash", amount=amount)
        account = self.attempt(self.counter.members.leave_money, wish)
        assert (account is None) is (amount == 0)
        if account is not None:
            self.deposits[account.account] = amount
            self.cash += amount

    @precondition(lambda self: self.deposits)
    @rule(amount=st.one_of(st.none(), st.integers(1, 200_00)))
    def a_deposit_goes_back(self, amount: int | None) -> None:
        account, held = next(iter(self.deposits.items()))
        back = self.attempt(self.counter.members.return_money, account, amount=amount)
        wanted = held if amount is None else amount
        assert (back is None) is (not 0 < wanted <= held)
        if back is not None:
            self.cash -= wanted
            self.deposits[account] = held - wanted
            if held == wanted:
                del self.deposits[account]

    # --- what always holds ---

    def the_member_has_their_points(self) -> None:
        books = self.floor.till.books
        with books.read() as db:
            assert members.balance(db, books.shop, self.who.member) == self.points

    def the_member_has_what_they_paid_ahead(self) -> None:
        books = self.floor.till.books
        with books.read() as db:
            known = members.account(db, books.shop, self.account) if self.account else None
        assert (known.balance if known else 0) == self.prepaid >= 0
