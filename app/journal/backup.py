"""Copies of the journal on a second disk, and what they are good for when the first one died.

Every close appends the entries since the last one to a file for each journal, one JSON line an
entry: exact content as text, hash and signature in hex. The file is only ever appended to, pushed
to the disk and read back. It holds no key and no person's name, and anybody can check it without
this program. The whole database is copied more rarely, see `full_copy`.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec
from sqlalchemy import Connection, select

from app.database import Database
from app.errors import Refusal, Trouble
from app.journal.entry import BadEntry, decode_envelope, hash_of
from app.journal.stored import StoredEntry, after
from app.journal.tables import entry as entry_table
from app.journal.verify import Problem

SUFFIX = ".jsonl"
_LONGEST_LINE = 1024 * 1024
"""An entry holds 64 KiB; written as JSON text within JSON it cannot grow to this."""


class Line(msgspec.Struct, frozen=True):
    """One entry as a line of a copy."""

    journal: str
    seq: int
    content: str
    hash: str
    sig: str


class Copied(msgspec.Struct, frozen=True):
    """What a close added to the copies."""

    entries: int
    heads: dict[str, str]
    """Journal -> hash of the last entry that lies in the copy: a witness for `verify`."""
    same_disk: bool
    """The copies lie on the disk they shall replace."""


_encoder = msgspec.json.Encoder()
_lines = msgspec.json.Decoder(Line)


def copy_entries(connection: Connection, journals: Iterable[str], copies: Path) -> Copied:
    """Append what is new to the copies; what they hold already is never written again.

    Raises Trouble: copy_failed (the disk), copy_differs (the copy holds another history of this
    journal), copy_damaged, journal_broken (our own entry does not fit its hash).
    """
    added = 0
    heads: dict[str, str] = {}
    try:
        copies.mkdir(parents=True, exist_ok=True)
        for journal in journals:
            count, head = _copy_one(connection, journal, copies / f"{journal}{SUFFIX}")
            added += count
            heads[journal] = head
        same_disk = copies.stat().st_dev == _database_device(connection)
    except OSError as error:
        raise Trouble("copy_failed", detail=error.strerror or "") from error
    return Copied(added, heads, same_disk)


def _database_device(connection: Connection) -> int:
    path = connection.engine.url.database
    return Path(path).parent.stat().st_dev if path else -1


def _copy_one(connection: Connection, journal: str, path: Path) -> tuple[int, str]:
    last = _cut_torn_end(path)
    _same_history(connection, journal, last)
    new = [_line(entry) for entry in after(connection, journal, last.seq if last else 0)]
    if not new:
        return 0, last.hash if last else ""
    text = b"".join(_encoder.encode(line) + b"\n" for line in new)
    fresh = not path.exists()
    with open(path, "ab") as file:
        start = file.tell()
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if fresh:
        _sync_folder(path.parent)
    with open(path, "rb") as file:
        file.seek(start)
        if file.read() != text:
            raise Trouble("copy_damaged", journal=journal, seq=new[0].seq)
    return len(new), new[-1].hash


def _line(entry: StoredEntry) -> Line:
    if hash_of(entry.content) != entry.hash:
        # Broken bytes must not reach the copy that is to mend them.
        raise Trouble("journal_broken", seq=entry.seq)
    return Line(entry.journal, entry.seq, entry.content.decode(), entry.hash.hex(), entry.sig.hex())


def _same_history(connection: Connection, journal: str, last: Line | None) -> None:
    if last is None:
        return
    standing = connection.scalar(
        select(entry_table.c.hash).where(
            entry_table.c.journal == journal, entry_table.c.seq == last.seq
        )
    )
    if standing is None or standing.hex() != last.hash:
        raise Trouble("copy_differs", journal=journal, seq=last.seq)


def _cut_torn_end(path: Path) -> Line | None:
    """The last whole line of a copy; a line that a power cut tore is taken off."""
    if not path.exists():
        return None
    with open(path, "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - 2 * _LONGEST_LINE)
        file.seek(start)
        tail = file.read()
        whole = tail.rfind(b"\n") + 1
        if whole < len(tail):
            file.truncate(start + whole)
            file.flush()
            os.fsync(file.fileno())
    if whole == 0:
        return None
    line = tail[:whole].splitlines()[-1]
    try:
        return _lines.decode(line)
    except msgspec.DecodeError as error:
        raise Trouble("copy_damaged", journal=path.stem, seq=0) from error


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def copies_in(place: Path) -> Path:
    """The folder that holds copies of one till: this one, or the only one of its folders that does.

    Raises Refusal("copies_of_several") with the folders to choose from, Trouble: copy_missing,
    copy_failed.
    """
    try:
        if any(place.glob(f"*{SUFFIX}")):
            return place
        found = sorted({path.parent for path in place.glob(f"*/*{SUFFIX}")})
    except OSError as error:
        raise Trouble("copy_failed", detail=error.strerror or "") from error
    if len(found) > 1:
        raise Refusal("copies_of_several", tills="、".join(folder.name for folder in found[:9]))
    if not found:
        raise Trouble("copy_missing")
    return found[0]


def read_copies(copies: Path) -> tuple[list[StoredEntry], list[Problem]]:
    """Every entry in the copies, journal by journal in the order they began, and unreadable lines.

    Hashes and signatures are not looked at here. Raises Trouble: copy_failed, copy_missing.
    """
    found: list[list[StoredEntry]] = []
    problems: list[Problem] = []
    try:
        for path in sorted(copies.glob(f"*{SUFFIX}")):
            with open(path, "rb") as file:
                found.append(list(_entries(file, path.stem, problems)))
    except OSError as error:
        raise Trouble("copy_failed", detail=error.strerror or "") from error
    if not any(found):
        raise Trouble("copy_missing")
    found.sort(key=_began)
    return [entry for entries in found for entry in entries], problems


def _entries(file: BinaryIO, journal: str, problems: list[Problem]) -> Iterator[StoredEntry]:
    seq = 0
    for text in file:
        if not text.endswith(b"\n"):
            return
        try:
            line = _lines.decode(text)
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


def _began(entries: Sequence[StoredEntry]) -> int:
    for entry in entries:
        try:
            return decode_envelope(entry.content).order
        except BadEntry:
            continue
    return 0


def full_copy(database: Database, target: Path) -> None:
    """The whole database, checked, under `target`; the copy before it stays until this one is good.

    For the background: selling goes on meanwhile. Raises Trouble: database_damaged, disk_full,
    disk_error, copy_failed.
    """
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        database.copy_to(part)
        os.replace(part, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise Trouble("copy_failed", detail=error.strerror or "") from error
    finally:
        part.unlink(missing_ok=True)
