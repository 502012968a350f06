"""Random baskets priced twice: by the till, and by a second arithmetic of exact fractions.

The second one was written from the shop's rules alone, not from the till's code. It knows no fen
until the very moment a rule says "round"; the till knows nothing but fen. One fen of difference
anywhere, in any line, is drift:

    python -m tests.benchmarks.oracle --baskets 1000000
"""

import argparse
import json
import random
import sys
from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import NamedTuple

import msgspec

from app.facts.pricing import KitPiece, Promotion, Step
from app.pricing.rules import (
    Discount,
    LineToPrice,
    Priced,
    price_basket,
    rounding_shares,
    taxes,
)
from tests.benchmarks.promotion_oracle import (
    Row,
    half_up,
    item_stage,
    member_stage,
    shared,
    spend_stage,
    swap_stage,
)

TAX_KINDS = (
    *(("goods", 13), ("farm", 9), ("exempt", 0), ("catering", 6), ("goods", 1)),
    *(("lodging", 6), ("deposit", 0)),
)
STEPS = (1, 10, 100)


class Case(NamedTuple):
    """One basket as it stands before anything is worked out."""

    lines: tuple[LineToPrice, ...]
    tax: tuple[tuple[str, int], ...]
    discount: Discount
    step: int
    paid_otherwise_share: Fraction
    """How much of what is due another tender has paid already."""
    promotions: tuple[Promotion, ...] = ()


class Worked(NamedTuple):
    """What a basket comes to: all whole fen."""

    amounts: tuple[int, ...]
    """Before any reduction."""
    nets: tuple[int, ...]
    """After every reduction but 抹零."""
    rounding: int
    shares: tuple[int, ...]
    """抹零 by line, each negative or nought."""
    due: int
    tax: tuple[int, ...]


# --- The shop's rules, in fractions --------------------------------------------------------


def line_before_discount(line: LineToPrice) -> int:
    """A person's price comes first, then what the label says, then the list price."""
    quantity = Fraction(line.quantity, 1000)
    if line.override >= 0:
        return half_up(line.override * quantity)
    if line.label_amount >= 0:
        now = half_up(line.list_price * quantity)
        # A label that says its weight is charged at today's price where that is lower.
        return min(line.label_amount, now) if line.label_weight else line.label_amount
    return half_up(line.list_price * quantity)


def line_amount_shown(line: LineToPrice) -> int:
    """What the line says before anything was taken off; a lower price of a person's is taken off.

    A higher one is simply the price.
    """
    if 0 <= line.override < line.list_price:
        return half_up(line.list_price * Fraction(line.quantity, 1000))
    if line.label_amount >= 0 and line.override < 0:
        return line.label_amount
    return line_before_discount(line)


def row_of(line: LineToPrice) -> Row:
    """The line before anything but a label or a person has lowered it."""
    by_piece = not line.weighed and (line.label_amount < 0 or line.override >= 0)
    price = line.override if line.override >= 0 else line.list_price
    return Row(line, line_before_discount(line), Fraction(price) if by_piece else None)


def line_discount(row: Row) -> int:
    """What a person took off this one line, in positive fen."""
    line = row.line
    if not line.reducible:
        return 0
    if not line.discount.permille:
        return min(line.discount.amount, row.net)
    kept = Fraction(1000 - line.discount.permille, 1000)
    if row.each is None:
        return row.net - half_up(row.net * kept)
    return row.net - half_up(row.each * kept) * row.pieces


def lowered_goods(case: Case) -> list[int]:
    """What each line costs after promotions, the member's price and its own discount."""
    rows = [row_of(line) for line in case.lines]
    item_stage(rows, case.promotions)
    member_stage(rows, case.promotions)
    for row in rows:
        row.net -= line_discount(row)
    swap_stage(rows, case.promotions)
    spend_stage(rows, case.promotions)
    return [row.net for row in rows]


def worked(case: Case, paid_otherwise: int) -> Worked:
    """The whole basket by the shop's rules."""
    nets = lowered_goods(case)
    may = [line.reducible for line in case.lines]
    weights = [net if allowed else 0 for net, allowed in zip(nets, may, strict=True)]
    off = case.discount.amount
    if case.discount.permille:
        off = sum(weights) - half_up(Fraction(sum(weights) * (1000 - case.discount.permille), 1000))
    off = min(off, sum(weights))
    nets = [net - part for net, part in zip(nets, shared(off, weights), strict=True)]
    weights = [net if allowed else 0 for net, allowed in zip(nets, may, strict=True)]
    open_fen = sum(nets) - paid_otherwise
    # 抹零 lies on lines that may be reduced, and on nothing else: whole, or not at all.
    rounding = floor(Fraction(open_fen, case.step)) * case.step - open_fen
    if open_fen <= 0 or -rounding > sum(weights):
        rounding = 0
    shares = shared(rounding, weights)
    paid = [net + share for net, share in zip(nets, shares, strict=True)]
    shown = tuple(line_amount_shown(line) for line in case.lines)
    return Worked(
        shown, tuple(nets), rounding, tuple(shares), sum(nets) + rounding,
        tuple(_tax(case.tax, paid)),
    )  # fmt: skip


