"""Drains the print queue beside the window: the counter never waits for its printer."""

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from ui.counter_devices import CounterDevices

LOG = logging.getLogger(__name__)
PAUSE_S = 0.25


class SpoolThread(QObject):
    """Steps the devices on its own thread; `changed` says something came out or got stuck."""

    changed = Signal()

    def __init__(self, devices: CounterDevices) -> None:
        super().__init__()
        self._devices = devices
        self._wake = threading.Event()
        self._closing = False
        self._last: tuple[str, ...] = ()
        self._thread = threading.Thread(target=self._loop, name="spooler", daemon=True)

    def start(self) -> None:
        """Begin draining."""
        self._thread.start()

    def poke(self) -> None:
        """Something was queued: look now."""
        self._wake.set()

    def close(self) -> None:
        """Stop after the job at hand."""
        self._closing = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _loop(self) -> None:
        while not self._closing:
            self._guarded(self._step)
            self._wake.wait(PAUSE_S)
            self._wake.clear()

    def _step(self) -> None:
        done = self._devices.step()
        reasons = tuple(spool.reason for spool in self._devices.spools.values())
        if done or reasons != self._last:
            self._last = reasons
            self.changed.emit()

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:
            # A bug here must not end printing for the day; it is loud, and the next round tries.
            LOG.exception("the spooler stumbled")
            self._wake.wait(1)
