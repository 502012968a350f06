"""A till comes back after ninety days alone: how fast its backlog drains, and what a sale feels."""

import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec

from app.transaction import transaction
from tests.benchmarks.counting import sales_beside
from tests.benchmarks.measuring import Figure, percentile
from tests.benchmarks.shop import bench_shop, plain_goods
from tests.support.facts import sold
from tests.support.postgres import a_database, a_server
from tests.support.talkers import Talker
from ui.startup import Till

SALES = 45_000
"""Ninety days of five hundred."""
ALONE = 200
BAR_S, BAR_MOVED = 900.0, 1.1
LINES = tuple((f"KP-A{n:03d}", 1280, 1000) for n in range(5))


def drain(sales: int = SALES, alone: int = ALONE) -> list[Figure]:
    """Seconds until a hub in its own process has it all; sales go on at the counter meanwhile."""
    with a_hub("drain") as (office, address), bench_shop(save_draft=lambda basket: None) as till:
        write_backlog(till, sales)
        goods = plain_goods(till.books)
        calm = sales_beside(till, goods, alone)
        join(till, office, address)
        began = perf_counter()
        busy: list[float] = []
        while (seen := till.hub.seen) is None or seen.waiting > 1:
            busy += sales_beside(till, goods, 1)
        took = perf_counter() - began
        (journal,) = office.ok("status")["devices"][0]["journals"]
    quiet, moved = percentile(calm, 0.99), percentile(busy, 0.99)
    return [
        Figure(
            name="drain",
            what=f"{sales} sales into a hub on PostgreSQL, on this very machine",
            p50=took,
            limit="checkout p99 before it, ms",
            limit_p99=quiet,
            bar=f"at most {BAR_S:.0f} s, checkout p99 within {BAR_MOVED}×",
            met=took <= BAR_S and moved <= BAR_MOVED * quiet,
            unit="s",
            more={
                "entries at the hub": journal["seq"],
                "entries/s": round(journal["seq"] / took),
                **felt(calm, busy),
                "till's peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            },
        )
    ]


@contextmanager
def a_hub(name: str) -> Iterator[tuple[Talker, str]]:
    """A demo hub on PostgreSQL in a process of its own: head office by lines, and its address.

    A hub has a machine of its own; here it takes what the till leaves.
    """
    with a_server(durable=True, behind=True) as server, tempfile.TemporaryDirectory() as folder:
        words = ("--data", Path(folder), "--database", a_database(server, name))
        hub = Talker("hub", *words, "--demo", "--port", "0", behind=True)
        try:
            address = hub.heard().split()[1]
            office = Talker("hq", *words)
            try:
                yield office, address
            finally:
                office.kill()
        finally:
            hub.kill()


def felt(calm: list[float], busy: list[float]) -> dict[str, Any]:
    """What sales felt of it: those before and those beside it, in milliseconds."""
    alone, beside = percentile(calm, 0.5), percentile(busy, 0.5)
    return {
        "checkout p99 beside it, ms": round(percentile(busy, 0.99), 2),
        "checkout p50 alone / beside, ms": f"{alone:.2f} / {beside:.2f}",
        "sales beside it": len(busy),
    }


def write_backlog(till: Till, sales: int) -> None:
    """So many sales of five lines that nobody has heard of."""
    for start in range(0, sales, 200):
        with transaction(till.books, staff="101") as tx:
            for sequence in range(start + 1, min(start + 200, sales) + 1):
                sale = sold(*LINES, sequence=sequence, series="Z")
                tx.record(msgspec.structs.replace(sale, till=tx.till))


def join(till: Till, office: Talker, address: str) -> None:
    """Let the till in; from then on it sends and fetches by itself."""
    code = office.ok("enrol_code", shop=till.books.shop, till=till.books.till)["code"]
    till.hub.start(by_itself=True)
    digits = till.hub.enrol(address, code)
    device = till.books.journal.device
    office.ok("approve_device", device=device, fingerprint=digits)
