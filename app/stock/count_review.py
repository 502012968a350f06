"""What was counted beside what the books said at each article's own moment, and what it is worth.

Quantities in thousandths, values in fen, costs in 1/10000 fen per unit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from time import sleep
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from app.facts.stock import CountedLine
from app.stock import books
from app.stock.books import Standing, Where
from app.stock.count_queries import (
    Count,
    LotOf,
    entries_of,
    lots_of_products,
    moves_near,
)
from app.stock.counting_rules import (
    DOUBLED,
    MOVED,
    VALUE,
    Found,
    LotAt,
    doubled,
    found,
    moved_meanwhile,
    spread,
    value_of,
)

NOWHERE = Standing(0, 0)
AT_ONCE = 16
"""Articles worked out before whoever sells meanwhile has a turn."""
Thing = TypeVar("Thing")


def _letting_others(things: Iterable[Thing]) -> Iterator[Thing]:
    """The same things, with a turn for every other thread after a few of them."""
    for number, each in enumerate(things, 1):
        yield each
        if number % AT_ONCE == 0:
            sleep(0)


class Rules(msgspec.Struct, frozen=True):
    """What the shop set for its counts, and today's date (lots past it are spread first)."""

    recount_fen: int
    error_ms: int
    today: str


def count_rules(settings: Mapping[str, str], today: str) -> Rules:
    """What a shop's settings say of counts."""
    return Rules(int(settings["count_recount"]) * 100, int(settings["count_clock"]) * 1000, today)


class Difference(msgspec.Struct, frozen=True):
    """One article in one place: counted, and what the books said then."""

    found: Found
    lines: tuple[CountedLine, ...]
    again: str
    """Why it has to be counted again, "" when it need not be."""

    @property
    def counted(self) -> int:
        return sum(each.counted for each in self.lines)

    @property
    def book(self) -> int:
        return sum(each.book for each in self.lines)

    @property
    def book_value(self) -> int:
        """What the books hold of it, at cost, in fen."""
        return sum(value_of(each.book, each.unit_cost) for each in self.lines)

    @property
    def value(self) -> int:
        return sum(value_of(each.counted - each.book, each.unit_cost) for each in self.lines)


def review(db: Connection, shop: str, count: Count, rules: Rules) -> list[Difference]:
    """Everything that was counted so far, in the order it was met."""
    entries = entries_of(db, shop, count.count)
    founds = found(entries, count.zones)
    twice = {product for _zone, product in doubled(entries, count.zones)}
    moves = moves_near(db, shop, founds, rules.error_ms)
    reviewed = []
    for each in _letting_others(compare(db, shop, founds, rules.today)):
        one = each.found
        near = moves.get((one.product, one.place), ())
        moved = moved_meanwhile(one, near, rules.error_ms)
        why = _again(each, moved, one.product in twice, rules.recount_fen)
        reviewed.append(msgspec.structs.replace(each, again=why))
    return reviewed


def _again(one: Difference, moved: bool, twice: bool, recount_fen: int) -> str:
    if moved:
        return MOVED
    if twice:
        return DOUBLED
    return VALUE if abs(one.value) > recount_fen and not one.found.confirmed else ""


def compare(db: Connection, shop: str, founds: Sequence[Found], today: str) -> list[Difference]:
    """What was counted against the books of each article's own moment."""
    lots = _by_product(lots_of_products(db, shop, dict.fromkeys(each.product for each in founds)))
    compared: dict[tuple[str, str], Difference] = {}
    # A product on two places has a moment on each: places are asked for apart.
    for place in dict.fromkeys(each.place for each in founds):
        here = [each for each in founds if each.place == place]
        standing = _by_lot(books.standings(db, shop, {e.product: e.moment for e in here}), place)
        for each in _letting_others(here):
            known, at = lots.get(each.product, {}), standing.get(each.product, {})
            lines = _lines(each, each.moment, known, at, today)
            compared[each.product, place] = Difference(each, lines, "")
    return [compared[each.product, each.place] for each in founds]


def compare_absent(
    db: Connection,
    shop: str,
    products: Sequence[str],
    places: Sequence[str],
    moment: int,
    rules: Rules,
) -> list[Difference]:
    """What the books hold of products at a moment, against nought."""
    lots = _by_product(lots_of_products(db, shop, products))
    standing = books.standings(db, shop, dict.fromkeys(products, moment))
    compared = []
    for place in places:
        at_place = _by_lot(standing, place)
        for product in dict.fromkeys(products):
            at = at_place.get(product, {})
            if not any(each.book for each in at.values()):
                continue
            nothing = Found(
                product=product,
                place=place,
                told={},
                loose=0,
                entries=(),
                counters=frozenset(),
                confirmed=True,
            )
            lines = _lines(nothing, moment, lots.get(product, {}), at, rules.today)
            compared.append(Difference(nothing, lines, ""))
    return compared


def _by_product(lots: Mapping[str, LotOf]) -> dict[str, dict[str, LotOf]]:
    found: dict[str, dict[str, LotOf]] = {}
    for each in lots.values():
        found.setdefault(each.product, {})[each.lot] = each
    return found


def _by_lot(standing: Mapping[Where, Standing], place: str) -> dict[str, dict[str, Standing]]:
    found: dict[str, dict[str, Standing]] = {}
    for (product, lot, where), each in standing.items():
        if where == place:
            found.setdefault(product, {})[lot] = each
    return found


def _lines(
    one: Found,
    moment: int,
    lots: Mapping[str, LotOf],
    at: Mapping[str, Standing],
    today: str,
) -> tuple[CountedLine, ...]:
    """A line for every lot that was told or that the books have in this place."""
    here = [
        lots[lot].at(each.book) if lot in lots else LotAt(lot, each.book)
        for lot, each in at.items()
        if lot
    ]
    counted = spread(one, here, today)
    newest = _cost_without_lot(lots.values())
    return tuple(
        CountedLine(
            product=one.product,
            lot=lot,
            place=one.place,
            counted=quantity,
            book=at.get(lot, NOWHERE).book,
            moved=quantity - at.get(lot, NOWHERE).summed,
            unit_cost=lots[lot].unit_cost if lot in lots else newest,
            moment=moment,
        )
        for lot, quantity in counted.items()
    )


def _cost_without_lot(lots: Iterable[LotOf]) -> int:
    """What goods without a lot are valued at: the last price they came for, 0 without any."""
    last = max(lots, key=lambda each: (each.received_ms, each.lot), default=None)
    return last.unit_cost if last else 0
