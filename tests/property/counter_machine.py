"""What a cashier can do with goods, baskets and money, in any order, power cuts included."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.errors import Refusal, ShopError
from app.facts.sales import SaleCompleted
from app.pricing.rules import Discount
from app.sales.actions import Completed
from app.sales.counter import Counter, Stage
from app.shifts import queries
from app.staff.rules import Approver
from app.verification import verify_books
from tests.stories.counters import CASHIER, LEAD, MANAGER, ShopFloor

CODES = ("11014", "6900000110140", "12003", "99001", "16009", "21006", "21010", "12006", "12007",
         "2111004218778", "13004")  # fmt: skip
LEADS_YES, MANAGERS_YES = Approver(*LEAD), Approver(*MANAGER)


class AtTheCounter(RuleBasedStateMachine):
    """What a cashier can press; a refusal is an answer like any other, and changes nothing."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self._home = tempfile.TemporaryDirectory()
        folder = Path(self._home.name) / "till"
        shutil.copytree(self.template, folder)
        self.floor = ShopFloor(folder, seed="states")
        self.floor.open_shift()
        self.moved: dict[str, int] = {}
        self.cash = 500_00
        self.sales = 0
        self.proved: object = None

    def teardown(self) -> None:
        """The day ends: everything is proved once more, from the entries up."""
        report = verify_books(self.floor.till.books)
        assert report.ok, report.problems
        self.floor.close()
        self._home.cleanup()

    @property
    def counter(self) -> Counter:
        return self.floor.till.counter

    def attempt(self, action: Any, *values: Any, **named: Any) -> Any:
        """Do it; when it is refused the basket must be what it was."""
        before, stage = self.counter.basket, self.counter.stage
        try:
            return action(*values, **named)
        except Refusal:
            money = ("pay_cash", "pay_by_reference", "pay_account", "pay_voucher")
            if getattr(action, "__name__", "") in money:
                # The amount was refused in 收款; that is where the cashier stands now.
                assert self.counter.basket.lines == before.lines
            else:
                assert self.counter.basket == before and self.counter.stage is stage
        return None

    # --- goods ---

    @rule(code=st.sampled_from(CODES), times=st.sampled_from((1000, 1000, 2000)))
    def scan(self, code: str, times: int) -> None:
        self.attempt(self.counter.scan, code, times=times)

    @rule(
        code=st.sampled_from(("11014", "16009", "nothing")),
        text=st.sampled_from(("", "2", "0.5", "-1")),
    )
    def add(self, code: str, text: str) -> None:
        self.attempt(self.counter.add, code, text)

    @rule(
        codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=4),
        way=st.sampled_from(("exactly", "a note", "card", "card and cash")),
    )
    def a_customer_buys(self, codes: list[str], way: str) -> None:
        self.buy(codes, way)

    def buy(self, codes: list[str], way: str) -> None:
        """The usual way, with whatever lies on the counter already."""
        for code in codes:
            self.attempt(self.counter.scan, code)
            if (asked := self.counter.basket.question) is not None:
                value = {"age": "yes", "weight": "0.345"}.get(asked.question, "yes")
                self.attempt(self.counter.answer, asked.question, value)
        if not self.counter.basket.lines or self.counter.basket.question:
            return
        before = self.counter.basket.id
        due = self.counter.due().open
        if way.startswith("card"):
            part = due // 2 + 1 if way == "card and cash" else None
            done = self.attempt(self.counter.pay_by_reference, "card", part, "凭证 78")
            self.completed(before, done)
        if self.counter.basket.id == before:
            amount = due + 300_00 if way == "a note" else None
            self.completed(before, self.attempt(self.counter.pay_cash, amount))

    @precondition(lambda self: self.counter.basket.question)
    @rule(value=st.sampled_from(("yes", "no", "0.345", "maybe")))
    def answer(self, value: str) -> None:
        asked = self.counter.basket.question
        self.attempt(self.counter.answer, asked.question, value)

    @precondition(lambda self: self.counter.basket.lines)
    @rule(line=st.integers(1, 6), text=st.sampled_from(("1", "3", "0.250", "0", "-2", "999999")))
    def set_quantity(self, line: int, text: str) -> None:
        self.attempt(self.counter.set_quantity, line, text)

    @precondition(lambda self: self.counter.basket.lines)
    @rule(line=st.integers(1, 6), yes=st.booleans())
    def remove(self, line: int, yes: bool) -> None:
        self.attempt(self.counter.remove, line, **({"approver": LEADS_YES} if yes else {}))

    @precondition(lambda self: self.counter.basket.lines)
    @rule(line=st.integers(0, 4), permille=st.sampled_from((50, 100, 300)), yes=st.booleans())
    def percent_off(self, line: int, permille: int, yes: bool) -> None:
        named = {"approver": MANAGERS_YES} if yes else {}
        self.attempt(
            self.counter.reduce, line, discount=Discount(permille=permille), reason="促销", **named
        )

    @precondition(lambda self: self.counter.basket.lines)
    @rule(line=st.integers(0, 4), amount=st.integers(1, 60_00))
    def amount_off(self, line: int, amount: int) -> None:
        self.attempt(
            self.counter.reduce, line, discount=Discount(amount=amount), reason="凑整",
            approver=MANAGERS_YES,
        )  # fmt: skip

    # --- aside and back ---

    @precondition(lambda self: self.counter.basket.lines)
    @rule()
    def hold(self) -> None:
        self.attempt(self.counter.hold, "王阿姨")

    @precondition(lambda self: self.counter.held())
    @rule(n=st.integers(0, 3))
    def resume(self, n: int) -> None:
        held = self.counter.held()
        if n < len(held):
            wanted = held[n].basket
            self.attempt(self.counter.resume, held[n].id)
            if self.counter.basket.id == wanted.id:
                assert self.counter.basket.lines == wanted.lines

    @precondition(lambda self: self.counter.basket.lines)
    @rule()
    def cancel(self) -> None:
        self.attempt(self.counter.cancel, "不要了")

    # --- money ---

    @precondition(lambda self: self.counter.basket.lines)
    @rule()
    def to_the_money(self) -> None:
        self.attempt(self.counter.checkout)

    @precondition(lambda self: self.counter.stage is Stage.COLLECTING)
    @rule()
    def back(self) -> None:
        self.attempt(self.counter.back)

    @precondition(lambda self: self.counter.basket.lines)
    @rule(amount=st.one_of(st.none(), st.integers(-5, 700_00)))
    def pay(self, amount: int | None) -> None:
        before = self.counter.basket
        self.completed(before.id, self.attempt(self.counter.pay_cash, amount))

    @precondition(lambda self: self.counter.basket.lines)
    @rule(
        tender=st.sampled_from(("card", "transfer")),
        amount=st.one_of(st.none(), st.integers(1, 40_00)),
    )
    def pay_elsewhere(self, tender: str, amount: int | None) -> None:
        before = self.counter.basket
        done = self.attempt(self.counter.pay_by_reference, tender, amount, "凭证 77")
        self.completed(before.id, done)

    def completed(self, basket: str, done: Completed | None) -> None:
        """What a sale must be, if there was one."""
        if done is None:
            return
        assert done.id == basket
        sale = done.sale
        assert sum(line.paid for line in sale.lines) == sale.due
        assert sum(tender.tendered for tender in sale.tenders) - sale.change == sale.due
        self.sold(done.id, sale)

    def sold(self, _fact: str, sale: SaleCompleted) -> None:
        """Remember a sale as the shop would, apart from the books."""
        self.sales += 1
        self.cash += sum(each.amount for each in sale.tenders if each.tender == "cash")
        for line in sale.lines:
            taken = [(part.product, part.quantity) for part in line.parts] or [
                (line.product, line.quantity)
            ]
            for product, quantity in taken if line.kind not in ("deposit", "service") else ():
                self.moved[product] = self.moved.get(product, 0) + quantity

    @precondition(lambda self: self.sales)
    @rule()
    def reprint(self) -> None:
        self.attempt(self.counter.receipts.reprint)

    # --- the shop around it ---

    @rule(seconds=st.integers(1, 900))
    def time_passes(self, seconds: int) -> None:
        self.floor.ok("wait", seconds=seconds)

    @rule()
    def power_cut(self) -> None:
        before = self.counter.basket
        self.floor.restart(CASHIER)
        after = self.counter.basket
        if before.lines or before.question:
            assert after == before
        collecting = bool(before.handed) or before.cash_chosen
        assert (self.counter.stage is Stage.COLLECTING) is collecting

    @precondition(lambda self: not self.counter.basket.handed)
    @rule(counted=st.integers(0, 2000_00))
    def next_shift(self, counted: int) -> None:
        closed = self.counter.desk.close_shift(counted)
        assert closed.expected == self.cash and closed.counted == counted
        self.counter.desk.open_shift(500_00)
        self.cash = 500_00

    @rule()
    def somebody_presses_what_is_not_theirs(self) -> None:
        desk = self.counter.desk
        for press in (
            lambda: desk.open_drawer("看"),
            desk.z_report,
            lambda: desk.move_cash(1, "x"),
        ):
            with pytest.raises(ShopError):
                press()

    @rule()
    def somebody_presses_what_makes_no_sense_here(self) -> None:
        """Most of it is refused; what is not is undone by the next customer."""
        counter = self.counter
        self.attempt(counter.back)
        self.attempt(counter.reduce, 9, discount=Discount(permille=50), reason="促销")
        self.attempt(counter.resume, "no such basket")
        self.attempt(counter.checkout)
        self.attempt(counter.hold)

    # --- what always holds ---

    @invariant()
    def the_books_agree(self) -> None:
        """Looked at whenever a fact was written."""
        head = self.floor.rows("SELECT count(*) FROM entry")
        if head != self.proved:
            self.prove()
            self.proved = head

    def prove(self) -> None:
        """What the tables say is what happened."""
        self.the_drawer_holds_float_and_cash()
        self.receipts_run_without_a_gap_and_each_sale_has_one_paper()
        self.what_was_sold_is_missing_on_the_shelf()

    def the_drawer_holds_float_and_cash(self) -> None:
        books = self.floor.till.books
        with books.read() as db:
            shift = self.counter.desk.shift
            assert shift is not None
            assert queries.expected_cash(db, books.shop, books.till, shift.shift) == self.cash

    def receipts_run_without_a_gap_and_each_sale_has_one_paper(self) -> None:
        numbers: dict[str, list[int]] = {}
        for day, number in self.floor.rows(
            "SELECT day, sequence FROM sale UNION ALL SELECT day, sequence FROM refund ORDER BY 2"
        ):
            numbers.setdefault(day, []).append(number)
        assert all(each == list(range(1, len(each) + 1)) for each in numbers.values())
        assert self.floor.rows("SELECT count(*) FROM sale") == [(self.sales,)]
        papers = self.floor.rows(
            "SELECT count(DISTINCT fact), count(*) FROM print_job"
            " WHERE kind = 'receipt' AND title NOT LIKE '%重印%'"
        )
        assert papers == [(self.sales, self.sales)]

    def what_was_sold_is_missing_on_the_shelf(self) -> None:
        rows = self.floor.rows(
            "SELECT product, sum(quantity) FROM on_hand WHERE place = 'shelf' GROUP BY product"
        )
        left = dict(rows)
        for product, quantity in self.moved.items():
            assert left.get(product, 0) == 100_000 - quantity

    @invariant()
    def an_open_basket_lies_on_the_disk_once(self) -> None:
        drafts = self.floor.rows("SELECT basket FROM draft WHERE state = 'open'")
        assert len(drafts) <= 1
        sold = {row[0] for row in self.floor.rows("SELECT sale FROM sale")}
        assert not sold & {row[0] for row in self.floor.rows("SELECT basket FROM draft")}
        if self.counter.basket.lines:
            assert drafts == [(self.counter.basket.id,)]
