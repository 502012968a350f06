"""When others' entries may go into the books of a till whose counter is at work.

Each turn holds the writer for some hundredths of a second, and a sale that meets one waits. Right
behind a sale nobody completes the next one yet: that is when most of it goes in. Pure; times are
milliseconds of a monotonic clock.
"""

import msgspec

AT_WORK_MS = 30_000
"""So long after it recorded something a counter is still at work."""
BREATH_MS = 1_000
"""At most so much of the time behind a sale is used, and a quarter of what a sale takes."""
BESIDE_MS = 1_000
"""Between two turns when no sale comes: one sale in fifty meets one."""
PAUSE_MS = 20
"""Between two turns when nobody is at work."""


class Counter(msgspec.Struct, frozen=True):
    """What is known of the till's own counter."""

    worked: int = -AT_WORK_MS
    """When it recorded something last."""
    gap: int = 0
    """How long before that it had recorded the thing before."""

    def after(self, now: int) -> "Counter":
        """It has recorded something now."""
        return Counter(now, now - self.worked)

    def rest(self, now: int, turned: int) -> int:
        """How long the next turn waits, 0 = it may go; `turned`: when the last one ended."""
        since = now - self.worked
        if since >= AT_WORK_MS:
            return max(0, turned + PAUSE_MS - now)
        if since < min(BREATH_MS, self.gap // 4):
            return 0
        return max(0, turned + BESIDE_MS - now)
