"""One thing done again and again on a thread of its own: how everything behind the counter runs."""

import logging
import threading
from collections.abc import Callable
from typing import Any

LOG = logging.getLogger(__name__)
PATIENCE_S = 10
Seconds = Callable[[], Any]
"""A number of them, whole or not."""


class Loop:
    """Does `once`, waits for `pause_s()` seconds or a `wake`, and so on until it is closed.

    A bug in it is loud, and the next round tries again: nothing is dropped for a bug. Whoever never
    calls `start` drives `once` by hand, as consoles and tests do.
    """

    def __init__(
        self,
        name: str,
        once: Callable[[], None],
        pause_s: Seconds,
        *,
        after_bug_s: int = 1,
    ) -> None:
        self.closing = False
        """Somebody wants it to end: begin nothing new."""
        self._name, self._once, self._pause_s = name, once, pause_s
        self._after_bug_s = after_bug_s
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def started(self) -> bool:
        """Whether it has a thread; without one it is driven by hand."""
        return self._thread is not None

    def start(self) -> None:
        """Go on by itself until `close`."""
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Go on now, without waiting for the pause to end. Never waits itself."""
        self._wake.set()

    def close(self, patience_s: int = PATIENCE_S) -> None:
        """End after what is at hand; waits for that at most so long."""
        self.closing = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(patience_s)

    def _run(self) -> None:
        while not self.closing:
            try:
                self._once()
            except Exception:
                LOG.exception("%s stumbled", self._name)
                self._wake.wait(self._after_bug_s)
            self._wake.wait(self._pause_s())
            self._wake.clear()
