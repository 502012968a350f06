"""Is every branch of the money modules taken by some test of theirs?

`python -m tests.branches` runs the tests that `tests/mutation/money_modules.toml` names and prints
one row a module; below it, each line or jump nobody took. Exit 0 only at 100 % everywhere.
"""

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import coverage
import coverage.exceptions
import msgspec
import pytest

from tests.mutation.money_modules import branch_modules, branch_tests
from tests.mutation.rehearsal import QUIET, quiet
from tests.mutation.swapping import ROOT


class Taken(msgspec.Struct, frozen=True):
    """How a module was walked."""

    module: str
    branches: int
    taken: int
    missed: tuple[str, ...]
    """Lines nobody ran ("137") and jumps nobody took ("120->exit")."""

    @property
    def percent(self) -> float:
        """Jumps taken of all there are; a module without any counts by its lines."""
        if self.branches:
            return 100 * self.taken / self.branches
        return 0.0 if self.missed else 100.0

    def shown(self) -> str:
        """One row."""
        return f"{self.module:32}{self.branches:>9}{self.taken:>8}{self.percent:>9.1f}"


def walk(paths: Sequence[str], tests: Sequence[str]) -> list[Taken]:
    """Run the tests and see how they walk through these modules."""
    with tempfile.TemporaryDirectory(prefix="branches-") as place:
        watching = coverage.Coverage(
            data_file=None,
            branch=True,
            config_file=False,
            include=[str(ROOT / path) for path in paths],
        )
        watching.set_option("run:disable_warnings", ["no-data-collected"])
        with quiet():
            watching.start()
            code = pytest.main([*tests, *QUIET, f"--basetemp={place}/tests"])
            watching.stop()
        if code:
            raise SystemExit(f"the tests fail: {code!s}")
        with contextlib.suppress(coverage.exceptions.NoDataError):
            watching.json_report(outfile=f"{place}/report.json")
        written = Path(place, "report.json")
        files = msgspec.json.decode(written.read_bytes())["files"] if written.exists() else {}
        return [_taken(path, files.get(path)) for path in paths]


def _taken(path: str, report: dict[str, Any] | None) -> Taken:
    if report is None:
        return Taken(path, 0, 0, ("all of it: no test imports it",))
    jumps = [f"{begin}->{'exit' if end < 0 else end}" for begin, end in report["missing_branches"]]
    return Taken(
        module=path,
        branches=report["summary"]["num_branches"],
        taken=report["summary"]["covered_branches"],
        missed=(*map(str, report["missing_lines"]), *jumps),
    )


def main() -> int:
    """Print the table; 0 when nothing was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.branches", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="app/payments/rules.py")
    parser.add_argument("--tests", nargs="*", help="default: the tests of every money module")
    options = parser.parse_args()
    os.chdir(ROOT)
    paths = options.modules or branch_modules()
    found = walk(paths, options.tests or branch_tests())
    print(f"{'module':32}{'branches':>9}{'taken':>8}{'percent':>9}")
    for each in found:
        print(each.shown(), *(each.missed and ["  missed:", *each.missed]))
    all_, taken = sum(each.branches for each in found), sum(each.taken for each in found)
    print(f"{'together':32}{all_:>9}{taken:>8}{100 * taken / max(all_, 1):>9.1f}")
    return int(any(each.missed for each in found))


if __name__ == "__main__":
    sys.exit(main())
