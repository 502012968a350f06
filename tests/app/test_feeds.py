"""What head office sends: believed, whole, or held where everybody sees it."""

from collections.abc import Sequence

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app import feeds, verification
from app.catalogue import search
from app.catalogue.queries import product
from app.errors import Trouble
from app.facts.base import Fact
from app.facts.catalogue import Product, ProductsSet
from app.facts.pricing import (
    ListedPrice,
    PriceListSet,
    PriceListWithdrawn,
    Promotion,
    PromotionSet,
    PromotionWithdrawn,
    Step,
)
from app.facts.stock import LotsRecalled
from app.feeds import HostileFeed, Sent, Standing
from app.journal.feeds import decoded
from app.journal.outbox import Link, join
from app.pricing.queries import listed, promotions
from app.shop.queries import settings
from app.stock.recalls import open_recalls
from app.transaction import transaction
from app.verification import TABLES
from tests.support.entries import tables_of
from tests.support.facts import setting
from tests.support.feeds import HUB_KEY, Feed, carried, signed
from tests.support.tills import MORNING, SHOP, MakeTill, TillInFolder, make_till, till

__all__ = ["make_till", "till"]

TEA = "12006"


def goods(price: int, code: str = TEA, name: str = "恩平簕菜茶", **more: int) -> ProductsSet:
    one = Product(code=code, name=name, unit="盒", price=price, initials=("eplcc",), **more)
    return ProductsSet(shop=SHOP, document=f"p{price}", products=(one,))


def list_of(price: int, code: str = TEA, document: str = "d1") -> PriceListSet:
    line = ListedPrice(product=code, price=price)
    return PriceListSet(shop=SHOP, document=document, from_ms=MORNING, lines=(line,))


def promotion(**said: object) -> PromotionSet:
    usual = {"code": "P1", "name": "双十二", "kind": "item_price", "from_ms": 0}
    rule = msgspec.convert(usual | said, Promotion)
    return PromotionSet(shop=SHOP, document="d", promotion=rule)


def take(till: TillInFolder, *sent: Sent) -> None:
    feeds.take(till.books, sent, hub_key=HUB_KEY)


def standing(till: TillInFolder, scope: str = "prices") -> Standing:
    with till.books.read() as db:
        (found,) = [each for each in feeds.standings(db) if each.scope == scope]
    return found


def price_now(till: TillInFolder) -> list[int]:
    with till.books.read() as db:
        return [each.price for each in listed(db, SHOP, TEA)]


def test_a_price_list_counts_as_soon_as_it_is_here_and_stands_above_the_shops(
    till: TillInFolder,
) -> None:
    till.record(goods(19800), list_of(19900, document="own"))
    feed = Feed("prices")
    take(till, feed.next(list_of(18800)))
    assert price_now(till) == [18800, 19900]
    take(till, feed.next(list_of(16800)))
    assert price_now(till) == [16800, 19900]
    found = standing(till)
    assert (found.version, found.applied, found.held, found.reason) == (2, 2, 0, "")


def test_every_feed_reaches_what_it_is_for(till: TillInFolder) -> None:
    heard: list[Fact] = []
    till.books.listeners.append(heard.extend)
    recall = LotsRecalled(
        shop=SHOP, till="", recall="r1", number="ZH-1", product=TEA, batches=("B1",), level="1"
    )
    said = {
        "catalogue": goods(19800),
        "promotions": promotion(price=16800, products=(TEA,)),
        "settings": setting(value="总店"),
        "recalls": recall,
    }
    take(till, *(Feed(scope).next(fact) for scope, fact in said.items()))
    with till.books.read() as db:
        assert product(db, SHOP, TEA) is not None
        assert [one.code for one in search.find(db, SHOP, "簕菜")] == [TEA]
        assert [each.promotion.price for each in promotions(db, SHOP)] == [16800]
        assert settings(db, SHOP)["shop_name"] == "总店"
        assert [each.number for each in open_recalls(db, SHOP, TEA)] == ["ZH-1"]
        assert [each.scope for each in feeds.standings(db)] == [
            "recalls", "catalogue", "promotions", "settings"
        ]  # fmt: skip
    assert heard == list(said.values())
    assert till.rows("SELECT count(*) FROM entry") == [(1,)]


