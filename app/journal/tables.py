"""The journal's table, and what is sealed or kept beside it."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, literal_column

from app.rows import LOCAL, MEANING, METADATA, RECEIVED

_BEHIND_STAFF = 'CAST(substr(content, instr(content, CAST(\'"staff":"\' AS BLOB)) + 9, 9) AS TEXT)'
written_by = literal_column(f"substr({_BEHIND_STAFF}, 1, instr({_BEHIND_STAFF}, '\"') - 1)", Text)
"""Who wrote an entry, read out of its bytes: up to eight figures behind the first "staff":", which
stands in the envelope. Whatever bytes stand there, it is some text and never an error."""

entry = Table(
    "entry",
    METADATA,
    Column("journal", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("fact", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("sig", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("ix_entry_order", "order_ms", "journal", "seq"),
    Index("ix_entry_kind", "kind", "order_ms", "journal", "seq"),
    Index("ix_entry_staff", written_by, "order_ms", "journal", "seq", "kind"),
    info={"kind": "journal"},
    sqlite_strict=True,
)
"""Never changed, never removed. Everything with info kind "meaning" is made from it."""

journal_opened = Table(
    "journal_opened",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("journal", Text, nullable=False),
    Column("till", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("series", Text, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)

clock_confirmed = Table(
    "clock_confirmed",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("till", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("expected_ms", Integer, nullable=False),
    Column("shown_ms", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)

own_journal = Table(
    "own_journal",
    METADATA,
    Column("journal", Text, primary_key=True),
    Column("opened_order", Integer, nullable=False),
    info=LOCAL,
    sqlite_strict=True,
)
"""The journals this device wrote itself; the newest is the one it writes now."""

secret = Table(
    "secret",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    info=LOCAL,
    sqlite_strict=True,
)
"""Values sealed by the device's master key (AES-256-GCM, the name is authenticated with them)."""

mark = Table(
    "mark",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    info=LOCAL,
    sqlite_strict=True,
)
"""Small facts about this folder: demo or training, where the master key lives, copied up to."""

hub_link = Table(
    "hub_link",
    METADATA,
    Column("journal", Text, primary_key=True),
    Column("address", Text, nullable=False),
    Column("hub_key", Text, nullable=False),
    Column("incarnation", Text, nullable=False),
    Column("joined_ms", Integer, nullable=False),
    Column("authority", Text, nullable=False),
    Column("sealing_key", Text, nullable=False),
    info=LOCAL,
    sqlite_strict=True,
)
"""The hub this folder joined, by the journal whose key signs the requests; one row at most."""

acknowledged = Table(
    "acknowledged",
    METADATA,
    Column("journal", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hub_ms", Integer, nullable=False),
    Column("heard_ms", Integer, nullable=False),
    Column("evidence", LargeBinary, nullable=False),
    info=LOCAL,
    sqlite_strict=True,
)
"""How far the hub has each own journal, in its own signed words: what the next push begins behind.

It goes back when the hub says so: a hub put back from a copy gets again what it lost."""

received_feed = Table(
    "received_feed",
    METADATA,
    Column("scope", Text, primary_key=True),
    Column("arrived", Integer, primary_key=True),
    Column("what", Text, nullable=False),
    Column("incarnation", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("part", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("stands", Text, nullable=False),
    Column("issued_ms", Integer, nullable=False),
    Column("expires_ms", Integer, nullable=False),
    Column("received_ms", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("sig", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    info=RECEIVED,
    sqlite_strict=True,
)
"""What head office sent, part by part in the order it came; rows of owner hub are made from it.

`state`: applied, or waiting (for its last part, or to be looked at), or held for a `reason`. What a
snapshot stands for is removed once the snapshot counts."""

received_aside = Table(
    "received_aside",
    METADATA,
    Column("journal", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    Column("sig", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("received_ms", Integer, nullable=False),
    info=RECEIVED,
    sqlite_strict=True,
)
"""Authentic entries of other journals that mean nothing here: kept whole, for a person to see.

unreadable; meaning_failed; fact_twice: another entry holds the same fact; branch: the journal went
on otherwise here."""
BRANCH = "branch"
