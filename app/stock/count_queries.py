"""What screens and actions read of counts."""

import json
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, bindparam, select, text

from app.facts.stock import KnownJournal
from app.row_writer import Prepared
from app.stock.counting_rules import Entry, Found, LotAt, Moved
from app.stock.tables import count, count_close, count_entry, count_posting

_ZONES = (
    select(
        count.c.count, count.c.zone, count.c.place, count.c.day, count.c.person, count.c.order_ms
    )
    .where(count.c.shop == bindparam("shop"))
    .order_by(count.c.order_ms, count.c.fact, count.c.zone)
)
_ENTRIES = Prepared(
    select(*[count_entry.c[name] for name in Entry.__struct_fields__]).where(
        count_entry.c.shop == bindparam("shop"), count_entry.c.count == bindparam("count")
    )
)
_ENTRIES_OF_ONE = Prepared(
    select(*[count_entry.c[name] for name in Entry.__struct_fields__]).where(
        count_entry.c.shop == bindparam("shop"),
        count_entry.c.count == bindparam("count"),
        count_entry.c.product == bindparam("product"),
    )
)
_CLOSED = select(count_close.c.count).where(count_close.c.shop == bindparam("shop"))
_POSTING = select(count_posting.c.count)
_BOOKED = text(
    "SELECT DISTINCT product, place FROM count_line WHERE shop = :shop AND count = :count"
)
_ENTRIES_IN = text("SELECT count(*) FROM count_entry WHERE shop = :shop AND count = :count")
_ENTERED = text(
    "SELECT fact FROM count_entry WHERE shop = :shop"
    " AND fact IN (SELECT value FROM json_each(:ids))"
)
_MOVES = Prepared(
    text(
        "SELECT m.product, m.place, m.journal, m.order_ms FROM json_each(:windows) j CROSS"
        " JOIN movement m ON m.shop = :shop AND m.product = j.value ->> 0"
        " AND m.order_ms >= j.value ->> 2 AND m.order_ms <= j.value ->> 3"
        " WHERE m.place = j.value ->> 1 AND m.reason <> 'counted'"
    )
)
_LOTS = Prepared(
    text(
        "SELECT l.lot, l.product, l.batch, l.unit_cost, l.expires, l.received_ms FROM lot l"
        " WHERE l.shop = :shop AND l.owner = :shop"
        " AND l.product IN (SELECT value FROM json_each(:products))"
    )
)
_ARTICLES = text(
    "SELECT product FROM on_hand WHERE shop = :shop"
    " AND place IN (SELECT value FROM json_each(:places))"
    " GROUP BY product HAVING sum(quantity) <> 0 ORDER BY product"
)
_HEADS = text(
    """
    WITH RECURSIVE writer(journal) AS (
        SELECT min(journal) FROM entry
        UNION ALL
        SELECT (SELECT min(journal) FROM entry WHERE journal > writer.journal)
        FROM writer WHERE writer.journal IS NOT NULL
    )
    SELECT journal, (SELECT order_ms FROM entry e WHERE e.journal = writer.journal
                     ORDER BY seq DESC LIMIT 1)
    FROM writer WHERE journal IS NOT NULL AND journal <> :own
    """
)


class Count(msgspec.Struct, frozen=True):
    """A count: its zones in the order they joined it, each with its place."""

    count: str
    zones: Mapping[str, str]
    day: str
    person: str
    opened_ms: int
    closed: bool


class LotOf(msgspec.Struct, frozen=True):
    """A lot's label and cost (1/10000 fen per unit)."""

    lot: str
    product: str
    batch: str
    unit_cost: int
    expires: str
    received_ms: int

    def at(self, book: int) -> LotAt:
        """The same with what the books said of it."""
        return LotAt(self.lot, book, self.batch, self.expires, self.received_ms)


def counts(db: Connection, shop: str, only: str = "") -> list[Count]:
    """Every count of the shop, or one of them, oldest first. Counts are few."""
    ended = {*db.scalars(_CLOSED, {"shop": shop}), *db.scalars(_POSTING)}
    statement = _ZONES.where(count.c.count == only) if only else _ZONES
    found: dict[str, Count] = {}
    for name, zone, place, day, person, order_ms in db.execute(statement, {"shop": shop}):
        one = found.setdefault(name, Count(name, {}, day, person, order_ms, name in ended))
        zones = {**one.zones, zone: one.zones.get(zone, place)}
        found[name] = msgspec.structs.replace(one, zones=zones)
    return list(found.values())


def open_counts(db: Connection, shop: str) -> list[Count]:
    """Counts nobody has closed."""
    return [each for each in counts(db, shop) if not each.closed]


def entries_of(db: Connection, shop: str, name: str, product: str = "") -> list[Entry]:
    """What was entered into a count, as it came; of one article, or of all."""
    if product:
        values = {"shop": shop, "count": name, "product": product}
        return [Entry(*row) for row in _ENTRIES_OF_ONE.run(db, values)]
    return [Entry(*row) for row in _ENTRIES.run(db, {"shop": shop, "count": name})]


def entries_in(db: Connection, shop: str, name: str) -> int:
    """How many entries a count has."""
    values = {"shop": shop, "count": name}
    return int(db.scalar(_ENTRIES_IN, values) or 0)


def entered_already(db: Connection, shop: str, ids: Sequence[str]) -> set[str]:
    """Which of these entries stand already."""
    rows = db.execute(_ENTERED, {"shop": shop, "ids": json.dumps(list(ids))})
    return {fact for (fact,) in rows} if ids else set()


def posting(db: Connection, name: str) -> bool:
    """Whether a close of this count was decided and is not booked to its end."""
    return db.execute(_POSTING.where(count_posting.c.count == name)).first() is not None


def booked(db: Connection, shop: str, name: str) -> set[tuple[str, str]]:
    """(article, place) that a document of this count has booked already."""
    rows = db.execute(_BOOKED, {"shop": shop, "count": name})
    return {(product, place) for product, place in rows}


def moves_near(
    db: Connection, shop: str, founds: Sequence[Found], error_ms: int
) -> dict[tuple[str, str], list[Moved]]:
    """Movements from a little before each article's first entry to a little after its last."""
    windows = [
        (
            each.product,
            each.place,
            min(one.since_ms or one.order_ms for one in each.entries) - error_ms,
            each.moment + error_ms,
        )
        for each in founds
    ]
    near: dict[tuple[str, str], list[Moved]] = {}
    for row in _MOVES.run(db, {"shop": shop, "windows": json.dumps(windows)}):
        move = Moved(*row)
        near.setdefault((move.product, move.place), []).append(move)
    return near


def articles_in(db: Connection, shop: str, places: Sequence[str]) -> list[str]:
    """Articles of which the books hold something in these places."""
    return list(db.scalars(_ARTICLES, {"shop": shop, "places": json.dumps(list(places))}))


def lots_of_products(db: Connection, shop: str, products: Iterable[str]) -> dict[str, LotOf]:
    """Every lot these products ever had here, by its id."""
    values = {"shop": shop, "products": json.dumps(list(products))}
    return {row[0]: LotOf(*row) for row in _LOTS.run(db, values)}


def known_journals(db: Connection, own: str) -> tuple[KnownJournal, ...]:
    """How far this till knows what other journals wrote."""
    rows = db.execute(_HEADS, {"own": own})
    return tuple(KnownJournal(journal=journal, order=order) for journal, order in rows)
