"""Rig 2 once more: a till killed at every call by which a released folder is lifted.

Between death and the next start the file is looked at as it lies there: it holds the old schema to
the last letter, so the program that wrote it opens it, or the new one, whole. Then the new program
opens it, verifies it and sells.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from app import schema
from app.database import Database
from tests.crash.expected import Figures
from tests.crash.kill_points import MOST_POINTS, SCANS
from tests.crash.till import CASHIER, OPEN_SHIFT, PROJECT, TillServer
from tests.crash.tracing import Tracer, killing

RELEASED = sorted(path.parent for path in (PROJECT / "tests" / "released").glob("*/till.db"))
AN_HOUR_LATER = "2026-11-29T10:30:00+08:00"
"""After a released shop closed its day; further on, a till asks whether its clock is right."""
Rows = list[tuple[object, ...]]


def run(
    server: TillServer,
    release: Path,
    work: Path,
    calls: Sequence[str],
    *,
    step: int = 1,
    plant: str = "",
) -> Figures:
    """Kill a till at every `step`-th of these calls while it opens a released folder."""
    figures = Figures()
    before = _found(_copy(release, work / "before"))
    wishes = {"plant": [plant]} if plant else {}
    for call in calls:
        for n in range(1, MOST_POINTS, step):
            folder = _copy(release, work / f"{call}-{n}")
            till = server.start(folder, go=False, clock=AN_HOUR_LATER, **wishes)
            tracer = Tracer(till, work / "upgrade.trace", *killing(call, n))
            till.go()
            died = till.ask({"do": "basket"}) is None
            till.wait()
            tracer.wait()
            figures.points += 1
            _old_or_new(folder, before, figures, f"{call} {n}")
            _sells_on(server, folder, figures, f"{call} {n}")
            shutil.rmtree(folder)
            if not died:
                break
        else:
            figures.count("bugs", f"{call}: the lift never came to its end")
    return figures


def _copy(release: Path, folder: Path) -> Path:
    shutil.copytree(release, folder)
    return folder


def _found(folder: Path) -> tuple[str, Rows, Rows]:
    """Version, schema and entries of a file nobody has open."""
    database = Database(folder / "till.db")
    try:
        db = database.writer
        assert db.exec_driver_sql("PRAGMA quick_check").scalar_one() == "ok"
        objects = db.exec_driver_sql("SELECT name, sql FROM sqlite_schema ORDER BY name").all()
        entries = db.exec_driver_sql("SELECT journal, seq, hash FROM entry ORDER BY 1, 2").all()
        return schema.version_of(db), [tuple(row) for row in objects], [tuple(r) for r in entries]
    finally:
        database.close()


def _old_or_new(folder: Path, before: tuple[str, Rows, Rows], figures: Figures, where: str) -> None:
    version, objects, entries = _found(folder)
    if entries[: len(before[2])] != before[2]:
        figures.count("lost", f"killed at {where}: entries are gone")
    if version == schema.HEAD:
        return
    if (version, objects) != before[:2]:
        figures.count("wrong_state", f"killed at {where}: neither the old file nor the new one")


def _sells_on(server: TillServer, folder: Path, figures: Figures, where: str) -> None:
    till = server.start(folder, clock=AN_HOUR_LATER)
    found = till.ask({"do": "look", "verify": True})
    if found is None or not found.get("ok"):
        figures.count("lost", f"killed at {where}: the folder does not open: {found}")
    else:
        sold = till.run([CASHIER, OPEN_SHIFT, *SCANS, {"do": "pay", "tender": "cash"}])
        if [answer["ok"] for answer in sold] != [True] * 5 or found["problems"]:
            figures.count("wrong_state", f"killed at {where}: {found['problems']} {sold}")
    till.wait()
