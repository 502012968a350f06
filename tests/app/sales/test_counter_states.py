"""Any order of what people do at a counter, power cuts included, leaves books that agree."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from app.errors import Refusal, ShopError
from app.pricing.rules import Discount
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
            if action == self.counter.pay_cash:
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

    @precondition(lambda self: self.counter.basket.question)
    @rule(value=st.sampled_from(("yes", "no", "0.345", "maybe")))
    def answer(self, value: str) -> None:
        asked = self.counter.basket.question
        self.attempt(self.counter.answer, asked.question, value)

    @rule(line=st.integers(1, 6), text=st.sampled_from(("1", "3", "0.250", "0", "-2", "999999")))
    def set_quantity(self, line: int, text: str) -> None:
        self.attempt(self.counter.set_quantity, line, text)

    @rule(line=st.integers(1, 6), yes=st.booleans())
    def remove(self, line: int, yes: bool) -> None:
        self.attempt(self.counter.remove, line, **({"approver": LEADS_YES} if yes else {}))

    @rule(line=st.integers(0, 4), permille=st.sampled_from((50, 100, 300)), yes=st.booleans())
    def percent_off(self, line: int, permille: int, yes: bool) -> None:
        named = {"approver": MANAGERS_YES} if yes else {}
        self.attempt(
            self.counter.reduce, line, discount=Discount(permille=permille), reason="促销", **named
        )

    @rule(line=st.integers(0, 4), amount=st.integers(1, 60_00))
    def amount_off(self, line: int, amount: int) -> None:
        self.attempt(
            self.counter.reduce, line, discount=Discount(amount=amount), reason="凑整",
            approver=MANAGERS_YES,
        )  # fmt: skip

    # --- aside and back ---

    @rule()
    def hold(self) -> None:
        self.attempt(self.counter.hold, "王阿姨")

    @rule(n=st.integers(0, 3))
    def resume(self, n: int) -> None:
        held = self.counter.held()
        if n < len(held):
            wanted = held[n].basket
            self.attempt(self.counter.resume, held[n].id)
            if self.counter.basket.id == wanted.id:
                assert self.counter.basket.lines == wanted.lines

    @rule()
    def cancel(self) -> None:
        self.attempt(self.counter.cancel, "不要了")

    # --- money ---

    @rule()
    def to_the_money(self) -> None:
        self.attempt(self.counter.checkout)

    @rule()
    def back(self) -> None:
        self.attempt(self.counter.back)

    @rule(amount=st.one_of(st.none(), st.integers(-5, 700_00)))
    def pay(self, amount: int | None) -> None:
        before = self.counter.basket
        done = self.attempt(self.counter.pay_cash, amount)
        if done is None:
            return
        sale = done.sale
        self.sales += 1
        self.cash += sale.due
        assert done.id == before.id
        assert sum(line.paid for line in sale.lines) == sale.due
        assert sum(tender.tendered for tender in sale.tenders) - sale.change == sale.due
        for line in sale.lines:
            taken = [(part.product, part.quantity) for part in line.parts] or [
                (line.product, line.quantity)
            ]
            for product, quantity in taken if line.kind not in ("deposit", "service") else ():
                self.moved[product] = self.moved.get(product, 0) + quantity

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

    # --- what always holds ---

    @invariant()
    def the_drawer_holds_float_and_cash(self) -> None:
        books = self.floor.till.books
        with books.read() as db:
            shift = self.counter.desk.shift
            assert shift is not None
            assert queries.expected_cash(db, books.shop, books.till, shift.shift) == self.cash

    @invariant()
    def receipts_run_without_a_gap_and_each_sale_has_one_paper(self) -> None:
        numbers = self.floor.rows("SELECT sequence FROM sale ORDER BY seq")
        assert [number for (number,) in numbers] == list(range(1, self.sales + 1))
        papers = self.floor.rows(
            "SELECT count(DISTINCT fact), count(*) FROM print_job"
            " WHERE kind = 'receipt' AND title NOT LIKE '%重印%'"
        )
        assert papers == [(self.sales, self.sales)]

    @invariant()
    def what_was_sold_is_missing_on_the_shelf(self) -> None:
        rows = self.floor.rows("SELECT product, sum(quantity) FROM on_hand GROUP BY product")
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


def test_any_order_of_things_at_the_counter_leaves_books_that_agree(
    demo_folder: Path, soak: bool
) -> None:
    class Here(AtTheCounter):
        template = demo_folder

    profile = settings(
        max_examples=300 if soak else 8,
        stateful_step_count=60 if soak else 40,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    run(Here, settings=profile)
