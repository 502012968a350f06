"""换货: what goods that come back are worth, standing in the basket of the new ones. Pure.

Nothing is written before the new goods are paid: until then the goods count as promised, so nobody
refunds them meanwhile, and giving the basket up leaves nothing. Then refund and sale are one commit
and name each other. What the old goods are worth pays for the new ones first; the rest goes back
the way it came.
"""

import msgspec

from app.facts.sales import Approval, RefundCompleted, RefundLine, Tender

TENDER = "exchange"


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """Goods of one receipt that are given for the basket. Amounts in fen."""

    sale: str
    """The sale they come from."""
    receipt: str
    """Its number."""
    lines: tuple[RefundLine, ...]
    approvals: tuple[Approval, ...] = ()

    @property
    def amount(self) -> int:
        """What they are worth: what was paid for them."""
        return sum(line.amount for line in self.lines)


class TakenBack(msgspec.Struct, frozen=True):
    """The refund that stands beside a sale of the same commit."""

    id: str
    refund: RefundCompleted
    exchanged: int
    """Fen of it that pay for the sale."""

    @property
    def tenders(self) -> tuple[Tender, ...]:
        """Their place among the sale's tenders; none when the new goods cost nothing."""
        if not self.exchanged:
            return ()
        fen = self.exchanged
        return (Tender(tender=TENDER, amount=fen, tendered=fen, reference=self.refund.number),)
