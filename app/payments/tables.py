"""Attempts and the steps each took, as rows. Amounts in fen."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from app.rows import LOCAL, MEANING, METADATA


def _text(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Text, primary_key=key, nullable=False)


def _whole(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Integer, primary_key=key, nullable=False)


def _step(name: str, of: str) -> Table:
    """The steps of something that goes on from state to state: its last one is where it stands."""
    return Table(
        name,
        METADATA,
        _text("shop", key=True),
        _text("fact", key=True),
        _text(of),
        _text("before"),
        _text("state"),
        _text("trade_no"),
        _text("reason"),
        _text("person"),
        _text("journal"),
        _whole("seq"),
        _whole("order_ms"),
        Index(f"ix_{name}_of", "shop", of),
        info=MEANING,
        sqlite_strict=True,
    )


def _now(name: str, of: str) -> Table:
    """Where each one stands: the register keeps its newest step, in whatever order they came."""
    return Table(
        name,
        METADATA,
        _text("shop", key=True),
        _text("owner", key=True),
        _text(of, key=True),
        _text("version"),
        _text("state"),
        _text("trade_no"),
        _whole("since_ms"),
        Index(f"ix_{name}_state", "shop", "state"),
        info=MEANING,
        sqlite_strict=True,
    )


payment_attempt = Table(
    "payment_attempt",
    METADATA,
    _text("shop", key=True),
    _text("attempt", key=True),
    _text("till"),
    _text("day"),
    _text("shift"),
    _text("basket"),
    _text("person"),
    _text("tender"),
    _whole("amount"),
    _text("out_trade_no"),
    _text("mode"),
    _text("journal"),
    _whole("seq"),
    _whole("order_ms"),
    Index("ix_payment_attempt_day", "shop", "day"),
    Index("ix_payment_attempt_basket", "shop", "basket"),
    Index("ix_payment_attempt_out_trade_no", "shop", "out_trade_no"),
    info=MEANING,
    sqlite_strict=True,
)

payment_step = _step("payment_step", "attempt")
payment_now = _now("payment_now", "attempt")

refund_attempt = Table(
    "refund_attempt",
    METADATA,
    _text("shop", key=True),
    _text("refund_attempt", key=True),
    _text("till"),
    _text("day"),
    _text("refund"),
    _text("attempt"),
    _text("tender"),
    _whole("amount"),
    _text("out_trade_no"),
    _text("out_refund_no"),
    _text("journal"),
    _whole("seq"),
    _whole("order_ms"),
    Index("ix_refund_attempt_attempt", "shop", "attempt"),
    Index("ix_refund_attempt_refund", "shop", "refund"),
    info=MEANING,
    sqlite_strict=True,
)

refund_step = _step("refund_step", "refund_attempt")
refund_now = _now("refund_now", "refund_attempt")

tab_opened = Table(
    "tab_opened",
    METADATA,
    _text("shop", key=True),
    _text("tab", key=True),
    _text("till"),
    _text("day"),
    _text("person"),
    _text("room"),
    _text("check_out"),
    _text("journal"),
    _whole("seq"),
    _whole("order_ms"),
    Index("ix_tab_opened_room", "shop", "room"),
    info=MEANING,
    sqlite_strict=True,
)

tab_line = Table(
    "tab_line",
    METADATA,
    _text("shop", key=True),
    _text("fact", key=True),
    _whole("n", key=True),
    _text("tab"),
    _text("what"),
    _whole("amount"),
    _whole("order_ms"),
    Index("ix_tab_line_tab", "shop", "tab"),
    info=MEANING,
    sqlite_strict=True,
)
"""Goods on a tab (positive) and money for it (negative): what is open is their sum."""

tab_name = Table(
    "tab_name",
    METADATA,
    _text("tab", key=True),
    Column("sealed", LargeBinary, nullable=False),
    info=LOCAL,
    sqlite_strict=True,
)
"""Whose tab it is, sealed: a guest's name leaves neither this till nor the clear."""

wallet_code = Table(
    "wallet_code",
    METADATA,
    _text("digest", key=True),
    _text("attempt"),
    info=LOCAL,
    sqlite_strict=True,
)
"""Which wallet codes this till has asked for, as HMACs under the master key: no code is ever sent
twice, and nobody can read one from the disk."""

bill_difference = Table(
    "bill_difference",
    METADATA,
    _text("day", key=True),
    _text("tender", key=True),
    _whole("n", key=True),
    _text("kind"),
    _text("out_trade_no"),
    _text("out_refund_no"),
    _text("attempt"),
    _whole("ours"),
    _whole("theirs"),
    _whole("found_ms"),
    _whole("settled"),
    info=LOCAL,
    sqlite_strict=True,
)
"""What the network's own bill of a day says otherwise than we do; written anew at each look."""
