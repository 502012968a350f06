"""A second set of books for each till, kept in plain numbers from what was written, by other rules
than the program's: what lies in the drawer, what the Z must say, what stands on the shelf.
"""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.facts.base import Fact
from app.facts.journals import JournalOpened
from app.facts.payments import PaymentMoved
from app.facts.sales import RefundCompleted, SaleCompleted
from app.facts.shifts import CashMoved, DayClosed, ShiftClosed, ShiftOpened
from app.facts.stock import GoodsReceived, StockAdjusted, TransferReceived, TransferSent
from app.journal.rebuild import read
from app.journal.stored import StoredEntry
from app.journal.tables import entry, own_journal
from tests.simulation.charges import made_by_a_bill

if TYPE_CHECKING:
    from tests.simulation.till_node import TillNode

OWN = "SELECT * FROM entry WHERE journal IN (SELECT journal FROM own_journal)"
SLIP_FEN = 1_000_00
"""By so much a price is too high when somebody at head office slips: nobody can mean it."""
MOST_AT_ONCE = 12
"""No act of the workload writes more facts than this in one transaction."""


@dataclass
class Takings:
    """Since the last Z, in fen."""

    sales: int = 0
    gross: int = 0
    refunds: int = 0
    rounding: int = 0
    tax: int = 0
    tenders: Counter[str] = field(default_factory=Counter)


