"""Verifies a whole till with several processes at once, and says how far it is.

The same answer as `verification.verify`, for journals too long to wait for in one thread: a
million entries have two gigabytes to hash and a million signatures. Each process reads the file
for itself; this one puts the parts together and goes on selling meanwhile.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import msgspec
from sqlalchemy import Connection, func, select

from app.database import read_beside
from app.errors import Refusal
from app.facts.journals import JournalOpened
from app.journal.entry import hash6
from app.journal.numbers import NumberCheck
from app.journal.problems import JournalReport, Problem, Report, report
from app.journal.spans import Noted, Seen, Span, check_hashes, check_signatures
from app.journal.stored import journals
from app.journal.tables import entry
from app.journal.verify import joint
from app.verification import check_tables

Step = Literal["hashes", "signatures", "tables"]
STEPS: tuple[Step, ...] = ("hashes", "signatures", "tables")
SPAN = 20_000
"""Entries one process checks before it takes the next part."""
FEW = 20_000
"""So many entries are checked here and now: starting processes takes longer."""
LOOK_S = 1
"""How often somebody is told, when no part was finished meanwhile."""
Result = TypeVar("Result")
Work = Callable[[Noted], Result]


class Progress(msgspec.Struct, frozen=True):
    """How far a check is: `done` of `most` entries of its step."""

    step: Step
    done: int
    most: int


Say = Callable[[Progress], bool]
"""Hears of progress; False stops the check."""


def check_file(
    path: Path,
    say: Say,
    *,
    public_keys: Mapping[str, str] | None = None,
    expected_heads: Sequence[str] = (),
    steps: Sequence[Step] = STEPS,
    processes: int = 2,
    span: int = SPAN,
    few: int = FEW,
) -> Report:
    """Check a till's file up to the entries it holds now. Raises Refusal("check_stopped").

    `public_keys` are known outside the file, by journal; others are taken from the journals' own
    first entries. `expected_heads` as for `verify_folder`.
    """
    with read_beside(path) as db:
        spans = list(_spans(db, span))
        most = db.scalar(select(func.count()).select_from(entry)) or 0
    crew: Crew = Alone(say) if most <= few else Processes(say, processes)
    keys = dict(public_keys or {})
    with crew:
        seen = crew.run(
            "hashes",
            most,
            [partial(check_hashes, path, each, tuple(expected_heads)) for each in spans],
        )
        found = _Together(keys)
        for part, what in zip(spans, seen, strict=True):
            found.take(part, what)
        if "signatures" in steps:
            tasks = [
                partial(check_signatures, path, each, found.key_of(each.journal)) for each in spans
            ]
            found.signatures(crew.run("signatures", most, tasks))
        others: list[Problem] = []
        if "tables" in steps:
            (others,) = crew.run("tables", most, [partial(check_tables, path)])
    with read_beside(path) as db:
        problems = [*found.finish(), *_joints(db, found.opened), *found.missing(expected_heads)]
    return report(found.reports(), [*problems, *others])


def _spans(db: Connection, size: int) -> Iterator[Span]:
    for journal in journals(db):
        last = db.scalar(select(func.max(entry.c.seq)).where(entry.c.journal == journal)) or 0
        # What claims a place before the first belongs to the first part.
        for first in range(1, max(last, 1) + 1, size):
            yield Span(journal, first, min(first + size - 1, max(last, 1)), whole=first == 1)


class _Together:
    """What the parts found, journal by journal."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = keys
        self._seen: dict[str, list[Seen]] = {}
        self._problems: dict[str, list[Problem]] = {}
        self._numbers = NumberCheck()
        self.opened: dict[str, JournalOpened] = {}

    def take(self, span: Span, seen: Seen) -> None:
        """The next part, in order."""
        self._seen.setdefault(span.journal, []).append(seen)
        self._problems.setdefault(span.journal, []).extend(seen.problems)
        for first, highest in seen.numbers:
            self._numbers.note(first, highest)
        if seen.opened is None:
            return
        self.opened[span.journal] = seen.opened
        known = self._keys.get(span.journal, seen.opened.public_key)
        if known != seen.opened.public_key:
            detail = seen.opened.public_key[:16]
            self._problems[span.journal].append(Problem("key_changed", span.journal, 1, detail))

    def key_of(self, journal: str) -> str:
        """The key somebody outside knows, or the journal's own word."""
        opened = self.opened.get(journal)
        return self._keys.get(journal) or (opened.public_key if opened else "")

    def signatures(self, found: Iterable[Sequence[Problem]]) -> None:
        """A true signature decides whether content or hash was touched."""
        for each in (problem for part in found for problem in part):
            problems = self._problems[each.journal]
            first = Problem("content_changed", each.journal, each.seq)
            if first in problems:
                problems[problems.index(first)] = each
            else:
                problems.append(each)

    def finish(self) -> list[Problem]:
        """Problems of entries, by place; then numbers, then journals that are gone."""
        problems = [
            problem
            for each in self._problems.values()
            for problem in sorted(each, key=lambda one: one.seq)
        ]
        problems += self._numbers.problems
        problems += [
            Problem("entry_missing", journal, 1, "the whole journal")
            for journal in self._keys
            if journal not in self._seen
        ]
        return problems

    def missing(self, expected: Sequence[str]) -> Iterator[Problem]:
        """Hashes known outside that no part holds."""
        found = {
            head for parts in self._seen.values() for each in parts for head in each.heads_found
        }
        longest = max(self.reports(), key=lambda one: one.entries, default=None)
        for head in expected:
            if head not in found:
                journal, last = (longest.journal, longest.head_seq) if longest else ("", 0)
                yield Problem("head_missing", journal, last + 1, head)

    def reports(self) -> list[JournalReport]:
        """What each journal turned out to be."""
        return [self._report(journal, parts) for journal, parts in self._seen.items()]

    def _report(self, journal: str, parts: Sequence[Seen]) -> JournalReport:
        opened = self.opened.get(journal)
        return JournalReport(
            journal=journal,
            shop=opened.shop if opened else "",
            till=opened.till if opened else "",
            series=opened.series if opened else "",
            reason=opened.reason if opened else "",
            public_key=opened.public_key if opened else "",
            entries=sum(each.entries for each in parts),
            unknown_kinds=sum(each.unknown_kinds for each in parts),
            head_seq=parts[-1].head_seq,
            head=parts[-1].head.hex(),
            head6=hash6(parts[-1].head) if parts[-1].head else "",
        )


