"""Invoices and red letters as rows: what was asked for, each step, where each one stands."""

from sqlalchemy import Column, Index, Integer, Table, Text

from app.rows import MEANING, METADATA


def _text(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Text, primary_key=key, nullable=False)


def _whole(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Integer, primary_key=key, nullable=False)


invoice_document = Table(
    "invoice_document",
    METADATA,
    _text("shop", key=True),
    _text("document", key=True),
    _text("kind"),
    _text("invoice"),
    _text("sale"),
    _text("number"),
    _text("till"),
    _text("day"),
    _text("person"),
    _text("reason"),
    _whole("amount"),
    _whole("tax"),
    _whole("order_ms"),
    Index("ix_invoice_document_sale", "shop", "sale"),
    Index("ix_invoice_document_invoice", "shop", "invoice"),
    Index("ix_invoice_document_order", "shop", "order_ms"),
    info=MEANING,
    sqlite_strict=True,
)
"""An invoice, or a red letter of the invoice it names; amounts as they were asked for."""

invoice_line = Table(
    "invoice_line",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _whole("line", key=True),
    _text("document"),
    _text("product"),
    _text("name"),
    _text("spec"),
    _text("unit"),
    _whole("weighed"),
    _whole("quantity"),
    _whole("amount"),
    _text("tax_code"),
    _text("tax_name"),
    _whole("rate"),
    _whole("tax"),
    Index("ix_invoice_line_document", "shop", "document"),
    info=MEANING,
    sqlite_strict=True,
)
"""Lines by the fact that said them: the request, or what was sent at last."""

invoice_step = Table(
    "invoice_step",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("document"),
    _text("state"),
    _text("request_no"),
    _text("reason"),
    _text("person"),
    _whole("order_ms"),
    Index("ix_invoice_step_document", "shop", "document"),
    info=MEANING,
    sqlite_strict=True,
)

invoice_now = Table(
    "invoice_now",
    METADATA,
    _text("shop", key=True),
    _text("owner", key=True),
    _text("document", key=True),
    _text("version"),
    _text("state"),
    _text("request_no"),
    _text("invoice_no"),
    _whole("issued"),
    _text("reason"),
    _whole("since_ms"),
    Index("ix_invoice_now_state", "shop", "state"),
    info=MEANING,
    sqlite_strict=True,
)
"""Where each document stands: its newest step; `issued` fen once it is, else nought."""

invoice_buyer = Table(
    "invoice_buyer",
    METADATA,
    _text("shop", key=True),
    _text("owner", key=True),
    _text("document", key=True),
    _text("version"),
    _text("buyer"),
    _text("buyer_kind"),
    info=MEANING,
    sqlite_strict=True,
)
"""Who each document is made out to: the newest attachment."""

invoice_export = Table(
    "invoice_export",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("person"),
    _text("from_day"),
    _text("to_day"),
    _whole("count"),
    _whole("order_ms"),
    info=MEANING,
    sqlite_strict=True,
)
"""Who took buyers' names out of the till, and when."""
