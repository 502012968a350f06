"""A till as one machine of the chain: its folder, its counter, its worker, its disk, its pencil."""

import gc
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from app.database import FILE_NAME
from app.errors import Refusal, ShopError, Trouble
from app.facts.base import Fact
from app.facts.pricing import PriceListSet, PriceListWithdrawn
from app.facts.staff import StaffSet
from app.ids import Ids, seeded
from app.journal.outbox import link_of
from app.journal.secrets import KEY_FILE
from app.opening import open_folder
from app.sales.counter import Counter
from app.stock.counting import finish_postings
from printers.template import shipped
from sync.conversation import LONGEST_REST_MS, LONGEST_WISH_MS, PUSHING, RESTING, WATCHDOG_MS
from sync.pulling import ASKING
from sync.worker import HubWorker
from tests.chaos.network import ChaosNetwork
from tests.simulation.driven_disk import DISKS, Disk, Killed
from tests.simulation.held import Held, held_at
from tests.simulation.pencil import Pencil
from tests.simulation.threads import HeapLoop, Later, PullLoop, SlowQueue
from tests.simulation.time_heap import MINUTE, SECOND, MachineClock
from tests.simulation.wire import Wire
from ui.payment_runner import PaymentRunner

if TYPE_CHECKING:
    from tests.simulation.world import World

CASHIER = ("101", "246810")
TEMPLATE = shipped()
COUNTS = (PriceListSet, PriceListWithdrawn, StaffSet)
LAZY_MS = 30 * MINUTE
"""Most commits wait a while before the worker looks, so that pushes hold several entries."""
DULL_MS = 60 * MINUTE
"""A worker whose line is cut is woken no oftener: nothing would come of it, and virtual days would
take real hours. One that has nothing to send is woken by the next commit alone."""


class Copy(msgspec.Struct, frozen=True):
    """A till's folder as it stood then, what the pencil said, and what had counted there."""

    folder: Path
    pencil: Pencil
    held: list[Held]


