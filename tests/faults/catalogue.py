"""The catalogue of planted faults, as data and as trees."""

import ast
from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.mutation.mutants import functions_at
from tests.mutation.swapping import ROOT


class Place(NamedTuple):
    """Where a fault is met."""

    lines: frozenset[int]
    functions: tuple[str, ...]


class Fault(msgspec.Struct, frozen=True):
    """A small change of the source, what it would do to a shop, and who must see it."""

    name: str
    path: str
    before: str
    after: str
    tests: list[str]

    @property
    def tests_here(self) -> list[str]:
        """Its tests as paths."""
        return [f"{ROOT}/{test}" for test in self.tests]

    def source(self) -> str:
        """The module as it is. Asserts that the change fits in one place."""
        text = (ROOT / self.path).read_text(encoding="utf-8")
        assert text.count(self.before) == 1, f"{self.path} holds {self.before!r} not once"
        return text

    def tree(self) -> ast.Module:
        """The module with the fault in it."""
        return ast.parse(self.source().replace(self.before, self.after))

    def place(self) -> Place:
        """The lines it changes, and the functions they are in (none: it changes the module)."""
        text = self.source()
        first = text[: text.index(self.before)].count("\n") + 1
        lines = range(first, first + len(self.before.rstrip("\n").split("\n")))
        return Place(frozenset(lines), functions_at(ast.parse(text), lines))


class _Catalogue(msgspec.Struct, frozen=True):
    fault: list[Fault]


def catalogue() -> list[Fault]:
    """Every fault, in the order of the file."""
    text = Path(__file__).with_name("catalogue.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Catalogue).fault
