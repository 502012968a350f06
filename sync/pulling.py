"""The till's other talk with the hub, as a table: asking what is new, and taking it in.

Pure, like `conversation`, and apart from it: a push that hangs holds up no recall. Times are
milliseconds of a monotonic clock that comes with each event.

| phase   | time is up, or wanted    | answered     | taken in              | refused, failed |
|---------|--------------------------|--------------|-----------------------|-----------------|
| resting | asking                   | ignored      | ignored               | ignored         |
| asking  | overdue: given up, rests | taking       | ignored               | rests longer    |
| taking  | waits                    | ignored      | asks again while more | rests longer    |
|         |                          |              | waits, else rests     |                 |
"""

import msgspec

from sync.conversation import APPROVAL_REST_MS, RESTING, WATCHDOG_MS, Jitter, rest_after
from sync.protocol import Refused
from sync.protocol_feeds import Pulled

ASKING, TAKING = "asking", "taking"
IDLE_MS = 30_000
"""How often a till asks when nothing happened: a recall may lie there."""


class PullState(msgspec.Struct, frozen=True, kw_only=True):
    """Where the talk stands."""

    phase: str = RESTING
    until: int = 0
    """Resting: not before this moment, unless it is wanted."""
    call: int = 0
    """Number of the question in flight or the last one; answers to older ones are ignored."""
    since: int = 0
    failures: int = 0
    """In a row; the rest grows with them."""
    reason: str = ""
    """Why nothing comes down; "" when all is well."""


class PullLooked(msgspec.Struct, frozen=True):
    """Somebody looks whether it is time. `wanted`: something just arrived at the hub, so that the
    line is known to work; `asked`: a person wants it now and no rest is kept."""

    now: int
    wanted: bool = False
    asked: bool = False


class PullHeard(msgspec.Struct, frozen=True):
    """The hub answered, and the answer is believed."""

    now: int
    call: int
    answer: Pulled | Refused


class Took(msgspec.Struct, frozen=True):
    """What an answer brought was taken in. `moved`: some of it was new; `reason`: what was not
    believed or could not be written, "" for nothing."""

    now: int
    call: int
    moved: bool
    reason: str = ""


class PullFailed(msgspec.Struct, frozen=True):
    """No answer that can be believed; reasons as in `conversation.Failed`."""

    now: int
    call: int
    reason: str
    retry_after_ms: int = 0


PullEvent = PullLooked | PullHeard | Took | PullFailed


class Ask(msgspec.Struct, frozen=True):
    """Ask what is new; the answer comes back with `call`."""

    call: int


class Take(msgspec.Struct, frozen=True):
    """Take in what was brought; what came of it comes back with `call`."""

    call: int
    answer: Pulled


class LetGo(msgspec.Struct, frozen=True):
    """Let go of a question that got stuck."""

    call: int


PullEffect = Ask | Take | LetGo


def pull_step(
    state: PullState, event: PullEvent, jitter: Jitter
) -> tuple[PullState, list[PullEffect]]:
    """What follows: the next state, and what has to be done, in this order."""
    match event:
        case PullLooked():
            return _looked(state, event, jitter)
        case PullHeard() if state.phase == ASKING and event.call == state.call:
            return _heard(state, event, jitter)
        case Took() if state.phase == TAKING and event.call == state.call:
            return _took(state, event, jitter), []
        case PullFailed() if state.phase == ASKING and event.call == state.call:
            return _rest(state, event.now, event.reason, jitter, event.retry_after_ms), []
        case _:
            return state, []


def _looked(
    state: PullState, event: PullLooked, jitter: Jitter
) -> tuple[PullState, list[PullEffect]]:
    if state.phase == ASKING and event.now - state.since > WATCHDOG_MS:
        return _rest(state, event.now, "stuck", jitter), [LetGo(state.call)]
    if state.phase != RESTING:
        return state, []
    wanted = event.wanted and not state.failures
    if event.now < state.until and not event.asked and not wanted:
        return state, []
    call = state.call + 1
    asking = msgspec.structs.replace(state, phase=ASKING, call=call, since=event.now)
    return asking, [Ask(call)]


def _heard(
    state: PullState, event: PullHeard, jitter: Jitter
) -> tuple[PullState, list[PullEffect]]:
    if isinstance(event.answer, Pulled):
        taking = msgspec.structs.replace(state, phase=TAKING)
        return taking, [Take(event.call, event.answer)]
    rested = _rest(state, event.now, event.answer.code, jitter, event.answer.wait_ms)
    if event.answer.code == "waiting_approval":
        until = event.now + min(rested.until - event.now, APPROVAL_REST_MS)
        rested = msgspec.structs.replace(rested, until=until)
    return rested, []


def _took(state: PullState, event: Took, jitter: Jitter) -> PullState:
    if event.reason:
        return _rest(state, event.now, event.reason, jitter)
    # An answer that promises more and brings nothing would be asked for ever.
    until = event.now if event.moved else event.now + IDLE_MS
    return msgspec.structs.replace(state, phase=RESTING, until=until, failures=0, reason="")


def _rest(state: PullState, now: int, reason: str, jitter: Jitter, wish_ms: int = 0) -> PullState:
    rest = rest_after(state.failures, jitter, wish_ms)
    return msgspec.structs.replace(
        state, phase=RESTING, until=now + rest, failures=state.failures + 1, reason=reason
    )
