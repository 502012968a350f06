"""What head office decided, and what the other tills sold, comes to a till on a stick."""

from pathlib import Path

import pytest

from app import feeds
from sync.handing_over import import_feed
from sync.hub import revoking
from sync.hub.handed_over import export_feed
from sync.protocol_feeds import Pulled, SentPart
from tests.support.entries import Writer
from tests.support.facts import a_shop_day, setting
from tests.support.feeds import Feed
from tests.support.hubs import RunningHub
from tests.support.tills import TillInFolder, make_till, till
from tests.sync.hub.test_publishing import price, send
from tests.sync.test_hand_over import handed_over, hub, join, refused, sell, stick

__all__ = ["hub", "make_till", "stick", "till"]


def publish(hub: RunningHub, *scopes: str) -> None:
    """Head office decides something in each of these feeds."""
    for scope in scopes:
        send(hub, price(980) if scope == "prices" else setting(), scope=scope)


def versions(till: TillInFolder) -> dict[str, int]:
    with till.books.read() as db:
        return {each.scope: each.applied for each in feeds.standings(db)}


def test_what_head_office_decided_comes_back_on_the_same_stick(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    sell(till)
    publish(hub, "prices", "settings", "prices")
    _up, done = handed_over(till, hub, stick)
    down = Path(done.answer)
    assert "下发到 prices v2、settings v1" in down.read_bytes().splitlines()[0].decode()
    taken = import_feed(till.books, down)
    assert (taken.feeds, taken.waiting) == ({"prices": 2, "settings": 1}, 0)
    assert versions(till) == {"prices": 2, "settings": 1}
    refused(lambda: import_feed(till.books, down), "handover_known")


def test_a_file_of_feeds_needs_no_backlog_first_and_an_old_one_takes_nothing_back(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    publish(hub, "prices")
    old = export_feed(hub.hub, shop="KP01", till="1", path=stick / "old.pos")
    publish(hub, "prices")
    new = export_feed(hub.hub, shop="KP01", till="1", path=stick / "new.pos")
    assert import_feed(till.books, new).feeds == {"prices": 2}
    refused(lambda: import_feed(till.books, old), "handover_known")
    assert versions(till) == {"prices": 2}
    # Nobody at head office takes for read what only lies in a file.
    assert hub.rows("SELECT * FROM hub_feed_seen") == []
    refused(lambda: export_feed(hub.hub, shop="KP01", till="9", path=stick), "unknown_device")


def test_what_its_sister_sold_comes_on_the_stick_too(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    sister = Writer("b", till="2")
    hub.join(sister, till="2")
    for fact in a_shop_day():
        sister.write(fact)
    hub.push(sister)
    down = export_feed(hub.hub, shop="KP01", till="1", path=stick)
    assert import_feed(till.books, down).sisters == len(sister.entries)
    held = till.rows("SELECT count(*) FROM entry WHERE journal = ?", sister.journal)
    assert held == [(len(sister.entries),)]
    refused(lambda: import_feed(till.books, down), "handover_known")


def test_the_next_file_brings_only_what_the_till_does_not_have(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    publish(hub, *["prices"] * 3)
    sell(till)
    _up, done = handed_over(till, hub, stick)
    first = Path(done.answer)
    import_feed(till.books, first)
    publish(hub, "prices")
    sell(till)
    hub.clock.advance(2_000)
    _up, done = handed_over(till, hub, stick)
    assert len(Path(done.answer).read_bytes()) < len(first.read_bytes())
    assert import_feed(till.books, Path(done.answer)).feeds == {"prices": 4}
    seen = hub.rows("SELECT scope, applied FROM hub_feed_seen")
    assert seen == [("prices", 3)]


def test_versions_signed_by_somebody_else_are_not_believed_from_a_stick(
    till: TillInFolder, hub: RunningHub, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(till, hub)
    part = Feed("prices").next(price(1))
    forged = Pulled(
        incarnation="i", parts=[SentPart(part.content.decode(), part.sig.hex())], entries=[],
        more=False, hub_ms=0,
    )  # fmt: skip
    monkeypatch.setattr("sync.hub.handed_over.what_follows", lambda *_given: forged)
    down = export_feed(hub.hub, shop="KP01", till="1", path=stick)
    refused(lambda: import_feed(till.books, down), "handover_unbelieved")
    assert versions(till) == {}


def test_a_till_that_was_shut_out_hands_over_its_backlog_and_gets_nothing_but_the_receipt(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    publish(hub, "prices")
    sell(till)
    revoking.revoke_device(hub.hub, device=till.books.journal.device, reason="lost")
    _up, done = handed_over(till, hub, stick)
    assert done.entries == 2
    taken = import_feed(till.books, Path(done.answer))
    assert (taken.acknowledged, taken.feeds) == (2, {})
    refused(lambda: export_feed(hub.hub, shop="KP01", till="1", path=stick), "unknown_device")