class TillNode:
    """One till, on or off."""

    def __init__(self, world: "World", shop: str, number: str, folder: Path) -> None:
        self.world, self.heap = world, world.heap
        self.shop, self.number, self.folder = shop, number, folder
        self.name = folder.name
        self.clock = MachineClock(self.heap)
        self.disk = DISKS[str(folder)] = Disk(folder)
        self.wire = Wire(self)
        self.network = ChaosNetwork(self.clock, 0)  # type: ignore[arg-type]
        self.network.rng = self.heap.rng["pay"]
        self.pencil = Pencil()
        self.copies: list[Copy] = []
        self.copy_due = False
        """A copy is made right behind the next thing it writes, before that is sent."""
        self.starts = 0
        self.on = False
        self.came_up: Callable[[], None] = lambda: None
        """Called when it is on again: somebody looks after its payments."""
        self._look_at = self._pull_at = 0
        self.held: list[Held] = []
        """What counted here of prices and people, the newest last."""
        self.newest_feeds: dict[str, tuple[str, int]] = {}
        self._taken: list[Fact] | None = None
        """While something comes down: what it says."""
        self._broken_off: list[Fact] = []
        """What had come down and was written when the power went."""

    # --- on and off ------------------------------------------------------------------------

    def open(self, *, signs_in: bool = True) -> None:
        """Somebody switches it on, and signs in or is called away."""
        self.starts += 1
        self.disk.dead = False
        self.clock.booted = self.heap.now
        ids = Ids(self.clock, seeded(f"{self.world.plan.seed} {self.name} {self.starts}"))
        self.opened = open_folder(self.folder, clock=self.clock, ids=ids, reserve=False)
        self.books = self.opened.books
        self.payments = PaymentRunner(
            self.books,
            SimpleNamespace(of=lambda _tender: self.network),  # type: ignore[arg-type]
            subject=lambda: self.shop,
            direct=True,
        )
        self.counter = Counter(
            self.books, template=TEMPLATE, prints=lambda: True, carrier=self.payments
        )
        self.payments.counter = self.counter
        with suppress(ShopError):
            finish_postings(self.books)
        with self.books.read() as db:
            link = link_of(db)
        assert link is not None
        self.worker = HubWorker(self.books, link, cut=lambda: False)
        self.worker.loop = HeapLoop()  # type: ignore[assignment]
        self.worker._happened = SlowQueue(self, self.plan_look)  # type: ignore[assignment]
        # Something has to go up again: a worker with a thread would be woken.
        self.worker.standing._moved = lambda: self.plan_look(self.heap.now + SECOND)
        down = self.worker.down
        down.loop = PullLoop(self)  # type: ignore[assignment]
        down._happened = SlowQueue(self, self.plan_pull)  # type: ignore[assignment]
        # A basket that lay open keeps what was promised before the till went off.
        self.held = [*self.held, held_at(self)]
        if self._broken_off:
            self.pencil.recount(self._broken_off, self)
            self._broken_off = []
        self.pencil.compare(self)
        self.books.listeners.append(self._recorded)
        self.on = True
        self._look_at = self._pull_at = 0
        self.plan_look(self.heap.now + SECOND)
        self.plan_pull(self.heap.now + self.pause(self.world.plan.wanted_ms))
        if signs_in:
            self.do(lambda: self.counter.desk.sign_in(*CASHIER))
        if self.on:
            self.came_up()

    def close(self) -> None:
        """Switch it off, or find it dead."""
        self.on = False
        self.payments.close()
        self.worker.close()
        dead, self.disk.dead = self.disk.dead, False
        if dead:
            self.opened.books.database.close()
            self.opened._lock.release()
            # As with a hub: its frames hold nothing open any more.
            gc.collect()
        else:
            self.opened.close()

    def die(self) -> None:
        """The power went; it is on again a moment later."""
        self.heap.sometimes("till killed")
        self.close()
        self.heap.after(self.heap.rng["disk"].randrange(5, 120) * SECOND, self._again)

    def _again(self) -> None:
        if not self.on:
            self.open()

    def do(self, act: Callable[[], Any]) -> Any:
        """Something a person does; None when it was refused or the till died over it.

        Whoever's clock is not believed says that it is right; a full disk is a refusal.
        """
        try:
            try:
                return act()
            except Refusal as refusal:
                if refusal.code != "clock_jumped":
                    raise
                self.heap.sometimes("clock confirmed by a person")
                self.counter.desk.confirm_clock()
                return act()
        except Refusal as refusal:
            self.heap.marks[f"refused: {refusal.code}"] += 1
        except Trouble as trouble:
            self.heap.sometimes(f"trouble: {trouble.code}")
        except (Killed, SQLAlchemyError):
            # A connection that was cut off in the middle says so in its own words.
            if not self.disk.dead:
                raise
            self.die()
        return None

    def pause(self, most: int) -> int:
        """Any time up to so much, ms."""
        return self.heap.rng["net"].randrange(most)

    def _recorded(self, facts: Sequence[Fact]) -> None:
        if self._taken is not None:
            self._taken += facts
            return
        self.pencil.take_all(facts, self)
        self._look_what_counts(facts)
        if self.copy_due:
            self.copy_due = False
            self.heap.after(0, lambda: self.on and self.copy())
        rng = self.heap.rng["net"]
        soon = rng.random() < 0.3
        self.plan_look(self.heap.now + rng.randrange(200, 9_000 if soon else LAZY_MS))

    # --- the worker ------------------------------------------------------------------------

    def plan_look(self, when: int) -> None:
        """Have the worker look, unless it will sooner."""
        if self._look_at and self._look_at <= when:
            return
        self._look_at = when
        generation = self.starts
        self.heap.at(when, lambda: self._look(generation, when))

    def _look(self, generation: int, planned: int) -> None:
        if not self.on or generation != self.starts or planned != self._look_at:
            return
        self._look_at = 0
        if self._rests():
            return
        Later.looking = self
        failures = self.worker.state.failures
        try:
            self.worker.look()
        except (Killed, SQLAlchemyError):
            if not self.disk.dead:
                raise
            self.die()
            return
        state = self.worker.state
        rest = state.until - self.clock.monotonic_ms()
        longest = max(LONGEST_REST_MS, LONGEST_WISH_MS)
        self.world.expect(19, rest <= longest, f"{self.name}: rests {rest} ms")
        if state.reason == "stuck" and state.failures > failures:
            self.heap.sometimes("watchdog fired")
        if state.phase == PUSHING:
            self.plan_look(self.heap.now + WATCHDOG_MS + SECOND)
        elif self.worker.seen.waiting:
            self.plan_look(self.heap.now + self._patience(rest))

    def _rests(self) -> bool:
        """Whether looking would find nothing to do yet: then it looks when the rest is over."""
        worker = self.worker
        rest = worker.state.until - self.clock.monotonic_ms()
        if worker.state.phase != RESTING or rest <= 0 or worker._asked:
            return False
        if not worker._happened.empty():
            return False
        self.plan_look(self.heap.now + self._patience(rest))
        return True

    def _patience(self, rest: int) -> int:
        return max(rest, DULL_MS if self.wire.is_cut else 20)

    # --- the way down ----------------------------------------------------------------------

    def plan_pull(self, when: int) -> None:
        """Have the lane look what is new, unless it will sooner."""
        if self._pull_at and self._pull_at <= when:
            return
        self._pull_at = when
        generation = self.starts
        self.heap.at(when, lambda: self._pull(generation, when))

    def _pull(self, generation: int, planned: int) -> None:
        if not self.on or generation != self.starts or planned != self._pull_at:
            return
        self._pull_at = 0
        down = self.worker.down
        Later.looking = self
        if armed := self.heap.chance("disk", self.world.faults.till_killed):
            self.disk.arm(self.heap.rng["disk"].randrange(24))
        self._taken = []
        try:
            down.look()
        except (Killed, SQLAlchemyError):
            if not self.disk.dead:
                raise
        finally:
            taken, self._taken = self._taken, None
        if armed:
            self.disk.disarm()
        if self.disk.dead:
            self._broken_off = taken or []
            self.die()
            return
        self.world.expect(18, down.state.reason != "bug", f"{self.name}: taking in broke")
        if taken:
            self._came_down(taken)
        rest = down.state.until - self.clock.monotonic_ms()
        if down.state.phase == ASKING:
            self.plan_pull(self.heap.now + WATCHDOG_MS + SECOND)
        elif rest <= 0 or self.world.awaited:
            self.plan_pull(self.heap.now + self._patience(rest))
        else:
            plan = self.world.plan
            idle = plan.wanted_ms if down.state.failures else plan.idle_ms
            self.plan_pull(self.heap.now + self._patience(rest) + self.pause(idle))

    def _came_down(self, taken: list[Fact]) -> None:
        """Head office's word, other tills' entries, and what of its own this till had lost."""
        for fact in taken:
            self.heap.marks[f"came down: {type(fact).__name__}"] += 1
        self.pencil.recount(taken, self)
        self._look_what_counts(taken)
        # What came back of an own journal is acknowledged in its turn.
        self.plan_look(self.heap.now + SECOND)

    def _look_what_counts(self, facts: Sequence[Fact]) -> None:
        if any(isinstance(fact, COUNTS) for fact in facts):
            self.held.append(held_at(self))

    def on_its_way(self, carry: Callable[[], None]) -> None:
        """A request leaves; a till that dies meanwhile may have sent it all the same."""
        generation = self.starts

        def arrive() -> None:
            alive = self.on and generation == self.starts
            if not alive and not self.heap.chance("net", 0.5):
                return
            try:
                carry()
            except (Killed, SQLAlchemyError):
                # Behind an answer it may write down how it stands.
                if not self.disk.dead:
                    raise
                if self.on:
                    self.die()

        self.heap.after(self.heap.rng["net"].randrange(10, 900), arrive)

    def hears(self, take: Callable[[], None], look: Callable[[int], None]) -> None:
        """An answer comes back, soon or after minutes."""
        generation, rng = self.starts, self.heap.rng["net"]
        if (mute := self.world.faults.mute) and self.heap.chance("net", mute):
            self.heap.sometimes("answer never came")
            return
        wait = rng.randrange(10, 400)
        if self.heap.chance("net", self.world.faults.slow):
            wait = rng.randrange(60, 300) * SECOND

        def arrive() -> None:
            if self.on and generation == self.starts:
                take()
                look(self.heap.now)

        self.heap.after(wait, arrive)

    # --- copies ----------------------------------------------------------------------------

    def copy(self) -> Copy:
        """A copy of the folder as it stands, made by the backup API while it sells."""
        target = self.folder.with_name(f"{self.name}-copy{len(self.copies)}")
        target.mkdir()
        self.books.database.copy_to(target / FILE_NAME)
        shutil.copy(self.folder / KEY_FILE, target)
        self.copies.append(Copy(target, self.pencil.copy(), list(self.held)))
        return self.copies[-1]

    def put_back(self, copy: Copy, *, signs_in: bool = True) -> None:
        """The disk is what it was then; nobody tells the till. Where nobody signs in, it may meet
        the hub before anything new is written."""
        if self.on:
            self.close()
        self.world.witness.disk_goes(self)
        shutil.rmtree(self.folder)
        shutil.copytree(copy.folder, self.folder)
        self.pencil, self.held = copy.pencil.copy(), list(copy.held)
        self.newest_feeds = {}
        self.heap.sometimes("till restored")
        self._broken_off = []
        self.open(signs_in=signs_in)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What its tables say."""
        with self.books.read() as db:
            return [tuple(row) for row in db.exec_driver_sql(sql, values)]
