"""Version and build are known without git: from the built program's file, or the checkout's."""

from pathlib import Path

from app import __version__
from ui.version import Build, build, version_line


def test_a_built_program_says_commit_and_day(tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "build.json").write_text('{"commit": "abc", "date": "2026-12-07"}')
    assert build(tmp_path) == Build("abc", "2026-12-07")


def test_a_checkout_says_its_commit(tmp_path: Path) -> None:
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "packed-refs").write_text("# pack-refs\n1234 refs/heads/other\n5678 refs/heads/main\n")
    build.cache_clear()
    assert build(tmp_path).commit == "5678"
    (git / "refs" / "heads" / "main").write_text("9abc\n")
    build.cache_clear()
    assert build(tmp_path).commit == "9abc"


def test_nothing_to_read_is_no_trouble(tmp_path: Path) -> None:
    build.cache_clear()
    assert build(tmp_path) == Build()
    build.cache_clear()
    assert version_line().split()[0] == __version__
