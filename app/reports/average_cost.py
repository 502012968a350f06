"""全月一次加权平均: what a product cost on average in a month, for the bookkeeper.

The books themselves know each lot's own cost; this is a report over their movements. Quantities in
thousandths, values in 1/10000 fen per unit times thousandths, averages in 1/10000 fen per unit.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, Text, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from app.money import divide_half_up
from app.reports.grouping import CHINA_MS
from app.stock.tables import movement

INTO = ("received", "arrived")
"""What brings a price along; everything else moves at the average."""


class _month(GenericFunction[str]):
    """The month in China ("2026-12") of milliseconds, in the words of each database."""

    type = Text()
    inherit_cache = True


@compiles(_month, "sqlite")
def _sqlite(element: _month, compiler: SQLCompiler, **how: Any) -> str:
    moment = compiler.process(element.clauses, **how)
    return f"strftime('%Y-%m', ({moment} + {CHINA_MS}) / 1000, 'unixepoch')"


@compiles(_month, "postgresql")
def _postgresql(element: _month, compiler: SQLCompiler, **how: Any) -> str:
    moment = compiler.process(element.clauses, **how)
    seconds = f"to_timestamp(({moment} + {CHINA_MS}) / 1000)"
    return f"to_char({seconds} AT TIME ZONE 'UTC', 'YYYY-MM')"


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


def began_ms(month: str) -> int:
    """When a month ("2026-12") began in China, UTC milliseconds."""
    return (date.fromisoformat(f"{month}-01") - date(1970, 1, 1)).days * 86_400_000 - CHINA_MS


def ended_ms(month: str) -> int:
    """When a month ("2026-12") was over in China, UTC milliseconds."""
    year, number = int(month[:4]), int(month[5:])
    next_month = date(year + number // 12, number % 12 + 1, 1)
    return (next_month - date(1970, 1, 1)).days * 86_400_000 - CHINA_MS


def average_costs(
    db: Connection, shops: Sequence[str], month: str, movement: Table = movement
) -> dict[tuple[str, str], Average]:
    """Every product that moved until a month ("2026-12"), as that month closed, by shop and
    product: a shop's goods cost what that shop paid."""
    when = _month(movement.c.order_ms)
    came = movement.c.reason.in_(INTO)
    rows = db.execute(
        select(
            movement.c.shop,
            movement.c.product,
            when.label("month"),
            func.sum(case((came, movement.c.quantity), else_=0)),
            func.sum(case((came, movement.c.quantity * movement.c.unit_cost), else_=0)),
            func.sum(case((came, 0), else_=movement.c.quantity)),
        )
        .where(movement.c.shop.in_(shops), movement.c.order_ms < ended_ms(month))
        .group_by(movement.c.shop, movement.c.product, when)
    )
    months: dict[tuple[str, str], list[Month]] = {}
    for shop, product, *said in rows:
        months.setdefault((shop, product), []).append(Month(said[0], *map(int, said[1:])))
    return {
        where: _closed(averages(sorted(each, key=lambda one: one.month)), month)
        for where, each in sorted(months.items())
    }


def _closed(found: list[Average], month: str) -> Average:
    """The month's own row; in a month without a movement what the last one left."""
    last = found[-1]
    if last.month == month:
        return last
    return Average(month, last.closing, 0, last.average, last.closing, last.closing_value)