def test_a_long_version_counts_only_with_its_last_part(till: TillInFolder) -> None:
    feed = Feed("catalogue")
    take(till, feed.next(goods(100, "A"), parts=3))
    take(till, feed.part(goods(200, "B"), part=2, parts=3))
    assert till.rows("SELECT count(*) FROM product") == [(0,)]
    assert (standing(till, "catalogue").version, standing(till, "catalogue").applied) == (1, 0)
    take(till, feed.part(goods(300, "C"), part=3, parts=3))
    assert till.rows("SELECT code, owner FROM product") == [(c, "hub") for c in "ABC"]


# --- what nobody believes -----------------------------------------------------------------------


STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def forged(sent: Sent) -> Sent:
    return signed(decoded(sent.content), STRANGER)


def hostile() -> dict[str, tuple[Sequence[Sent], str]]:
    feed, gap, other, shop, scope = (
        Feed("prices"), Feed("prices"), Feed("prices"), Feed("prices", shop="KP02"), Feed("weather")
    )  # fmt: skip
    other.next(list_of(100))
    gap.version = 1
    touched = Feed("prices").next(list_of(9900))
    part = Feed("prices").next(list_of(9900), part=2, parts=2)
    return {
        "another's signature": ([forged(feed.next(list_of(9900)))], "feed_signature"),
        "no signature": ([Sent(touched.content, b"")], "feed_signature"),
        "a byte changed": (
            [Sent(touched.content.replace(b"9900", b"9901"), touched.sig)],
            "feed_signature",
        ),
        "a version left out": ([gap.next(list_of(9900))], "feed_gap"),
        "a version of another chain": (
            [Feed("prices").next(list_of(9900)), other.next(list_of(9800))],
            "feed_gap",
        ),
        "the second part first": ([part], "feed_gap"),
        "another shop's": ([shop.next(list_of(9900))], "feed_not_ours"),
        "a feed there is not": ([scope.next(list_of(9900))], "feed_not_ours"),
        "no JSON": ([_signed_bytes(b"{")], "feed_form"),
        "another form": ([Feed("prices").next(list_of(9900), v=2)], "feed_form"),
    }


def _signed_bytes(content: bytes) -> Sent:
    from app.journal.feeds import text_to_sign
    from tests.support.feeds import KEY

    return Sent(content, KEY.sign(text_to_sign(content)))


@pytest.mark.parametrize("name", hostile())
def test_what_is_not_the_hubs_next_word_is_not_taken(till: TillInFolder, name: str) -> None:
    sent, reason = hostile()[name]
    with pytest.raises(HostileFeed, match=reason):
        take(till, *sent)
    assert till.rows("SELECT count(*) FROM received_feed") == [(len(sent) - 1,)]


def test_an_older_snapshot_of_the_same_hub_is_not_taken_another_incarnations_is(
    till: TillInFolder,
) -> None:
    feed = Feed("prices")
    take(till, feed.next(list_of(9900)))
    old = feed.snapshot(list_of(9900))
    take(till, feed.next(list_of(9800)))
    with pytest.raises(HostileFeed, match="feed_older"):
        take(till, old)
    back = Feed("prices", incarnation="j")
    back.next(list_of(9700))
    take(till, back.snapshot(list_of(9700)))
    assert price_now(till) == [9700]
    take(till, back.next(list_of(9600)))
    assert price_now(till) == [9600]


# --- what is held -------------------------------------------------------------------------------


HELD: dict[str, tuple[str, Fact, str]] = {
    "nought": ("prices", list_of(0), "price_zero"),
    "less than nought": ("prices", list_of(-5), "price_zero"),
    "ten times as much": ("prices", list_of(198_000), "price_jump"),
    "a tenth": ("prices", list_of(1_980), "price_jump"),
    "a catalogue's nought": ("catalogue", goods(0), "price_zero"),
    "a catalogue's jump": ("catalogue", goods(1), "price_jump"),
    "a promotion for nothing": ("promotions", promotion(price=0, products=(TEA,)), "price_zero"),
    "a promotion at a tenth": ("promotions", promotion(price=198, products=(TEA,)), "price_jump"),
    "more than all of it off": (
        "promotions",
        promotion(kind="percent", permille=1001),
        "reduction_too_great",
    ),
    "a step that gives more than it asks": (
        "promotions",
        promotion(kind="spend_get", steps=(Step(spend=100, off=100),)),
        "reduction_too_great",
    ),
    "another shop's fact": (
        "prices",
        msgspec.structs.replace(list_of(9900), shop="KP02"),
        "wrong_shop",
    ),
    "a fact of another feed": ("prices", setting(), "unknown_kind"),
}


