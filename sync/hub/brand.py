"""The brand's own journal: every act of head office is a signed fact in it.

It lies with the tills' journals, under a shop id no shop can have, and is projected and verified
like any other; it never goes down to a till. Its key is a file beside the hub's. What its entries
mean is worked in with the same commit, so whoever did something sees it done.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select, update

from app import __version__
from app.facts.base import Fact, wire_name
from app.facts.journals import JournalOpened
from app.journal.entry import FIRST_PREV, FORMAT, decode_envelope, encode, hash_of
from app.journal.own import Entry
from app.rows import Envelope
from sync.hub.ingest import next_position
from sync.hub.office_apply import HQ
from sync.hub.projecting import write_meaning
from sync.hub.state import Hub, key_in
from sync.hub.tables import hub_batch, hub_cursor, hub_entry, hub_journal, hub_shop

KEY_FILE = "brand.key"
DEVICE = "hub"


def record(hub: Hub, db: Connection, fact: Fact, *, staff: str) -> Entry:
    """Write a fact of head office inside the caller's transaction.

    Whoever records locks the journal until that ends, so acts stand in the order they commit.
    Raises Trouble("hub_key_lost").
    """
    assert fact.shop == HQ
    lock(hub, db)
    standing = db.execute(select(hub_journal).where(hub_journal.c.shop == HQ)).first()
    if standing is not None:
        key = key_in(hub.folder / KEY_FILE, hub.ids, known=standing.public_key)
        return _append(hub, db, key, standing.journal, fact, staff)
    key, journal = key_in(hub.folder / KEY_FILE, hub.ids, known=None), hub.ids.new()
    public_key = key.public_key().public_bytes_raw().hex()
    opened = JournalOpened(shop=HQ, till="", device=DEVICE, public_key=public_key, reason="first")
    _append(hub, db, key, journal, opened, "")
    return _append(hub, db, key, journal, fact, staff)


def lock(hub: Hub, db: Connection) -> None:
    """Nobody else writes to the journal before this transaction has ended. Whoever locks other rows
    of head office and records does this first: two who meet wait, and never for each other."""
    begun = hub.database.insert(hub_shop).on_conflict_do_nothing()
    db.execute(begun, {"shop": HQ, "position": 0})
    db.execute(select(hub_shop.c.position).where(hub_shop.c.shop == HQ).with_for_update())


def _append(
    hub: Hub, db: Connection, key: Ed25519PrivateKey, journal: str, fact: Fact, staff: str
) -> Entry:
    entry = _entry(hub, db, key, journal, fact, staff)
    seq = entry.envelope.seq
    place = {"shop": HQ, "journal": journal, "seq": seq}
    db.execute(
        hub_entry.insert(),
        place | {"hash": entry.hash, "sig": entry.sig, "content": entry.content},
    )
    this = (hub_journal.c.shop == HQ) & (hub_journal.c.journal == journal)
    if isinstance(fact, JournalOpened):
        whose = {"till": "", "device": DEVICE, "public_key": fact.public_key}
        db.execute(hub_journal.insert(), place | whose | {"hash": entry.hash.hex()})
    else:
        db.execute(update(hub_journal).where(this), {"seq": seq, "hash": entry.hash.hex()})
    position = next_position(hub.database, db, HQ)
    db.execute(
        hub_batch.insert(),
        {"shop": HQ, "position": position, "journal": journal, "first_seq": seq,
         "last_seq": seq, "heard_ms": hub.now_ms()},
    )  # fmt: skip
    _mean(hub, db, position, entry)
    return entry


def _entry(
    hub: Hub, db: Connection, key: Ed25519PrivateKey, journal: str, fact: Fact, staff: str
) -> Entry:
    last = db.execute(
        select(hub_entry.c.content, hub_entry.c.hash)
        .where(hub_entry.c.shop == HQ, hub_entry.c.journal == journal)
        .order_by(hub_entry.c.seq.desc())
        .limit(1)
    ).first()
    before = decode_envelope(bytes(last.content)) if last else None
    wall = hub.now_ms()
    envelope = Envelope(
        v=FORMAT,
        journal=journal,
        seq=before.seq + 1 if before else 1,
        prev=bytes(last.hash).hex() if last else FIRST_PREV,
        fact=hub.ids.new(),
        kind=wire_name(type(fact)),
        order=max(wall, before.order + 1 if before else 0),
        wall=wall,
        staff=staff,
        app=__version__,
    )
    content = encode(envelope, fact)
    entry_hash = hash_of(content)
    return Entry(envelope, fact, content, entry_hash, key.sign(entry_hash))


def _mean(hub: Hub, db: Connection, position: int, entry: Entry) -> None:
    """Work an entry in now, unless the projection has older ones to work in first."""
    begun = hub.database.insert(hub_cursor).on_conflict_do_nothing()
    db.execute(begun, {"shop": HQ, "position": 0})
    this = hub_cursor.c.shop == HQ
    standing = db.scalar(select(hub_cursor.c.position).where(this).with_for_update())
    if standing == position - 1:
        write_meaning(hub.database, db, HQ, [(entry.envelope, entry.fact)])
        db.execute(update(hub_cursor).where(this), {"position": position})
