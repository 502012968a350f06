"""When a channel is asked again, when money is taken back, and when an attempt is parked."""

from typing import Any

import pytest

from app.payments import rules
from app.payments.rules import RefundWatch, Step, Watch, next_refund_step, next_step

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
T0 = 7 * HOUR


def watch(state: str, **more: Any) -> Watch:
    more = {"begun_at": T0, "since": T0} | more
    return Watch(state=state, **more)


def test_a_new_attempt_is_sent_if_its_code_is_known_and_given_up_after_a_restart() -> None:
    assert next_step(watch("CREATED", has_code=True), T0) == Step("SEND", T0)
    assert next_step(watch("CREATED"), T0) == Step("ABANDON", T0)


@pytest.mark.parametrize("state", ["CAPTURED", "LATE_CAPTURED", "DECLINED", "REVERSED"])
def test_nothing_follows_an_end(state: str) -> None:
    assert next_step(watch(state), T0 + HOUR) == Step("NOTHING")


@pytest.mark.parametrize("state", ["SENT", "USERPAYING", "UNKNOWN"])
def test_after_a_restart_the_channel_is_asked_at_once_and_then_every_five_seconds(
    state: str,
) -> None:
    assert next_step(watch(state), T0) == Step("QUERY", T0)
    asked = watch(state, asked_at=T0, answer="WAITS")
    assert next_step(asked, T0) == Step("QUERY", T0 + 5 * SECOND)
    asked = watch(state, asked_at=T0 + 55 * SECOND, answer="UNCLEAR")
    assert next_step(asked, T0 + 55 * SECOND) == Step("QUERY", T0 + 60 * SECOND)


def test_after_a_minute_it_is_taken_back_straight_after_a_last_query() -> None:
    at = T0 + MINUTE
    before = watch("UNKNOWN", asked_at=at - 1, answer="UNCLEAR")
    assert next_step(before, at - 1) == Step("QUERY", at - 1 + 5 * SECOND)
    assert next_step(watch("UNKNOWN", asked_at=at, answer="UNCLEAR"), at) == Step("REVERSE", at)
    assert next_step(watch("USERPAYING", asked_at=at, answer="WAITS"), at) == Step("REVERSE", at)
    # A machine that slept since the last query asks again first.
    old = watch("UNKNOWN", asked_at=at, answer="UNCLEAR")
    assert next_step(old, at + 2 * SECOND) == Step("REVERSE", at + 2 * SECOND)
    assert next_step(old, at + 2 * SECOND + 1) == Step("QUERY", at + 5 * SECOND)


def test_a_code_on_our_screen_has_five_minutes() -> None:
    at = T0 + 5 * MINUTE
    shown = watch("USERPAYING", mode="shown", asked_at=at - 1, answer="WAITS")
    assert next_step(shown, at - 1).what == "QUERY"
    shown = watch("USERPAYING", mode="shown", asked_at=at, answer="WAITS")
    assert next_step(shown, at) == Step("REVERSE", at)


def test_a_person_who_wants_it_back_waits_until_fifteen_seconds_have_passed() -> None:
    early = watch("USERPAYING", wanted=True, asked_at=T0 + 15 * SECOND - 1, answer="WAITS")
    assert next_step(early, T0 + 15 * SECOND - 1).what == "QUERY"
    late = watch("USERPAYING", wanted=True, asked_at=T0 + 15 * SECOND, answer="WAITS")
    assert next_step(late, T0 + 15 * SECOND) == Step("REVERSE", T0 + 15 * SECOND)


def test_nothing_is_taken_back_over_a_dead_line_it_is_parked_after_another_minute() -> None:
    at = T0 + 2 * MINUTE
    dead = watch("UNKNOWN", asked_at=at - 1, answer="UNREACHED")
    assert next_step(dead, at - 1) == Step("QUERY", at - 1 + 5 * SECOND)
    assert next_step(watch("UNKNOWN", asked_at=at, answer="UNREACHED"), at) == Step("PARK", at)


def test_what_a_tills_other_self_moved_on_meanwhile_is_asked_about_and_not_parked() -> None:
    at = T0 + 2 * MINUTE
    moved = watch("USERPAYING", asked_at=at, answer="UNREACHED")
    assert next_step(moved, at) == Step("QUERY", at + 5 * SECOND)


def test_a_reverse_is_repeated_after_a_query_each_time_until_it_is_parked() -> None:
    since = T0 + MINUTE
    entered = watch("REVERSING", since=since, asked_at=since, answer="WAITS")
    assert next_step(entered, since) == Step("REVERSE", since)
    unclear = watch("REVERSING", since=since, asked_at=since, answer="WAITS", reversed_at=since)
    assert next_step(unclear, since) == Step("QUERY", since + 5 * SECOND)
    again = since + 5 * SECOND
    asked = watch("REVERSING", since=since, asked_at=again, answer="WAITS", reversed_at=since)
    assert next_step(asked, again) == Step("REVERSE", again)
    end = since + MINUTE
    last = watch("REVERSING", since=since, asked_at=end - 1, answer="", reversed_at=end - 1)
    assert next_step(last, end - 1).what == "QUERY"
    assert next_step(last, end) == Step("PARK", end)


