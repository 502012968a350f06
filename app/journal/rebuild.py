"""From entries to tables: what they mean is applied once, and can be made again from nothing.

Whoever brings entries (a rebuild, a copy from the second disk, a sibling's journal) comes through
here, so that meaning is applied only for an entry that was not there before: sums would double.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from app.database import DriverError
from app.facts.base import Fact
from app.facts.registry import UnknownKind, decode_fact
from app.journal import feeds
from app.journal.entry import decode_envelope
from app.journal.stored import Meaning, StoredEntry, in_journal_order
from app.journal.tables import entry as entry_table
from app.row_writer import write_changes
from app.rows import Envelope

BATCH = 200
"""Entries written together: one statement per table for all of them."""


class EntryClash(Exception):
    """Two entries claim one place or one fact: a fork. Both belong kept, by somebody who asks."""

    def __init__(self, journal: str, seq: int) -> None:
        super().__init__(f"{journal} {seq}")
        self.journal = journal
        self.seq = seq


class Applied(msgspec.Struct, frozen=True):
    """What became of a list of entries."""

    new: int
    known: int
    """Entries that were here already: their meaning was left alone."""
    unreadable: int
    """New ones of a kind this program cannot read: kept as bytes."""


class Batch:
    """What some entries mean, noted until it is written."""

    def __init__(self, connection: Connection, meaning: Meaning) -> None:
        self._connection = connection
        self._meaning = meaning
        self._noted: list[tuple[Envelope, Fact]] = []

    @property
    def full(self) -> bool:
        return len(self._noted) >= BATCH

    def note(self, envelope: Envelope, fact: Fact) -> None:
        """Take an entry in."""
        self._noted.append((envelope, fact))

    def write(self) -> None:
        """Write what was noted."""
        noted, self._noted = self._noted, []
        self._write(noted)

    def write_each_if_need_be(self) -> list[tuple[Envelope, Exception]]:
        """Write what was noted; entries whose meaning the tables refuse are left out and told."""
        noted, self._noted = self._noted, []
        if self._fits(noted) is None:
            return []
        failures = [(envelope, self._fits([(envelope, fact)])) for envelope, fact in noted]
        return [(envelope, error) for envelope, error in failures if error is not None]

    def _fits(self, noted: Sequence[tuple[Envelope, Fact]]) -> Exception | None:
        self._connection.exec_driver_sql("SAVEPOINT meaning")
        failed: Exception | None = None
        try:
            self._write(noted)
        except (DBAPIError, DriverError, OverflowError) as error:
            self._connection.exec_driver_sql("ROLLBACK TO meaning")
            failed = error
        self._connection.exec_driver_sql("RELEASE meaning")
        return failed

    def _write(self, noted: Sequence[tuple[Envelope, Fact]]) -> None:
        write_changes(
            self._connection,
            (
                change
                for envelope, fact in noted
                for apply in self._meaning[type(fact)]
                for change in apply(envelope, fact)
            ),
        )


def read(entry: StoredEntry) -> tuple[Envelope, Fact] | None:
    """What an entry says, None for a kind this program has never heard of.

    Raises BadEntry, msgspec.DecodeError for bytes that are no entry.
    """
    envelope = decode_envelope(entry.content)
    try:
        return envelope, decode_fact(envelope.kind, entry.content)
    except UnknownKind:
        return None


def apply_entries(
    connection: Connection, meaning: Meaning, entries: Iterable[StoredEntry]
) -> Applied:
    """Insert entries and what they mean; those already here change nothing.

    Inside the caller's transaction. The caller has checked hashes and signatures. Raises
    EntryClash when other bytes stand at an entry's place, or its fact is another entry's too;
    BadEntry, msgspec.DecodeError.
    """
    new = known = unreadable = 0
    batch = Batch(connection, meaning)
    for entry in entries:
        if not _insert(connection, entry):
            known += 1
            continue
        new += 1
        if (said := read(entry)) is None:
            unreadable += 1
            continue
        batch.note(*said)
        if batch.full:
            batch.write()
    batch.write()
    return Applied(new, known, unreadable)


def _insert(connection: Connection, entry: StoredEntry) -> bool:
    """Whether the entry is new; inserts it then."""
    envelope = decode_envelope(entry.content)
    values = {
        "journal": entry.journal,
        "seq": entry.seq,
        "fact": envelope.fact,
        "kind": envelope.kind,
        "order_ms": envelope.order,
        "hash": entry.hash,
        "sig": entry.sig,
        "content": entry.content,
    }
    if connection.execute(_INSERT_IF_NEW, values).rowcount == 1:
        return True
    standing = connection.scalar(
        select(entry_table.c.hash).where(
            entry_table.c.journal == entry.journal, entry_table.c.seq == entry.seq
        )
    )
    if standing != entry.hash:
        raise EntryClash(entry.journal, entry.seq)
    return False


_INSERT_IF_NEW = insert(entry_table).on_conflict_do_nothing()


def rebuild(connection: Connection, meaning: Meaning, tables: Sequence[Table]) -> Applied:
    """Empty the tables, apply every entry again, and every feed of head office that counts; inside
    the caller's transaction."""
    for table in reversed(tables):
        connection.execute(table.delete())
    batch = Batch(connection, meaning)
    applied = unreadable = 0
    for said in _all_that_is_said(connection):
        if said is None:
            unreadable += 1
            continue
        applied += 1
        batch.note(*said)
        if batch.full:
            batch.write()
    batch.write()
    write_changes(connection, feeds.applied(connection, meaning))
    return Applied(new=applied, known=0, unreadable=unreadable)


def _all_that_is_said(connection: Connection) -> Iterator[tuple[Envelope, Fact] | None]:
    for entry in in_journal_order(connection):
        yield read(entry)
