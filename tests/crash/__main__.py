"""The crash campaign: `python -m tests.crash [--kills N] [--states N] [RIG…]`.

One JSON line of figures for every rig; exit 0 only if every count of harm is 0.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.crash import (
    double_submit,
    full_disk,
    io_errors,
    kill_points,
    power,
    second_library,
    upgrading,
)
from tests.crash import sigkill as sigkill_rig
from tests.crash.expected import Figures
from tests.crash.till import TillServer, copy_folder, make_shop, till_server
from tests.crash.tracing import DISK, DURABLE, demand_strace

LANES = 2


@dataclass(frozen=True, slots=True)
class Lane:
    """A server, a shop and a folder for one rig."""

    server: TillServer
    shop: Path
    work: Path
    options: argparse.Namespace


def _sigkill(lane: Lane) -> Iterator[tuple[str, Figures]]:
    """Two lanes side by side: each waits for its tills most of the time."""
    kills = lane.options.kills // LANES

    def one(number: int) -> Figures:
        work = lane.work / f"lane-{number}"
        with till_server(work / "server") as server:
            return sigkill_rig.run(
                server, lane.shop, work, kills=kills, seed=lane.options.seed + number
            )

    figures = Figures()
    with ThreadPoolExecutor(LANES) as lanes:
        for each in lanes.map(one, range(LANES)):
            figures.add(each)
    yield "sigkill", figures


def _kill_points(lane: Lane) -> Iterator[tuple[str, Figures]]:
    calls = DISK if lane.options.every_call else DURABLE
    for name, deed in kill_points.DEEDS.items():
        folder = copy_folder(lane.shop, lane.work / name)
        yield f"kill_points {name}", kill_points.run(lane.server, folder, deed, calls)
    step = 1 if lane.options.every_call else 40
    yield (
        "kill_points first_opening",
        kill_points.first_opening(lane.server, lane.work, calls, step),
    )


def _upgrade(lane: Lane) -> Iterator[tuple[str, Figures]]:
    """Every sync, rename and unlink; every write too, or each fortieth."""
    few = tuple(call for call in DISK if call not in ("write", "pwrite64", "close", "fcntl"))
    for release in upgrading.RELEASED:
        work = lane.work / release.name
        work.mkdir()
        calls = DISK if lane.options.every_call else few
        figures = upgrading.run(lane.server, release, work, calls)
        if not lane.options.every_call:
            figures.add(upgrading.run(lane.server, release, work / "w", ("pwrite64",), step=40))
        yield f"upgrade from {release.name}", figures
        yield (
            "planted upgrade in two commits",
            upgrading.run(lane.server, release, work / "p", ("fsync",), plant="lift_apart"),
        )


def _power(lane: Lane) -> Iterator[tuple[str, Figures]]:
    till = lane.server.start(copy_folder(lane.shop, lane.work / "head"))
    found = till.ask({"do": "look"})
    till.wait()
    assert found is not None
    for name, plants in (("day", []), ("small_wal", ["small_wal"])):
        folder = copy_folder(lane.shop, lane.work / name)
        recording = power.record(lane.server, folder, plants=plants, head=found["head"])
        yield f"power {name}", _states(lane, recording, lane.options.states * 45 // 100)
        yield (
            f"power {name}, sells on",
            power.sells_on(
                lane.server, recording, lane.work / f"{name}-on", points=20, seed=lane.options.seed
            ),
        )
    recording = power.record(lane.server, lane.work / "first", power.FIRST_DAY)
    yield "power first_day", _states(lane, recording, lane.options.states // 10)
    folder = copy_folder(lane.shop, lane.work / "normal")
    plants = ["synchronous_normal"]
    recording = power.record(lane.server, folder, plants=plants, head=found["head"])
    yield (
        "planted synchronous=NORMAL",
        power.run(recording, lane.work, points=1000, seed=lane.options.seed, until_lost=True),
    )


def _states(lane: Lane, recording: power.Recording, points: int) -> Figures:
    """Two processes, each with states of its own seed."""
    figures = Figures()
    more = max(3, points // LANES // 100)
    with get_context("spawn").Pool(LANES) as lanes:
        jobs = [
            lanes.apply_async(
                power.run,
                (recording, lane.work / f"states-{number}"),
                {"points": points // LANES, "seed": lane.options.seed + number, "more": more},
            )
            for number in range(LANES)
        ]
        for job in jobs:
            figures.add(job.get())
    return figures


def _io_errors(lane: Lane) -> Iterator[tuple[str, Figures]]:
    step = 1 if lane.options.every_call else 5
    for call in ("fsync", "fdatasync", "pwrite64"):
        folder = copy_folder(lane.shop, lane.work / call)
        yield (
            f"io_errors {call}",
            io_errors.run(lane.server, folder, (call,), step=step if call == "pwrite64" else 1),
        )
    folder = copy_folder(lane.shop, lane.work / "ghost")
    yield (
        "planted ghost sales",
        io_errors.run(lane.server, folder, ("fsync",), plants=["failed_means_absent"]),
    )
    if full_disk.can_mount():
        yield "full_disk", full_disk.run_full(lane.server, lane.shop, lane.work / "full")
        yield "read_only", full_disk.run_read_only(lane.server, lane.shop, lane.work / "protected")
    else:
        yield (
            "full_disk (no mount)",
            full_disk.run_without_a_mount(lane.server, lane.shop, lane.work / "full"),
        )


def _second_library(lane: Lane) -> Iterator[tuple[str, Figures]]:
    folder = copy_folder(lane.shop, lane.work / "one")
    yield "one library", second_library.run(lane.server, folder, sales=20)
    folder = copy_folder(lane.shop, lane.work / "two")
    yield "planted second library", second_library.run(lane.server, folder, plant="second_library")


def _double_submit(lane: Lane) -> Iterator[tuple[str, Figures]]:
    runs = lane.options.clicks
    folder = copy_folder(lane.shop, lane.work / "lines")
    yield (
        "double_submit lines",
        double_submit.run_lines(lane.server, folder, runs=runs, seed=lane.options.seed),
    )
    folder = copy_folder(lane.shop, lane.work / "threads")
    yield "double_submit threads", double_submit.run_threads(folder, runs=max(1, runs // 10))


RIGS: dict[str, Callable[[Lane], Iterator[tuple[str, Figures]]]] = {
    "sigkill": _sigkill,
    "kill_points": _kill_points,
    "upgrade": _upgrade,
    "power": _power,
    "io_errors": _io_errors,
    "second_library": _second_library,
    "double_submit": _double_submit,
}


def main() -> int:
    """Run the rigs that were named, or all; 0 when none found harm and every plant was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("rigs", nargs="*", metavar="RIG", help=f"of {', '.join(RIGS)}; else all")
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--states", type=int, default=100_000)
    parser.add_argument("--clicks", type=int, default=1000, help="runs of fifty payments")
    parser.add_argument("--every-call", action="store_true", help="not writes and syncs alone")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if unknown := set(options.rigs) - RIGS.keys():
        parser.error(f"no such rig: {', '.join(sorted(unknown))}")
    demand_strace()
    good = True
    with tempfile.TemporaryDirectory(prefix="crash-") as place, till_server(Path(place)) as server:
        shop = make_shop(server, Path(place, "shop"))
        for name in options.rigs or RIGS:
            work = Path(place, name)
            work.mkdir()
            began = time.monotonic()
            for rig, figures in RIGS[name](Lane(server, shop, work, options)):
                line: dict[str, Any] = figures.shown(rig)
                line["seconds"] = round(time.monotonic() - began, 1)
                began = time.monotonic()
                good &= figures.clean != rig.startswith("planted")
                print(json.dumps(line, ensure_ascii=False), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
