"""Staff by number and role; names and PIN verifiers sealed beside them."""

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from app.rows import LOCAL, MEANING, METADATA

person = Table(
    "person",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("active", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)

presence = Table(
    "presence",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("till", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)
"""Sign-ins and outs, PIN locks, refusals of a right: rows for the auditor."""

self_approval = Table(
    "self_approval",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("till", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)
self_approval_review = Table(
    "self_approval_review",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("approval", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)

pin = Table(
    "pin",
    METADATA,
    Column("person", Text, primary_key=True),
    Column("sealed_name", LargeBinary, nullable=False),
    Column("sealed_verifier", LargeBinary, nullable=False),
    Column("failures", Integer, nullable=False),
    info=LOCAL,
    sqlite_strict=True,
)
"""`failures` counts wrong PINs in a row and is on the disk before the answer is shown."""
