"""Promotions on what is spent: 换购 first, then 满减 and codes. Bags and deposits stay outside."""

from collections.abc import Sequence

from app.facts.pricing import Promotion, Step
from app.money import split
from app.pricing.items import by_class, meant
from app.pricing.lines import Working, price_after

Lines = Sequence[Working]


def apply_swaps(lines: Lines, promotions: Sequence[Promotion], used: dict[str, int]) -> None:
    """换购: from so much spent on other goods on, add-on pieces cost the swap's price."""
    for name, rules in by_class([each for each in promotions if each.kind == "swap"]):
        for promotion in rules:
            of = [each for each in lines if meant(promotion, each) and name not in each.classes]
            times = swaps(lines, promotion)
            for work in sorted(of, key=lambda each: each.sort_key()):
                pieces = min(work.pieces, times)
                off = _swap_off(work, pieces, promotion.price)
                if off < 0:
                    times -= pieces
                    used[promotion.code] = used.get(promotion.code, 0) + pieces
                    work.reduce(promotion.code, "promotion", promotion.name, off)
                    work.piece = None
                    work.classes.add(name)


def swaps(lines: Lines, promotion: Promotion) -> int:
    """How many add-on pieces what was spent allows."""
    spent = sum(
        work.net
        for work in lines
        if work.line.reducible and work.line.product not in promotion.products
    )
    times = spent // promotion.steps[0].spend
    if not promotion.repeats:
        times = min(times, promotion.basket_cap or 1)
    return min(times, promotion.basket_cap) if promotion.basket_cap else times


def _swap_off(work: Working, pieces: int, price: int) -> int:
    if not pieces:
        return 0
    now, _ = split(work.net, [pieces, work.pieces - pieces])
    return min(price * pieces - now, 0)


def apply_spending(lines: Lines, promotions: Sequence[Promotion], used: dict[str, int]) -> None:
    """满减 and codes: of a class what takes most off comes first, on lines it has not lowered."""
    for name, rules in by_class([each for each in promotions if each.kind == "spend_get"]):
        while True:
            # Each round marks the lines it lowered, so the next finds less, and at last nothing.
            offs = [(_spend_off(lines, each, name), each.code) for each in rules]
            (off, times), code = min(offs)
            if off >= 0:
                break
            promotion = next(each for each in rules if each.code == code)
            of = _eligible(lines, promotion, name)
            used[code] = used.get(code, 0) + times
            for work, share in zip(of, split(off, [each.net for each in of]), strict=True):
                work.reduce(code, "promotion", promotion.name, share)
                work.classes.add(name)


def _eligible(lines: Lines, promotion: Promotion, name: str) -> list[Working]:
    return [work for work in lines if meant(promotion, work) and name not in work.classes]


def _spend_off(lines: Lines, promotion: Promotion, name: str) -> tuple[int, int]:
    """(fen off, 0 or negative; how often) of what the lines it means cost so far."""
    spent = sum(work.net for work in _eligible(lines, promotion, name))
    reached = [step for step in promotion.steps if step.spend <= spent]
    if not reached:
        return 0, 0
    step = max(reached, key=lambda each: each.spend)
    times = spent // step.spend if promotion.repeats else 1
    if promotion.basket_cap:
        times = min(times, promotion.basket_cap)
    off = _step_off(step, spent, times)
    if promotion.most_off:
        off = min(off, promotion.most_off)
    return -min(off, spent), times


def _step_off(step: Step, spent: int, times: int) -> int:
    return spent - price_after(spent, step.permille) if step.permille else step.off * times


def missing(lines: Lines, promotion: Promotion) -> int:
    """Fen still to be spent until the first step is reached, 0 when it is."""
    if promotion.kind == "swap":
        return 0 if swaps(lines, promotion) else promotion.steps[0].spend
    spent = sum(work.net for work in lines if meant(promotion, work))
    return max(min(step.spend for step in promotion.steps) - spent, 0)
