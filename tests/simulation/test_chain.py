"""The simulated chain: a hundred street corners in the suite, a thousand towns in a soak."""

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
    words = ("--seeds", "1000", "--sales", "80") if soak else ("--seeds", "100", "--small")
    figures = simulated(*words)
    seeds = figures["seeds"]
    assert (figures["violations"], figures["failing"]) == (0, [])
    assert (figures["converged"], figures["digests_equal"]) == (seeds, seeds)
    assert figures["sales"] >= (500_000 if soak else 500)


def test_planted_bugs_are_one_change_in_one_place() -> None:
    bugs = catalogue()
    for bug in bugs:
        assert bug.source() and bug.layer in LAYERS
        compile(bug.tree(), bug.path, "exec")
    assert len({bug.name for bug in bugs}) == len(bugs)
