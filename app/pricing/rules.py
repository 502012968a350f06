"""Prices a basket. Pure whole-number arithmetic; the one fixed order of rules is `ORDER`.

1. the label's printed amount, or an override with its reason, or the list price; where the price
   fell after a label was printed, the lower is charged (降价差);
2. item promotions: of those that exclude each other the best for the customer;
3. the member's price, on goods without an item promotion;
4. the price of a shelf's tag, where that is lower still;
5. the line's own discount;
6. 换购, then 满减 and codes, shared over the lines by what they cost so far;
7. the basket's discount, shared the same way;
8. a member's points, whole hundreds, shared the same way;
9. bags, deposits and everything not reducible stay outside 2, 3 and 5 to 8;
10. 抹零 when cash is chosen: down only, shared over the lines that may be reduced.

Each reduction names its rule and each line knows its share, so what was paid for a line is known
for ever and a refund never has to guess.
"""

from collections.abc import Sequence

from app.errors import Refusal
from app.facts.pricing import Promotion
from app.money import divide_half_up, line_amount, round_down, split, yuan
from app.pricing.baskets import apply_spending, apply_swaps
from app.pricing.items import apply_items, apply_member
from app.pricing.lines import (
    NO_POINTS,
    NONE,
    WHOLE,
    Discount,
    LineToPrice,
    Points,
    Priced,
    PricedLine,
    Working,
    begin,
    price_after,
)
from app.settings import ROUNDING_STEP

__all__ = [
    "NONE", "ORDER", "WHOLE", "Discount", "LineToPrice", "Points", "Priced", "PricedLine",
    "fold_shown", "parse_fold", "parse_percent_off", "price_after", "price_basket",
    "rounding_shares", "rounding_step", "taxes",
]  # fmt: skip

ORDER = (
    ("label_price", "改价、秤签金额，或标价（秤签印后降价的，按低的收）"),
    ("item", "单品促销：特价、打折、第 N 件、买赠、组合价；同类只取最省的"),
    ("member", "会员价（促销商品不再享受）"),
    ("tag_price", "架上价签写得更低的，按价签收"),
    ("line_discount", "单品折扣"),
    ("swap", "换购"),
    ("spend_get", "满减和优惠码，按金额分摊到每一行"),
    ("basket_discount", "整单折扣，按金额分摊到每一行"),
    ("points", "会员积分抵扣，整百地用，按金额分摊到每一行"),
    ("outside", "购物袋和押金不参加以上任何优惠"),
    ("rounding", "收现金时抹零，只抹不进"),
)
"""The one fixed order, as it is printed and explained."""


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
    promotions: Sequence[Promotion] = (),
    basket_discount: Discount = NONE,
    points: Points = NO_POINTS,
    rounding_step: int = 1,
    paid_otherwise: int = 0,
) -> Priced:
    """Price every line in the fixed order.

    `promotions` are those the basket may have at all (codes shown, caps not used up); each line
    says which of them were valid for it. `rounding_step` in fen is 1 until cash is chosen;
    `paid_otherwise` fen are already settled by other tenders, so 抹零 falls on what is still due.
    """
    used: dict[str, int] = {}
    working = price_goods(lines, promotions, used)
    charged = [_charged(work) for work in working]
    if promotions:
        apply_swaps(working, promotions, used)
        apply_spending(working, promotions, used)
    may = [line.reducible for line in lines]
    shares = _basket_shares([work.net for work in working], may, basket_discount)
    for work, share in zip(working, shares, strict=True):
        name = _discount_name(basket_discount)
        work.reduce("basket_discount", "basket_discount", name, share)
    given = _give_points(working, may, points)
    priced = tuple(
        PricedLine(
            each.line.line, each.unit_price, each.amount, tuple(each.reductions), each.net, a
        )
        for each, a in zip(working, charged, strict=True)
    )
    due = sum(line.net for line in priced)
    rounding = _rounding(priced, may, due - paid_otherwise, rounding_step)
    return Priced(
        lines=priced,
        gross=sum(line.amount for line in priced),
        reduced=sum(line.net - line.amount for line in priced),
        rounding=rounding,
        due=due + rounding,
        used=used,
        points=given,
    )


def _give_points(working: Sequence[Working], may: Sequence[bool], points: Points) -> int:
    """Lower the lines by a member's points; how many that took."""
    weights = [work.net if allowed else 0 for work, allowed in zip(working, may, strict=True)]
    given = points.usable(sum(weights))
    if given:
        shares = split(-points.worth(given), weights)
        for work, share in zip(working, shares, strict=True):
            work.reduce("points", "points", f"积分抵扣 {given} 分", share)
    return given


def price_goods(
    lines: Sequence[LineToPrice], promotions: Sequence[Promotion], used: dict[str, int]
) -> list[Working]:
    """Every line after all that lowers goods for themselves: the order's first five steps."""
    working = [begin(line) for line in lines]
    if promotions:
        apply_items(working, promotions, used)
        apply_member(working, promotions, used)
    for work in working:
        _keep_tag(work)
        _line_discount(work)
    return working


def _keep_tag(work: Working) -> None:
    """A customer pays no more than the tag on the shelf says, whatever the till knows."""
    line = work.line
    if line.tag and line.label_amount < 0:
        off = min(line_amount(line.tag.price, line.quantity) - work.net, 0)
        if off:
            name = f"按架上价签 {yuan(line.tag.price)} 收"
            work.reduce(line.tag.fact, "tag_price", name, off)
            work.piece = None if line.weighed else line.tag.price


def _line_discount(work: Working) -> None:
    """A person's discount on one line."""
    discount = work.line.discount
    if discount and work.line.reducible:
        off = discount_of(
            discount,
            unit_price=work.piece or 0,
            quantity=work.line.quantity,
            amount=work.net,
            by_piece=work.piece is not None,
        )
        work.reduce("line_discount", "line_discount", _discount_name(discount), off)


def _charged(work: Working) -> int:
    """Fen per unit that these goods are sold at."""
    if work.net == work.amount:
        return work.unit_price
    return divide_half_up(work.net * 1000, work.line.quantity)


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


def _discount_name(discount: Discount) -> str:
    words = f"{fold_shown(discount.permille)} 折" if discount.permille else "减价"
    return f"{words} {discount.reason}".strip()


def fold_shown(permille: int) -> str:
    """Thousandths off as 折: 50 -> "9.5", 500 -> "5"."""
    left = WHOLE - permille
    return f"{left // 100}.{left % 100:02d}".rstrip("0").rstrip(".")


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
