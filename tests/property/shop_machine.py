"""The whole shop around the counter, in any order: goods and money that come back, members, cash
by hand, nights, shifts and Z, against a second set of books kept in plain numbers."""

from collections import defaultdict
from fractions import Fraction

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.clock import local
from app.facts.sales import RefundCompleted, SaleCompleted, SaleLine
from app.sales.queries import stored
from app.sales.refund_lines import Loose
from app.sales.refund_rules import Back
from app.shifts.report import Report
from app.staff.rules import NOBODY
from tests.property.counter_machine import MANAGERS_YES
from tests.property.customer_machine import PHONE, WhatCustomersHave

FLOAT = 500_00


def business_day(now_ms: int) -> str:
    """The day a turn that begins now belongs to: until four in the morning it is yesterday's."""
    return local(now_ms - 4 * 3_600_000).date().isoformat()


class Sold(msgspec.Struct):
    """A sale as somebody with a pencil would keep it."""

    id: str
    number: str
    sale: SaleCompleted
    back: dict[int, tuple[int, int]] = {}
    """By line what came back: thousandths and fen."""
    given: int = 0
    """Fen that went back of it altogether."""

    def left(self, line: SaleLine) -> tuple[int, int]:
        """What may still come back of a line."""
        quantity, amount = self.back.get(line.line, (0, 0))
        return line.quantity - quantity, line.paid - amount


def share(line: SaleLine, wanted: int, quantity: int, amount: int) -> int:
    """Fen for so much of a line of which `quantity` and `amount` are left."""
    exact = Fraction(line.paid * wanted, line.quantity) + Fraction(1, 2)
    return amount if wanted == quantity else min(int(exact), amount)


class Takings(msgspec.Struct):
    """What was taken since the last Z. Fen."""

    sales: int = 0
    gross: int = 0
    refunds: int = 0
    rounding: int = 0
    tax: int = 0
    tenders: dict[str, int] = msgspec.field(default_factory=lambda: defaultdict(int))


