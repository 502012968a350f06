"""A till asks a real hub what is new: its feeds, recalls first, and its sisters' journals."""

import pytest

from app import feeds
from app.facts.stock import LotsRecalled
from sync import protocol_feeds
from sync.hub import feeding
from sync.protocol import (
    NONCE_HEADER,
    SIGNATURE_HEADER,
    Refused,
    demand_signature,
    encoded,
)
from sync.protocol_feeds import PULL_PATH, FeedPosition, JournalPosition, Pull, Pulled
from tests.support.entries import Writer
from tests.support.facts import a_shop_day, setting
from tests.support.hubs import RunningHub
from tests.support.tills import SHOP, make_till, till
from tests.sync.hub.test_publishing import price, send

__all__ = ["make_till", "till"]


def pulled(hub: RunningHub, writer: Writer, **said: object) -> Pulled | Refused:
    """What the hub answers this till."""
    pull = Pull(**({"writing": writer.journal} | said))  # type: ignore[arg-type]
    body = encoded(pull)
    headers = hub.signed(writer, PULL_PATH, body, packed=False)
    response = hub.post(PULL_PATH, body, headers)
    demand_signature(
        hub.hub.public_key, headers[NONCE_HEADER], response.status_code,
        response.headers[SIGNATURE_HEADER], response.content,
    )  # fmt: skip
    assert len(response.content) <= 256 * 1024
    return protocol_feeds.pulled_in(response.content)


def answer(hub: RunningHub, writer: Writer, **said: object) -> Pulled:
    told = pulled(hub, writer, **said)
    assert isinstance(told, Pulled), told
    return told


def second_till(hub: RunningHub, name: str = "b", till: str = "2") -> Writer:
    other = Writer(name, till=till)
    hub.join(other, till=till)
    return other


# --- the hub's answers --------------------------------------------------------------------------


def test_sisters_journals_come_whole_in_their_order_and_never_ones_own(
    hub: RunningHub, writer: Writer
) -> None:
    other = second_till(hub)
    for fact in a_shop_day():
        writer.write(fact)
        other.write(fact)
    hub.push(writer)
    hub.push(other)
    told = answer(hub, writer)
    assert [(each.journal, each.seq, each.content.encode(), bytes.fromhex(each.sig))
            for each in told.entries] == [
        (each.journal, each.seq, each.content, each.sig) for each in other.entries
    ]  # fmt: skip
    assert not told.more
    behind = (JournalPosition(other.journal, 5),)
    assert [each.seq for each in answer(hub, writer, journals=behind).entries][:2] == [6, 7]


def test_an_answer_holds_what_was_asked_for_and_says_that_more_waits(
    hub: RunningHub, writer: Writer
) -> None:
    others = [second_till(hub, name, str(n)) for n, name in enumerate("bc", 2)]
    for other in others:
        for _ in range(30):
            other.write(setting())
        hub.push(other)
    seen: dict[str, int] = {}
    asked = 0
    while True:
        told = answer(
            hub, writer, most=10, journals=tuple(JournalPosition(*each) for each in seen.items())
        )
        asked += 1
        assert len(told.entries) <= 10
        for each in told.entries:
            assert each.seq == seen.get(each.journal, 0) + 1
            seen[each.journal] = each.seq
        # Both are served each time: none waits until the other is through.
        assert len(seen) == 2
        if not told.more:
            break
    assert (seen, asked) == ({each.journal: 31 for each in others}, 7)


def test_another_shops_journals_and_feeds_stay_there(hub: RunningHub, writer: Writer) -> None:
    send(hub, price(980), shops=("KP02",))
    elsewhere = Writer("z", till="9")
    hub.join(elsewhere, till="9")
    elsewhere.write(setting())
    hub.push(elsewhere)
    hub.rows_changed("UPDATE hub_journal SET shop = 'KP02'")
    assert (answer(hub, writer).parts, answer(hub, writer).entries) == ([], [])


def test_recalls_come_first_and_a_bound_on_pieces_leaves_the_rest_for_the_next(
    hub: RunningHub, writer: Writer
) -> None:
    recall = LotsRecalled(shop="", till="", recall="r", number="ZH-1", product="13006",
                          batches=("JJ20261108-03",), level="1")  # fmt: skip
    send(hub, price(980))
    send(hub, setting(), scope="settings")
    send(hub, recall, scope="recalls")
    told = answer(hub, writer, most=2)
    scopes = [feeds.decoded(each.content.encode()).scope for each in told.parts]
    assert (scopes, told.more) == (["recalls", "prices"], True)


def test_a_request_nobody_signed_or_of_another_form_gets_nothing(
    hub: RunningHub, writer: Writer
) -> None:
    body = encoded(Pull(writing=writer.journal))
    headers = hub.signed(writer, PULL_PATH, body, packed=False)
    for changed in ({"Pos-Signature": "00" * 64}, {"Pos-Journal": "nobody"}):
        assert hub.post(PULL_PATH, body, headers | changed).status_code == 403
    bad = hub.ask(writer, PULL_PATH, b'{"writing":"j","most":501}', packed=False)
    assert (bad.status, bad.code) == (400, "bad_request")
    told = pulled(hub, writer, v=9)
    assert isinstance(told, Refused)
    assert told.code == "not_this_version"


def test_a_position_nobody_here_knows_gets_one_snapshot_and_what_follows(
    hub: RunningHub, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for fen in range(980, 990):
        send(hub, price(fen))

    def kinds(**said: object) -> list[tuple[str, int]]:
        told = answer(hub, writer, **{"incarnation": hub.hub.incarnation, **said})
        parts = [feeds.decoded(each.content.encode()) for each in told.parts]
        return [(part.what, part.version) for part in parts]

    def at(version: int, hash_: str = "") -> tuple[FeedPosition, ...]:
        ((known,),) = hub.rows(f"SELECT hash FROM hub_feed_part WHERE version = {version}")
        return (FeedPosition(scope="prices", version=version, part=1, hash=hash_ or known),)

    assert kinds() == [("snapshot", 10)]
    assert kinds(feeds=at(8)) == [("version", 9), ("version", 10)]
    assert kinds(feeds=at(10)) == []
    assert kinds(feeds=at(8, "ab" * 32)) == [("snapshot", 10)]
    assert kinds(feeds=at(8), incarnation="other") == [("snapshot", 10)]
    send(hub, price(1000))
    # The snapshot that is there is used, as long as it is not too old.
    assert kinds() == [("snapshot", 10), ("version", 11)]
    monkeypatch.setattr(feeding, "FAR_BEHIND", 2)
    assert kinds(feeds=at(9)) == [("version", 10), ("version", 11)]
    assert kinds(feeds=at(8)) == [("snapshot", 10), ("version", 11)]


def test_head_office_sees_what_counts_at_each_till(hub: RunningHub, writer: Writer) -> None:
    said = FeedPosition(scope="recalls", version=3, part=1, hash="ab" * 32, applied=2,
                        held="unknown_kind")  # fmt: skip
    for _ in range(2):
        answer(hub, writer, feeds=(said,))
        hub.clock.advance(1000)
    ((shop, scope, applied, version, held, when),) = hub.rows(
        "SELECT shop, scope, applied, version, held, seen_ms FROM hub_feed_seen"
    )
    assert (shop, scope, applied, version, held) == (SHOP, "recalls", 2, 3, "unknown_kind")
    assert when == hub.clock.wall_ms() - 2000
