"""A till and a real hub: feeds count, sisters meet, a restored till gets back what it lost."""

import shutil

import msgspec
from sqlalchemy import update

from app import verification
from app.catalogue import search
from app.facts.base import Fact
from app.facts.catalogue import Product, ProductsSet
from app.facts.pricing import PriceListSet
from app.facts.sales import SaleCompleted
from app.journal.entry import decode_envelope
from app.verification import TABLES
from sync.hub.tables import hub_entry
from sync.joining import leave
from sync.worker import HubWorker
from tests.support.facts import a_shop_day, setting, sold
from tests.support.hubs import RunningHub
from tests.support.tills import SHOP, MakeTill, TillInFolder, make_till, till
from tests.sync.hub.test_a_tills_worker import join, sell, worker_of
from tests.sync.hub.test_publishing import price, send
from tests.sync.hub.test_pulling_down import second_till

__all__ = ["make_till", "till"]


def goods(count: int) -> list[Fact]:
    made = [
        Product(code=f"P{n:05d}", name="恩平簕菜茶", unit="盒", price=1850, story="侨乡" * 60)
        for n in range(count)
    ]
    return [
        ProductsSet(shop="", document="d", part=n, products=tuple(made[n : n + 50]))
        for n in range(0, count, 50)
    ]


def feed_of(worker: HubWorker, scope: str) -> tuple[int, int, str]:
    (found,) = [each for each in worker.seen.pull.feeds if each.scope == scope]
    return found.version, found.held, found.reason


