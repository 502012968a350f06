"""Who comes to the counter of a demo day and what they do there: the dice decide, the till acts."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from app.catalogue.queries import all_barcodes, all_products
from app.catalogue.rules import sellable
from app.catalogue.scales import DEMO_FORMATS, make_label
from app.clock import SettableClock
from app.content import Paper
from app.facts.base import Fact
from app.facts.catalogue import Product
from app.facts.sales import (
    BasketCancelled,
    BasketHeld,
    LineRemoved,
    ReceiptReprinted,
    RefundCompleted,
    SaleCompleted,
)
from app.ids import seeded
from app.money import line_amount
from app.pricing.rules import Discount
from app.quantity import shown
from app.sales.counter import Counter
from app.staff.rules import Approver
from ui.console import Seat
from ui.console_commands import COMMANDS
from ui.startup import Till

FLOAT = 500_00
SKIM_ABOVE, SKIM = 4_000_00, 2_000_00
"""抽钞: above so much in the drawer, so much goes to the safe."""
LEAD, MANAGER = Approver("201", "135791"), Approver("301", "864209")
BY_LEAD = {"approver": LEAD.number, "approver_pin": LEAD.pin}
BY_MANAGER = {"approver": MANAGER.number, "approver_pin": MANAGER.pin}
MOST_ON_LABEL = 999_99
"""Five digits; dearer goods are weighed at the counter."""
LARGEST_REFUND = 500_00
"""What a lead on the spot may give back, fen."""
PAPERS_KEPT = 3
Choice = TypeVar("Choice")


class Dice:
    """Chances that are the same for the same seed."""

    def __init__(self, seed: str) -> None:
        self._bytes = seeded(seed)

    def below(self, most: int) -> int:
        """A number from 0 up to `most`, itself left out."""
        return int.from_bytes(self._bytes(8), "big") % most

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        """One of them."""
        return choices[self.below(len(choices))]

    def chance(self, percent: int) -> bool:
        """So often in a hundred."""
        return self.below(100) < percent


class Tally(msgspec.Struct):
    """What happened at one till, counted from the facts as they were recorded. Amounts in fen."""

    sales: int = 0
    lines: int = 0
    pieces: int = 0
    goods: int = 0
    """What the goods cost before anything was taken off."""
    reduced: int = 0
    rounding: int = 0
    due: int = 0
    tax: int = 0
    """Less what went back with refunds, as Z says it."""
    labels: int = 0
    removed: int = 0
    held: int = 0
    cancelled: int = 0
    reprints: int = 0
    refunds: int = 0
    refunded: int = 0
    skimmed: int = 0
    papers: int = 0

    def count(self, facts: Sequence[Fact]) -> None:
        """A transaction's facts, after its commit."""
        for fact in facts:
            match fact:
                case SaleCompleted():
                    self._sale(fact)
                case LineRemoved():
                    self.removed += 1
                case BasketHeld():
                    self.held += 1
                case BasketCancelled():
                    self.cancelled += 1
                case ReceiptReprinted():
                    self.reprints += 1
                case RefundCompleted():
                    self.refunds += 1
                    self.refunded += fact.amount
                    self.tax -= fact.tax

    def _sale(self, sale: SaleCompleted) -> None:
        self.sales += 1
        self.lines += len(sale.lines)
        self.pieces += sale.pieces
        self.labels += sum(line.source == "label" for line in sale.lines)
        self.goods += sale.gross
        for name in ("reduced", "rounding", "due", "tax"):
            setattr(self, name, getattr(self, name) + getattr(sale, name))

    @property
    def in_drawer(self) -> int:
        """Cash that should lie there while the shift runs."""
        return FLOAT + self.due - self.refunded - self.skimmed


class Goods(msgspec.Struct, frozen=True):
    """A product with the barcode on it, "" when it has none."""

    product: Product
    barcode: str


