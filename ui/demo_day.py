"""`./pos demo`: a shop day at the counter without a screen, by the same actions as the window.

One till as far as this release goes: opening stock, a shift, many cash sales with everything that
happens at a counter, the shift's close and the Z. The same seed gives the same day to the last
hash: time stands still between two customers, and every identity comes from the seed.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from app import demo
from app.catalogue.queries import all_barcodes, all_products
from app.catalogue.rules import sellable
from app.catalogue.scales import DEMO_FORMATS, make_label
from app.clock import SettableClock, parse_time
from app.content import Paper
from app.errors import Refusal
from app.facts.base import Fact
from app.facts.catalogue import Product
from app.facts.sales import (
    BasketCancelled,
    BasketHeld,
    LineRemoved,
    ReceiptReprinted,
    SaleCompleted,
)
from app.facts.shifts import DayClosed, ShiftClosed
from app.ids import Ids, seeded
from app.money import line_amount, yuan
from app.opening import is_set_up
from app.pricing.rules import Discount
from app.quantity import shown
from app.sales.counter import Counter
from app.staff.rules import Approver
from app.verification import verify_books
from ui.startup import Till, open_demo

OPENS = "2026-12-12T08:45:00+08:00"
LAST_CUSTOMER_MS = 11 * 3_600_000
FLOAT = 500_00
SKIM_ABOVE, SKIM = 4_000_00, 2_000_00
"""抽钞: above so much in the drawer, so much goes to the safe."""
NOTES = (100_00, 50_00, 20_00, 10_00, 5_00, 1_00, 50, 10, 5, 2, 1)
CASHIER, LEAD = ("101", "246810"), Approver("201", "135791")
assert CASHIER in [(number, pin) for number, _name, _role, pin in demo.PEOPLE]
MOST_ON_LABEL = 999_99
"""Five digits; dearer goods are weighed at the counter."""
PAPERS_KEPT = 3
LAST_LINES = 6
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
    """What happened, counted from the facts as they were recorded. Amounts in fen."""

    sales: int = 0
    lines: int = 0
    pieces: int = 0
    goods: int = 0
    """What the goods cost before anything was taken off."""
    reduced: int = 0
    rounding: int = 0
    due: int = 0
    tax: int = 0
    labels: int = 0
    removed: int = 0
    held: int = 0
    cancelled: int = 0
    reprints: int = 0
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
        return FLOAT + self.due - self.skimmed


class Goods(msgspec.Struct, frozen=True):
    """A product with the barcode on it, "" when it has none."""

    product: Product
    barcode: str


class Day:
    """The counter while the day runs: who comes next is decided by the dice."""

    def __init__(self, till: Till, clock: SettableClock, dice: Dice) -> None:
        self.till = till
        self.counter: Counter = till.counter
        self.clock = clock
        self.dice = dice
        self.tally = Tally()
        self._kept: dict[str, list[Paper]] = {}
        till.books.listeners.append(self.tally.count)
        self._goods = _goods_on_sale(till)

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


# --- The whole day -------------------------------------------------------------------------


def run(sales: int, seed: int, data: Path | None = None, out: Path | None = None) -> int:
    """Let the day pass; totals as one JSON line last. The exit code is 0 when all agrees.

    `data` becomes the demo shop's folder and stays; without it the day leaves nothing behind.
    `out` gets receipts, the shift report, Z and screens as PNG, and Z as PDF.
    Raises Refusal: folder_already_set_up, and what opening a folder raises.
    """
    with _folder(data) as folder:
        if is_set_up(folder):
            raise Refusal("folder_already_set_up")
        clock = SettableClock(parse_time(OPENS))
        ids = Ids(clock, seeded(f"demo day {seed}"))
        opened = open_demo(
            folder, till="1", stock=True, clock=clock, ids=ids, reserve=data is not None
        )
        till = Till(opened)
        try:
            totals = _pass_day(Day(till, clock, Dice(f"customers {seed}")), sales, out)
        finally:
            till.close()
    print(json.dumps({"seed": seed, **totals}, ensure_ascii=False))
    return 0 if totals["ok"] else 1


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="pos-demo-") as folder:
        yield Path(folder) / "shop"


def _pass_day(day: Day, sales: int, out: Path | None) -> dict[str, object]:
    counter, tally, clock = day.counter, day.tally, day.clock
    counter.desk.sign_in(*CASHIER)
    shift = counter.desk.open_shift(FLOAT)
    pause = LAST_CUSTOMER_MS // max(sales, 1)
    while tally.sales < sales:
        day.serve(pause)
    _last_customer(day, out)
    clock.advance(20 * 60_000)
    counted, notes = _counted(tally.in_drawer - day.dice.one_of((0, 0, 0, 10, 100)))
    closed = counter.desk.close_shift(counted, notes)
    day.print_papers()
    clock.advance(5 * 60_000)
    facts: list[Fact] = []
    day.till.books.listeners.append(facts.extend)
    counter.desk.z_report(LEAD)
    day.print_papers()
    z = next(fact for fact in facts if isinstance(fact, DayClosed))
    report = verify_books(day.till.books)
    if out is not None:
        _save_papers(day.kept(), out)
    return _totals(tally, shift.day, closed, z, verified=report.ok)


def _counted(fen: int) -> tuple[int, dict[int, int]]:
    """Cash as it is counted: the amount, and how many of each note and coin."""
    notes: dict[int, int] = {}
    left = fen
    for face in NOTES:
        notes[face], left = divmod(left, face)
    return fen, {face: count for face, count in notes.items() if count}


def _totals(
    tally: Tally, day: str, closed: ShiftClosed, z: DayClosed, *, verified: bool
) -> dict[str, object]:
    """The day as one JSON object; `ok` when what was counted here is what the till says."""
    agree = {
        "sales": (tally.sales, z.sales),
        "gross": (tally.due, z.gross),
        "goods": (tally.goods + tally.reduced + tally.rounding, tally.due),
        "tax": (tally.tax, z.tax),
        "rounding": (tally.rounding, z.rounding),
        "expected_cash": (tally.in_drawer, closed.expected),
    }
    amounts = ("goods", "reduced", "rounding", "due", "tax", "skimmed")
    counted = {
        name: yuan(value) if name in amounts else value
        for name, value in msgspec.structs.asdict(tally).items()
    }
    return {
        "day": day,
        "ok": verified and all(one == other for one, other in agree.values()),
        "verified": verified,
        # As every report says it: what sales took after reductions and 抹零.
        "gross": counted.pop("due"),
        **counted,
        "expected_cash": yuan(closed.expected),
        "counted": yuan(closed.counted),
        "difference": yuan(closed.counted - closed.expected),
        "z": {
            "gross": yuan(z.gross),
            "refunds": yuan(z.refunds),
            "net": yuan(z.net),
            "sales": z.sales,
            "from_seq": z.from_seq,
            "to_seq": z.to_seq,
            "head": z.head,
        },
        "differs": sorted(name for name, (one, other) in agree.items() if one != other),
    }


# --- Pictures ------------------------------------------------------------------------------


def _save_papers(papers: dict[str, Paper], out: Path) -> None:
    from printers.commands import render_png
    from printers.pdf import paper_pdf

    out.mkdir(parents=True, exist_ok=True)
    for name, paper in papers.items():
        render_png(paper, mode="raster").save(out / f"{name}.png")
        if paper.kind == "z_report":
            (out / f"{name}.pdf").write_bytes(paper_pdf(paper))


def _last_customer(day: Day, out: Path | None) -> None:
    """Fills a basket, looks at the clock and goes; the window is shown with it if wanted."""
    while len(day.counter.basket.lines) < LAST_LINES:
        day.fill()
    if out is not None:
        from ui.demo_screens import save_screens

        save_screens(day.till, day.clock, out)
    day.counter.back()
    day.counter.cancel("顾客不要了")
