"""What may follow what in paying through a network, and when to ask again. Pure.

Two rules stand above all others: nobody is charged twice for one basket, and no attempt is ever
forgotten. So a charge whose end is not known is a state of its own: it is asked about every five
seconds, taken back after a minute, and when even that stays unclear it is parked on a list that
people see. Money that comes after it was taken back, or after the basket was paid otherwise, goes
straight back to where it came from.

An illegal move is a missing key. All times are milliseconds on the monotonic clock that is handed
in; after a restart they begin anew, so nothing here ever acts earlier than it should.
"""

from collections.abc import Mapping

import msgspec

# States of an attempt.
CREATED, SENT, USERPAYING, UNKNOWN, REVERSING, PARKED, PARKED_REVERSING, RELEASED = (
    "CREATED", "SENT", "USERPAYING", "UNKNOWN", "REVERSING", "PARKED", "PARKED_REVERSING",
    "RELEASED",
)  # fmt: skip
CAPTURED, LATE_CAPTURED, DECLINED, REVERSED, ABANDONED = (
    "CAPTURED", "LATE_CAPTURED", "DECLINED", "REVERSED", "ABANDONED",
)  # fmt: skip
# States of a refund, besides CREATED.
ASKED, ACCEPTED, DONE, FAILED, ELSEWHERE = "ASKED", "ACCEPTED", "DONE", "FAILED", "ELSEWHERE"

# What a channel's answer comes to.
PAID, REFUSED, WAITS, UNCLEAR, UNREACHED, NOT_FOUND, GONE = (
    "PAID", "REFUSED", "WAITS", "UNCLEAR", "UNREACHED", "NOT_FOUND", "GONE",
)  # fmt: skip
# What the till or a person does.
SEND, ABANDON, REVERSE, PARK, RELEASE, FOUND, SELL, ASK = (
    "SEND", "ABANDON", "REVERSE", "PARK", "RELEASE", "FOUND", "SELL", "ASK",
)  # fmt: skip
QUERY, NOTHING = "QUERY", "NOTHING"

Moves = Mapping[str, Mapping[str, str]]

MOVES: Moves = {
    CREATED: {SEND: SENT, ABANDON: ABANDONED},
    # UNREACHED: the line was dead before a byte had left, so surely nobody was charged.
    SENT: {
        PAID: CAPTURED,
        REFUSED: DECLINED,
        UNREACHED: DECLINED,
        WAITS: USERPAYING,
        UNCLEAR: UNKNOWN,
    },
    USERPAYING: {
        PAID: CAPTURED,
        REFUSED: DECLINED,
        GONE: REVERSED,
        UNCLEAR: UNKNOWN,
        REVERSE: REVERSING,
    },
    UNKNOWN: {
        PAID: CAPTURED,
        REFUSED: DECLINED,
        GONE: REVERSED,
        WAITS: USERPAYING,
        REVERSE: REVERSING,
        PARK: PARKED,
    },
    REVERSING: {
        PAID: LATE_CAPTURED,
        REFUSED: DECLINED,
        GONE: REVERSED,
        PARK: PARKED_REVERSING,
    },
    # Parked before anybody asked for the money back: found paid, it still pays for the basket.
    PARKED: {
        PAID: CAPTURED,
        REFUSED: DECLINED,
        GONE: REVERSED,
        REVERSE: REVERSING,
        RELEASE: RELEASED,
    },
    PARKED_REVERSING: {
        PAID: LATE_CAPTURED,
        REFUSED: DECLINED,
        GONE: REVERSED,
        RELEASE: RELEASED,
    },
    # A manager let the basket be paid otherwise: whatever comes now is too late.
    RELEASED: {PAID: LATE_CAPTURED, REFUSED: DECLINED, GONE: REVERSED},
    CAPTURED: {},
    LATE_CAPTURED: {},
    # The channel's bill may know better than the channel's answer did: the money goes back, or a
    # person says that the customer has the goods.
    DECLINED: {FOUND: LATE_CAPTURED, SELL: CAPTURED},
    REVERSED: {FOUND: LATE_CAPTURED, SELL: CAPTURED},
    ABANDONED: {FOUND: LATE_CAPTURED, SELL: CAPTURED},
}
REFUND_MOVES: Moves = {
    CREATED: {ASK: ASKED},
    ASKED: {WAITS: ACCEPTED, PAID: DONE, REFUSED: FAILED},
    ACCEPTED: {PAID: DONE, REFUSED: FAILED},
    # Tried again under the same number: the channel pays a number once.
    # Or a manager saw to it that the customer got it another way.
    FAILED: {ASK: ASKED, RELEASE: ELSEWHERE},
    DONE: {},
    ELSEWHERE: {},
}

