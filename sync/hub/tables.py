"""The hub's own tables, and the till's tables of meaning made for a server.

Every key starts with the shop, so each table can be partitioned by it. What facts mean lies in the
very tables a till has: `meaning_tables` copies them with whole numbers of 64 bits.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

from app import schema
from app.rows import METADATA

WHOLE = BigInteger().with_variant(Integer(), "sqlite")
HUB = MetaData(naming_convention=METADATA.naming_convention)
MEANT = MetaData(naming_convention=METADATA.naming_convention)


def _text(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Text, primary_key=key, nullable=False)


def _whole(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, WHOLE, primary_key=key, nullable=False, autoincrement=False)


def _bytes(name: str) -> Column[object]:
    return Column(name, LargeBinary, nullable=False)


hub_mark = Table("hub_mark", HUB, _text("name", key=True), _text("value"), sqlite_strict=True)
"""incarnation; public_key; kind: real or demo; program: the version that looked last at what it
could not read; tables: what the tables of meaning looked like when they were made; folder: where
the hub's key lies."""

hub_shop = Table("hub_shop", HUB, _text("shop", key=True), _whole("position"), sqlite_strict=True)
"""How many batches a shop has sent. Raising it is the last write of every ingest: the row stays
locked until that commits, so positions follow the order of commits, which a sequence's do not."""

hub_device = Table(
    "hub_device",
    HUB,
    _text("shop", key=True),
    _text("device", key=True),
    _text("till"),
    _text("signer"),
    _text("public_key"),
    _text("state"),
    _text("flags"),
    _text("program"),
    _text("sealing_key"),
    _whole("enrolled_ms"),
    _whole("seen_ms"),
    Index("ix_hub_device_signer", "signer", unique=True),
    sqlite_strict=True,
)
"""`signer` is the journal whose key signs its requests; state: waiting, approved or revoked; flags:
words parted by blanks (forked, quarantined)."""

hub_code = Table(
    "hub_code",
    HUB,
    _text("shop", key=True),
    _text("till", key=True),
    _text("code"),
    _whole("until_ms"),
    _whole("tries_left"),
    sqlite_strict=True,
)
"""One-time codes, removed as soon as one is used, too old or guessed at too often."""

hub_nonce = Table(
    "hub_nonce",
    HUB,
    _text("signer", key=True),
    _text("nonce", key=True),
    _whole("time_ms"),
    Index("ix_hub_nonce_time", "time_ms"),
    sqlite_strict=True,
)

hub_journal = Table(
    "hub_journal",
    HUB,
    _text("shop", key=True),
    _text("journal", key=True),
    _text("till"),
    _text("device"),
    _text("public_key"),
    _whole("seq"),
    _text("hash"),
    sqlite_strict=True,
)
"""How far each journal is here: its last entry and that one's hash."""

hub_entry = Table(
    "hub_entry",
    HUB,
    _text("shop", key=True),
    _text("journal", key=True),
    _whole("seq", key=True),
    _bytes("hash"),
    _bytes("sig"),
    _bytes("content"),
    sqlite_strict=True,
)
"""Never changed, never removed."""

hub_fork = Table(
    "hub_fork",
    HUB,
    _text("shop", key=True),
    _text("journal", key=True),
    _whole("seq", key=True),
    _text("hash", key=True),
    _bytes("sig"),
    _bytes("content"),
    _whole("heard_ms"),
    sqlite_strict=True,
)
"""Authentic entries that claim a place where others stand: kept, and somebody has to look."""

hub_quarantine = Table(
    "hub_quarantine",
    HUB,
    _text("shop", key=True),
    _text("journal", key=True),
    _whole("seq", key=True),
    _text("device"),
    _bytes("hash"),
    _bytes("sig"),
    _bytes("content"),
    _whole("heard_ms"),
    sqlite_strict=True,
)
"""What a till went on sending after it was shut out: proved, kept, and meaning nothing yet."""

hub_sealed = Table(
    "hub_sealed",
    HUB,
    _text("shop", key=True),
    _text("journal", key=True),
    _text("hash"),
    sqlite_strict=True,
)
"""Journals whose key was changed for another, and the last entry the old key may have signed."""

hub_batch = Table(
    "hub_batch",
    HUB,
    _text("shop", key=True),
    _whole("position", key=True),
    _text("journal"),
    _whole("first_seq"),
    _whole("last_seq"),
    _whole("heard_ms"),
    sqlite_strict=True,
)
"""What came in together, by position: what projections and siblings walk along."""

hub_cursor = Table("hub_cursor", HUB, _text("shop", key=True), _whole("position"),
                   sqlite_strict=True)  # fmt: skip
"""How far a shop's batches have been worked into the tables of meaning."""

hub_unread = Table(
    "hub_unread",
    HUB,
    _text("shop", key=True),
    _text("journal", key=True),
    _whole("seq", key=True),
    _text("reason"),
    _text("detail"),
    sqlite_strict=True,
)
"""Entries that are kept but mean nothing here yet: tried again by every newer program."""

