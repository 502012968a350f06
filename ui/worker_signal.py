"""Progress from a worker to the window's thread, and a person's word to stop, the other way."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.errors import Refusal


class Counted(QObject):
    """`begin` gives what long work tells its count to; once `stop` was said it is refused there."""

    _came = Signal(int)

    def __init__(self, owner: QObject, heard: Callable[[int], None]) -> None:
        super().__init__(owner)
        self._stop = threading.Event()
        self._came.connect(heard)

    def begin(self) -> Callable[[int], None]:
        """For one piece of work. Raises Refusal("import_stopped") in it after `stop`."""
        self._stop.clear()
        return self._told

    def stop(self) -> None:
        """Whoever counts next is to give up."""
        self._stop.set()

    def _told(self, count: int) -> None:
        if self._stop.is_set():
            raise Refusal("import_stopped")
        self._came.emit(count)
