"""The only place that makes identities. UUIDv7: sorted by time, made before the work starts."""

import os
import random
from collections.abc import Callable

from app.clock import Clock


class Ids:
    """Makes UUIDv7 text from a clock and a source of random bytes (a seeded one in tests)."""

    def __init__(self, clock: Clock, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self._clock = clock
        self.random_bytes = random_bytes

    def new(self) -> str:
        """A fresh UUIDv7 as 36 characters of lower-case text (RFC 9562)."""
        raw = bytearray(self._clock.wall_ms().to_bytes(6, "big") + self.random_bytes(10))
        raw[6] = 0x70 | raw[6] & 0x0F
        raw[8] = 0x80 | raw[8] & 0x3F
        text = raw.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def seeded(seed: str) -> Callable[[int], bytes]:
    """Random bytes that are the same for the same seed. For tests and simulations only."""
    return random.Random(seed).randbytes
