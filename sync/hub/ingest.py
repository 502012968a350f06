"""Takes entries in: store first, interpret later.

Whether an entry is authentic is all that is asked of it. The hash of each and the signature of the
last prove the whole batch, because each names the hash of the one before. What a fact says is never
a reason to refuse it; what nobody here can read is kept as the bytes it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from app.facts.journals import JournalOpened
from app.journal.entry import FIRST_PREV, MAX_ENTRY_BYTES, BadEntry, decode_envelope, hash_of
from app.rows import Envelope
from sync.hub.database import HubDatabase
from sync.hub.enrolling import REVOKED, Signer, first_fact
from sync.hub.quarantine import QUARANTINED, last_of, set_aside
from sync.hub.tables import (
    hub_batch,
    hub_device,
    hub_entry,
    hub_fork,
    hub_journal,
    hub_quarantine,
    hub_sealed,
    hub_shop,
)
from sync.protocol import Ack, Answer, Fork, Gap, Push, PushedEntry, Refused, is_signed

FORKED = "forked"


class NotAuthentic(Exception):
    """Somebody without the journal's key touched these bytes, or they are no entries."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An entry as it came, with the hash that was worked out here."""

    seq: int
    content: bytes
    sig: bytes
    hash: bytes
    envelope: Envelope | None
    """None: written in a form this program does not know."""

    @property
    def prev(self) -> str:
        return self.envelope.prev if self.envelope else ""


@dataclass(slots=True)
class Known:
    """A journal as the hub has it."""

    till: str
    device: str
    public_key: str
    seq: int
    hash: str


def take(
    database: HubDatabase, signer: Signer, push: Push, *, incarnation: str, now_ms: int
) -> Answer:
    """Store what is new of a push, in one transaction; the answer for the till."""
    try:
        arrived = read(push)
        with database.begin() as db:
            return _take(database, db, signer, push.journal, arrived, incarnation, now_ms)
    except NotAuthentic as error:
        return Refused(code="not_authentic", detail=str(error), hub_ms=now_ms)


def _take(
    database: HubDatabase,
    db: Connection,
    signer: Signer,
    journal: str,
    arrived: Sequence[Arrived],
    incarnation: str,
    now_ms: int,
) -> Answer:
    # The device's row first: two pushes of one till wait for each other, even of a new journal.
    locked = select(hub_device.c.flags).where(
        hub_device.c.shop == signer.shop, hub_device.c.device == signer.device
    )
    db.execute(locked.with_for_update())
    known = _known(db, signer.shop, journal)
    if known is None:
        if arrived[0].seq != 1:
            return Gap(incarnation=incarnation, journal=journal, expected_seq=1, hub_ms=now_ms)
        opened = _opened(journal, arrived[0])
        if (opened.shop, opened.till) != (signer.shop, signer.till):
            return Refused(code="wrong_shop", hub_ms=now_ms)
        known = Known(opened.till, opened.device, opened.public_key, 0, FIRST_PREV)
    if known.till != signer.till:
        return Refused(code="wrong_shop", hub_ms=now_ms)
    aside = signer.state == REVOKED
    if aside and (waiting := last_of(db, signer.shop, journal)):
        known.seq, known.hash = waiting
    arrived, sealed = _up_to_seal(db, signer.shop, journal, known, arrived)
    check(arrived, known.public_key)
    first = arrived[0]
    beside = sealed or _beside(db, signer.shop, journal, arrived, aside)
    if beside:
        _keep_aside(database, db, signer, journal, beside, now_ms)
        last = beside[-1]
        return Fork(incarnation=incarnation, journal=journal, seq=last.seq,
                    hash=last.hash.hex(), hub_ms=now_ms)  # fmt: skip
    expected = known.seq + 1
    if first.seq == expected > 1 and first.prev not in ("", known.hash):
        # What the till has in the place before must be another entry than stands here.
        expected = known.seq
    if first.seq > expected:
        return Gap(incarnation=incarnation, journal=journal, expected_seq=expected, hub_ms=now_ms)
    new = [each for each in arrived if each.seq > known.seq]
    if new:
        if aside:
            set_aside(db, signer, journal, new, now_ms)
            _flag(db, signer, QUARANTINED)
        else:
            _store(database, db, signer, journal, known, new, now_ms)
        known.seq, known.hash = new[-1].seq, new[-1].hash.hex()
    return Ack(incarnation=incarnation, journal=journal, seq=known.seq, hash=known.hash,
               hub_ms=now_ms, standing=REVOKED if aside else "")  # fmt: skip


def _up_to_seal(
    db: Connection, shop: str, journal: str, known: Known, arrived: Sequence[Arrived]
) -> tuple[Sequence[Arrived], Sequence[Arrived]]:
    """A batch as far as its key was good, and what was signed after that key was changed.

    Only one of the two counts: whoever sends both sends the second part again.
    """
    last = db.scalar(
        select(hub_sealed.c.hash).where(hub_sealed.c.shop == shop, hub_sealed.c.journal == journal)
    )
    if last is None:
        return arrived, ()
    if known.hash == last:
        behind = [each for each in arrived if each.seq > known.seq]
        return arrived, behind
    place = next((n for n, each in enumerate(arrived, 1) if each.hash.hex() == last), len(arrived))
    return arrived[:place], ()


def read(push: Push) -> list[Arrived]:
    """The entries of a push, each hashed. Raises NotAuthentic when they are no row of entries."""
    arrived: list[Arrived] = []
    for each in push.entries:
        if arrived and each.seq != arrived[-1].seq + 1:
            raise NotAuthentic("not one behind the other")
        one = arrived_from(each)
        envelope = one.envelope
        if envelope and (envelope.journal, envelope.seq) != (push.journal, each.seq):
            raise NotAuthentic("another place")
        arrived.append(one)
    return arrived


