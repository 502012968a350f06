"""Which price tag hangs on which shelf, as far as the log of printed labels knows."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, text

from app.clock import local
from app.errors import Refusal
from app.facts.base import Fact
from app.facts.stock import LabelsPrinted, TagTaken
from app.row_writer import Prepared
from app.transaction import Books, Transaction

_COLUMNS = "fact, product, zone, label, price, valid_from, valid_to, order_ms"
_SHOPS = f"SELECT {_COLUMNS} FROM shelf_tag WHERE shop = :shop AND owner = :shop AND price >= 0"
_ALL = Prepared(text(f"{_SHOPS} ORDER BY zone, product, label"))
_ONE = Prepared(text(f"{_SHOPS} AND product = :product"))
_ANY = Prepared(text(f"{_SHOPS} LIMIT 1"))


class TagSeen(msgspec.Struct, frozen=True):
    """One printed tag; price in fen per unit, `fact` the log's entry, dates ISO or ""."""

    fact: str
    product: str
    zone: str
    label: str
    price: int
    valid_from: str
    valid_to: str
    order_ms: int


def hanging(tags: Iterable[TagSeen], today: str) -> list[TagSeen]:
    """Of one product's printed tags those a customer reads today, one a shelf, by shelf.

    On a shelf hangs what was put there last; a tag for certain dates is put there on the first of
    them and says nothing after the last. One printed for no shelf stands for all of them.
    """
    on_shelf: dict[str, TagSeen] = {}
    for each in sorted(tags, key=_put_there):
        if each.valid_from > today or "" < each.valid_to < today:
            continue
        if not each.zone:
            on_shelf.clear()
        on_shelf.pop("", None)
        on_shelf[each.zone] = each
    return [each for _zone, each in sorted(on_shelf.items())]


def _put_there(tag: TagSeen) -> tuple[str, int]:
    printed = local(tag.order_ms).date().isoformat()
    return max(printed, tag.valid_from), tag.order_ms


def all_hanging(db: Connection, shop: str, today: str) -> list[TagSeen]:
    """Every tag a customer reads today, by shelf and product."""
    of: dict[str, list[TagSeen]] = {}
    for row in _ALL.run(db, {"shop": shop}):
        seen = TagSeen(*row)
        of.setdefault(seen.product, []).append(seen)
    found = [tag for tags in of.values() for tag in hanging(tags, today)]
    return sorted(found, key=lambda tag: (tag.zone, tag.product))


def find_tag(db: Connection, shop: str, fact: str) -> TagSeen:
    """A tag that is still the last of its kind on its shelf. Raises Refusal("unknown_task")."""
    for row in _ALL.run(db, {"shop": shop}):
        if row[0] == fact:
            return TagSeen(*row)
    raise Refusal("unknown_task")


class TagBoard:
    """Tags of one shop, kept in memory between two scans until one is printed or taken off.

    A shop that never printed a tag pays one look for it and no more.
    """

    def __init__(self, books: Books) -> None:
        self._books = books
        self._any: bool | None = None
        self._of: dict[str, tuple[TagSeen, ...]] = {}
        books.listeners.append(self._heard)

    def _heard(self, facts: Sequence[Fact]) -> None:
        if any(isinstance(fact, (LabelsPrinted, TagTaken)) for fact in facts):
            self.forget()

    def forget(self) -> None:
        """Read everything again at the next question."""
        self._any, self._of = None, {}

    def lowest(self, db: Connection, product: str, today: str) -> TagSeen | None:
        """The tag of a product that promises least today, None when no tag hangs."""
        if self._any is None:
            self._any = _ANY.first(db, {"shop": self._books.shop}) is not None
        if not self._any:
            return None
        if (tags := self._of.get(product)) is None:
            rows = _ONE.run(db, {"shop": self._books.shop, "product": product})
            tags = self._of[product] = tuple(TagSeen(*row) for row in rows)
        found = hanging(tags, today) if tags else ()
        return min(found, key=lambda tag: (tag.price, tag.zone), default=None)


def take_down(tx: Transaction, tag: TagSeen, *, day: str, shift: str, person: str) -> None:
    """Record that somebody took a tag off its shelf."""
    tx.record(
        TagTaken(
            shop=tx.shop,
            till=tx.till,
            day=day,
            shift=shift,
            tag=tag.fact,
            product=tag.product,
            zone=tag.zone,
            label=tag.label,
            person=person,
        )
    )
