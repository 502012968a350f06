"""The simulated chain: some street corners in the suite, a thousand towns in a soak."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.mutation.swapping import ROOT
from tests.simulation.planted import LAYERS, catalogue


def simulated(*words: str) -> dict[str, Any]:
    """The figures of `python -m tests.simulation`, which must find nothing."""
    command = [sys.executable, "-P", "-m", "tests.simulation", *words]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)},
        check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr[-2000:]
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, figures
    return figures


@pytest.mark.timeout(0)
def test_whatever_goes_wrong_everything_written_arrives_once_and_the_books_agree(
    soak: bool,
) -> None:
    """Street corners, each twice: a day, one or two tills. `.ci/run` looks at a hundred."""
    corners = 100 if soak else 20
    words = ("--seeds", str(corners), "--small", "--jobs", "1")
    all_well(simulated(*words), seeds=corners, sales=4 * corners)


@pytest.mark.timeout(0)
def test_towns_with_several_shops_come_to_the_same(soak: bool) -> None:
    """One of them where nobody has hours to wait."""
    towns, least = (1000, 500_000) if soak else (1, 10)
    words = ("--seeds", str(towns), *(("--queue", "16") if soak else ("--jobs", "1")))
    all_well(simulated(*words), seeds=towns, sales=least)


def all_well(figures: dict[str, Any], *, seeds: int, sales: int) -> None:
    """Nothing was wrong with any seed, and enough was sold to say so."""
    assert (figures["violations"], figures["failing"]) == (0, [])
    assert (figures["converged"], figures["digests_equal"]) == (seeds, seeds)
    assert figures["sales"] >= sales


def test_planted_bugs_are_one_change_in_one_place() -> None:
    bugs = catalogue()
    for bug in bugs:
        assert bug.source() and bug.layer in LAYERS
        compile(bug.tree(), bug.path, "exec")
    assert len({bug.name for bug in bugs}) == len(bugs)
