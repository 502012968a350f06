"""Reading entries back, for auditors and for whoever rebuilds."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, select

from app.journal.entry import decode_envelope
from app.journal.tables import entry


class EntryRow(msgspec.Struct, frozen=True):
    """One place in a journal, without its body."""

    seq: int
    kind: str
    hash: str
    wall_ms: int
    staff: str


def content_of(db: Connection, journal: str, seq: int) -> bytes | None:
    """An entry's exact bytes, None when the journal has no such place."""
    found = db.scalar(select(entry.c.content).where(entry.c.journal == journal, entry.c.seq == seq))
    return None if found is None else bytes(found)


def entries(db: Connection, journal: str, first: int, last: int) -> Iterator[EntryRow]:
    """Entries `first` to `last` of a journal, in order."""
    rows = db.execute(
        select(entry.c.seq, entry.c.kind, entry.c.hash, entry.c.content)
        .where(entry.c.journal == journal, entry.c.seq.between(first, last))
        .order_by(entry.c.seq)
    )
    for row in rows:
        envelope = decode_envelope(row.content)
        yield EntryRow(row.seq, row.kind, row.hash.hex(), envelope.wall, envelope.staff)
