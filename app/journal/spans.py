"""Parts of a journal, each checked by whoever has a processor free, and put together again.

Two things are looked at apart, because one takes ten times as long as the other: *hashes* (bytes,
chain, gaps, order, receipt numbers) and *signatures*. A part knows only its own entries; what
joins it to the part before (the chain, the numbers) is settled when they are put together.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, bindparam, func, select

from app.database import read_beside
from app.facts.journals import JournalOpened
from app.journal.entry import BadEntry, decode_envelope, hash_of
from app.journal.numbers import NUMBERED, NumberCheck, Numbered, read_number
from app.journal.problems import Problem
from app.journal.read import stored_at
from app.journal.stored import StoredEntry, after
from app.journal.tables import entry
from app.journal.verify import JournalCheck, is_head, public_key_of, signed
from app.row_writer import Prepared

Noted = Callable[[int], None]
"""Told after every few hundred entries how many more were checked; may raise to stop."""
STEP = 500


class Span(msgspec.Struct, frozen=True):
    """Entries `first` to `last` of a journal. The first one begins before every entry."""

    journal: str
    first: int
    last: int
    whole: bool = False
    """The journal's beginning: entries that claim a place before the first belong to it."""


class Seen(msgspec.Struct, frozen=True):
    """What a span's hashes turned out to be."""

    entries: int
    unknown_kinds: int
    opened: JournalOpened | None
    head_seq: int
    head: bytes
    heads_found: tuple[str, ...]
    problems: tuple[Problem, ...]
    numbers: tuple[tuple[Numbered, int], ...]
    """Of every series of receipts in it: the first, and the highest."""


def check_hashes(path: Path, span: Span, heads: Sequence[str], noted: Noted) -> Seen:
    """Read a span in a database nobody changes: every byte hashed, the chain walked."""
    numbers = NumberCheck(from_the_middle=True)
    found: set[str] = set()
    done = 0
    with read_beside(path) as db:
        check = _begun(db, span)
        for each in _entries(db, span):
            check.take(each)
            envelope = check.envelope
            if envelope is not None and envelope.kind in NUMBERED and envelope.seq == each.seq:
                _note(numbers, each)
            if heads:
                found.update(head for head in heads if is_head(head, each.hash))
            done += 1
            if done % STEP == 0:
                noted(STEP)
    noted(done % STEP)
    said = check.report()
    return Seen(
        entries=said.entries,
        unknown_kinds=said.unknown_kinds,
        opened=check.opened,
        head_seq=said.head_seq,
        head=bytes.fromhex(said.head),
        heads_found=tuple(found),
        problems=(*check.problems, *numbers.problems),
        numbers=tuple((first, numbers.lasts[key]) for key, first in numbers.firsts.items()),
    )


def check_signatures(path: Path, span: Span, public_key: str, noted: Noted) -> list[Problem]:
    """Hold the signature of every entry of a span against a key that is known."""
    key = public_key_of(public_key)
    if key is None:
        return [Problem("signature_unchecked", span.journal, span.first)]
    problems = []
    done = 0
    with read_beside(path) as db:
        for seq, entry_hash, sig in _signatures(db, span):
            if not signed(key, sig, entry_hash):
                problems.append(Problem(_untrue(db, key, span.journal, seq), span.journal, seq))
            done += 1
            if done % STEP == 0:
                noted(STEP)
    noted(done % STEP)
    return problems


def _untrue(db: Connection, key: Ed25519PublicKey, journal: str, seq: int) -> str:
    """Which of content, hash and signature was touched; two true ones convict the third."""
    stored = stored_at(db, journal, seq)
    assert stored is not None
    computed = hash_of(stored.content)
    if computed == stored.hash:
        return "signature_bad"
    return "hash_changed" if signed(key, stored.sig, computed) else "content_changed"


def _entries(db: Connection, span: Span) -> Iterator[StoredEntry]:
    rest = after(db, span.journal) if span.whole else after(db, span.journal, span.first - 1)
    for each in rest:
        if each.seq > span.last:
            return
        yield each


_SIGNATURES = Prepared(
    select(entry.c.seq, entry.c.hash, entry.c.sig)
    .where(
        entry.c.journal == bindparam("named"),
        entry.c.seq > bindparam("behind"),
        entry.c.seq <= bindparam("last"),
    )
    .order_by(entry.c.seq)
    .limit(STEP)
)


def _signatures(db: Connection, span: Span) -> Iterator[tuple[int, bytes, bytes]]:
    behind = -(2**63) if span.whole else span.first - 1
    while rows := _SIGNATURES.run(db, {"named": span.journal, "behind": behind, "last": span.last}):
        yield from rows
        behind = rows[-1][0]


def _begun(db: Connection, span: Span) -> JournalCheck:
    """A check that goes on behind the last entry there is before the span: what is missing
    between two parts is then found by the later one."""
    before = select(func.max(entry.c.seq)).where(
        entry.c.journal == span.journal, entry.c.seq < span.first
    )
    seq = None if span.whole else db.scalar(before)
    stored = None if seq is None else stored_at(db, span.journal, seq)
    first = 1 if stored is None else stored.seq + 1
    check = JournalCheck(span.journal, signatures=False, facts=False, first_seq=first)
    if stored is not None:
        check.begin_behind(stored, _order_of(stored))
    return check


def _order_of(stored: StoredEntry) -> int:
    try:
        return decode_envelope(stored.content).order
    except BadEntry:
        return 0


def _note(numbers: NumberCheck, each: StoredEntry) -> None:
    try:
        numbers.note(read_number(each.content))
    except (msgspec.DecodeError, UnicodeDecodeError):
        # That it cannot be read is found by its hash, or is a bug the tables' check shouts about.
        return
