"""Puts a wrong in the place of what is right: in live functions, or as the module is imported."""

import ast
import functools
import importlib.abc
import importlib.util
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import FunctionType, ModuleType

ROOT = Path(__file__).resolve().parents[2]


def module_name(path: str) -> str:
    """app/payments/rules.py as Python imports it."""
    return ".".join(Path(path).with_suffix("").parts)


class Swapped(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives out the wrong tree in place of the module of this name."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self._name, self._path, self._tree = module_name(path), str(ROOT / path), tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=self._path)

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = self._path
        exec(compile(self._tree, self._path, "exec"), module.__dict__)


def functions_of(module: ModuleType) -> dict[str, FunctionType]:
    """Every function and method written in a module, by name."""
    return {each.__qualname__: each for each in _functions(module, module.__name__)}


def _functions(place: object, name: str) -> Iterator[FunctionType]:
    for each in list(vars(place).values()):
        match each:
            case property():
                each = each.fget
            case functools.cached_property():
                each = each.func
            case staticmethod() | classmethod():
                each = each.__func__
        each = getattr(each, "__wrapped__", each)
        if isinstance(each, FunctionType) and each.__module__ == name:
            yield each
        elif isinstance(each, type) and each.__module__ == name and each is not place:
            yield from _functions(each, name)


def swap(module: ModuleType, tree: ast.Module) -> None:
    """Functions of the module do what the tree says, wherever they were handed to already."""
    assert module.__file__
    fresh = ModuleType(module.__name__)
    fresh.__file__ = module.__file__
    exec(compile(tree, module.__file__, "exec"), fresh.__dict__)
    live = functions_of(module)
    for name, function in functions_of(fresh).items():
        live[name].__code__ = function.__code__
