"""Goods that come back without a receipt: what the cashier has put together so far. Pure.

Amounts in fen, quantities in thousandths; what may be given for them is the counter's own rule.
"""

from dataclasses import dataclass, field, replace

from app.errors import Refusal
from app.facts.catalogue import Product
from app.quantity import parse_quantity, shown
from app.sales.refund_lines import Loose, loose_line
from ui.presenters.refund_choice import PIECE, PLACES, REASON, WEIGHED_STEP


@dataclass(frozen=True)
class LooseLine:
    """One article: the text typed as its quantity, the price it goes back at, why and where to."""

    product: Product
    typed: str
    price: int
    reason: str = REASON
    disposition: str = "shelf"


@dataclass
class LooseGoods:
    """Every article on the counter, by its number; `marked` is 0 before the first."""

    marked: int = 0
    lines: dict[int, LooseLine] = field(default_factory=dict)

    def add(self, product: Product) -> None:
        """One more article, at its tag's price; of counted goods one more piece."""
        for number, line in self.lines.items():
            if line.product.code == product.code:
                self.marked = number
                if not product.weighed:
                    self.step(1)
                return
        self.marked = len(self.lines) + 1
        typed = "" if product.weighed else "1"
        self.lines[self.marked] = LooseLine(product, typed, product.price)

    def line(self) -> LooseLine:
        """The marked article."""
        return self.lines[self.marked]

    def change(
        self,
        *,
        typed: str | None = None,
        price: int | None = None,
        reason: str = "",
        place: str = "",
    ) -> None:
        """Another quantity, price, reason or place of the marked article."""
        if not self.marked:
            return
        now = self.line()
        if typed is not None:
            now = replace(now, typed=typed)
        if price is not None:
            now = replace(now, price=price)
        if reason:
            now = replace(now, reason=reason, disposition=PLACES.get(reason, "shelf"))
        if place:
            now = replace(now, disposition=place)
        self.lines[self.marked] = now

    def step(self, by: int) -> None:
        """One piece, or a tenth of a kilogram, more or less of the marked article."""
        weighed = bool(self.line().product.weighed)
        try:
            now = self._quantity(self.line())
        except Refusal:
            now = 0
        now = max(0, now + by * (WEIGHED_STEP if weighed else PIECE))
        self.change(typed=shown(now, weighed=weighed) if now else "")

    def amount(self, line: LooseLine) -> int:
        """Fen for one article. Raises Refusal: bad_quantity, fraction_of_unit, price_above_tag."""
        if not self._quantity(line):
            return 0
        return loose_line(line.product, 1, self._loose(line)).amount

    def total(self) -> int:
        """Fen for all of them. Raises Refusal when one of them cannot be."""
        return sum(self.amount(line) for line in self.lines.values())

    def goods(self) -> list[Loose]:
        """What the counter is asked to take back."""
        return [self._loose(line) for line in self.lines.values() if self._quantity(line)]

    def _loose(self, line: LooseLine) -> Loose:
        return Loose(
            product=line.product.code,
            quantity=self._quantity(line),
            price=line.price,
            reason=line.reason,
            disposition=line.disposition,
        )

    def _quantity(self, line: LooseLine) -> int:
        if line.typed in ("", "0"):
            return 0
        return parse_quantity(line.typed.removesuffix("."), weighed=bool(line.product.weighed))
