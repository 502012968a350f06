"""Runs tests once to see which runs which line, then on one wrong after another.

Everything is imported, collected and prepared once; each wrong is tried in a copy of the process,
so it costs no more than the first test that notices it.
"""

import importlib
import os
import resource
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType

import coverage
import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.swapping import ROOT, Swapped, functions_of, module_name, swap

LANES = 2
LONGEST_S = 30
"""More of tests than this is not run on one wrong: it then counts as not noticed."""
PATIENCE_S = 20
LONGEST_WAIT_S = 300
MOST_BYTES = 4 << 30
QUIET = ("-s", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "timeout=0")
LEAVE_NOTHING = ("-o", "tmp_path_retention_policy=none")


@dataclass(frozen=True)
class Wrong:
    """A wrong to try: the module's source turned into a tree, and where it would be met."""

    key: str
    path: str
    tree: Callable[[], object]
    lines: frozenset[int]
    where: tuple[str, ...]
    """Functions it changes."""
    tests: tuple[str, ...] = ()
    """Only these files or folders may notice it; none given: any that was collected."""


@dataclass
class Rehearsal:
    """A pytest plugin that runs the collected tests in its own way."""

    paths: Sequence[str]
    wrongs: Sequence[Wrong]
    told: Callable[[str, str], None]
    """Called with a wrong's key and the test that noticed it, "" when none did."""
    failed: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    covering: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    _items: dict[str, pytest.Item] = field(default_factory=dict)
    _killers: dict[tuple[str, ...], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )

    @pytest.hookimpl
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Once as it is, then on every wrong."""
        self._items = {item.nodeid: item for item in session.items}
        self._once(session)
        if not self.failed:
            self._each_wrong(session)
        return True

    def _once(self, session: pytest.Session) -> None:
        watching = coverage.Coverage(
            data_file=None, include=[str(ROOT / path) for path in self.paths], config_file=False
        )
        watching.set_option("run:disable_warnings", ["no-data-collected"])
        watching.start()
        for name, item in self._items.items():
            watching.switch_context(name)
            began = time.process_time()
            # Twice: on a machine that is busy a network may have seemed dead.
            if not _passes(item, session) and not _passes(item, session):
                self.failed.append(name)
            self.seconds[name] = time.process_time() - began
        watching.stop()
        data = watching.get_data()
        for path in self.paths:
            found = data.contexts_by_lineno(str(ROOT / path))
            self.covering[path] = {line: set(names) - {""} for line, names in found.items()}

    def _chosen(self, wrong: Wrong) -> list[str]:
        """Tests that run what is wrong: those that noticed the like before, then the quick ones."""
        known = self.covering[wrong.path]
        names = set().union(*(known.get(line, set()) for line in wrong.lines))
        if not wrong.where:
            # A constant: nobody knows which tests look at it.
            names = set(self._items)
        if wrong.tests:
            names = {name for name in names if name.startswith(wrong.tests)}
        killers = self._killers[wrong.where]
        rated = sorted(names, key=lambda name: (-killers[name], self.seconds[name], name))
        chosen, spent = [], 0.0
        for name in rated:
            spent += self.seconds[name]
            if spent > LONGEST_S and chosen:
                break
            chosen.append(name)
        return chosen

    def _each_wrong(self, session: pytest.Session) -> None:
        waiting = list(self.wrongs)
        running: dict[int, tuple[Wrong, int, list[str]]] = {}
        while waiting or running:
            while waiting and len(running) < LANES:
                wrong = waiting.pop(0)
                assert functions_of(_live(wrong.path)).keys() >= {*wrong.where}, wrong.where
                chosen = self._chosen(wrong)
                if not chosen:
                    self.told(wrong.key, "")
                    continue
                reading, writing = os.pipe()
                child = os.fork()
                if not child:
                    os.close(reading)
                    self._try(session, wrong, chosen, writing)
                os.close(writing)
                running[child] = (wrong, reading, chosen)
            if not running:
                continue
            child, status = os.wait()
            wrong, reading, chosen = running.pop(child)
            with os.fdopen(reading) as said:
                name = said.read()
            if status and not name:
                name = "(did not end)"
            self._killers[wrong.where][name] += 1
            self.told(wrong.key, name)

    def _try(
        self, session: pytest.Session, wrong: Wrong, chosen: Sequence[str], writing: int
    ) -> None:
        """In the copy: it ends with 0 when every test passed."""
        code = 1
        try:
            expected = sum(self.seconds[name] for name in chosen)
            # A wrong that never ends is noticed as well; a busy machine is no wrong.
            most = int(PATIENCE_S + 5 * expected)
            resource.setrlimit(resource.RLIMIT_CPU, (most, most))
            resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
            signal.alarm(LONGEST_WAIT_S)
            swap(_live(wrong.path), wrong.tree())  # type: ignore[arg-type]
            for name in chosen:
                if not _passes(self._items[name], session):
                    os.write(writing, name.encode())
                    break
            else:
                code = 0
        finally:
            os._exit(code)


def _passes(item: pytest.Item, session: pytest.Session) -> bool:
    # Only what belongs to the whole session stays prepared, so any test may come next.
    reports = runtestprotocol(item, log=False, nextitem=session)  # type: ignore[arg-type]
    return not any(report.failed for report in reports)


def _live(path: str) -> ModuleType:
    return importlib.import_module(module_name(path))


def rehearse(rehearsal: Rehearsal, tests: Sequence[str]) -> None:
    """Collect, run once, try every wrong. What tests print goes nowhere."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as place, quiet():
        code = pytest.main(
            [*tests, *QUIET, *LEAVE_NOTHING, f"--basetemp={place}/tests"], plugins=[rehearsal]
        )
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) or rehearsal.failed:
        raise SystemExit(f"the tests fail as they are: {rehearsal.failed or code}")


class quiet:
    """Standard output and error of this process and its children go nowhere meanwhile."""

    def __enter__(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self._kept = os.dup(1), os.dup(2)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        os.close(nothing)

    def __exit__(self, *_: object) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        for number, kept in enumerate(self._kept, 1):
            os.dup2(kept, number)
            os.close(kept)


def at_import(path: str, tree: object, tests: Sequence[str]) -> int:
    """Start the tests on a module that is wrong from its import on, in a process of its own.

    Its id; it exits 0 when no test noticed.
    """
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        signal.alarm(LONGEST_WAIT_S)
        sys.meta_path.insert(0, Swapped(path, tree))  # type: ignore[arg-type]
        with tempfile.TemporaryDirectory(prefix="rehearsal-") as place, quiet():
            code = int(pytest.main([*tests, "-x", *QUIET, f"--basetemp={place}/tests"]))
    finally:
        # Whatever went wrong in there, this process is only a wrong that was noticed.
        os._exit(min(int(code), 100))


def waited(running: dict[int, str]) -> tuple[str, bool]:
    """One of the started processes that ended: its key, and whether its wrong was noticed."""
    child, status = os.wait()
    return running.pop(child), bool(status)
