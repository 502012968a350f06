"""What may be taken in, under which papers and at what cost. Pure."""

import re
from collections.abc import Sequence
from datetime import date

import msgspec

from app.errors import Refusal
from app.facts.catalogue import Product
from app.quantity import shown
from app.stock.costs import permille
from app.text import clean

EARLIEST, LATEST = "2000-01-01", "2099-12-31"
"""Dates outside are typing slips; nothing a shop sells is older or lasts longer."""
LEVELS = {
    "": "",
    **dict.fromkeys(("county", "县", "县级", "dual", "双", "双标"), "county"),
    **dict.fromkeys(("town", "镇", "镇级"), "town"),
}
"""认定: goods of the county's level may carry both marks, so 双 asks for no more than 县."""
WARMEST = {"chilled_dated": 40, "frozen_dated": -180}
"""Tenths of a degree by kind of shelf life; warmer on arrival is worth a look."""
DATED = ("chilled_dated", "frozen_dated", "ambient_dated")
THIN_PERMILLE = 100
"""A margin below a tenth is worth a look."""
_TEMPERATURE = re.compile(r"([-−]?)(\d{1,2})(?:\.(\d))?")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """One line as somebody said it, in values. `expected` -1 = nobody said how much would come."""

    product: str
    quantity: int
    unit_cost: int
    lot: str = ""
    """The id of a lot that is known before it comes, "" = a new one."""
    batch: str = ""
    made: str = ""
    expires: str = ""
    certificate: str = ""
    village: str = ""
    report: str = ""
    level: str = ""
    floor: int = 0
    expected: int = -1
    reason: str = ""
    box: str = ""
    place: str = "shelf"


class Look(msgspec.Struct, frozen=True):
    """What is worth a look before a line is posted; amounts as in facts, margin in ‰."""

    product: str
    cost_before: int
    """Of the lot received last, 0 = there was none."""
    change: int
    """Thousandths by which the cost rose (or fell)."""
    margin: int
    warnings: tuple[str, ...]
    """cost_changed, below_cost, margin_low, date_missing, too_warm."""


def iso_date(text: str) -> str:
    """An ISO date that can stand on goods, "" for none. Raises Refusal("bad_date")."""
    text = text.strip()
    if not text:
        return ""
    try:
        found = date.fromisoformat(text).isoformat()
    except ValueError:
        found = ""
    if not EARLIEST <= found <= LATEST:
        raise Refusal("bad_date", text=clean(text, most=20))
    return found


def level_of(text: str) -> str:
    """认定 as a fact says it. Raises Refusal("bad_level")."""
    if (found := LEVELS.get(text.strip())) is None:
        raise Refusal("bad_level", text=clean(text, most=20))
    return found


def temperature_of(text: str) -> str:
    """Degrees Celsius with at most one decimal, "" for none. Raises Refusal("bad_temperature")."""
    text = text.strip()
    if not text:
        return ""
    match = _TEMPERATURE.fullmatch(text)
    if match is None:
        raise Refusal("bad_temperature", text=clean(text, most=20))
    sign, whole, part = match.groups()
    return f"{'-' if sign else ''}{int(whole)}.{part or '0'}"


def check(wanted: Wanted, one: Product, today: str, approval_no: str) -> None:
    """See that a line may be taken in.

    Raises Refusal: not_goods, no_certificate, bad_date (made later than today, or than it ends),
    lot_expired (on arrival), below_floor (and nobody's approval number).
    """
    if one.kind != "goods":
        raise Refusal("not_goods", name=one.name)
    if one.needs_farm_certificate and not wanted.certificate:
        raise Refusal("no_certificate", name=one.name, word="承诺达标合格证", kind="farm")
    if wanted.made > today:
        raise Refusal("bad_date", text=wanted.made)
    if wanted.expires and wanted.made > wanted.expires:
        raise Refusal("bad_date", text=wanted.expires)
    if wanted.expires and wanted.expires < today:
        raise Refusal("lot_expired", name=one.name, expires=wanted.expires, kind="arrival")
    if wanted.unit_cost < wanted.floor and not approval_no:
        raise Refusal("below_floor", name=one.name, kind="cost")


def check_sums(wanted: Sequence[Wanted], rest: dict[str, int], known: dict[str, Product]) -> None:
    """More than what is still on its way needs a reason. Raises Refusal("more_than_dispatched")."""
    for product, on_the_way in rest.items():
        lines = [each for each in wanted if each.product == product]
        total = sum(each.quantity for each in lines)
        if total > on_the_way and not any(each.reason for each in lines):
            one = known[product]
            weighed = bool(one.weighed)
            raise Refusal(
                "more_than_dispatched",
                name=one.name,
                quantity=shown(total, weighed=weighed),
                expected=shown(on_the_way, weighed=weighed),
            )


def look_at(wanted: Wanted, one: Product, *, before: int, price: int, temperature: str) -> Look:
    """What a person should see of a line: cost against last time, margin, dates, warmth.

    `price` is today's in fen per unit, `before` the cost of the lot that came last.
    """
    cost = wanted.unit_cost
    change = permille(cost - before, before) if before else 0
    margin = permille(price * 10_000 - cost, price * 10_000)
    warnings = []
    if before and cost != before:
        warnings.append("cost_changed")
    if price and cost > price * 10_000:
        warnings.append("below_cost")
    elif price and margin < THIN_PERMILLE:
        warnings.append("margin_low")
    if one.shelf_life in DATED and not wanted.expires:
        warnings.append("date_missing")
    warmest = WARMEST.get(one.shelf_life)
    if temperature and warmest is not None and _tenths(temperature) > warmest:
        warnings.append("too_warm")
    return Look(one.code, before, change, margin, tuple(warnings))


def _tenths(temperature: str) -> int:
    return int(temperature.replace(".", ""))
