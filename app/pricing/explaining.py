"""Why a line costs what it costs: the rules that lowered it, and why the others did not."""

from collections.abc import Sequence

import msgspec

from app.facts.pricing import Promotion
from app.money import yuan
from app.pricing.baskets import apply_spending, apply_swaps, missing
from app.pricing.items import ITEM_KINDS, class_of, meant
from app.pricing.lines import LineToPrice, Working
from app.pricing.rules import price_goods


class NotApplied(msgspec.Struct, frozen=True):
    """A promotion that speaks of a line's goods and took nothing off it."""

    code: str
    name: str
    reason: str


def not_applied(
    lines: Sequence[LineToPrice], promotions: Sequence[Promotion], number: int
) -> list[NotApplied]:
    """Of the promotions a basket may have, those that did nothing for one line, by code."""
    used: dict[str, int] = {}
    working = price_goods(lines, promotions, used)
    at_spending = list(working)
    apply_swaps(working, promotions, used)
    work = next(each for each in working if each.line.line == number)
    before = {each.code: missing(at_spending, each) for each in promotions if each.steps}
    apply_spending(working, promotions, used)
    applied = {each.rule for each in work.reductions}
    return [
        NotApplied(each.code, each.name, _reason(each, work, promotions, before.get(each.code, 0)))
        for each in sorted(promotions, key=lambda each: each.code)
        if each.code not in applied and _speaks_of(each, work)
    ]


def _speaks_of(promotion: Promotion, work: Working) -> bool:
    named = {*promotion.products, *promotion.gifts, *(part.product for part in promotion.parts)}
    return not named or work.line.product in named


def _reason(
    promotion: Promotion, work: Working, promotions: Sequence[Promotion], short: int
) -> str:
    if not work.line.reducible:
        return "不参加任何优惠"
    if not meant(promotion, work):
        return "这一行放进来时不在促销时间内"
    if promotion.kind == "member" and work.promoted:
        return "促销商品不再享受会员价"
    if short:
        return f"还差 {yuan(short)}"
    applied = {each.rule for each in work.reductions}
    for other in promotions:
        if other.code in applied and class_of(other) == class_of(promotion):
            return f"与“{other.name}”同类，取了更省的那个"
    if promotion.kind in ITEM_KINDS and promotion.kind not in ("item_price", "percent"):
        return "件数不够"
    return "不比现价低"
