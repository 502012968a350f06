"""What of the own journals the hub does not have yet. The journal is the queue; there is no other.

All that is kept beside it is how far the hub said it has each of them.
"""

from heapq import merge
from itertools import islice
from operator import attrgetter

import msgspec
from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from app.clock import local
from app.errors import Refusal
from app.journal.entry import decode_envelope
from app.journal.stored import StoredEntry, after
from app.journal.tables import (
    BRANCH,
    acknowledged,
    entry,
    hub_link,
    journal_opened,
    mark,
    own_journal,
    received_aside,
)
from app.row_writer import Prepared

CHECKED_MARK = "hub.checked"
"""The incarnation of the hub that was last asked how far it has the own journals."""


class Link(msgspec.Struct, frozen=True):
    """The hub this folder joined."""

    journal: str
    """Its key signs the requests."""
    address: str
    hub_key: str
    """64 hex digits, pinned when the till joined: nobody else's answers count."""
    incarnation: str
    joined_ms: int
    authority: str = ""
    """The certificates (PEM) its own has to be signed with; "" for what the machine trusts."""
    sealing_key: str = ""
    """64 hex digits: what is handed over by USB is sealed for whoever owns it."""


class Way(msgspec.Struct, frozen=True):
    """One own journal: how far it reaches, how far the hub has it."""

    journal: str
    head: int
    acked: int


class Backlog(msgspec.Struct, frozen=True):
    """What a person wants to know of it."""

    waiting: int
    """Entries the hub does not have."""
    oldest_ms: int
    """Order key of the oldest of them, 0 when there is none."""
    acked: int
    """How far the hub has the journal that is being written."""
    head: int
    """How far that one reaches here."""
    heard_ms: int
    """When the hub last said so, 0 for never."""


def link_of(db: Connection) -> Link | None:
    """The hub that was joined, None for a till on its own."""
    row = db.execute(select(hub_link)).first()
    return Link(*row) if row else None


def join(db: Connection, link: Link) -> None:
    """Keep the hub that was joined, in place of any before. Inside the caller's transaction.

    Another hub has nothing yet, whatever the one before said.
    """
    before = link_of(db)
    if before is None or before.hub_key != link.hub_key:
        db.execute(acknowledged.delete())
    db.execute(mark.delete().where(mark.c.name == CHECKED_MARK))
    db.execute(hub_link.delete())
    db.execute(hub_link.insert(), msgspec.structs.asdict(link))


def public_key_of(db: Connection, journal: str) -> str:
    """The public key (hex) an own journal was begun with."""
    opened = select(journal_opened.c.public_key).where(journal_opened.c.journal == journal)
    return str(db.scalar(opened))


def leave(db: Connection) -> None:
    """Belong to no hub any more; what one had is of no use to the next. Inside a transaction."""
    db.execute(hub_link.delete())
    db.execute(acknowledged.delete())


# What a lost disk had written came back from the hub. Of it, what says the same as a later entry
# lies aside; it keeps its place in its journal, or the hub would never hear what stands behind it.
_CAME_BACK = received_aside.c.reason != BRANCH

# Asked after every sale. One seek in the key for each journal, of a year of sales.
_WAYS = Prepared(
    select(
        own_journal.c.journal,
        select(func.max(entry.c.seq))
        .where(entry.c.journal == own_journal.c.journal)
        .scalar_subquery(),
        select(func.max(received_aside.c.seq))
        .where(received_aside.c.journal == own_journal.c.journal, _CAME_BACK)
        .scalar_subquery(),
        acknowledged.c.seq,
    )
    .outerjoin(acknowledged, acknowledged.c.journal == own_journal.c.journal)
    .order_by(own_journal.c.opened_order, own_journal.c.journal)
)
_MOMENT = Prepared(
    select(entry.c.order_ms)
    .where(entry.c.journal == bindparam("journal"), entry.c.seq > bindparam("behind"))
    .order_by(entry.c.seq)
    .limit(1)
)
_ASIDE = Prepared(
    select(*[received_aside.c[name] for name in ("journal", "seq", "content", "hash", "sig")])
    .where(
        received_aside.c.journal == bindparam("journal"),
        received_aside.c.seq > bindparam("behind"),
        _CAME_BACK,
    )
    .order_by(received_aside.c.seq)
    .limit(bindparam("most"))
)
_HEARD = Prepared(select(func.max(acknowledged.c.heard_ms)))


