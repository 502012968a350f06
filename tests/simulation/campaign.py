"""Plays seeds: faults first, then peace; every seed twice, with one digest; figures of it all."""

import hashlib
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path

import msgspec

from app.clock import local
from app.payments.queries import disagreements
from app.sales import bill_answers, reconciling
from sync.hub.tables import HUB, MEANING_TABLES
from tests.simulation import invariants
from tests.simulation.charges import before_the_bill
from tests.simulation.faults import Plan
from tests.simulation.templates import Templates
from tests.simulation.till_node import TillNode
from tests.simulation.time_heap import DAY, HOUR
from tests.simulation.witness import on_disk
from tests.simulation.world import MONDAY, World, a_world

LOCAL_AT_HUB = ("hub_nonce",)
DIGESTED = [each for each in (*HUB.sorted_tables, *MEANING_TABLES.values())
            if each.name not in LOCAL_AT_HUB]  # fmt: skip
SOME_SEEDS, SOME_CORNERS, MANY_SEEDS = 100, 50, 1_000
OFTEN = 10
"""How often each mark must fire in a campaign of many seeds."""
MUST = (
    "answer lost after commit", "request arrived twice", "request arrived late",
    "captive portal", "hub said busy", "partition", "a line cut for days", "watchdog fired",
    "lying answer: changed", "lying answer: old", "lying answer: nobody's", "lying answer: cut",
    "hub killed", "hub back, told", "hub back, silently", "fork seen", "gap answered",
    "replay refused", "till killed", "killed after the commit", "till restored", "till cloned",
    "next journal: restored", "next journal: cloned", "clock jumped",
    "clock confirmed by a person", "disk full", "trouble: disk_full", "payment parked",
    "late success after reverse", "bill: not_taken", "count closed", "count with a late sale",
    "price changed", "transfer arrived", "day closed with unsent entries",
    "day closed with a basket put aside", "came down: SaleCompleted", "came down: PriceListSet",
    "came down: PromotionSet", "came down: LotsRecalled", "came down: StaffSet",
    "came down: SettingChanged", "head office slipped", "hub killed while head office published",
    "own entries came back", "another self's entries came down", "entries put aside",
    "a feed the hub has lost", "refused as it should: a word of who is manager no more",
)  # fmt: skip
"""A campaign of towns (the soak) in which one of these never happened proved less than it says."""
MUST_SMALL = (
    "answer lost after commit", "request arrived twice", "request arrived late",
    "captive portal", "hub said busy", "partition", "a line cut for days", "watchdog fired",
    "lying answer: changed", "lying answer: old", "hub killed", "hub back, told", "fork seen",
    "gap answered", "replay refused", "till killed", "till restored", "till cloned",
    "next journal: cloned", "clock jumped", "clock confirmed by a person", "disk full",
    "price changed", "day closed with unsent entries", "day closed with a basket put aside",
    "came down: SaleCompleted", "came down: PriceListSet", "came down: LotsRecalled",
    "came down: StaffSet", "came down: SettingChanged", "head office slipped",
)  # fmt: skip
"""What already street corners must see, fifty of them. What needs more days, more tills or more
luck than they have is the soak's: counts and transfers, payments parked, a kill right behind a
commit, a hub put back with nobody saying so."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one seed."""

    seed: int
    sales: int
    wrongs: list[str]
    """What did not hold, in the order it was found."""
    converged_ms: int
    """-1: not within the limit."""
    digest: str
    marks: dict[str, int]

    @property
    def good(self) -> bool:
        return not self.wrongs and self.converged_ms >= 0


def play(
    plan: Plan, templates: Templates, work: Path, *, checked: bool = True, hasty: bool = False
) -> Outcome:
    """One seed, once. Without `checked` only its digest is of interest, which is that of the chain
    once all has arrived; `hasty` is over with the first thing that is wrong."""
    with (
        tempfile.TemporaryDirectory(dir=work, prefix="world-") as folder,
        a_world(plan, Path(folder), templates) as world,
    ):
        world.begin()
        for hour in range(plan.days * 24):
            world.heap.run_until(MONDAY + (hour + 1) * HOUR)
            if checked:
                invariants.always(world)
            if hasty and world.wrongs:
                return _outcome(world, -1, "")
        world.heal()
        took = world.converge()
        arrived = digest(world)
        if not checked:
            return _outcome(world, took, arrived)
        _settle_money(world)
        if world.converge() < 0:
            took = -1
        if took < 0:
            world.wrongs.append(_late(world))
        invariants.quiescent(world)
        return _outcome(world, took, arrived)


