"""A whole chain in one thread: its tills, its hub, its people, and what must hold of it."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sync.hub_line
import sync.pull_lane
import sync.worker
from app.clock import parse_time
from sync.conversation import RESTING
from sync.pulling import IDLE_MS as PULL_IDLE_MS
from tests.simulation.coming_down import all_is_down
from tests.simulation.driven_disk import DISKS, Killed, driven_disks
from tests.simulation.faults import CALM, Plan
from tests.simulation.head_office import HeadOffice
from tests.simulation.hub_node import HubNode
from tests.simulation.people import Person
from tests.simulation.templates import Templates, tills_of
from tests.simulation.threads import THREADS
from tests.simulation.till_node import TillNode
from tests.simulation.time_heap import DAY, HOUR, MINUTE, SECOND, TimeHeap
from tests.simulation.wire import LineMaker
from tests.simulation.witness import Witness

MONDAY = parse_time("2026-12-07T09:00:00+08:00")
SHOP_HOURS = 11 * HOUR
LANES = (sync.worker, sync.pull_lane)
PAYMENTS_DOWN = 0.4
"""Of one till and day, where payments have their bad days."""
LIVENESS_MS = 10 * MINUTE
"""Once all is well again, this long until everything is everywhere."""


class Wrong(Exception):
    """Something that must hold did not."""

    def __init__(self, invariant: int, text: str) -> None:
        super().__init__(f"[{invariant}] {text}")
        self.invariant = invariant


class World:
    """One seed, alive."""

    def __init__(self, plan: Plan, folder: Path, templates: Templates) -> None:
        self.plan = plan
        self.faults = plan.faults
        self.folder = folder
        self.heap = TimeHeap(plan.seed, MONDAY)
        self.wrongs: list[Wrong] = []
        self.witness = Witness()
        chain = templates.of(plan.shops)
        self.prices = templates.prices
        self.sales = 0
        self.selling = True
        self.awaited = False
        """Somebody stands there and waits until everything is everywhere."""
        self.looked_at = -1
        """Requests the hub had been asked when it was looked at last."""
        self._due = False
        self.hub = HubNode(self.heap, folder / "hub", chain.hub)
        self.tills: list[TillNode] = []
        for shop, number in tills_of(plan.shops):
            place = folder / f"{shop}-{number}"
            shutil.copytree(chain.till(shop, number), place)
            self.tills.append(TillNode(self, shop, number, place))
        self.people: list[Person] = []
        self.office = HeadOffice(self)
        self.parcels: list[tuple[str, Path]] = []
        """Sealed files of goods on their way: the shop they go to, and where they lie."""

    def expect(self, invariant: int, holds: bool, text: str) -> None:
        """What must hold; what does not is kept with the moment."""
        if not holds:
            day, rest = divmod(self.heap.now - MONDAY, DAY)
            self.wrongs.append(Wrong(invariant, f"day {day} {rest // 1000} s: {text}"))

    def wire_of(self, clock: object) -> Any:
        """The wire of the till whose clock this is."""
        return next(till.wire for till in self.tills if till.clock is clock)

    # --- the safety phase ------------------------------------------------------------------

    def begin(self) -> None:
        """Every till opens, everybody comes to work, faults are dealt out."""
        if self.faults.hub_back and not self.plan.small:
            # From before head office ever said anything.
            self.hub.copy()
        for till in self.tills:
            till.open()
            if self.heap.chance("net", self.faults.days_alone):
                till.wire.cut(MONDAY + self.plan.long_ms)
                self.heap.sometimes("a line cut for days")
            self.people.append(Person(till))
        for day in range(self.plan.days):
            self._bad_luck(day)

    def _bad_luck(self, day: int) -> None:
        """What befalls the chain on this day."""
        rng, heap, faults = self.heap.rng, self.heap, self.faults
        morning = MONDAY + day * DAY
        heap.at(morning + self.plan.copies_at_ms, self._copies)
        if faults.till_back or faults.cloned:
            for till in list(self.tills):
                # While it sells, and what it wrote last was not sent yet.
                moment = morning + rng["disk"].randrange(SHOP_HOURS // 2)
                heap.at(moment, partial(setattr, till, "copy_due", True))
        self.office.plan_day(morning, SHOP_HOURS // 2 if self.plan.small else SHOP_HOURS)
        for shop in sorted({till.shop for till in self.tills}):
            if heap.chance("net", faults.partition):
                begin = morning + rng["net"].randrange(SHOP_HOURS)
                heap.at(begin, lambda shop=shop: self._part(shop))  # type: ignore[misc]
        if heap.chance("net", faults.hub_back):
            heap.at(morning + rng["net"].randrange(HOUR, SHOP_HOURS), self._hub_back)
        for till in list(self.tills):
            for share, what, dice in (
                (faults.till_back, self._till_back, "disk"),
                (faults.cloned, self._clone, "disk"),
                (faults.clock_jumps, self._clock_jumps, "clock"),
                (faults.disk_full, self._disk_full, "disk"),
                (faults.rekeyed, self._rekey, "people"),
                (faults.payments and PAYMENTS_DOWN, self._payments_down, "pay"),
            ):
                moment = morning + rng[dice].randrange(HOUR, SHOP_HOURS)
                if heap.chance(dice, share):
                    heap.at(moment, lambda till=till, what=what: what(till))  # type: ignore[misc]

    def _copies(self) -> None:
        """Copies of everything."""
        if self.faults.hub_back:
            self.hub.copy()
        if self.faults.till_back or self.faults.cloned:
            for till in self.tills:
                if till.on:
                    till.copy()

    def _part(self, shop: str) -> None:
        until = self.heap.now + self.heap.rng["net"].randrange(HOUR, 6 * HOUR)
        self.heap.sometimes("partition")
        for till in self.tills:
            if till.shop == shop:
                till.wire.cut(until)

    def _hub_back(self) -> None:
        if self.hub.copies:
            copy = self.heap.rng["net"].choice(self.hub.copies)
            openly = not self.faults.hub_silent
            self.heap.sometimes("hub back, told" if openly else "hub back, silently")
            self.hub.put_back(copy, openly=openly)

    def _till_back(self, till: TillNode) -> None:
        if till.copies and till.on:
            copy = self.heap.rng["disk"].choice(till.copies)
            till.put_back(copy, signs_in=self.heap.chance("disk", 0.5))

    def _clone(self, till: TillNode) -> None:
        """Somebody copies the disk into a second machine, and both go to work."""
        if not till.copies or len(self.tills) > 8:
            return
        copy = self.heap.rng["disk"].choice(till.copies)
        place = self.folder / f"{till.name}-clone{len(self.tills)}"
        shutil.copytree(copy.folder, place)
        clone = TillNode(self, till.shop, till.number, place)
        clone.pencil, clone.held = copy.pencil.copy(), list(copy.held)
        clone.network = till.network
        self.tills.append(clone)
        self.heap.sometimes("till cloned")
        clone.open()
        self.people.append(Person(clone))

    def _clock_jumps(self, till: TillNode) -> None:
        minutes = self.heap.rng["clock"].choice((-180, -30, -4, 12, 45, 300))
        till.clock.skew += minutes * MINUTE
        self.heap.sometimes("clock jumped")

    def _rekey(self, till: TillNode) -> None:
        """A new key, and with it a new journal: the old one may have to wait for a line."""
        if till.on and not till.copies:
            # A disk put back from before it would have to be enrolled anew.
            if till.worker.shown().waiting:
                self.heap.sometimes("a new key before all was sent")
            till.do(lambda: till.worker.change_key("301"))

    def _payments_down(self, till: TillNode) -> None:
        """For hours nobody knows what became of a charge."""
        till.network.goes_down(self.heap.rng["pay"].randrange(HOUR, 4 * HOUR))
        self.heap.sometimes("payments down for hours")

    def _disk_full(self, till: TillNode) -> None:
        if not till.on:
            return
        try:
            till.books.database.practise_full_disk(True)
        except Killed:
            till.die()
            return
        self.heap.sometimes("disk full")
        generation = till.starts
        wait = self.heap.rng["disk"].randrange(5, 60) * MINUTE

        def room() -> None:
            if till.on and till.starts == generation:
                till.books.database.practise_full_disk(False)

        self.heap.after(wait, room)

    def projection_is_due(self) -> None:
        """Something was stored: it is worked in a little later."""
        if not self._due:
            self._due = True
            self.heap.after(self.heap.rng["net"].randrange(1, 20) * SECOND, self._project)

    def _project(self) -> None:
        self._due = False
        if self.heap.chance("net", self.faults.hub_killed / 4):
            self.hub.disk.arm(self.heap.rng["net"].randrange(30))
        self.hub.work()
        if self.hub.disk.disarm() and not self.hub.up:
            self.projection_is_due()

    # --- the liveness phase ----------------------------------------------------------------

    def heal(self) -> None:
        """Nothing goes wrong any more, nobody sells any more."""
        self.faults, self.selling = CALM, False
        self.hub.disk.disarm()
        for till in self.tills:
            till.wire.mend()
            till.disk.disarm()
            till.network.healed = True
            if till.on:
                till.books.database.practise_full_disk(False)
                # The cable is in again: somebody presses 同步 on every till.
                till.worker.ask()
                till.plan_look(self.heap.now + 1)
        if not self.hub.up:
            self.hub.start()
        self.office.the_last_word()
        self.projection_is_due()

    def converged(self) -> bool:
        """Whether everything written is at the hub and worked in."""
        if not self.hub.up:
            return False
        heads = dict(self.hub.rows("SELECT journal, seq FROM hub_journal"))
        for till in self.tills:
            if not till.on or till.worker.state.phase != RESTING:
                return False
            if till.worker.down.state.phase != RESTING:
                return False
            if till.worker.shown().waiting:
                return False
        behind = self.hub.rows(
            "SELECT 1 FROM hub_shop s LEFT JOIN hub_cursor c ON c.shop = s.shop"
            " WHERE coalesce(c.position, 0) < s.position"
        )
        return not behind and bool(heads) and all_is_down(self)

    def converge(self) -> int:
        """Wait until all is quiet; how long it took, ms, or -1 when it never was in time."""
        begun, self.awaited = self.heap.now, True
        for till in self.tills:
            # Each asks every half minute; while nobody stood there it was let sleep.
            till.plan_pull(begun + PULL_IDLE_MS)
        while self.heap.now - begun <= LIVENESS_MS:
            if self.converged():
                self.awaited = False
                return self.heap.now - begun
            self.heap.run_until(self.heap.now + 5 * SECOND)
        return -1

    def close(self) -> None:
        """Everything off."""
        for till in self.tills:
            if till.on:
                till.close()
            DISKS.pop(str(till.folder), None)
        self.hub.close()
        DISKS.pop(str(self.hub.folder), None)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def a_world(plan: Plan, folder: Path, templates: Templates) -> Iterator[World]:
    """A world whose tills find its wires, its threads and its disks in the place of real ones."""
    real = sync.hub_line.Line
    with driven_disks():
        world = World(plan, folder, templates)
        sync.hub_line.Line = LineMaker(world.wire_of)  # type: ignore[misc,assignment]
        for lane in LANES:
            lane.threading = THREADS  # type: ignore[attr-defined]
        try:
            yield world
        finally:
            world.close()
            sync.hub_line.Line = real  # type: ignore[misc]
            for lane in LANES:
                lane.threading = threading  # type: ignore[attr-defined]
