"""What the cashier has chosen of a receipt so far, and what that comes to. Pure.

Amounts in fen, quantities in thousandths; the rules are the counter's own.
"""

from dataclasses import dataclass, field, replace

from app.errors import Refusal
from app.facts.sales import Tender
from app.quantity import parse_quantity, shown
from app.sales.refund_rules import Back, given_for
from app.sales.refunding import Refundable, Refundables

REASON = "no_longer_wanted"
PLACES = {"quality": "scrap", "expired": "scrap", "recalled": "maker"}
"""Where goods usually go by their reason; everything else goes back on the shelf."""
WEIGHED_STEP, PIECE = 100, 1000


@dataclass(frozen=True)
class Chosen:
    """One line: the text typed as its quantity, the reason and where it goes."""

    typed: str = ""
    reason: str = REASON
    disposition: str = "shelf"


@dataclass
class Choice:
    """An open receipt and what was chosen of it."""

    seen: Refundables
    marked: int
    """Number of the marked line."""
    lines: dict[int, Chosen] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The receipt's."""
        return self.seen.receipt.sale.number

    def line(self) -> Refundable:
        """The marked line."""
        return next(each for each in self.seen.lines if each.line.line == self.marked)

    def of(self, number: int) -> Chosen:
        """What was chosen of a line."""
        return self.lines.get(number, Chosen())

    def change(self, *, typed: str | None = None, reason: str = "", place: str = "") -> None:
        """Another quantity, reason or place of the marked line."""
        now = self.of(self.marked)
        if typed is not None:
            now = replace(now, typed=typed)
        if reason:
            now = replace(now, reason=reason, disposition=PLACES.get(reason, "shelf"))
        if place:
            now = replace(now, disposition=place)
        self.lines[self.marked] = now

    def step(self, by: int) -> None:
        """One piece, or a tenth of a kilogram, more or less of the marked line."""
        line = self.line()
        weighed = bool(line.line.weighed)
        try:
            now = self.quantity(line)
        except Refusal:
            now = 0
        now += by * (WEIGHED_STEP if weighed else PIECE)
        now = max(0, min(now, line.left.quantity))
        self.change(typed=shown(now, weighed=weighed) if now else "")

    def all_of_line(self) -> None:
        """Whatever is left of the marked line."""
        self.change(typed=_all(self.line()))

    def whole(self) -> None:
        """Every line that may come back for its reason, or none when all were chosen already."""
        may = [each for each in self.seen.lines if not self.rule(each)]
        full = all(self.of(each.line.line).typed == _all(each) for each in may)
        for each in may:
            number = each.line.line
            self.lines[number] = replace(self.of(number), typed="" if full else _all(each))

    def rule(self, line: Refundable) -> str:
        """The rule that says no to the line for the reason chosen: gone, fresh, too_late, other."""
        reason = self.of(line.line.line).reason
        if line.why_not == "gone" or reason == REASON:
            return line.why_not
        return "other" if reason == "other" else ""

    def quantity(self, line: Refundable) -> int:
        """Thousandths chosen of a line. Raises Refusal when what was typed is none."""
        typed = self.of(line.line.line).typed
        if typed in ("", "0"):
            return 0
        return parse_quantity(typed.removesuffix("."), weighed=bool(line.line.weighed))

    def amount(self, line: Refundable) -> int:
        """Fen for what was chosen of a line. Raises Refusal as `quantity`, and over_refund."""
        quantity = self.quantity(line)
        return given_for(line.line, line.left, quantity) if quantity else 0

    def total(self) -> int:
        """Fen for all lines. Raises Refusal when one of them cannot be."""
        return sum(self.amount(each) for each in self.seen.lines)

    def ways(self) -> list[tuple[Tender, int]]:
        """How the money would go back. Raises Refusal as `total`."""
        return self.seen.money.back(self.total())

    def back(self) -> list[Back]:
        """What the counter is asked to take back."""
        found = []
        for each in self.seen.lines:
            if quantity := self.quantity(each):
                said = self.of(each.line.line)
                found.append(Back(each.line.line, quantity, said.reason, said.disposition))
        return found


def begun(seen: Refundables) -> Choice:
    """Nothing chosen yet, the first line that may come back marked."""
    free = [each for each in seen.lines if not each.why_not] or list(seen.lines)
    return Choice(seen, free[0].line.line)


def _all(line: Refundable) -> str:
    return shown(line.left.quantity, weighed=bool(line.line.weighed))