def arrived_from(pushed: PushedEntry) -> Arrived:
    """One entry, hashed and its envelope read."""
    try:
        content = pushed.content.encode()
    except UnicodeEncodeError:
        raise NotAuthentic("no text") from None
    if len(content) > MAX_ENTRY_BYTES:
        raise NotAuthentic("too long")
    try:
        envelope = decode_envelope(content)
    except BadEntry:
        envelope = None
    return Arrived(pushed.seq, content, bytes.fromhex(pushed.sig), hash_of(content), envelope)


def check(arrived: Sequence[Arrived], public_key: str) -> None:
    """Whether the key's owner wrote these, all of them. Raises NotAuthentic.

    An entry whose envelope cannot be read proves nothing about the one before it, so that one has
    to be signed for itself; else the last signature speaks for all.
    """
    for before, each in pairwise(arrived):
        if each.envelope is None:
            _demand_signature(before, public_key)
        elif each.prev != before.hash.hex():
            raise NotAuthentic("chain")
    _demand_signature(arrived[-1], public_key)


def _demand_signature(entry: Arrived, public_key: str) -> None:
    if not is_signed(public_key, entry.sig.hex(), entry.hash):
        raise NotAuthentic("signature")


def _opened(journal: str, first: Arrived) -> JournalOpened:
    """What the first entry of a journal says of it. Raises NotAuthentic."""
    try:
        opened = first_fact(first.content)
    except (BadEntry, msgspec.DecodeError) as error:
        raise NotAuthentic("opened") from error
    if first.envelope is None or first.envelope.journal != journal or first.prev != FIRST_PREV:
        raise NotAuthentic("opened")
    return opened


def _known(db: Connection, shop: str, journal: str) -> Known | None:
    row = db.execute(
        select(hub_journal)
        .where(hub_journal.c.shop == shop, hub_journal.c.journal == journal)
        .with_for_update()
    ).first()
    return Known(row.till, row.device, row.public_key, row.seq, row.hash) if row else None


def _beside(
    db: Connection, shop: str, journal: str, arrived: Sequence[Arrived], aside: bool
) -> Sequence[Arrived]:
    """The part of a batch that stands beside the journal, not in it: a fork and what follows it."""
    standing: dict[int, bytes] = {}
    for table in (hub_entry, hub_quarantine) if aside else (hub_entry,):
        rows = db.execute(
            select(table.c.seq, table.c.hash).where(
                table.c.shop == shop,
                table.c.journal == journal,
                table.c.seq.between(arrived[0].seq, arrived[-1].seq),
            )
        )
        standing |= {seq: bytes(entry_hash) for seq, entry_hash in rows}
    for place, each in enumerate(arrived):
        if standing.get(each.seq, each.hash) != each.hash:
            return arrived[place:]
    follows = select(hub_fork.c.seq).where(
        hub_fork.c.shop == shop,
        hub_fork.c.journal == journal,
        hub_fork.c.seq == arrived[0].seq - 1,
        hub_fork.c.hash == arrived[0].prev,
    )
    return arrived if db.scalar(follows) else ()


def _store(
    database: HubDatabase,
    db: Connection,
    signer: Signer,
    journal: str,
    known: Known,
    new: Sequence[Arrived],
    now_ms: int,
) -> None:
    rows = [
        {"shop": signer.shop, "journal": journal, "seq": each.seq, "hash": each.hash,
         "sig": each.sig, "content": each.content}
        for each in new
    ]  # fmt: skip
    database.add(db, hub_entry, rows)
    head = {"seq": new[-1].seq, "hash": new[-1].hash.hex()}
    if known.seq == 0:
        db.execute(
            hub_journal.insert(),
            {"shop": signer.shop, "journal": journal, "till": known.till,
             "device": known.device, "public_key": known.public_key, **head},
        )  # fmt: skip
    else:
        this = (hub_journal.c.shop == signer.shop) & (hub_journal.c.journal == journal)
        db.execute(update(hub_journal).where(this), head)
    db.execute(
        hub_batch.insert(),
        {"shop": signer.shop, "position": next_position(database, db, signer.shop),
         "journal": journal, "first_seq": new[0].seq, "last_seq": new[-1].seq,
         "heard_ms": now_ms},
    )  # fmt: skip


def next_position(database: HubDatabase, db: Connection, shop: str) -> int:
    """The shop's next position; nobody else gets one before this transaction has ended."""
    counted = database.insert(hub_shop).values(shop=bindparam("shop"), position=1)
    counted = counted.on_conflict_do_update(
        index_elements=["shop"], set_={"position": hub_shop.c.position + 1}
    ).returning(hub_shop.c.position)
    return int(db.execute(counted, {"shop": shop}).scalar_one())


def _keep_aside(
    database: HubDatabase,
    db: Connection,
    signer: Signer,
    journal: str,
    beside: Sequence[Arrived],
    now_ms: int,
) -> None:
    rows = [
        {"shop": signer.shop, "journal": journal, "seq": each.seq, "hash": each.hash.hex(),
         "sig": each.sig, "content": each.content, "heard_ms": now_ms}
        for each in beside
    ]  # fmt: skip
    db.execute(database.insert(hub_fork).on_conflict_do_nothing(), rows)
    _flag(db, signer, FORKED)


def _flag(db: Connection, signer: Signer, flag: str) -> None:
    """Say at the till's own row that somebody has to look."""
    this = (hub_device.c.shop == signer.shop) & (hub_device.c.device == signer.device)
    flags = str(db.scalar(select(hub_device.c.flags).where(this))).split()
    if flag not in flags:
        db.execute(update(hub_device).where(this), {"flags": " ".join([*flags, flag])})
