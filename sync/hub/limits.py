"""So many requests from one address in a minute, and no more."""

from collections import OrderedDict

from app.clock import Clock

MOST_ADDRESSES = 10_000


class Limiter:
    """Counts by address in windows of a minute; the oldest addresses are forgotten first."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._counts: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def allows(self, address: str) -> bool:
        """Whether this one may go on; it counts."""
        minute = self._clock.monotonic_ms() // 60_000
        begun, times = self._counts.pop(address, (minute, 0))
        times = times + 1 if begun == minute else 1
        self._counts[address] = (minute, times)
        if len(self._counts) > MOST_ADDRESSES:
            self._counts.popitem(last=False)
        return times <= self._most
