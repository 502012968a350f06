"""The table of legal moves: what may follow what, and that nothing else can."""

from collections.abc import Iterator
from itertools import product

import pytest

from app.payments import rules
from app.payments.rules import (
    BLOCKING,
    MOVES,
    OPEN,
    REFUND_MOVES,
    IllegalMove,
    heard,
    moved,
    refund_heard,
)

EVENTS = [
    "SEND",
    "ABANDON",
    "PAID",
    "REFUSED",
    "UNREACHED",
    "WAITS",
    "UNCLEAR",
    "GONE",
    "REVERSE",
    "PARK",
    "RELEASE",
    "FOUND",
    "SELL",
]
LEGAL = {
    ("CREATED", "SEND"): "SENT",
    ("CREATED", "ABANDON"): "ABANDONED",
    ("SENT", "PAID"): "CAPTURED",
    ("SENT", "REFUSED"): "DECLINED",
    ("SENT", "UNREACHED"): "DECLINED",
    ("SENT", "WAITS"): "USERPAYING",
    ("SENT", "UNCLEAR"): "UNKNOWN",
    ("USERPAYING", "PAID"): "CAPTURED",
    ("USERPAYING", "REFUSED"): "DECLINED",
    ("USERPAYING", "GONE"): "REVERSED",
    ("USERPAYING", "UNCLEAR"): "UNKNOWN",
    ("USERPAYING", "REVERSE"): "REVERSING",
    ("UNKNOWN", "PAID"): "CAPTURED",
    ("UNKNOWN", "REFUSED"): "DECLINED",
    ("UNKNOWN", "GONE"): "REVERSED",
    ("UNKNOWN", "WAITS"): "USERPAYING",
    ("UNKNOWN", "REVERSE"): "REVERSING",
    ("UNKNOWN", "PARK"): "PARKED",
    ("REVERSING", "PAID"): "LATE_CAPTURED",
    ("REVERSING", "REFUSED"): "DECLINED",
    ("REVERSING", "GONE"): "REVERSED",
    ("REVERSING", "PARK"): "PARKED_REVERSING",
    ("PARKED", "PAID"): "CAPTURED",
    ("PARKED", "REFUSED"): "DECLINED",
    ("PARKED", "GONE"): "REVERSED",
    ("PARKED", "REVERSE"): "REVERSING",
    ("PARKED", "RELEASE"): "RELEASED",
    ("PARKED_REVERSING", "PAID"): "LATE_CAPTURED",
    ("PARKED_REVERSING", "REFUSED"): "DECLINED",
    ("PARKED_REVERSING", "GONE"): "REVERSED",
    ("PARKED_REVERSING", "RELEASE"): "RELEASED",
    ("RELEASED", "PAID"): "LATE_CAPTURED",
    ("RELEASED", "REFUSED"): "DECLINED",
    ("RELEASED", "GONE"): "REVERSED",
    ("DECLINED", "FOUND"): "LATE_CAPTURED",
    ("REVERSED", "FOUND"): "LATE_CAPTURED",
    ("ABANDONED", "FOUND"): "LATE_CAPTURED",
    ("DECLINED", "SELL"): "CAPTURED",
    ("REVERSED", "SELL"): "CAPTURED",
    ("ABANDONED", "SELL"): "CAPTURED",
}
LEGAL_REFUNDS = {
    ("CREATED", "ASK"): "ASKED",
    ("ASKED", "WAITS"): "ACCEPTED",
    ("ASKED", "PAID"): "DONE",
    ("ASKED", "REFUSED"): "FAILED",
    ("ACCEPTED", "PAID"): "DONE",
    ("ACCEPTED", "REFUSED"): "FAILED",
    ("FAILED", "ASK"): "ASKED",
    ("FAILED", "RELEASE"): "ELSEWHERE",
}
MINUTE = 60_000


@pytest.mark.parametrize(("state", "event"), list(product(MOVES, EVENTS)))
def test_an_attempt_moves_as_the_table_says_or_not_at_all(state: str, event: str) -> None:
    if (state, event) in LEGAL:
        assert moved(state, event) == LEGAL[state, event]
    else:
        with pytest.raises(IllegalMove, match=f"{state} knows no {event}"):
            moved(state, event)


@pytest.mark.parametrize(
    ("state", "event"), list(product(REFUND_MOVES, ("ASK", "WAITS", "PAID", "REFUSED", "RELEASE")))
)
def test_a_refund_moves_as_its_table_says_or_not_at_all(state: str, event: str) -> None:
    if (state, event) in LEGAL_REFUNDS:
        assert moved(state, event, REFUND_MOVES) == LEGAL_REFUNDS[state, event]
    else:
        with pytest.raises(IllegalMove):
            moved(state, event, REFUND_MOVES)


