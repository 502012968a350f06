"""Notices a clock that jumped, so that no fact gets a time nobody vouched for.

While running, wall time is held against monotonic time: more than 10 minutes forward or 2 minutes
back is a jump. At start, a clock before the last fact or more than 7 days after it is one too.
"""

from app.clock import Clock
from app.errors import Refusal

FORWARD_MS = 10 * 60_000
BACK_MS = 2 * 60_000
IDLE_MS = 7 * 86_400_000


class ClockGuard:
    """Remembers the last moment that was believed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._believed: tuple[int, int] | None = None
        self._anchor: tuple[int, int] | None = None
        """The first moment that was believed, since the start or since a person confirmed it."""

    @property
    def believes(self) -> bool:
        """Whether a moment was believed since the start."""
        return self._believed is not None

    def check(self, last_fact_ms: int) -> int:
        """The wall time now. Raises Refusal("clock_jumped") until a person confirms the clock.

        `last_fact_ms` is the wall time of the journal's last fact, 0 when there is none; it is
        looked at until a moment was believed.
        """
        wall, monotonic = self._clock.wall_ms(), self._clock.monotonic_ms()
        expected = self.expected_ms(last_fact_ms)
        if self._jumped(wall, expected, last_fact_ms):
            raise Refusal("clock_jumped", shown_ms=wall, expected_ms=expected)
        self._believed = (wall, monotonic)
        self._anchor = self._anchor or self._believed
        return wall

    def expected_ms(self, last_fact_ms: int) -> int:
        """What the wall clock should say at least."""
        if self._believed is None:
            return last_fact_ms
        wall, monotonic = self._believed
        return wall + self._clock.monotonic_ms() - monotonic

    def trusted_ms(self, last_fact_ms: int) -> int:
        """The wall time while it is believed, else what it should be. Believes nothing new."""
        wall, expected = self._clock.wall_ms(), self.expected_ms(last_fact_ms)
        return expected if self._jumped(wall, expected, last_fact_ms) else wall

    def _jumped(self, wall: int, expected: int, last_fact_ms: int) -> bool:
        if self._believed is not None:
            return not expected - BACK_MS <= wall <= expected + FORWARD_MS
        return last_fact_ms > 0 and not expected <= wall <= expected + IDLE_MS

    def skew_ms(self) -> int:
        """How far the wall clock went against the time that passed, since it was first believed."""
        if self._anchor is None:
            return 0
        wall, monotonic = self._anchor
        return self._clock.wall_ms() - wall - (self._clock.monotonic_ms() - monotonic)

    def confirm(self) -> None:
        """A person says the clock is right as it stands."""
        self._believed = self._anchor = (self._clock.wall_ms(), self._clock.monotonic_ms())
