"""Goods nobody waits for any longer: given up with a reason, or known to have come elsewhere."""

from collections.abc import Mapping, Sequence

from app.facts.dispatches import SettledLine, TransitSettled
from app.stock.desk import StockDesk
from app.stock.dispatches import OnItsWay, find_dispatch
from app.transaction import Transaction

LINES_PER_FACT = 100


def settle(
    tx: Transaction,
    desk: StockDesk,
    document: str,
    lines: Sequence[SettledLine],
    *,
    reason: str,
    day: str,
) -> None:
    """Record what became of lots that were on their way."""
    for start in range(0, len(lines), LINES_PER_FACT):
        tx.record(
            TransitSettled(
                shop=tx.shop,
                till=tx.till,
                day=day,
                shift=desk.shift_id,
                document=document,
                reason=reason,
                person=desk.person,
                lines=tuple(lines[start : start + LINES_PER_FACT]),
            )
        )


def give_up_short(
    tx: Transaction,
    desk: StockDesk,
    document: str,
    reasons: Mapping[tuple[str, str], str],
    *,
    day: str,
) -> tuple[OnItsWay, ...]:
    """Give up what is still on its way of (product, lot) with a reason; "" as lot means all of the
    product's. What is left is on its way still."""
    tx.flush()
    found = find_dispatch(tx.connection, tx.shop, document)
    assert found is not None
    said = {
        id(each): reasons.get((each.line.product, each.line.lot))
        or reasons.get((each.line.product, ""), "")
        for each in found.lines
    }
    for reason in sorted(set(said.values()) - {""}):
        lost = [
            SettledLine(product=each.line.product, lot=each.line.lot, lost=each.rest)
            for each in found.lines
            if each.rest and said[id(each)] == reason
        ]
        settle(tx, desk, document, lost, reason=reason, day=day)
    return tuple(each for each in found.lines if each.rest and not said[id(each)])
