"""The proofs of the money modules: that their commands see what they should, and in a soak that
every fault is seen, every branch taken and nearly every small wrong noticed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.catalogue import catalogue
from tests.mutation.__main__ import key_of
from tests.mutation.money_modules import (
    branch_modules,
    branch_tests,
    equivalents,
    money_modules,
)
from tests.mutation.mutants import mutants
from tests.mutation.swapping import ROOT

MODULES = {each.path: each for each in money_modules()}
SAMPLE = 12
"""Wrongs of each module that a soak tries; the command alone tries all of them."""


def run(*words: str) -> tuple[int, str]:
    """A proof's answer and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def test_every_money_module_stands_and_its_tests_do() -> None:
    for path, module in MODULES.items():
        assert (ROOT / path).is_file()
        for test in module.tests:
            assert (ROOT / test).exists(), test
    assert all(Path(test).exists() for test in branch_tests())
    assert set(branch_modules()) >= MODULES.keys()


@pytest.mark.parametrize("path", equivalents())
def test_what_nobody_could_notice_is_there_and_has_a_reason(path: str) -> None:
    known = {key_of(each) for each in mutants((ROOT / path).read_text(encoding="utf-8"))}
    said = equivalents()[path]
    assert said.keys() <= known, f"gone from {path}: {sorted(said.keys() - known)}"
    assert all(len(reason) > 20 for reason in said.values())


def test_small_wrongs_are_noticed(soak: bool) -> None:
    some = [f"--sample={SAMPLE}"] if soak else ["app/quantity.py", "--sample=3"]
    code, said = run("tests.mutation", *some, "--least=80")
    assert code == 0, said


def test_a_wrong_that_no_test_looks_at_survives() -> None:
    """Teeth: with tests that look elsewhere nothing is noticed."""
    blind = ("--tests", "tests/app/test_ids.py")
    code, said = run("tests.mutation", "app/quantity.py", "--sample=2", *blind)
    assert code == 1 and said.count("app/quantity.py:") == 2, said


def test_planted_faults_are_seen(soak: bool) -> None:
    code, said = run("tests.faults", *([] if soak else ["the spare fen"]))
    assert code == 0, said
    assert said.count("seen  ") == (len(catalogue()) if soak else 1)


def test_branches_nobody_takes_are_named(soak: bool) -> None:
    """Teeth: two tests of a module leave some of its branches untaken."""
    few = "tests/app/test_quantity.py::test_pieces_come_whole_and_not_by_the_jin"
    code, said = run("tests.branches", "app/quantity.py", "--tests", few)
    assert code == 1 and "missed:" in said, said
    if soak:
        code, said = run("tests.branches")
        assert code == 0, said
