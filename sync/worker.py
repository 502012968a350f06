"""The till's journal on its way to the hub: carries out what the conversation decides.

One thread decides and reads, a second one waits for the network, so a line that hangs holds
nothing. Both only read the books through readers' connections; the one write, how far the hub is,
goes through the gate behind everything a counter does.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence

import msgspec

from app.database import Priority
from app.errors import ShopError
from app.facts.base import Fact
from app.journal import outbox
from app.journal.outbox import Link
from app.journal.stored import StoredEntry
from app.loop import Loop
from app.own_journals import open_next_journal, signature_of
from app.transaction import Books, transaction
from sync.conversation import (
    PUSHING,
    Effect,
    Event,
    Failed,
    GiveUp,
    GoOn,
    Heard,
    Keep,
    Looked,
    Send,
    State,
    step,
)
from sync.hub_line import HubLine, LineTrouble
from sync.pull_lane import PullLane, PullSeen, seen
from sync.standing_lane import StandingLane

LOG = logging.getLogger(__name__)
IDLE_MS = 30_000
"""How often the outbox is looked at when nothing was recorded."""
BITE = 100
"""Entries in one push, a fifth of what one may hold: making ready five hundred is felt by a sale at
the counter beside it, and nobody waits for the end of a backlog."""
SELLING_MS = 2_000
"""So long after the till's own last fact its counter counts as selling."""
PUSHING_MS = 1_000
DISK_REST_MS = 10_000


class SyncState(msgspec.Struct, frozen=True):
    """What people see of it."""

    waiting: int
    oldest_ms: int
    acked: int
    heard_ms: int
    reason: str
    """Why nothing moves, "" when all is well."""
    pushing: bool
    pull: PullSeen
    """The way down: feeds, and what other tills wrote."""