def ways(db: Connection) -> list[Way]:
    """Every own journal, the one that began first first."""
    return [Way(journal, max(last or 0, aside or 0), acked or 0)
            for journal, last, aside, acked in _WAYS.run(db, {})]  # fmt: skip


def backlog(db: Connection) -> Backlog:
    """How much waits, since when, and how far the hub is."""
    all_ways = ways(db)
    behind = next((way for way in all_ways if way.head > way.acked), None)
    ((heard,),) = _HEARD.run(db, {})
    return Backlog(
        waiting=sum(max(way.head - way.acked, 0) for way in all_ways),
        oldest_ms=_moment(db, behind) if behind else 0,
        acked=all_ways[-1].acked if all_ways else 0,
        head=all_ways[-1].head if all_ways else 0,
        heard_ms=heard or 0,
    )


def _moment(db: Connection, way: Way) -> int:
    if found := _MOMENT.first(db, {"journal": way.journal, "behind": way.acked}):
        return int(found[0])
    # Only what lies aside waits.
    return decode_envelope(batch(db, way.journal, way.acked, 1)[0].content).order


def unsent(db: Connection) -> Refusal | None:
    """What to say to whoever ends a day, leaves the hub or puts in another program while facts
    wait: facts_unsent with how many and since when. None when all is sent, or there is no hub."""
    if link_of(db) is None:
        return None
    found = backlog(db)
    if not found.waiting:
        return None
    since = local(found.oldest_ms).strftime("%m-%d %H:%M")
    return Refusal("facts_unsent", count=found.waiting, oldest=since)


def batch(db: Connection, journal: str, seq: int, most: int) -> list[StoredEntry]:
    """The next entries of a journal behind `seq`, at most so many; what came back and lies aside is
    in its place among them."""
    named = {"journal": journal, "behind": seq, "most": most}
    aside = [StoredEntry(*row) for row in _ASIDE.run(db, named)]
    return list(islice(merge(after(db, journal, seq), aside, key=attrgetter("seq")), most))


def remember(
    db: Connection, journal: str, seq: int, *, hub_ms: int, heard_ms: int, evidence: bytes
) -> None:
    """The hub has this journal up to `seq`, further or less far than before; its signed words."""
    said = insert(acknowledged)
    kept = [column.name for column in acknowledged.columns if column.name != "journal"]
    said = said.on_conflict_do_update(
        index_elements=["journal"], set_={name: said.excluded[name] for name in kept}
    )
    values = {"journal": journal, "seq": seq, "hub_ms": hub_ms, "heard_ms": heard_ms,
              "evidence": evidence}  # fmt: skip
    db.execute(said, values)


_CONTACT = "hub_contact"


def contact(db: Connection) -> int:
    """When the hub last answered what is new, in UTC ms as it was last written down; 0 = never."""
    return int(db.scalar(select(mark.c.value).where(mark.c.name == _CONTACT)) or 0)


def sign_as(db: Connection, journal: str) -> None:
    """The hub knows this journal's key from now on: it signs the requests."""
    db.execute(update(hub_link).values(journal=journal))


def note_contact(db: Connection, now_ms: int, incarnation: str) -> None:
    """The hub answered; which it is since its last restore. Inside the caller's transaction."""
    said = insert(mark).on_conflict_do_update(index_elements=["name"], set_={"value": str(now_ms)})
    db.execute(said, {"name": _CONTACT, "value": str(now_ms)})
    db.execute(update(hub_link).values(incarnation=incarnation))
