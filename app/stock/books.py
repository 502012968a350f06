"""What is on hand: the last count and every movement after it, whatever arrived late.

Sums hold every movement there is. A count moves the sum to what was counted, so the sum is right
as long as the closing till knew everything that had happened until then. What another till had
written before that moment and sent afterwards was counted on the shelf already; such movements
are *late* and taken off again. In a shop with one till there are none.
"""

import json
from collections.abc import Mapping, Sequence

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
    AND c.product = s.product AND c.place = s.place
    -- A product counted whole was counted with lots the closing till knew nothing of.
    AND c.lot = CASE WHEN EXISTS (
        SELECT 1 FROM counted o WHERE o.shop = :shop AND o.owner = :shop
            AND o.product = s.product AND o.lot = s.lot AND o.place = s.place
    ) THEN s.lot ELSE '' END
    AND c.document = s.document AND s.order_ms <= c.moment_ms
GROUP BY s.product, s.lot, s.place
"""
_LATE_NOW = Prepared(text(_LATE))
_SUMS = "SELECT product, lot, place, quantity FROM on_hand WHERE shop = :shop{narrow}"
_SUMS_OF_ALL = Prepared(text(_SUMS.format(narrow="")))
_SUMS_OF_SOME = Prepared(
    text(_SUMS.format(narrow=" AND product IN (SELECT value FROM json_each(:products))"))
)
_TOTALS = Prepared(
    text("SELECT product, sum(quantity) FROM on_hand WHERE shop = :shop GROUP BY product")
)
_AFTER = Prepared(
    text(
        "SELECT m.product, m.lot, m.place, sum(m.quantity) FROM json_each(:moments) j CROSS"
        " JOIN movement m ON m.shop = :shop AND m.product = j.key AND m.order_ms > j.value"
        " GROUP BY m.product, m.lot, m.place"
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
    if products is None or db.dialect.name != "sqlite":
        # A list of codes is read by SQLite's own function; a hub reads a shop's sums whole.
        rows = _SUMS_OF_ALL.run(db, {"shop": shop})
    else:
        rows = _SUMS_OF_SOME.run(db, {"shop": shop, "products": json.dumps(list(products))})
    only = None if products is None else set(products)
    found = {
        (product, lot, place): int(total)
        for product, lot, place, total in rows
        if only is None or product in only
    }
    for where, quantity in late(db, shop).items():
        if where in found:
            found[where] -= quantity
    return found


def totals(db: Connection, shop: str) -> dict[str, int]:
    """On hand in thousandths of every article, over all its lots and places."""
    found = {product: int(total) for product, total in _TOTALS.run(db, {"shop": shop})}
    for (product, _lot, _place), quantity in late(db, shop).items():
        found[product] -= quantity
    return found


def standings(db: Connection, shop: str, moments: Mapping[str, int]) -> dict[Where, Standing]:
    """What the books said of products, of each at its own moment, by lot and place.

    A moment is an order key's first part: what was written in that very millisecond counts.
    A movement later than the moment is taken off again, however it was learnt.
    """
    sums = _SUMS_OF_SOME.run(db, {"shop": shop, "products": json.dumps(list(moments))})
    rows = _AFTER.run(db, {"shop": shop, "moments": json.dumps(moments)})
    after = {(product, lot, place): int(total) for product, lot, place, total in rows}
    seen = late(db, shop)
    found = {}
    for product, lot, place, total in sums:
        where = (product, lot, place)
        summed = int(total) - after.get(where, 0)
        found[where] = Standing(book=summed - seen.get(where, 0), summed=summed)
    return found
