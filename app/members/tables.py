"""Members without their names, points, and money left with the shop. Amounts in fen.

Who somebody is lies in attachments; `member_lookup` finds them by keyed hashes of their phone.
"""

from sqlalchemy import Column, Index, Integer, Table, Text

from app.rows import LOCAL, MEANING, METADATA, SumOf


def _text(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Text, primary_key=key, nullable=False)


def _whole(name: str) -> Column[object]:
    return Column(name, Integer, nullable=False)


def _place() -> tuple[Column[object], ...]:
    return _text("journal"), _whole("seq"), _whole("order_ms")


member = Table(
    "member",
    METADATA,
    _text("shop", key=True),
    _text("member", key=True),
    _text("till"),
    _text("number"),
    _whole("sequence"),
    _text("person"),
    *_place(),
    Index("ix_member_number", "shop", "number"),
    info=MEANING,
    sqlite_strict=True,
)

member_profile = Table(
    "member_profile",
    METADATA,
    _text("shop", key=True),
    _text("owner", key=True),
    _text("member", key=True),
    _text("version"),
    _text("profile"),
    _text("consents"),
    info=MEANING,
    sqlite_strict=True,
)
"""The newest name, phone (as an attachment's name) and consents."""

member_end = Table(
    "member_end",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("member"),
    _text("person"),
    *_place(),
    Index("ix_member_end_member", "shop", "member"),
    info=MEANING,
    sqlite_strict=True,
)
"""Members who were forgotten."""

member_shown = Table(
    "member_shown",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("member"),
    _text("what"),
    _whole("count"),
    _text("person"),
    _text("approver"),
    *_place(),
    Index("ix_member_shown_member", "shop", "member"),
    info=MEANING,
    sqlite_strict=True,
)

points_move = Table(
    "points_move",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("what", key=True),
    _text("member"),
    _whole("points"),
    _text("reason"),
    _whole("order_ms"),
    Index("ix_points_move_member", "shop", "member"),
    info=MEANING,
    sqlite_strict=True,
)

points = Table(
    "points",
    METADATA,
    _text("shop", key=True),
    _text("member", key=True),
    _whole("points"),
    info=MEANING,
    sqlite_strict=True,
)
"""Sum of a member's points."""

ledger_move = Table(
    "ledger_move",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    Column("n", Integer, primary_key=True, nullable=False),
    _text("account"),
    _text("kind"),
    _text("member"),
    _text("what"),
    _whole("principal"),
    _whole("bonus"),
    _whole("used"),
    _whole("returned"),
    _whole("kept"),
    _text("note"),
    _text("person"),
    *_place(),
    Index("ix_ledger_move_account", "shop", "account"),
    Index("ix_ledger_move_member", "shop", "member"),
    info=MEANING,
    sqlite_strict=True,
)
"""Money left, used, given back and kept, one row each."""

ledger_account = Table(
    "ledger_account",
    METADATA,
    _text("shop", key=True),
    _text("account", key=True),
    _whole("principal"),
    _whole("bonus"),
    _whole("used"),
    _whole("returned"),
    _whole("kept"),
    info=MEANING,
    sqlite_strict=True,
)
"""Sums of an account's moves."""

member_lookup = Table(
    "member_lookup",
    METADATA,
    _text("member", key=True),
    _text("phone"),
    _text("tail"),
    Index("ix_member_lookup_phone", "phone"),
    Index("ix_member_lookup_tail", "tail"),
    info=LOCAL,
    sqlite_strict=True,
)
"""Keyed hashes of a phone and of its last four figures; without the till's key they say nothing."""

_LEDGER = {name: name for name in ("principal", "bonus", "used", "returned", "kept")}
SUMS = (
    SumOf(points, points_move, {"points": "points"}),
    SumOf(ledger_account, ledger_move, _LEDGER),
)