@pytest.mark.parametrize("name", HELD)
def test_a_version_nobody_can_mean_is_held_whole_and_shown(till: TillInFolder, name: str) -> None:
    scope, fact, reason = HELD[name]
    till.record(goods(19800))
    harmless = goods(500, "99") if scope == "catalogue" else None
    before = till.rows("SELECT * FROM product")
    take(till, Feed(scope).next(*[each for each in (harmless, fact) if each]))
    found = standing(till, scope)
    assert (found.version, found.applied, found.held, found.reason) == (1, 0, 1, reason)
    assert till.rows("SELECT * FROM product") == before
    assert (price_now(till), till.rows("SELECT count(*) FROM promotion")) == ([], [(0,)])


def test_a_held_version_counts_once_a_later_one_puts_it_right(till: TillInFolder) -> None:
    till.record(goods(19800))
    feed = Feed("prices")
    take(till, feed.next(list_of(18800)))
    take(till, feed.next(list_of(1), list_of(500, "99")), feed.next(list_of(18000, "98")))
    found = standing(till)
    assert (found.version, found.applied, found.held) == (3, 1, 2)
    assert price_now(till) == [18800]
    take(till, feed.next(list_of(16800)))
    assert (standing(till).applied, standing(till).held) == (4, 0)
    assert price_now(till) == [16800]
    assert till.rows("SELECT product FROM listed_price ORDER BY product") == [
        (TEA,),
        ("98",),
        ("99",),
    ]


def test_a_held_list_that_was_taken_back_holds_nothing_up(till: TillInFolder) -> None:
    till.record(goods(19800))
    feed = Feed("prices")
    take(till, feed.next(list_of(198_000, document="slip")))
    take(till, feed.next(list_of(18800)))
    assert (standing(till).applied, standing(till).reason) == (0, "price_jump")
    take(till, feed.next(PriceListWithdrawn(shop=SHOP, document="slip")))
    assert (standing(till).applied, standing(till).reason) == (3, "")
    assert price_now(till) == [18800]


def test_a_held_promotion_that_was_taken_back_holds_nothing_up(till: TillInFolder) -> None:
    till.record(goods(19800))
    feed = Feed("promotions")
    take(till, feed.next(promotion(price=0, products=(TEA,))))
    assert standing(till, "promotions").reason == "price_zero"
    take(till, feed.next(PromotionWithdrawn(shop=SHOP, code="P1")))
    assert (standing(till, "promotions").applied, standing(till, "promotions").reason) == (2, "")


def test_what_comes_before_the_held_version_counts(till: TillInFolder) -> None:
    till.record(goods(19800))
    feed = Feed("prices")
    take(till, feed.next(list_of(18800)), feed.next(list_of(1)))
    assert (standing(till).applied, standing(till).held) == (1, 2)
    assert price_now(till) == [18800]