def _tax(kinds: Sequence[tuple[str, int]], paid: Sequence[int]) -> list[int]:
    """Tax inside the price, worked out per class on the whole sale, then shared."""
    tax = [0] * len(paid)
    for kind in dict.fromkeys(kinds):
        members = [at for at, each in enumerate(kinds) if each == kind]
        weights = [paid[at] for at in members]
        whole = half_up(Fraction(sum(weights) * kind[1], 100 + kind[1]))
        for at, part in zip(members, shared(whole, weights), strict=True):
            tax[at] = part
    return tax


# --- Baskets -------------------------------------------------------------------------------


def random_case(dice: random.Random) -> Case:
    """A basket as shops have them, and now and then one nobody would believe."""
    lines = [_random_line(dice, number) for number in range(1, dice.choice(_SIZES) + 1)]
    if dice.random() < 0.2:
        # The same goods on several lines: then remainders are equal, and the earlier line wins.
        lines = [msgspec.structs.replace(lines[0], line=line.line) for line in lines]
    discount = _random_discount(dice, 0.35, sum(line.list_price for line in lines))
    promotions = random_promotions(dice)
    codes = [each.code for each in promotions]
    lines = [
        msgspec.structs.replace(
            line, promotions=frozenset(code for code in codes if dice.random() < 0.9)
        )
        for line in lines
    ]
    return Case(
        tuple(lines),
        tuple(dice.choice(TAX_KINDS) for _ in lines),
        discount,
        dice.choice(STEPS),
        Fraction(dice.choice((0, 0, 0, 1, 2, 3)), 3) * dice.choice((1, 1, Fraction(7, 11))),
        promotions,
    )


def random_promotions(dice: random.Random) -> tuple[Promotion, ...]:
    """None, one, or a handful that want the same goods."""
    return tuple(
        _random_promotion(dice, f"P{dice.randrange(100)}-{number}")
        for number in range(dice.choice((0, 0, 1, 1, 2, 3, 4)))
    )


def _random_promotion(dice: random.Random, code: str) -> Promotion:
    kind = dice.choice(KINDS)
    some = tuple(dice.sample(PRODUCTS, dice.randrange(1, 4)))
    share = dice.choice((50, 100, 333, 500, dice.randrange(1, 1000)))
    price = dice.choice((dice.randrange(0, 200), dice.randrange(0, 20_000)))
    by_price = kind in ("item_price", "swap", "kit") or dice.random() < 0.3
    if kind == "percent":
        by_price = False
    steps = tuple(
        Step(spend=spend, off=dice.randrange(1, spend + 1),
             permille=dice.choice((0, 0, 0, dice.randrange(1, 1000))))
        for spend in sorted(dice.sample(range(1, 60_000), dice.randrange(1, 4)))
    )  # fmt: skip
    return Promotion(
        code=code,
        name=code,
        kind=kind,
        from_ms=0,
        products=() if kind not in ("item_price", "swap") and dice.random() < 0.4 else some,
        stacking=dice.choice(("", "", "", "A", "B")),
        price=price if by_price else -1,
        permille=0 if by_price else share,
        n=dice.randrange(2, 4),
        get=dice.randrange(1, 3),
        gifts=(dice.choice(PRODUCTS),) if kind == "buy_get" and dice.random() < 0.4 else (),
        steps=steps,
        repeats=dice.randrange(2),
        most_off=dice.choice((0, 0, dice.randrange(1, 5_000))),
        parts=tuple(KitPiece(product=each, pieces=dice.randrange(1, 3)) for each in some),
        basket_cap=0 if kind == "member" else dice.choice((0, 0, 0, 1, 2)),
        needs_code=dice.choice(("", "", "X")),
    )


KINDS = ("item_price", "percent", "nth", "buy_get", "kit", "spend_get", "spend_get", "swap",
         "member")  # fmt: skip
PRODUCTS = ("A", "B", "C", "D", "E")
_SIZES = (1, 1, 2, 2, 3, 3, 4, 5, 6, 9, 14)


