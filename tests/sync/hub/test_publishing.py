"""What head office publishes: versions without a gap, in the order in which they became true."""

import threading
from collections.abc import Sequence
from contextlib import suppress

import pytest

from app.errors import Refusal
from app.facts.base import Fact
from app.facts.catalogue import Product, ProductsSet
from app.facts.pricing import ListedPrice, PriceListSet, PromotionWithdrawn
from app.journal.entry import FIRST_PREV, hash_of
from app.journal.feeds import FeedPart, decoded, fact_in, text_to_sign
from sync.hub.publishing import PART_BYTES, publish, snapshot
from sync.protocol import is_signed
from tests.support.facts import setting
from tests.support.hubs import RunningHub
from tests.support.tills import MORNING


def price(fen: int, *, document: str = "d1", product: str = "12006") -> PriceListSet:
    """A list with one price."""
    line = ListedPrice(product=product, price=fen)
    return PriceListSet(shop="", document=document, from_ms=MORNING, lines=(line,))


def send(
    hub: RunningHub,
    *facts: Fact,
    scope: str = "prices",
    shops: Sequence[str] = ("KP01",),
    order: int = MORNING,
) -> dict[str, int]:
    with hub.hub.database.begin() as db:
        return publish(hub.hub, db, scope=scope, shops=shops, facts=facts, order=order)


def parts_of(hub: RunningHub, table: str = "hub_feed_part", shop: str = "KP01") -> list[FeedPart]:
    """Every stored part, once hash, signature and chain were looked at."""
    found = []
    for content, kept, sig in hub.rows(
        f"SELECT content, hash, sig FROM {table} WHERE shop = '{shop}' ORDER BY version, part"
    ):
        content = bytes(content)
        assert kept == hash_of(content).hex()
        assert is_signed(hub.hub.public_key, bytes(sig).hex(), text_to_sign(content))
        found.append((decoded(content), kept))
    prev = FIRST_PREV
    for part, kept in found:
        assert part.prev == prev
        prev = kept
    return [part for part, _ in found]


def test_versions_are_contiguous_signed_and_made_out_to_each_shop(hub: RunningHub) -> None:
    assert send(hub, price(980), shops=("KP02", "KP01")) == {"KP01": 1, "KP02": 1}
    assert send(hub, price(1080)) == {"KP01": 2}
    first, second = parts_of(hub)
    assert (first.version, second.version) == (1, 2)
    assert first.expires_ms > first.issued_ms == hub.clock.wall_ms()
    assert first.incarnation == hub.hub.incarnation
    for part, fen, shop in ((first, 980, "KP01"), (parts_of(hub, shop="KP02")[0], 980, "KP02")):
        fact = fact_in(part.facts[0])
        assert isinstance(fact, PriceListSet)
        assert (fact.shop, fact.lines[0].price, part.shop) == (shop, fen, shop)


def test_orders_rise_even_when_the_hubs_clock_was_put_back(hub: RunningHub) -> None:
    send(hub, price(980), price(990, document="d2"))
    send(hub, price(1080), order=MORNING - 3_600_000)
    orders = [one.order for part in parts_of(hub) for one in part.facts]
    assert orders == sorted(set(orders))


def test_a_version_is_taken_only_when_the_one_before_it_stands(hub: RunningHub) -> None:
    """Two publish at once: the second may not be seen before the first has ended."""
    done: list[dict[str, int]] = []
    other = threading.Thread(target=lambda: done.append(send(hub, price(1080))))
    with hub.hub.database.begin() as db:
        now = hub.clock.wall_ms()
        publish(hub.hub, db, scope="prices", shops=("KP01",), facts=(price(980),), order=now)
        other.start()
        other.join(0.5)
        assert done == []
        if hub.url:
            assert hub.rows("SELECT version FROM hub_feed_part") == []
    other.join(10)
    assert done == [{"KP01": 2}]
    assert [part.version for part in parts_of(hub)] == [1, 2]


def test_what_was_rolled_back_leaves_no_gap(hub: RunningHub) -> None:
    send(hub, price(980))
    with suppress(ZeroDivisionError), hub.hub.database.begin() as db:
        publish(hub.hub, db, scope="prices", shops=("KP01",), facts=(price(1),), order=1)
        raise ZeroDivisionError
    assert send(hub, price(1080)) == {"KP01": 2}
    assert len(parts_of(hub)) == 2


def test_a_long_version_is_chained_parts_of_one_number(hub: RunningHub) -> None:
    products = tuple(
        Product(code=f"P{n:05d}", name="恩平簕菜茶", unit="盒", price=1850, story="侨乡" * 60)
        for n in range(1000)
    )
    facts = [
        ProductsSet(shop="", document="d", part=n, parts=20, products=products[n * 50 :][:50])
        for n in range(20)
    ]
    assert send(hub, *facts, scope="catalogue") == {"KP01": 1}
    parts = parts_of(hub)
    assert len(parts) > 1
    assert [(part.version, part.part, part.parts) for part in parts] == [
        (1, n, len(parts)) for n in range(1, len(parts) + 1)
    ]
    assert all(sum(len(bytes(f.body)) for f in part.facts) <= PART_BYTES for part in parts)
    assert sum(len(part.facts) for part in parts) == 20


def test_a_snapshot_holds_what_newer_facts_have_not_replaced(hub: RunningHub) -> None:
    for fen in (980, 1080, 1180):
        send(hub, price(fen))
    send(hub, price(500, document="d2"))
    with hub.hub.database.begin() as db:
        snapshot(hub.hub, db, "KP01", "prices")
    (one,) = parts_of(hub, "hub_snapshot")
    last = parts_of(hub)[-1]
    assert (one.what, one.version, one.prev) == ("snapshot", 4, FIRST_PREV)
    ((standing,),) = hub.rows("SELECT hash FROM hub_feed")
    assert one.stands == standing
    prices = [fact_in(fact).lines[0].price for fact in one.facts]  # type: ignore[attr-defined]
    assert prices == [1180, 500]
    assert last.facts == one.facts[1:]


@pytest.mark.parametrize(
    ("scope", "fact", "code"),
    [
        ("weather", price(1), "feed_unknown"),
        ("prices", setting(), "feed_fact_wrong"),
        ("stock_hint", price(1), "feed_fact_wrong"),
        ("promotions", PromotionWithdrawn(shop="", code="x" * 70_000), "feed_fact_too_long"),
    ],
)
def test_what_no_feed_carries_is_refused(
    hub: RunningHub, scope: str, fact: Fact, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        send(hub, fact, scope=scope)
    assert refused.value.code == code
    assert hub.rows("SELECT count(*) FROM hub_feed") == [(0,)]