OPEN = (CREATED, SENT, USERPAYING, UNKNOWN, REVERSING, PARKED, PARKED_REVERSING, RELEASED)
"""Their end is not known yet."""
BLOCKING = (CREATED, SENT, USERPAYING, UNKNOWN, REVERSING, PARKED, PARKED_REVERSING)
"""While one of these stands, its basket takes no other money."""
ASIDE = (PARKED, PARKED_REVERSING, RELEASED)
"""On the list of what nobody knows; the counter goes on with the next customer."""
REFUND_OPEN = (CREATED, ASKED, ACCEPTED, FAILED)

QUERY_EVERY_MS = 5_000
REVERSE_AFTER_MS = {"scan": 60_000, "shown": 300_000}
"""How long a customer has: a wallet's code lives a minute, ours on the screen five."""
NEVER_REVERSE_BEFORE_MS = 15_000
"""A channel refuses to take back what it may still be working on."""
PARK_AFTER_MS = 60_000
"""Unclear so much longer than it had time for: it goes on the list."""
ASIDE_QUERY_MS = 60_000
MOST_ASIDE_QUERY_MS = 3_600_000
GIVE_UP_MS = 24 * 3_600_000
"""After a day only the channel's bill or a person asks again; the list keeps it."""
FRESH_MS = 2_000
"""A query older than this is no last query: time passed between (a machine that slept)."""

REFUND_APART_MS = 60_000
"""Two parts of one payment go back at least a minute apart."""
REFUND_RETRY_MS = 600_000
MOST_REFUNDS = 50
REFUND_DAYS = 365


class IllegalMove(Exception):
    """Our bug: something happened that cannot follow."""


def moved(state: str, event: str, moves: Moves = MOVES) -> str:
    """The state after this event. Raises IllegalMove."""
    try:
        return moves[state][event]
    except KeyError:
        raise IllegalMove(f"{state} knows no {event}") from None


def heard(state: str, outcome: str, *, age_ms: int) -> str:
    """The state after a channel's answer; one that says nothing new leaves it as it is.

    Raises IllegalMove when a clear answer meets a state in which nobody may be asked.
    """
    if outcome == NOT_FOUND:
        # A code lives a minute: what is unknown there while we take it back never arrived.
        taking_back = state in (REVERSING, PARKED_REVERSING, RELEASED)
        outcome = GONE if taking_back and age_ms >= REVERSE_AFTER_MS["scan"] else UNCLEAR
    if outcome == UNREACHED and state != SENT:
        outcome = UNCLEAR
    if outcome in (WAITS, UNCLEAR) and outcome not in MOVES[state]:
        return state
    return moved(state, outcome)


def refund_heard(state: str, outcome: str) -> str:
    """The refund's state after a channel's answer. Raises IllegalMove as `heard` does."""
    if outcome in (PAID, REFUSED) or outcome in REFUND_MOVES[state]:
        return moved(state, outcome, REFUND_MOVES)
    return state


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """What this process remembers of an open attempt."""

    state: str
    mode: str = "scan"
    begun_at: int
    """When it was sent, or when this process began to watch it."""
    since: int
    """When its state was entered, or as `begun_at`."""
    has_code: bool = False
    asked_at: int = -1
    """When the channel last answered a query, -1 never."""
    answer: str = ""
    """What that answer came to."""
    asks: int = 0
    """How often it was queried, since it was parked if it was."""
    reversed_at: int = -1
    """When a reverse was last answered, -1 never."""
    wanted: bool = False
    """A person wants it taken back now."""


