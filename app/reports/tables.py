"""Sums of whole business days, kept so that a year is read in a moment.

They are no meaning: a day is summed up in the background after its Z, or when a long range is
asked for, and whatever is here may be dropped at any time. A day counts only while the till knows
just as many sales and refunds of it as when it was summed up, and what moved in months only while
it comes to what is on hand. Amounts in fen, quantities in thousandths, costs in 1/10000 fen.
"""

from sqlalchemy import Column, Index, Integer, Table, Text

from app.rows import LOCAL, METADATA


def _text(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Text, primary_key=key, nullable=False)


def _whole(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Integer, primary_key=key, nullable=False, autoincrement=False)


report_day = Table(
    "report_day",
    METADATA,
    _text("shop", key=True),
    _text("day", key=True),
    _whole("form"),
    _whole("papers"),
    info=LOCAL,
    sqlite_strict=True,
)
"""`form`: how it was summed up; `papers`: how many sales and refunds the day had."""

report_goods = Table(
    "report_goods",
    METADATA,
    _whole("goods", key=True),
    _text("product"),
    _text("category"),
    _text("brand"),
    _text("brand_town"),
    _text("three_origin"),
    _text("tier"),
    _text("kind"),
    Index(
        "ix_report_goods_said",
        *("product", "category", "brand", "brand_town", "three_origin", "tier", "kind"),
        unique=True,
    ),
    info=LOCAL,
    sqlite_strict=True,
)
"""What lines said of their goods, once for each way of saying it."""

report_line = Table(
    "report_line",
    METADATA,
    _text("shop", key=True),
    _text("day", key=True),
    _whole("goods", key=True),
    _text("till", key=True),
    _text("person", key=True),
    _text("channel", key=True),
    _whole("lines"),
    _whole("quantity"),
    _whole("amount"),
    _whole("paid"),
    _whole("tax"),
    _whole("cost"),
    _whole("back_lines"),
    _whole("back_quantity"),
    _whole("back"),
    _whole("back_tax"),
    _whole("back_cost"),
    info=LOCAL,
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

report_head = Table(
    "report_head",
    METADATA,
    _text("shop", key=True),
    _text("day", key=True),
    _text("till", key=True),
    _text("person", key=True),
    _text("channel", key=True),
    _whole("hour", key=True),
    _whole("sales"),
    _whole("due"),
    _whole("rounding"),
    _whole("tax"),
    _whole("refunds"),
    _whole("back"),
    _whole("back_tax"),
    info=LOCAL,
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

report_moved = Table(
    "report_moved",
    METADATA,
    _whole("form", key=True),
    _text("shop", key=True),
    _text("product", key=True),
    _text("month", key=True),
    _whole("came"),
    _whole("came_value"),
    _whole("other"),
    info=LOCAL,
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""What moved in a month, of every journal until the moment that stands in the next table."""

report_moved_until = Table(
    "report_moved_until",
    METADATA,
    _whole("form", key=True),
    _text("shop", key=True),
    _text("journal", key=True),
    _whole("written_ms"),
    info=LOCAL,
    sqlite_strict=True,
)
