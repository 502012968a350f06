"""A product's stock as a person asks for it: what stands where, what is on its way, counted when.

Quantities in thousandths.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, func, select

from app.stock.books import late, on_hand
from app.stock.dispatches import dispatches, sent_lines
from app.stock.rules import PLACES, SHELF
from app.stock.tables import counted, document, movement
from app.stock.tables import on_hand as sums


class Overview(msgspec.Struct, frozen=True):
    """One product."""

    product: str
    places: dict[str, int]
    """By place, all lots together."""
    coming: int
    """Announced or sent to us and not here yet."""
    going: int
    """Sent by us, and nobody has said what became of it."""
    late: int
    """Of movements that other tills sent after a count had seen them: taken off already."""
    counted_ms: int
    """When it was counted last, 0 = never."""
    counted: int

    @property
    def total(self) -> int:
        """Over all places."""
        return sum(self.places.values())

    @property
    def sellable(self) -> int:
        """What a till sells from: the shelf alone."""
        return self.places[SHELF]


def overviews(db: Connection, shop: str, codes: Sequence[str]) -> dict[str, Overview]:
    """Several products at once."""
    places = {code: dict.fromkeys(PLACES, 0) for code in codes}
    for (product, _lot, place), quantity in on_hand(db, shop, codes).items():
        places[product][place] += quantity
    coming: dict[str, int] = {}
    for each in dispatches(db, shop):
        for product, rest in each.rest().items():
            coming[product] = coming.get(product, 0) + rest
    going: dict[str, int] = {}
    for line in sent_lines(db, shop, open_only=True):
        going[line.product] = going.get(line.product, 0) + line.rest
    unseen: dict[str, int] = {}
    for (product, _lot, _place), quantity in late(db, shop).items():
        unseen[product] = unseen.get(product, 0) + quantity
    counts = _counts(db, shop, codes)
    return {
        code: Overview(
            product=code,
            places=places[code],
            coming=coming.get(code, 0),
            going=going.get(code, 0),
            late=unseen.get(code, 0),
            counted_ms=counts.get(code, (0, 0))[0],
            counted=counts.get(code, (0, 0))[1],
        )
        for code in codes
    }


def _counts(db: Connection, shop: str, codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """(moment, quantity) of the last count of each product."""
    rows = db.execute(
        select(
            counted.c.product,
            counted.c.document,
            func.max(counted.c.moment_ms),
            func.sum(counted.c.quantity),
        )
        .where(counted.c.shop == shop, counted.c.product.in_(codes))
        .group_by(counted.c.product, counted.c.document)
    )
    found: dict[str, tuple[int, int]] = {}
    for product, _document, moment, quantity in rows:
        found[product] = max(found.get(product, (0, 0)), (int(moment), int(quantity)))
    return found


def stocked(db: Connection, shop: str, limit: int) -> list[str]:
    """Products with anything on the books, those below nothing first, at most so many."""
    total = func.sum(sums.c.quantity)
    rows = db.execute(
        select(sums.c.product)
        .where(sums.c.shop == shop)
        .group_by(sums.c.product)
        .order_by((total < 0).desc(), sums.c.product)
        .limit(limit)
    )
    return [row.product for row in rows]


class Listed(msgspec.Struct, frozen=True):
    """A document of the stock room as a list shows it."""

    document: str
    number: str
    kind: str
    party: str
    person: str
    order_ms: int


def documents(db: Connection, shop: str, limit: int) -> list[Listed]:
    """What was posted last, the newest first."""
    when = func.min(document.c.order_ms)
    rows = db.execute(
        select(
            document.c.document, func.max(document.c.number), document.c.kind,
            func.max(document.c.party), func.max(document.c.person), when,
        )
        .where(document.c.shop == shop)
        .group_by(document.c.document, document.c.kind)
        .order_by(when.desc())
        .limit(limit)
    )  # fmt: skip
    return [Listed(*row) for row in rows]


class Step(msgspec.Struct, frozen=True):
    """One movement of a document."""

    product: str
    lot: str
    place: str
    quantity: int
    reason: str


def steps(db: Connection, shop: str, name: str, kind: str) -> list[Step]:
    """What a document moved, line by line."""
    rows = db.execute(
        select(
            movement.c.product, movement.c.lot, movement.c.place, movement.c.quantity,
            movement.c.reason,
        )
        .join(
            document, (document.c.shop == movement.c.shop) & (document.c.fact == movement.c.fact)
        )
        .where(document.c.shop == shop, document.c.document == name, document.c.kind == kind)
        .order_by(movement.c.order_ms, movement.c.fact, movement.c.n)
    )  # fmt: skip
    return [Step(*row) for row in rows]
