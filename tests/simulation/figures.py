"""Single questions asked of the chain very often: a till put back a week, a cloned disk, the order
in which late sales, counts and transfers arrive. Each prints one JSON line.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from app.journal.rebuild import apply_entries
from app.meaning import MEANING
from app.stock import books as stock_books
from tests.simulation import invariants
from tests.simulation.faults import ALL, CALM, Plan
from tests.simulation.templates import Templates
from tests.simulation.till_node import TillNode
from tests.simulation.time_heap import DAY, HOUR, MINUTE
from tests.simulation.witness import on_disk
from tests.simulation.world import MONDAY, World, a_world
from tests.support.entries import empty_till

GOODS = "11014"
WEEK = 7


def sell(till: TillNode, times: int) -> list[str]:
    """Receipt numbers of so many sales for cash."""
    numbers = []
    desk = till.counter.desk
    if desk.shift is None:
        desk.open_shift(500_00)
    for _ in range(times):
        till.counter.scan(GOODS)
        done = till.counter.pay_cash(None)
        assert done is not None
        till.pencil.complete.append(done.id)
        till.world.sales += 1
        numbers.append(done.sale.number)
        till.heap.run_until(till.heap.now + MINUTE)
    return numbers


def contact(world: World, till: TillNode) -> bool:
    """The line is there; whether the till has begun its next journal once all is quiet."""
    before = till.books.journal.id
    till.wire.mend()
    till.worker.ask()
    till.plan_look(world.heap.now + 1)
    world.heap.run_until(world.heap.now + 10 * MINUTE)
    return till.books.journal.id != before


def restored(world: World, rng: random.Random) -> Counter[str]:
    """A till sells for a week, comes back as it was then, sells on, and meets the hub."""
    (till,) = world.tills
    told = sell(till, rng.randrange(1, 4))
    world.heap.run_until(world.heap.now + HOUR)
    copy = till.copy()
    for _ in range(WEEK):
        world.heap.run_until(world.heap.now + DAY)
        told += sell(till, rng.randrange(1, 3))
    world.heap.run_until(world.heap.now + HOUR)
    till.wire.cut(world.heap.now + 30 * DAY)
    till.put_back(copy)
    sell(till, rng.randrange(0, 3))
    detected = contact(world, till)
    after = sell(till, rng.randrange(1, 4))
    return _ended(world, detected, set(told) & set(after))


def cloned(world: World, rng: random.Random) -> Counter[str]:
    """A disk is copied into a second machine; both sell, the second one meets the hub later."""
    (first,) = world.tills
    sell(first, rng.randrange(1, 4))
    first.copy()
    world._clone(first)
    second = world.tills[-1]
    second.wire.cut(world.heap.now + 30 * DAY)
    told = sell(first, rng.randrange(1, 4))
    sell(second, rng.randrange(1, 4))
    contact(world, first)
    detected = contact(world, second)
    told += sell(first, 1)
    return _ended(world, detected, set(told) & set(sell(second, rng.randrange(1, 3))))


def _ended(world: World, detected: bool, again: set[str]) -> Counter[str]:
    world.heal()
    quiet = world.converge() >= 0
    there = {row[0] for row in world.hub.rows("SELECT hash FROM hub_entry")}
    there |= {bytes.fromhex(row[0]) for row in world.hub.rows("SELECT hash FROM hub_fork")}
    written = {place[2] for till in world.tills for place in on_disk(till).entries}
    written |= {place[2] for place in world.witness.promised}
    return Counter(
        runs=1,
        detected=int(detected),
        numbers_again=len(again),
        lost=len(written - there),
        not_quiet=int(not quiet),
        wrongs=len(world.wrongs),
        sales=world.sales,
    )


ASKED: dict[str, Callable[[World, random.Random], Counter[str]]] = {
    "restored": restored,
    "cloned": cloned,
}


def often(what: str, times: int, templates: Templates, work: Path) -> dict[str, Any]:
    """One question so many times; its figures."""
    found: Counter[str] = Counter(runs=0, detected=0, numbers_again=0, lost=0, not_quiet=0,
                                  wrongs=0)  # fmt: skip
    for seed in range(times):
        plan = Plan(seed=seed, shops=(1,), days=WEEK + 1, sales=0, faults=CALM)
        with (
            tempfile.TemporaryDirectory(dir=work) as folder,
            a_world(plan, Path(folder), templates) as world,
        ):
            world.begin()
            found.update(ASKED[what](world, random.Random(f"{what} {seed}")))
    good = found["detected"] == times and not any(
        found[name] for name in ("numbers_again", "lost", "not_quiet", "wrongs")
    )
    return {"asked": what, **found, "good": good}


def orders_of_arrival(times: int, templates: Templates, work: Path) -> dict[str, Any]:
    """Late sales, counts and transfers of three tills in so many orders: one and the same stock."""
    faults = CALM.with_(partition=1.0, till_killed=ALL.till_killed)
    plan = Plan(seed=23, shops=(2, 1), days=2, sales=20, faults=faults)
    with (
        tempfile.TemporaryDirectory(dir=work) as folder,
        a_world(plan, Path(folder), templates) as world,
    ):
        world.begin()
        world.heap.run_until(MONDAY + plan.long_ms)
        world.heal()
        assert world.converge() >= 0
        entries = invariants.hub_entries(world)
    first = [each for each in entries if each.seq <= TEMPLATE_ENTRIES]
    late = [each for each in entries if each.seq > TEMPLATE_ENTRIES]
    rng = random.Random("orders")
    seen: Counter[str] = Counter()
    with empty_till() as db:
        db.exec_driver_sql("BEGIN")
        apply_entries(db, MEANING, first)
        for _ in range(times):
            db.exec_driver_sql("SAVEPOINT order_of_arrival")
            rng.shuffle(late)
            cut = rng.randrange(len(late) + 1)
            apply_entries(db, MEANING, late[:cut])
            apply_entries(db, MEANING, late[cut:])
            stock = [sorted(stock_books.on_hand(db, shop).items()) for shop in ("KP01", "KP02")]
            seen[repr(stock)] += 1
            db.exec_driver_sql("ROLLBACK TO order_of_arrival")
        db.exec_driver_sql("ROLLBACK")
    kinds = Counter(type(fact).__name__ for _envelope, fact in invariants.read_all(late))
    counts, transfers = kinds["CountClosed"], kinds["TransferSent"] + kinds["TransferReceived"]
    return {
        "asked": "orders of arrival", "orders": times, "entries": len(late),
        "sales": kinds["SaleCompleted"], "counts": counts, "transfers": transfers,
        "different": len(seen) - 1, "good": len(seen) == 1 and counts > 0 and transfers > 0,
    }  # fmt: skip


TEMPLATE_ENTRIES = 24
"""A till's journal reaches no further when its shop was just filled."""


def shown(figures: dict[str, Any]) -> int:
    """Print them; 0 when they are good."""
    print(msgspec.json.encode(figures).decode())
    return int(not figures["good"])
