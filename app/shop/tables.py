"""The shop's settings as a register."""

from sqlalchemy import Column, Table, Text

from app.rows import MEANING, METADATA

setting = Table(
    "setting",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("value", Text, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)
