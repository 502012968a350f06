"""Time: UTC in records, Chinese local time for people, the business day from a cut-off hour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import SettableClock, SystemClock, iso, local, parse_time, proposed_day
from app.errors import Refusal
from tests.support.tills import MORNING


def test_records_hold_utc_and_people_see_chinese_time() -> None:
    assert iso(0) == "1970-01-01T08:00:00+08:00"
    assert local(MORNING).utcoffset() is not None


@given(st.integers(0, 4_000_000_000))
def test_a_time_written_down_reads_back_to_the_second(seconds: int) -> None:
    assert parse_time(iso(seconds * 1000)) == seconds * 1000


def test_a_time_may_carry_any_zone_but_must_carry_one() -> None:
    assert parse_time("2026-11-29T00:00:00Z") == parse_time("2026-11-29T08:00:00+08:00")
    for text in ("2026-11-29T08:00:00", "gestern", "", "2026-13-01T00:00:00Z"):
        with pytest.raises(Refusal, match="bad_time"):
            parse_time(text)
    with pytest.raises(Refusal, match="bad_time"):
        parse_time(None)  # type: ignore[arg-type]


def test_before_the_cutoff_it_is_still_yesterday() -> None:
    late = parse_time("2026-12-08T03:59:59+08:00")
    assert proposed_day(late, 4) == "2026-12-07"
    assert proposed_day(late + 1000, 4) == "2026-12-08"
    assert proposed_day(late, 0) == "2026-12-08"


def test_turning_the_wall_clock_leaves_the_other_one_alone() -> None:
    clock = SettableClock(MORNING)
    clock.advance(5000)
    clock.jump_wall(-3_600_000)
    assert (clock.wall_ms(), clock.monotonic_ms()) == (MORNING + 5000 - 3_600_000, 5000)
    with pytest.raises(AssertionError):
        clock.advance(-1)


def test_the_machines_clock_never_runs_backwards_within_a_process() -> None:
    clock = SystemClock()
    readings = [clock.monotonic_ms() for _ in range(100)]
    assert readings == sorted(readings)
    assert clock.wall_ms() > parse_time("2020-01-01T00:00:00Z")
