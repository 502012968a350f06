"""Faults a shop would pay for are planted one by one, and the tests must see each.

`python -m tests.faults [WORDS…]` plants those of `catalogue.toml` (whose name holds one of the
words), in memory, and prints which test saw it. Exit 0 only if every fault was seen.
"""

import argparse
import os
import sys
from collections.abc import Sequence

import msgspec

from tests.faults.catalogue import Fault, catalogue
from tests.mutation.rehearsal import LANES, Rehearsal, Wrong, at_import, rehearse, waited
from tests.mutation.swapping import ROOT


def seen_by(faults: Sequence[Fault]) -> dict[str, str]:
    """Plant each fault: its name and the test that saw it, "" when none did."""
    found: dict[str, str] = {}
    waiting = [each for each in faults if not each.place().functions]
    running: dict[int, str] = {}
    while waiting or running:
        while waiting and len(running) < LANES:
            fault = waiting.pop(0)
            running[at_import(fault.path, fault.tree(), fault.tests_here)] = fault.name
        name, noticed = waited(running)
        found[name] = "one of its tests" if noticed else ""

    places = [(each, each.place()) for each in faults]
    live = [
        Wrong(each.name, each.path, each.tree, at.lines, at.functions, tuple(each.tests))
        for each, at in places
        if at.functions
    ]
    paths = sorted({each.path for each in faults})
    tests = sorted({test for each in faults for test in each.tests_here})
    if live:
        rehearse(Rehearsal(paths, live, found.__setitem__), tests)
    return found


def main() -> int:
    """Plant them; 0 when every one was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("words", nargs="*", help="only faults whose name holds one")
    options = parser.parse_args()
    os.chdir(ROOT)
    words = options.words or [""]
    faults = [each for each in catalogue() if any(word in each.name for word in words)]
    found = seen_by(faults)
    for each in faults:
        print(f"{'seen' if found[each.name] else 'MISSED':7} {each.name}")
        print(f"        {each.path}  {found[each.name].removeprefix('tests/')}")
    missed = sum(not found[each.name] for each in faults)
    print(msgspec.json.encode({"planted": len(faults), "missed": missed}).decode())
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
