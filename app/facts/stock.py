"""Facts about goods coming in; transfers, counts and adjustments join with their room."""

from app.facts.base import Part, TillFact


class ReceivedLine(Part, frozen=True, kw_only=True):
    """Goods that came together: each line makes one lot with its own cost (个别计价)."""

    line: int
    product: str
    lot: str
    """The lot's id; `batch` is what is printed on the goods."""
    batch: str = ""
    quantity: int
    unit_cost: int
    """1/10000 fen per unit, tax included."""
    made: str = ""
    expires: str = ""
    """ISO dates, "" when the goods carry none."""
    certificate: str = ""
    village: str = ""
    report: str = ""
    place: str = "shelf"


class GoodsReceived(TillFact, frozen=True, kw_only=True):
    """入库单: goods taken in from a supplier or against a dispatch."""

    document: str
    supplier: str = ""
    dispatch: str = ""
    lines: tuple[ReceivedLine, ...]
