"""The table of the conversation: each state, each thing that may happen in it, what follows."""

import pytest

from app.journal.outbox import Way
from sync.conversation import (
    APPROVAL_REST_MS,
    FIRST_REST_MS,
    LONGEST_REST_MS,
    LONGEST_WISH_MS,
    PACE_MS,
    PUSHING,
    RESTING,
    WATCHDOG_MS,
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
from sync.protocol import Ack, Answer, Enrolled, Fork, Gap, Refused

HASH = "ab" * 32
NOW = 1_000_000
WAITS = (Way("old", 40, 40), Way("j", 10, 4))
DONE = (Way("old", 40, 40), Way("j", 10, 10))
IN_FLIGHT = State(phase=PUSHING, call=7, since=NOW, journal="j", behind=4, head=10, failures=3)


def most(limit: int) -> int:
    """Dice that always show the longest rest."""
    return limit


def ack(seq: int, journal: str = "j") -> Ack:
    return Ack(incarnation="i", journal=journal, seq=seq, hash=HASH, hub_ms=5)


def gap(expected: int, journal: str = "j") -> Gap:
    return Gap(incarnation="i", journal=journal, expected_seq=expected, hub_ms=5)


def fork(seq: int, journal: str = "j") -> Fork:
    return Fork(incarnation="i", journal=journal, seq=seq, hash=HASH, hub_ms=5)


FORK = fork(5)
ENROLLED = Enrolled(incarnation="i", hub_key=HASH, proof=HASH, fingerprint="123456", hub_ms=5)


def heard(answer: Answer, call: int = 7, *, sent: int = 10) -> Heard:
    return Heard(NOW, call, answer, b"signed", sent)


# --- resting ------------------------------------------------------------------------------------


def test_what_waits_is_sent_oldest_journal_first() -> None:
    state, effects = step(State(), Looked(NOW, (Way("old", 40, 39), *WAITS[1:])), most)
    assert effects == [Send(1, "old", 39)]
    assert (state.phase, state.call, state.since) == (PUSHING, 1, NOW)


def test_nothing_is_sent_when_the_hub_has_it_all() -> None:
    state, effects = step(State(), Looked(NOW, DONE), most)
    assert (state, effects) == (State(), [])


def test_a_rest_is_kept_to_its_end() -> None:
    resting = State(until=NOW)
    assert step(resting, Looked(NOW - 1, WAITS), most) == (resting, [])
    _, effects = step(resting, Looked(NOW, WAITS), most)
    assert effects == [Send(1, "j", 4)]


def test_a_person_who_asks_does_not_wait_for_the_rest() -> None:
    _, effects = step(State(until=NOW + 99_999), Looked(NOW, WAITS, asked=True), most)
    assert effects == [Send(1, "j", 4)]


# --- pushing ------------------------------------------------------------------------------------


def test_beside_a_counter_that_sells_pushes_keep_their_pace() -> None:
    rested = State(call=7, since=NOW)
    state, effects = step(rested, Looked(NOW + 10, WAITS, selling=True), most)
    assert (effects, state.until) == ([], NOW + PACE_MS)
    _state, effects = step(state, Looked(NOW + PACE_MS, WAITS, selling=True), most)
    assert effects == [Send(8, "j", 4)]
    # Nobody at the counter, or a person who asks: at once.
    for event in (Looked(NOW + 10, WAITS), Looked(NOW + 10, WAITS, asked=True, selling=True)):
        assert step(rested, event, most)[1] == [Send(8, "j", 4)]


def test_one_push_is_in_flight_at_a_time() -> None:
    for asked in (False, True):
        looked = Looked(NOW + WATCHDOG_MS, WAITS, asked)
        assert step(IN_FLIGHT, looked, most) == (IN_FLIGHT, [])


def test_a_push_that_got_stuck_is_given_up_and_sent_again() -> None:
    late = NOW + WATCHDOG_MS + 1
    state, effects = step(IN_FLIGHT, Looked(late, WAITS), most)
    assert effects == [GiveUp(7)]
    assert (state.phase, state.reason) == (RESTING, "stuck")
    _, effects = step(state, Looked(state.until, WAITS), most)
    assert effects == [Send(8, "j", 4)]


def test_an_answer_that_comes_after_it_was_given_up_changes_nothing() -> None:
    given_up, _ = step(IN_FLIGHT, Looked(NOW + WATCHDOG_MS + 1, WAITS), most)
    again, _ = step(given_up, Looked(given_up.until, WAITS), most)
    late: tuple[Event, ...] = (heard(ack(10)), heard(FORK), Failed(NOW, 7, "no_answer"))
    for event in late:
        assert step(given_up, event, most) == (given_up, [])
        assert step(again, event, most) == (again, [])


def test_what_the_hub_has_is_kept_with_its_signed_words_and_the_next_goes_at_once() -> None:
    state, effects = step(IN_FLIGHT, heard(ack(9)), most)
    assert effects == [Keep("j", 9, 5, b"signed")]
    assert (state.phase, state.until, state.failures, state.reason) == (RESTING, 0, 0, "")


def test_a_hub_that_lost_something_gets_it_again() -> None:
    state, effects = step(IN_FLIGHT, heard(gap(3)), most)
    assert effects == [Keep("j", 2, 5, b"signed")]
    assert (state.phase, state.until) == (RESTING, 0)


@pytest.mark.parametrize(
    "answer",
    [ack(4), ack(3), gap(5), gap(6), ack(9, "k"), gap(3, "k"), fork(4), fork(9, "k"), ENROLLED],
)
def test_an_answer_that_makes_no_sense_is_nobodys_word(answer: Answer) -> None:
    state, effects = step(IN_FLIGHT, heard(answer), most)
    assert effects == []
    assert (state.phase, state.reason) == (RESTING, "hostile")
    assert state.until > NOW


def test_a_fork_is_kept_and_goes_on_in_the_next_journal_for_a_person_to_see() -> None:
    state, effects = step(IN_FLIGHT, heard(FORK), most)
    assert effects == [Keep("j", 5, 5, b"signed"), GoOn("j", "cloned")]
    assert (state.phase, state.until, state.forked) == (RESTING, 0, True)
    state, _ = step(state, Looked(NOW, (Way("j", 5, 5), Way("next", 1, 0))), most)
    state, _ = step(state, Heard(NOW, state.call, ack(1, "next"), b"", 1), most)
    assert state.forked


def test_books_put_back_from_a_copy_go_on_in_the_next_journal() -> None:
    state, effects = step(IN_FLIGHT, heard(ack(11)), most)
    assert effects == [Keep("j", 10, 5, b"signed"), GoOn("j", "restored")]
    assert (state.phase, state.forked) == (RESTING, True)


@pytest.mark.parametrize("more", [9, 11])
def test_what_was_not_sent_yet_is_not_taken_for_what_the_hub_has_at_its_place(more: int) -> None:
    """After a copy came back another line of the journal may stand there."""
    _, effects = step(IN_FLIGHT, heard(ack(more), sent=7), most)
    assert effects[0] == Keep("j", 7, 5, b"signed")


def test_a_refusal_is_shown_and_rests() -> None:
    state, effects = step(IN_FLIGHT, heard(Refused(code="not_enrolled")), most)
    assert (state.phase, state.reason, effects) == (RESTING, "not_enrolled", [])
    assert state.until == NOW + 8 * FIRST_REST_MS


def test_a_journal_the_hub_does_not_take_holds_up_no_other() -> None:
    ways = (Way("j", 10, 4), Way("next", 3, 0))
    state, _ = step(IN_FLIGHT, heard(Refused(code="not_authentic")), most)
    state, effects = step(state, Looked(state.until, ways), most)
    assert effects == [Send(8, "next", 0)]
    state, _ = step(state, heard(ack(3, "next"), 8, sent=3), most)
    assert (state.failures, state.reason) == (0, "")
    state, effects = step(state, Looked(state.until, (ways[0], Way("next", 3, 3))), most)
    assert effects == [Send(9, "j", 4)]
    state, _ = step(state, heard(ack(10), 9), most)
    assert state.shunned == ""


def test_a_hub_that_asks_for_patience_under_its_signature_gets_it() -> None:
    state, _ = step(IN_FLIGHT, heard(Refused(code="too_many", wait_ms=600_000)), most)
    assert (state.until, state.reason) == (NOW + 600_000, "too_many")
    state, _ = step(IN_FLIGHT, heard(Refused(code="too_many", wait_ms=2**50)), most)
    assert state.until == NOW + LONGEST_WISH_MS


def test_somebody_about_to_let_us_in_is_asked_often() -> None:
    tired = State(phase=PUSHING, call=7, since=NOW, journal="j", behind=4, head=10, failures=20)
    state, _ = step(tired, heard(Refused(code="waiting_approval")), most)
    assert (state.until, state.reason) == (NOW + APPROVAL_REST_MS, "waiting_approval")


# --- how long it rests --------------------------------------------------------------------------


def failed_again(times: int, wish_ms: int = 0) -> State:
    state = State(phase=PUSHING, call=7, since=NOW, journal="j", behind=4, head=10, failures=times)
    state, effects = step(state, Failed(NOW, 7, "no_connection", wish_ms), most)
    assert effects == []
    return state


def test_rests_double_up_to_five_minutes() -> None:
    rests = [failed_again(times).until - NOW for times in range(12)]
    assert rests[:9] == [FIRST_REST_MS * 2**n for n in range(9)]
    assert rests[9:] == [LONGEST_REST_MS] * 3
    assert failed_again(10_000).until - NOW == LONGEST_REST_MS


def test_dice_choose_anything_up_to_the_limit() -> None:
    asked: list[int] = []

    def dice(limit: int) -> int:
        asked.append(limit)
        return limit // 3

    state, _ = step(IN_FLIGHT, Failed(NOW, 7, "portal"), dice)
    assert asked == [8 * FIRST_REST_MS]
    assert (state.until, state.reason) == (NOW + 8 * FIRST_REST_MS // 3, "portal")


def test_a_hub_that_asks_for_patience_gets_it_but_not_for_ever() -> None:
    assert failed_again(0, 90_000).until - NOW == 90_000
    assert failed_again(0, 10).until - NOW == FIRST_REST_MS
    assert failed_again(0, 10**12).until - NOW == LONGEST_WISH_MS


def test_failures_of_another_call_are_not_ours() -> None:
    assert step(IN_FLIGHT, Failed(NOW, 6, "no_answer"), most) == (IN_FLIGHT, [])
    assert step(State(), Failed(NOW, 0, "no_answer"), most) == (State(), [])
