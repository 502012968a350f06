"""Console commands about prices: lists, promotions, trying one on past receipts, why a price."""

from typing import Any

import msgspec

from app.clock import iso
from app.errors import Refusal
from app.facts.pricing import KitPiece, ListedPrice, Promotion, Step
from app.money import parse_yuan, yuan
from app.pricing.actions import (
    check,
    set_prices,
    set_promotion,
    withdraw_prices,
    withdraw_promotion,
)
from app.pricing.lines import WHOLE
from app.pricing.rules import ORDER, parse_percent_off
from app.pricing.windows import DAY_MS, parse_from, parse_to
from app.quantity import shown
from app.reports.tasks import SKEW_WARNS_MS
from app.sales.explaining import why_line
from app.sales.trying import Trial, sold_on, try_promotion
from app.text import clean
from app.transaction import transaction
from ui.console import Answer, Commands, Seat
from ui.console_answers import basket_answer, reductions_answer

PRICES = Commands()
command = PRICES.add
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


class Listing(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One line of a price list, in yuan per unit."""

    product: str
    price: str
    floor: str = "0"


def _now(seat: Seat) -> int:
    with seat.books.read() as db:
        return seat.desk.prices.moment(db)


def _published(seat: Seat, document: str, seq: int) -> Answer:
    answer: Answer = {"version": str(seq), "document": document}
    if warnings := _warnings(seat):
        answer["warnings"] = warnings
    return answer


def _warnings(seat: Seat) -> list[str]:
    """What a person should see before they trust dated prices."""
    skew = abs(seat.books.journal.guard.skew_ms())
    return [f"时钟走偏了 {skew // 1000} 秒，限时价格会跟着偏"] if skew > SKEW_WARNS_MS else []


@command
def price_list(
    seat: Seat,
    *,
    from_: str = "",
    to: str = "",
    group: str = "",
    zone: str = "",
    lines: list[Listing] | None = None,
    withdraw: str = "",
) -> Answer:
    seat.desk.allowed("catalogue", approver=seat.approver)
    from_ms = parse_from(from_) if from_ else _now(seat)
    listed = [
        ListedPrice(
            product=clean(each.product, most=40),
            price=parse_yuan(each.price),
            floor=parse_yuan(each.floor),
        )
        for each in lines or []
    ]
    with transaction(seat.books, staff=seat.desk.person) as tx:
        if withdraw:
            document = clean(withdraw, most=40)
            withdraw_prices(tx, document)
        else:
            document = set_prices(
                tx,
                listed,
                from_ms=from_ms,
                to_ms=parse_to(to),
                group=clean(group, most=20),
                zone=clean(zone, most=20),
            )
        seq = tx.entries[-1].envelope.seq
    return _published(seat, document, seq)


@command
def promotion(
    seat: Seat,
    *,
    code: str,
    name: str = "",
    kind: str = "",
    from_: str = "",
    to: str = "",
    products: list[str] | None = None,
    params: dict[str, Any] | None = None,
    stacking: str = "",
    try_: str = "",
    withdraw: bool = False,
) -> Answer:
    seat.desk.allowed("catalogue", approver=seat.approver)
    wanted = clean(code, most=40)
    if withdraw:
        with transaction(seat.books, staff=seat.desk.person) as tx:
            withdraw_promotion(tx, wanted)
            seq = tx.entries[-1].envelope.seq
        return _published(seat, "", seq)
    rule = Promotion(
        code=wanted,
        name=clean(name, most=60) or wanted,
        kind=kind,
        from_ms=parse_from(from_) if from_ else _now(seat),
        to_ms=parse_to(to),
        products=tuple(dict.fromkeys(clean(each, most=40) for each in products or [])),
        stacking=clean(stacking, most=40),
        **promotion_params(params or {}),
    )
    if try_:
        return _try(seat, rule, try_)
    with transaction(seat.books, staff=seat.desk.person) as tx:
        document = set_promotion(tx, rule)
        seq = tx.entries[-1].envelope.seq
    return _published(seat, document, seq)


def promotion_params(params: dict[str, Any]) -> dict[str, Any]:
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


def _try(seat: Seat, rule: Promotion, day: str) -> Answer:
    """What the promotion would have done on a day's receipts; nothing is published."""
    parse_from(day)
    with seat.books.read() as db:
        check(db, seat.books.shop, rule)
        standing = [each.promotion for each in seat.desk.prices.published(db)]
        receipts = sold_on(db, seat.books.shop, day)
        trial = try_promotion(db, seat.books.shop, receipts, rule, standing)
    return _trial_answer(trial)


def _trial_answer(trial: Trial) -> Answer:
    return {
        "tried": {
            "receipts": trial.receipts,
            "changed": [
                {
                    "number": each.number,
                    "before": yuan(each.before),
                    "after": yuan(each.after),
                    "effect": yuan(each.after - each.before),
                }
                for each in trial.changed
            ],
            "before": yuan(trial.before),
            "after": yuan(trial.after),
            "effect": yuan(trial.after - trial.before),
            "products": [
                {
                    "product": each.product,
                    "name": each.name,
                    "quantity": shown(each.quantity, weighed=False),
                    "effect": yuan(each.off),
                }
                for each in trial.products
            ],
            "below_floor": list(trial.below_floor),
            "below_cost": list(trial.below_cost),
        }
    }


@command
def use_code(seat: Seat, *, code: str) -> Answer:
    return {"name": seat.counter.use_code(code), "basket": basket_answer(seat.counter)}


@command
def why(seat: Seat, *, line: int) -> Answer:
    found = why_line(seat.counter, line)
    return {
        "rules": [
            {
                "kind": found.kind,
                "name": found.name,
                "amount": yuan(found.amount),
                "list": found.price_list,
            },
            *reductions_answer(found.reductions),
        ],
        "not_applied": [
            {"code": each.code, "name": each.name, "reason": each.reason}
            for each in found.not_applied
        ],
        "unit_price": yuan(found.unit_price),
        "quantity": found.quantity,
        "net": yuan(found.net),
        "order": [words for _, words in ORDER],
    }


@command
def tags_due(seat: Seat, *, until: str = "") -> Answer:
    """Prices that change until then: until the end of tomorrow unless said otherwise."""
    now = _now(seat)
    end = parse_to(until or iso(now + DAY_MS)[:10]) - 1
    with seat.books.read() as db:
        changes = seat.desk.prices.changes(db, now, end)
    return {
        "tags": [
            {
                "product": each.product.code,
                "name": each.product.name,
                "at": iso(each.moment),
                "before": yuan(each.before),
                "after": yuan(each.after),
            }
            for each in changes
        ],
        "warnings": _warnings(seat),
    }
