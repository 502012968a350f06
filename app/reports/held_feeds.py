"""What head office sent and this till holds back, told so that a shop can name it on the phone."""

from collections.abc import Sequence
from itertools import islice

import msgspec
from sqlalchemy import Connection, select

from app.catalogue.queries import products
from app.facts.registry import UnknownKind
from app.journal.feeds import FEED_NAMES, HELD, BadFeed, decoded, fact_in, facts_of
from app.journal.tables import received_feed
from app.money import yuan_shown
from app.pricing.bands import wrong_prices, wrong_promotions

MOST_NAMED = 3
"""Goods that are named; the rest are counted."""
REASONS = {
    "price_zero": "有零价或负价",
    "price_jump": "有价格差到十倍",
    "reduction_too_great": "有促销减得太多",
    "unknown_kind": "新版程序才读得懂",
    "newer_program": "新版程序才读得懂",
    "unreadable": "读不懂",
    "wrong_shop": "不是本店的",
}
"""Why a version is kept and does not count."""


class HeldFeed(msgspec.Struct, frozen=True):
    """The first version of a feed that does not count, and why."""

    scope: str
    version: int
    reason: str
    since_ms: int
    goods: tuple[str, ...]
    """Each with what it costs now and what was sent ("蛋卷 38.00→3.80"), or promotions by name."""

    @property
    def words(self) -> str:
        """Which, what is wrong and with what goods."""
        feed, why = FEED_NAMES[self.scope], REASONS[self.reason]
        if self.goods:
            return f"{feed} v{self.version} 没采用：{why}（{self.named}）"
        return f"{feed} v{self.version} 没采用：{why}"

    @property
    def named(self) -> str:
        """Its goods, the first few by name."""
        named = "、".join(islice(self.goods, MOST_NAMED))
        more = len(self.goods) - MOST_NAMED
        return f"{named} +{more}" if more > 0 else named

    @property
    def what_to_do(self) -> str:
        """Whom to ask."""
        if REASONS[self.reason] == REASONS["newer_program"]:
            return "请更新程序，或问总部"
        return "照原来的卖，请打电话给总部改"


def held_feeds(db: Connection, shop: str) -> list[HeldFeed]:
    """Of each feed that is held its first held version, in the order they came."""
    rows = db.execute(
        select(
            received_feed.c.scope,
            received_feed.c.version,
            received_feed.c.reason,
            received_feed.c.received_ms,
            received_feed.c.content,
        )
        .where(received_feed.c.state == HELD)
        .order_by(received_feed.c.scope, received_feed.c.arrived)
    ).all()
    first = {row.scope: row for row in reversed(rows)}
    return [
        HeldFeed(
            row.scope,
            row.version,
            row.reason,
            row.received_ms,
            _goods(
                db, shop, row.reason, [each.content for each in rows if each.scope == row.scope]
            ),
        )
        for row in sorted(first.values(), key=lambda row: row.received_ms)
    ]


def _goods(db: Connection, shop: str, reason: str, contents: Sequence[bytes]) -> tuple[str, ...]:
    """What is wrong in these parts, by name."""
    try:
        facts = [fact_in(one) for one in facts_of(decoded(content) for content in contents)]
    except (BadFeed, UnknownKind, msgspec.DecodeError, UnicodeDecodeError):
        return ()
    if reason == "reduction_too_great":
        return tuple(rule.name or rule.code for rule in wrong_promotions(facts))
    if reason not in ("price_zero", "price_jump"):
        return ()
    wrong = wrong_prices(db, shop, facts)
    known = products(db, shop, [code for code, _price in wrong])
    return tuple(
        f"{known[code].name} {yuan_shown(known[code].price)}→{yuan_shown(price)}"
        if code in known
        else f"{code} {yuan_shown(price)}"
        if code
        else f"全部商品 {yuan_shown(price)}"
        for code, price in wrong
    )
