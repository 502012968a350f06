"""`./pos demo`: a shop day without a screen, by the same actions as the window.

Two tills and a hub on this machine: opening stock and a delivery, many cash sales with everything
that happens at a counter, goods that come back, an hour without a line, a shelf that is counted,
both shifts and the Z. The same seed gives the same day to the last hash: time stands still between
two customers, and every identity comes from the seed.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from app import demo
from app.clock import SettableClock, parse_time
from app.content import Paper
from app.errors import Refusal
from app.facts.base import Fact
from app.facts.shifts import DayClosed, ShiftClosed
from app.ids import Ids, seeded
from app.money import yuan
from app.opening import is_set_up
from app.verification import verify_books
from ui.demo_chain import DemoHub, HubFigures, running_hub
from ui.demo_customers import (
    BY_MANAGER,
    FLOAT,
    LEAD,
    MANAGER,
    Day,
    Dice,
    Tally,
)
from ui.startup import Till, open_demo

DAY = "2026-12-12"
OPENS = f"{DAY}T08:45:00+08:00"
LAST_CUSTOMER_MS = 11 * 3_600_000
NOTES = (100_00, 50_00, 20_00, 10_00, 5_00, 1_00, 50, 10, 5, 2, 1)
CASHIERS = (("101", "246810"), ("201", "135791"))
"""Who stands at till 1 and at till 2."""
assert set(CASHIERS) <= {(number, pin) for number, _name, _role, pin in demo.PEOPLE}
EVERY_SECOND_TILL = 3
"""Every third customer goes to till 2."""
DELIVERY = (("12003", "24", "76.00"), ("12001", "36", "31.00"), ("22001", "2", "900.00"))
COUNTED = ("12001", "21008", "11014", "13006")
PATIENCE_S = 20.0
LAST_LINES = 6


class OneTill(msgspec.Struct, frozen=True):
    """How a till's day ended."""

    closed: ShiftClosed
    z: DayClosed
    verified: bool


class ShopDay:
    """The shop's program: what happens at which hour, beside the customers."""

    def __init__(self, days: Sequence[Day], hub: DemoHub, clock: SettableClock) -> None:
        self.days = days
        self.hub = hub
        self.clock = clock
        self.offline = {"sales": 0, "waited": 0}
        self.difference = ""
        self._program: list[tuple[int, Callable[[], None]]] = [
            (_at("10:00"), self._send),
            (_at("11:00"), self.days[0].bring_back),
            (_at("13:00"), self._cut),
            (_at("14:00"), self._heal),
            (_at("15:00"), self._count),
            (_at("17:00"), self._send),
        ]

    @property
    def sales(self) -> int:
        return sum(day.tally.sales for day in self.days)

    def open(self) -> str:
        """A delivery, and both tills open their shifts; the business day."""
        first = self.days[0]
        first.say("sign_in", staff=MANAGER.number, pin=MANAGER.pin)
        lines = [{"product": product, "quantity": quantity, "cost": cost, "lot": f"L1212-{product}"}
                 for product, quantity, cost in DELIVERY]  # fmt: skip
        first.say("receive", supplier="配送中心", lines=lines)
        shifts = []
        for day, cashier in zip(self.days, CASHIERS, strict=True):
            day.counter.desk.sign_in(*cashier)
            shifts.append(day.counter.desk.open_shift(FLOAT))
            self.hub.let_in(day.till)
        self._send()
        return shifts[0].day

    def serve(self, sales: int) -> None:
        """Customers until so many sales are made; what the hours ask for in between."""
        pause = LAST_CUSTOMER_MS // max(sales, 1)
        customers = 0
        while self.sales < sales:
            self._keep_to_the_program()
            customers += 1
            self.days[customers % EVERY_SECOND_TILL == 0].serve(pause)
        self._keep_to_the_program(to_the_end=True)

    def _keep_to_the_program(self, *, to_the_end: bool = False) -> None:
        while self._program and (to_the_end or self.clock.wall_ms() >= self._program[0][0]):
            _moment, act = self._program.pop(0)
            act()

    def _send(self) -> None:
        for day in self.days:
            day.till.hub.push_now(PATIENCE_S)

    def _cut(self) -> None:
        self.offline["sales"] = -self.sales
        for day in self.days:
            day.till.hub.cut = True

    def _heal(self) -> None:
        self.offline["sales"] += self.sales
        waiting = [day.till.hub.push_now(PATIENCE_S).waiting for day in self.days]
        self.offline["waited"] = sum(waiting)
        for day in self.days:
            day.till.hub.cut = False
        self._send()

    def _count(self) -> None:
        """A shelf is counted at till 1 by its lead; one piece is missing."""
        day, (number, pin) = self.days[0], CASHIERS[0]
        day.say("sign_in", staff=LEAD.number, pin=LEAD.pin)
        count = day.say("count_open", zone=["A1"])["count"]
        for product in COUNTED:
            books = int(day.say("stock", product=product)["on_hand"])
            found = books - (product == COUNTED[0])
            day.say("count_line", count=count, zone="A1", product=product, quantity=str(found))
        self.difference = day.say("count_close", count=count, **BY_MANAGER)["net"]
        day.say("sign_in", staff=number, pin=pin)

    def close(self) -> list[OneTill]:
        """Both shifts and both Z; what waits is sent."""
        self.clock.advance(20 * 60_000)
        shifts = [_counted_out(day) for day in self.days]
        self._send()
        ended = [_closed(day, shift) for day, shift in zip(self.days, shifts, strict=True)]
        self._send()
        return ended