class Day:
    """One till's counter while the day runs: who comes next is decided by the dice."""

    def __init__(self, till: Till, clock: SettableClock, dice: Dice) -> None:
        self.till = till
        self.seat = Seat(till, clock)
        self.counter: Counter = till.counter
        self.clock = clock
        self.dice = dice
        self.tally = Tally()
        self._kept: dict[str, list[Paper]] = {}
        self._back: set[str] = set()
        """Receipts whose goods came back already."""
        till.books.listeners.append(self._recorded)
        self._goods = _goods_on_sale(till)

    def _recorded(self, facts: Sequence[Fact]) -> None:
        """Facts the other till wrote come by as well, once the hub has brought them."""
        self.tally.count(
            [fact for fact in facts if getattr(fact, "till", "") == self.till.books.till]
        )

    # --- One customer ----------------------------------------------------------------------

    def serve(self, pause_ms: int) -> None:
        """A customer comes; now and then one waits, changes their mind or goes away."""
        dice, counter = self.dice, self.counter
        self.clock.advance(pause_ms // 2 + dice.below(max(pause_ms, 1)) + 1000)
        self.fill()
        if dice.chance(7) and len(counter.basket.lines) > 1:
            counter.remove(counter.basket.lines[-1].line)
        if not counter.basket.lines:
            return
        if dice.chance(6):
            self._let_another_first()
        if dice.chance(8):
            self._reduce()
        if dice.chance(2):
            counter.cancel(dice.one_of(("顾客忘带钱", "顾客不要了")))
            return
        self._pay()
        if dice.chance(5):
            counter.receipts.reprint()
        if dice.chance(3):
            self.bring_back()
        if self.tally.in_drawer > SKIM_ABOVE:
            counter.desk.move_cash(-SKIM, "抽钞入保险柜", LEAD)
            self.tally.skimmed += SKIM
        self.print_papers()

    def fill(self) -> None:
        """Goods for one customer."""
        for _ in range(1 + self.dice.below(self.dice.one_of((2, 3, 4, 8)))):
            self._bring(self.dice.one_of(self._goods))
        if self.dice.chance(40):
            self.counter.add("99001", source="quick")

    def _bring(self, goods: Goods) -> None:
        """Goods reach the basket the way they do in the shop: scanned, labelled or picked."""
        one, dice, counter = goods.product, self.dice, self.counter
        if one.weighed:
            grams = 150 + dice.below(2_850)
            amount = line_amount(one.price, grams)
            if dice.chance(80) and amount <= MOST_ON_LABEL:
                form = dice.one_of(DEMO_FORMATS)
                counter.scan(make_label(form, one.code, amount=amount, weight=grams))
            else:
                counter.add(one.code)
                counter.answer("weight", shown(grams, weighed=True))
        elif goods.barcode:
            counter.scan(goods.barcode, times=1000 * dice.one_of((1, 1, 1, 2, 3)))
        else:
            counter.add(one.code, source="quick")
        while (asked := counter.basket.question) is not None:
            counter.answer(asked.question, "yes")

    def _let_another_first(self) -> None:
        """挂单: the first customer fetches something, the next one is served meanwhile."""
        self.counter.hold("拿东西")
        self.clock.advance(20_000)
        self.fill()
        self._pay()
        self.counter.resume()

    def _reduce(self) -> None:
        line = self.dice.one_of(self.counter.basket.lines)
        if line.reducible:
            decided = Discount(permille=50)
            self.counter.reduce(line.line, discount=decided, reason="包装磕碰")

    def _pay(self) -> None:
        due = self.counter.choose_cash().open
        note = self.dice.one_of((1, 1, 10_00, 50_00, 100_00))
        self.counter.pay_cash(-(-due // note) * note)

    def bring_back(self) -> None:
        """退货: the last customer is still at the door and brings one thing back."""
        last = self.counter.last
        lines = [line for line in last.sale.lines if line.paid <= LARGEST_REFUND] if last else []
        if last is None or not lines or last.sale.number in self._back:
            return
        line = lines[0]
        back = {"line": line.line, "quantity": shown(line.quantity, weighed=bool(line.weighed)),
                "reason": "quality", "disposition": "shelf"}  # fmt: skip
        self._back.add(last.sale.number)
        self.say("refund", receipt=last.sale.number, lines=[back], **BY_LEAD)

    def say(self, do: str, **fields: Any) -> dict[str, Any]:
        """A command at this counter, as whoever serves it would give it."""
        answer = COMMANDS.carry_out(self.seat, json.dumps({"do": do, **fields}))
        assert answer["ok"], answer
        return answer

    # --- Paper -----------------------------------------------------------------------------

    def print_papers(self) -> None:
        """Everything that waits comes out; some of each kind are kept to be looked at."""
        for job in self.till.devices.queue.open_jobs():
            if job.paper.blocks:
                self.tally.papers += 1
                kept = [*self._kept.get(job.kind, []), job.paper]
                # The fullest ones show most; of equal ones the first.
                kept.sort(key=lambda paper: -len(paper.blocks))
                self._kept[job.kind] = kept[:PAPERS_KEPT]
        self.till.devices.step()

    def kept(self) -> dict[str, Paper]:
        """The papers worth a look by name ("receipt-1")."""
        return {
            f"{kind}-{number}": paper
            for kind, papers in self._kept.items()
            for number, paper in enumerate(papers, 1)
        }


def _goods_on_sale(till: Till) -> list[Goods]:
    """What this counter may sell, in the order of codes; bags are offered on their own."""
    with till.books.read() as db:
        products = all_products(db, till.books.shop)
        barcodes = {one.product: one.code for one in all_barcodes(db, till.books.shop).values()}
    return [
        Goods(one, barcodes.get(one.code, ""))
        for one in products.values()
        if sellable(one) is None and one.reducible
    ]
