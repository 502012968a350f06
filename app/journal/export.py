"""A journal as files anybody can read and prove without this program.

A folder with `journal.jsonl` (one entry a line: its exact bytes, hash and signature), the same as
`journal.csv`, `keys.json` (whose journals, which public keys, how far), and the little program
that proves them. docs/journal_export.md describes the format; `verify_export.py` needs Python and
`cryptography` and nothing of ours.
"""

import base64
import csv
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec
from sqlalchemy import Connection, select

from app.clock import iso
from app.errors import Refusal
from app.journal.entry import BadEntry, decode_envelope, hash6
from app.journal.problems import Problem, Report, report
from app.journal.stored import StoredEntry, after, journals
from app.journal.tables import journal_opened
from app.journal.verify import check_entries
from app.table_file import safe

FORMAT, VERSION = "kaiping-journal-export", 1
LINES, TABLE, KEYS, PROVER = "journal.jsonl", "journal.csv", "keys.json", "verify_export.py"
PROVER_SOURCE = Path(__file__).resolve().parent.parent.parent / "resources" / PROVER
COLUMNS = (
    *("journal", "seq", "time", "staff", "kind", "fact", "hash", "sig", "entry", "entry_base64"),
)
STEP = 500
_MOST_LINE = 1 << 20
"""An entry is at most 64 KiB; a longer line is none of ours."""