def test_a_till_restarted_while_taking_back_asks_first_and_waits_fifteen_seconds() -> None:
    assert next_step(watch("REVERSING"), T0) == Step("QUERY", T0)
    asked = watch("REVERSING", asked_at=T0, answer="WAITS")
    assert next_step(asked, T0) == Step("REVERSE", T0 + 15 * SECOND)
    # By then that query is old, so there is another before it.
    assert next_step(asked, T0 + 15 * SECOND).what == "QUERY"


@pytest.mark.parametrize("state", ["PARKED", "PARKED_REVERSING", "RELEASED"])
def test_what_was_parked_is_asked_about_less_and_less_for_a_day(state: str) -> None:
    first = watch(state)
    assert next_step(first, T0) == Step("QUERY", T0)
    for asks, gap in ((1, 2 * MINUTE), (2, 4 * MINUTE), (5, 32 * MINUTE), (6, HOUR), (99, HOUR)):
        dead = watch(state, asked_at=T0 + 1, asks=asks, answer="UNREACHED")
        assert next_step(dead, T0 + 1) == Step("QUERY", T0 + 1 + gap)
    reached = watch(state, asked_at=T0 + 1, asks=3, answer="UNCLEAR")
    assert next_step(reached, T0 + 1) == Step("REVERSE", T0 + 1)
    taken = watch(state, asked_at=T0 + 1, asks=0, answer="UNCLEAR", reversed_at=T0 + 1)
    assert next_step(taken, T0 + 1) == Step("QUERY", T0 + 1 + MINUTE)
    old = watch(state, asked_at=T0 + 1, answer="UNREACHED")
    assert next_step(old, T0 + 24 * HOUR - 1).what == "QUERY"
    assert next_step(old, T0 + 24 * HOUR) == Step("NOTHING")


def back(state: str, **more: Any) -> RefundWatch:
    return RefundWatch(state=state, begun_at=T0, **more)


def test_parts_of_one_payment_go_back_a_minute_apart() -> None:
    assert next_refund_step(back("CREATED"), T0) == Step("ASK", T0)
    assert next_refund_step(back("CREATED", earliest=T0 + 40), T0) == Step("ASK", T0 + 40)
    lost = back("ASKED", asked_at=T0 + 1, answer="NOT_FOUND", earliest=T0 + MINUTE)
    assert next_refund_step(lost, T0 + 1) == Step("ASK", T0 + MINUTE)


def test_money_on_its_way_is_asked_about_until_it_arrived() -> None:
    assert next_refund_step(back("ASKED"), T0) == Step("QUERY", T0)
    assert next_refund_step(back("ASKED", asked_at=T0 + 9), T0 + 9) == Step("QUERY", T0 + 5009)
    assert next_refund_step(back("ACCEPTED", asked_at=T0 + 9, asks=11), T0 + 9) == Step(
        "QUERY", T0 + 5009
    )
    assert next_refund_step(back("ACCEPTED", asked_at=T0 + 9, asks=12), T0 + 9) == Step(
        "QUERY", T0 + 60_009
    )
    lost = back("ASKED", asked_at=T0 + 9, answer="NOT_FOUND")
    assert next_refund_step(lost, T0 + 9) == Step("ASK", T0 + 5009)
    assert next_refund_step(back("DONE"), T0) == Step("NOTHING")
    assert next_refund_step(back("ELSEWHERE"), T0) == Step("NOTHING")


def test_a_refused_refund_is_asked_for_again_every_ten_minutes_for_a_day() -> None:
    failed = back("FAILED", asked_at=T0 + 9, answer="REFUSED")
    assert next_refund_step(failed, T0 + 9) == Step("ASK", T0 + 9 + 10 * MINUTE)
    assert next_refund_step(back("FAILED"), T0) == Step("ASK", T0 + 10 * MINUTE)
    assert next_refund_step(back("FAILED", earliest=T0 + HOUR), T0) == Step("ASK", T0 + HOUR)
    assert next_refund_step(failed, T0 + 24 * HOUR - 1).what == "ASK"
    assert next_refund_step(failed, T0 + 24 * HOUR) == Step("NOTHING")


def test_the_timetable_in_figures() -> None:
    """Written down a second time: the networks set these, not we."""
    assert {"scan": 60 * SECOND, "shown": 5 * MINUTE} == rules.REVERSE_AFTER_MS
    assert (rules.QUERY_EVERY_MS, rules.NEVER_REVERSE_BEFORE_MS) == (5 * SECOND, 15 * SECOND)
    assert (rules.PARK_AFTER_MS, rules.FRESH_MS) == (MINUTE, 2 * SECOND)
    assert (rules.ASIDE_QUERY_MS, rules.MOST_ASIDE_QUERY_MS) == (MINUTE, HOUR)
    assert rules.GIVE_UP_MS == 24 * HOUR
    assert (rules.REFUND_APART_MS, rules.REFUND_RETRY_MS) == (MINUTE, 10 * MINUTE)
    assert (rules.MOST_REFUNDS, rules.REFUND_DAYS) == (50, 365)
