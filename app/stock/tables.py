"""Lots, movements, and their sums. Quantities in thousandths, costs in 1/10000 fen."""

from sqlalchemy import Column, Index, Integer, Table, Text

from app.rows import MEANING, METADATA, SumOf

lot = Table(
    "lot",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("lot", Text, primary_key=True),
    Column("fact", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("batch", Text, nullable=False),
    Column("unit_cost", Integer, nullable=False),
    Column("made", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("certificate", Text, nullable=False),
    Column("village", Text, nullable=False),
    Column("report", Text, nullable=False),
    Column("supplier", Text, nullable=False),
    Column("received_ms", Integer, nullable=False),
    Index("ix_lot_product", "shop", "product"),
    info=MEANING,
    sqlite_strict=True,
)

movement = Table(
    "movement",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("product", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("unit_cost", Integer, nullable=False),
    Column("order_ms", Integer, nullable=False),
    Index("ix_movement_product", "shop", "product", "order_ms"),
    info=MEANING,
    sqlite_strict=True,
)

on_hand = Table(
    "on_hand",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("product", Text, primary_key=True),
    Column("lot", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("quantity", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)

SUMS = (SumOf(on_hand, movement, {"quantity": "quantity"}),)