class AroundTheShop(WhatCustomersHave):
    """Everything one till does in some days."""

    def __init__(self) -> None:
        super().__init__()
        self.receipts: list[Sold] = []
        self.today = Takings()
        self.grand = 0
        self.uncounted = 0
        self.promised: dict[str, tuple[Sold, SaleLine, int]] = {}
        self.loose: dict[str, int] = defaultdict(int)
        # The morning's first customer, so that goods may come back from the first step on.
        self.counter.scan("12003")
        self.counter.choose_member(phone=PHONE)
        for way in ("card and cash", "a note"):
            self.buy(["11014", "12003", "99001", "21006"], way)

    def sold(self, fact: str, sale: SaleCompleted) -> None:
        super().sold(fact, sale)
        if sale.exchange:
            self._exchanged(fact)
        self.receipts.append(Sold(fact, sale.number, sale))
        self.today.sales += 1
        self.today.gross += sale.due
        self.today.rounding += sale.rounding
        self.today.tax += sale.tax
        for each in sale.tenders:
            self.today.tenders[each.tender] += each.amount
        goods = sum(line.paid for line in sale.lines if line.reducible)
        assert sale.points_earned == (goods // 100 if sale.member else 0)
        self.gave(sale)

    # --- goods come back ---

    @precondition(lambda self: self.receipts)
    @rule(
        which=st.integers(0, 99),
        n=st.integers(0, 9),
        part=st.sampled_from((1, 345, 1000, 2000, None, None)),
        more=st.sampled_from((0, 0, 0, 1000)),
        disposition=st.sampled_from(("shelf", "scrap", "maker")),
        yes=st.sampled_from((MANAGERS_YES, MANAGERS_YES, NOBODY)),
    )
    def goods_come_back(
        self, which: int, n: int, part: int | None, more: int, disposition: str, yes: object
    ) -> None:
        receipt = self.receipts[which % len(self.receipts)]
        line = receipt.sale.lines[n % len(receipt.sale.lines)]
        quantity, amount = self._free(receipt, line)
        wanted = (quantity if part is None else part) + more
        back = [Back(line.line, wanted, "quality", disposition)]
        done = self.attempt(self.counter.refunds.refund, receipt.number, back, yes)
        if done is None:
            return
        assert 0 < wanted <= quantity
        given = share(line, wanted, quantity, amount)
        self._given_back(done.refund, given)
        self._goods_are_back(receipt, line, wanted, done.refund)
        self._points_go(receipt, done.refund, given)

    @rule(
        quantity=st.sampled_from((0, 1000, 3000)),
        price=st.integers(0, 13_00),
        yes=st.sampled_from((MANAGERS_YES, MANAGERS_YES, NOBODY)),
    )
    def goods_come_back_without_a_receipt(self, quantity: int, price: int, yes: object) -> None:
        loose = [Loose("11014", quantity, price, "wrong_goods", "scrap")]
        done = self.attempt(self.counter.refunds.without_receipt, loose, yes)
        if done is not None:
            assert quantity and yes
            self._given_back(done.refund, price * quantity // 1000)
            self.loose[done.refund.day] += done.refund.amount
            assert self.loose[done.refund.day] <= 500_00

    @precondition(lambda self: self.receipts and self.counter.basket.exchange is None)
    @rule(
        which=st.integers(0, 99),
        n=st.integers(0, 9),
        part=st.sampled_from((345, 1000, None, None)),
        disposition=st.sampled_from(("shelf", "scrap")),
    )
    def old_goods_for_new_ones(
        self, which: int, n: int, part: int | None, disposition: str
    ) -> None:
        receipt = self.receipts[which % len(self.receipts)]
        line = receipt.sale.lines[n % len(receipt.sale.lines)]
        quantity, amount = self._free(receipt, line)
        wanted = quantity if part is None else part
        back = [Back(line.line, wanted, "quality", disposition)]
        found = self.attempt(self.counter.exchange, receipt.number, back, MANAGERS_YES)
        if found is not None:
            assert 0 < wanted <= quantity
            assert found.amount == share(line, wanted, quantity, amount)
            self.promised[self.counter.basket.id] = (receipt, line, wanted)

    @precondition(lambda self: self.counter.basket.exchange is not None)
    @rule()
    def the_old_goods_stay(self) -> None:
        self.attempt(self.counter.drop_exchange)

    def _exchanged(self, basket: str) -> None:
        """A sale that old goods paid for stands beside their refund."""
        receipt, line, wanted = self.promised[basket]
        with self.floor.till.books.read() as db:
            ((number,),) = self.floor.rows("SELECT refund FROM refund ORDER BY seq DESC LIMIT 1")
            refund = stored(db, number).fact
        assert isinstance(refund, RefundCompleted)
        assert refund.exchange == basket and refund.sale == receipt.id
        given = share(line, wanted, *receipt.left(line))
        self._given_back(refund, given)
        self._goods_are_back(receipt, line, wanted, refund)
        self._points_go(receipt, refund, given)

    def _free(self, receipt: Sold, line: SaleLine) -> tuple[int, int]:
        """What may come back of a line and is promised to no basket."""
        quantity, amount = receipt.left(line)
        held = [each.basket for each in self.counter.held()]
        for basket in (self.counter.basket, *held):
            if basket.exchange is not None and basket.exchange.sale == receipt.id:
                for each in basket.exchange.lines:
                    if each.original_line == line.line:
                        quantity, amount = quantity - each.quantity, amount - each.amount
        return quantity, amount

    def _goods_are_back(
        self, receipt: Sold, line: SaleLine, wanted: int, refund: RefundCompleted
    ) -> None:
        (back,) = refund.lines
        was = receipt.back.get(line.line, (0, 0))
        receipt.back[line.line] = (was[0] + wanted, was[1] + refund.amount)
        if back.disposition == "shelf" and line.kind not in ("deposit", "service"):
            for each in back.parts or (back,):
                self.moved[each.product] -= each.quantity

    def _points_go(self, receipt: Sold, refund: RefundCompleted, given: int) -> None:
        """All parts of a sale together take all its points back."""
        sale, before = receipt.sale, receipt.given
        receipt.given += given
        earned = sale.points_earned
        points = earned * receipt.given // sale.due - earned * before // sale.due if sale.due else 0
        assert refund.points == points
        used = sale.points_used
        returned = used * receipt.given // sale.due - used * before // sale.due if sale.due else 0
        assert refund.points_returned == returned
        self.points += returned - points

    def _given_back(self, refund: RefundCompleted, given: int) -> None:
        assert refund.amount == given == sum(each.amount for each in refund.tenders)
        self.today.refunds += given
        self.today.tax -= refund.tax
        for each in refund.tenders:
            self.today.tenders[each.tender] -= each.amount
            if each.tender == "cash":
                self.cash -= each.amount
        self.got_back(refund)

    # --- cash by hand, and money customers leave ---

    @rule(
        amount=st.integers(-300_00, 300_00),
        yes=st.sampled_from((MANAGERS_YES, MANAGERS_YES, NOBODY)),
    )
    def cash_by_hand(self, amount: int, yes: object) -> None:
        before = self.floor.rows("SELECT count(*) FROM taking")
        self.attempt(self.counter.desk.move_cash, amount, "备用金", yes)
        if self.floor.rows("SELECT count(*) FROM taking") != before:
            assert amount and yes
            self.cash += amount

    # --- shifts, nights and Z ---

    @precondition(lambda self: not self.counter.basket.handed)
    @rule(counted=st.integers(0, 2000_00))
    def the_day_is_closed(self, counted: int) -> None:
        desk = self.counter.desk
        day = desk.day
        closed = desk.close_shift(counted)
        assert (closed.expected, closed.counted, closed.day) == (self.cash, counted, day)
        x = desk.x_report()
        _, z = desk.z_report(MANAGERS_YES)
        assert x == z
        self._z_was_made()
        desk.open_shift(FLOAT)
        self.cash = FLOAT

    @precondition(lambda self: not self.counter.basket.handed)
    @rule(hours=st.integers(10, 30))
    def nobody_closes_for_a_night(self, hours: int) -> None:
        desk = self.counter.desk
        before, day = desk.shift, desk.day
        self.floor.ok("wait", seconds=hours * 3600)
        if self.counter.desk.in_shift() == before:
            return
        # The turn ended by itself: the day has its Z, and the drawer goes on as it ought to be.
        assert desk.day > day and desk.day == business_day(self.floor.clock.wall_ms())
        self.uncounted += 1
        self._z_was_made()

    @precondition(lambda self: self.uncounted)
    @rule(counted=st.integers(0, 2000_00))
    def a_night_is_counted_late(self, counted: int) -> None:
        late = self.counter.desk.count_shift(counted, reason="还不清楚")
        assert late.counted == counted
        self.uncounted -= 1

    def _z_was_made(self) -> None:
        self.grand += self.today.gross - self.today.refunds
        ((gross, refunds, net, grand),) = self.floor.rows(
            "SELECT gross, refunds, net, grand_total FROM day_closed ORDER BY seq DESC LIMIT 1"
        )
        assert (gross, refunds) == (self.today.gross, self.today.refunds)
        assert (net, grand) == (gross - refunds, self.grand)
        self.today = Takings()

    # --- what always holds ---

    def prove(self) -> None:
        super().prove()
        self.x_says_what_a_pencil_says()
        self.what_may_come_back_is_what_was_paid_less_what_came_back()
        self.the_member_has_their_points()
        self.the_member_has_what_they_paid_ahead()
        self.no_turn_is_forgotten()

    def x_says_what_a_pencil_says(self) -> None:
        report: Report = self.counter.desk.x_report()
        today = self.today
        assert (report.sales, report.gross, report.refunds) == (
            today.sales,
            today.gross,
            today.refunds,
        )
        assert (report.rounding, report.tax) == (today.rounding, today.tax)
        assert report.expected_cash == self.cash
        net = {each.tender: each.taken - each.given for each in report.tenders}
        assert net == {tender: today.tenders[tender] for tender in net}
        assert sum(net.values()) == report.net == sum(report.cashiers.values())

    def what_may_come_back_is_what_was_paid_less_what_came_back(self) -> None:
        for receipt in self.receipts[-2:]:
            seen = self.counter.refunds.look(receipt.number)
            for each in seen.lines:
                assert (each.left.quantity, each.left.amount) == self._free(receipt, each.line)
                assert each.left.amount >= 0

    def no_turn_is_forgotten(self) -> None:
        waiting = self.floor.rows(
            "SELECT count(*) FROM shift_closed WHERE uncounted = 1"
            " AND shift NOT IN (SELECT shift FROM shift_counted)"
        )
        assert waiting == [(self.uncounted,)]