hub_feed = Table(
    "hub_feed",
    HUB,
    _text("shop", key=True),
    _text("scope", key=True),
    _whole("version"),
    _text("hash"),
    _whole("order_ms"),
    sqlite_strict=True,
)
"""How far each feed is: its last version, that one's hash, the order of its last fact. Raising it
locks the row until the publisher commits, so versions follow the order of commits."""

hub_feed_part = Table(
    "hub_feed_part",
    HUB,
    _text("shop", key=True),
    _text("scope", key=True),
    _whole("version", key=True),
    _whole("part", key=True),
    _whole("parts"),
    _bytes("content"),
    _text("hash"),
    _bytes("sig"),
    sqlite_strict=True,
)
"""Every version ever published, as it was signed. Never changed, never removed."""

hub_snapshot = Table(
    "hub_snapshot",
    HUB,
    _text("shop", key=True),
    _text("scope", key=True),
    _whole("version", key=True),
    _whole("part", key=True),
    _whole("parts"),
    _text("incarnation"),
    _bytes("content"),
    _text("hash"),
    _bytes("sig"),
    sqlite_strict=True,
)
"""What stands of a feed at one version, for a till that is new or too far behind."""

hub_feed_seen = Table(
    "hub_feed_seen",
    HUB,
    _text("shop", key=True),
    _text("device", key=True),
    _text("scope", key=True),
    _whole("applied"),
    _whole("version"),
    _text("held"),
    _whole("seen_ms"),
    sqlite_strict=True,
)
"""What each till says of its feeds: the version that counts there, the one it has, why the rest is
held; `seen_ms` is when it first said so."""

hub_device_said = Table(
    "hub_device_said",
    HUB,
    _text("shop", key=True),
    _text("device", key=True),
    _text("journal"),
    _whole("head"),
    _whole("ahead_ms"),
    _whole("said_ms"),
    sqlite_strict=True,
)
"""What each till last said of itself, at `said_ms`: the last entry of the journal it writes, and by
how much its clock was ahead of ours."""

hub_device_older = Table(
    "hub_device_older",
    HUB,
    _text("shop", key=True),
    _text("device", key=True),
    _text("journal", key=True),
    _whole("head"),
    sqlite_strict=True,
)
"""What each till last said of its journals from before the one it writes: the last entry of those
that it did not know to be here whole."""

hub_file = Table(
    "hub_file",
    HUB,
    _text("shop", key=True),
    _text("name", key=True),
    _text("subject"),
    _whole("size"),
    _whole("whole"),
    _whole("heard_ms"),
    Index("ix_hub_file_subject", "shop", "subject"),
    sqlite_strict=True,
)
"""Attachments by the hash of their ciphertext, about whom, and whether all of it has come."""

hub_file_piece = Table(
    "hub_file_piece",
    HUB,
    _text("shop", key=True),
    _text("name", key=True),
    _whole("piece", key=True),
    _bytes("content"),
    sqlite_strict=True,
)

hub_update_piece = Table(
    "hub_update_piece",
    HUB,
    _text("shop", key=True),
    _text("name", key=True),
    _whole("piece", key=True),
    _bytes("content"),
    sqlite_strict=True,
)
"""Update files for tills, as tills fetch them."""

hub_file_gone = Table(
    "hub_file_gone", HUB, _text("shop", key=True), _text("subject", key=True), sqlite_strict=True
)
"""Whoever was forgotten: nothing about them is kept any more, whenever it comes."""


hub_place = Table(
    "hub_place",
    MEANT,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("journal"),
    _whole("seq"),
    _text("kind"),
    _whole("order_ms"),
    Index("ix_hub_place_kind", "shop", "kind", "order_ms"),
    sqlite_strict=True,
)
"""Where each entry that can be read stands, by its fact: what a till's `entry` says beside its
bytes. It is made with the tables of meaning, so a report and the entries it is held against are
always equally far."""


hub_moved = Table(
    "hub_moved",
    MEANT,
    _text("shop", key=True),
    _text("product", key=True),
    _text("month", key=True),
    _whole("came"),
    _whole("came_value"),
    _whole("other"),
    sqlite_strict=True,
)
"""What moved in each month, added up in the commit that writes the movements: an average cost hangs
on every one there ever was. Whatever comes late joins the month in which it happened."""


def _meaning_tables() -> dict[str, Table]:
    made = {}
    for table in schema.all_tables():
        if table.info["kind"] != "meaning":
            continue
        copy = made[table.name] = table.to_metadata(MEANT)
        for column in copy.columns:
            if isinstance(column.type, Integer):
                column.type = WHOLE
                column.autoincrement = False
        for index in copy.indexes:
            # An index for some rows is one for the same rows here, or it would be unique for all.
            options = index.dialect_options
            options["postgresql"]["where"] = options["sqlite"]["where"]
    return made


MEANING_TABLES = _meaning_tables()
"""By the name the till's table has."""