class JournalKey(msgspec.Struct, frozen=True, kw_only=True):
    """One journal of an export: whose, its key, and which of its entries are in it."""

    journal: str
    public_key: str
    shop: str
    till: str
    series: str
    first: int
    last: int
    head: str
    head6: str


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """What `keys.json` says."""

    format: str = FORMAT
    version: int = VERSION
    exported: str
    """ISO 8601."""
    journals: tuple[JournalKey, ...]


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of `journal.jsonl`; bytes that are no UTF-8 stand in base64."""

    journal: str
    seq: int
    hash: str
    sig: str
    entry: str = ""
    entry_base64: str = ""


def write_export(
    db: Connection,
    folder: Path,
    now_ms: int,
    noted: Callable[[int], None],
    *,
    since_ms: int = 0,
    until_ms: int = 2**62,
) -> Keys:
    """Write every journal's entries of a span of time into a new folder; what is in it.

    `noted` hears how many more were written and may raise to stop. The folder appears whole or
    not at all. Raises Refusal("export_failed").
    """
    half_folder = folder.with_name(f"{folder.name}.part")
    try:
        shutil.rmtree(half_folder, ignore_errors=True)
        half_folder.mkdir(parents=True)
        with (
            (half_folder / LINES).open("wb") as lines,
            (half_folder / TABLE).open("w", encoding="utf-8-sig", newline="") as table,
        ):
            # With a byte order mark, because Excel takes a file without one for GBK.
            rows = csv.writer(table, lineterminator="\r\n")
            rows.writerow(COLUMNS)
            found = [
                key
                for journal in journals(db)
                if (key := _one(db, journal, (since_ms, until_ms), lines, rows, noted))
            ]
        keys = Keys(exported=iso(now_ms), journals=tuple(found))
        pretty = msgspec.json.format(msgspec.json.encode(keys), indent=2)
        (half_folder / KEYS).write_bytes(pretty + b"\n")
        shutil.copyfile(PROVER_SOURCE, half_folder / PROVER)
        os.replace(half_folder, folder)
    except OSError as error:
        shutil.rmtree(half_folder, ignore_errors=True)
        detail = error.strerror or type(error).__name__
        raise Refusal("export_failed", path=folder.name, detail=detail) from None
    except BaseException:
        shutil.rmtree(half_folder, ignore_errors=True)
        raise
    return keys


def _one(
    db: Connection,
    journal: str,
    span: tuple[int, int],
    lines: IO[bytes],
    rows: Any,
    noted: Callable[[int], None],
) -> JournalKey | None:
    first, last, count = None, None, 0
    for count, each in enumerate(_in_span(db, journal, span), 1):
        first, last = first or each, each
        line = line_of(each)
        lines.write(msgspec.json.encode(line) + b"\n")
        rows.writerow(_cells(each, line))
        if count % STEP == 0:
            noted(STEP)
    if first is None or last is None:
        return None
    noted(count % STEP)
    opened = db.execute(select(journal_opened).where(journal_opened.c.journal == journal)).first()
    return JournalKey(
        journal=journal,
        public_key=opened.public_key if opened else "",
        shop=opened.shop if opened else "",
        till=opened.till if opened else "",
        series=opened.series if opened else "",
        first=first.seq,
        last=last.seq,
        head=last.hash.hex(),
        head6=hash6(last.hash),
    )


def _in_span(db: Connection, journal: str, span: tuple[int, int]) -> Iterator[StoredEntry]:
    """Order keys only rise within a journal, so a span of time is one run of entries."""
    since_ms, until_ms = span
    for each in after(db, journal):
        if each.order_ms >= until_ms:
            return
        if each.order_ms >= since_ms:
            yield each


def line_of(each: StoredEntry) -> Line:
    """An entry as one line, from which its exact bytes come back."""
    try:
        entry, coded = each.content.decode("utf-8"), ""
    except UnicodeDecodeError:
        entry, coded = "", base64.b64encode(each.content).decode()
    return Line(
        journal=each.journal, seq=each.seq, hash=each.hash.hex(), sig=each.sig.hex(),
        entry=entry, entry_base64=coded,
    )  # fmt: skip


def _cells(each: StoredEntry, line: Line) -> list[str]:
    try:
        envelope = decode_envelope(each.content)
        time, staff = iso(envelope.order), envelope.staff
    except BadEntry:
        time = staff = ""
    # A text that could be a formula is no entry: those begin with a brace.
    entry, coded = line.entry, line.entry_base64
    if entry and not entry.startswith("{"):
        entry, coded = "", base64.b64encode(each.content).decode()
    named = [
        safe(cell) for cell in (line.journal, str(line.seq), time, staff, each.kind, each.fact)
    ]
    return [*named, line.hash, line.sig, entry, coded]


# --- Reading one back ---------------------------------------------------------------------------

_lines = msgspec.json.Decoder(Line)
_keys = msgspec.json.Decoder(Keys)


def read_keys(folder: Path) -> Keys:
    """What an export says of itself. Raises Refusal("wrong_file")."""
    try:
        keys = _keys.decode((folder / KEYS).read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        raise Refusal("wrong_file") from None
    if (keys.format, keys.version) != (FORMAT, VERSION):
        raise Refusal("wrong_file")
    return keys


def read_lines(folder: Path) -> Iterator[StoredEntry]:
    """The entries of an export. Raises Refusal("wrong_file"), also for one broken line."""
    try:
        with (folder / LINES).open("rb") as file:
            while text := file.readline(_MOST_LINE):
                yield _stored(_lines.decode(text))
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, ValueError):
        raise Refusal("wrong_file") from None


def _stored(line: Line) -> StoredEntry:
    coded = line.entry_base64
    content = base64.b64decode(coded, validate=True) if coded else line.entry.encode()
    return StoredEntry(
        line.journal, line.seq, content, bytes.fromhex(line.hash), bytes.fromhex(line.sig)
    )


def verify_export(folder: Path, expected_heads: Sequence[str] = ()) -> Report:
    """Check an export as `verify_folder` checks a till, its entries alone.

    Its keys are its own word, unless the report's keys are held against another. Raises
    Refusal("wrong_file").
    """
    keys = read_keys(folder)
    checked = check_entries(
        read_lines(folder),
        public_keys={each.journal: each.public_key for each in keys.journals if each.public_key},
        expected_heads=expected_heads,
        firsts={each.journal: each.first for each in keys.journals},
    )
    ends = {each.journal: (each.head_seq, each.head) for each in checked.journals}
    cut = [
        Problem("entry_missing", each.journal, ends[each.journal][0] + 1, "the end")
        for each in keys.journals
        if each.journal in ends and ends[each.journal] != (each.last, each.head)
    ]
    return report(checked.journals, [*checked.problems, *cut])
