"""Joins payment attempts to the networks: what is due is asked, what was heard is written down.

The network is called on threads of their own, one call for an attempt at a time; everything that
is written goes through the counter, so a basket never changes under a cashier's hands. In the
window `start` lets it run by itself; without one `step` is called, so that time may stand still.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from app.errors import Refusal, ShopError
from app.facts.base import Fact
from app.facts.payments import PaymentAttempted, PaymentMoved, RefundAttempted, RefundMoved
from app.loop import Loop
from app.payments import rules
from app.payments.queries import (
    Attempt,
    Refund,
    attempt_by_id,
    open_attempts,
    open_refunds,
    refunds_of,
)
from app.payments.rules import RefundWatch, Step, Watch
from app.sales.charging import Outcome
from app.sales.counter import Counter
from app.transaction import Books
from sync.channels.answers import REASONS, Back, Heard, Order
from sync.channels.chosen import Channels
from ui.payment_calls import Call, Watched, question, question_back

LOG = logging.getLogger(__name__)
PAUSE_S = 0.25
PAYMENT_FACTS = (PaymentAttempted, PaymentMoved, RefundAttempted, RefundMoved)


@dataclass
class PaymentRunner:
    """The carrier of one till's counter."""

    books: Books
    channels: Channels
    subject: Callable[[], str]
    direct: bool = False
    """Calls are made in place: for simulations, where threads would spoil the seed."""
    counter: Counter = field(init=False)
    _codes: dict[str, str] = field(default_factory=dict)
    _watched: dict[str, Watched] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _stale: threading.Event = field(default_factory=threading.Event)
    """Attempts or refunds were recorded since they were read last."""
    loop: Loop = field(init=False)

    def __post_init__(self) -> None:
        self.loop = Loop("payments", self.step, lambda: PAUSE_S)
        with self.books.read() as db:
            found = open_attempts(db, self.books.shop, self.books.till)
        self._from_before = {each.attempt for each in found}
        self._stale.set()
        self.books.listeners.append(self._recorded)

    def _recorded(self, facts: Sequence[Fact]) -> None:
        """Something was committed; what concerns payments is read at the next step."""
        if any(isinstance(fact, PAYMENT_FACTS) for fact in facts):
            self._stale.set()
            self.loop.wake()

    # --- for the counter -------------------------------------------------------------------

    def why_off(self, tender: str) -> str:
        """Why this tender cannot be used now, in words; "" when it can."""
        channel = self.channels.of(tender)
        reason = channel.why_off() if channel else "not_set_up"
        return REASONS[reason] if reason else ""

    def carry(self, attempt: str, code: str) -> None:
        """Ask for this attempt at the next step. Never waits: the counter holds its turn."""
        self._codes[attempt] = code
        self._stale.set()
        self.loop.wake()

    # --- for people ------------------------------------------------------------------------

    def ask_now(self, attempt: str, *, reverse: bool = False) -> None:
        """Have it asked about, or taken back as soon as that is allowed.

        Raises Refusal: unknown_attempt, attempt_settled.
        """
        with self._lock:
            self._load()
            if attempt not in self._watched:
                with self.books.read() as db:
                    known = attempt_by_id(db, self.books.shop, attempt)
                if known is None:
                    raise Refusal("unknown_attempt")
                raise Refusal("attempt_settled")
            watched = self._watched[attempt]
            watched.forced = True
            if reverse and isinstance(watched.watch, Watch):
                watched.watch = msgspec.structs.replace(watched.watch, wanted=True)
        self.loop.wake()

    def shown(self, attempt: str) -> str:
        """The code our screen shows for this attempt, "" for none."""
        watched = self._watched.get(attempt)
        return watched.shown if watched else ""

    def reason(self, attempt: str) -> str:
        """Why nothing certain was heard about it, in words."""
        watched = self._watched.get(attempt)
        return REASONS.get(watched.reason, watched.reason) if watched else ""

    def asking(self, attempt: str) -> bool:
        """Whether the network is being asked about it this moment."""
        watched = self._watched.get(attempt)
        return watched is not None and watched.call is not None

    def next_of(self, attempt: str) -> Step:
        """What this process will do about it, and when on the monotonic clock."""
        watched = self._watched.get(attempt)
        if watched is None or not isinstance(watched.watch, Watch):
            return Step(rules.NOTHING)
        return rules.next_step(watched.watch, self.books.clock.monotonic_ms())

    # --- running ---------------------------------------------------------------------------

    def close(self) -> None:
        """Begin nothing new. Calls under way are asked about after the next start."""
        self.loop.close()

    def step(self) -> None:
        """Write down what was heard and begin everything that is due. Never waits for a network."""
        with self._lock:
            again = True
            while again and not self.loop.closing:
                self._load()
                again = False
                for name, watched in list(self._watched.items()):
                    try:
                        again |= self._one(name, watched)
                    except ShopError as error:
                        # The disk, most likely: what was heard is written at the next step.
                        LOG.warning("payment %s: %s", name, error)

    def settle(self, patience_s: float | None = None) -> None:
        """Step, and wait for the calls under way, each at most so long (None: until they end)."""
        self.step()
        before: list[Call] = []
        while calls := [each.call for each in list(self._watched.values()) if each.call]:
            answered = [call.done.wait(patience_s) for call in calls]
            if calls == before or not all(answered):
                return
            before = calls
            self.step()

    def next_due(self) -> int | None:
        """When something falls due on the monotonic clock, None for never."""
        with self._lock:
            self._load()
            now = self.books.clock.monotonic_ms()
            steps = [self._next(each, now) for each in self._watched.values()]
            return min((step.at for step in steps if step.what != rules.NOTHING), default=None)

    def _next(self, watched: Watched, now: int) -> Step:
        if isinstance(watched.watch, Watch):
            return rules.next_step(watched.watch, now)
        return rules.next_refund_step(watched.watch, now)

    def _load(self) -> None:
        """Take up what is open, let go of what has ended, see what a person moved."""
        if not self._stale.is_set():
            return
        self._stale.clear()
        try:
            self._read()
        except BaseException:
            self._stale.set()
            raise

    def _read(self) -> None:
        now, shop, till = self.books.clock.monotonic_ms(), self.books.shop, self.books.till
        with self.books.read() as db:
            attempts = {each.attempt: each for each in open_attempts(db, shop, till)}
            refunds = {each.refund_attempt: each for each in open_refunds(db, shop, till)}
            for name, refund in refunds.items():
                if name not in self._watched or refund.state == rules.CREATED:
                    self._load_refund(refund, now, refunds_of(db, shop, refund.attempt))
        for name, attempt in attempts.items():
            self._load_attempt(name, attempt, now)
        for name in [each for each in self._watched if each not in attempts | refunds]:
            del self._watched[name]

    def _load_attempt(self, name: str, attempt: Attempt, now: int) -> None:
        watched = self._watched.get(name)
        if watched is not None and isinstance(watched.watch, Watch):
            if watched.watch.state != attempt.state:
                watched.watch = msgspec.structs.replace(
                    watched.watch, state=attempt.state, since=now
                )
            return
        code_known = name in self._codes
        if attempt.state == rules.CREATED and not code_known and name not in self._from_before:
            # Committed this moment on another thread; its code is handed over next.
            return
        self._watched[name] = Watched(
            Watch(
                state=attempt.state,
                mode=attempt.mode,
                begun_at=now,
                since=now,
                has_code=code_known,
            )
        )

    def _load_refund(self, refund: Refund, now: int, parts: list[Refund]) -> None:
        wall = self.books.clock.wall_ms()
        others = [
            min(max(each.since_ms + rules.REFUND_APART_MS - wall, 0), rules.REFUND_APART_MS)
            for each in parts
            if each.refund_attempt != refund.refund_attempt and each.state != rules.CREATED
        ]
        known = self._watched.get(refund.refund_attempt)
        begun = known.watch.begun_at if known else now
        watch = RefundWatch(
            state=refund.state, begun_at=begun, earliest=now + max(others, default=0)
        )
        self._watched[refund.refund_attempt] = known or Watched(watch)
        self._watched[refund.refund_attempt].watch = watch

    def _one(self, name: str, watched: Watched) -> bool:
        """Take one attempt or refund a step further; whether anything was done."""
        if watched.call is not None:
            if not watched.call.done.is_set():
                return False
            self._write_down(name, watched, watched.call)
            watched.call = None
            return True
        now = self.books.clock.monotonic_ms()
        step = self._next(watched, now)
        if watched.forced and watched.watch.state != rules.CREATED:
            watched.forced = False
            failed = watched.watch.state == rules.FAILED
            step = Step(rules.ASK if failed else rules.QUERY, now)
        if step.what == rules.NOTHING or step.at > now:
            return False
        if isinstance(watched.watch, Watch):
            self._do(name, watched, watched.watch, step.what)
        else:
            self._do_refund(name, watched, watched.watch, step.what)
        return True

    def _do(self, name: str, watched: Watched, watch: Watch, what: str) -> None:
        with self.books.read() as db:
            attempt = attempt_by_id(db, self.books.shop, name)
        assert attempt is not None
        if what in (rules.ABANDON, rules.PARK):
            self._move(name, watched, rules.moved(watch.state, what), what.lower())
            return
        if what == rules.SEND:
            self._move(name, watched, rules.SENT, "")
        elif what == rules.QUERY and watch.state == rules.SENT:
            # The process that asked is gone, and with it the answer.
            self._move(name, watched, rules.UNKNOWN, "restart")
        elif what == rules.REVERSE and rules.REVERSE in rules.MOVES[watch.state]:
            self._move(name, watched, rules.REVERSING, "person" if watch.wanted else "limit")
        order = Order(
            out_trade_no=attempt.out_trade_no,
            amount=attempt.amount,
            subject=self.subject(),
            mode=attempt.mode,
        )
        channel = self.channels.of(attempt.tender)
        code = self._codes.pop(name, "") if what == rules.SEND else ""
        watched.call = Call(what, question(channel, what, order, code), direct=self.direct)

    def _move(
        self, name: str, watched: Watched, state: str, reason: str, heard: Heard | None = None
    ) -> None:
        outcome = Outcome(
            before=watched.watch.state,
            state=state,
            reason=reason,
            trade_no=heard.trade_no if heard else "",
            trade_time=heard.trade_time if heard else "",
        )
        self.counter.heard(name, outcome)
        now = self.books.clock.monotonic_ms()
        assert isinstance(watched.watch, Watch)
        begun = now if state == rules.SENT else watched.watch.begun_at
        watched.watch = msgspec.structs.replace(
            watched.watch,
            state=state,
            since=now,
            begun_at=begun,
            asks=0 if state in rules.ASIDE else watched.watch.asks,
        )

    def _write_down(self, name: str, watched: Watched, call: Call) -> None:
        heard, now = call.heard, self.books.clock.monotonic_ms()
        watch = watched.watch
        if isinstance(watch, RefundWatch):
            self._write_refund(name, watched, watch, heard)
            return
        watched.shown = heard.show or watched.shown
        watched.reason = heard.reason
        state = rules.heard(watch.state, heard.outcome, age_ms=now - watch.begun_at)
        if state != watch.state:
            self._move(name, watched, state, heard.reason, heard)
        assert isinstance(watched.watch, Watch)
        if call.what == rules.REVERSE:
            watched.watch = msgspec.structs.replace(watched.watch, reversed_at=now)
        else:
            watched.watch = msgspec.structs.replace(
                watched.watch,
                asked_at=now,
                answer=heard.outcome,
                asks=watched.watch.asks + (call.what == rules.QUERY),
            )

    # --- refunds ---------------------------------------------------------------------------

    def _do_refund(self, name: str, watched: Watched, watch: RefundWatch, what: str) -> None:
        with self.books.read() as db:
            refund = next(
                each
                for each in open_refunds(db, self.books.shop, self.books.till)
                if each.refund_attempt == name
            )
            attempt = attempt_by_id(db, self.books.shop, refund.attempt)
        assert attempt is not None
        if what == rules.ASK and watch.state != rules.ASKED:
            self.counter.heard_refund(refund, rules.ASKED, "")
            watched.watch = msgspec.structs.replace(watch, state=rules.ASKED)
        back = Back(
            out_trade_no=refund.out_trade_no,
            out_refund_no=refund.out_refund_no,
            amount=refund.amount,
            total=attempt.amount,
        )
        channel = self.channels.of(refund.tender)
        ask = question_back(channel, what, back)
        watched.call = Call(what, ask, direct=self.direct)

    def _write_refund(self, name: str, watched: Watched, watch: RefundWatch, heard: Heard) -> None:
        now = self.books.clock.monotonic_ms()
        watched.reason = heard.reason
        state = rules.refund_heard(watch.state, heard.outcome)
        if state != watch.state:
            with self.books.read() as db:
                refunds = open_refunds(db, self.books.shop, self.books.till)
            refund = next(each for each in refunds if each.refund_attempt == name)
            self.counter.heard_refund(refund, state, heard.reason)
        watched.watch = msgspec.structs.replace(
            watch, state=state, asked_at=now, answer=heard.outcome, asks=watch.asks + 1
        )
