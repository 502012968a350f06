"""Virtual time for a whole chain: one heap of what is to happen, clocks, dice and marks.

Nothing here waits and nothing runs beside anything else: the next moment is the next entry of the
heap, so a seed is one run and no other. Each kind of chance has dice of its own (load, net, disk,
clock, people, pay): a fault that is switched off does not change what customers buy.
"""

import heapq
import random
from collections import Counter
from collections.abc import Callable

STREAMS = ("load", "net", "disk", "clock", "people", "pay", "office")
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


class TimeHeap:
    """What happens when, and how far time has come."""

    def __init__(self, seed: int | str, start_ms: int) -> None:
        self.now = start_ms
        """Virtual wall time, ms; every machine's own clock may differ from it."""
        self.rng = {name: random.Random(f"{seed}/{name}") for name in STREAMS}
        self.marks: Counter[str] = Counter()
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, when: int, what: Callable[[], None]) -> None:
        """Have something happen, not before now."""
        self._count += 1
        heapq.heappush(self._queue, (max(when, self.now), self._count, what))

    def after(self, milliseconds: int, what: Callable[[], None]) -> None:
        """Have something happen so much later."""
        self.at(self.now + milliseconds, what)

    def run_until(self, end: int) -> None:
        """Let everything happen that happens before `end`."""
        while self._queue and self._queue[0][0] <= end:
            self.now, _number, what = heapq.heappop(self._queue)
            what()
        self.now = max(self.now, end)

    def sometimes(self, mark: str) -> None:
        """Something rare happened: over a campaign every mark must."""
        self.marks[mark] += 1

    def chance(self, stream: str, share: float) -> bool:
        """Whether it happens; the dice are thrown even when it cannot."""
        return self.rng[stream].random() < share


class MachineClock:
    """The clock of one machine: the heap's time, wrong by so much, counted from its start."""

    def __init__(self, heap: TimeHeap) -> None:
        self.heap = heap
        self.skew = 0
        self.booted = heap.now

    def wall_ms(self) -> int:
        return self.heap.now + self.skew

    def monotonic_ms(self) -> int:
        return self.heap.now - self.booted

    def advance(self, _milliseconds: int) -> None:
        """A call that takes long takes no time here: the heap alone moves time."""