def test_what_a_newer_program_reads_waits_for_it(
    till: TillInFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = Feed("prices")
    take(till, feed.next(list_of(9900), min_client=2))
    assert standing(till).reason == "newer_program"
    unknown = carried(list_of(9800), MORNING + 50, kind="price_list_set@9")
    take(till, Feed("catalogue").next(unknown))
    assert standing(till, "catalogue").reason == "unknown_kind"
    till.close()
    monkeypatch.setattr(feeds, "CLIENT", 2)
    feeds.settle_all(till.books)
    assert price_now(till) == [9900]
    assert standing(till, "catalogue").reason == "unknown_kind"


# --- made again ---------------------------------------------------------------------------------


def joined(till: TillInFolder) -> None:
    link = Link(till.books.journal.id, "http://127.0.0.1:1", HUB_KEY, "i", 0)
    with transaction(till.books) as tx:
        join(tx.connection, link)


def test_a_snapshot_takes_away_what_it_does_not_say_and_the_chain_goes_on(
    till: TillInFolder,
) -> None:
    joined(till)
    feed = Feed("catalogue")
    take(till, feed.next(goods(100, "A"), goods(200, "B", "台山鸽")))
    take(till, feed.next(goods(300, "C")), feed.snapshot(goods(100, "A"), goods(310, "C")))
    assert till.rows("SELECT code, price FROM product") == [("A", 100), ("C", 310)]
    with till.books.read() as db:
        assert search.find(db, SHOP, "台山") == []
    take(till, feed.next(goods(320, "C")))
    assert till.rows("SELECT price FROM product WHERE code = 'C'") == [(320,)]
    assert till.rows("SELECT version, what FROM received_feed") == [(2, "snapshot"), (3, "version")]
    assert verification.verify_books(till.books).ok


def test_rebuilding_makes_head_offices_rows_again_and_verify_knows_them(
    till: TillInFolder,
) -> None:
    joined(till)
    till.record(goods(19800))
    prices = Feed("prices")
    take(till, Feed("catalogue").next(goods(19900)), prices.next(list_of(18800)))
    take(till, prices.next(list_of(1)))
    with till.books.read() as db:
        before = tables_of(db)
    assert {row[2] for row in before["product"]} == {"hub", SHOP}
    assert verification.verify_books(till.books).problems == ()
    assert verification.rebuild(till.books).differed == ()
    with till.books.read() as db:
        assert tables_of(db) == before

    till.write("UPDATE listed_price SET price = 1 WHERE owner = 'hub'")
    till.write("DELETE FROM product WHERE owner = 'hub'")
    codes = {each.code for each in verification.verify_books(till.books).problems}
    assert codes == {"row_changed", "row_missing"}
    verification.rebuild(till.books)
    with till.books.read() as db:
        assert tables_of(db) == before


def test_a_version_somebody_touched_on_the_disk_is_found(till: TillInFolder) -> None:
    joined(till)
    take(till, Feed("prices").next(list_of(18800)))
    till.write("UPDATE received_feed SET content = cast('x' AS BLOB)")
    codes = {each.code for each in verification.verify_books(till.books).problems}
    assert codes == {"feed_changed", "row_extra"}
    till.write("UPDATE received_feed SET sig = zeroblob(64)")
    assert verification.verify_books(till.books).problems[0].code


@pytest.mark.parametrize("turn", range(4))
def test_feeds_end_in_the_same_tables_whichever_comes_first(make_till: MakeTill, turn: int) -> None:
    def made() -> list[list[Sent]]:
        by_scope = []
        for scope, facts in {
            "catalogue": (goods(19800), goods(19900)),
            "prices": (list_of(18800), list_of(17800)),
            "promotions": (promotion(price=16800), promotion(price=15800)),
            "settings": (setting(value="一"), setting(value="二")),
        }.items():
            feed = Feed(scope)
            by_scope.append([feed.next(fact) for fact in facts])
        return by_scope

    results = []
    for name, order in (("one", made()), ("two", made()[turn:] + made()[:turn])):
        one = make_till(name)
        for sent in order:
            take(one, *sent[: turn % 2 + 1])
            take(one, *sent[turn % 2 + 1 :])
        with one.books.read() as db:
            hub_rows = {
                table.name: db.execute(table.select().where(table.c.owner == "hub")).all()
                for table in TABLES
                if "owner" in table.c
            }
        results.append(hub_rows)
    assert results[0] == results[1]
    assert sum(map(len, results[0].values())) > 4


def test_a_full_disk_leaves_the_feed_as_it_was(till: TillInFolder) -> None:
    till.books.database.practise_full_disk(True)
    feed = Feed("catalogue")
    many = [goods(100 + n, f"A{n}") for n in range(200)]
    with pytest.raises(Trouble):
        take(till, feed.next(*many))
    assert till.rows("SELECT count(*) FROM received_feed") == [(0,)]
    till.books.database.practise_full_disk(False)
    take(till, Feed("catalogue").next(*many))
    assert till.rows("SELECT count(*) FROM product") == [(200,)]
