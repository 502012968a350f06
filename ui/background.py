"""One helper that runs work off the window: one worker thread, in order, urgent work first.

`done` and `failed` are called on the window's own thread. A result whose owner (a widget) has died
meanwhile is dropped. Closing runs what was urgent, drops the rest, waits for the thread and tells
nobody.
"""

import heapq
import threading
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid


class Priority(IntEnum):
    """Which work goes first; the same priority keeps its order."""

    CHECKOUT = 0
    ASKED = 1
    """A person waits for it."""
    IDLE = 2
    """Nobody waits: catching up, previews, tidying."""


class _Work(msgspec.Struct, order=True):
    """What the heap sorts: priority first, then the order of arrival."""

    priority: int
    number: int


class _Job:
    """The work itself with what happens afterwards."""

    def __init__(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None,
        failed: Callable[[Exception], None] | None,
        owner: QObject | None,
    ) -> None:
        self.work = work
        self.done = done
        self.failed = failed
        self.owner = owner

    def finish(self, result: Any, error: Exception | None) -> None:
        """Back on the window's thread: tell, unless whoever asked is gone."""
        if self.owner is not None and not isValid(self.owner):
            return
        if error is None:
            if self.done is not None:
                self.done(result)
        elif self.failed is not None:
            self.failed(error)
        else:
            raise error


class Background(QObject):
    """`run(work, done, failed)`; give `owner=self` from a widget."""

    _finished = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self._heap: list[tuple[_Work, _Job]] = []
        self._number = 0
        self._closing = False
        self._wake = threading.Condition()
        self._finished.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._loop, name="till-work", daemon=True)
        self._thread.start()

    def run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        priority: Priority = Priority.ASKED,
        owner: QObject | None = None,
    ) -> None:
        """Queue `work`; without `failed` an error is raised on the window's thread, loudly."""
        with self._wake:
            if self._closing:
                return
            self._number += 1
            job = _Job(work, done, failed, owner)
            heapq.heappush(self._heap, (_Work(int(priority), self._number), job))
            self._wake.notify()

    def waiting(self) -> int:
        """How much work has not begun yet."""
        with self._wake:
            return len(self._heap)

    def close(self, timeout_s: float = 10) -> bool:
        """Finish checkout work, drop the rest, join the thread; False when it did not end."""
        with self._wake:
            self._closing = True
            self._heap = [pair for pair in self._heap if pair[0].priority == Priority.CHECKOUT]
            heapq.heapify(self._heap)
            self._wake.notify()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _loop(self) -> None:
        while True:
            with self._wake:
                while not self._heap and not self._closing:
                    self._wake.wait()
                if not self._heap:
                    return
                job = heapq.heappop(self._heap)[1]
            result, error = None, None
            try:
                result = job.work()
            except Exception as caught:
                # Whatever it was belongs to the window's thread, which alone may show it.
                error = caught
            self._finished.emit(job, result, error)

    def _tell(self, job: _Job, result: Any, error: Exception | None) -> None:
        # Who closed has taken the window apart; what its last work found shows nowhere.
        if not self._closing:
            job.finish(result, error)
