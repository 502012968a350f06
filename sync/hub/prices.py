"""What goods cost in a shop, by head office's lists and the shop's own, and what a new price does.

Head office's lists lie under its own place; which shops a list was sent to says its publication.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, select

from app.facts.catalogue import Product
from app.facts.pricing import ListedPrice, Promotion
from app.pricing.lines import WHOLE, price_after
from app.pricing.queries import BASE_DAYS, Listed, price_at
from app.pricing.windows import DAY_MS
from app.rows import HUB
from sync.hub.catalogue import known_products
from sync.hub.office_apply import HQ
from sync.hub.office_tables import publication
from sync.hub.tables import MEANING_TABLES

LIST, LINE, END = (
    MEANING_TABLES[name] for name in ("price_list", "listed_price", "price_list_end")
)
TAG, CHARGED = (MEANING_TABLES[name] for name in ("shelf_tag", "price_charged"))
COST_PARTS = 10_000
"""Costs are 1/10000 fen."""
MOST_CHANGE = 300
"""Thousandths a price may move without a second person."""
MOST_PRODUCTS = 50
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class PriceMove:
    """One article's price in one shop, before and after; `permille` is signed."""

    shop: str
    product: str
    name: str
    before: int
    after: int
    below_floor: bool
    below_cost: bool
    tags: int

    @property
    def permille(self) -> int:
        if self.before == 0:
            return 0 if self.after == 0 else WHOLE
        return (self.after - self.before) * WHOLE // self.before


@dataclass(frozen=True, slots=True)
class Effect:
    """What publishing would do."""

    shops: tuple[str, ...]
    moves: tuple[PriceMove, ...] = ()
    basket_permille: int = 0
    """What a rule for whole baskets takes off at most."""
    articles: int = 0
    """So many are named, whether their price moves or not."""

    @property
    def products(self) -> int:
        moved = len({move.product for move in self.moves if move.before != move.after})
        return max(moved, self.articles)

    @property
    def largest(self) -> int:
        moved = [move.permille for move in self.moves] + [-self.basket_permille]
        return max(moved, key=abs, default=0)

    @property
    def tags(self) -> int:
        """Shelf tags whose price will be another."""
        return sum(move.tags for move in self.moves if move.before != move.after)

    @property
    def below_floor(self) -> list[PriceMove]:
        return [move for move in self.moves if move.below_floor]

    @property
    def below_cost(self) -> list[PriceMove]:
        return [move for move in self.moves if move.below_cost]

    @property
    def needs_second(self) -> bool:
        """Whether a second person's yes is needed."""
        return abs(self.largest) > MOST_CHANGE or self.products > MOST_PRODUCTS


def sent_to(db: Connection, subject: str) -> set[str]:
    """The shops a list or promotion was ever sent to."""
    rows = db.scalars(
        select(publication.c.versions).where(
            publication.c.shop == HQ, publication.c.subject == subject
        )
    )
    return {shop for versions in rows for shop in msgspec.json.decode(versions)}


def lists_of(db: Connection, shop: str, codes: Sequence[str]) -> dict[str, list[Listed]]:
    """What every list says of these goods in a shop, as its tills see it; the greatest first."""
    ended = {
        (row.shop, row.document)
        for row in db.execute(select(END.c.shop, END.c.document).where(END.c.shop.in_((HQ, shop))))
    }
    same = (LINE.c.shop == LIST.c.shop) & (LINE.c.document == LIST.c.document)
    rows = db.execute(
        select(LIST, LINE.c.product, LINE.c.price, LINE.c.floor)
        .join_from(LIST, LINE, same & (LINE.c.owner == LIST.c.owner))
        .where(LIST.c.shop.in_((HQ, shop)), LINE.c.product.in_(list(codes)))
    ).all()
    here: dict[str, bool] = {}
    found: dict[str, list[Listed]] = {}
    for row in rows:
        if (row.shop, row.document) in ended:
            continue
        if row.shop == HQ and row.document not in here:
            here[row.document] = shop in sent_to(db, row.document)
        if row.shop == HQ and not here[row.document]:
            continue
        listed = Listed(
            row.document, HUB if row.shop == HQ else shop, row.version, row.customers, row.zone,
            row.from_ms, row.to_ms, row.price, row.floor,
        )  # fmt: skip
        found.setdefault(row.product, []).append(listed)
    return {
        code: sorted(some, key=lambda each: each.rank, reverse=True) for code, some in found.items()
    }


