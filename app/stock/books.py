"""What is on hand: the last count and every movement after it, whatever arrived late.

Sums hold every movement there is. A count moves the sum to what was counted, so the sum is right
as long as the closing till knew everything that had happened until then. What another till had
written before that moment and sent afterwards was counted on the shelf already; such movements
are *late* and taken off again. In a shop with one till there are none.
"""

import json
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, text

from app.row_writer import Prepared

_JOURNALS = Prepared(
    text(
        # Apart, each is one step in an index; together they would read it all.
        "SELECT (SELECT min(journal) FROM movement WHERE shop = :shop),"
        " (SELECT max(journal) FROM movement WHERE shop = :shop)"
    )
)
_LATE = """
WITH RECURSIVE writer(journal) AS (
    SELECT min(journal) FROM movement WHERE shop = :shop
    UNION ALL
    SELECT (SELECT min(journal) FROM movement WHERE shop = :shop AND journal > writer.journal)
    FROM writer WHERE writer.journal IS NOT NULL
),
unseen AS (
    SELECT e.document, e.until_ms, w.journal, coalesce(k.known_ms, -1) AS known_ms
    FROM count_close e JOIN writer w ON w.journal IS NOT NULL AND w.journal <> e.journal
    LEFT JOIN count_known k
        ON k.shop = e.shop AND k.document = e.document AND k.journal = w.journal
    WHERE e.shop = :shop
),
suspect AS (
    SELECT u.document, m.product, m.lot, m.place, m.quantity, m.order_ms
    FROM unseen u JOIN movement m ON m.shop = :shop AND m.journal = u.journal
        AND m.written_ms > u.known_ms AND m.written_ms <= u.until_ms
    WHERE m.reason <> 'counted'
    UNION ALL
    SELECT u.document, m.product, m.lot, m.place, m.quantity, m.order_ms
    FROM unseen u JOIN movement m ON m.shop = :shop AND m.journal = u.journal
        AND m.written_ms > u.known_ms AND m.order_ms <= u.until_ms
    WHERE m.reason = 'counted'
)
SELECT s.product, s.lot, s.place, sum(s.quantity)
FROM suspect s JOIN counted c ON c.shop = :shop AND c.owner = :shop
    AND c.product = s.product AND c.lot = s.lot AND c.place = s.place
    AND c.document = s.document AND s.order_ms <= c.moment_ms
GROUP BY s.product, s.lot, s.place
"""
_LATE_NOW = Prepared(text(_LATE))
_SUMS = "SELECT product, lot, place, quantity FROM on_hand WHERE shop = :shop{narrow}"
_SUMS_OF_ALL = Prepared(text(_SUMS.format(narrow="")))
_SUMS_OF_SOME = Prepared(
    text(_SUMS.format(narrow=" AND product IN (SELECT value FROM json_each(:products))"))
)
_AFTER = Prepared(
    text(
        "SELECT lot, place, sum(quantity) FROM movement"
        " WHERE shop = :shop AND product = :product AND order_ms > :moment GROUP BY lot, place"
    )
)

Where = tuple[str, str, str]
"""Product, lot ("" = none), place."""


class Standing(msgspec.Struct, frozen=True):
    """What the books said at one moment of one lot in one place, in thousandths."""

    book: int
    """On hand."""
    summed: int
    """The sum of every movement known until then: what a count's own movement starts from."""


def late(db: Connection, shop: str) -> dict[Where, int]:
    """Thousandths that the sums hold although the last count had seen them already."""
    writers = _JOURNALS.first(db, {"shop": shop})
    if writers is None or writers[0] == writers[1]:
        return {}
    rows = _LATE_NOW.run(db, {"shop": shop})
    return {(product, lot, place): int(total) for product, lot, place, total in rows}


def on_hand(db: Connection, shop: str, products: Sequence[str] | None = None) -> dict[Where, int]:
    """On hand in thousandths by product, lot and place; of some products, or of all."""
    if products is None:
        rows = _SUMS_OF_ALL.run(db, {"shop": shop})
    else:
        rows = _SUMS_OF_SOME.run(db, {"shop": shop, "products": json.dumps(list(products))})
    found = {(product, lot, place): int(total) for product, lot, place, total in rows}
    for where, quantity in late(db, shop).items():
        if where in found:
            found[where] -= quantity
    return found


def standing_at(
    db: Connection, shop: str, product: str, moment_ms: int
) -> dict[tuple[str, str], Standing]:
    """What the books said of a product at a moment, by lot and place.

    `moment_ms` is an order key's first part: what was written in that very millisecond counts.
    A movement later than the moment is taken off again, however it was learnt.
    """
    where = {"shop": shop, "products": json.dumps([product])}
    sums = {(lot, place): int(total) for _p, lot, place, total in _SUMS_OF_SOME.run(db, where)}
    after = {
        (lot, place): int(total)
        for lot, place, total in _AFTER.run(
            db, {"shop": shop, "product": product, "moment": moment_ms}
        )
    }
    seen = {
        (lot, place): total
        for (code, lot, place), total in late(db, shop).items()
        if code == product
    }
    return {
        key: Standing(
            book=sums.get(key, 0) - after.get(key, 0) - seen.get(key, 0),
            summed=sums.get(key, 0) - after.get(key, 0),
        )
        for key in sums
    }
