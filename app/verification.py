"""Answers whether a till's folder holds what was written into it, and makes its tables anew.

Joins the checks of `journal` with what every fact means. Nothing here mends in silence: `verify`
only reads, and `rebuild` says which tables it found different.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from app import folder as place
from app import schema
from app.catalogue import search
from app.database import (
    FILE_ERRORS,
    FILE_NAME,
    Database,
    Priority,
    read_beside,
    scratch,
    trouble_of,
)
from app.errors import Refusal, Trouble
from app.facts.base import Fact
from app.journal import feeds
from app.journal import verify_tables as tables_check
from app.journal.entry import BadEntry, hash_of
from app.journal.problems import Problem, Report
from app.journal.rebuild import read as read_entry
from app.journal.rebuild import rebuild as rebuild_tables
from app.journal.stored import StoredEntry, in_journal_order
from app.journal.tables import entry as entry_table
from app.journal.tables import hub_link, own_journal, received_feed
from app.journal.verify import EntriesCheck
from app.meaning import MEANING, SUMS
from app.print_queue import print_job
from app.rows import Envelope
from app.transaction import Books, transaction

NOTED = 100
"""Entries read between two words about it."""
Read = Callable[[StoredEntry], tuple[Envelope, Fact] | None]
"""What an entry says; None where nobody here can read it."""
TABLES = tuple(table for table in schema.all_tables() if table.info["kind"] == "meaning")


class Rebuilt(msgspec.Struct, frozen=True):
    """What making the tables anew came to."""

    entries: int
    unreadable: int
    differed: tuple[Problem, ...]
    """Rows that were not what their entries mean; they are now."""


def verify_folder(
    folder: Path,
    *,
    public_keys: dict[str, str] | None = None,
    expected_heads: Sequence[str] = (),
    signatures: bool = True,
) -> Report:
    """Check a folder no till holds; needs no key and no passphrase, so an auditor can do it.

    `expected_heads` are hashes known outside (64 hex digits, or the six letters of a receipt):
    a tail that was cut off is found by them alone. Raises Refusal: folder_not_set_up,
    till_already_open, folder_half_made, schema_older; Trouble: database_damaged,
    not_a_till_database, schema_newer, folder_read_only.
    """
    if not (folder / FILE_NAME).exists():
        raise Refusal("folder_not_set_up")
    lock = place.FolderLock(folder)
    try:
        database = Database(folder / FILE_NAME)
        try:
            with database.read() as connection:
                return verify(
                    connection,
                    public_keys=public_keys,
                    expected_heads=expected_heads,
                    signatures=signatures,
                )
        finally:
            database.close()
    finally:
        lock.release()


def verify_books(books: Books, *, expected_heads: Sequence[str] = ()) -> Report:
    """Check an open till while it goes on selling; its own key is taken from the sealed store."""
    with books.read() as connection:
        return verify(
            connection,
            public_keys={books.journal.id: books.journal.public_key},
            expected_heads=expected_heads,
        )


def verify(
    connection: Connection,
    *,
    public_keys: dict[str, str] | None = None,
    expected_heads: Sequence[str] = (),
    signatures: bool = True,
) -> Report:
    """Check entries, tables and sums in one view of the database."""
    _check_version(connection)
    entries = EntriesCheck(public_keys=public_keys or {}, signatures=signatures)
    problems = _table_problems(connection, entries.take)
    return entries.finish(expected_heads, others=problems)


def check_tables(path: Path, noted: Callable[[int], None]) -> list[Problem]:
    """Hold a file's tables and sums against what its entries mean, in a process of its own.

    `noted` hears how many more entries were read.
    """

    count = 0

    def read(entry: StoredEntry) -> tuple[Envelope, Fact] | None:
        nonlocal count
        count += 1
        if count % NOTED == 0:
            noted(NOTED)
        try:
            return read_entry(entry)
        except (BadEntry, msgspec.DecodeError, UnicodeDecodeError):
            # Said by the check of the entries, which looks at every byte of it.
            return None

    with read_beside(path) as connection:
        problems = _table_problems(connection, read)
    noted(count % NOTED)
    return problems


def _table_problems(connection: Connection, read: Read) -> list[Problem]:
    """What is wrong with pages, rows, sums and local tables; `read` takes every entry in turn."""
    problems = tables_check.checked_by(lambda: tables_check.integrity(connection))
    with scratch() as beside:
        problems += tables_check.checked_by(
            lambda: _check_against_rebuild(connection, beside, read)
        )
    problems += tables_check.checked_by(lambda: tables_check.differing_sums(connection, SUMS))
    problems += tables_check.checked_by(lambda: _feeds_as_signed(connection))
    problems += tables_check.checked_by(lambda: _left_alone(connection))
    return problems


def _check_version(connection: Connection) -> None:
    try:
        standing = schema.version_of(connection)
    except FILE_ERRORS as error:
        raise trouble_of(error) or Trouble("database_damaged") from error
    if standing == "":
        raise Refusal("folder_half_made")
    if standing > schema.HEAD:
        raise Trouble("schema_newer", version=standing)
    if standing < schema.HEAD:
        # Opening the till lifts its tables; until then there is nothing to hold them against.
        raise Refusal("schema_older", version=standing)


def _check_against_rebuild(
    connection: Connection, beside: Connection, read: Read
) -> Iterator[Problem]:
    rebuilt = tables_check.Rebuild(beside, MEANING, TABLES)
    for entry in in_journal_order(connection):
        if (said := read(entry)) is not None:
            rebuilt.take(*said)
    rebuilt.flush()
    rebuilt.take_feeds(feeds.applied(connection, MEANING))
    yield from rebuilt.problems
    yield from tables_check.differing_rows(connection, beside, TABLES)


def _feeds_as_signed(connection: Connection) -> Iterator[Problem]:
    """What head office sent is what its key signed."""
    hub_key = connection.scalar(select(hub_link.c.hub_key)) or ""
    rows = connection.execute(
        select(received_feed.c.scope, received_feed.c.version, received_feed.c.content,
               received_feed.c.hash, received_feed.c.sig)
    )  # fmt: skip
    for row in rows:
        detail = f"{row.scope} {row.version}"
        if hash_of(row.content) != row.hash:
            yield Problem("feed_changed", detail=detail)
        elif not feeds.authentic(hub_key, row.content, row.sig):
            yield Problem("feed_signature_bad", detail=detail)


def _left_alone(connection: Connection) -> Iterator[Problem]:
    """What local tables say of entries that are gone."""
    known = select(entry_table.c.journal)
    for journal in connection.scalars(
        select(own_journal.c.journal).where(own_journal.c.journal.not_in(known))
    ):
        yield Problem("entry_missing", journal, 1, "the whole journal")
    gone = (
        select(print_job.c.fact, print_job.c.title)
        .where(print_job.c.kind == "receipt")
        .where(print_job.c.fact.not_in(select(entry_table.c.fact)))
    )
    for fact, title in connection.execute(gone):
        yield Problem("paper_without_fact", detail=f"{fact} {title}")


def rebuild(books: Books) -> Rebuilt:
    """Empty the till's tables and make them again from its entries, in one transaction."""
    with transaction(books, priority=Priority.BACKGROUND) as tx:
        with scratch() as beside:
            entries = EntriesCheck(signatures=False)
            differed = tuple(_check_against_rebuild(tx.connection, beside, entries.take))
        applied = rebuild_tables(tx.connection, tx.books.meaning, TABLES)
        search.rebuild(tx)
    return Rebuilt(applied.new, applied.unreadable, differed)
