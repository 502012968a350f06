"""Lots, movements and their sums; documents, counts, recalls and labels.

Quantities in thousandths, costs in 1/10000 fen per unit.
"""

from sqlalchemy import Column, Index, Integer, Table, Text, text

from app.rows import LOCAL, MEANING, METADATA, SumOf

lot = Table(
    "lot",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("lot", Text, primary_key=True),
    # A transfer may bring the same lot twice, or home again.
    Column("version", Text, nullable=False),
    Column("fact", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("batch", Text, nullable=False),
    Column("unit_cost", Integer, nullable=False),
    Column("made", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("certificate", Text, nullable=False),
    Column("village", Text, nullable=False),
    Column("report", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("floor", Integer, nullable=False),
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
    Column("journal", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    # When it was written: a count's movement happened at the moment of its line, before that.
    Column("written_ms", Integer, nullable=False),
    Index("ix_movement_product", "shop", "product", "order_ms"),
    Index("ix_movement_journal", "shop", "journal", "written_ms"),
    Index(
        "ix_movement_counted",
        "shop",
        "journal",
        "written_ms",
        sqlite_where=text("reason = 'counted'"),
    ),
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
    # Stored in the order of its key: the sums of 100,000 lots are one walk.
    sqlite_with_rowid=False,
)

document = Table(
    "stock_document",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("document", Text, nullable=False),
    # receiving, move, adjustment, transfer_out, transfer_in, count
    Column("kind", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("number", Text, nullable=False),
    # A parcel's, of goods sent.
    Column("waybill", Text, nullable=False),
    Column("temperature", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("approval_no", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    Index("ix_stock_document_day", "shop", "kind", "day"),
    Index("ix_stock_document_document", "shop", "document"),
    info=MEANING,
    sqlite_strict=True,
)

arrived = Table(
    "received_line",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    # The dispatch or transfer it came by.
    Column("dispatch", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    # -1 = nobody said how much would come.
    Column("expected", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("box", Text, nullable=False),
    Index("ix_received_line_dispatch", "shop", "dispatch"),
    info=MEANING,
    sqlite_strict=True,
)

sent = Table(
    "sent_line",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("box", Text, nullable=False),
    Index("ix_sent_line_document", "shop", "document"),
    info=MEANING,
    sqlite_strict=True,
)

count = Table(
    "stock_count",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("zone", Text, primary_key=True),
    Column("count", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("till", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    Index("ix_stock_count_count", "shop", "count"),
    info=MEANING,
    sqlite_strict=True,
)

count_entry = Table(
    "count_entry",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("count", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("replaces", Integer, nullable=False),
    Column("recount", Integer, nullable=False),
    Column("undoes", Text, nullable=False),
    Column("since_ms", Integer, nullable=False),
    Column("bundle", Text, nullable=False),
    Column("known", Integer, nullable=False),
    Column("counter", Text, nullable=False),
    Column("sheet", Integer, nullable=False),
    Column("paper", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    Column("journal", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Index("ix_count_entry_count", "shop", "count", "order_ms"),
    info=MEANING,
    sqlite_strict=True,
)

count_sheet = Table(
    "count_sheet",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("sheet", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("count", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("till", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)

count_line = Table(
    "count_line",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("count", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("book", Integer, nullable=False),
    Column("unit_cost", Integer, nullable=False),
    Column("moment_ms", Integer, nullable=False),
    Column("order_ms", Integer, nullable=False),
    Index("ix_count_line_count", "shop", "count"),
    info=MEANING,
    sqlite_strict=True,
)

counted = Table(
    "counted",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("product", Text, primary_key=True),
    Column("lot", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("moment_ms", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)

count_close = Table(
    "count_close",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("document", Text, primary_key=True),
    Column("fact", Text, nullable=False),
    Column("count", Text, nullable=False),
    Column("journal", Text, nullable=False),
    # The latest moment of all its lines.
    Column("until_ms", Integer, nullable=False),
    Column("order_ms", Integer, nullable=False),
    Index("ix_count_close_count", "shop", "count"),
    info=MEANING,
    sqlite_strict=True,
)

count_known = Table(
    "count_known",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("document", Text, primary_key=True),
    Column("journal", Text, primary_key=True),
    Column("known_ms", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)

count_posting = Table(
    "count_posting",
    METADATA,
    Column("document", Text, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("count", Text, nullable=False),
    # A CountClosed as it was decided: it is booked as it stands, whatever happened since.
    Column("content", Text, nullable=False),
    info=LOCAL,
    sqlite_strict=True,
)
"""Parts of a count that were decided and not booked yet: a killed till goes on from here."""

recall = Table(
    "recall",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("recall", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("product", Text, nullable=False),
    # A JSON list.
    Column("batches", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("ended", Integer, nullable=False),
    Column("order_ms", Integer, nullable=False),
    Index("ix_recall_product", "shop", "product"),
    info=MEANING,
    sqlite_strict=True,
)

recall_found = Table(
    "recall_found",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("recall", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("order_ms", Integer, nullable=False),
    Index("ix_recall_found_recall", "shop", "recall"),
    info=MEANING,
    sqlite_strict=True,
)

date_check = Table(
    "date_check",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("lot", Text, primary_key=True),
    Column("product", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    Index("ix_date_check_lot", "shop", "lot"),
    info=MEANING,
    sqlite_strict=True,
)

label = Table(
    "label_log",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("price", Integer, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("serial_from", Integer, nullable=False),
    Column("serial_to", Integer, nullable=False),
    Column("today", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    Index("ix_label_log_code", "shop", "code", "order_ms"),
    Index("ix_label_log_product", "shop", "product", "label", "order_ms"),
    info=MEANING,
    sqlite_strict=True,
)

tag = Table(
    "shelf_tag",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("product", Text, primary_key=True),
    Column("zone", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("fact", Text, nullable=False),
    Column("price", Integer, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)

tag_charge = Table(
    "tag_charge",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("tag", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("order_ms", Integer, nullable=False),
    Index("ix_tag_charge_tag", "shop", "tag"),
    info=MEANING,
    sqlite_strict=True,
)
"""Lines that a shelf's tag made cheaper than the till would have."""

SUMS = (SumOf(on_hand, movement, {"quantity": "quantity"}),)