def _at(hour: str) -> int:
    return parse_time(f"{DAY}T{hour}:00+08:00")


def _counted_out(day: Day) -> ShiftClosed:
    missing = day.dice.one_of((0, 0, 0, 10, 100))
    closed = day.counter.desk.close_shift(*_counted(day.tally.in_drawer - missing))
    day.print_papers()
    return closed


def _closed(day: Day, shift: ShiftClosed) -> OneTill:
    desk = day.counter.desk
    facts: list[Fact] = []
    day.till.books.listeners.append(facts.extend)
    desk.z_report(LEAD if desk.person != LEAD.number else MANAGER)
    day.print_papers()
    z = next(fact for fact in facts if isinstance(fact, DayClosed))
    return OneTill(shift, z, verify_books(day.till.books).ok)


def _counted(fen: int) -> tuple[int, dict[int, int]]:
    """Cash as it is counted: the amount, and how many of each note and coin."""
    notes: dict[int, int] = {}
    left = fen
    for face in NOTES:
        notes[face], left = divmod(left, face)
    return fen, {face: count for face, count in notes.items() if count}


# --- The whole day -------------------------------------------------------------------------


def run(sales: int, seed: int, data: Path | None = None, out: Path | None = None) -> int:
    """Let the day pass; totals as one JSON line last. The exit code is 0 when all agrees.

    `data` becomes the folder of till 1 and stays, with till 2 and the hub in folders of their own
    inside; without it the day leaves nothing behind. `out` gets receipts, the shift report, Z and
    screens as PNG, and Z as PDF. Raises Refusal: folder_already_set_up, and what opening raises.
    """
    with _folder(data) as folder:
        if is_set_up(folder):
            raise Refusal("folder_already_set_up")
        clock = SettableClock(parse_time(OPENS))
        kept = data is not None
        with (
            _till(folder, "1", clock, seed, kept=kept) as one,
            _till(folder / "till-2", "2", clock, seed, kept=kept) as two,
            running_hub(folder / "hub", clock, seed) as hub,
        ):
            totals = _pass_day(ShopDay((one, two), hub, clock), sales, out)
    print(json.dumps({"seed": seed, **totals}, ensure_ascii=False))
    return 0 if totals["ok"] else 1


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="pos-demo-") as folder:
        yield Path(folder) / "shop"


