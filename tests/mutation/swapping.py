"""Puts a wrong in the place of what is right: in live functions, or as the module is imported."""

import ast
import functools
import importlib.abc
import importlib.util
import re
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import FunctionType, ModuleType

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "printers", "sync", "ui")


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
    """Functions and plain constants of the module are what the tree says, wherever they were
    handed to already."""
    assert module.__file__
    fresh = ModuleType(module.__name__)
    fresh.__file__ = module.__file__
    exec(compile(tree, module.__file__, "exec"), fresh.__dict__)
    live = functions_of(module)
    for name, function in functions_of(fresh).items():
        live[name].__code__ = function.__code__
    for each in vars(module).values():
        if isinstance(each, functools._lru_cache_wrapper):
            # What the right function made is not what the wrong one makes.
            each.cache_clear()
    for name, value in vars(fresh).items():
        before = vars(module).get(name)
        if is_plain(value) and is_plain(before) and value != before:
            for each in list(sys.modules.values()):
                if vars(each).get(name) is before:
                    setattr(each, name, value)
            for function in live.values():
                # What stands in a signature was looked at when the function was made.
                function.__defaults__ = tuple(
                    value if each is before and isinstance(each, dict) else each
                    for each in function.__defaults__ or ()
                )


def is_plain(value: object) -> bool:
    """Data that can be put in the place of other data while everything runs."""
    match value:
        case bool() | int() | str() | None | re.Pattern():
            return True
        case tuple() | list() | set() | frozenset():
            return type(value) in (tuple, list, set, frozenset) and all(map(is_plain, value))
        case dict():
            return all(is_plain(key) and is_plain(each) for key, each in value.items())
    return False


def used_at_import(name: str, path: str) -> bool:
    """Whether anything but a function's body looks at a constant, here or where it is imported:
    then it has done so already when the constant changes."""
    for file in [file for room in PACKAGES for file in (ROOT / room).rglob("*.py")]:
        text = file.read_text(encoding="utf-8")
        if re.search(rf"\b{name}\b", text) and _looks_at_import(
            ast.parse(text), name, here=file == ROOT / path
        ):
            return True
    return False


def _looks_at_import(tree: ast.Module, name: str, *, here: bool) -> bool:
    found = False

    def look(node: ast.AST) -> None:
        nonlocal found
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            found |= name == (node.id if isinstance(node, ast.Name) else node.attr)
        if isinstance(node, ast.Assign | ast.AnnAssign) and here and node in tree.body:
            # Made anew with it.
            return
        bodies = node.body if isinstance(node, ast.FunctionDef | ast.Lambda) else ()
        inside = bodies if isinstance(bodies, list | tuple) else (bodies,)
        for child in ast.iter_child_nodes(node):
            if not any(child is each for each in inside):
                look(child)

    look(tree)
    return found
