"""Do the tests notice when a money module is wrong?

`python -m tests.mutation [app/payments/rules.py …]` puts one small wrong after another into each
module, runs its tests on each (`money_modules.toml` says which), and names the wrongs that nobody
noticed. What cannot be noticed, since it changes nothing anybody could see, stands with its reason
in `equivalent.toml`. A table comes last; exit 0 only if every score is high enough.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
import sqlalchemy
import sqlalchemy.dialects.sqlite

from tests.mutation.money_modules import MoneyModule, equivalents, money_modules
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.rehearsal import LANES, Rehearsal, Wrong, at_import, rehearse, waited
from tests.mutation.swapping import ROOT

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


def judge(module: MoneyModule, wrongs: Sequence[Mutant], known: set[str]) -> Score:
    """Try these wrongs of one module on its tests."""
    source = (ROOT / module.path).read_text(encoding="utf-8")
    score = Score(module=module.path, mutants=len(wrongs), survivors=[])
    score.equivalent = sum(key_of(each) in known for each in wrongs)
    to_try = {key_of(each): each for each in wrongs if key_of(each) not in known}
    out = os.fdopen(os.dup(1), "w")

    def told(key: str, noticed_by: str) -> None:
        score.killed += bool(noticed_by)
        if not noticed_by:
            score.survivors.append(key)
            out.write(f"{module.path}:{to_try[key].line} {key}\n")
            out.flush()

    later = [key for key, each in to_try.items() if not each.where]
    running: dict[int, str] = {}
    while later or running:
        while later and len(running) < LANES:
            key = later.pop(0)
            running[at_import(module.path, to_try[key].tree(source), module.tests)] = key
        for key, noticed in waited(running):
            told(key, "a test" if noticed else "")

    def live(rehearsal: Rehearsal) -> list[Wrong]:
        return [
            Wrong(
                key=key,
                path=module.path,
                tree=lambda each=each: each.tree(source),  # type: ignore[misc]
                lines=each.lines,
                where=(each.where,),
            )
            for key, each in to_try.items()
            if each.where
        ]

    rehearse(Rehearsal([module.path], live, told), module.tests)
    return score


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


def in_its_own_process(options: argparse.Namespace, name: str) -> Score:
    """A module is judged where none of the app is loaded yet."""
    with tempfile.NamedTemporaryFile(suffix=".json") as kept:
        words = [sys.executable, "-m", "tests.mutation", name, f"--keep={kept.name}"]
        words += [f"--sample={options.sample}", f"--seed={options.seed}", "--least=0"]
        words += [f"--again={options.again}"] if options.again else []
        subprocess.run(words, check=True)
        (score,) = msgspec.json.decode(Path(kept.name).read_bytes(), type=list[Score])
    return score


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
    names = options.modules or list(modules)
    if len(names) == 1:
        known = set(equivalents().get(names[0], {}))
        module = modules[names[0]]
        module = msgspec.structs.replace(module, tests=options.tests or module.tests)
        scores = [judge(module, chosen(options, names[0]), known)]
        print(HEAD, scores[0].shown(), sep="\n", flush=True)
    else:
        scores = [in_its_own_process(options, name) for name in names]
        print("", HEAD, *(each.shown() for each in scores), sep="\n")
    if options.keep:
        options.keep.write_bytes(msgspec.json.format(msgspec.json.encode(scores)))
    return int(any(each.percent < options.least for each in scores))


if __name__ == "__main__":
    sys.exit(main())