def effect_of_list(
    db: Connection, shops: Iterable[str], lines: Sequence[ListedPrice], *, from_ms: int
) -> Effect:
    """What a price list would do, shop by shop."""
    after = {line.product: line.price for line in lines}
    floors = {line.product: line.floor for line in lines}
    wanted = tuple(shops)
    moves = [
        move for shop in wanted for move in _moves(db, shop, after, floors, moment=from_ms)
    ]  # fmt: skip
    return Effect(wanted, tuple(moves))


def effect_of_promotion(db: Connection, shops: Iterable[str], rule: Promotion) -> Effect:
    """What a promotion would do: single prices it lowers, or the most it takes off a basket."""
    wanted = tuple(shops)
    basket = max(
        (step.permille or step.off * WHOLE // step.spend for step in rule.steps if step.spend),
        default=0,
    )
    if rule.kind not in ("item_price", "percent", "member"):
        return Effect(wanted, basket_permille=basket if rule.kind == "spend_get" else 0)
    moves: list[PriceMove] = []
    for shop in wanted:
        goods = known_products(db, shop, rule.products)
        lists = lists_of(db, shop, rule.products)
        now = {code: _now(lists, one, rule.from_ms) for code, one in goods.items()}
        after = {
            code: rule.price if rule.price >= 0 else price_after(before, rule.permille)
            for code, before in now.items()
        }
        moves += _moves(db, shop, after, {}, moment=rule.from_ms)
    return Effect(wanted, tuple(moves))


def _now(lists: Mapping[str, list[Listed]], product: Product, moment: int) -> int:
    return price_at(lists.get(product.code, ()), product.price, moment=moment)[0]


def _moves(
    db: Connection, shop: str, after: Mapping[str, int], floors: Mapping[str, int], *, moment: int
) -> list[PriceMove]:
    codes = list(after)
    goods = known_products(db, shop, codes)
    lists = lists_of(db, shop, codes)
    tags = _tags(db, shop, codes)
    moves = []
    for code, product in goods.items():
        before, standing = price_at(lists.get(code, ()), product.price, moment=moment)
        floor = floors.get(code) or (standing.floor if standing else 0)
        moves.append(
            PriceMove(
                shop, code, product.name, before, after[code],
                below_floor=after[code] < floor,
                below_cost=after[code] * COST_PARTS < product.cost,
                tags=tags.get(code, 0),
            )
        )  # fmt: skip
    return moves


def _tags(db: Connection, shop: str, codes: Sequence[str]) -> dict[str, int]:
    """How many shelf tags of these goods hang in a shop."""
    found: dict[str, int] = {}
    rows = db.scalars(
        select(TAG.c.product).where(
            TAG.c.shop == shop, TAG.c.product.in_(list(codes)), TAG.c.price > 0
        )
    )
    for code in rows:
        found[code] = found.get(code, 0) + 1
    return found


def base_price(db: Connection, shop: str, product: str, start: int, otherwise: int) -> int:
    """The highest price a promotion from `start` on may call the one before, in fen.

    The till's own rule (`app.pricing.queries.base_price`), asked of the hub's tables: theirs hold
    moments a till's column types have no room for on PostgreSQL.
    """
    before = (CHARGED.c.shop == shop) & (CHARGED.c.product == product)
    before &= CHARGED.c.order_ms < start
    lowest = db.scalar(
        select(func.min(CHARGED.c.price)).where(
            before, CHARGED.c.order_ms >= start - BASE_DAYS * DAY_MS
        )
    )
    if lowest is not None:
        return int(lowest)
    last = db.scalar(
        select(CHARGED.c.price)
        .where(before)
        .order_by(CHARGED.c.order_ms.desc(), CHARGED.c.price)
        .limit(1)
    )
    return otherwise if last is None else int(last)
