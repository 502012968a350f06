"""`python -m tests.simulation`: a whole chain, simulated, with faults from seeds.

--seeds 1000      a campaign; one JSON line of figures, exit 0 only if nothing is wrong
--sum FILE...     the figures of parts of a campaign (--first, --seeds) as those of one
--seed N          one seed: what it stands for and what came of it; shrunk when it fails
--planted [WORDS] planted bugs, each against the same few seeds
"""

import argparse
import logging
import multiprocessing
import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.simulation.campaign import Figures, Outcome, play
from tests.simulation.faults import Plan, swarm
from tests.simulation.figures import ASKED, often, orders_of_arrival, shown
from tests.simulation.planted import catalogue, plant_all
from tests.simulation.shrinking import shrunk
from tests.simulation.templates import Templates
from tests.simulation.world import MONDAY

IN_MEMORY = Path("/dev/shm")


@contextmanager
def workshop() -> Iterator[tuple[Templates, Path]]:
    """Templates, and a place to work in: in memory where the machine has such a place."""
    logging.disable(logging.CRITICAL)
    place = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="simulation-", dir=place) as folder:
        work = Path(folder)
        yield Templates(work / "templates", MONDAY), work


def campaign(plans: list[Plan], jobs: int) -> Figures:
    """Every seed twice; the second run is for its digest alone."""
    figures = Figures()
    with workshop() as (templates, work):
        templates.prepare(plan.shops for plan in plans)
        ways = [(plan, templates, work) for plan in plans]
        if jobs == 1:
            for plan, _templates, _work in ways:
                figures.take(*twice((plan, templates, work)), plan)
            figures.cpu_s = _cpu_s()
            return figures
        with multiprocessing.get_context("fork").Pool(jobs) as pool:
            for plan, (first, second) in zip(plans, pool.imap(twice, ways), strict=True):
                figures.take(first, second, plan)
            pool.close()
            pool.join()
        figures.cpu_s = _cpu_s()
    return figures


def _cpu_s() -> int:
    """CPU seconds of this process and those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(sum(each.ru_utime + each.ru_stime for each in used))


def twice(way: tuple[Plan, Templates, Path]) -> tuple[Outcome, Outcome]:
    """One seed, both times."""
    return play(*way), play(*way, checked=False)


def one(plan: Plan) -> int:
    """A seed by itself, with all there is to know of it."""
    with workshop() as (templates, work):
        print(msgspec.json.encode(plan).decode())
        first, second = twice((plan, templates, work))
        print(msgspec.json.encode(first).decode())
        same = first.digest == second.digest
        for wrong in first.wrongs:
            print(wrong)
        if not first.good:
            print("shrunk:", msgspec.json.encode(shrunk(plan, templates, work)).decode())
    return int(not (first.good and same))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulation", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--days", type=int, default=0, help="instead of the seed's own")
    parser.add_argument("--sales", type=int, default=0, help="of a till and day, about")
    parser.add_argument("--queue", type=int, default=0, help="customers behind one, about")
    parser.add_argument("--small", action="store_true", help="the suite's form of the seeds")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sum", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--planted", nargs="*", metavar="WORD")
    for name in ("restored", "cloned", "orders"):
        parser.add_argument(f"--{name}", type=int, metavar="N")
    options = parser.parse_args()
    for name in ASKED:
        if times := getattr(options, name):
            with workshop() as (templates, work):
                return shown(often(name, times, templates, work))
    if options.orders:
        with workshop() as (templates, work):
            return shown(orders_of_arrival(options.orders, templates, work))
    if options.planted is not None:
        with workshop() as (templates, work):
            return plant_all(catalogue(options.planted), templates, work, options.jobs)
    if options.sum:
        return told(summed(options.sum))
    seeds = [options.seed] if options.seed is not None else range(
        options.first, options.first + options.seeds
    )  # fmt: skip
    plans = [
        swarm(
            seed, days=options.days, sales=options.sales, small=options.small, queue=options.queue
        )
        for seed in seeds
    ]
    if options.seed is not None:
        return one(plans[0])
    return told(campaign(plans, options.jobs))


def summed(files: list[Path]) -> Figures:
    """What the last lines of these files come to together."""
    figures = Figures()
    for file in files:
        last = file.read_bytes().splitlines()[-1]
        figures.add(msgspec.json.decode(last, type=Figures))
    return figures


def told(figures: Figures) -> int:
    """Print them; 0 when they are good."""
    if figures.missing:
        print("never happened:", ", ".join(figures.missing), file=sys.stderr)
    print(msgspec.json.encode(figures).decode())
    return int(not figures.good)


if __name__ == "__main__":
    sys.exit(main())
