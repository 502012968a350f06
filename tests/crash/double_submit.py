"""Rig 6: fifty payments of one basket at once. One sale, one receipt, one opening of the drawer."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from app.clock import SettableClock, parse_time
from app.errors import ShopError
from app.print_queue import PrintQueue
from app.sales.counter import Counter as ShopCounter
from tests.crash.expected import PRODUCTS, Figures
from tests.crash.io_errors import PAY, SCAN
from tests.crash.till import CASHIER, Command, TillServer
from tests.crash.till_server import NOON
from ui.startup import Till, open_demo, system_ids

CLICKS = 50


def run_lines(server: TillServer, folder: Path, *, runs: int, seed: int) -> Figures:
    """Fifty `pay` lines, scans and Enters among them, sent to the console in one go."""
    figures = Figures()
    rng = random.Random(seed)
    till = server.start(folder)
    till.ask(CASHIER)
    for n in range(1, runs + 1):
        figures.points += 1
        clicks: list[Command] = [rng.choice((PAY, PAY | {"amount": "100"})) for _ in range(CLICKS)]
        answers = till.run([SCAN, *clicks, {"do": "checkout"}])
        paid = [answer for answer in answers[1:] if answer["ok"]]
        others = Counter(a["error"]["code"] for a in answers if not a["ok"])
        if len(paid) != 1 or set(others) != {"basket_empty"}:
            figures.count("duplicate", f"{len(paid)} of {CLICKS} were paid, {dict(others)}")
        found = till.ask({"do": "look"})
        pulses = till.ask({"do": "peripherals"})
        assert found is not None and pulses is not None
        last = found["sales"][-1]
        if found["numbers"] != [n, n, n] or (last["papers"], last["kicks"]) != (1, 1):
            figures.count("duplicate", f"run {n}: {found['numbers']}, {last}")
        if pulses["drawer_pulses"] != n:
            figures.count("duplicate", f"run {n}: {pulses['drawer_pulses']} pulses")
    till.wait()
    return figures


def run_threads(
    folder: Path, *, runs: int, pay: Callable[[ShopCounter], object] = ShopCounter.pay_cash
) -> Figures:
    """Fifty threads pay the same basket through the same books, in this process."""
    figures = Figures()
    clock = SettableClock(parse_time(NOON))
    _, ids = system_ids(clock)
    till = Till(open_demo(folder, till="1", stock=True, clock=clock, ids=ids, reserve=False))
    try:
        till.counter.desk.sign_in(CASHIER["staff"], CASHIER["pin"])
        for n in range(1, runs + 1):
            figures.points += 1
            till.counter.scan(next(iter(PRODUCTS)))
            said = _all_at_once(lambda: pay(till.counter))
            with till.books.read() as db:
                standing = db.exec_driver_sql("SELECT count(*) FROM sale").scalar_one()
            jobs = [job for job in PrintQueue(till.books).open_jobs() if job.kick_drawer]
            if standing != n or len(jobs) != n:
                figures.count("duplicate", f"run {n}: {standing} sales, {len(jobs)} kicks, {said}")
            if said["paid"] != 1:
                figures.count("wrong_state", f"run {n}: {dict(said)}")
    finally:
        till.close()
    return figures


def _all_at_once(deed: Callable[[], object]) -> Counter[str]:
    """What fifty threads heard that did the same at the same moment."""
    start = threading.Barrier(CLICKS)
    said: list[str] = []

    def click() -> None:
        start.wait()
        try:
            said.append("paid" if deed() is not None else "part paid")
        except ShopError as error:
            said.append(error.code)
        except Exception as error:
            # A second try of a sale that stands may be refused by the database itself.
            said.append(type(error).__name__)

    threads = [threading.Thread(target=click) for _ in range(CLICKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(said)
