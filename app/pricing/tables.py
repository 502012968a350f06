"""Price lists and promotions as registers, prices charged as rows. Fen; moments in ms."""

from sqlalchemy import Column, Index, Integer, Table, Text

from app.rows import MEANING, METADATA


def _text(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Text, primary_key=key, nullable=False)


def _whole(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Integer, primary_key=key, nullable=False)


price_list = Table(
    "price_list",
    METADATA,
    _text("shop", key=True),
    _text("document", key=True),
    _text("owner", key=True),
    _text("version"),
    _text("customers"),
    _text("zone"),
    _whole("from_ms"),
    _whole("to_ms"),
    info=MEANING,
    sqlite_strict=True,
)
"""`customers` is the group it is for."""

price_list_end = Table(
    "price_list_end",
    METADATA,
    _text("shop", key=True),
    _text("document", key=True),
    _text("owner", key=True),
    _text("version"),
    _whole("order_ms"),
    info=MEANING,
    sqlite_strict=True,
)
"""Lists that were taken back, and when; beside the lists, because either fact may arrive first."""

listed_price = Table(
    "listed_price",
    METADATA,
    _text("shop", key=True),
    _text("product", key=True),
    _text("document", key=True),
    _text("owner", key=True),
    _text("version"),
    _whole("price"),
    _whole("floor"),
    info=MEANING,
    sqlite_strict=True,
)

promotion = Table(
    "promotion",
    METADATA,
    _text("shop", key=True),
    _text("code", key=True),
    _text("owner", key=True),
    _text("version"),
    _text("document"),
    _text("content"),
    _whole("withdrawn"),
    info=MEANING,
    sqlite_strict=True,
)
"""The newest version of each promotion; `content` is the rule itself as JSON."""

price_charged = Table(
    "price_charged",
    METADATA,
    _text("shop", key=True),
    _text("sale", key=True),
    _whole("line", key=True),
    _text("product"),
    _whole("price"),
    _whole("order_ms"),
    Index("ix_price_charged_product", "shop", "product", "order_ms", "price"),
    info=MEANING,
    sqlite_strict=True,
)
"""What each line was sold at per unit: the lowest of seven days is the base of a reduction."""

promotion_used = Table(
    "promotion_used",
    METADATA,
    _text("shop", key=True),
    _text("sale", key=True),
    _text("code", key=True),
    _text("member"),
    _whole("times"),
    _whole("order_ms"),
    Index("ix_promotion_used_member", "shop", "member", "code"),
    info=MEANING,
    sqlite_strict=True,
)
