"""Pictures of the till's window for the demo day: the real window, on no screen at all."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from app.clock import Clock
from ui.startup import Till

if TYPE_CHECKING:
    from ui.background import Background

SIZE = (1366, 768)
PAINTED_MS = 60
PATIENCE_MS, STEP_MS = 20_000, 10


def save_screens(till: Till, clock: Clock, out: Path) -> list[Path]:
    """Save the door, the basket and 收款 as PNG into `out`; the till stays open.

    Somebody must be signed in, with goods in the basket; it is in 收款 afterwards.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.application import Application
    from ui.door import prepare_qt

    settings = till.counter.desk.settings
    prepare_qt(["pos"], settings["language"], settings["large_type"], settings["colours"])
    running = Application(till, clock)
    # The window goes, the till goes on.
    running.window.closing.disconnect(running.close)
    saved: list[Path] = []

    def save(name: str) -> None:
        settle(running.background)
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
    return saved


def settle(background: "Background") -> None:
    """Let everything the window asked for come back and be painted, however slow the machine is.

    What comes back may ask for more, so the end of the queue is waited for twice.
    """
    from PySide6.QtTest import QTest

    from ui.background import Priority

    for _ in range(2):
        done: list[None] = []
        background.run(lambda: None, done=done.append, priority=Priority.IDLE)
        for _ in range(PATIENCE_MS // STEP_MS):
            if done:
                break
            QTest.qWait(STEP_MS)
    QTest.qWait(PAINTED_MS)
