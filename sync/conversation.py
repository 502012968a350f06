"""The till's side of the talk with the hub, as a table: what follows what, and nothing else.

Pure. `step` takes the state and what happened and answers with the next state and what has to be
done; it knows no clock, no dice, no network and no disk. Times are milliseconds of a monotonic
clock that comes with each event.

| phase   | something waits          | acked   | gap     | fork            | refused, failed |
|---------|--------------------------|---------|---------|-----------------|-----------------|
| resting | pushing, once `until` is | ignored | ignored | ignored         | ignored         |
| pushing | overdue: given up, rests | resting | resting | resting, go on  | rests longer    |
|         |                          |         |         | in a new journal|                 |

One push is in flight at a time; what is heard counts only for that one. Nothing is dropped, and
nothing is marked as done before the hub has said so under its signature.
"""

from collections.abc import Callable

import msgspec

from app.journal.outbox import Way
from sync.protocol import Ack, Answer, Fork, Gap, Refused

RESTING, PUSHING = "resting", "pushing"
FIRST_REST_MS = 1_000
LONGEST_REST_MS = 5 * 60_000
LONGEST_WISH_MS = 60 * 60_000
"""A hub that asks for more patience than this gets this."""
APPROVAL_REST_MS = 10_000
"""Somebody at head office is about to press a key: asked more often than after a fault."""
PACE_MS = 1_500
"""From push to push while the counter sells, so that few sales meet one: even beside a counter that
never rests, 45,000 entries by the hundred take less than twelve minutes."""
WATCHDOG_MS = 90_000
"""A push that neither ended nor failed by now never will: three times what the line allows it."""

Jitter = Callable[[int], int]
"""most -> a whole number between nought and that, each as likely."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Where the conversation stands."""

    phase: str = RESTING
    until: int = 0
    """Resting: not before this moment."""
    call: int = 0
    """Number of the push in flight or the last one; answers to older ones are ignored."""
    since: int = 0
    """Pushing: when it began."""
    journal: str = ""
    behind: int = 0
    head: int = 0
    """How far the journal reached when the push in flight was sent."""
    shunned: str = ""
    """The journal the hub would not take from last: others that wait go first."""
    failures: int = 0
    """In a row; the rest grows with them."""
    reason: str = ""
    """Why nothing moves; "" when all is well."""
    forked: bool = False
    """A journal of ours went on elsewhere: nothing is lost, and a person has to look."""


class Looked(msgspec.Struct, frozen=True):
    """The outbox was looked at: at every wish, every commit and whenever time is up."""

    now: int
    ways: tuple[Way, ...]
    asked: bool = False
    """A person wants it now: no rest is kept."""
    selling: bool = False
    """The counter wrote something a moment ago: a backlog goes in small steps meanwhile."""


class Heard(msgspec.Struct, frozen=True):
    """The hub answered, and the answer is believed."""

    now: int
    call: int
    answer: Answer
    evidence: bytes
    sent: int
    """The last seq the push carried."""


class Failed(msgspec.Struct, frozen=True):
    """No answer that can be believed. `reason`: no_connection, no_answer, tls, portal, hostile,
    busy, line_cut, disk, bug."""

    now: int
    call: int
    reason: str
    retry_after_ms: int = 0


Event = Looked | Heard | Failed


class Send(msgspec.Struct, frozen=True):
    """Send what follows behind `behind`; the answer comes back with `call`."""

    call: int
    journal: str
    behind: int


class Keep(msgspec.Struct, frozen=True):
    """Write down how far the hub has this journal."""

    journal: str
    seq: int
    hub_ms: int
    evidence: bytes


class GiveUp(msgspec.Struct, frozen=True):
    """Let go of a push that got stuck."""

    call: int


class GoOn(msgspec.Struct, frozen=True):
    """This journal is not ours alone: begin the next one. `reason`: cloned, restored."""

    journal: str
    reason: str


Effect = Send | Keep | GiveUp | GoOn


def step(state: State, event: Event, jitter: Jitter) -> tuple[State, list[Effect]]:
    """What follows: the next state, and what has to be done, in this order."""
    match event:
        case Looked():
            return _looked(state, event, jitter)
        case Heard() if state.phase == PUSHING and event.call == state.call:
            return _heard(state, event, jitter)
        case Failed() if state.phase == PUSHING and event.call == state.call:
            return _rest(state, event.now, event.reason, jitter, event.retry_after_ms), []
        case _:
            return state, []


