"""The program as a shop gets it sells and prints: a soak builds it, see `python -m tests.built`.

A build takes a minute, so other runs try what most often breaks one: that nothing which is left
out of it is wanted by any of our modules, the hub's and every screen's included.
"""

import re
import subprocess
import sys
from pathlib import Path

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