@dataclass
class Pencil:
    """One till's second books."""

    entries: int = 1
    """How many entries of its own the till has written: its template brought some."""
    counted_once: bool = False
    cash: int = 0
    today: Takings = field(default_factory=Takings)
    grand: int = 0
    back: Counter[tuple[str, int]] = field(default_factory=Counter)
    """(sale, line) -> thousandths that came back."""
    stock: Counter[str] = field(default_factory=Counter)
    """Article -> thousandths that came and went since the template."""
    complete: list[str] = field(default_factory=list)
    """Sales somebody was told are complete."""
    numbers: list[tuple[str, str]] = field(default_factory=list)
    """(receipt number, sale): what may come back."""
    begun: dict[str, int] = field(default_factory=dict)
    """Basket -> when its first goods were rung up (the heap's time)."""
    returned: int = 0
    """Entries of its own that it had lost with its disk and that came back from the hub."""
    blurred: bool = False
    """Some of them are in the drawer's books, not in these: until the next Z."""

    def copy(self) -> "Pencil":
        """As it stands now, for ever."""
        return deepcopy(self)

    # --- taking facts ----------------------------------------------------------------------

    def take_all(self, facts: Sequence[Fact], till: "TillNode") -> None:
        """What one transaction wrote."""
        self.entries += len(facts)
        for fact in facts:
            self.take(fact, till)

    def take(self, fact: Fact, till: "TillNode") -> None:
        """One fact, held against what stands here, then added."""
        match fact:
            case SaleCompleted():
                self._sold(fact, till)
            case RefundCompleted():
                self._came_back(fact, till)
            case ShiftOpened():
                self.cash = fact.float_fen
            case CashMoved():
                self.cash += fact.amount
            case ShiftClosed() if not self.blurred:
                till.world.expect(
                    6, fact.expected == self.cash,
                    f"{till.name}: the drawer should hold {self.cash}, not {fact.expected}",
                )  # fmt: skip
            case DayClosed():
                self._closed(fact, till)
            case PaymentMoved(state="LATE_CAPTURED"):
                till.heap.sometimes("late success after reverse")
            case JournalOpened() if fact.reason != "first":
                till.heap.sometimes(f"next journal: {fact.reason}")
            case GoodsReceived():
                for line in fact.lines:
                    self.stock[line.product] += line.quantity
            case TransferSent():
                for sent in fact.lines:
                    self.stock[sent.product] -= sent.quantity
            case TransferReceived():
                for came in fact.lines:
                    self.stock[came.sent.product] += came.quantity
            case StockAdjusted():
                for one in fact.lines:
                    self.stock[one.product] += one.quantity

    def _sold(self, fact: SaleCompleted, till: "TillNode") -> None:
        taken = sum(each.amount for each in fact.tenders)
        handed = sum(each.tendered for each in fact.tenders)
        lines = sum(line.paid for line in fact.lines)
        till.world.expect(
            4, lines == fact.due == taken == handed - fact.change,
            f"{till.name}: {fact.number} has lines {lines}, due {fact.due}, taken {taken},"
            f" handed {handed}, change {fact.change}",
        )  # fmt: skip
        today = self.today
        today.sales += 1
        today.gross += fact.due
        today.rounding += fact.rounding
        today.tax += fact.tax
        for each in fact.tenders:
            today.tenders[each.tender] += each.amount
            if each.tender == "cash":
                self.cash += each.amount
        self._priced(fact, till)
        for line in fact.lines:
            self.stock[line.product] -= line.quantity

    def _priced(self, fact: SaleCompleted, till: "TillNode") -> None:
        """At what counted at some moment since its goods were rung up: a lower price of that time
        was promised. What a bill makes a sale stands at what was asked for it."""
        if made_by_a_bill(fact):
            return
        since = self.begun.get(till.counter.basket.id, till.heap.now) if till.on else 0
        counted = [till.held[-1]]
        for later, one in zip(reversed(till.held), reversed(till.held[:-1]), strict=False):
            if later.since_ms < since:
                break
            counted.append(one)
        # As its own clock said as well, which may have been put back behind a new price.
        skew = till.clock.skew
        moments = (till.heap.now, till.heap.now + skew, since, since + skew)
        for line in fact.lines:
            till.world.expect(
                18, line.list_price < till.world.prices[line.product] + SLIP_FEN // 2,
                f"{till.name}: {fact.number} believes what head office cannot mean",
            )  # fmt: skip
            wanted = {one.price(line.product, moment) for one in counted for moment in moments}
            till.world.expect(
                16, line.list_price in wanted,
                f"{till.name}: {fact.number} sold {line.product} at {line.list_price},"
                f" not {sorted(wanted)}",
            )  # fmt: skip

    def _came_back(self, fact: RefundCompleted, till: "TillNode") -> None:
        till.world.expect(
            4, sum(each.amount for each in fact.tenders) == fact.amount,
            f"{till.name}: refund {fact.number} does not give what it owes",
        )  # fmt: skip
        self.today.refunds += fact.amount
        self.today.tax -= fact.tax
        for each in fact.tenders:
            self.today.tenders[each.tender] -= each.amount
            if each.tender == "cash":
                self.cash -= each.amount
        for line in fact.lines:
            self.back[fact.sale, line.original_line] += line.quantity
            if line.disposition != "scrap":
                self.stock[line.product] += line.quantity

    def _closed(self, fact: DayClosed, till: "TillNode") -> None:
        if self.blurred:
            self.grand, self.blurred, self.today = fact.grand_total, False, Takings()
            return
        today = self.today
        self.grand += today.gross - today.refunds
        said = (fact.sales, fact.gross, fact.refunds, fact.rounding, fact.tax, fact.net)
        mine = (today.sales, today.gross, today.refunds, today.rounding, today.tax,
                today.gross - today.refunds)  # fmt: skip
        till.world.expect(7, said == mine, f"{till.name}: Z {fact.day} says {said}, not {mine}")
        net = {each.tender: each.taken - each.given for each in fact.tenders}
        wanted = {name: today.tenders[name] for name in {*net, *today.tenders}}
        till.world.expect(
            7, {name: net.get(name, 0) for name in wanted} == wanted,
            f"{till.name}: Z {fact.day} has {net} by tender, not {wanted}",
        )  # fmt: skip
        till.world.expect(
            7, fact.grand_total == self.grand,
            f"{till.name}: grand total {fact.grand_total}, not {self.grand}",
        )  # fmt: skip
        self.today = Takings()

    # --- what came down --------------------------------------------------------------------

    def recount(self, taken: Sequence[Fact], till: "TillNode") -> None:
        """Something came down: a journal that was begun then is the till's own work, entries of
        its older ones are what it had lost."""
        writing = till.books.journal.public_key
        own = [each for each in taken if isinstance(each, JournalOpened)
               and each.public_key == writing and each.reason != "first"]  # fmt: skip
        self.take_all(own[:1], till)
        if any(getattr(each, "till", "") == till.number for each in taken if each not in own):
            # The open shift goes on in two machines, and is one shift in the books.
            till.heap.sometimes("another self's entries came down")
            self.blurred = True
        ((there,),) = till.rows(f"SELECT count(*) FROM ({OWN})")
        if there > self.entries:
            till.heap.sometimes("own entries came back")
            self.returned += there - self.entries
            self.entries, self.blurred = there, True

    # --- after the till came up ------------------------------------------------------------

    def compare(self, till: "TillNode") -> None:
        """What lies on the disk is what was written, and at most one transaction more: the one
        that was under way when the power went."""
        with till.books.read() as db:
            own = select(entry).where(entry.c.journal.in_(select(own_journal.c.journal)))
            rows = db.execute(own.order_by(entry.c.order_ms, entry.c.seq)).all()
        if not self.counted_once:
            # The template: a shop just filled, in which nothing was sold.
            self.entries, self.counted_once = len(rows), True
        till.world.expect(
            1, len(rows) >= self.entries,
            f"{till.name}: {self.entries} entries were written, {len(rows)} are there",
        )  # fmt: skip
        new = rows[self.entries :]
        till.world.expect(
            2, len(new) <= MOST_AT_ONCE, f"{till.name}: {len(new)} entries nobody knows of"
        )
        if new:
            till.heap.sometimes("killed after the commit")
        for row in new:
            stored = StoredEntry(row.journal, row.seq, row.content, row.hash, row.sig)
            said = read(stored)
            assert said is not None
            self.take(said[1], till)
        self.entries = len(rows)
        there = {row.fact for row in rows}
        gone = [sale for sale in self.complete if sale not in there]
        till.world.expect(1, not gone, f"{till.name}: told complete and gone: {gone[:3]}")
