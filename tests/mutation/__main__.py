"""Do the tests notice when a money module is wrong?

`python -m tests.mutation app/payments/rules.py [--tests tests/app/payments] [--least 90]` puts one
small wrong after another into the module, in memory, runs its tests on each, and names the wrongs
that nobody noticed. One JSON line of figures last; exit 0 only if the score is high enough.
"""

import argparse
import ast
import importlib.abc
import importlib.util
import json
import os
import signal
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
import sqlalchemy
import sqlalchemy.dialects.sqlite

from tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
LANES = 2
LONGEST_S = 120
_LOADED_ONCE = (msgspec, sqlalchemy)
"""Heavy libraries are imported before the process splits, so that a mutant costs a second."""


class Swapped(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives out the mutant in place of the module of this name."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self._name, self._path, self._tree = name, path, tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=str(self._path))

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(self._path)
        exec(compile(self._tree, str(self._path), "exec"), module.__dict__)


def noticed(path: Path, tree: ast.Module, tests: Sequence[str]) -> int:
    """Start the tests on a mutant in a process of its own; its id. It exits 0 when unnoticed."""
    child = os.fork()
    if child:
        return child
    signal.alarm(LONGEST_S)
    code = 1
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        sys.meta_path.insert(0, Swapped(name, path, tree))
        code = pytest.main([*tests, "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"])
    finally:
        # Whatever went wrong in there, this process is only a wrong that was noticed.
        os._exit(min(int(code), 100))


def run(path: Path, tests: Sequence[str]) -> dict[str, Any]:
    """Try every mutant; figures, with what was not noticed."""
    source = path.read_text(encoding="utf-8")
    waiting = list(mutants(source))
    total = len(waiting)
    running: dict[int, Mutant | None] = {noticed(path, ast.parse(source), tests): None}
    _child, status = os.wait()
    running.clear()
    if status:
        raise SystemExit("the tests fail without any mutant")
    missed: list[Mutant] = []
    while waiting or running:
        while waiting and len(running) < LANES:
            mutant = waiting.pop(0)
            running[noticed(path, mutant.tree, tests)] = mutant
        child, status = os.wait()
        mutant_done = running.pop(child)
        if status == 0 and mutant_done is not None:
            missed.append(mutant_done)
            print(f"{path.relative_to(ROOT)}:{mutant_done.line} {mutant_done.what}", flush=True)
    score = 100 * (total - len(missed)) / total if total else 100.0
    return {
        "module": str(path.relative_to(ROOT)),
        "mutants": total,
        "noticed": total - len(missed),
        "score": round(score, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("module", nargs="+", help="app/payments/rules.py")
    parser.add_argument("--tests", nargs="*", help="default: the tests of the module's room")
    parser.add_argument("--least", type=float, default=90.0, help="percent that must be noticed")
    options = parser.parse_args()
    os.chdir(ROOT)
    low = False
    for name in options.module:
        path = (ROOT / name).resolve()
        tests = options.tests or [str(ROOT / "tests" / Path(name).parent)]
        figures = run(path, tests)
        print(json.dumps(figures), flush=True)
        low |= figures["score"] < options.least
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
