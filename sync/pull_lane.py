"""Brings feeds and siblings' entries down: carries out what `pulling` decides.

A thread of its own waits for the network and takes in what came; neither a push nor the counter
waits for it. Entries go in by small turns that give way to the counter (`giving_way`), so a backlog
of months is not felt by a sale beside it.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence

import msgspec
from sqlalchemy import Connection

from app import feeds, siblings
from app.database import Priority
from app.errors import ShopError
from app.feeds import HostileFeed
from app.journal import outbox
from app.journal.feeds import LIFE_MS
from app.journal.outbox import Link, Way
from app.loop import Loop
from app.own_journals import open_next_journal
from app.siblings import AT_ONCE, HostileEntries
from app.transaction import Books, transaction
from sync.conversation import RESTING
from sync.giving_way import Counter
from sync.hub_line import HubLine, LineTrouble
from sync.protocol_feeds import FeedPosition, JournalPosition, Pull, Pulled, SentEntry
from sync.pulling import (
    IDLE_MS,
    Ask,
    LetGo,
    PullEvent,
    PullFailed,
    PullHeard,
    PullLooked,
    PullState,
    Take,
    Took,
    pull_step,
)
from sync.standing_lane import StandingLane

LOG = logging.getLogger(__name__)
BITE = 100
"""Entries and parts in one answer: unpacking five hundred is felt by a sale beside it."""
WAITING_MS = 1_000
CONTACT_MS = 10 * 60_000
"""How often the moment of the last contact is written down."""


class PullLane:
    """One till's way down. Without a thread of its own (`loop.start`) it works within `look`."""

    def __init__(
        self,
        books: Books,
        link: Link,
        line: HubLine,
        standing: StandingLane,
        looked: Callable[[], None] = lambda: None,
    ) -> None:
        """`looked` is called whenever something may have changed for people."""
        self.looked = looked
        self.books = books
        self.link = link
        self.line = line
        self.standing = standing
        self.state = PullState()
        with books.read() as db:
            self.contact_ms = outbox.contact(db)
            """When the hub last answered: nothing newer was there than what is here."""
            self._incarnation = link.incarnation
        self._written_ms = self.contact_ms
        self._happened: queue.SimpleQueue[PullEvent] = queue.SimpleQueue()
        self.loop = Loop("pull", self.look, self._pause_s, after_bug_s=IDLE_MS // 1000)
        self._wanted = self._asked = False
        self._settled = False
        self._counter, self._turned = Counter(), 0
        self._worked = threading.Event()

    def want(self) -> None:
        """Something changed at the hub, or the line came back: ask soon. Never waits itself."""
        self._wanted = True
        self.loop.wake()

    def ask(self) -> None:
        """Ask now, without keeping a rest. Never waits itself."""
        self._asked = True
        self.loop.wake()

    def counter_worked(self) -> None:
        """This till recorded something itself, just now."""
        self._counter = self._counter.after(self.books.clock.monotonic_ms())
        self._worked.set()

    @property
    def busy(self) -> bool:
        """Whether something was asked for that has not ended."""
        return self._asked or self.state.phase != RESTING or self._goes_on()

    def _goes_on(self) -> bool:
        state = self.state
        return not state.failures and state.until <= self.books.clock.monotonic_ms()

    # --- running ---------------------------------------------------------------------------

    def close(self) -> None:
        """Begin nothing new. What was not taken in is asked for again after the next start."""
        self.loop.closing = True
        self._worked.set()
        self.loop.close()

    def _pause_s(self) -> float:
        if self.state.phase != RESTING:
            return WAITING_MS / 1000
        rest = self.state.until - self.books.clock.monotonic_ms()
        return min(max(rest, 0), IDLE_MS) / 1000

    def look(self) -> None:
        """Take in what happened and go on as far as it leads."""
        if not self._settled:
            self._settled = True
            feeds.settle_all(self.books)
        going = True
        while going and not self.loop.closing:
            while not self._happened.empty():
                self._step(self._happened.get())
            asked, wanted = self._asked, self._wanted
            self._asked = self._wanted = False
            self._step(PullLooked(self.books.clock.monotonic_ms(), wanted, asked))
            going = not self._happened.empty()
        self.looked()

    def _step(self, event: PullEvent) -> None:
        self.state, effects = pull_step(self.state, event, self._jitter)
        for effect in effects:
            match effect:
                case Ask():
                    self._ask(effect)
                case Take():
                    self._happened.put(self._take(effect))
                case LetGo():
                    LOG.warning("pull %s got stuck and was let go", effect.call)

    def _jitter(self, most: int) -> int:
        return int.from_bytes(self.books.ids.random_bytes(8), "big") % (most + 1)

    # --- asking ----------------------------------------------------------------------------

    def _ask(self, ask: Ask) -> None:
        pull = self._positions()

        def carry() -> None:
            self._happened.put(self._carried(ask, pull))
            self.loop.wake()

        if not self.loop.started:
            carry()
        else:
            threading.Thread(target=carry, name="pulling", daemon=True).start()

    def _positions(self) -> Pull:
        with self.books.read() as db:
            return positions(
                db, self.books.journal.id, self._incarnation,
                ways=outbox.ways(db), wall_ms=self.books.clock.wall_ms(),
            )  # fmt: skip

    def _carried(self, ask: Ask, pull: Pull) -> PullEvent:
        """What came of one question; on a thread that may hang."""
        clock = self.books.clock
        try:
            answer = self.line.pull(self.link, pull)
            if isinstance(answer, Pulled):
                self.standing.pulled(answer.incarnation)
            else:
                self.standing.refused(answer.code, answer.hub_ms)
        except LineTrouble as trouble:
            return PullFailed(
                clock.monotonic_ms(), ask.call, trouble.reason, trouble.retry_after_ms
            )
        except Exception:
            # Our bug: loud, and shown as the reason nothing comes down.
            LOG.exception("a pull broke")
            return PullFailed(clock.monotonic_ms(), ask.call, "bug")
        return PullHeard(clock.monotonic_ms(), ask.call, answer)

    # --- taking in -------------------------------------------------------------------------

    def _take(self, take: Take) -> Took:
        clock = self.books.clock
        moved, reason = False, ""
        try:
            moved = self._take_in(take.answer)
        except (HostileFeed, HostileEntries) as error:
            LOG.warning("what came down was not believed: %s", error)
            reason = str(error)
        except ShopError as error:
            LOG.warning("what came down could not be written: %s", error)
            reason = "disk"
        except Exception:
            LOG.exception("taking in broke")
            reason = "bug"
        return Took(clock.monotonic_ms(), take.call, moved and take.answer.more, reason)

    def _take_in(self, answer: Pulled) -> bool:
        """Feeds first, then entries by small turns; whether any of it was new."""
        hostile: Exception | None = None
        if answer.parts:
            sent = [
                feeds.Sent(each.content.encode(), bytes.fromhex(each.sig)) for each in answer.parts
            ]
            try:
                feeds.take(self.books, sent, hub_key=self.link.hub_key)
            except HostileFeed as error:
                hostile = error
        moved = bool(answer.parts)
        for some in turns(answer.entries):
            self._give_way()
            if self.loop.closing:
                break
            try:
                moved |= siblings.take(self.books, some) > 0
            except HostileEntries as error:
                hostile = error
            self._turned = self.books.clock.monotonic_ms()
        if hostile is not None:
            raise hostile
        self._heard(answer)
        self._next_series()
        return moved

    def _give_way(self) -> None:
        """Wait until the next turn of entries is not in the counter's way."""
        if not self.loop.started:
            # Driven by hand there is no counter beside it.
            return
        while not self.loop.closing:
            self._worked.clear()
            rest = self._counter.rest(self.books.clock.monotonic_ms(), self._turned)
            if not rest or not self._worked.wait(rest / 1000):
                return

    def _heard(self, answer: Pulled) -> None:
        """Note that the hub answered, and which hub it is since its last restore."""
        self.contact_ms = self.books.clock.wall_ms()
        changed = answer.incarnation != self._incarnation
        if not changed and abs(self.contact_ms - self._written_ms) < CONTACT_MS:
            return
        with transaction(self.books, priority=Priority.BACKGROUND) as tx:
            outbox.note_contact(tx.connection, self.contact_ms, answer.incarnation)
        self._incarnation, self._written_ms = answer.incarnation, self.contact_ms

    def _next_series(self) -> None:
        """A till whose disk was lost goes on under the next receipt letter."""
        books = self.books
        with books.read() as db:
            if not siblings.foreign_series(db, books.shop, books.till, books.journal.id):
                return
        open_next_journal(books, reason="restored")


def positions(
    db: Connection, writing: str, incarnation: str, *, ways: Sequence[Way] = (), wall_ms: int = 0
) -> Pull:
    """How far this till has everything, and the question what follows; its own journals (`ways`)
    and `wall_ms` only on the line, where they are heard as they are said."""
    return Pull(
        incarnation=incarnation,
        writing=writing,
        feeds=tuple(
            FeedPosition(
                scope=each.scope, version=each.version, part=each.part, hash=each.hash,
                applied=each.applied, held=each.reason,
            )
            for each in feeds.standings(db)
        ),
        journals=tuple(JournalPosition(*each) for each in siblings.positions(db, writing)),
        most=BITE,
        head=next((way.head for way in ways if way.journal == writing), 0),
        older=tuple(
            JournalPosition(way.journal, way.head)
            for way in ways
            if way.journal != writing and way.head > way.acked
        ),
        wall_ms=wall_ms,
    )  # fmt: skip


def turns(entries: Sequence[SentEntry]) -> Iterator[list[siblings.Sent]]:
    for start in range(0, len(entries), AT_ONCE):
        yield [
            siblings.Sent(each.journal, each.seq, each.content.encode(), bytes.fromhex(each.sig))
            for each in entries[start : start + AT_ONCE]
        ]


class FeedSeen(msgspec.Struct, frozen=True):
    """One feed, for people."""

    scope: str
    version: int
    """The version that counts, 0 for none."""
    issued_ms: int
    held: int
    """The first version that does not count, 0 when all do."""
    reason: str
    expired: bool


class PullSeen(msgspec.Struct, frozen=True):
    """What people see of the way down."""

    feeds: tuple[FeedSeen, ...]
    contact_ms: int
    """When the hub last answered, 0 for never: what is here was the newest then."""
    reason: str
    aside: int
    """Entries of others that mean nothing here."""
    tills: dict[str, int]
    """The shop's other tills, and the moment of the last each said, in ms."""


def seen(db: Connection, lane: PullLane, now_ms: int) -> PullSeen:
    """As it stands, read from the disk."""
    fresh_until = lane.contact_ms + LIFE_MS
    return PullSeen(
        feeds=tuple(
            FeedSeen(
                scope=each.scope, version=each.applied, issued_ms=each.issued_ms, held=each.held,
                reason=each.reason, expired=now_ms > max(each.expires_ms, fresh_until),
            )
            for each in feeds.standings(db)
        ),
        contact_ms=lane.contact_ms,
        reason=lane.state.reason,
        aside=siblings.put_aside(db),
        tills=siblings.known_until(db, lane.books.shop, lane.books.till),
    )  # fmt: skip
