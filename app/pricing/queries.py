"""Prices and promotions as counter and screens read them: the hub's row if there is one."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, and_, bindparam, exists, func, select

from app.catalogue.queries import price_list_version
from app.facts.pricing import Promotion
from app.pricing import tables
from app.pricing.windows import DAY_MS, lasts
from app.rows import HUB

BASE_DAYS = 7
"""A reduction is measured from the lowest price charged in so many days before it."""


class Listed(msgspec.Struct, frozen=True):
    """What one list says of one product."""

    document: str
    owner: str
    version: str
    group: str
    zone: str
    from_ms: int
    to_ms: int
    price: int
    floor: int

    @property
    def rank(self) -> tuple[bool, bool, bool, str]:
        """Of several lists the greatest is right: head office's, then one made for this group,
        for this zone, then the one published last."""
        return self.owner == HUB, bool(self.group), bool(self.zone), self.version


class Published(msgspec.Struct, frozen=True):
    """A promotion as it stands."""

    promotion: Promotion
    version: str
    document: str


_LISTED = (
    select(
        tables.price_list.c.document,
        tables.price_list.c.owner,
        tables.price_list.c.version,
        tables.price_list.c.customers,
        tables.price_list.c.zone,
        tables.price_list.c.from_ms,
        tables.price_list.c.to_ms,
        tables.listed_price.c.price,
        tables.listed_price.c.floor,
    )
    .join(
        tables.price_list,
        and_(
            tables.price_list.c.shop == tables.listed_price.c.shop,
            tables.price_list.c.document == tables.listed_price.c.document,
            tables.price_list.c.owner == tables.listed_price.c.owner,
        ),
    )
    .where(
        tables.listed_price.c.shop == bindparam("shop"),
        tables.listed_price.c.product == bindparam("product"),
        ~exists().where(
            tables.price_list_end.c.shop == tables.listed_price.c.shop,
            tables.price_list_end.c.document == tables.listed_price.c.document,
            tables.price_list_end.c.owner == tables.listed_price.c.owner,
        ),
    )
)
_PROMOTIONS = select(
    tables.promotion.c.code,
    tables.promotion.c.owner,
    tables.promotion.c.version,
    tables.promotion.c.document,
    tables.promotion.c.content,
    tables.promotion.c.withdrawn,
).where(tables.promotion.c.shop == bindparam("shop"))
_USED = select(tables.promotion_used.c.code, func.sum(tables.promotion_used.c.times)).where(
    tables.promotion_used.c.shop == bindparam("shop"),
    tables.promotion_used.c.member == bindparam("member"),
)
_decode = msgspec.json.Decoder(Promotion).decode


def listed(db: Connection, shop: str, product: str) -> tuple[Listed, ...]:
    """What every list that was not taken back says of a product, the greatest rank first."""
    rows = db.execute(_LISTED, {"shop": shop, "product": product})
    return tuple(sorted((Listed(*row) for row in rows), key=lambda each: each.rank, reverse=True))


def list_changes(db: Connection, shop: str, since: int, until: int) -> list[tuple[int, str]]:
    """(moment, product) where a list begins or ends to price something, in (since, until]."""
    head, line = tables.price_list.c, tables.listed_price.c
    found = []
    for moment in (head.from_ms, head.to_ms):
        rows = db.execute(
            select(moment, line.product)
            .distinct()
            .join_from(
                tables.price_list,
                tables.listed_price,
                (line.shop == head.shop) & (line.document == head.document),
            )
            .where(head.shop == shop, moment > since, moment <= until)
        )
        found += [(int(row[0]), str(row[1])) for row in rows]
    return sorted(set(found))


def promotions(db: Connection, shop: str) -> tuple[Published, ...]:
    """Every promotion as its newest version has it, by code; those taken back are left out."""
    rows = db.execute(_PROMOTIONS, {"shop": shop}).all()
    standing = {row.code: row for row in sorted(rows, key=lambda row: row.owner == HUB)}
    return tuple(
        Published(_decode(row.content), row.version, row.document)
        for _, row in sorted(standing.items())
        if not row.withdrawn
    )


def used_by(db: Connection, shop: str, member: str) -> dict[str, int]:
    """How often a member has used each promotion, in all the sales this till knows."""
    statement = _USED.group_by(tables.promotion_used.c.code)
    return {row[0]: int(row[1]) for row in db.execute(statement, {"shop": shop, "member": member})}


def versions(db: Connection, shop: str) -> tuple[str, str]:
    """(price list, promotions): the documents that last changed them, "" before the first.

    Before any price list the catalogue's own prices are the list.
    """
    newest = db.execute(
        select(tables.price_list.c.document)
        .where(tables.price_list.c.shop == shop)
        .order_by(tables.price_list.c.version.desc())
        .limit(1)
    ).scalar()
    promotion = db.execute(
        select(tables.promotion.c.version)
        .where(tables.promotion.c.shop == shop)
        .order_by(tables.promotion.c.version.desc())
        .limit(1)
    ).scalar()
    return str(newest or price_list_version(db, shop)), str(promotion or "")


def daily_lowest(
    db: Connection, shop: str, product: str, since: int, until: int
) -> list[tuple[int, int]]:
    """(days since 1970 in UTC+8, lowest price charged in fen) of each day in [since, until)."""
    charged = tables.price_charged.c
    day = (charged.order_ms + 8 * 3_600_000) // DAY_MS
    rows = db.execute(
        select(day, func.min(charged.price))
        .where(charged.shop == shop, charged.product == product)
        .where(charged.order_ms >= since, charged.order_ms < until)
        .group_by(day)
        .order_by(day)
    )
    return [(int(row[0]), int(row[1])) for row in rows]


def base_price(db: Connection, shop: str, product: str, start: int, otherwise: int) -> int:
    """The highest price a promotion from `start` on may call the one before (划线价), in fen.

    The lowest price charged in the seven days before; without a sale in them the last price
    charged; without any, `otherwise`: the price it was on sale at.
    """
    days = daily_lowest(db, shop, product, start - BASE_DAYS * DAY_MS, start)
    if days:
        return min(price for _, price in days)
    charged = tables.price_charged.c
    last = db.execute(
        select(charged.price)
        .where(charged.shop == shop, charged.product == product, charged.order_ms < start)
        .order_by(charged.order_ms.desc(), charged.price)
        .limit(1)
    ).scalar()
    return otherwise if last is None else int(last)


def price_at(
    rows: Sequence[Listed], otherwise: int, *, moment: int, group: str = "", zone: str = ""
) -> tuple[int, Listed | None]:
    """(price in fen, the list that says so): the greatest list valid then, else the catalogue's.

    `rows` come greatest first, as `listed` gives them.
    """
    for row in rows:
        meant = row.group in ("", group) and row.zone in ("", zone)
        if meant and lasts(row.from_ms, row.to_ms, moment):
            return row.price, row
    return otherwise, None


class PriceList(msgspec.Struct, frozen=True):
    """The head of a price list that was not taken back. An end of 0 never comes."""

    document: str
    group: str
    zone: str
    from_ms: int
    to_ms: int
    count: int
    """Products it prices."""


def price_lists(db: Connection, shop: str, now: int) -> list[PriceList]:
    """Lists that are valid at a moment or will be later, the one that begins last first."""
    head, line, end = tables.price_list.c, tables.listed_price.c, tables.price_list_end.c
    rows = db.execute(
        select(
            head.document, head.customers, head.zone, head.from_ms, head.to_ms,
            func.count(line.product),
        )
        .join_from(
            tables.price_list,
            tables.listed_price,
            and_(
                line.shop == head.shop, line.document == head.document, line.owner == head.owner
            ),
        )
        .where(head.shop == shop, (head.to_ms == 0) | (head.to_ms > now))
        .where(
            ~exists().where(
                end.shop == head.shop, end.document == head.document, end.owner == head.owner
            )
        )
        .group_by(head.document, head.owner)
        .order_by(head.from_ms.desc(), head.version.desc())
    )  # fmt: skip
    return [PriceList(*row) for row in rows]


def prices_in(db: Connection, shop: str, document: str, most: int) -> list[tuple[str, int, int]]:
    """(product, price, floor) of the first so many lines of a list, by code; fen."""
    line = tables.listed_price.c
    rows = db.execute(
        select(line.product, line.price, line.floor)
        .where(line.shop == shop, line.document == document)
        .order_by(line.product)
        .limit(most)
    )
    return [(str(row[0]), int(row[1]), int(row[2])) for row in rows]
