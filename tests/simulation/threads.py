"""What stands in the place of a till's threads: the heap calls, rings and carries instead."""

import queue
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sync.pulling import PullHeard, Took
from tests.simulation.coming_down import recalls_first

if TYPE_CHECKING:
    from tests.simulation.till_node import TillNode


class HeapLoop:
    """In the place of a lane's thread: the heap calls `look`, and nobody is woken."""

    started = True

    def __init__(self) -> None:
        self.closing = False

    def wake(self) -> None:
        return

    def close(self) -> None:
        self.closing = True


class Later:
    """In the place of a thread that waits for the network: the heap runs it a little later."""

    looking: "TillNode"

    def __init__(self, *, target: Callable[[], None], **_named: Any) -> None:
        self._target = target

    def start(self) -> None:
        Later.looking.on_its_way(self._target)


class _Bell(threading.Event):
    """Wakes nobody: whoever is to look is planned by the heap; and nobody waits by it."""

    def wait(self, _timeout: float | None = None) -> bool:
        return self.is_set()


class PullLoop(HeapLoop):
    """Woken when something is wanted from the hub."""

    def __init__(self, till: "TillNode") -> None:
        super().__init__()
        self._till = till

    def wake(self) -> None:
        down = self._till.worker.down
        if down._asked:
            self._till.plan_pull(self._till.heap.now + 1)
        elif down._wanted:
            self._till.plan_pull(
                self._till.heap.now + self._till.pause(self._till.world.plan.wanted_ms)
            )


THREADS = SimpleNamespace(Event=_Bell, Thread=Later)
"""What the lanes find under the name `threading` here."""


class SlowQueue:
    """What was heard reaches the worker when the heap says so."""

    def __init__(self, till: "TillNode", look: Callable[[int], None]) -> None:
        self._till, self._look = till, look
        self._arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.empty, self.get = self._arrived.empty, self._arrived.get

    def put(self, event: Any) -> None:
        if isinstance(event, PullHeard):
            recalls_first(self._till, event.answer)
        if isinstance(event, Took):
            # Said by the lane to itself: nothing of it goes over the line.
            self._arrived.put(event)
        else:
            self._till.hears(lambda: self._arrived.put(event), self._look)
