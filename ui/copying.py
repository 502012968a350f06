"""Copies to the second disk: what is new after every close, the whole database once a week.

It runs on a thread of its own, after the commit: a disk that is full or was pulled out never holds
up a cashier who goes home. What went wrong is kept, so that 待办 shows it until it went right.
"""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from app.database import FILE_ERRORS
from app.errors import ShopError, Trouble
from app.facts.base import Fact
from app.facts.shifts import DayClosed, ShiftClosed
from app.journal import backup
from app.opening import OpenFolder
from app.sales.devices import COPIES_MARK, COPY_TROUBLE_MARK, keep_device, read_devices

LOG = logging.getLogger(__name__)
WEEK_MS = 7 * 24 * 3_600_000
FULL_MARK = "device.copies.full_ms"
"""When the whole database was copied last."""
FULL_NAME = "till-full.db"


class Copying:
    """Listens to the books; `wait` is for whoever closes the till, and for tests."""

    def __init__(self, opened: OpenFolder) -> None:
        self._opened = opened
        self._running: threading.Thread | None = None
        opened.books.listeners.append(self._heard)

    def _heard(self, facts: Sequence[Fact]) -> None:
        if any(isinstance(fact, ShiftClosed | DayClosed) for fact in facts):
            self.begin()

    def begin(self) -> None:
        """Copy now, beside everything else; while one copy runs a second one is not begun."""
        if read_devices(self._opened.books).get(COPIES_MARK) and not self._busy:
            self._running = threading.Thread(target=self.copy, name="copies", daemon=True)
            self._running.start()

    @property
    def _busy(self) -> bool:
        return self._running is not None and self._running.is_alive()

    def wait(self, seconds: float = 20) -> None:
        """Let the copy at hand end before the folder is closed."""
        if self._running is not None:
            self._running.join(seconds)

    def copy(self) -> str:
        """Copy what is new, and all of it when a week has passed; the code of what went wrong."""
        books = self._opened.books
        chosen = read_devices(books)
        target = chosen.get(COPIES_MARK, "")
        if not target:
            return ""
        trouble = ""
        try:
            copied = self._opened.copy_entries(Path(target))
            if copied.same_disk and not self._opened.demo:
                trouble = Trouble("copy_same_disk").code
            self._full(Path(target), int(chosen.get(FULL_MARK, "0") or "0"))
        except ShopError as error:
            trouble = error.code
            LOG.warning("the copy to the second disk: %s", error)
        except FILE_ERRORS as error:
            trouble = Trouble("copy_failed").code
            LOG.warning("the copy to the second disk: %s", error)
        if trouble != chosen.get(COPY_TROUBLE_MARK, ""):
            keep_device(books, COPY_TROUBLE_MARK, trouble)
        return trouble

    def _full(self, target: Path, last_ms: int) -> None:
        books = self._opened.books
        now = books.clock.wall_ms()
        if now - last_ms < WEEK_MS:
            return
        backup.full_copy(books.database, target / FULL_NAME)
        keep_device(books, FULL_MARK, str(now))
