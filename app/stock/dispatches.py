"""What is on its way here or from here: announced or sent, less what came, less what was given up.

Quantities in thousandths, costs in 1/10000 fen per unit.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select

from app.facts.stock import SentLine
from app.stock.dispatch_tables import dispatch, expected, settled
from app.stock.tables import arrived, document, sent

_PAPERS = tuple(SentLine.__struct_fields__)


class OnItsWay(msgspec.Struct, frozen=True):
    """One announced line: how much of it came, how much nobody waits for any longer."""

    line: SentLine
    came: int
    given_up: int

    @property
    def rest(self) -> int:
        """Still on its way; never less than nothing, also when more came."""
        return max(0, self.line.quantity - self.came - self.given_up)


class Dispatch(msgspec.Struct, frozen=True):
    """来单: where it comes from and what of it is where."""

    document: str
    number: str
    source: str
    supplier: str
    waybill: str
    order_ms: int
    lines: tuple[OnItsWay, ...]

    @property
    def open(self) -> bool:
        """Whether anything is still on its way."""
        return any(each.rest for each in self.lines)

    def rest(self) -> dict[str, int]:
        """Still on its way by product."""
        found: dict[str, int] = defaultdict(int)
        for each in self.lines:
            found[each.line.product] += each.rest
        return dict(found)


class Sent(msgspec.Struct, frozen=True):
    """One line sent to another shop, and what is known of it."""

    document: str
    number: str
    target: str
    product: str
    lot: str
    quantity: int
    arrived: int
    lost: int
    order_ms: int

    @property
    def rest(self) -> int:
        """Sent, and nobody has said what became of it."""
        return max(0, self.quantity - self.arrived - self.lost)


Amounts = dict[tuple[str, str], int]


def spread(lines: Sequence[SentLine], came: Amounts, given_up: Amounts) -> tuple[OnItsWay, ...]:
    """Share what came and what was given up over the announced lines: to its own lot first, then
    (a supplier packed another batch) to the product's other lines in their order. Pure."""
    shared = [_shared(lines, came), _shared(lines, given_up)]
    return tuple(OnItsWay(line, shared[0][n], shared[1][n]) for n, line in enumerate(lines))


def _shared(lines: Sequence[SentLine], amounts: Amounts) -> list[int]:
    left, taken = dict(amounts), [0] * len(lines)
    own = [n for n, line in enumerate(lines) if (line.product, line.lot) in amounts]
    for n in own:
        key = (lines[n].product, lines[n].lot)
        taken[n] = min(left[key], lines[n].quantity)
        left[key] -= taken[n]
    others: dict[str, int] = defaultdict(int)
    for (product, _lot), quantity in left.items():
        others[product] += quantity
    for n, line in enumerate(lines):
        more = min(others[line.product], line.quantity - taken[n])
        taken[n] += more
        others[line.product] -= more
    # What came beyond everything announced stands on the product's last line.
    for n in reversed(range(len(lines))):
        taken[n] += others.pop(lines[n].product, 0)
    return taken


def _amounts(rows: Iterable[Any]) -> Amounts:
    return {(row[0], row[1]): int(row[2]) for row in rows}


def find_dispatch(db: Connection, shop: str, name: str) -> Dispatch | None:
    """A dispatch by its id or by the number on its paper, the newest of that number."""
    rows = db.execute(
        select(dispatch)
        .where(
            dispatch.c.shop == shop,
            (dispatch.c.document == name) | (dispatch.c.number == name),
        )
        .order_by(dispatch.c.order_ms.desc(), dispatch.c.fact)
    ).all()
    return _dispatch(db, shop, rows[0]) if name and rows else None


def dispatches(db: Connection, shop: str, *, open_only: bool = True) -> list[Dispatch]:
    """Everything that was announced, the oldest first."""
    rows = db.execute(select(dispatch).where(dispatch.c.shop == shop).order_by(dispatch.c.order_ms))
    first = {row.document: row for row in reversed(rows.all())}
    found = [_dispatch(db, shop, row) for row in reversed(first.values())]
    return [each for each in found if each.open or not open_only]


def _dispatch(db: Connection, shop: str, row: Row[Any]) -> Dispatch:
    name = row.document
    lines = [
        SentLine(**each._mapping)
        for each in db.execute(
            select(*[expected.c[field] for field in _PAPERS])
            .where(expected.c.shop == shop, expected.c.document == name)
            .order_by(expected.c.line)
        )
    ]
    came = db.execute(
        select(arrived.c.product, arrived.c.lot, func.sum(arrived.c.quantity))
        .where(arrived.c.shop == shop, arrived.c.dispatch == name)
        .group_by(arrived.c.product, arrived.c.lot)
    )
    lost = db.execute(
        select(settled.c.product, settled.c.lot, func.sum(settled.c.lost))
        .where(settled.c.shop == shop, settled.c.document == name)
        .group_by(settled.c.product, settled.c.lot)
    )
    return Dispatch(
        document=name,
        number=row.number,
        source=row.source,
        supplier=row.supplier,
        waybill=row.waybill,
        order_ms=row.order_ms,
        lines=spread(lines, _amounts(came), _amounts(lost)),
    )


def sent_lines(db: Connection, shop: str, name: str = "", *, open_only: bool = False) -> list[Sent]:
    """What this shop sent away (of one transfer by id or number, or of all), oldest first."""
    known = (
        select(
            settled.c.document,
            settled.c.product,
            settled.c.lot,
            func.sum(settled.c.arrived).label("arrived"),
            func.sum(settled.c.lost).label("lost"),
        )
        .where(settled.c.shop == shop)
        .group_by(settled.c.document, settled.c.product, settled.c.lot)
        .subquery()
    )
    total = (
        select(
            sent.c.document,
            document.c.number,
            sent.c.target,
            sent.c.product,
            sent.c.lot,
            func.sum(sent.c.quantity).label("quantity"),
            func.min(document.c.order_ms).label("order_ms"),
        )
        .join(document, (document.c.shop == sent.c.shop) & (document.c.fact == sent.c.fact))
        .where(sent.c.shop == shop)
        .group_by(sent.c.document, sent.c.product, sent.c.lot)
    )
    if name:
        total = total.where((sent.c.document == name) | (document.c.number == name))
    whole = total.subquery()
    rows = db.execute(
        select(
            whole.c.document, whole.c.number, whole.c.target, whole.c.product, whole.c.lot,
            whole.c.quantity,
            func.coalesce(known.c.arrived, 0), func.coalesce(known.c.lost, 0),
            whole.c.order_ms,
        )
        .outerjoin(
            known,
            (known.c.document == whole.c.document)
            & (known.c.product == whole.c.product)
            & (known.c.lot == whole.c.lot),
        )
        .order_by(whole.c.order_ms, whole.c.document, whole.c.product)
    )  # fmt: skip
    found = [Sent(*row) for row in rows]
    return [each for each in found if each.rest or not open_only]
