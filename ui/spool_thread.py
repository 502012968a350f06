"""Drains the print queue beside the window: the counter never waits for its printer."""

from PySide6.QtCore import QObject, Signal

from app.loop import Loop
from ui.counter_devices import CounterDevices

PAUSE_S = 0.25


class SpoolThread(QObject):
    """Steps the devices on its own thread; `changed` says something came out or got stuck."""

    changed = Signal()

    def __init__(self, devices: CounterDevices) -> None:
        super().__init__()
        self._devices = devices
        self._last: tuple[str, ...] = ()
        self._loop = Loop("spooler", self._step, lambda: PAUSE_S)

    def start(self) -> None:
        """Begin draining."""
        self._loop.start()

    def poke(self) -> None:
        """Something was queued: look now."""
        self._loop.wake()

    def close(self) -> None:
        """Stop after the job at hand."""
        self._loop.close()

    def _step(self) -> None:
        done = self._devices.step()
        reasons = tuple(spool.reason for spool in self._devices.spools.values())
        if done or reasons != self._last:
            self._last = reasons
            self.changed.emit()
