"""Copies of the journal on a second disk, and what they are good for when the first one died.

Every close appends the entries since the last one to a file for each journal, one JSON line an
entry: exact content as text, hash and signature in hex. The file is only ever appended to, pushed
to the disk and read back. It holds no person's name. A till with a recovery code seals each line
under the shop's own key (`copy_keys`); one without writes lines that anybody can read, and check
without this program. The whole database is copied more rarely, see `full_copy`.
"""

import base64
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from app.database import Database
from app.errors import Trouble
from app.journal.copy_keys import (
    LOCK_PREFIX,
    LOCK_SUFFIX,
    CopyKey,
)
from app.journal.entry import hash_of
from app.journal.sealed_file import open_file, seal_file
from app.journal.secrets import NONCE_BYTES, RandomBytes
from app.journal.stored import StoredEntry, after
from app.journal.tables import entry as entry_table

SUFFIX = ".jsonl"
SEALED_SUFFIX = ".sealed"
FULL_NAME = "till-full.db"
FULL_SEALED_NAME = "till-full.sealed"
_LONGEST_LINE = 1024 * 1024
"""An entry holds 64 KiB; written as JSON text within JSON it cannot grow to this."""


class Line(msgspec.Struct, frozen=True):
    """One entry as a line of a copy."""

    journal: str
    seq: int
    content: str
    hash: str
    sig: str


class SealedLine(msgspec.Struct, frozen=True):
    """The same under the shop's key: nonce and ciphertext of the plain line, base64."""

    journal: str
    seq: int
    sealed: str


class Copied(msgspec.Struct, frozen=True):
    """What a close added to the copies."""

    entries: int
    heads: dict[str, str]
    """Journal -> hash of the last entry that lies in the copy: a witness for `verify`."""
    same_disk: bool
    """The copies lie on the disk they shall replace."""


_encoder = msgspec.json.Encoder()
_lines = msgspec.json.Decoder(Line)
_sealed_lines = msgspec.json.Decoder(SealedLine)


class Sealing(msgspec.Struct, frozen=True):
    """The shop's key, and dice for what may be used once."""

    key: CopyKey
    random_bytes: RandomBytes


def copy_entries(
    connection: Connection, journals: Iterable[str], copies: Path, sealing: Sealing | None = None
) -> Copied:
    """Append what is new to the copies; what they hold already is never written again.

    The first sealed copy of a journal is written from its beginning; then what lay there in plain,
    or under a former key, is taken away.

    Raises Trouble: copy_failed (the disk), copy_differs (the copy holds another history of this
    journal), copy_damaged, journal_broken (our own entry does not fit its hash).
    """
    added = 0
    heads: dict[str, str] = {}
    try:
        copies.mkdir(parents=True, exist_ok=True)
        if sealing is not None:
            _put_lock(copies, sealing.key)
        for journal in journals:
            count, head = _copy_one(connection, journal, copies, sealing)
            added += count
            heads[journal] = head
        if sealing is not None:
            _take_former_away(copies, sealing.key, heads)
        same_disk = copies.stat().st_dev == _database_device(connection)
    except OSError as error:
        raise Trouble("copy_failed", detail=error.strerror or "") from error
    return Copied(added, heads, same_disk)


def _database_device(connection: Connection) -> int:
    path = connection.engine.url.database
    return Path(path).parent.stat().st_dev if path else -1


def _put_lock(copies: Path, key: CopyKey) -> None:
    """The lock lies there before the first line it opens."""
    path = copies / f"{LOCK_PREFIX}{key.name}{LOCK_SUFFIX}"
    if path.exists() and path.read_bytes() == key.lock:
        return
    part = path.with_name(path.name + ".part")
    with open(part, "wb") as file:
        file.write(key.lock)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    sync_folder(copies)


