"""The rooms keep their doors closed: import contracts, and what may be loaded without a screen.

The contracts stand in pyproject.toml. Each is also broken here on purpose, in a small house of
its own, so that a contract which no longer guards anything is noticed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter import api

ROOT = Path(__file__).resolve().parents[1]
LINT = "import sys; from importlinter import cli; sys.exit(cli.lint_imports(no_cache=True))"
WITHOUT_A_SCREEN = ("console", "commands", "startup")
QT = ("PySide6", "shiboken6")
OF_THE_HUB = ("litestar", "uvicorn", "psycopg", "httpx", "sync.hub")

BROKEN_HOUSES = {
    "one-way": {"printers/spooler.py": "import ui"},
    "rooms": {"app/stock/__init__.py": "import app.sales", "app/sales.py": ""},
    "app-is-pure": {"app/sales.py": "from PySide6 import QtCore"},
    "network-in-sync": {"printers/spooler.py": "import requests"},
    "hub-apart": {"sync/worker.py": "from litestar import Litestar"},
    "two-ends": {"sync/worker.py": "import sync.hub", "sync/hub/__init__.py": ""},
    "one-sqlite": {"sync/worker.py": "import sqlite3"},
    "paper-in-printers": {"ui/screen.py": "from escpos.printer import Network"},
    "windows-in-ui": {"sync/worker.py": "from PySide6.QtCore import QObject"},
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of the pyproject.toml in a folder over the packages beside it."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-P", "-c", LINT],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def build_house(folder: Path, files: dict[str, str]) -> None:
    """Write four empty packages under our contracts, and then the given files."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    packages = ("app", "printers", "sync", "ui")
    empty = {f"{package}/__init__.py": "" for package in packages}
    for name, source in {**empty, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source + "\n", encoding="utf-8")


def test_the_rooms_keep_their_doors_closed() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_empty_house_breaks_no_contract(tmp_path: Path) -> None:
    build_house(tmp_path, {})
    result = lint(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("contract", BROKEN_HOUSES)
def test_a_door_left_open_is_seen(contract: str, tmp_path: Path) -> None:
    names = {c["id"]: c["name"] for c in contracts()}
    build_house(tmp_path, BROKEN_HOUSES[contract])
    result = lint(tmp_path)
    assert result.returncode == 1
    assert f"{names[contract]} BROKEN" in result.stdout


def test_a_room_without_a_place_is_seen(tmp_path: Path) -> None:
    build_house(tmp_path, {"app/cellar.py": ""})
    result = lint(tmp_path)
    assert result.returncode == 1
    assert "cellar" in result.stdout


def test_every_contract_has_been_seen_broken() -> None:
    assert {c["id"] for c in contracts()} == set(BROKEN_HOUSES)


def contracts() -> list[dict[str, str]]:
    """Return the contracts of this project as import-linter reads them."""
    found: list[dict[str, str]] = api.read_configuration(str(ROOT / "pyproject.toml"))[
        "contracts_options"
    ]
    return found


def loaded(module: str, folder: Path, names: tuple[str, ...] = QT) -> str:
    """Import one module in a fresh process and return which of the named ones came along."""
    script = f"import sys, {module}; print(*(m for m in sys.modules if m.startswith({names!r})))"
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    result = subprocess.run(
        [sys.executable, "-P", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_the_commands_start_without_loading_qt() -> None:
    present = [name for name in WITHOUT_A_SCREEN if (ROOT / "ui" / f"{name}.py").exists()]
    found = {name: loaded(f"ui.{name}", ROOT) for name in present}
    assert not any(found.values()), f"These load Qt before a window is asked for: {found}"


def test_a_command_that_loads_qt_is_seen(tmp_path: Path) -> None:
    (tmp_path / "console.py").write_text("from PySide6 import QtCore\n", encoding="utf-8")
    assert "PySide6" in loaded("console", tmp_path)


def test_a_till_starts_without_loading_anything_of_the_hub() -> None:
    assert not loaded("ui.startup", ROOT, OF_THE_HUB)


def test_a_till_that_loads_the_hub_is_seen(tmp_path: Path) -> None:
    (tmp_path / "till.py").write_text("import psycopg\n", encoding="utf-8")
    assert "psycopg" in loaded("till", tmp_path, OF_THE_HUB)
