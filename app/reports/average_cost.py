"""全月一次加权平均: what a product cost on average in a month, for the bookkeeper.

The books themselves know each lot's own cost; this is a report over their movements. Quantities in
thousandths, values in 1/10000 fen per unit times thousandths, averages in 1/10000 fen per unit.
"""

from collections.abc import Iterable

import msgspec
from sqlalchemy import ColumnElement, Connection, case, func, literal_column, select

from app.money import divide_half_up
from app.stock.tables import movement

INTO = ("received", "arrived")
"""What brings a price along; everything else moves at the average."""
_MONTH = "strftime('%Y-%m', (order_ms + 28800000) / 1000, 'unixepoch')"


class Month(msgspec.Struct, frozen=True):
    """What happened to one product in a month."""

    month: str
    came: int
    came_value: int
    other: int
    """Everything else, signed."""


class Average(msgspec.Struct, frozen=True):
    """One product's month: at its begin, what came, what it cost on average, at its end."""

    month: str
    opening: int
    came: int
    average: int
    closing: int
    closing_value: int


def averages(months: Iterable[Month]) -> list[Average]:
    """Month by month, each beginning with what the one before left. Pure.

    A month that begins below nothing (sold before received) begins without value.
    """
    quantity = value = last = 0
    found = []
    for each in months:
        opening = quantity
        base = max(0, quantity) + each.came
        whole = (value if quantity > 0 else 0) + each.came_value
        average = divide_half_up(whole, base) if base > 0 else last
        quantity = opening + each.came + each.other
        value = max(0, quantity) * average
        last = average
        found.append(Average(each.month, opening, each.came, average, quantity, value))
    return found


def average_costs(db: Connection, shop: str, month: str) -> dict[str, Average]:
    """Every product that moved until a month ("2026-12"), as that month closed."""
    when: ColumnElement[str] = literal_column(_MONTH)
    came = movement.c.reason.in_(INTO)
    rows = db.execute(
        select(
            movement.c.product,
            when.label("month"),
            func.sum(case((came, movement.c.quantity), else_=0)),
            func.sum(case((came, movement.c.quantity * movement.c.unit_cost), else_=0)),
            func.sum(case((came, 0), else_=movement.c.quantity)),
        )
        .where(movement.c.shop == shop, when <= month)
        .group_by(movement.c.product, when)
        .order_by(movement.c.product, when)
    )
    months: dict[str, list[Month]] = {}
    for product, name, quantity, value, other in rows:
        months.setdefault(product, []).append(Month(name, int(quantity), int(value), int(other)))
    return {product: _closed(averages(each), month) for product, each in months.items()}


def _closed(found: list[Average], month: str) -> Average:
    """The month's own row; in a month without a movement what the last one left."""
    last = found[-1]
    if last.month == month:
        return last
    return Average(month, last.closing, 0, last.average, last.closing, last.closing_value)
