"""Goods nobody waits for any longer: given up with a reason, or known to have come elsewhere."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection, select

from app.errors import Refusal
from app.facts.dispatches import SettledLine, TransitSettled
from app.staff.rules import NOBODY, Approver
from app.stock.desk import LINES_PER_FACT, StockDesk
from app.stock.dispatch_tables import settled
from app.stock.dispatches import OnItsWay, dispatches, find_dispatch, sent_lines
from app.transaction import Transaction, transaction

SEEN = "seen"
"""The reason of a settlement that moves nothing: a difference was looked into."""
NEVER_CAME = "未到"


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


class Difference(msgspec.Struct, frozen=True):
    """A document of which less or more came than was sent, and nobody has looked into it yet."""

    document: str
    number: str
    coming: bool
    """To us; else from us."""
    order_ms: int


def differences(db: Connection, shop: str) -> list[Difference]:
    """Documents with a difference that nobody has looked into, the oldest first."""
    seen = set(
        db.scalars(
            select(settled.c.document).where(settled.c.shop == shop, settled.c.reason == SEEN)
        )
    )
    found = {}
    for each in dispatches(db, shop, open_only=False):
        wrong = any(line.given_up or line.came > line.line.quantity for line in each.lines)
        if wrong and each.document not in seen:
            found[each.document] = Difference(each.document, each.number, True, each.order_ms)
    for line in sent_lines(db, shop):
        if line.lost and line.document not in seen:
            found[line.document] = Difference(line.document, line.number, False, line.order_ms)
    return sorted(found.values(), key=lambda each: (each.order_ms, each.document))


def look_into(desk: StockDesk, document: str, approver: Approver = NOBODY) -> None:
    """Somebody found out why they disagree. Raises Refusal: unknown_task, approval_needed."""
    desk.approved("transfer", approver)
    day = desk.business_day()
    with transaction(desk.books, staff=desk.person) as tx:
        if document not in {each.document for each in differences(tx.connection, tx.shop)}:
            raise Refusal("unknown_task")
        nothing = [SettledLine(product="", lot="")]
        settle(tx, desk, document, nothing, reason=SEEN, day=day)
