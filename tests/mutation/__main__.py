"""Do the tests notice when a money module is wrong?

`python -m tests.mutation [app/payments/rules.py …]` puts one small wrong after another into each
module, runs its tests on each (`money_modules.toml` says which), and names the wrongs that nobody
noticed. What cannot be noticed, since it changes nothing anybody could see, stands with its reason
in `equivalent.toml`. A table comes last; exit 0 only if every score is high enough.
"""

import argparse
import functools
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import sqlalchemy
import sqlalchemy.dialects.sqlite

from tests.mutation.money_modules import MoneyModule, equivalents, money_modules
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.rehearsal import LANES, Rehearsal, Wrong, at_import, rehearse, waited
from tests.mutation.swapping import ROOT, used_at_import

_LOADED_ONCE = (msgspec, sqlalchemy)
"""Heavy libraries are imported before the process splits, so that a wrong costs a second."""


class Score(msgspec.Struct, kw_only=True):
    """What became of a module's wrongs."""

    module: str
    mutants: int
    killed: int = 0
    equivalent: int = 0
    survivors: list[str] = []

    @property
    def percent(self) -> float:
        """Noticed, of all that could be."""
        possible = self.mutants - self.equivalent
        return 100 * self.killed / possible if possible else 100.0

    def shown(self) -> str:
        """One row of the table."""
        figures = (self.mutants, self.killed, self.equivalent, len(self.survivors))
        return f"{self.module:32}" + "".join(f"{n:>12}" for n in figures) + f"{self.percent:>9.1f}"


HEAD = f"{'module':32}" + "".join(
    f"{word:>12}" for word in ("mutants", "killed", "equivalent", "survived")
) + f"{'score':>9}"  # fmt: skip


def key_of(mutant: Mutant) -> str:
    """A wrong's name in `equivalent.toml` and in what is printed; it knows no line numbers."""
    return f"{mutant.where} | {mutant.what}"


def can_be_swapped(mutant: Mutant, path: str) -> bool:
    """Whether it can be put into a module that is loaded already."""
    if mutant.where:
        return True
    return bool(mutant.constant) and not used_at_import(mutant.constant, path)


def judge(modules: Sequence[MoneyModule], wrongs: Mapping[str, Sequence[Mutant]]) -> list[Score]:
    """Try the wrongs of modules that share their tests."""
    tests = modules[0].tests
    sources = {each.path: (ROOT / each.path).read_text(encoding="utf-8") for each in modules}
    scores: dict[str, Score] = {}
    to_try: dict[str, tuple[str, Mutant]] = {}
    for module in modules:
        path, found = module.path, wrongs[module.path]
        known = equivalents().get(path, {})
        scores[path] = Score(module=path, mutants=len(found))
        scores[path].equivalent = sum(key_of(each) in known for each in found)
        for each in found:
            if key_of(each) not in known:
                to_try[f"{path} {key_of(each)}"] = (path, each)
    out = os.fdopen(os.dup(1), "w")

    def told(key: str, noticed_by: str) -> None:
        path, mutant = to_try[key]
        scores[path].killed += bool(noticed_by)
        if not noticed_by:
            scores[path].survivors.append(key_of(mutant))
            out.write(f"{path}:{mutant.line} {key_of(mutant)}\n")
            out.flush()

    later = [key for key, (path, each) in to_try.items() if not can_be_swapped(each, path)]
    first = set(later)
    running: dict[int, str] = {}
    while later or running:
        while later and len(running) < LANES:
            path, mutant = to_try[key := later.pop(0)]
            running[at_import(path, mutant.tree(sources[path]), tests)] = key
        key, noticed = waited(running)
        told(key, "a test" if noticed else "")
    live = [
        Wrong(
            key,
            path,
            functools.partial(each.tree, sources[path]),
            each.lines,
            (each.where,) if each.where else (),
        )
        for key, (path, each) in to_try.items()
        if key not in first
    ]
    if live:
        rehearse(Rehearsal([each.path for each in modules], live, told), tests)
    return list(scores.values())


def chosen(options: argparse.Namespace, name: str) -> list[Mutant]:
    """The wrongs of a module that the command line asks for."""
    found = mutants((ROOT / name).read_text(encoding="utf-8"))
    if options.again:
        kept = msgspec.json.decode(options.again.read_bytes(), type=list[Score])
        again = {key for score in kept if score.module == name for key in score.survivors}
        found = [each for each in found if key_of(each) in again]
    if options.sample:
        dice = random.Random(f"{options.seed} {name}")
        found = dice.sample(found, min(options.sample, len(found)))
    return found


def in_its_own_process(options: argparse.Namespace, names: Sequence[str]) -> list[Score]:
    """Modules are judged where none of the app is loaded yet."""
    with tempfile.NamedTemporaryFile(suffix=".json") as kept:
        words = [sys.executable, "-m", "tests.mutation", *names, f"--keep={kept.name}"]
        words += [f"--sample={options.sample}", f"--seed={options.seed}", "--least=0"]
        words += [f"--again={options.again}"] if options.again else []
        subprocess.run(words, check=True)
        return msgspec.json.decode(Path(kept.name).read_bytes(), type=list[Score])


def main() -> int:
    """Try the modules that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="app/payments/rules.py")
    parser.add_argument("--tests", nargs="*", help="other tests than money_modules.toml names")
    parser.add_argument("--least", type=float, default=90.0, help="percent that must be noticed")
    parser.add_argument("--sample", type=int, default=0, help="only so many of each, by the seed")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--keep", type=Path, help="write every figure and survivor here")
    parser.add_argument("--again", type=Path, help="only the survivors kept there")
    options = parser.parse_args()
    os.chdir(ROOT)
    modules = {each.path: each for each in money_modules()}
    if unknown := set(options.modules) - modules.keys():
        parser.error(f"not in money_modules.toml: {', '.join(sorted(unknown))}")
    groups: dict[tuple[str, ...], list[MoneyModule]] = {}
    for name in options.modules or list(modules):
        module = msgspec.structs.replace(modules[name], tests=options.tests or modules[name].tests)
        groups.setdefault(tuple(module.tests), []).append(module)
    if len(groups) == 1:
        (group,) = groups.values()
        scores = judge(group, {each.path: chosen(options, each.path) for each in group})
        table = [HEAD, *(each.shown() for each in scores)]
    else:
        scores, table = [], ["", HEAD]
        for group in groups.values():
            scores += in_its_own_process(options, [each.path for each in group])
            if options.keep:
                options.keep.write_bytes(msgspec.json.format(msgspec.json.encode(scores)))
        table += [each.shown() for each in scores]
    print(*table, sep="\n", flush=True)
    if options.keep:
        options.keep.write_bytes(msgspec.json.format(msgspec.json.encode(scores)))
    return int(any(each.percent < options.least for each in scores))


if __name__ == "__main__":
    sys.exit(main())
