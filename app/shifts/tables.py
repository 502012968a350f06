"""Days, shifts, takings and cash. Amounts in fen."""

from sqlalchemy import Column, Index, Integer, Table, Text

from app.rows import MEANING, METADATA, SumOf


def _rows(name: str, *columns: Column[object] | Index) -> Table:
    """A table of rows keyed by the fact that made them."""
    return Table(
        name,
        METADATA,
        Column("shop", Text, primary_key=True),
        Column("fact", Text, primary_key=True),
        Column("till", Text, nullable=False),
        *columns,
        info=MEANING,
        sqlite_strict=True,
    )


def _text(name: str) -> Column[object]:
    return Column(name, Text, nullable=False)


def _whole(name: str) -> Column[object]:
    return Column(name, Integer, nullable=False)


day_opened = _rows("day_opened", _text("day"), _text("journal"), _whole("seq"), _whole("order_ms"))
day_closed = _rows(
    "day_closed",
    _text("day"),
    _whole("part"),
    _text("journal"),
    _whole("from_seq"),
    _whole("to_seq"),
    _whole("gross"),
    _whole("refunds"),
    _whole("net"),
    _whole("grand_total"),
    _whole("seq"),
    _whole("order_ms"),
)
shift_opened = _rows(
    "shift_opened",
    _text("day"),
    _text("drawer"),
    _text("person"),
    _whole("float_fen"),
    _whole("order_ms"),
    Index("ix_shift_opened_till", "shop", "till", "order_ms"),
)
"""A shift's id is the id of the fact that opened it."""
shift_closed = _rows(
    "shift_closed",
    _text("day"),
    _text("shift"),
    _text("person"),
    _whole("counted"),
    _whole("expected"),
    _whole("uncounted"),
    _whole("unconfirmed"),
    _whole("order_ms"),
    Index("ix_shift_closed_shift", "shop", "shift"),
)
drawer_count = _rows(
    "drawer_count",
    _text("day"),
    _text("shift"),
    _text("person"),
    _whole("counted"),
    _whole("expected"),
    _whole("verifies"),
    _whole("order_ms"),
    Index("ix_drawer_count_shift", "shop", "shift"),
)
"""Counts that were looked at before a turn was closed."""
shift_counted = _rows(
    "shift_counted",
    _text("day"),
    _text("shift"),
    _text("person"),
    _whole("counted"),
    _whole("expected"),
    _whole("unconfirmed"),
    _whole("order_ms"),
    Index("ix_shift_counted_shift", "shop", "shift"),
)
"""Counts that came after the cut-off hour had ended the turn."""
difference_confirmed = _rows(
    "difference_confirmed",
    _text("day"),
    _text("shift"),
    _text("person"),
    _whole("difference"),
    _whole("order_ms"),
    Index("ix_difference_confirmed_shift", "shop", "shift"),
)
counter_act = _rows(
    "counter_act",
    _text("day"),
    _text("shift"),
    _text("person"),
    _text("what"),
    _text("detail"),
    _whole("amount"),
    _text("journal"),
    _whole("seq"),
    _whole("order_ms"),
    Index("ix_counter_act_day", "shop", "till", "day"),
)
"""What a manager asks about at closing: openings, removed lines, cancelled baskets, reprints."""

taking = Table(
    "taking",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("till", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("shift", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("tender", Text, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("given", Integer, nullable=False),
    Column("journal", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Index("ix_taking_shift", "shop", "till", "shift"),
    Index("ix_taking_day", "shop", "till", "day"),
    info=MEANING,
    sqlite_strict=True,
)
"""One row per tender of a sale, and per cash movement: X and Z read only these."""

turnover = _rows(
    "turnover",
    _text("day"),
    _text("shift"),
    _text("person"),
    _text("channel"),
    _whole("sales"),
    _whole("gross"),
    _whole("refunds"),
    _whole("rounding"),
    _whole("tax"),
    _text("journal"),
    _whole("seq"),
    Index("ix_turnover_day", "shop", "till", "day"),
)
"""One row per sale or refund: what it took after reductions and 抹零, or gave back."""

tax_taken = Table(
    "tax_taken",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("tax_class", Text, primary_key=True),
    Column("rate", Integer, primary_key=True),
    Column("till", Text, nullable=False),
    Column("paid", Integer, nullable=False),
    Column("tax", Integer, nullable=False),
    Column("journal", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)
"""One row per sale or refund and tax class; what came back is negative."""

reduction_given = Table(
    "reduction_given",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("till", Text, nullable=False),
    Column("shift", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("journal", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)
"""What a person, not a rule, took off in one sale: overrides and discounts."""

drawer_cash = Table(
    "drawer_cash",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("till", Text, primary_key=True),
    Column("shift", Text, primary_key=True),
    Column("tender", Text, primary_key=True),
    Column("taken", Integer, nullable=False),
    Column("given", Integer, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)
"""Per shift and tender; the float is a taking too, so cash taken less given is what should lie."""

SUMS = (SumOf(drawer_cash, taking, {"taken": "taken", "given": "given"}),)