def ends_of(state: str, besides: str = "") -> Iterator[str]:
    """Every state that can be reached from here, the way of one event left out."""
    seen, todo = {state}, [state]
    while todo:
        here = todo.pop()
        yield here
        after = {end for event, end in MOVES[here].items() if event != besides}
        todo += sorted(after - seen)
        seen |= after


def test_every_open_attempt_can_still_end() -> None:
    ended = set(MOVES) - set(OPEN)
    assert ended == {"CAPTURED", "LATE_CAPTURED", "DECLINED", "REVERSED", "ABANDONED"}
    for state in OPEN:
        assert ended & set(ends_of(state))
    # Only a manager's word takes one out of the way of other money.
    assert set(OPEN) - set(BLOCKING) == {"RELEASED"}
    assert set(rules.ASIDE) == {"PARKED", "PARKED_REVERSING", "RELEASED"}
    assert set(rules.REFUND_OPEN) == set(REFUND_MOVES) - {"DONE", "ELSEWHERE"}


def test_money_after_a_reverse_is_always_late_and_money_before_it_never() -> None:
    """But for a person's word that the customer has the goods."""
    after = set(ends_of("REVERSING", "SELL")) | set(ends_of("RELEASED", "SELL"))
    assert "CAPTURED" not in after
    assert {state for state in MOVES if "SELL" in MOVES[state]} == {
        "DECLINED",
        "REVERSED",
        "ABANDONED",
    }
    for state in ("SENT", "USERPAYING", "UNKNOWN", "PARKED"):
        assert moved(state, "PAID") == "CAPTURED"


@pytest.mark.parametrize("state", ["USERPAYING", "UNKNOWN", "PARKED"])
def test_an_order_the_channel_does_not_know_proves_nothing_while_the_customer_waits(
    state: str,
) -> None:
    assert heard(state, "NOT_FOUND", age_ms=10 * MINUTE) in ("UNKNOWN", "PARKED")


@pytest.mark.parametrize("state", ["REVERSING", "PARKED_REVERSING", "RELEASED"])
def test_an_order_unknown_after_a_codes_life_never_arrived(state: str) -> None:
    assert heard(state, "NOT_FOUND", age_ms=MINUTE - 1) == state
    assert heard(state, "NOT_FOUND", age_ms=MINUTE) == "REVERSED"


def test_answers_that_say_nothing_new_leave_an_attempt_where_it_is() -> None:
    assert heard("USERPAYING", "WAITS", age_ms=0) == "USERPAYING"
    assert heard("UNKNOWN", "UNCLEAR", age_ms=0) == "UNKNOWN"
    assert heard("UNKNOWN", "UNREACHED", age_ms=0) == "UNKNOWN"
    assert heard("USERPAYING", "UNREACHED", age_ms=0) == "UNKNOWN"
    assert heard("REVERSING", "WAITS", age_ms=0) == "REVERSING"
    assert heard("RELEASED", "UNCLEAR", age_ms=0) == "RELEASED"


def test_a_line_that_was_dead_before_the_first_byte_declines_at_once() -> None:
    assert heard("SENT", "UNREACHED", age_ms=0) == "DECLINED"
    assert heard("SENT", "UNCLEAR", age_ms=0) == "UNKNOWN"


@pytest.mark.parametrize("state", ["CREATED", "CAPTURED", "LATE_CAPTURED", "DECLINED", "REVERSED"])
def test_a_clear_answer_to_a_question_nobody_may_ask_is_our_bug(state: str) -> None:
    for outcome in ("PAID", "REFUSED", "GONE"):
        with pytest.raises(IllegalMove):
            heard(state, outcome, age_ms=0)


def test_refunds_hear_what_matters() -> None:
    assert refund_heard("ASKED", "PAID") == "DONE"
    assert refund_heard("ASKED", "WAITS") == "ACCEPTED"
    assert refund_heard("ACCEPTED", "WAITS") == "ACCEPTED"
    assert refund_heard("ASKED", "UNCLEAR") == "ASKED"
    assert refund_heard("ASKED", "NOT_FOUND") == "ASKED"
    assert refund_heard("ACCEPTED", "REFUSED") == "FAILED"
    for outcome in ("PAID", "REFUSED"):
        with pytest.raises(IllegalMove):
            refund_heard("DONE", outcome)