def test_what_is_published_counts_at_the_till_and_later_versions_follow(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    send(hub, *goods(1500), scope="catalogue")
    send(hub, price(18800))
    worker.push_now(0)
    assert till.rows("SELECT count(*) FROM product WHERE owner = 'hub'") == [(1500,)]
    assert till.rows("SELECT price, owner FROM listed_price") == [(18800, "hub")]
    assert feed_of(worker, "catalogue") == (1, 0, "")
    send(hub, price(16800))
    worker.push_now(0)
    assert till.rows("SELECT price FROM listed_price") == [(16800,)]
    assert feed_of(worker, "prices") == (2, 0, "")
    assert worker.seen.pull.contact_ms == till.clock.wall_ms()
    send(hub, price(1))
    worker.push_now(0)
    assert feed_of(worker, "prices") == (2, 3, "price_jump")
    assert worker.seen.pull.reason == ""
    worker.push_now(0)
    assert hub.rows("SELECT applied, version, held FROM hub_feed_seen WHERE scope = 'prices'") == [
        (2, 3, "price_jump")
    ]
    assert verification.verify_books(till.books).problems == ()


def two(make_till: MakeTill, hub: RunningHub) -> tuple[TillInFolder, TillInFolder, list[HubWorker]]:
    one, other = make_till("one"), make_till("two")
    other.new = type(other.new)(SHOP, "2", keystore="file")
    workers = [join(one, hub), join(other, hub)]
    return one, other, workers


def rows(till: TillInFolder) -> dict[str, object]:
    with till.books.read() as db:
        return {
            table.name: sorted(tuple(row) for row in db.execute(table.select())) for table in TABLES
        }


def test_two_tills_of_a_shop_end_in_the_same_tables(make_till: MakeTill, hub: RunningHub) -> None:
    one, other, workers = two(make_till, hub)
    one.record(*a_shop_day())
    other.clock.advance(500)
    for n in range(1, 26):
        number = f"KP01-2-261129-{n:04d}"
        other.record(msgspec.structs.replace(sold(sequence=n), till="2", number=number))
    for _ in range(2):
        for worker in workers:
            worker.push_now(0)
    assert rows(one) == rows(other)
    ((code,),) = other.rows("SELECT code FROM product LIMIT 1")
    with other.books.read() as db:
        assert [each.code for each in search.find(db, SHOP, str(code))] == [code]
    days = sum(isinstance(fact, SaleCompleted) for fact in a_shop_day())
    assert len(rows(one)["sale"]) == days + 25  # type: ignore[arg-type]
    for each in (one, other):
        assert verification.verify_books(each.books).problems == ()
        assert verification.rebuild(each.books).differed == ()
    assert rows(one) == rows(other)
    hub.projection.work()
    assert hub.rows("SELECT count(*) FROM sale") == [(days + 25,)]


def test_a_till_that_leaves_head_office_sells_by_its_own_rows_again(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    send(hub, *goods(50), scope="catalogue")
    send(hub, price(18800))
    worker.push_now(0)
    heard: list[Fact] = []
    till.books.listeners.append(heard.extend)
    worker.close()
    leave(till.books, anyway=True)
    assert till.rows("SELECT count(*) FROM product") == [(0,)]
    assert till.rows("SELECT count(*) FROM listed_price") == [(0,)]
    assert {type(fact) for fact in heard} == {ProductsSet, PriceListSet}
    worker = join(till, hub)
    worker.push_now(0)
    assert till.rows("SELECT count(*) FROM product") == [(50,)]


def test_a_restored_till_gets_its_own_tail_back(make_till: MakeTill, hub: RunningHub) -> None:
    one = make_till("one")
    join(one, hub).push_now(0)
    one.close()
    shutil.copytree(one.path, one.path.parent / "copy")
    sell(one, 45)
    worker_of(one).push_now(0)
    back = make_till("copy")
    worker = worker_of(back)
    # It wrote nothing yet: asked how far it is, the hub says more than was ever written here.
    worker.push_now(0)
    worker.push_now(0)
    assert back.books.journal.series == "B"
    assert back.rows("SELECT count(*) FROM sale") == [(45,)]
    sell(back, 1)
    worker.push_now(0)
    assert (worker.seen.waiting, worker.seen.pull.reason) == (0, "")
    assert back.rows("SELECT count(*) FROM sale") == [(46,)]
    assert verification.verify_books(back.books).problems == ()
    back.close()
    assert back.rows("SELECT count(*) FROM sale") == [(46,)]


def test_a_till_whose_disk_was_lost_gets_its_journals_back_and_the_next_series(
    make_till: MakeTill, hub: RunningHub
) -> None:
    lost = make_till("lost")
    worker = join(lost, hub)
    sell(lost, 30)
    worker.push_now(0)
    lost.close()
    new = make_till("new")
    new.clock.advance(3_600_000)
    worker = join(new, hub)
    worker.push_now(0)
    worker.push_now(0)
    assert new.rows("SELECT count(*) FROM sale") == [(30,)]
    assert new.books.journal.series == "B"
    assert (worker.seen.waiting, worker.seen.reason) == (0, "")
    sell(new, 1)
    worker.push_now(0)
    assert verification.verify_books(new.books).problems == ()
    assert hub.rows("SELECT count(*) FROM hub_fork") == [(0,)]


def forget_all_but_the_first(hub: RunningHub) -> None:
    """The hub's database is an older copy of itself."""
    hub.rows_changed("DELETE FROM hub_feed_part WHERE version > 1")
    hub.rows_changed("DELETE FROM hub_snapshot WHERE version > 1")
    first = "(SELECT hash FROM hub_feed_part WHERE version = 1)"
    hub.rows_changed(f"UPDATE hub_feed SET version = 1, hash = {first}")


def test_a_hub_put_back_from_a_copy_says_its_feeds_anew(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    for fen in (18800, 17800, 16800):
        send(hub, price(fen))
        worker.push_now(0)
    # Two versions were lost with the disk; the hub knows that it was put back.
    forget_all_but_the_first(hub)
    hub.hub.incarnation = "put-back"
    worker.push_now(0)
    assert till.rows("SELECT price FROM listed_price") == [(18800,)]
    send(hub, price(15800))
    worker.push_now(0)
    assert till.rows("SELECT price FROM listed_price") == [(15800,)]
    assert feed_of(worker, "prices") == (2, 0, "")
    assert till.rows("SELECT incarnation FROM hub_link") == [("put-back",)]


def test_a_hub_that_forgot_in_silence_is_not_followed_back(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    for fen in (18800, 17800):
        send(hub, price(fen))
        worker.push_now(0)
    forget_all_but_the_first(hub)
    worker.push_now(0)
    assert worker.seen.pull.reason == "feed_older"
    assert till.rows("SELECT price FROM listed_price") == [(17800,)]
    # What it decides next has the number of what it forgot, and is heard.
    send(hub, price(16500))
    worker.push_now(0)
    assert (worker.seen.pull.reason, feed_of(worker, "prices")) == ("", (2, 0, ""))
    assert till.rows("SELECT price FROM listed_price") == [(16500,)]


def test_a_sisters_entry_nobody_can_read_is_put_aside_and_the_next_ones_count(
    make_till: MakeTill, hub: RunningHub
) -> None:
    till = make_till("till")
    worker = join(till, hub)
    other = second_till(hub)
    other.write(sold(sequence=1))
    entry = other.write(setting())
    other.entries.pop()
    content = entry.content.replace(b'"key":', b'"kex":')
    other.sign(content, decode_envelope(content))
    again = other.write(sold(sequence=2))
    other.write(sold(sequence=3), fact=again.fact)
    other.write(sold(sequence=4))
    hub.push(other)
    worker.push_now(0)
    assert till.rows("SELECT seq, reason FROM received_aside ORDER BY seq") == [
        (3, "unreadable"), (5, "fact_twice")
    ]  # fmt: skip
    assert till.rows("SELECT count(*) FROM sale") == [(3,)]
    assert (worker.seen.pull.aside, worker.seen.pull.reason) == (2, "")
    worker.push_now(0)
    assert worker.seen.pull.aside == 2


def test_entries_their_writer_did_not_sign_are_not_taken_and_others_are(
    make_till: MakeTill, hub: RunningHub
) -> None:
    till = make_till("till")
    worker = join(till, hub)
    bad, good = second_till(hub, "b"), second_till(hub, "c", "3")
    for each in (bad, good):
        each.write(setting())
        hub.push(each)
    with hub.hub.database.begin() as db:
        db.execute(
            update(hub_entry)
            .where(hub_entry.c.journal == bad.journal, hub_entry.c.seq == 2)
            .values(sig=bytes(64))
        )
    worker.push_now(0)
    assert worker.seen.pull.reason == "entries_not_authentic"
    assert till.rows(
        "SELECT journal, count(*) FROM entry WHERE journal != ? GROUP BY journal",
        till.books.journal.id,
    ) == [(good.journal, 2)]