def _joints(db: Connection, opened: Mapping[str, JournalOpened]) -> Iterator[Problem]:
    for journal, fact in opened.items():
        last = db.scalar(select(func.max(entry.c.seq)).where(entry.c.journal == fact.previous))
        if last is not None:
            at = db.scalar(
                select(entry.c.seq).where(
                    entry.c.journal == fact.previous,
                    entry.c.hash == bytes.fromhex(fact.previous_hash),
                )
            )
            yield from joint(fact, journal, at or 0, last)


# --- Who does the work --------------------------------------------------------------------------


class Crew(Protocol):
    """Carries out tasks and tells of progress."""

    def __enter__(self) -> "Crew": ...
    def __exit__(self, *_caught: object) -> None: ...
    def run(self, step: Step, most: int, tasks: Sequence[Work[Result]]) -> list[Result]:
        """The results of all tasks, in order. Raises Refusal("check_stopped")."""


class Alone:
    """Here and now."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def __enter__(self) -> "Alone":
        return self

    def __exit__(self, *_caught: object) -> None: ...

    def run(self, step: Step, most: int, tasks: Sequence[Work[Result]]) -> list[Result]:
        """One after the other."""
        done = 0

        def noted(more: int) -> None:
            nonlocal done
            done += more
            _told(self._say, Progress(step, done, most))

        noted(0)
        return [task(noted) for task in tasks]


class Processes:
    """Several processes, which read the file themselves and count in memory all of them see."""

    def __init__(self, say: Say, processes: int) -> None:
        self._say = say
        # Never forked: a process with a window and threads cannot be copied safely.
        context = multiprocessing.get_context("spawn")
        self._done = context.Value("q", 0)
        self._stop = context.Event()
        self._pool = ProcessPoolExecutor(
            processes, mp_context=context, initializer=_begin, initargs=(self._done, self._stop)
        )

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_caught: object) -> None:
        self._stop.set()
        self._pool.shutdown(cancel_futures=True)

    def run(self, step: Step, most: int, tasks: Sequence[Work[Result]]) -> list[Result]:
        """All at once, as many as there are processes."""
        self._done.value = 0
        _told(self._say, Progress(step, 0, most))
        left: set[Future[Result]] = set()
        asked = [self._pool.submit(_carry_out, task) for task in tasks]
        left.update(asked)
        while left:
            _done, left = wait(left, LOOK_S, FIRST_COMPLETED)
            _told(self._say, Progress(step, min(int(self._done.value), most), most))
        return [each.result() for each in asked]


def _told(say: Say, progress: Progress) -> None:
    if not say(progress):
        raise Refusal("check_stopped")


_counting: dict[str, Any] = {}
"""In a process of the crew: the shared count, and the wish to stop."""


def _begin(done: Any, stop: Any) -> None:
    _counting.update(done=done, stop=stop)


def _carry_out(task: Work[Result]) -> Result:
    return task(_note)


def _note(more: int) -> None:
    if _counting["stop"].is_set():
        raise Refusal("check_stopped")
    with _counting["done"].get_lock():
        _counting["done"].value += more
