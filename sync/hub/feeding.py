"""Answers a till that asks what is new: feeds of its shop, and its sister tills' journals.

A journal is given whole and in its order, whatever its entries say. Within one journal nothing can
be missed: entries are stored in their order under the journal's lock. Of several journals that wait
each gets its share, so a till that comes back after months does not hold up the others.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select, tuple_

from app.journal.feeds import SCOPES
from sync.hub.enrolling import Signer
from sync.hub.publishing import snapshot
from sync.hub.state import Hub
from sync.hub.tables import (
    hub_device_older,
    hub_device_said,
    hub_entry,
    hub_feed,
    hub_feed_part,
    hub_feed_seen,
    hub_journal,
    hub_snapshot,
)
from sync.protocol_feeds import FeedPosition, Pull, Pulled, SentEntry, SentPart

FAR_BEHIND = 50
"""A till that lacks more versions than this gets a snapshot instead of each of them."""
PLAIN_BUDGET = 1024 * 1024
"""Bytes of one answer before it is packed; one piece is always given."""
Stored = Sequence[Any]


class _Budget:
    """What one answer may still hold."""

    def __init__(self, most: int) -> None:
        self.pieces = most
        self.size = PLAIN_BUDGET
        self.spent = False
        """Something did not fit any more."""

    def takes(self, length: int) -> bool:
        if self.pieces <= 0 or self.size <= 0:
            self.spent = True
            return False
        self.pieces -= 1
        self.size -= length
        return True


def answer_pull(hub: Hub, signer: Signer, pull: Pull) -> Pulled:
    """What this till lacks, recalls first."""
    with hub.database.begin() as db:
        answer = what_follows(hub, db, signer.shop, pull)
        note_positions(hub, db, signer, pull)
        _note_itself(hub, db, signer, pull)
    return answer


def what_follows(hub: Hub, db: Connection, shop: str, pull: Pull) -> Pulled:
    """What lies behind these positions, as much as one answer holds."""
    budget = _Budget(pull.most)
    parts = list(_parts(hub, db, shop, pull, budget))
    entries = list(_entries(db, shop, pull, budget))
    return Pulled(
        incarnation=hub.incarnation,
        parts=parts,
        entries=entries,
        more=budget.spent,
        hub_ms=hub.now_ms(),
    )


def _parts(hub: Hub, db: Connection, shop: str, pull: Pull, budget: _Budget) -> Iterator[SentPart]:
    known = {each.scope: each for each in pull.feeds} if pull.incarnation == hub.incarnation else {}
    heads = {row.scope: row for row in db.execute(select(hub_feed).where(hub_feed.c.shop == shop))}
    for scope in SCOPES:
        if scope not in heads:
            continue
        position = known.get(scope)
        if position is not None and position.hash == heads[scope].hash:
            continue
        for content, sig in _following(hub, db, heads[scope], position):
            if not budget.takes(len(content)):
                return
            yield SentPart(bytes(content).decode(), bytes(sig).hex())


def _following(
    hub: Hub, db: Connection, head: Any, position: FeedPosition | None
) -> Iterator[Stored]:
    """The parts behind a position: versions from where it stands, else a snapshot and the rest."""
    shop, scope = head.shop, head.scope
    behind = None if position is None else _place(db, shop, scope, position)
    if behind is None or head.version - behind[0] > FAR_BEHIND:
        # A till that has what a hub put back has lost believes nothing older than that.
        lost = position is not None and behind is None
        standing = snapshot(hub, db, shop, scope, far=0 if lost else FAR_BEHIND)
        yield from _snapshot_parts(db, shop, scope, 0)
        behind = (standing, 0, True)
    version, part, in_snapshot = behind
    if in_snapshot and part:
        yield from _snapshot_parts(db, shop, scope, part)
    after = (version + 1, 0) if in_snapshot else (version, part)
    key = tuple_(hub_feed_part.c.version, hub_feed_part.c.part)
    rows = db.execute(
        select(hub_feed_part.c.content, hub_feed_part.c.sig)
        .where(hub_feed_part.c.shop == shop, hub_feed_part.c.scope == scope, key > after)
        .order_by(hub_feed_part.c.version, hub_feed_part.c.part)
        .limit(FAR_BEHIND)
    )
    yield from rows


def _place(
    db: Connection, shop: str, scope: str, position: FeedPosition
) -> tuple[int, int, bool] | None:
    """(version, part, within a snapshot) where the till stands, None for a place unknown here."""
    place = {"of": shop, "scope": scope, "version": position.version, "part": position.part,
             "hash": position.hash}  # fmt: skip
    for table, found in _PLACES.items():
        if db.scalar(found, place) is not None:
            return position.version, position.part, table is hub_snapshot
    return None


# Asked of every feed with every question.
_PLACES = {
    table: select(table.c.hash).where(
        table.c.shop == bindparam("of"),
        table.c.scope == bindparam("scope"),
        table.c.version == bindparam("version"),
        table.c.part == bindparam("part"),
        table.c.hash == bindparam("hash"),
    )
    for table in (hub_feed_part, hub_snapshot)
}


def _snapshot_parts(db: Connection, shop: str, scope: str, part: int) -> Iterator[Stored]:
    rows = db.execute(
        select(hub_snapshot.c.content, hub_snapshot.c.sig)
        .where(
            hub_snapshot.c.shop == shop, hub_snapshot.c.scope == scope, hub_snapshot.c.part > part
        )
        .order_by(hub_snapshot.c.part)
    )
    yield from rows


def _entries(db: Connection, shop: str, pull: Pull, budget: _Budget) -> Iterator[SentEntry]:
    known = {each.journal: each.seq for each in pull.journals}
    heads = db.execute(
        select(hub_journal.c.journal, hub_journal.c.seq)
        .where(hub_journal.c.shop == shop, hub_journal.c.journal != pull.writing)
        .order_by(hub_journal.c.journal)
    )
    behind = [row.journal for row in heads if row.seq > known.get(row.journal, 0)]
    if not behind:
        return
    share = max(budget.pieces // len(behind), 1)
    for journal in behind:
        # One more than its share, to know whether some are left.
        rows = db.execute(
            select(hub_entry.c.seq, hub_entry.c.content, hub_entry.c.sig)
            .where(
                hub_entry.c.shop == shop,
                hub_entry.c.journal == journal,
                hub_entry.c.seq > known.get(journal, 0),
            )
            .order_by(hub_entry.c.seq)
            .limit(share + 1)
        ).all()
        budget.spent = budget.spent or len(rows) > share
        for row in rows[:share]:
            if not budget.takes(len(row.content)):
                return
            yield SentEntry(journal, row.seq, bytes(row.content).decode(), bytes(row.sig).hex())


def note_positions(hub: Hub, db: Connection, signer: Signer, pull: Pull) -> None:
    """Remember what counts at this till: head office sees who knows of a recall."""
    for each in pull.feeds:
        if each.scope not in SCOPES:
            continue
        said = hub.database.insert(hub_feed_seen)
        changed = or_(
            hub_feed_seen.c.applied != said.excluded.applied,
            hub_feed_seen.c.version != said.excluded.version,
            hub_feed_seen.c.held != said.excluded.held,
        )
        said = said.on_conflict_do_update(
            index_elements=["shop", "device", "scope"],
            set_={name: said.excluded[name] for name in ("applied", "version", "held", "seen_ms")},
            where=and_(changed),
        )
        db.execute(
            said,
            {"shop": signer.shop, "device": signer.device, "scope": each.scope,
             "applied": each.applied, "version": each.version, "held": each.held,
             "seen_ms": hub.now_ms()},
        )  # fmt: skip


def _note_itself(hub: Hub, db: Connection, signer: Signer, pull: Pull) -> None:
    """Remember how far a till has written and what its clock shows, from a program that says so."""
    if not pull.wall_ms:
        return
    now = hub.now_ms()
    said = hub.database.insert(hub_device_said)
    said = said.on_conflict_do_update(
        index_elements=["shop", "device"],
        set_={name: said.excluded[name] for name in ("journal", "head", "ahead_ms", "said_ms")},
    )
    db.execute(
        said,
        {"shop": signer.shop, "device": signer.device, "journal": pull.writing,
         "head": pull.head, "ahead_ms": pull.wall_ms - now, "said_ms": now},
    )  # fmt: skip
    older = hub_device_older
    db.execute(older.delete().where(older.c.shop == signer.shop, older.c.device == signer.device))
    for journal, seq in {each.journal: each.seq for each in pull.older}.items():
        db.execute(
            older.insert(),
            {"shop": signer.shop, "device": signer.device, "journal": journal, "head": seq},
        )