def _looked(state: State, event: Looked, jitter: Jitter) -> tuple[State, list[Effect]]:
    if state.phase == PUSHING:
        if event.now - state.since <= WATCHDOG_MS:
            return state, []
        return _rest(state, event.now, "stuck", jitter), [GiveUp(state.call)]
    if event.now < state.until and not event.asked:
        return state, []
    waiting = [way for way in event.ways if way.head > way.acked]
    if not waiting:
        return msgspec.structs.replace(state, until=0), []
    waits = next((way for way in waiting if way.journal != state.shunned), waiting[0])
    paced = event.selling and not event.asked and state.call > 0
    if paced and event.now < state.since + PACE_MS:
        return msgspec.structs.replace(state, until=state.since + PACE_MS), []
    call = state.call + 1
    pushing = msgspec.structs.replace(
        state,
        phase=PUSHING,
        call=call,
        since=event.now,
        journal=waits.journal,
        behind=waits.acked,
        head=waits.head,
    )
    return pushing, [Send(call, waits.journal, waits.acked)]


def _heard(state: State, event: Heard, jitter: Jitter) -> tuple[State, list[Effect]]:
    state, effects = _believed(state, event, jitter)
    if state.failures:
        # Whatever is wrong with this journal, what was written after it arrives.
        return msgspec.structs.replace(state, shunned=state.journal), effects
    if state.shunned == state.journal:
        state = msgspec.structs.replace(state, shunned="")
    return state, effects


def _believed(state: State, event: Heard, jitter: Jitter) -> tuple[State, list[Effect]]:
    answer = event.answer
    if isinstance(answer, Ack | Gap | Fork) and answer.journal != state.journal:
        return _rest(state, event.now, "hostile", jitter), []
    match answer:
        case Fork() if answer.seq > state.behind:
            keep = Keep(answer.journal, answer.seq, answer.hub_ms, event.evidence)
            return _forked(state), [keep, GoOn(answer.journal, "cloned")]
        case Ack() if answer.seq > state.head:
            # It has more than was ever written here: these books were put back from a copy. What
            # was not sent yet may be another line's, so it has that only once it says so.
            keep = Keep(answer.journal, event.sent, answer.hub_ms, event.evidence)
            return _forked(state), [keep, GoOn(answer.journal, "restored")]
        case Ack() if answer.seq > state.behind:
            seq = min(answer.seq, event.sent)
            keep = Keep(answer.journal, seq, answer.hub_ms, event.evidence)
            return _well(state), [keep]
        case Gap() if answer.expected_seq <= state.behind:
            # It has less than it said: put back from a copy. It gets again what it lost.
            keep = Keep(answer.journal, answer.expected_seq - 1, answer.hub_ms, event.evidence)
            return _well(state), [keep]
        case Ack() | Gap() | Fork():
            # What was sent lay right behind what it has: these answers make no sense.
            return _rest(state, event.now, "hostile", jitter), []
        case Refused(code="waiting_approval"):
            rested = _rest(state, event.now, answer.code, jitter)
            until = event.now + min(rested.until - event.now, APPROVAL_REST_MS)
            return msgspec.structs.replace(rested, until=until), []
        case Refused():
            return _rest(state, event.now, answer.code, jitter, answer.wait_ms), []
        case _:
            return _rest(state, event.now, "hostile", jitter), []


def _forked(state: State) -> State:
    return msgspec.structs.replace(_well(state), forked=True)


def _well(state: State) -> State:
    return msgspec.structs.replace(state, phase=RESTING, until=0, failures=0, reason="")


def _rest(state: State, now: int, reason: str, jitter: Jitter, wish_ms: int = 0) -> State:
    rest = rest_after(state.failures, jitter, wish_ms)
    return msgspec.structs.replace(
        state, phase=RESTING, until=now + rest, failures=state.failures + 1, reason=reason
    )


def rest_after(failures: int, jitter: Jitter, wish_ms: int) -> int:
    """Milliseconds to rest after one failure more than these in a row.

    Full jitter: anything between nought and a limit that doubles, never under what was asked.
    """
    limit = min(FIRST_REST_MS << min(failures, 20), LONGEST_REST_MS)
    return max(jitter(limit), min(wish_ms, LONGEST_WISH_MS))
