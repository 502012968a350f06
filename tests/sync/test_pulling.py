"""The table of asking what is new: each state, each thing that may happen in it."""

import pytest

from sync.conversation import APPROVAL_REST_MS, FIRST_REST_MS, RESTING, WATCHDOG_MS
from sync.protocol import Refused
from sync.protocol_feeds import Pulled
from sync.pulling import (
    ASKING,
    IDLE_MS,
    TAKING,
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

NOW = 1_000_000
ASKED = PullState(phase=ASKING, call=7, since=NOW, failures=3)
TAKEN = PullState(phase=TAKING, call=7, since=NOW, failures=3)
ANSWER = Pulled(incarnation="i", parts=[], entries=[], more=True, hub_ms=5)


def most(limit: int) -> int:
    """Dice that always show the longest rest."""
    return limit


def test_a_till_asks_as_it_starts_and_then_every_half_minute() -> None:
    state, effects = pull_step(PullState(), PullLooked(NOW), most)
    assert (effects, state.phase) == ([Ask(1)], ASKING)
    state, effects = pull_step(state, PullHeard(NOW, 1, ANSWER), most)
    assert (effects, state.phase) == ([Take(1, ANSWER)], TAKING)
    state, _ = pull_step(state, Took(NOW, 1, moved=False), most)
    assert (state.phase, state.until, state.failures) == (RESTING, NOW + IDLE_MS, 0)
    assert pull_step(state, PullLooked(NOW + IDLE_MS - 1), most) == (state, [])
    assert pull_step(state, PullLooked(NOW + IDLE_MS), most)[1] == [Ask(2)]


def test_while_more_waits_it_asks_again_at_once() -> None:
    state, _ = pull_step(TAKEN, Took(NOW, 7, moved=True), most)
    assert pull_step(state, PullLooked(NOW), most)[1] == [Ask(8)]


def test_a_word_that_something_changed_ends_a_quiet_rest_and_no_punished_one() -> None:
    quiet = PullState(until=NOW + 20_000)
    assert pull_step(quiet, PullLooked(NOW, wanted=True), most)[1] == [Ask(1)]
    punished = PullState(until=NOW + 20_000, failures=1)
    assert pull_step(punished, PullLooked(NOW, wanted=True), most)[1] == []
    assert pull_step(punished, PullLooked(NOW, asked=True), most)[1] == [Ask(1)]


def test_one_question_at_a_time_and_one_that_got_stuck_is_let_go() -> None:
    for state in (ASKED, TAKEN):
        looked = PullLooked(NOW + WATCHDOG_MS, wanted=True, asked=True)
        assert pull_step(state, looked, most) == (state, [])
    late = NOW + WATCHDOG_MS + 1
    state, effects = pull_step(ASKED, PullLooked(late), most)
    assert (effects, state.phase, state.reason) == ([LetGo(7)], RESTING, "stuck")
    assert pull_step(state, PullHeard(late, 7, ANSWER), most) == (state, [])
    # What is being written is not let go: it would be written twice at once.
    assert pull_step(TAKEN, PullLooked(late), most) == (TAKEN, [])


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (PullFailed(NOW, 7, "no_connection"), "no_connection"),
        (PullHeard(NOW, 7, Refused(code="not_enrolled")), "not_enrolled"),
    ],
)
def test_what_fails_is_told_and_rests_longer_each_time(event: PullEvent, reason: str) -> None:
    state, effects = pull_step(ASKED, event, most)
    assert (effects, state.phase, state.reason) == ([], RESTING, reason)
    assert (state.until, state.failures) == (NOW + 8 * FIRST_REST_MS, 4)


def test_what_was_not_believed_rests_too() -> None:
    state, _ = pull_step(TAKEN, Took(NOW, 7, moved=True, reason="feed_signature"), most)
    assert (state.reason, state.until) == ("feed_signature", NOW + 8 * FIRST_REST_MS)


def test_patience_is_kept_and_approval_is_asked_for_often() -> None:
    state, _ = pull_step(ASKED, PullFailed(NOW, 7, "busy", 90_000), most)
    assert state.until == NOW + 90_000
    tired = PullState(phase=ASKING, call=7, since=NOW, failures=20)
    state, _ = pull_step(tired, PullHeard(NOW, 7, Refused(code="waiting_approval")), most)
    assert state.until == NOW + APPROVAL_REST_MS


def test_what_belongs_to_another_question_changes_nothing() -> None:
    for event in (PullHeard(NOW, 6, ANSWER), PullFailed(NOW, 6, "tls"), Took(NOW, 7, moved=True)):
        assert pull_step(ASKED, event, most) == (ASKED, [])
    for event in (PullHeard(NOW, 7, ANSWER), PullFailed(NOW, 7, "tls"), Took(NOW, 6, moved=True)):
        assert pull_step(TAKEN, event, most) == (TAKEN, [])
