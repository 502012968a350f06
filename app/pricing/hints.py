"""What is worth saying to the customer before they pay: how little is missing, what may be added.

Pure, and only words: nothing here changes a price.
"""

from collections.abc import Mapping, Sequence

import msgspec

from app.facts.pricing import Promotion, Step
from app.pricing.baskets import apply_swaps, swaps
from app.pricing.items import meant
from app.pricing.lines import LineToPrice, Working
from app.pricing.rules import price_goods


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to say. Fen."""

    kind: str
    """swap: add-on goods may be had now; swap_short, spend: `missing` until the next step;
    cap: this member has had it as often as anybody may; used_up: before this basket already."""
    promotion: Promotion
    missing: int = 0
    step: Step | None = None


def hints(
    lines: Sequence[LineToPrice],
    promotions: Sequence[Promotion],
    offers: Sequence[Promotion],
    used: Mapping[str, int],
) -> list[Hint]:
    """Of the promotions a basket may have and the swaps on offer; the nearest of a kind first.

    `used` is how often each lowered this basket.
    """
    spent_so_far: dict[str, int] = {}
    working = price_goods(lines, promotions, spent_so_far)
    found = [hint for each in offers if (hint := _swap(working, each, used)) is not None]
    apply_swaps(working, promotions, spent_so_far)
    spending = [each for each in promotions if each.kind == "spend_get"]
    found += [hint for each in spending if (hint := _spend(working, each)) is not None]
    found += [
        Hint(kind="cap", promotion=each)
        for each in promotions
        if each.member_cap and 0 < each.basket_cap <= used.get(each.code, 0)
    ]
    return sorted(found, key=lambda each: (_ORDER[each.kind], each.missing, each.promotion.code))


_ORDER = {"swap": 0, "spend": 1, "swap_short": 1, "cap": 2, "used_up": 2}


def _swap(lines: Sequence[Working], promotion: Promotion, used: Mapping[str, int]) -> Hint | None:
    step = promotion.steps[0]
    if swaps(lines, promotion):
        if used.get(promotion.code, 0) or _lies_there(lines, promotion):
            return None
        return Hint(kind="swap", promotion=promotion, step=step)
    spent = sum(
        work.net
        for work in lines
        if work.line.reducible and work.line.product not in promotion.products
    )
    if not spent:
        return None
    return Hint(kind="swap_short", promotion=promotion, missing=step.spend - spent, step=step)


def _lies_there(lines: Sequence[Working], promotion: Promotion) -> bool:
    return any(work.line.product in promotion.products for work in lines)


def _spend(lines: Sequence[Working], promotion: Promotion) -> Hint | None:
    """How much until the next step, or until the same step counts once more (每满)."""
    spent = sum(work.net for work in lines if meant(promotion, work))
    if not spent:
        return None
    ahead = [step for step in promotion.steps if step.spend > spent]
    if ahead:
        step = min(ahead, key=lambda each: each.spend)
        return Hint(kind="spend", promotion=promotion, missing=step.spend - spent, step=step)
    step = max(promotion.steps, key=lambda each: each.spend)
    times = spent // step.spend
    full = promotion.most_off and step.off * times >= promotion.most_off
    if not promotion.repeats or full or 0 < promotion.basket_cap <= times:
        return None
    missing = step.spend * (times + 1) - spent
    return Hint(kind="spend", promotion=promotion, missing=missing, step=step)
