"""When a promotion is valid, to the millisecond, by the shop's own calendar and clock."""

from typing import Any

import pytest

from app.clock import parse_time
from app.errors import Refusal
from app.facts.pricing import Promotion
from app.pricing.windows import (
    lasts,
    minutes_of,
    parse_from,
    parse_to,
    valid_at,
    valid_between,
)


def when(text: str) -> int:
    return parse_time(f"2026-{text}+08:00")


def rule(**fields: Any) -> Promotion:
    known = {"from_ms": when("12-12T00:00:00"), "to_ms": when("12-13T00:00:00")} | fields
    return Promotion(code="P", name="P", kind="percent", permille=100, **known)


def test_the_first_moment_belongs_to_it_and_the_end_does_not() -> None:
    day = rule()
    assert not valid_at(day, when("12-12T00:00:00") - 1)
    assert valid_at(day, when("12-12T00:00:00"))
    assert valid_at(day, when("12-13T00:00:00") - 1)
    assert not valid_at(day, when("12-13T00:00:00"))
    assert lasts(0, 0, 1) and not lasts(2, 0, 1)


def test_weekdays_and_hours_are_those_of_the_shop() -> None:
    always = {"from_ms": 0, "to_ms": 0}
    saturday = rule(weekdays=(6,), **always)
    assert valid_at(saturday, when("12-12T00:00:00"))
    assert not valid_at(saturday, when("12-11T23:59:59"))
    evening = rule(hours=("17:00-19:00", "20:30-24:00"), **always)
    for text, valid in (("16:59:59", 0), ("17:00:00", 1), ("18:59:59", 1), ("19:00:00", 0),
                        ("20:29:59", 0), ("20:30:00", 1), ("23:59:59", 1)):  # fmt: skip
        assert valid_at(evening, when(f"12-12T{text}")) == bool(valid), text


def test_a_basket_has_what_was_valid_at_any_moment_of_its_life() -> None:
    day = rule()
    before, at_end = when("12-11T23:00:00"), when("12-13T00:00:00")
    assert not valid_between(day, before, when("12-12T00:00:00") - 1)
    assert valid_between(day, before, when("12-12T00:00:00"))
    assert valid_between(day, at_end - 1, at_end)
    assert not valid_between(day, at_end, at_end)
    assert valid_between(rule(to_ms=0), at_end, at_end)


def test_a_clock_window_between_two_moments_is_found() -> None:
    evening = rule(hours=("17:00-19:00",), from_ms=0, to_ms=0)
    assert valid_between(evening, when("12-10T12:00:00"), when("12-10T17:00:00"))
    assert valid_between(evening, when("12-10T18:59:00"), when("12-10T20:00:00"))
    assert valid_between(evening, when("12-10T12:00:00"), when("12-10T20:00:00"))
    assert not valid_between(evening, when("12-10T12:00:00"), when("12-10T16:59:59"))
    assert not valid_between(evening, when("12-10T19:00:00"), when("12-11T16:00:00"))
    saturday = rule(weekdays=(6,), from_ms=0, to_ms=0)
    assert valid_between(saturday, when("12-11T12:00:00"), when("12-13T12:00:00"))
    assert not valid_between(saturday, when("12-13T12:00:00"), when("12-18T12:00:00"))
    begun = rule(weekdays=(6,), from_ms=when("12-12T10:00:00"))
    assert valid_between(begun, when("12-12T09:00:00"), when("12-13T00:30:00"))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-12", "12-13T00:00:00"),
        ("2026-12-12T23:59:00+08:00", "12-13T00:00:00"),
        ("2026-12-12T23:59:59+08:00", "12-13T00:00:00"),
        ("2026-12-12T15:59:00+00:00", "12-13T00:00:00"),
        ("2026-12-13T00:00:00+08:00", "12-13T00:00:00"),
        ("2026-12-12T18:00:00+08:00", "12-12T18:00:00"),
    ],
)
def test_an_end_means_what_people_mean_by_it(text: str, moment: str) -> None:
    assert parse_to(text) == when(moment)


def test_without_an_end_it_lasts_and_a_date_begins_at_its_midnight() -> None:
    assert parse_to("") == 0
    assert parse_from("2026-12-12") == when("12-12T00:00:00")
    assert parse_from("2026-12-12T08:00:00+08:00") == when("12-12T08:00:00")
    for text in ("soon", "2026-13-01", "2026-12-12T08:00:00"):
        with pytest.raises(Refusal, match="bad_time"):
            parse_from(text)


NO_HOURS = ("", "17-19", "17:00", "19:00-17:00", "17:00-17:00",
            "17:60-18:00", "23:00-24:01", "x:0-1:0")  # fmt: skip


@pytest.mark.parametrize("text", NO_HOURS)
def test_hours_nobody_can_read_are_refused(text: str) -> None:
    with pytest.raises(Refusal, match="bad_promotion"):
        minutes_of(text)
    assert minutes_of("00:00-24:00") == (0, 1440)
