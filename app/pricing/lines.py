"""A basket's lines while they are priced. Fen and thousandths; -1 = not set."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from app.facts.sales import Reduction
from app.money import divide_half_up, line_amount

WHOLE = 1000
"""Shares are counted in thousandths: 50 = 5 % off = 九五折."""


class Discount(msgspec.Struct, frozen=True):
    """A person's decision to take something off: a share or an amount, with the reason."""

    permille: int = 0
    amount: int = 0
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.permille or self.amount)


NONE = Discount()


class Points(msgspec.Struct, frozen=True):
    """Points a member gives for the basket, and what a hundred of them take off in fen."""

    points: int = 0
    hundred: int = 0

    def usable(self, base: int) -> int:
        """How many of them goods that cost `base` fen can take: whole hundreds, never change."""
        if not self.hundred:
            return 0
        return min(self.points // 100, base // self.hundred) * 100

    def worth(self, points: int) -> int:
        """Fen that so many of them take off."""
        return points // 100 * self.hundred


NO_POINTS = Points()


class ShelfTag(msgspec.Struct, frozen=True):
    """What a price tag on the shelf promises, in fen per unit; `fact` printed it."""

    price: int = -1
    fact: str = ""

    def __bool__(self) -> bool:
        return self.price >= 0


NO_TAG = ShelfTag()


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
    product: str = ""
    label_weight: bool = False
    """The label said its weight, so what it costs by today's price is known to the fen."""
    tag: ShelfTag = NO_TAG
    """A tag that says less than the list price. A label's own amount it does not touch."""
    promotions: frozenset[str] = frozenset()
    """Codes of the promotions that were valid while the line lay in the basket."""


class PricedLine(msgspec.Struct, frozen=True):
    """A line with its amount and everything that lowered it."""

    line: int
    unit_price: int
    amount: int
    reductions: tuple[Reduction, ...]
    net: int
    charged: int
    """Fen per unit after what lowered this line alone, before what lowered the basket."""


class Priced(msgspec.Struct, frozen=True):
    """The whole basket. `rounding` is 抹零 (0 or negative), part of no `reduced`."""

    lines: tuple[PricedLine, ...]
    gross: int
    reduced: int
    rounding: int
    due: int
    used: Mapping[str, int] = {}
    """How often each promotion lowered it."""
    points: int = 0
    """Points that were given for it."""


@dataclass(slots=True)
class Working:
    """One line on its way through the rules."""

    line: LineToPrice
    unit_price: int
    amount: int
    net: int
    piece: int | None
    """What each piece costs so far while all cost the same; None for weighed goods, for an amount
    off a label, and once a rule lowered some pieces more than others."""
    promoted: bool = False
    classes: set[str] = field(default_factory=set)
    """Stacking classes that have lowered this line already."""
    reductions: list[Reduction] = field(default_factory=list)

    @property
    def pieces(self) -> int:
        """Counted pieces, 0 for weighed goods."""
        return 0 if self.line.weighed else self.line.quantity // 1000

    def reduce(self, rule: str, kind: str, name: str, off: int) -> None:
        """Take fen off (negative), naming the rule."""
        if off:
            self.net += off
            self.reductions.append(Reduction(rule=rule, kind=kind, name=name, amount=off))

    def sort_key(self) -> tuple[object, ...]:
        """Everything that may change a total but not where the line stands, so that the order of
        scanning never does: lines with equal keys are interchangeable."""
        line = self.line
        return (
            -(self.piece or 0),
            line.product,
            -line.quantity,
            line.list_price,
            self.net,
            line.discount.permille,
            line.discount.amount,
            line.reducible,
            line.tag.price,
            sorted(line.promotions),
        )


def price_after(price: int, permille: int) -> int:
    """A unit price with a share taken off, half-up to the fen: the tag's figure too."""
    return divide_half_up(price * (WHOLE - permille), WHOLE)


def begin(line: LineToPrice) -> Working:
    """The line by its label, a person's price or the list price: the first rule of all."""
    unit_price = max(line.list_price, line.override)
    amount = line.label_amount
    by_label = amount >= 0 and line.override < 0
    if not by_label:
        amount = line_amount(unit_price, line.quantity)
    piece = None if by_label or line.weighed else unit_price
    work = Working(line, unit_price, amount, amount, piece)
    if 0 <= line.override < line.list_price:
        off = line_amount(line.override, line.quantity) - amount
        work.reduce("override", "override", f"改价 {line.override_reason}".strip(), off)
        work.piece = None if line.weighed else line.override
    elif by_label and line.label_weight:
        # The price fell after the label was printed: the lower is charged. Had it risen, the
        # label stands.
        now = line_amount(line.list_price, line.quantity)
        work.reduce("label_price", "label_price", "降价差", min(now - amount, 0))
    return work
