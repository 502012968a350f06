"""Goods on their way, as rows; and documents somebody has half received.

Quantities in thousandths, costs in 1/10000 fen per unit.
"""

from sqlalchemy import Column, Index, Integer, Table, Text

from app.rows import LOCAL, MEANING, METADATA


def _text(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Text, primary_key=key, nullable=False)


def _whole(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Integer, primary_key=key, nullable=False)


dispatch = Table(
    "dispatch",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("document"),
    _text("number"),
    _text("source"),
    _text("supplier"),
    _text("waybill"),
    _text("sender_key"),
    _text("person"),
    _whole("order_ms"),
    Index("ix_dispatch_document", "shop", "document"),
    Index("ix_dispatch_number", "shop", "number"),
    info=MEANING,
    sqlite_strict=True,
)

expected = Table(
    "expected_line",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _whole("line", key=True),
    _text("document"),
    _text("product"),
    _text("lot"),
    _text("place"),
    _whole("quantity"),
    _whole("unit_cost"),
    _text("batch"),
    _text("made"),
    _text("expires"),
    _text("certificate"),
    _text("village"),
    _text("report"),
    _text("level"),
    _whole("floor"),
    _text("supplier"),
    _text("box"),
    Index("ix_expected_line_document", "shop", "document"),
    info=MEANING,
    sqlite_strict=True,
)

settled = Table(
    "settled_line",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _whole("n", key=True),
    _text("document"),
    _text("product"),
    _text("lot"),
    _whole("arrived"),
    _whole("lost"),
    _text("reason"),
    _text("person"),
    _whole("order_ms"),
    Index("ix_settled_line_document", "shop", "document"),
    info=MEANING,
    sqlite_strict=True,
)

order = Table(
    "stock_order",
    METADATA,
    _text("shop", key=True),
    _text("owner", key=True),
    _text("document", key=True),
    _text("version"),
    _text("number"),
    _text("supplier"),
    _text("person"),
    _whole("ended"),
    _whole("order_ms"),
    info=MEANING,
    sqlite_strict=True,
)

order_line = Table(
    "stock_order_line",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _whole("line", key=True),
    _text("document"),
    _text("product"),
    _whole("quantity"),
    _whole("suggested"),
    Index("ix_stock_order_line_document", "shop", "document"),
    info=MEANING,
    sqlite_strict=True,
)

draft = Table(
    "stock_draft",
    METADATA,
    # The id of the document it will become: posting it twice is seen.
    _text("document", key=True),
    _text("kind"),
    _text("content"),
    _text("person"),
    _whole("changed_ms"),
    info=LOCAL,
    sqlite_strict=True,
)
