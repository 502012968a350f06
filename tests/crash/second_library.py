"""Rig 5: what a second SQLite library in the till's process does, and that the till has one.

Closing any handle of a file drops every lock the process holds on it (POSIX). So a second library
that only looks into the till's file makes the till look dead: the next process that opens and
closes the file takes itself for the last one and removes the WAL the till is still writing into.
"""

import importlib
from pathlib import Path

from tests.crash.expected import Figures
from tests.crash.io_errors import PAY, SCAN
from tests.crash.till import CASHIER, TillServer


def run(server: TillServer, folder: Path, *, plant: str = "", sales: int = 5) -> Figures:
    """Sell while somebody else looks into the folder between two sales; then the till is killed."""
    figures = Figures()
    till = server.start(folder, plant=[plant] if plant else [])
    till.ask(CASHIER)
    numbers = []
    for _ in range(sales):
        figures.points += 1
        till.ask(SCAN)
        paid = till.ask(PAY)
        if paid is not None and paid["ok"]:
            numbers.append(paid["receipt"]["number"])
        _somebody_looks(folder / "till.db")
    till.kill()
    till.wait()
    again = server.start(folder)
    found = again.ask({"do": "look", "verify": True})
    again.wait()
    if found is None or not found["ok"]:
        figures.count("problems", str(found))
        return figures
    there = [sale["number"] for sale in found["sales"]]
    for number in numbers:
        if number not in there:
            figures.count("lost", f"{number} was answered complete")
    if found["problems"] or len(numbers) < sales:
        figures.count("problems", f"{found['problems']}, {len(numbers)} answered")
    return figures


def _somebody_looks(path: Path) -> None:
    """Another process (this one holds no till) opens and closes the file, as a backup may."""
    library = importlib.import_module("sqlite" + "3")
    connection = library.connect(path, timeout=5)
    connection.execute("SELECT count(*) FROM entry").fetchone()
    connection.close()
