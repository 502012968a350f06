"""Prices a basket. Pure whole-number arithmetic; the one fixed order of rules is this:

1. the label's printed amount, or an override with its reason, or the list price;
2. the line's own discount;
3. the basket's discount, shared over the lines by what they cost so far;
4. bags, deposits and everything not reducible stay outside 2, 3 and 5;
5. 抹零 when cash is chosen: down only, shared over the lines that may be reduced.

(Promotions and member prices take their places between 1 and 2, and before 3.)
Each reduction names its rule and each line knows its share, so what was paid for a line is known
for ever and a refund never has to guess.
"""

from collections.abc import Sequence

import msgspec

from app.errors import Refusal
from app.facts.sales import Reduction
from app.money import divide_half_up, line_amount, round_down, split
from app.settings import ROUNDING_STEP

WHOLE = 1000
"""Discounts are counted in thousandths: 50 = 5 % off = 九五折."""


class Discount(msgspec.Struct, frozen=True):
    """A person's decision to take something off: a share or an amount, with the reason."""

    permille: int = 0
    amount: int = 0
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.permille or self.amount)


NONE = Discount()


class LineToPrice(msgspec.Struct, frozen=True):
    """What pricing needs to know of a line. Prices in fen per unit, -1 = not set."""

    line: int
    list_price: int
    quantity: int
    weighed: bool
    reducible: bool
    label_amount: int = -1
    override: int = -1
    override_reason: str = ""
    discount: Discount = NONE


class PricedLine(msgspec.Struct, frozen=True):
    """A line with its amount and everything that lowered it."""

    line: int
    unit_price: int
    amount: int
    reductions: tuple[Reduction, ...]
    net: int


class Priced(msgspec.Struct, frozen=True):
    """The whole basket. `rounding` is 抹零 (0 or negative), part of no `reduced`."""

    lines: tuple[PricedLine, ...]
    gross: int
    reduced: int
    rounding: int
    due: int


def price_after(price: int, permille: int) -> int:
    """A unit price with a share taken off, half-up to the fen: the tag's figure too."""
    return divide_half_up(price * (WHOLE - permille), WHOLE)


