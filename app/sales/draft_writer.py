"""Writes drafts of the open basket behind the painted line, on a thread of its own.

The window paints a line at once and the disk follows; a killed till may lose its last line, never
more: a line waits until the one before is on the disk, which is long done unless scans come faster
than the disk. `flush` waits until everything is durable: a counter flushes before money is taken,
and before every action that writes the basket itself.

An older draft can never follow a newer one: one thread writes, newest last, and the table itself
refuses a lower revision and a basket that was completed or given up (`actions.save_draft`).
"""

import threading
from collections.abc import Callable

from app.sales.basket import Basket

PATIENCE_S = 1
"""A disk that stands still longer does not hold up who scans."""


class DraftWriter:
    """Keeps the newest draft of each basket until it is written; `write` may raise Trouble."""

    def __init__(self, write: Callable[[Basket], None]) -> None:
        self._write = write
        self._change = threading.Condition()
        self._wanted: dict[str, Basket] = {}
        self._writing = False
        self._failed: Exception | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def save(self, basket: Basket) -> None:
        """Have the basket written soon, once the draft before it is. After `PATIENCE_S` a newer
        draft replaces a waiting one."""
        with self._change:
            self._change.wait_for(
                lambda: self._idle or self._closed or self._failed is not None, PATIENCE_S
            )
            if not self._closed:
                self._wanted[basket.id] = basket
                self._begin()
                return
        self._write(basket)

    def _begin(self) -> None:
        """See that the worker runs, and tries again what failed before."""
        self._failed = None
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name="drafts", daemon=True)
            self._thread.start()
        self._change.notify_all()

    def flush(self) -> None:
        """Wait until no draft waits. Raises what the disk said; the draft is kept for next time."""
        with self._change:
            if self._wanted:
                self._begin()
            self._change.wait_for(lambda: self._idle or self._failed is not None)
            if self._failed is not None:
                raise self._failed

    @property
    def _idle(self) -> bool:
        return not self._wanted and not self._writing

    def close(self) -> None:
        """Write what waits and stop; whatever comes later is written where it is asked for."""
        with self._change:
            self._closed = True
            self._failed = None
            self._change.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _loop(self) -> None:
        while (basket := self._next()) is not None:
            failed: Exception | None = None
            try:
                self._write(basket)
            except Exception as error:
                # Whoever flushes hears of it; until then selling goes on without the disk.
                failed = error
            with self._change:
                self._writing = False
                self._failed = failed
                if failed is not None:
                    self._wanted.setdefault(basket.id, basket)
                self._change.notify_all()

    def _next(self) -> Basket | None:
        """The draft to write now; None when the writer was closed and nothing more can be done."""
        with self._change:
            self._change.wait_for(
                lambda: self._closed or (bool(self._wanted) and self._failed is None)
            )
            if not self._wanted or self._failed is not None:
                return None
            self._writing = True
            return self._wanted.pop(next(iter(self._wanted)))
