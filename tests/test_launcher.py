"""The launcher starts the till of its own folder, from anywhere, and keeps quiet about it.

What it prepares on a bare machine cannot be tried inside a test; these run in what it prepared.
"""

import os
import subprocess
import sys
from pathlib import Path

from app import __version__

ROOT = Path(__file__).resolve().parents[1]


def launch(
    launcher: Path, *arguments: str, folder: Path, **wishes: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [launcher, *arguments],
        cwd=folder,
        env={**os.environ, **wishes},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_it_starts_from_any_folder_and_through_a_link(tmp_path: Path) -> None:
    link = tmp_path / "收银"
    link.symlink_to(ROOT / "pos")
    result = launch(link, "--version", folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.split()[0] == __version__


def test_a_folder_called_ui_where_somebody_stands_is_not_the_tills(tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "__init__.py").write_text("raise SystemExit('the wrong ui')\n")
    result = launch(ROOT / "pos", "--version", folder=tmp_path, PYTHONPATH=str(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")


def test_an_unknown_word_ends_with_a_code_that_scripts_can_see(tmp_path: Path) -> None:
    assert launch(ROOT / "pos", "no-such-command", folder=tmp_path).returncode == 2


def test_tests_that_do_not_exist_are_not_a_success(tmp_path: Path) -> None:
    result = launch(ROOT / "pos", "test", "-k", "no_such_test", "tests/resources", folder=tmp_path)
    assert result.returncode == 5


def test_nothing_of_the_shop_is_loaded_before_it_is_known_what_is_wanted() -> None:
    # The window would come later, and sixteen megabytes heavier.
    code = "import sys, ui.commands; print(sorted(m for m in sys.modules if '.' not in m))"
    loaded = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "'ui'" in loaded
    for heavy in ("sqlalchemy", "PySide6", "multiprocessing", "cryptography"):
        assert f"'{heavy}'" not in loaded, heavy
