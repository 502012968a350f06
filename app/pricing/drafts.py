"""Prices and promotions as a person writes them, before they are facts.

Console and window both fill these; what they mean is said here alone. Amounts are yuan as text,
moments a date ("2026-12-12", the whole day) or a time with zone, "" = from now on, without end.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from app.errors import Refusal
from app.facts.pricing import KitPiece, ListedPrice, Promotion, Step
from app.money import parse_yuan
from app.pricing.lines import WHOLE
from app.pricing.rules import parse_percent_off
from app.pricing.windows import parse_from, parse_to
from app.text import clean

WAYS: dict[str, tuple[str, ...]] = {
    "price": ("price",),
    "percent": ("percent", "percent_off"),
    "base": ("base", "base_price", "was", "original_price"),
    "n": ("n", "nth", "every", "buy"),
    "get": ("get", "free"),
    "gifts": ("gifts",),
    "spend": ("spend", "threshold", "full", "min_spend"),
    "off": ("off", "amount", "amount_off", "minus"),
    "steps": ("steps", "tiers"),
    "repeats": ("repeat", "repeats"),
    "most_off": ("most_off", "cap", "max_off"),
    "parts": ("parts",),
    "basket_cap": ("per_basket", "basket_cap"),
    "member_cap": ("per_member", "member_cap"),
    "needs_code": ("code",),
    "weekdays": ("weekdays",),
    "hours": ("hours",),
}
"""Spellings of a promotion's params -> what they mean."""
_NAMES = {way: name for name, ways in WAYS.items() for way in ways}


class Listing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of a price list, in yuan per unit."""

    product: str
    price: str
    floor: str = "0"


class PriceListDraft(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A price list somebody is about to publish."""

    from_: str = ""
    to: str = ""
    group: str = ""
    zone: str = ""
    lines: Sequence[Listing] = ()


class PromotionDraft(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A promotion somebody is about to publish or to try."""

    code: str
    name: str = ""
    kind: str = ""
    from_: str = ""
    to: str = ""
    products: Sequence[str] = ()
    params: Mapping[str, Any] = {}
    stacking: str = ""


def listed_prices(draft: PriceListDraft) -> list[ListedPrice]:
    """The lines of a price list as values. Raises Refusal("bad_amount")."""
    return [
        ListedPrice(
            product=clean(each.product, most=40),
            price=parse_yuan(each.price),
            floor=parse_yuan(each.floor),
        )
        for each in draft.lines
    ]


def promotion_of(draft: PromotionDraft, now: int) -> Promotion:
    """The promotion a draft means, valid from `now` (trusted ms) when it does not say.

    Raises Refusal: bad_promotion that names the param, bad_amount, bad_discount, bad_time.
    """
    code = clean(draft.code, most=40)
    return Promotion(
        code=code,
        name=clean(draft.name, most=60) or code,
        kind=draft.kind,
        from_ms=parse_from(draft.from_) if draft.from_ else now,
        to_ms=parse_to(draft.to),
        products=tuple(dict.fromkeys(clean(each, most=40) for each in draft.products)),
        stacking=clean(draft.stacking, most=40),
        **promotion_params(draft.params),
    )


def promotion_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """A promotion's own fields out of what a person wrote.

    Raises Refusal("bad_promotion") that names the param; bad_amount, bad_discount.
    """
    given: dict[str, Any] = {}
    for way, value in params.items():
        if (name := _NAMES.get(way)) is None or name in given:
            raise Refusal("bad_promotion", field=clean(way, most=40))
        given[name] = value
    fields: dict[str, Any] = {}
    for name in ("price", "base", "most_off"):
        if name in given:
            fields[name] = parse_yuan(given[name])
    for name in ("n", "get", "basket_cap", "member_cap"):
        if name in given:
            fields[name] = _whole(given[name], name)
    if "percent" in given:
        fields["permille"] = _permille(given["percent"])
    if "needs_code" in given:
        fields["needs_code"] = clean(str(given["needs_code"]), most=40).upper()
    fields["repeats"] = int(bool(given.get("repeats")))
    for name, one in (("weekdays", int), ("hours", str), ("gifts", str)):
        fields[name] = _several(given.get(name, []), one, name)
    fields["steps"] = _steps(given)
    fields["parts"] = _parts(given.get("parts", {}))
    return fields


def _whole(value: object, field: str) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:6])
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1_000_000:
        raise Refusal("bad_promotion", field=field)
    return value


def _permille(value: object) -> int:
    return WHOLE if str(value) == "100" else parse_percent_off(str(value)[:10])


def _several(value: object, one: type, field: str) -> tuple[Any, ...]:
    if not isinstance(value, list) or not all(type(each) is one for each in value):
        raise Refusal("bad_promotion", field=field)
    return tuple(clean(each, most=40) if one is str else each for each in value)


def _steps(given: dict[str, Any]) -> tuple[Step, ...]:
    steps = given.get("steps")
    if steps is None:
        steps = [given] if "spend" in given else []
    if not isinstance(steps, list) or not all(isinstance(each, dict) for each in steps):
        raise Refusal("bad_promotion", field="steps")
    return tuple(_step(each) for each in steps)


def _step(given: dict[str, Any]) -> Step:
    named = {_NAMES.get(way, way): value for way, value in given.items()}
    percent = named.get("percent")
    return Step(
        spend=parse_yuan(named.get("spend", "")),
        off=parse_yuan(named.get("off", "0")),
        permille=_permille(percent) if percent is not None else 0,
    )


def _parts(given: object) -> tuple[KitPiece, ...]:
    if not isinstance(given, dict):
        raise Refusal("bad_promotion", field="parts")
    return tuple(
        KitPiece(product=clean(product, most=40), pieces=_whole(pieces, "parts"))
        for product, pieces in sorted(given.items())
    )