def discount_of(
    discount: Discount, *, unit_price: int, quantity: int, amount: int, by_piece: bool
) -> int:
    """Fen a discount takes off a line, 0 or negative, never more than the line costs.

    On counted goods (`by_piece`) the share is rounded per piece and multiplied; on weighed goods,
    or where the amount was printed on a label, it is rounded on the line.
    """
    if discount.permille:
        if by_piece:
            off = (price_after(unit_price, discount.permille) - unit_price) * (quantity // 1000)
        else:
            off = price_after(amount, discount.permille) - amount
    else:
        off = -discount.amount
    return max(off, -amount)


def price_basket(
    lines: Sequence[LineToPrice],
    *,
    basket_discount: Discount = NONE,
    rounding_step: int = 1,
    paid_otherwise: int = 0,
) -> Priced:
    """Price every line in the fixed order.

    `rounding_step` in fen is 1 until cash is chosen; `paid_otherwise` fen are already settled by
    other tenders, so 抹零 falls on what is still due.
    """
    priced = [_price_line(line) for line in lines]
    nets = [line.net for line in priced]
    may = [line.reducible for line in lines]
    shares = _basket_shares(nets, may, basket_discount)
    priced = [
        _reduced(line, "basket_discount", _discount_name(basket_discount), share)
        for line, share in zip(priced, shares, strict=True)
    ]
    due = sum(line.net for line in priced)
    rounding = _rounding(priced, may, due - paid_otherwise, rounding_step)
    return Priced(
        lines=tuple(priced),
        gross=sum(line.amount for line in priced),
        reduced=sum(line.net - line.amount for line in priced),
        rounding=rounding,
        due=due + rounding,
    )


def _price_line(line: LineToPrice) -> PricedLine:
    unit_price = max(line.list_price, line.override)
    amount = line.label_amount
    if amount < 0 or line.override >= 0:
        amount = line_amount(unit_price, line.quantity)
    priced = PricedLine(line.line, unit_price, amount, (), amount)
    if 0 <= line.override < line.list_price:
        off = line_amount(line.override, line.quantity) - amount
        priced = _reduced(priced, "override", f"改价 {line.override_reason}".strip(), off)
        unit_price = line.override
    if line.discount and line.reducible:
        from_label = line.label_amount >= 0 and line.override < 0
        off = discount_of(
            line.discount,
            unit_price=unit_price,
            quantity=line.quantity,
            amount=priced.net,
            by_piece=not (line.weighed or from_label),
        )
        priced = _reduced(priced, "line_discount", _discount_name(line.discount), off)
    return priced


def _basket_shares(nets: Sequence[int], may: Sequence[bool], discount: Discount) -> list[int]:
    weights = [net if allowed else 0 for net, allowed in zip(nets, may, strict=True)]
    base = sum(weights)
    if not discount or base == 0:
        return [0] * len(nets)
    off = discount.amount or base - price_after(base, discount.permille)
    return split(-min(off, base), weights)


def _rounding(priced: Sequence[PricedLine], may: Sequence[bool], open_fen: int, step: int) -> int:
    if open_fen <= 0:
        return 0
    rounding = round_down(open_fen, step) - open_fen
    reducible = sum(line.net for line, allowed in zip(priced, may, strict=True) if allowed)
    # A basket of bags alone is not rounded: a bag may never cost less than its price.
    return rounding if -rounding <= reducible else 0


def rounding_shares(priced: Priced, may: Sequence[bool]) -> list[int]:
    """抹零 shared over the lines that may be reduced, by what they cost."""
    weights = [line.net if allowed else 0 for line, allowed in zip(priced.lines, may, strict=True)]
    return split(priced.rounding, weights) if priced.rounding else [0] * len(weights)


def rounding_step(mode: str) -> int:
    """Fen to which cash is cut down, from the shop's setting."""
    return ROUNDING_STEP[mode]


def _reduced(line: PricedLine, kind: str, name: str, off: int) -> PricedLine:
    if off == 0:
        return line
    reduction = Reduction(rule=kind, kind=kind, name=name, amount=off)
    return PricedLine(
        line.line, line.unit_price, line.amount, (*line.reductions, reduction), line.net + off
    )


def _discount_name(discount: Discount) -> str:
    left = WHOLE - discount.permille
    fold = f"{left // 100}.{left % 100:02d}".rstrip("0").rstrip(".")
    words = f"{fold} 折" if discount.permille else "减价"
    return f"{words} {discount.reason}".strip()


def parse_percent_off(text: str) -> int:
    """ "5" or "4.5" percent off to thousandths. Raises Refusal("bad_discount")."""
    whole, _, part = text.strip().partition(".")
    if not (whole.isascii() and whole.isdigit() and (part == "" or part.isdigit())):
        raise Refusal("bad_discount", text=text[:10])
    permille = int(whole) * 10 + int((part + "0")[0]) if len(part) <= 1 else -1
    if not 0 < permille < WHOLE:
        raise Refusal("bad_discount", text=text[:10])
    return permille


def parse_fold(text: str) -> int:
    """折 as people say it to thousandths off: "9.5" or "95" = 50.

    Raises Refusal("bad_discount").
    """
    digits = text.strip().removesuffix("折").strip()
    whole, _, part = digits.partition(".")
    if not (whole + part).isascii() or not (whole + part).isdigit() or not whole:
        raise Refusal("bad_discount", text=text[:10])
    if len(whole) == 1:
        left = int(whole) * 100 + int((part + "00")[:2])
    elif len(whole) == 2 and len(part) <= 1:
        left = int(whole) * 10 + int((part or "0")[0])
    else:
        raise Refusal("bad_discount", text=text[:10])
    if not 0 < left < WHOLE:
        raise Refusal("bad_discount", text=text[:10])
    return WHOLE - left


def taxes(classes: Sequence[tuple[str, int, int]]) -> list[int]:
    """Tax contained in each line, from (tax class, rate in percent, paid in fen).

    Worked out once per class and rate over the whole sale, half-up, then shared over its lines by
    largest remainder, so the receipt's tax by class is right to the fen.
    """
    result = [0] * len(classes)
    groups: dict[tuple[str, int], list[int]] = {}
    for index, (tax_class, rate, _) in enumerate(classes):
        groups.setdefault((tax_class, rate), []).append(index)
    for (_, rate), indexes in groups.items():
        paid = [classes[index][2] for index in indexes]
        total = divide_half_up(sum(paid) * rate, 100 + rate)
        for index, share in zip(indexes, split(total, paid), strict=True):
            result[index] = share
    return result
