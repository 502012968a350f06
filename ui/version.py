"""Which program this is: its version, the commit it was made from, and the day it was built.

A built program carries them in a file; a source folder's commit is read from its own files, so no
git has to be installed.
"""

from functools import cache
from pathlib import Path

import msgspec

from app import __version__

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "resources" / "build.json"
SHORT = 7


class Build(msgspec.Struct, frozen=True):
    """Where a built program comes from; empty where nobody knows."""

    commit: str = ""
    date: str = ""
    """The day the program was built, "2026-11-27"; a source folder has none."""


@cache
def build(root: Path = ROOT) -> Build:
    """This program's build."""
    try:
        return msgspec.json.decode((root / "resources" / "build.json").read_bytes(), type=Build)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Build(commit=_commit_of(root))


def version_line() -> str:
    """The version in one line: "0.1.0 (a2abe49, 2026-11-27)"."""
    made = build()
    known = ", ".join(part for part in (made.commit[:SHORT], made.date) if part)
    return f"{__version__} ({known})" if known else __version__


def _commit_of(root: Path) -> str:
    """What is checked out in a source folder, "" where there is nothing to read."""
    try:
        git = root / ".git"
        if git.is_file():
            # A second working folder: the file says where its own part lies.
            git = (root / git.read_text(encoding="utf-8").partition(":")[2].strip()).resolve()
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        name = head.partition("ref: ")[2]
        if not name:
            return head
        common = git / "commondir"
        shared = (git / common.read_text(encoding="utf-8").strip()) if common.exists() else git
        if (shared / name).is_file():
            return (shared / name).read_text(encoding="utf-8").strip()
        packed = (shared / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")
    except (OSError, UnicodeDecodeError):
        return ""
