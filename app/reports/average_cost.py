"""全月一次加权平均: what a product cost on average in a month, for the bookkeeper.

The books themselves know each lot's own cost; this is a report over their movements. Quantities in
thousandths, values in 1/10000 fen per unit times thousandths, averages in 1/10000 fen per unit.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from app.money import divide_half_up
from app.reports.grouping import CHINA_MS


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
    moved: Mapping[tuple[str, str, str], tuple[int, ...]], month: str
) -> dict[tuple[str, str], Average]:
    """Every product that moved until a month ("2026-12"), as that month closed, by shop and
    product: a shop's goods cost what that shop paid. `moved`: what came, its value and all else,
    by shop, product and month."""
    months: dict[tuple[str, str], list[Month]] = {}
    for (shop, product, when), sums in sorted(moved.items()):
        if when <= month:
            months.setdefault((shop, product), []).append(Month(when, *sums))
    return {where: _closed(averages(each), month) for where, each in months.items()}


def _closed(found: list[Average], month: str) -> Average:
    """The month's own row; in a month without a movement what the last one left."""
    last = found[-1]
    if last.month == month:
        return last
    return Average(month, last.closing, 0, last.average, last.closing, last.closing_value)
