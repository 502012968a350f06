"""A practice payment network on a port of its own, for whoever tells a story of wallets."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.clock import SettableClock
from app.ids import Ids, seeded
from sync.channels.practice.server import PracticeServer


@contextmanager
def practising(hold_s: float, clock: SettableClock | None = None) -> Iterator[PracticeServer]:
    """The network while it is there; an answer that never comes is held for `hold_s` seconds."""
    clock = clock or SettableClock(0)
    server = PracticeServer(0, clock=clock, ids=Ids(clock, seeded("network")), hold_s=hold_s)
    server.start()
    try:
        yield server
    finally:
        server.close()
