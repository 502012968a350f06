"""What is left of a count: codes nobody knew, what nobody counted, what came after the close."""

import msgspec
from sqlalchemy import Connection, text

from app.errors import Refusal
from app.quantity import shown
from app.sales.count_codes import counted_goods
from app.sales.stocktaking import Status, Stocktaking, entry_of, running_count
from app.stock import count_queries, counting
from app.stock.count_late import late_entries
from app.stock.count_review import Difference, compare_absent
from app.stock.counting_rules import Entry, standing, value_of
from app.stock.rules import PLACES

_BOOKED = text(
    "SELECT product, place, counted, book, unit_cost FROM count_line"
    " WHERE shop = :shop AND count = :count ORDER BY product, place"
)


class Booked(msgspec.Struct, frozen=True):
    """An article as a count's documents booked it. Thousandths and fen."""

    product: str
    place: str
    counted: int
    book: int
    value: int


def booked(db: Connection, shop: str, count: str) -> list[Booked]:
    """Everything the documents of a count have booked."""
    found: dict[tuple[str, str], Booked] = {}
    for product, place, counted, book, cost in db.execute(_BOOKED, {"shop": shop, "count": count}):
        key, worth = (product, place), value_of(counted - book, cost)
        last = found.get(key, Booked(product, place, 0, 0, 0))
        found[key] = Booked(*key, last.counted + counted, last.book + book, last.value + worth)
    return [each for each in found.values() if each.counted or each.book]


def absent(taking: Stocktaking, status: Status) -> list[Difference]:
    """What the books hold now of what nobody counted, against nought; what is worth most first."""
    books = taking.desk.books
    places = [place for place in PLACES if place in status.count.zones.values()]
    with books.read() as db:
        moment = max(books.journal.head(db)[2], books.clock.wall_ms())
        found = compare_absent(db, books.shop, status.uncounted, places, moment, taking.rules())
    return sorted(found, key=lambda each: (each.value, each.found.product))


def came_late(status: Status, done: list[Booked]) -> list[Difference]:
    """What was counted of a closed count and no document of it has booked."""
    there = {(each.product, each.place) for each in done}
    every = status.differences or ()
    return [each for each in every if (each.found.product, each.found.place) not in there]


def late_count(taking: Stocktaking) -> str:
    """A closed count with something nobody has booked yet, "" without one."""
    books = taking.desk.books
    with books.read() as db:
        found = late_entries(db, books.shop, books.clock.wall_ms(), taking.rules())
    return next((each.count for each in found if each.unbooked), "")


def name_unknown(taking: Stocktaking, name: str, fact: str, code: str) -> None:
    """Say which goods a code nobody knew is; "" = none of ours, it was counted by mistake.

    Who counted it has counted it still, at some time since then. Raises Refusal: no_such_count,
    count_closed, no_such_entry, and as `counted_goods` and `counting.enter`.
    """
    taking.desk.allowed("count")
    books, who = taking.desk.books, taking.who()
    with books.read() as db:
        running_count(count_queries.counts(db, books.shop, name))
        entry = _unknown(standing(count_queries.entries_of(db, books.shop, name)), fact)
        if not code:
            goods = []
        else:
            quantity = shown(entry.quantity, weighed=bool(entry.quantity % 1000))
            goods = counted_goods(db, books.shop, taking.desk.read_code(code), code, quantity)
    if any(each.product is None for each in goods):
        raise Refusal("unknown_code", text=code[:40], reason="no_product")
    bundle = books.ids.new() if len(goods) > 1 else ""
    entries = [
        msgspec.structs.replace(
            entry_of(books, who, name, entry.zone, each),
            since=entry.since_ms or entry.order_ms,
            bundle=bundle,
            counter=entry.counter,
        )
        for each in goods
    ]
    if entries:
        counting.enter(books, who, entries, back=[entry])
    else:
        counting.take_back(books, who, name, [entry])


def _unknown(entries: list[Entry], fact: str) -> Entry:
    """The entry that is meant. Raises Refusal("no_such_entry")."""
    for each in entries:
        if each.fact == fact and not each.known:
            return each
    raise Refusal("no_such_entry")