@contextmanager
def _till(
    folder: Path, number: str, clock: SettableClock, seed: int, *, kept: bool
) -> Iterator[Day]:
    ids = Ids(clock, seeded(f"demo day {seed} till {number}"))
    stock = number == "1"
    till = Till(open_demo(folder, till=number, stock=stock, clock=clock, ids=ids, reserve=kept))
    try:
        yield Day(till, clock, Dice(f"customers {seed} {number}"))
    finally:
        till.close()


def _pass_day(shop: ShopDay, sales: int, out: Path | None) -> dict[str, object]:
    day = shop.open()
    shop.serve(sales)
    _last_customer(shop.days[0], out)
    ended = shop.close()
    hub = shop.hub.figures([each.till for each in shop.days])
    if out is not None:
        _save_papers(shop.days, out)
    return {
        "day": day,
        **_totals([each.tally for each in shop.days], ended, hub),
        "offline": shop.offline,
        "count": {"lines": len(COUNTED), "net": shop.difference},
    }


def _totals(
    tallies: Sequence[Tally], ended: Sequence[OneTill], hub: HubFigures
) -> dict[str, object]:
    """The day as one JSON object; `ok` when what was counted here is what tills and hub say."""
    tally = Tally(*(sum(each) for each in zip(*map(msgspec.structs.astuple, tallies), strict=True)))

    def of_z(name: str) -> int:
        return sum(getattr(each.z, name) for each in ended)

    expected = sum(each.closed.expected for each in ended)
    counted = sum(each.closed.counted for each in ended)
    agree = {
        "sales": (tally.sales, of_z("sales")),
        "gross": (tally.due, of_z("gross")),
        "refunds": (tally.refunded, of_z("refunds")),
        "goods": (tally.goods + tally.reduced + tally.rounding, tally.due),
        "tax": (tally.tax, of_z("tax")),
        "rounding": (tally.rounding, of_z("rounding")),
        "expected_cash": (sum(each.in_drawer for each in tallies), expected),
        "hub": ((tally.sales, tally.due, 0), (hub.sales, hub.gross, hub.waiting)),
    }
    verified = all(each.verified for each in ended)
    amounts = ("goods", "reduced", "rounding", "due", "tax", "refunded", "skimmed")
    shown = {
        name: yuan(value) if name in amounts else value
        for name, value in msgspec.structs.asdict(tally).items()
    }
    return {
        "ok": verified and all(one == other for one, other in agree.values()),
        "verified": verified,
        # As every report says it: what sales took after reductions and 抹零.
        "gross": shown.pop("due"),
        **shown,
        "expected_cash": yuan(expected),
        "counted": yuan(counted),
        "difference": yuan(counted - expected),
        "z": {name: yuan(of_z(name)) for name in ("gross", "refunds", "net")}
        | {"sales": of_z("sales")},
        "tills": [_till_totals(each) for each in ended],
        "hub": {"entries": hub.entries, "sales": hub.sales, "gross": yuan(hub.gross),
                "waiting": hub.waiting},
        "differs": sorted(name for name, (one, other) in agree.items() if one != other),
    }  # fmt: skip


def _till_totals(ended: OneTill) -> dict[str, object]:
    z = ended.z
    return {
        "till": z.till,
        "gross": yuan(z.gross),
        "refunds": yuan(z.refunds),
        "net": yuan(z.net),
        "sales": z.sales,
        "from_seq": z.from_seq,
        "to_seq": z.to_seq,
        "head": z.head,
    }


# --- Pictures ------------------------------------------------------------------------------


def _save_papers(days: Sequence[Day], out: Path) -> None:
    from printers.commands import render_png
    from printers.pdf import paper_pdf

    out.mkdir(parents=True, exist_ok=True)
    papers: dict[str, Paper] = {}
    for number, day in enumerate(days, 1):
        prefix = "" if number == 1 else f"till-{number}-"
        papers |= {prefix + name: paper for name, paper in day.kept().items()}
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
