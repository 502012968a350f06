"""Facts about goods that are on their way: announced, settled, ordered.

Quantities are thousandths of the product's unit, costs 1/10000 fen per unit, dates ISO or "".
"""

from app.facts.base import Part, TillFact
from app.facts.stock import SentLine


class DispatchExpected(TillFact, frozen=True, kw_only=True):
    """来单: what a supplier or another shop says is on its way here, and under which papers."""

    document: str
    number: str
    """What stands on its paper."""
    source: str = ""
    """The sending shop, "" for a supplier."""
    supplier: str = ""
    waybill: str = ""
    sender_key: str = ""
    """The public key that signed it, 64 hex digits; "" for what was typed."""
    person: str = ""
    lines: tuple[SentLine, ...]


class SettledLine(Part, frozen=True, kw_only=True):
    """What became of one lot that was on its way."""

    product: str
    lot: str
    arrived: int = 0
    lost: int = 0


class TransitSettled(TillFact, frozen=True, kw_only=True):
    """What was on its way and is no longer: the sender learns what came, or a rest is given up."""

    document: str
    reason: str = ""
    person: str = ""
    lines: tuple[SettledLine, ...]


class OrderedLine(Part, frozen=True, kw_only=True):
    """One article of a 要货单, and what the sales had suggested (-1 = nobody asked)."""

    line: int
    product: str
    quantity: int
    suggested: int = -1


class GoodsOrdered(TillFact, frozen=True, kw_only=True):
    """要货单: what the shop asks a supplier or the distribution centre for."""

    document: str
    number: str
    supplier: str = ""
    person: str = ""
    ended: int = 0
    """1: nothing more will come of the order with this document."""
    lines: tuple[OrderedLine, ...] = ()
