"""Reading entries back, for auditors and for whoever rebuilds."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from app.journal.entry import decode_envelope
from app.journal.stored import StoredEntry
from app.journal.tables import entry, own_journal, written_by

NEWEST = 2**62
"""Later than any entry, in ms."""


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


class Listed(msgspec.Struct, frozen=True):
    """One line of the list of entries. `order_ms` is trusted UTC time."""

    journal: str
    seq: int
    order_ms: int
    kind: str
    staff: str

    @property
    def place(self) -> tuple[int, str, int]:
        """Where it stands among all entries: the next page begins before it."""
        return self.order_ms, self.journal, self.seq


def newest_first(
    db: Connection,
    *,
    staff: str | None = None,
    kind: str = "",
    since_ms: int = 0,
    until_ms: int = NEWEST,
    before: tuple[int, str, int] | None = None,
    most: int = 100,
) -> list[Listed]:
    """A page of all journals' entries, the newest first; `until_ms` is not in it.

    `before` is the last place of the page before: every page is sought by an index, so the last
    of a million entries comes as fast as the first. `staff` "" is what the till did by itself.
    """
    place = tuple_(entry.c.order_ms, entry.c.journal, entry.c.seq)
    wanted = [entry.c.order_ms >= since_ms]
    if before is None:
        wanted.append(entry.c.order_ms < until_ms)
    else:
        wanted.append(place < tuple_(*before))
    if staff is not None:
        wanted.append(written_by == staff)
    if kind:
        wanted.append(entry.c.kind == kind)
    rows = db.execute(
        select(entry.c.journal, entry.c.seq, entry.c.order_ms, entry.c.kind, written_by)
        .where(*wanted)
        .order_by(entry.c.order_ms.desc(), entry.c.journal.desc(), entry.c.seq.desc())
        .limit(most)
    )
    return [Listed(*row) for row in rows]


def kinds(db: Connection) -> list[str]:
    """Every kind an entry here has ("sale_completed@1"), sorted."""
    return _distinct(db, entry.c.kind)


def writers(db: Connection) -> list[str]:
    """Everybody an entry here was written by; "" is the till itself."""
    return _distinct(db, written_by)


def _distinct(db: Connection, what: ColumnElement[str]) -> list[str]:
    """Different values, each sought behind the one before: the index holds a million."""
    found: list[str] = []
    following = db.scalar(select(func.min(what)).select_from(entry))
    while following is not None:
        found.append(following)
        following = db.scalar(select(func.min(what)).select_from(entry).where(what > following))
    return found


def stored_at(db: Connection, journal: str, seq: int) -> StoredEntry | None:
    """An entry as it lies there, None when the journal has no such place."""
    row = db.execute(
        select(*(entry.c[name] for name in StoredEntry.__struct_fields__)).where(
            entry.c.journal == journal, entry.c.seq == seq
        )
    ).first()
    return StoredEntry(*row) if row is not None else None


def is_own(db: Connection, fact: str) -> bool:
    """Whether this device wrote the entry of a fact, and not another till."""
    found = (
        select(entry.c.seq)
        .join(own_journal, own_journal.c.journal == entry.c.journal)
        .where(entry.c.fact == fact)
    )
    return db.scalar(found) is not None
