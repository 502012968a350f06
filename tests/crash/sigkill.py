"""Rig 1: a till killed at any moment, opened again, looked at, killed again.

One folder lives through many deaths. What is found after each is found by the till that opens
the folder next, through its own recovery; now and then the whole journal is verified as well.
"""

import random
import time
from pathlib import Path

from tests.crash.expected import PRODUCTS, Figures, Ledger, Shop, after
from tests.crash.till import CASHIER, OPEN_SHIFT, Command, Till, TillServer, copy_folder

KILLS_PER_FOLDER = 100
VERIFY_EVERY = 25
FIRST = 0.01
"""Seconds within which a till dies that has answered nothing yet."""
OPENING = 0.05
"""Seconds within which a till dies that is still opening its folder."""


def commands_for(rng: random.Random, shop: Shop) -> list[Command]:
    """What a cashier does next, beginning with signing in; some of it is refused."""
    doing: list[Command] = [CASHIER]
    state = after(shop, CASHIER)
    while len(doing) < 12:
        for command in _next(rng, state, len(doing)):
            doing.append(command)
            state = after(state, command)
    return doing


def _next(rng: random.Random, shop: Shop, n: int) -> list[Command]:
    if not shop.shift:
        close_day: list[Command] = [{"do": "z_report", "approver": "301", "approver_pin": "864209"}]
        return [*(close_day if rng.random() < 0.3 else []), OPEN_SHIFT]
    scan: Command = {"do": "scan", "code": rng.choice(list(PRODUCTS))}
    roll = rng.random()
    if not shop.basket:
        if shop.held and roll < 0.4:
            return [{"do": "resume"}]
        if shop.sales and roll < 0.55:
            return [{"do": "reprint"}]
        if not shop.held and roll > 0.95:
            return [{"do": "close_shift", "counted": "500.00"}]
        return [scan]
    if roll < 0.4:
        return [pay(shop)]
    if roll < 0.5 and not shop.held:
        return [{"do": "hold", "name": f"挂{n}"}]
    if roll < 0.55:
        return [{"do": "remove", "line": 1}] if _first_is_one(shop) else [scan]
    return [scan]


def pay(shop: Shop) -> Command:
    """Cash for what lies in the basket, with change to give back where it is little."""
    few = sum(quantity for _, quantity in shop.basket) <= 3000
    return {"do": "pay", "tender": "cash"} | ({"amount": "500"} if few else {})


def _first_is_one(shop: Shop) -> bool:
    # Line numbers go on after a removal, so only an untouched basket surely has a line 1.
    return len(shop.basket) == 1 and shop.basket[0][1] == 1000


def run(
    server: TillServer, shop: Path, work: Path, *, kills: int, seed: int, plant: str = ""
) -> Figures:
    """Kill tills that begin as `shop`; what was found.

    `plant` names a fault of ours; then the first finding is enough.
    """
    figures = Figures()
    rng = random.Random(seed)
    folders = 0
    while figures.points < kills and not (plant and figures.findings):
        folders += 1
        folder = copy_folder(shop, work / f"killed-{folders}")
        until = min(kills, figures.points + KILLS_PER_FOLDER)
        _one_folder(server, folder, figures, rng, until, plant)
    return figures


def _let_it_work(till: Till, rng: random.Random, commands: int) -> None:
    """Wait for some of the answers, and then for a part of what the next one takes.

    The till's own pace is the measure: on a busy machine it dies in the middle of as many things.
    """
    began = time.monotonic()
    answers = rng.randrange(commands)
    for _ in range(answers):
        if till.read() is None:
            return
    pace = (time.monotonic() - began) / answers if answers else FIRST
    time.sleep(rng.uniform(0, 2 * pace))


def _one_folder(
    server: TillServer, folder: Path, figures: Figures, rng: random.Random, until: int, plant: str
) -> None:
    ledger = Ledger(figures)
    wishes = {"plant": [plant]} if plant else {}
    while not (plant and figures.findings):
        began = time.monotonic()
        till = server.start(folder, **wishes)
        if figures.points + 1 < until and rng.random() < 0.15:
            time.sleep(rng.uniform(0, OPENING))
            till.kill()
            till.wait()
            continue
        last = figures.points + 1 >= until
        verify = last or figures.points % VERIFY_EVERY == VERIFY_EVERY - 1
        found = till.ask({"do": "look", "after": ledger.seen, "verify": verify})
        if not verify:
            took = int((time.monotonic() - began) * 1000)
            figures.slowest_restart_ms = max(figures.slowest_restart_ms, took)
        if found is None:
            till.wait()
            figures.count("bugs", f"a till did not open its folder again: {server.complaints()}")
            return
        if not found["ok"]:
            figures.count("bugs", str(found))
            return
        ledger.hold_against(found)
        if last:
            till.wait()
            return
        commands = commands_for(rng, ledger.shop)
        till.send(*commands)
        _let_it_work(till, rng, len(commands))
        till.kill()
        till.wait()
        ledger.hear(commands, till.answers[1:])
