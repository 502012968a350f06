"""Sends head office's decisions down: contiguous, signed versions of each shop's feeds.

A version is taken under the lock of its feed's row, which stays locked until the transaction has
ended: versions follow commits, so nobody who has read up to one ever misses one below it. Whoever
publishes does it last in their transaction, because everybody else waits for that row.
"""

from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import Connection, bindparam, delete, select, update

from app.errors import Refusal
from app.facts.base import Fact, wire_name
from app.journal.entry import FIRST_PREV, MAX_ENTRY_BYTES, hash_of
from app.journal.feeds import (
    CLIENT,
    LIFE_MS,
    SCOPES,
    FeedFact,
    FeedPart,
    decoded,
    encoded,
    facts_of,
    still_standing,
    text_to_sign,
)
from app.meaning import MEANING
from sync.hub.state import Hub
from sync.hub.tables import hub_feed, hub_feed_part, hub_snapshot

PART_BYTES = 192 * 1024
"""Facts of one part; any part fits into one answer."""


def publish(
    hub: Hub,
    db: Connection,
    *,
    scope: str,
    shops: Sequence[str],
    facts: Sequence[Fact],
    order: int,
    min_client: int = CLIENT,
) -> dict[str, int]:
    """The next version of a scope for each of these shops; shop -> its number.

    Inside the caller's transaction, as its last write. The facts are made out to each shop; `order`
    is the moment of the decision in UTC ms, moved on where the feed has a later one already.
    Raises Refusal: feed_unknown, feed_fact_wrong, feed_fact_too_long.
    """
    if scope not in SCOPES:
        raise Refusal("feed_unknown", scope=scope)
    for fact in facts:
        if type(fact) not in SCOPES[scope]:
            raise Refusal("feed_fact_wrong", scope=scope, kind=wire_name(type(fact)))
    # Sorted: two publishers who meet wait for each other and never both.
    return {
        shop: _publish(hub, db, scope, shop, facts, order, min_client)
        for shop in sorted(set(shops))
    }


def _publish(
    hub: Hub,
    db: Connection,
    scope: str,
    shop: str,
    facts: Sequence[Fact],
    order: int,
    min_client: int,
) -> int:
    version, before, last_order = _next_version(hub, db, shop, scope)
    first_order = max(order, last_order + 1)
    carried = [
        _carried(hub, msgspec.structs.replace(fact, shop=shop), first_order + n)
        for n, fact in enumerate(facts)
    ]
    now = hub.now_ms()
    head = FeedPart(
        incarnation=hub.incarnation, shop=shop, scope=scope, version=version, prev=before,
        issued_ms=now, expires_ms=now + LIFE_MS, min_client=min_client, facts=(),
    )  # fmt: skip
    last = before
    for part in _in_parts(head, carried):
        content, sig = _signed(hub, part)
        last = hash_of(content).hex()
        db.execute(
            hub_feed_part.insert(),
            {"shop": shop, "scope": scope, "version": version, "part": part.part,
             "parts": part.parts, "content": content, "hash": last, "sig": sig},
        )  # fmt: skip
    this = (hub_feed.c.shop == shop) & (hub_feed.c.scope == scope)
    db.execute(
        update(hub_feed).where(this),
        {"hash": last, "order_ms": first_order + max(len(carried) - 1, 0)},
    )
    return version


def _next_version(hub: Hub, db: Connection, shop: str, scope: str) -> tuple[int, str, int]:
    """The feed's next version, the hash before it, its last order; the row stays locked."""
    counted = hub.database.insert(hub_feed).values(
        shop=bindparam("shop"), scope=bindparam("scope"), version=1, hash=FIRST_PREV, order_ms=0
    )
    counted = counted.on_conflict_do_update(
        index_elements=["shop", "scope"], set_={"version": hub_feed.c.version + 1}
    ).returning(hub_feed.c.version, hub_feed.c.hash, hub_feed.c.order_ms)
    row = db.execute(counted, {"shop": shop, "scope": scope}).one()
    return row.version, row.hash, row.order_ms


def _carried(hub: Hub, fact: Fact, order: int) -> FeedFact:
    body = msgspec.json.encode(fact)
    if len(body) > MAX_ENTRY_BYTES:
        raise Refusal("feed_fact_too_long", kind=wire_name(type(fact)))
    kind = wire_name(type(fact))
    return FeedFact(fact=hub.ids.new(), kind=kind, order=order, body=msgspec.Raw(body))


def _in_parts(head: FeedPart, facts: Sequence[FeedFact]) -> Iterator[FeedPart]:
    """A version as parts that are short enough, each naming the hash of the one before."""
    portions: list[list[FeedFact]] = [[]]
    size = 0
    for one in facts:
        size += len(bytes(one.body))
        if size > PART_BYTES and portions[-1]:
            portions.append([])
            size = len(bytes(one.body))
        portions[-1].append(one)
    prev = head.prev
    for n, portion in enumerate(portions, 1):
        part = msgspec.structs.replace(
            head, part=n, parts=len(portions), prev=prev, facts=tuple(portion)
        )
        yield part
        prev = hash_of(encoded(part)).hex()


def _signed(hub: Hub, part: FeedPart) -> tuple[bytes, bytes]:
    content = encoded(part)
    return content, hub.sign(text_to_sign(content))


def snapshot(hub: Hub, db: Connection, shop: str, scope: str, *, far: int = 0) -> int:
    """A snapshot of the feed, not more than `far` versions old; the version it stands at.

    One that is older, or of another incarnation, is replaced.
    """
    this = (hub_feed.c.shop == shop) & (hub_feed.c.scope == scope)
    # Locked, so that no version is published between what is read here.
    feed = db.execute(select(hub_feed).where(this).with_for_update()).one()
    made = (hub_snapshot.c.shop == shop) & (hub_snapshot.c.scope == scope)
    known = db.execute(
        select(hub_snapshot.c.version, hub_snapshot.c.incarnation).where(made).limit(1)
    ).first()
    if (
        known is not None
        and known.incarnation == hub.incarnation
        and feed.version - known.version <= far
    ):
        return int(known.version)
    db.execute(delete(hub_snapshot).where(made))
    for part in _snapshot_of(hub, db, shop, scope, feed.version, feed.hash):
        content, sig = _signed(hub, part)
        db.execute(
            hub_snapshot.insert(),
            {"shop": shop, "scope": scope, "version": part.version, "part": part.part,
             "parts": part.parts, "incarnation": hub.incarnation, "content": content,
             "hash": hash_of(content).hex(), "sig": sig},
        )  # fmt: skip
    return int(feed.version)


def _snapshot_of(
    hub: Hub, db: Connection, shop: str, scope: str, version: int, stands: str
) -> Iterator[FeedPart]:
    contents = db.scalars(
        select(hub_feed_part.c.content)
        .where(hub_feed_part.c.shop == shop, hub_feed_part.c.scope == scope)
        .order_by(hub_feed_part.c.version, hub_feed_part.c.part)
    )
    parts = [decoded(bytes(content)) for content in contents]
    now = hub.now_ms()
    head = FeedPart(
        what="snapshot", incarnation=hub.incarnation, shop=shop, scope=scope, version=version,
        stands=stands, issued_ms=now, expires_ms=now + LIFE_MS,
        min_client=max(part.min_client for part in parts), facts=(),
    )  # fmt: skip
    return _in_parts(head, still_standing(MEANING, facts_of(parts)))
