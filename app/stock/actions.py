"""Taking goods in."""

from collections.abc import Sequence

from app.facts.stock import GoodsReceived, ReceivedLine
from app.stock.desk import LINES_PER_FACT
from app.transaction import Transaction


def receive(
    tx: Transaction,
    lines: Sequence[ReceivedLine],
    *,
    supplier: str = "",
    dispatch: str = "",
    day: str = "",
    shift: str = "",
) -> str:
    """Book goods in, one lot a line, in facts of at most 100 lines; the document's id."""
    document = tx.ids.new()
    for start in range(0, len(lines), LINES_PER_FACT):
        tx.record(
            GoodsReceived(
                shop=tx.shop,
                till=tx.till,
                day=day,
                shift=shift,
                document=document,
                supplier=supplier,
                dispatch=dispatch,
                lines=tuple(lines[start : start + LINES_PER_FACT]),
            )
        )
    return document