class HubWorker:
    """One till's way to its hub. Without a thread of its own (`start`) it works within `look`."""

    def __init__(self, books: Books, link: Link, *, cut: Callable[[], bool]) -> None:
        self.books = books
        self.link = link
        self.line = HubLine(
            link.address,
            journal=link.journal,
            sign=signature_of(books, link.journal),
            clock=books.clock,
            ids=books.ids,
            cut=cut,
            authority=link.authority,
        )
        self.state = State()
        self.loop = Loop("sync", self.look, self._pause_s, after_bug_s=DISK_REST_MS // 1000)
        self.standing = StandingLane(books, link, self.line, self.loop.wake)
        self.down = PullLane(books, link, self.line, self.standing, self._look_again)
        self.seen = self.shown()
        """As it was when the worker looked last: for a strip that may not read the disk."""
        self._happened: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._asked = False
        self._kept = False
        self._sold_ms = -SELLING_MS
        books.listeners.append(self._recorded)

    # --- for people ------------------------------------------------------------------------

    def shown(self) -> SyncState:
        """Numbers for people, read from the disk."""
        with self.books.read() as db:
            found = outbox.backlog(db)
            down = seen(db, self.down, self.books.clock.wall_ms())
        state = self.state
        return SyncState(
            waiting=found.waiting,
            oldest_ms=found.oldest_ms,
            acked=found.acked,
            heard_ms=found.heard_ms,
            reason=state.reason or self._standing(),
            pushing=state.phase == PUSHING,
            pull=down,
        )

    def _standing(self) -> str:
        """Why a person has to look although everything moves."""
        if self.standing.revoked:
            return "revoked"
        return "forked" if self.state.forked else ""

    def change_key(self, staff: str) -> bool:
        """Go on in a journal with a new key; whether the hub knows it already.

        Raises Refusal("clock_jumped").
        """
        told = self.standing.change_key(staff)
        self.loop.wake()
        return told

    def _look_again(self) -> None:
        self.seen = self.shown()

    def ask(self) -> None:
        """Send what waits, ask what is new and how far the hub is, without keeping a rest. Never
        waits itself."""
        self._asked = True
        self.standing.ask_again()
        self.loop.wake()
        self.down.ask()

    def push_now(self, patience_s: float) -> None:
        """The same, until the hub has it all and nothing is new, or it says no.

        With a thread of its own the caller waits at most so long.
        """
        self.ask()
        if not self.loop.started:
            self.look()
            self.down.look()
            # What came back of an own journal after a restore is acknowledged in its turn.
            self.look()
            return
        deadline = self.books.clock.monotonic_ms() + int(patience_s * 1000)
        pause = threading.Event()
        while self.books.clock.monotonic_ms() < deadline:
            if not self._asked and self.state.phase != PUSHING:
                shown = self.shown()
                if self.state.reason or not (shown.waiting or self.down.busy):
                    return
            pause.wait(0.02)

    # --- running ---------------------------------------------------------------------------

    def start(self) -> None:
        """Work by itself until `close`."""
        self.loop.start()
        self.down.loop.start()

    def close(self) -> None:
        """Begin nothing new. A push under way is sent again after the next start."""
        if self._recorded in self.books.listeners:
            self.books.listeners.remove(self._recorded)
        self.loop.close()
        self.down.close()

    def _recorded(self, facts: Sequence[Fact]) -> None:
        if any(getattr(fact, "till", "") == self.books.till for fact in facts):
            self._sold_ms = self.books.clock.monotonic_ms()
            self.down.counter_worked()
        self.loop.wake()

    def _pause_s(self) -> float:
        """How long nothing has to be looked at: an answer or a commit ends it sooner."""
        if self.state.phase == PUSHING:
            return PUSHING_MS / 1000
        rest = self.state.until - self.books.clock.monotonic_ms()
        return (min(rest, IDLE_MS) if rest > 0 else IDLE_MS) / 1000

    def look(self) -> None:
        """Take in what happened and go on as far as it leads."""
        going = True
        while going and not self.loop.closing:
            while not self._happened.empty():
                self._take(self._happened.get())
            with self.books.read() as db:
                ways = tuple(outbox.ways(db))
            asked, now = self._asked, self.books.clock.monotonic_ms()
            # Driven by hand there is no counter beside it.
            selling = self.loop.started and now < self._sold_ms + SELLING_MS
            self._take(Looked(now, ways, asked, selling))
            if asked:
                self._asked = False
            going = not self._happened.empty()
        self.seen = self.shown()
        if self._kept and not self.seen.waiting:
            # The line works, and others may have sent something: ask now, not in half a minute.
            self._kept = False
            self.down.want()

    def _take(self, event: Event) -> None:
        self.state, effects = step(self.state, event, self._jitter)
        for effect in effects:
            self._perform(effect)

    def _jitter(self, most: int) -> int:
        return int.from_bytes(self.books.ids.random_bytes(8), "big") % (most + 1)

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Send():
                self._send(effect)
            case Keep():
                self._keep(effect)
            case GoOn():
                self._go_on(effect)
            case GiveUp():
                LOG.warning("push %s got stuck and was given up", effect.call)

    def _send(self, send: Send) -> None:
        with self.books.read() as db:
            entries = outbox.batch(db, send.journal, send.behind, BITE)

        def carry() -> None:
            self._happened.put(self._carried(send, entries))
            self.loop.wake()

        if not self.loop.started:
            carry()
        else:
            threading.Thread(target=carry, name="push", daemon=True).start()

    def _carried(self, send: Send, entries: list[StoredEntry]) -> Event:
        """What came of one push; on a thread that may hang."""
        clock = self.books.clock
        try:
            self.standing.tell_new_key()
            said = self.line.push(self.link, send.journal, entries)
            self.standing.pushed(send.behind, said.answer)
        except LineTrouble as trouble:
            return Failed(clock.monotonic_ms(), send.call, trouble.reason, trouble.retry_after_ms)
        except Exception:
            # Our bug: loud, and shown as the reason nothing moves.
            LOG.exception("a push broke")
            return Failed(clock.monotonic_ms(), send.call, "bug")
        return Heard(clock.monotonic_ms(), send.call, said.answer, said.evidence, said.sent)

    def _go_on(self, go_on: GoOn) -> None:
        if self.books.journal.id != go_on.journal:
            return
        try:
            open_next_journal(self.books, reason=go_on.reason)
        except ShopError as error:
            # What is written meanwhile forks too: the hub keeps it aside, and we come here again.
            LOG.warning("the next journal could not be begun: %s", error)

    def _keep(self, keep: Keep) -> None:
        clock = self.books.clock
        try:
            with transaction(self.books, priority=Priority.BACKGROUND) as tx:
                outbox.remember(
                    tx.connection, keep.journal, keep.seq, hub_ms=keep.hub_ms,
                    heard_ms=clock.wall_ms(), evidence=keep.evidence,
                )  # fmt: skip
            self._kept = True
        except ShopError as error:
            # Sent again later: the hub has it, and says so again.
            LOG.warning("the hub's word could not be kept: %s", error)
            until = clock.monotonic_ms() + DISK_REST_MS
            self.state = msgspec.structs.replace(self.state, until=until, reason="disk")