def _outcome(world: World, took: int, arrived: str) -> Outcome:
    return Outcome(
        seed=world.plan.seed,
        sales=world.sales,
        wrongs=[str(each) for each in world.wrongs],
        converged_ms=took,
        digest=arrived,
        marks=dict(sorted(world.heap.marks.items())),
    )


def _late(world: World) -> Exception:
    from tests.simulation.world import Wrong

    stuck = [(till.name, till.worker.shown()) for till in world.tills
             if till.on and till.worker.shown().waiting]  # fmt: skip
    return Wrong(19, f"not converged: {stuck[:3]}, hub up: {world.hub.up}")


def _settle_money(world: World) -> None:
    """Payments come to their ends, then the bills of all days are compared."""
    for till in world.tills:
        till.came_up()
    world.heap.run_until(world.heap.now + 3 * HOUR)
    for till in world.tills:
        before_the_bill(till)
        for day in range((world.heap.now - MONDAY) // DAY + 1):
            _reconcile(till, local(MONDAY + day * DAY).date().isoformat())
        till.came_up()
    world.heap.run_until(world.heap.now + HOUR)


def _reconcile(till: TillNode, day: str) -> None:
    """T+1: what bill and books say differently becomes a sale or goes back."""
    from tests.simulation.overreaching import MANAGER

    bills = {"wechat": till.network.bill(day)}
    till.do(lambda: reconciling.reconcile(till.books, day, bills, "301"))
    with till.books.read() as db:
        waiting = disagreements(db)
    for each in waiting:
        name = bill_answers.name_of(each)
        with till.books.read() as db:
            answers = bill_answers.answers_to(db, till.shop, each)
        till.heap.sometimes(f"bill: {each.kind}")
        if "sale" in answers and till.counter.desk.shift is not None:
            till.do(partial(till.counter.sell_found, name, MANAGER))
        elif rest := [answer for answer in answers if answer != "sale"]:
            till.do(partial(bill_answers.settle_difference, till.books, name, rest[0], "301"))


def digest(world: World) -> str:
    """Everything every till wrote and everything the hub holds, as one number."""
    made = hashlib.sha256()
    for till in world.tills:
        for place in sorted(on_disk(till).entries):
            made.update(repr(place).encode())
    for rows in world.hub.tables(DIGESTED):
        # Where on this machine it lies is the hub's to know.
        said = "\n".join(sorted(map(repr, rows))).replace(str(world.folder), "")
        made.update(said.encode())
    return made.hexdigest()


class Figures(msgspec.Struct, kw_only=True):
    """A campaign's figures: one JSON line."""

    seeds: int = 0
    sales: int = 0
    """Of the first run of each seed: what the second one sold is not counted again."""
    violations: int = 0
    converged: int = 0
    """Seeds that were quiet within ten virtual minutes after all was well."""
    slowest_ms: int = 0
    digests_equal: int = 0
    failing: list[str] = msgspec.field(default_factory=list)
    marks: dict[str, int] = msgspec.field(default_factory=dict)
    small: bool = False
    cpu_s: int = 0
    """CPU seconds of both runs of every seed."""

    @property
    def missing(self) -> list[str]:
        """Marks that must fire in a campaign of this size and did not."""
        if self.seeds < (SOME_CORNERS if self.small else SOME_SEEDS):
            return []
        least = OFTEN if self.seeds >= MANY_SEEDS else 1
        must = MUST_SMALL if self.small else MUST
        return [mark for mark in must if self.marks.get(mark, 0) < least]

    @property
    def good(self) -> bool:
        """Whether the campaign proves anything, and nothing against us."""
        return not self.failing and not self.missing

    def add(self, part: "Figures") -> None:
        """Add what another part of the campaign came to."""
        for name in ("seeds", "sales", "violations", "converged", "digests_equal", "cpu_s"):
            setattr(self, name, getattr(self, name) + getattr(part, name))
        self.slowest_ms = max(self.slowest_ms, part.slowest_ms)
        self.failing += part.failing
        self.small = part.small
        self.marks = dict(sorted((Counter(self.marks) + Counter(part.marks)).items()))

    def take(self, first: Outcome, second: Outcome | None, plan: Plan) -> None:
        """Add a seed."""
        self.seeds += 1
        self.small = plan.small
        self.sales += first.sales
        self.violations += len(first.wrongs)
        self.converged += first.converged_ms >= 0
        self.slowest_ms = max(self.slowest_ms, first.converged_ms)
        self.digests_equal += second is None or first.digest == second.digest
        if not first.good or (second is not None and first.digest != second.digest):
            self.failing.append(plan.replay)
        self.marks = dict(sorted((Counter(self.marks) + Counter(first.marks)).items()))