def _take_former_away(copies: Path, key: CopyKey, heads: Mapping[str, str]) -> None:
    """Copies in plain or under a former key, once the same stands under this one."""
    for journal in heads:
        former = [copies / f"{journal}{SUFFIX}", *copies.glob(f"{journal}.*{SEALED_SUFFIX}")]
        for path in former:
            if path.name != _name(journal, key):
                path.unlink(missing_ok=True)
    kept = {path.name.split(".")[-2] for path in copies.glob(f"*.*{SEALED_SUFFIX}")}
    for path in copies.glob(f"{LOCK_PREFIX}*{LOCK_SUFFIX}"):
        name = path.name.removeprefix(LOCK_PREFIX).removesuffix(LOCK_SUFFIX)
        if name not in kept | {key.name}:
            path.unlink(missing_ok=True)


def _name(journal: str, key: CopyKey | None) -> str:
    return f"{journal}{SUFFIX}" if key is None else f"{journal}.{key.name}{SEALED_SUFFIX}"


def _copy_one(
    connection: Connection, journal: str, copies: Path, sealing: Sealing | None
) -> tuple[int, str]:
    key = sealing.key if sealing else None
    path = copies.joinpath(_name(journal, key))
    last = _cut_torn_end(path, journal, key)
    _same_history(connection, journal, last)
    new = [_line(entry) for entry in after(connection, journal, last.seq if last else 0)]
    if not new:
        return 0, last.hash if last else ""
    text = b"".join(_written(line, sealing) + b"\n" for line in new)
    fresh = not path.exists()
    with open(path, "ab") as file:
        start = file.tell()
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if fresh:
        sync_folder(path.parent)
    with open(path, "rb") as file:
        file.seek(start)
        if file.read() != text:
            raise Trouble("copy_damaged", journal=journal, seq=new[0].seq)
    return len(new), new[-1].hash


def _written(line: Line, sealing: Sealing | None) -> bytes:
    plain = _encoder.encode(line)
    if sealing is None:
        return plain
    place = _place(line.journal, line.seq)
    sealed = sealing.key.seal(plain, place, sealing.random_bytes(NONCE_BYTES))
    return _encoder.encode(
        SealedLine(line.journal, line.seq, base64.b64encode(sealed).decode("ascii"))
    )


def _place(journal: str, seq: int) -> str:
    return f"{journal} {seq}"


def read_line(text: bytes, keys: Mapping[str, CopyKey], key: str) -> Line:
    """A line of a copy. Raises msgspec.DecodeError, ValueError for one that cannot be read."""
    if not key:
        return _lines.decode(text)
    sealed = _sealed_lines.decode(text)
    place = _place(sealed.journal, sealed.seq)
    plain = keys[key].open(base64.b64decode(sealed.sealed, validate=True), place)
    if plain is None:
        raise ValueError("sealed by nobody")
    return _lines.decode(plain)


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


def _cut_torn_end(path: Path, journal: str, key: CopyKey | None) -> Line | None:
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
        name = key.name if key else ""
        return read_line(line, {name: key} if key else {}, name)
    except (msgspec.DecodeError, ValueError) as error:
        raise Trouble("copy_damaged", journal=journal, seq=0) from error


def sync_folder(folder: Path) -> None:
    """See that the names in a folder lie on the disk, where the system knows how."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def full_copy(
    database: Database, target: Path, sealing: Sealing | None = None, beside: Path | None = None
) -> None:
    """The whole database, checked, under `target`; the copy before it stays until this one is good.

    Sealed, it is made and checked in the folder `beside` first, so that the other disk never holds
    a plain page. For the background: selling goes on meanwhile. Raises Trouble: database_damaged,
    disk_full, disk_error, copy_failed, copy_damaged.
    """
    part = target.with_name(target.name + ".part")
    plain = part if sealing is None else (beside or target.parent) / (target.name + ".plain")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        plain.unlink(missing_ok=True)
        database.copy_to(plain)
        if sealing is not None:
            _put_lock(target.parent, sealing.key)
            seal_file(plain, part, sealing.key, sealing.random_bytes)
            open_file(part, None, {sealing.key.name: sealing.key})
        os.replace(part, target)
        sync_folder(target.parent)
    except OSError as error:
        raise Trouble("copy_failed", detail=error.strerror or "") from error
    finally:
        part.unlink(missing_ok=True)
        plain.unlink(missing_ok=True)
