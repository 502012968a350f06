"""A till as one machine of the chain: its folder, its counter, its worker, its disk, its pencil."""

import queue
import shutil
import threading
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
from app.ids import Ids, seeded
from app.journal.outbox import link_of
from app.journal.secrets import KEY_FILE
from app.opening import open_folder
from app.sales.counter import Counter
from app.stock.counting import finish_postings
from printers.template import shipped
from sync.conversation import PUSHING, RESTING, WATCHDOG_MS
from sync.worker import HubWorker
from tests.chaos.network import ChaosNetwork
from tests.simulation.driven_disk import DISKS, Disk, Killed
from tests.simulation.pencil import Pencil
from tests.simulation.time_heap import MINUTE, SECOND, MachineClock
from tests.simulation.wire import Wire
from ui.payment_runner import PaymentRunner

if TYPE_CHECKING:
    from tests.simulation.world import World

CASHIER = ("101", "246810")
TEMPLATE = shipped()
LAZY_MS = 30 * MINUTE
"""Most commits wait a while before the worker looks, so that pushes hold several entries."""
DULL_MS = 60 * MINUTE
"""A worker whose line is cut is woken no oftener: nothing would come of it, and virtual days would
take real hours. One that has nothing to send is woken by the next commit alone."""


class Copy(msgspec.Struct, frozen=True):
    """A till's folder as it stood one evening, and what the pencil said then."""

    folder: Path
    pencil: Pencil


class _NoThread:
    """In the place of the worker's thread: the heap calls `look`."""

    def join(self, _patience: float) -> None:
        return


class _Later:
    """In the place of a thread that waits for the network: the heap runs it a little later."""

    looking: "TillNode"

    def __init__(self, *, target: Callable[[], None], **_named: Any) -> None:
        self._target = target

    def start(self) -> None:
        _Later.looking.on_its_way(self._target)


THREADS = SimpleNamespace(Event=threading.Event, Thread=_Later)
"""What `sync.worker` finds under the name `threading` here."""


class _SlowQueue:
    """What was heard reaches the worker when the heap says so."""

    def __init__(self, till: "TillNode") -> None:
        self._till = till
        self._arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.empty, self.get = self._arrived.empty, self._arrived.get

    def put(self, event: Any) -> None:
        self._till.hears(lambda: self._arrived.put(event))


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
        self.starts = 0
        self.on = False
        self.came_up: Callable[[], None] = lambda: None
        """Called when it is on again: somebody looks after its payments."""
        self._look_at = 0

    # --- on and off ------------------------------------------------------------------------

    def open(self) -> None:
        """Somebody switches it on and signs in."""
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
        self.worker._thread = _NoThread()  # type: ignore[assignment]
        self.worker._happened = _SlowQueue(self)  # type: ignore[assignment]
        self.pencil.compare(self)
        self.books.listeners.append(self._recorded)
        self.on = True
        self._look_at = 0
        self.plan_look(self.heap.now + SECOND)
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

    def _recorded(self, facts: Sequence[Fact]) -> None:
        self.pencil.take_all(facts, self)
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
        _Later.looking = self
        failures = self.worker.state.failures
        try:
            self.worker.look()
        except (Killed, SQLAlchemyError):
            if not self.disk.dead:
                raise
            self.die()
            return
        state = self.worker.state
        if state.reason == "stuck" and state.failures > failures:
            self.heap.sometimes("watchdog fired")
        if state.phase == PUSHING:
            self.plan_look(self.heap.now + WATCHDOG_MS + SECOND)
        elif self.worker.seen.waiting:
            rest = state.until - self.clock.monotonic_ms()
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

    def on_its_way(self, carry: Callable[[], None]) -> None:
        """A request leaves; a till that dies meanwhile may have sent it all the same."""
        generation = self.starts

        def arrive() -> None:
            alive = self.on and generation == self.starts
            if alive or self.heap.chance("net", 0.5):
                carry()

        self.heap.after(self.heap.rng["net"].randrange(10, 900), arrive)

    def hears(self, take: Callable[[], None]) -> None:
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
                self.plan_look(self.heap.now)

        self.heap.after(wait, arrive)

    # --- copies ----------------------------------------------------------------------------

    def copy(self) -> Copy:
        """A copy of the folder as it stands, made by the backup API while it sells."""
        target = self.folder.with_name(f"{self.name}-copy{len(self.copies)}")
        target.mkdir()
        self.books.database.copy_to(target / FILE_NAME)
        shutil.copy(self.folder / KEY_FILE, target)
        self.copies.append(Copy(target, self.pencil.copy()))
        return self.copies[-1]

    def put_back(self, copy: Copy) -> None:
        """The disk is what it was then; nobody tells the till."""
        if self.on:
            self.close()
        self.world.witness.disk_goes(self)
        shutil.rmtree(self.folder)
        shutil.copytree(copy.folder, self.folder)
        self.pencil = copy.pencil.copy()
        self.heap.sometimes("till restored")
        self.open()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What its tables say."""
        with self.books.read() as db:
            return [tuple(row) for row in db.exec_driver_sql(sql, values)]
