"""The only place that asks the machine what time it is. Records hold UTC milliseconds."""

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

from app.errors import Refusal

CHINA = timezone(timedelta(hours=8), "UTC+8")
"""One zone for the whole country, without daylight saving since 1991."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Wall time (what the calendar says) and monotonic time (how long things took)."""

    def wall_ms(self) -> int:
        """UTC milliseconds since 1970."""
        ...

    def monotonic_ms(self) -> int:
        """Milliseconds that only ever rise while the process runs."""
        ...


class SystemClock:
    """The machine's own clock."""

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000


class SettableClock:
    """A clock that stands still until it is moved: tests, demo days and the simulator.

    Moving it forward moves wall and monotonic time together; `jump_wall` is somebody who turned
    the machine's clock while the shop was open.
    """

    def __init__(self, wall_ms: int) -> None:
        self._wall_ms = wall_ms
        self._monotonic_ms = 0

    def wall_ms(self) -> int:
        return self._wall_ms

    def monotonic_ms(self) -> int:
        return self._monotonic_ms

    def advance(self, milliseconds: int) -> None:
        """Let time pass."""
        assert milliseconds >= 0
        self._wall_ms += milliseconds
        self._monotonic_ms += milliseconds

    def jump_wall(self, milliseconds: int) -> None:
        """Turn the wall clock alone, forward or back."""
        self._wall_ms += milliseconds


def parse_time(text: str) -> int:
    """ISO 8601 with a zone to UTC milliseconds. Raises Refusal("bad_time")."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise Refusal("bad_time", text=str(text)[:40]) from None
    if moment.tzinfo is None:
        raise Refusal("bad_time", text=text[:40])
    return (moment - EPOCH) // timedelta(milliseconds=1)


def local(wall_ms: int) -> datetime:
    """UTC milliseconds as Chinese local time."""
    return datetime.fromtimestamp(wall_ms // 1000, UTC).astimezone(CHINA)


def iso(wall_ms: int) -> str:
    """UTC milliseconds as ISO 8601 in Chinese local time, to the second."""
    return local(wall_ms).isoformat(timespec="seconds")


def proposed_day(wall_ms: int, cutoff_hour: int) -> str:
    """The business day the clock proposes ("2026-12-07"): before the cut-off is still yesterday."""
    return (local(wall_ms) - timedelta(hours=cutoff_hour)).date().isoformat()
