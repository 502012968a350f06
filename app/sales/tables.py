"""Sales as rows, and the drafts of open baskets.

Amounts in fen, quantities in thousandths, a line's cost in 1/10000 fen for all of it.
"""

from typing import Any

from sqlalchemy import Column, Index, Integer, Table, Text, text

from app.rows import LOCAL, MEANING, METADATA


def _text(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Text, primary_key=key, nullable=False)


def _whole(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Integer, primary_key=key, nullable=False)


_VOUCHERS: dict[str, Any] = {"sqlite_where": text("tender = 'voucher'")}
"""Vouchers alone are looked up by what they are called. Naming another database's option as well
would load that database's half of the library into every till: two megabytes."""

sale = Table(
    "sale",
    METADATA,
    _text("shop", key=True),
    _text("sale", key=True),
    _text("till"),
    _text("day"),
    _text("shift"),
    _text("series"),
    _whole("sequence"),
    _text("number"),
    _text("drawer"),
    _text("person"),
    _text("channel"),
    _text("seller"),
    _text("member"),
    _whole("pieces"),
    _whole("gross"),
    _whole("reduced"),
    _whole("rounding"),
    _whole("due"),
    _whole("change"),
    _whole("tax"),
    _text("journal"),
    _whole("seq"),
    _whole("order_ms"),
    Index("ix_sale_number", "shop", "till", "day", "series", "sequence"),
    Index("ix_sale_by_number", "shop", "number"),
    Index("ix_sale_order", "shop", "till", "order_ms"),
    info=MEANING,
    sqlite_strict=True,
)

sale_line = Table(
    "sale_line",
    METADATA,
    _text("shop", key=True),
    _text("sale", key=True),
    _whole("line", key=True),
    _text("product"),
    _text("name"),
    _text("spec"),
    _text("unit"),
    _whole("weighed"),
    _whole("quantity"),
    _whole("list_price"),
    _whole("unit_price"),
    _whole("amount"),
    _whole("reduced"),
    _whole("paid"),
    _whole("cost"),
    _text("tax_class"),
    _whole("tax_rate"),
    _whole("tax"),
    _text("mark"),
    _text("brand"),
    _text("brand_town"),
    _text("origin_town"),
    _text("origin_village"),
    _text("category"),
    _text("subcategory"),
    _text("three_origin"),
    _text("tier"),
    _text("kind"),
    _text("lot"),
    _text("lot_known"),
    _text("serial"),
    Index("ix_sale_line_product", "shop", "product"),
    info=MEANING,
    sqlite_strict=True,
)

sale_reduction = Table(
    "sale_reduction",
    METADATA,
    _text("shop", key=True),
    _text("sale", key=True),
    _whole("line", key=True),
    _whole("n", key=True),
    _text("rule"),
    _text("kind"),
    _text("name"),
    _whole("amount"),
    info=MEANING,
    sqlite_strict=True,
)

sale_tender = Table(
    "sale_tender",
    METADATA,
    _text("shop", key=True),
    _text("sale", key=True),
    _whole("n", key=True),
    _text("tender"),
    _whole("amount"),
    _whole("tendered"),
    _whole("change"),
    _text("reference"),
    Index("ix_sale_voucher", "shop", "reference", **_VOUCHERS),
    info=MEANING,
    sqlite_strict=True,
)

refund = Table(
    "refund",
    METADATA,
    _text("shop", key=True),
    _text("refund", key=True),
    _text("till"),
    _text("day"),
    _text("shift"),
    _text("series"),
    _whole("sequence"),
    _text("number"),
    _text("person"),
    _text("channel"),
    _text("member"),
    _text("sale"),
    _whole("amount"),
    _whole("tax"),
    _whole("invoiced"),
    _whole("self_approved"),
    _text("journal"),
    _whole("seq"),
    _whole("order_ms"),
    Index("ix_refund_number", "shop", "till", "day", "series", "sequence"),
    Index("ix_refund_by_number", "shop", "number"),
    Index("ix_refund_sale", "shop", "sale"),
    info=MEANING,
    sqlite_strict=True,
)

refund_line = Table(
    "refund_line",
    METADATA,
    _text("shop", key=True),
    _text("refund", key=True),
    _whole("line", key=True),
    _text("sale"),
    _whole("original_line"),
    _text("product"),
    _text("name"),
    _text("unit"),
    _whole("weighed"),
    _whole("quantity"),
    _whole("amount"),
    _whole("cost"),
    _text("tax_class"),
    _whole("tax_rate"),
    _whole("tax"),
    _text("brand"),
    _text("category"),
    _text("brand_town"),
    _text("three_origin"),
    _text("tier"),
    _text("kind"),
    _text("reason"),
    _text("disposition"),
    Index("ix_refund_line_sale", "shop", "sale", "original_line"),
    info=MEANING,
    sqlite_strict=True,
)

refund_tender = Table(
    "refund_tender",
    METADATA,
    _text("shop", key=True),
    _text("refund", key=True),
    _whole("n", key=True),
    _text("sale"),
    _text("tender"),
    _whole("amount"),
    _text("reference"),
    _text("attempt"),
    _text("account"),
    Index("ix_refund_tender_sale", "shop", "sale"),
    Index("ix_refund_voucher", "shop", "reference", **_VOUCHERS),
    info=MEANING,
    sqlite_strict=True,
)

reprint = Table(
    "reprint",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("sale"),
    _text("person"),
    _whole("copy"),
    Index("ix_reprint_sale", "shop", "sale"),
    info=MEANING,
    sqlite_strict=True,
)

tender_correction = Table(
    "tender_correction",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("sale"),
    _text("person"),
    _text("before"),
    _text("after"),
    _whole("amount"),
    _text("reference"),
    _whole("order_ms"),
    Index("ix_tender_correction_sale", "shop", "sale"),
    info=MEANING,
    sqlite_strict=True,
)
"""A way to pay that was pressed by mistake, and the one it was."""

basket_end = Table(
    "basket_end",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("basket"),
    _text("till"),
    _text("day"),
    _text("shift"),
    _text("person"),
    _text("what"),
    _whole("amount"),
    _whole("order_ms"),
    Index("ix_basket_end_basket", "shop", "basket"),
    info=MEANING,
    sqlite_strict=True,
)
"""Baskets held, taken back and cancelled, and those of which two sales were looked at."""

basket_taken = Table(
    "basket_taken",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("held"),
    _text("basket"),
    _text("goes_on"),
    _text("first"),
    _text("till"),
    _whole("order_ms"),
    Index("ix_basket_taken_basket", "basket"),
    Index("ix_basket_taken_held", "shop", "held"),
    info=MEANING,
    sqlite_strict=True,
)
"""Baskets one till put aside and another one took over; the same twice when neither knew."""

draft = Table(
    "draft",
    METADATA,
    _text("basket", key=True),
    _text("state"),
    _text("name"),
    _text("content"),
    _whole("changed_ms"),
    info=LOCAL,
    sqlite_strict=True,
)
"""Open and held baskets, so that a killed till finds them again. The name is personal: it stays."""
