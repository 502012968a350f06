"""The program as a shop gets it sells and prints: a soak builds it, see `python -m tests.built`.

A build takes a minute, so other runs try what most often breaks one: that nothing which is left
out of it is wanted by any of our modules, the hub's and every screen's included; that what we load
by name is named to the build as well; and that files which lie beside a library come along.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import PyInstaller
import pytest

from tests.built.__main__ import MOST_MB, MOST_START, build, tried
from tests.support.processes import ROOT

IMPORTING = """
import importlib, pkgutil, sys
import {packages}
for name in {left_out}:
    sys.modules[name] = None
for package in ({packages}):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if module.name not in {not_run}:
            importlib.import_module(module.name)
from pathlib import Path
from sync.hub.application import application
from sync.hub.state import Hub
from ui.startup import system_ids
clock, ids = system_ids()
application(Hub(Path({hub!r}), clock=clock, ids=ids, url="", demo=True), lambda: None)
"""
NOT_RUN = ("app.migrations.env",)
"""Alembic runs this one itself."""


@pytest.mark.timeout(1200)
def test_the_built_program_sells_prints_and_serves_without_a_python(
    tmp_path: Path, soak: bool
) -> None:
    if soak:
        figures = tried(build(tmp_path / "build"), tmp_path)
        assert figures["megabytes"] <= MOST_MB, figures
        assert figures["start_ratio"] <= MOST_START, figures
    else:
        said = importing(left_out_names(), tmp_path)
        assert said.returncode == 0, said.stderr[-1500:]


def left_out_names() -> list[str]:
    """What build.spec leaves out of the program."""
    spec = (ROOT / "build.spec").read_text(encoding="utf-8")
    found = re.search(r"excludes=\[(.*?)\]", spec, re.DOTALL)
    assert found is not None
    return re.findall(r'"([\w.]+)"', found.group(1))


def importing(left_out: list[str], hub: Path) -> subprocess.CompletedProcess[str]:
    """Every module of ours, and a hub ready to serve, where these cannot be found."""
    source = IMPORTING.format(
        packages="app, printers, sync, ui", left_out=left_out, not_run=NOT_RUN, hub=str(hub)
    )
    return subprocess.run(
        [sys.executable, "-P", "-c", source], cwd=ROOT, capture_output=True, text=True,
        check=False, env={"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip


@pytest.mark.parametrize("needed", ["sqlalchemy", "yaml"])
def test_a_library_that_is_needed_and_left_out_is_seen(needed: str, tmp_path: Path) -> None:
    assert needed in importing([*left_out_names(), needed], tmp_path).stderr


OURS = ("app", "printers", "sync", "ui")
SPEC = (ROOT / "build.spec").read_text(encoding="utf-8")
NOT_CARRIED = ("tests",)
"""What says clearly that an installed program has none of it: the benchmarks."""


@cache
def sources() -> tuple[str, ...]:
    """Our modules, read."""
    paths = (path for package in OURS for path in sorted((ROOT / package).rglob("*.py")))
    return tuple(path.read_text(encoding="utf-8") for path in paths)


def loaded_by_name() -> Iterator[str]:
    """What `import_module` is told, a name that is put together as far as its first gap."""
    calling = (text for text in sources() if "import_module(" in text or "__import__(" in text)
    for node in (node for text in calling for node in ast.walk(ast.parse(text))):
        if isinstance(node, ast.Call) and node.args:
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in ("import_module", "__import__"):
                told = node.args[0]
                start = told.values[0] if isinstance(told, ast.JoinedStr) else told
                yield str(start.value) if isinstance(start, ast.Constant) else "?"


def missed_names(spec: str) -> list[str]:
    """Modules we load by name that a build by this text would not see."""
    return sorted(
        name
        for name in set(loaded_by_name())
        if name.split(".")[0] not in (*OURS, *NOT_CARRIED) and f'"{name}"' not in spec
    )


def test_what_is_loaded_by_name_is_named_to_the_build() -> None:
    """PyInstaller reads `import` and no strings: our own packages are handed to it whole."""
    assert missed_names(SPEC) == []
    assert missed_names(SPEC.replace('"escpos.printer"', "")) == ["escpos.printer"]


CODE = (".py", ".pyc", ".pyi", ".c", ".so", ".pyd", ".typed", ".pxd", ".pyx", ".dll")
HOOKS = (
    Path(PyInstaller.__file__).parent / "hooks",
    Path(PyInstaller.__file__).parents[1] / "_pyinstaller_hooks_contrib" / "stdhooks",
)
IMPORTED = re.compile(r"^ *(?:from (\w+)[\w.]* import|import (\w+))", re.MULTILINE)
LEFT_LYING = {
    "alembic": "patterns for a new project",
    "barcode": "a face for its own pictures; we draw the bars alone",
    "reportlab": "Western faces; every text of ours is set in our own",
}


@cache
def libraries() -> set[str]:
    """Other people's packages that any of our modules imports, wherever in it."""
    found = {each[1] or each[2] for text in sources() for each in IMPORTED.finditer(text)} | {
        name.split(".")[0] for name in loaded_by_name()
    }
    return found - {*OURS, *NOT_CARRIED, *sys.stdlib_module_names}


def left_behind(spec: str) -> list[str]:
    """Libraries with files of their own that nobody takes along."""
    found = []
    for name in sorted(libraries()):
        known = find_spec(name)
        folders = (known.submodule_search_locations if known else None) or ()
        files = [each for folder in folders for each in Path(folder).rglob("*") if each.is_file()]
        carried = f'collect_data_files("{name}")' in spec or any(
            (hooks / f"hook-{name}.py").is_file() for hooks in HOOKS
        )
        if any(each.suffix not in CODE for each in files) and not carried:
            found.append(name)
    return found


def test_what_lies_beside_a_library_comes_along() -> None:
    assert left_behind(SPEC) == sorted(LEFT_LYING)
    without = SPEC.replace('collect_data_files("biip")', "()")
    assert "biip" in left_behind(without)
