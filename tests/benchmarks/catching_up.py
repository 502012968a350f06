"""A till hears of its sister's days while it sells itself: what a sale feels of that."""

from time import perf_counter, sleep

from sqlalchemy import func, select

from app.journal.tables import entry
from tests.benchmarks.counting import sales_beside
from tests.benchmarks.draining import ALONE, BAR_MOVED, a_hub, felt, join, write_backlog
from tests.benchmarks.measuring import Figure, percentile
from tests.benchmarks.shop import bench_shop, plain_goods
from tests.support.talkers import Talker
from ui.startup import Till

SALES = 5_000
"""Ten days of five hundred."""
PATIENCE_S = 600.0


def catch_up(sales: int = SALES, alone: int = ALONE) -> list[Figure]:
    """Seconds until a sister's entries are all here; sales go on at the counter meanwhile."""
    with a_hub("catch_up") as (office, address), bench_shop(save_draft=lambda basket: None) as till:
        journal, wanted = _sister(office, address, sales)
        goods = plain_goods(till.books)
        calm = sales_beside(till, goods, alone)
        join(till, office, address)
        began = perf_counter()
        busy: list[float] = []
        while _known(till, journal) < wanted and perf_counter() - began < PATIENCE_S:
            busy += sales_beside(till, goods, 1)
        took = perf_counter() - began
        here = _known(till, journal)
    quiet, moved = percentile(calm, 0.99), percentile(busy, 0.99)
    return [
        Figure(
            name="catch_up",
            what=f"a sister's {sales} sales into the books of a till that sells",
            p50=took,
            limit="checkout p99 before it, ms",
            limit_p99=quiet,
            bar=f"all of it, checkout p99 within {BAR_MOVED}×",
            met=here >= wanted and moved <= BAR_MOVED * quiet,
            unit="s",
            more={
                "entries here": here,
                "entries/s": round(here / took),
                **felt(calm, busy),
            },
        )
    ]


def _sister(office: Talker, address: str, sales: int) -> tuple[str, int]:
    """Till 2 sold, sent it all and was switched off: its journal, and how many entries it has."""
    with bench_shop(save_draft=lambda basket: None, number="2") as till:
        write_backlog(till, sales)
        join(till, office, address)
        until = perf_counter() + PATIENCE_S
        while (seen := till.hub.seen) is None or seen.waiting:
            assert perf_counter() < until, "the sister's sales did not reach the hub"
            sleep(0.1)
        return till.books.journal.id, seen.acked


def _known(till: Till, journal: str) -> int:
    with till.books.read() as db:
        last = db.scalar(select(func.max(entry.c.seq)).where(entry.c.journal == journal))
    return int(last or 0)
