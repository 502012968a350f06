"""A till in a process of its own, to be killed, starved and lied to by the disk.

Run as `python -m tests.support.selling_process FOLDER SCRIPT`; it says on standard output what a
cashier would have been told, one line at a time.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app.clock import SettableClock
from app.errors import ShopError
from app.ids import Ids
from app.opening import OpenFolder, open_folder
from app.staff.actions import check_pin
from app.transaction import transaction
from tests.support.facts import sold
from tests.support.tills import MORNING


def say(*words: object) -> None:
    print(*words, flush=True)


def sell(till: OpenFolder, sales: int, tries: int = 2) -> None:
    """Complete sales whose ids were made before, each at most so many times."""
    for number in range(1, sales + 1):
        fact_id = f"sale-{number}"
        for _ in range(tries):
            try:
                with transaction(till.books, staff="101") as tx:
                    tx.record(sold(sequence=number), fact_id)
            except ShopError as error:
                say(error.code, fact_id)
                if error.code == "stop_selling":
                    return
            else:
                say("saved", fact_id)
                break


def sell_with_a_reader(till: OpenFolder) -> None:
    """As above, while a screen holds a connection that has seen the shop before the sale."""
    with till.books.read() as db:
        db.exec_driver_sql("SELECT count(*) FROM entry").scalar_one()
        db.rollback()
        sell(till, 1, tries=1)
        # The plug is pulled: nothing is closed, nothing is tidied up.
        os._exit(0)


def sell_with_a_reader_weakly(till: OpenFolder) -> None:
    """The planted fault: the WAL is not emptied before anybody says "not saved"."""
    run = Connection.exec_driver_sql

    def weak(db: Connection, statement: str, *values: Any) -> Any:
        return run(db, statement.replace("(TRUNCATE)", "(PASSIVE)"), *values)

    Connection.exec_driver_sql = weak  # type: ignore[method-assign]
    sell_with_a_reader(till)


def try_pins(till: OpenFolder) -> None:
    """Wrong PINs as fast as the till takes them; the answer comes after the count is durable."""
    for guess in range(100_000, 100_012):
        try:
            check_pin(till.books, "101", str(guess))
        except ShopError as error:
            say(error.code, error.details.get("left", ""))


def hold(_till: OpenFolder) -> None:
    """Keep the folder until somebody kills us."""
    say("holding")
    time.sleep(60)


SCRIPTS = {
    "sell": lambda till: sell(till, 3),
    "sell-on": lambda till: sell(till, 100_000, tries=1),
    "sell-with-a-reader": sell_with_a_reader,
    "sell-with-a-reader-weakly": sell_with_a_reader_weakly,
    "pins": try_pins,
    "hold": hold,
}


def main(folder: str, script: str) -> None:
    clock = SettableClock(MORNING + 3_600_000)
    try:
        till = open_folder(Path(folder), clock=clock, ids=Ids(clock), reserve=False)
    except ShopError as error:
        say("refused", error.code)
        return
    say("open")
    SCRIPTS[script](till)
    till.close()
    say("closed")


if __name__ == "__main__":
    main(*sys.argv[1:])
