"""Python's garbage, collected on the window's thread alone.

Whatever thread happens to fill Python's quota collects, a worker too, and a widget it lets go of is
destroyed there: Qt ends the process. So nothing is collected by itself. Once a second the window
looks after what is young, in microseconds; everything is looked through when nobody waits.
"""

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 200
REST_MS = 500
"""After the counter was locked, or another window was left, before everything is looked through."""
YOUNG = 2
"""Generations that are cheap to look through."""


class WindowGarbage(QObject):
    """Lives as long as the application; must be made on the window's thread."""

    def __init__(self, application: QObject) -> None:
        super().__init__(application)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_MS)

    def look(self) -> int:
        """Collect the older of the young generations that is due; how many objects went."""
        counts = zip(gc.get_count()[:YOUNG], gc.get_threshold()[:YOUNG], strict=True)
        due = [generation for generation, (count, most) in enumerate(counts) if count > most]
        return gc.collect(due[-1]) if due else 0


def rest() -> None:
    """Nobody waits for a moment: look through everything, a tenth of a second's work."""
    QTimer.singleShot(REST_MS, _all)


def _all() -> None:
    if not gc.isenabled():
        gc.collect()