def _random_line(dice: random.Random, number: int) -> LineToPrice:
    price = dice.choice((dice.randrange(1, 200), dice.randrange(1, 20_000),
                         dice.randrange(0, 500_000), 100 * dice.randrange(1, 400)))  # fmt: skip
    weighed = dice.random() < 0.35
    quantity = 1000 * dice.choice((1, 1, 2, 3, 7, 24))
    # Weighed goods may weigh whole kilograms to the gram, and are no pieces for it.
    if weighed and dice.random() < 0.9:
        quantity = dice.randrange(1, 9_000)
    bag = dice.random() < 0.15
    label = override = -1
    if weighed and dice.random() < 0.5:
        label = half_up(Fraction(price * quantity, 1000)) + dice.choice((0, 0, 1, -1))
        label = max(label, 0)
    elif not bag and dice.random() < 0.2:
        override = max(0, price + dice.randrange(-price, price // 2 + 1))
    return LineToPrice(
        line=number,
        list_price=price,
        quantity=quantity,
        weighed=weighed,
        reducible=not bag,
        label_amount=label,
        override=override,
        override_reason="旧包装" if override >= 0 else "",
        product=dice.choice(PRODUCTS),
        label_weight=dice.random() < 0.5,
        discount=Discount() if bag else _random_discount(dice, 0.3, price),
    )


def _random_discount(dice: random.Random, likely: float, most: int) -> Discount:
    if dice.random() >= likely:
        return Discount()
    if dice.random() < 0.6:
        permille = dice.choice((50, 100, 120, 150, 200, 5, 333, dice.randrange(1, 1000)))
        return Discount(permille=permille, reason="老顾客")
    return Discount(amount=dice.randrange(1, 2 * most + 2), reason="磕碰")


# --- Holding the two against one another ---------------------------------------------------


def drift(case: Case) -> str:
    """Where till and fractions differ, "" when they agree to the fen."""
    before = worked(case._replace(step=1), 0)
    paid_otherwise = floor(before.due * case.paid_otherwise_share)
    should = worked(case, paid_otherwise)
    did = by_till(case, paid_otherwise)
    for name in Worked._fields:
        if getattr(should, name) != getattr(did, name):
            said = msgspec.json.encode(case.lines).decode()
            return (
                f"{name}: should be {getattr(should, name)}, is {getattr(did, name)};"
                f" step {case.step}, paid otherwise {paid_otherwise},"
                f" {case.discount}, tax {case.tax}, lines {said}"
            )
    return ""


def by_till(case: Case, paid_otherwise: int) -> Worked:
    """The same basket by the till's own rules."""
    total: Priced = price_basket(
        case.lines,
        promotions=case.promotions,
        basket_discount=case.discount,
        rounding_step=case.step,
        paid_otherwise=paid_otherwise,
    )
    shares = rounding_shares(total, [line.reducible for line in case.lines])
    paid = [line.net + share for line, share in zip(total.lines, shares, strict=True)]
    for line in total.lines:
        assert line.amount + sum(each.amount for each in line.reductions) == line.net
    assert total.gross + total.reduced + total.rounding == total.due == sum(paid)
    return Worked(
        tuple(line.amount for line in total.lines),
        tuple(line.net for line in total.lines),
        total.rounding,
        tuple(shares),
        total.due,
        tuple(taxes([(*kind, amount) for kind, amount in zip(case.tax, paid, strict=True)])),
    )


def compare(
    baskets: int, seed: str = "oracle", *, until_drifted: bool = False
) -> dict[str, int | str]:
    """Price many baskets twice; what was found, with the first basket that drifted.

    `until_drifted` ends with that one: enough to know that a planted fault is seen.
    """
    dice = random.Random(seed)
    found: dict[str, int | str] = {"baskets": baskets, "seed": seed, "drifted": 0, "lines": 0}
    drifted = lines = reduced = rounded = fen = 0
    first = ""
    for _ in range(baskets):
        case = random_case(dice)
        if said := drift(case):
            drifted += 1
            first = first or said
        lines += len(case.lines)
        reduced += bool(case.discount) or any(line.discount for line in case.lines)
        rounded += case.step > 1
        fen += sum(line_before_discount(line) for line in case.lines)
        if until_drifted and drifted:
            break
    found |= {"drifted": drifted, "lines": lines}
    found |= {"with_discount": reduced, "with_rounding": rounded}
    return found | {"fen": fen, "first": first}


def main(arguments: Sequence[str] | None = None) -> int:
    """One JSON line; the exit code says whether a fen went astray."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--baskets", type=int, default=20_000)
    parser.add_argument("--seed", default="oracle")
    parsed = parser.parse_args(arguments)
    found = compare(parsed.baskets, parsed.seed)
    print(json.dumps(found, ensure_ascii=False))
    return 0 if found["drifted"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
