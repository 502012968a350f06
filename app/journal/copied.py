"""What copies on a second disk hold: lines of every close, and the weekly copy of the whole file.

The lines are newer and enough by themselves. The whole file helps where lines are gone or broken;
it may come from anybody, so nothing but entries is taken from it, and those are checked like the
lines. Sealed copies are opened by the recovery code.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from app.database import entries_of_strange_file
from app.errors import Refusal, Trouble
from app.journal.backup import FULL_NAME, FULL_SEALED_NAME, SEALED_SUFFIX, SUFFIX, read_line
from app.journal.copy_keys import CopyKey, locks_in, opened_locks
from app.journal.entry import BadEntry, decode_envelope
from app.journal.problems import Problem
from app.journal.sealed_file import open_file
from app.journal.stored import StoredEntry
from app.journal.verify import check_entries

_PATTERNS = (f"*{SUFFIX}", f"*{SEALED_SUFFIX}", FULL_NAME)
_WHOLE = (FULL_SEALED_NAME, FULL_NAME)
_DATABASE_SUFFIXES = (".db", SEALED_SUFFIX)


def copies_in(place: Path) -> Path:
    """What holds the copies of one till: a database file that was named, this folder, or the only
    one of its folders that does.

    Raises Refusal("copies_of_several") with the folders to choose from, Trouble: copy_missing,
    copy_failed.
    """
    try:
        if (place.is_file() and place.suffix in _DATABASE_SUFFIXES) or holds_copies(place):
            return place
        found = sorted(each for each in place.glob("*") if each.is_dir() and holds_copies(each))
    except OSError as error:
        raise Trouble("copy_failed", detail=error.strerror or "") from error
    if len(found) > 1:
        raise Refusal("copies_of_several", tills="、".join(folder.name for folder in found[:9]))
    if not found:
        raise Trouble("copy_missing")
    return found[0]


def holds_copies(folder: Path) -> bool:
    """Whether copies of a till lie in this very folder. May raise OSError."""
    return any(any(folder.glob(pattern)) for pattern in _PATTERNS)


def read_copies(
    copies: Path, *, code: str = "", beside: Path | None = None
) -> tuple[list[StoredEntry], list[Problem]]:
    """Every entry in the copies, journal by journal in the order they began, and what is wrong.

    `code` is the recovery code of sealed copies; in `beside` (the folder of the copies when absent)
    a sealed whole file is opened for a moment. Raises Refusal: copies_sealed (a code is needed),
    recovery_wrong; Trouble: copy_failed, copy_missing, copy_damaged, copy_foreign.
    """
    try:
        return _read(copies, code, beside)
    except OSError as error:
        raise Trouble("copy_failed", detail=error.strerror or "") from error


def _read(copies: Path, code: str, beside: Path | None) -> tuple[list[StoredEntry], list[Problem]]:
    folder = copies.parent if copies.is_file() else copies
    keys = opened_locks(locks_in(folder), code) if code and locks_in(folder) else {}
    if copies.is_file():
        return _checked(_whole_file(copies, keys, beside or folder), [])
    entries, problems = _all_lines(copies, keys)
    entries, problems = _checked(entries, problems)
    whole = next((each for name in _WHOLE if (each := copies.joinpath(name)).exists()), None)
    if problems or not entries:
        if whole is None and not entries:
            raise Trouble("copy_missing")
        if whole is not None:
            return _mended(entries, problems, _whole_file(whole, keys, beside or folder))
    return entries, problems


def _checked(
    entries: list[StoredEntry], problems: list[Problem]
) -> tuple[list[StoredEntry], list[Problem]]:
    journals: dict[str, list[StoredEntry]] = {}
    for entry in entries:
        journals.setdefault(entry.journal, []).append(entry)
    ordered = sorted(journals.values(), key=_began)
    entries = [entry for each in ordered for entry in each]
    return entries, [*problems, *check_entries(entries).problems]


def _mended(
    entries: list[StoredEntry], problems: list[Problem], whole: list[StoredEntry]
) -> tuple[list[StoredEntry], list[Problem]]:
    """Lines that are broken or gone, taken from the whole file, if that makes it better."""
    broken = {(each.journal, each.seq) for each in problems}
    found = {(each.journal, each.seq): each for each in whole}
    found |= {
        (each.journal, each.seq): each
        for each in entries
        if (each.journal, each.seq) not in broken or (each.journal, each.seq) not in found
    }
    mended, left = _checked([found[place] for place in sorted(found)], [])
    return (mended, left) if len(left) < max(len(problems), 1) else (entries, problems)


def _all_lines(
    copies: Path, keys: Mapping[str, CopyKey]
) -> tuple[list[StoredEntry], list[Problem]]:
    """A journal that lies there in plain and sealed (a till that was killed between the two) is
    read from both; the same entry counts once."""
    found: dict[tuple[str, int], StoredEntry] = {}
    problems: list[Problem] = []
    sealed = sorted(path for path in copies.glob(f"*.*{SEALED_SUFFIX}"))
    if sealed and not keys:
        raise Refusal("copies_sealed")
    for path in [*sorted(copies.glob(f"*{SUFFIX}")), *sealed]:
        journal, _, key = path.name.removesuffix(path.suffix).partition(".")
        if key and key not in keys:
            continue
        with open(path, "rb") as file:
            for entry in _entries(file, journal, problems, keys, key):
                found.setdefault((entry.journal, entry.seq), entry)
    return list(found.values()), problems


def _entries(
    file: BinaryIO, journal: str, problems: list[Problem], keys: Mapping[str, CopyKey], key: str
) -> Iterator[StoredEntry]:
    seq = 0
    for text in file:
        if not text.endswith(b"\n"):
            return
        try:
            line = read_line(text, keys, key)
            entry = StoredEntry(
                line.journal,
                line.seq,
                line.content.encode(),
                bytes.fromhex(line.hash),
                bytes.fromhex(line.sig),
            )
        except (msgspec.DecodeError, ValueError):
            problems.append(Problem("entry_unreadable", journal, seq + 1))
            continue
        seq = line.seq
        yield entry


def _whole_file(path: Path, keys: Mapping[str, CopyKey], beside: Path) -> list[StoredEntry]:
    if path.suffix != SEALED_SUFFIX:
        return [StoredEntry(*row) for row in entries_of_strange_file(path)]
    plain = beside.joinpath(path.name + ".opened")
    try:
        open_file(path, plain, keys)
        return [StoredEntry(*row) for row in entries_of_strange_file(plain)]
    finally:
        plain.unlink(missing_ok=True)


def _began(entries: Sequence[StoredEntry]) -> int:
    for entry in entries:
        try:
            return decode_envelope(entry.content).order
        except BadEntry:
            continue
    return 0
