"""What the whole brand sold and what needs a look, from the tables of meaning. Amounts in fen.

As known now: a till that is cut off brings its part when it comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from app.errors import Refusal
from app.pricing.windows import parse_from, parse_to
from sync.hub.tables import MEANING_TABLES

SALE, LINE, REFUND, REFUND_LINE, ACT, SELF, REDUCED = (
    MEANING_TABLES[name]
    for name in ("sale", "sale_line", "refund", "refund_line", "counter_act", "self_approval",
                 "reduction_given")
)  # fmt: skip
GROUPS = {
    "shop": ("shop", "shop"),
    "brand": ("brand", ""),
    "town": ("origin_town", ""),
    "origin": ("three_origin", "three_origin"),
    "tier": ("tier", "tier"),
    "channel": ("channel", "channel"),
    "category": ("category", "category"),
}
"""What sales are grouped by -> the column of a sale or its line, and of a refund."""
OF_A_SALE = ("shop", "channel")
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Sold:
    """One group: what was paid for goods, less what went back for them where that is known."""

    name: str
    receipts: int
    paid: int
    refunded: int

    @property
    def net(self) -> int:
        return self.paid - self.refunded


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything in the days."""

    receipts: int
    due: int
    refunds: int
    refunded: int

    @property
    def net(self) -> int:
        return self.due - self.refunded


@dataclass(frozen=True, slots=True)
class Exceptional:
    """How often somebody at a counter did what a manager asks about."""

    shop: str
    person: str
    removed: int
    cancelled: int
    overrides: int
    no_sale: int
    reprints: int
    self_approved: int
    amount: int
    """Of the removed lines and cancelled baskets."""


def totals(db: Connection, from_day: str, to_day: str) -> Totals:
    """Receipts and refunds of business days."""
    sold = db.execute(
        select(func.count(), func.coalesce(func.sum(SALE.c.due), 0)).where(
            SALE.c.day.between(from_day, to_day)
        )
    ).one()
    back = db.execute(
        select(func.count(), func.coalesce(func.sum(REFUND.c.amount), 0)).where(
            REFUND.c.day.between(from_day, to_day)
        )
    ).one()
    return Totals(int(sold[0]), int(sold[1]), int(back[0]), int(back[1]))


def sales_by(db: Connection, group: str, from_day: str, to_day: str) -> list[Sold]:
    """Sales grouped, the greatest first. Raises Refusal("no_such_group")."""
    if group not in GROUPS:
        raise Refusal("no_such_group")
    name, back_name = GROUPS[group]
    column = SALE.c[name] if name in OF_A_SALE else LINE.c[name]
    same = (LINE.c.shop == SALE.c.shop) & (LINE.c.sale == SALE.c.sale)
    rows = db.execute(
        select(column, func.count(SALE.c.sale.distinct()), func.sum(LINE.c.paid))
        .join_from(SALE, LINE, same)
        .where(SALE.c.day.between(from_day, to_day))
        .group_by(column)
    )
    back = _back(db, back_name, from_day, to_day)
    found = [
        Sold(str(name), int(receipts), int(paid), back.get(str(name), 0))
        for name, receipts, paid in rows
    ]
    return sorted(found, key=lambda each: (-each.paid, each.name))[:MOST_ROWS]


def _back(db: Connection, name: str, from_day: str, to_day: str) -> dict[str, int]:
    if not name:
        return {}
    column = REFUND.c[name] if name in OF_A_SALE else REFUND_LINE.c[name]
    same = (REFUND_LINE.c.shop == REFUND.c.shop) & (REFUND_LINE.c.refund == REFUND.c.refund)
    rows = db.execute(
        select(column, func.sum(REFUND_LINE.c.amount))
        .join_from(REFUND, REFUND_LINE, same)
        .where(REFUND.c.day.between(from_day, to_day))
        .group_by(column)
    )
    return {str(name): int(amount) for name, amount in rows}


def exceptions(db: Connection, from_day: str, to_day: str) -> list[Exceptional]:
    """By shop and cashier, whoever did most first."""
    counted: dict[tuple[str, str], dict[str, int]] = {}

    def count(rows: Sequence[Any], names: dict[str, str]) -> None:
        for shop, person, what, times, amount in rows:
            if what in names:
                one = counted.setdefault((shop, person), {})
                one[names[what]] = one.get(names[what], 0) + int(times)
                if names[what] in ("removed", "cancelled"):
                    one["amount"] = one.get("amount", 0) + int(amount or 0)

    here = ACT.c.day.between(from_day, to_day)
    acts = select(ACT.c.shop, ACT.c.person, ACT.c.what, func.count(), func.sum(ACT.c.amount))
    count(db.execute(acts.where(here).group_by(ACT.c.shop, ACT.c.person, ACT.c.what)).all(), _ACTS)
    its_sale = (REDUCED.c.shop == SALE.c.shop) & (REDUCED.c.fact == SALE.c.sale)
    reduced = (
        select(REDUCED.c.shop, REDUCED.c.person, REDUCED.c.kind, func.sum(REDUCED.c.times),
               func.sum(REDUCED.c.amount))
        .join_from(REDUCED, SALE, its_sale)
        .where(SALE.c.day.between(from_day, to_day))
        .group_by(REDUCED.c.shop, REDUCED.c.person, REDUCED.c.kind)
    )  # fmt: skip
    count(db.execute(reduced).all(), {"override": "overrides"})
    approved = (
        select(SELF.c.shop, SELF.c.person, func.count())
        .where(SELF.c.order_ms.between(*_moments(from_day, to_day)))
        .group_by(SELF.c.shop, SELF.c.person)
    )
    count(
        [(shop, person, "self", times, 0) for shop, person, times in db.execute(approved)],
        {"self": "self_approved"},
    )
    found = [
        Exceptional(shop, person, **{name: one.get(name, 0) for name in _FIELDS})
        for (shop, person), one in counted.items()
    ]
    return sorted(
        found,
        key=lambda e: (-(e.removed + e.cancelled + e.overrides + e.no_sale + e.self_approved),
                       e.shop, e.person),
    )[:MOST_ROWS]  # fmt: skip


_ACTS = {
    "line_removed": "removed",
    "basket_cancelled": "cancelled",
    "drawer_opened": "no_sale",
    "reprinted": "reprints",
}
_FIELDS = (
    "removed", "cancelled", "overrides", "no_sale", "reprints", "self_approved", "amount"
)  # fmt: skip


def _moments(from_day: str, to_day: str) -> tuple[int, int]:
    return parse_from(from_day), parse_to(to_day)
