"""Pictures of the till's window for the demo day: the real window, on no screen at all."""

import os
from pathlib import Path

from app.clock import Clock
from ui.startup import Till

SIZE = (1366, 768)
SETTLE_MS = 400


def save_screens(till: Till, clock: Clock, out: Path) -> list[Path]:
    """Save the door, the basket and 收款 as PNG into `out`; the till stays open.

    Somebody must be signed in, with goods in the basket; it is in 收款 afterwards.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.application import Application
    from ui.door import prepare_qt

    settings = till.counter.desk.settings
    prepare_qt(["pos"], settings["language"], int(settings["large_type"]))
    running = Application(till, clock)
    # The window goes, the till goes on.
    running.window.closing.disconnect(running.close)
    saved: list[Path] = []

    def save(name: str) -> None:
        settle()
        path = out / f"{name}.png"
        running.window.grab().save(str(path))
        saved.append(path)

    out.mkdir(parents=True, exist_ok=True)
    try:
        running.window.resize(*SIZE)
        running.start()
        save("screen-sign-in")
        running.shell.sell()
        save("screen-till")
        running.shell.acted("pay")
        save("screen-pay")
    finally:
        running.spool.close()
        running.background.close()
        running.window.close()
        settle()
    return saved


def settle() -> None:
    """Let the window's work come back and be painted."""
    from PySide6.QtTest import QTest

    QTest.qWait(SETTLE_MS)
