"""Copies to the second disk: what is new after every close, the whole database once a week.

It runs on a thread of its own, after the commit: a disk that is full or was pulled out never holds
up a cashier who goes home. What went wrong is kept, so that 待办 shows it until it went right.

Each till has a folder of its own in the place that was chosen, so that one stick serves a whole
shop. A training folder is never copied: restored, its sales would look like the shop's.
"""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from app.database import FILE_ERRORS
from app.errors import Refusal, ShopError, Trouble
from app.facts.base import Fact
from app.facts.shifts import DayClosed, ShiftClosed
from app.opening import OpenFolder
from app.sales.devices import COPIES_MARK, COPY_TROUBLE_MARK, keep_device, read_devices

LOG = logging.getLogger(__name__)
WEEK_MS = 7 * 24 * 3_600_000
FULL_MARK = "device.copies.full_ms"
"""When the whole database was copied last."""
SAME_DISK = Trouble("copy_same_disk").code
"""The copy is whole and in a bad place: said, and taken all the same."""


class Copying:
    """Listens to the books; `close` is for whoever closes the till."""

    def __init__(self, opened: OpenFolder) -> None:
        self._opened = opened
        self._running: threading.Thread | None = None
        self._asked = False
        self._state, self._one_at_a_time = threading.Lock(), threading.Lock()
        self._closing = False
        opened.books.listeners.append(self._heard)

    def _heard(self, facts: Sequence[Fact]) -> None:
        if any(isinstance(fact, ShiftClosed | DayClosed) for fact in facts):
            self.begin()

    def begin(self) -> None:
        """Copy now, beside everything else; what came while a copy ran is copied right after it."""
        if not self._place():
            return
        with self._state:
            self._asked = True
            if self._running is None:
                self._running = threading.Thread(target=self._beside, name="copies", daemon=True)
                self._running.start()

    def wait(self, seconds: float = 20) -> None:
        """Let the copy at hand end."""
        if (running := self._running) is not None:
            running.join(seconds)

    def close(self) -> None:
        """Nothing of the folder is touched from here on, even if the disk never answers."""
        self.wait()
        self._closing = True

    def choose(self, place: str) -> None:
        """Copy to this place from now on, "" for nowhere; the first copy shows that it can be.

        Raises Refusal: copies_place_bad, copies_in_practice; Trouble: copy_failed, copy_differs,
        copy_damaged, journal_broken. Then the place that stood before stays.
        """
        books = self._opened.books
        if place and self._opened.training:
            raise Refusal("copies_in_practice")
        if place and not Path(place).is_absolute():
            raise Refusal("copies_place_bad")
        trouble = self._entries(Path(place)) if place else ""
        keep_device(books, COPIES_MARK, place)
        keep_device(books, COPY_TROUBLE_MARK, trouble)
        keep_device(books, FULL_MARK, "0")
        self.begin()

    def trouble(self) -> str:
        """Why the last copy did not come about, "" when it did."""
        return read_devices(self._opened.books).get(COPY_TROUBLE_MARK, "")

    def copy(self) -> str:
        """Copy what is new now; the code of what went wrong, "" when nothing did."""
        if not (place := self._place()):
            return ""
        try:
            trouble = self._entries(Path(place))
        except ShopError as error:
            trouble = error.code
            LOG.warning("the copy to the second disk: %s", error)
        self._keep_trouble(trouble)
        return trouble

    def _beside(self) -> None:
        while self._wanted():
            try:
                if self.copy() in ("", SAME_DISK) and (trouble := self._full()):
                    self._keep_trouble(trouble)
            except Exception:
                # A bug here must not end the copies for good: it is loud, the next close tries.
                LOG.exception("the copies stumbled")

    def _wanted(self) -> bool:
        with self._state:
            asked, self._asked = self._asked and not self._closing, False
            if not asked:
                self._running = None
            return asked

    def _entries(self, place: Path) -> str:
        with self._one_at_a_time:
            try:
                copied = self._opened.copy_entries(self._folder(place))
            except FILE_ERRORS as error:
                raise Trouble("copy_failed", detail=type(error).__name__) from error
        return SAME_DISK if copied.same_disk and not self._opened.demo else ""

    def _full(self) -> str:
        """The whole database, when the last such copy is a week old; what went wrong."""
        if self._closing:
            return ""
        books = self._opened.books
        now = books.clock.wall_ms()
        place, last = self._place(), read_devices(books).get(FULL_MARK, "0")
        if not place or now - int(last) < WEEK_MS:
            return ""
        try:
            self._opened.copy_all(self._folder(Path(place)))
        except ShopError as error:
            LOG.warning("the weekly copy to the second disk: %s", error)
            return error.code
        except FILE_ERRORS as error:
            LOG.warning("the weekly copy to the second disk: %s", error)
            return "copy_failed"
        if not self._closing:
            keep_device(books, FULL_MARK, str(now))
        return ""

    def _place(self) -> str:
        chosen = read_devices(self._opened.books).get(COPIES_MARK, "")
        return "" if self._opened.training else chosen

    def _folder(self, place: Path) -> Path:
        books = self._opened.books
        return place / f"{books.shop}-{books.till}"

    def _keep_trouble(self, trouble: str) -> None:
        books = self._opened.books
        if not self._closing and trouble != read_devices(books).get(COPY_TROUBLE_MARK, ""):
            keep_device(books, COPY_TROUBLE_MARK, trouble)