class Step(msgspec.Struct, frozen=True):
    """What is to be done next, and when. `at` counts for nothing with NOTHING."""

    what: str
    at: int = 0


def next_step(watch: Watch, now: int) -> Step:
    """What follows for an attempt that is not being carried at this moment."""
    match watch.state:
        case "CREATED":
            return Step(SEND if watch.has_code else ABANDON, watch.begun_at)
        case "SENT" | "USERPAYING" | "UNKNOWN":
            return _while_waiting(watch, now)
        case "REVERSING":
            return _while_reversing(watch, now)
        case "PARKED" | "PARKED_REVERSING" | "RELEASED":
            return _while_aside(watch, now)
    return Step(NOTHING)


def _asked_just_now(watch: Watch, now: int) -> bool:
    """The channel answered a query this very moment, and nothing was taken back since."""
    return watch.asked_at > watch.reversed_at and now - watch.asked_at <= FRESH_MS


def _query_at(watch: Watch, every_ms: int) -> int:
    last = max(watch.asked_at, watch.reversed_at)
    return watch.begun_at if last < 0 else last + every_ms


def _while_waiting(watch: Watch, now: int) -> Step:
    limit = NEVER_REVERSE_BEFORE_MS if watch.wanted else REVERSE_AFTER_MS[watch.mode]
    if now >= watch.begun_at + limit and _asked_just_now(watch, now):
        if watch.answer != UNREACHED:
            return Step(REVERSE, now)
        # A till's other self may have moved it on since: what it heard last is asked again.
        if watch.state == UNKNOWN and now >= watch.begun_at + limit + PARK_AFTER_MS:
            return Step(PARK, now)
    return Step(QUERY, _query_at(watch, QUERY_EVERY_MS))


def _while_reversing(watch: Watch, now: int) -> Step:
    if _asked_just_now(watch, now):
        return Step(REVERSE, max(now, watch.begun_at + NEVER_REVERSE_BEFORE_MS))
    if now >= watch.since + PARK_AFTER_MS:
        return Step(PARK, now)
    return Step(QUERY, _query_at(watch, QUERY_EVERY_MS))


def _while_aside(watch: Watch, now: int) -> Step:
    if _asked_just_now(watch, now) and watch.answer != UNREACHED:
        return Step(REVERSE, now)
    if now >= watch.begun_at + GIVE_UP_MS:
        return Step(NOTHING)
    gap = min(ASIDE_QUERY_MS << min(watch.asks, 16), MOST_ASIDE_QUERY_MS)
    return Step(QUERY, _query_at(watch, gap))


class RefundWatch(msgspec.Struct, frozen=True, kw_only=True):
    """What this process remembers of money on its way back."""

    state: str
    begun_at: int
    asked_at: int = -1
    """When the channel last answered, -1 never."""
    answer: str = ""
    asks: int = 0
    earliest: int = 0
    """A minute after another part of the same payment was asked for."""


def next_refund_step(watch: RefundWatch, now: int) -> Step:
    """What follows for money that is to go back."""
    last = max(watch.begun_at, watch.asked_at)
    if watch.state == CREATED:
        return Step(ASK, max(watch.begun_at, watch.earliest))
    if watch.state in (DONE, ELSEWHERE) or now >= watch.begun_at + GIVE_UP_MS:
        return Step(NOTHING)
    if watch.state == FAILED:
        return Step(ASK, max(last + REFUND_RETRY_MS, watch.earliest))
    if watch.answer == NOT_FOUND:
        # It never arrived there: asked again under the same number.
        return Step(ASK, max(last + QUERY_EVERY_MS, watch.earliest))
    if watch.asked_at < 0:
        return Step(QUERY, watch.begun_at)
    gap = QUERY_EVERY_MS if watch.asks < 12 else ASIDE_QUERY_MS
    return Step(QUERY, last + gap)
