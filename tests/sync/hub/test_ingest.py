"""What the hub takes in: each entry once, whole and authentic, whatever it says."""

import gzip

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.journal.entry import decode_envelope, hash_of
from app.journal.stored import StoredEntry
from sync import protocol
from tests.support.entries import Writer
from tests.support.facts import a_shop_day, setting, sold
from tests.support.hubs import RunningHub


def a_day(writer: Writer) -> None:
    for fact in a_shop_day():
        writer.write(fact)


def stored(hub: RunningHub) -> list[tuple[object, ...]]:
    rows = hub.rows("SELECT journal, seq, content, hash, sig FROM hub_entry ORDER BY journal, seq")
    return [(row[0], row[1], *map(bytes, row[2:])) for row in rows]


def as_rows(entries: list[StoredEntry]) -> list[tuple[object, ...]]:
    return [(each.journal, each.seq, each.content, each.hash, each.sig) for each in entries]


def rewritten(writer: Writer, **changed: str) -> StoredEntry:
    """An entry no till would write, under a true hash and signature."""
    written = writer.write(setting())
    writer.entries.pop()
    content = msgspec.json.encode(msgspec.json.decode(written.content) | changed)
    return writer.sign(content, decode_envelope(content))


def test_a_day_arrives_as_the_very_bytes_that_were_signed(hub: RunningHub, writer: Writer) -> None:
    a_day(writer)
    told = hub.push(writer)
    assert isinstance(told.answer, protocol.Ack)
    assert told.answer.seq == len(writer.entries)
    assert told.answer.hash == writer.entries[-1].hash.hex()
    assert told.answer.incarnation == hub.hub.incarnation
    assert stored(hub) == as_rows(writer.entries)


def test_what_comes_twice_stands_once_and_is_answered_the_same(
    hub: RunningHub, writer: Writer
) -> None:
    a_day(writer)
    first, again = hub.push(writer), hub.push(writer)
    assert again == first
    assert stored(hub) == as_rows(writer.entries)
    assert hub.rows("SELECT position, first_seq FROM hub_batch") == [(1, 1)]


def test_a_push_that_overlaps_adds_only_what_is_new(hub: RunningHub, writer: Writer) -> None:
    a_day(writer)
    hub.push(writer, writer.entries[:5])
    hub.push(writer, writer.entries[2:])
    assert stored(hub) == as_rows(writer.entries)
    ranges = hub.rows("SELECT position, first_seq, last_seq FROM hub_batch ORDER BY position")
    assert ranges == [(1, 1, 5), (2, 6, len(writer.entries))]


def test_a_gap_is_answered_with_the_seq_that_is_missing(hub: RunningHub, writer: Writer) -> None:
    a_day(writer)
    assert hub.push(writer, writer.entries[3:]).answer == protocol.Gap(
        incarnation=hub.hub.incarnation,
        journal=writer.journal,
        expected_seq=1,
        hub_ms=hub.clock.wall_ms(),
    )
    hub.push(writer, writer.entries[:2])
    told = hub.push(writer, writer.entries[3:])
    assert isinstance(told.answer, protocol.Gap)
    assert told.answer.expected_seq == 3
    assert stored(hub) == as_rows(writer.entries[:2])


def test_an_entry_changed_on_the_way_is_not_taken(hub: RunningHub, writer: Writer) -> None:
    a_day(writer)
    middle = writer.entries[4]
    changed = msgspec.structs.replace(
        middle, content=middle.content.replace(b'"staff":"101"', b'"staff":"102"')
    )
    assert changed.content != middle.content
    told = hub.push(writer, [*writer.entries[:4], changed, *writer.entries[5:]])
    assert (told.status, told.code) == (403, "not_authentic")
    assert stored(hub) == []


def test_a_last_entry_signed_by_another_key_is_not_taken(hub: RunningHub, writer: Writer) -> None:
    last = writer.write(setting())
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    forged = msgspec.structs.replace(last, sig=stranger.sign(last.hash))
    assert hub.push(writer, [writer.entries[0], forged]).code == "not_authentic"
    assert stored(hub) == []


def test_a_journal_that_leaves_out_an_entry_is_not_taken(hub: RunningHub, writer: Writer) -> None:
    a_day(writer)
    hub.push(writer, writer.entries[:3])
    skipping = msgspec.structs.replace(writer.entries[4], seq=4)
    assert hub.push(writer, [skipping]).code == "not_authentic"
    assert stored(hub) == as_rows(writer.entries[:3])


def test_an_entry_that_does_not_follow_what_stands_is_not_taken(
    hub: RunningHub, writer: Writer
) -> None:
    writer.write(setting())
    hub.push(writer)
    stray = writer.write(setting(), prev="ab" * 32)
    told = hub.push(writer, [stray])
    assert isinstance(told.answer, protocol.Gap)
    assert told.answer.expected_seq == 2
    assert hub.push(writer, writer.entries[1:]).code == "not_authentic"
    assert len(stored(hub)) == 2


def test_what_follows_a_fork_is_kept_beside_it_however_long_it_grows(
    hub: RunningHub, writer: Writer
) -> None:
    a_day(writer)
    hub.push(writer, writer.entries[:3])
    clone = Writer("a")
    clone.write(setting(value="另一家"))
    for _ in range(6):
        clone.write(setting())
    hub.push(clone, clone.entries[:4])
    told = hub.push(clone, clone.entries[4:])
    assert isinstance(told.answer, protocol.Fork)
    assert told.answer.seq == len(clone.entries)
    hub.push(writer, writer.entries[3:])
    assert stored(hub) == as_rows(writer.entries)
    kept = hub.rows("SELECT content FROM hub_fork ORDER BY seq")
    assert [bytes(content) for (content,) in kept] == [each.content for each in clone.entries[1:]]


def test_a_till_that_differs_where_nobody_looked_is_asked_for_the_entry_before(
    hub: RunningHub, writer: Writer
) -> None:
    writer.write(setting(value="赤坎店"))
    hub.push(writer)
    clone = Writer("a")
    clone.write(setting(value="另一家"))
    clone.write(setting())
    told = hub.push(clone, clone.entries[2:])
    assert isinstance(told.answer, protocol.Gap)
    assert told.answer.expected_seq == 2
    assert hub.push(clone, clone.entries[1:]).code == "fork"


def test_a_fork_is_kept_both_ways_and_the_till_is_flagged(hub: RunningHub, writer: Writer) -> None:
    writer.write(setting(value="赤坎店"))
    hub.push(writer)
    clone = Writer("a")
    other = clone.write(setting(value="另一家"))
    told = hub.push(clone)
    assert isinstance(told.answer, protocol.Fork)
    assert (told.answer.seq, told.answer.hash) == (2, other.hash.hex())
    assert stored(hub) == as_rows(writer.entries)
    ((seq, content),) = hub.rows("SELECT seq, content FROM hub_fork")
    assert (seq, bytes(content)) == (2, other.content)
    assert hub.rows("SELECT flags FROM hub_device") == [("forked",)]
    assert hub.push(clone) == told
    assert len(hub.rows("SELECT seq FROM hub_fork")) == 1


def test_the_next_journal_of_a_till_comes_under_the_key_that_was_let_in(
    hub: RunningHub, writer: Writer
) -> None:
    hub.push(writer)
    following = Writer("a2", previous=writer)
    following.write(setting())
    push = protocol.Push(
        journal=following.journal, entries=[protocol.pushed(each) for each in following.entries]
    )
    assert hub.push_as(writer, push).code == "ack"
    assert stored(hub) == as_rows([*writer.entries, *following.entries])


def test_a_journal_of_another_till_does_not_come_in_by_this_one(
    hub: RunningHub, writer: Writer
) -> None:
    other = Writer("b", till="2")
    push = protocol.Push(journal=other.journal, entries=[protocol.pushed(other.entries[0])])
    assert hub.push_as(writer, push).code == "wrong_shop"


def test_a_kind_nobody_here_knows_is_kept_as_bytes(hub: RunningHub, writer: Writer) -> None:
    writer.write(setting())
    newer = rewritten(writer, kind="moon_phase_seen@7")
    writer.write(sold())
    assert hub.push(writer).code == "ack"
    hub.projection.work()
    assert stored(hub) == as_rows(writer.entries)
    unread = hub.rows("SELECT journal, seq, reason FROM hub_unread")
    assert unread == [(writer.journal, newer.seq, "unknown_kind")]
    assert hub.rows("SELECT count(*) FROM sale") == [(1,)]


def test_an_envelope_nobody_here_knows_is_kept_when_it_is_signed_for_itself(
    hub: RunningHub, writer: Writer
) -> None:
    first = writer.entries[0]
    content = b'{"v":9,"a form":"of the year 2030"}'
    from_2030 = writer.sign(content, decode_envelope(first.content))
    follows = writer.write(setting())
    assert follows.content.find(hash_of(content).hex().encode()) > 0
    assert hub.push(writer).code == "ack"
    hub.projection.work()
    assert stored(hub) == as_rows(writer.entries)
    assert hub.rows("SELECT seq, reason FROM hub_unread") == [(from_2030.seq, "unreadable")]
    assert hub.rows("SELECT count(*) FROM setting") == [(1,)]


def test_an_envelope_nobody_here_knows_vouches_for_nothing_before_it(
    hub: RunningHub, writer: Writer
) -> None:
    honest = writer.write(setting())
    writer.sign(b'{"v":9}', decode_envelope(honest.content))
    forged = msgspec.structs.replace(honest, sig=bytes(64))
    told = hub.push(writer, [writer.entries[0], forged, writer.entries[2]])
    assert told.code == "not_authentic"


@pytest.mark.parametrize("text", ["\x00", "a\x07b"])
def test_nul_and_controls_are_kept_and_mean_nothing(
    hub: RunningHub, writer: Writer, text: str
) -> None:
    bad = rewritten(writer, value=text)
    writer.write(sold())
    assert hub.push(writer).code == "ack"
    hub.projection.work()
    assert stored(hub) == as_rows(writer.entries)
    assert hub.rows("SELECT seq, reason FROM hub_unread") == [(bad.seq, "text")]
    assert hub.rows("SELECT count(*) FROM sale") == [(1,)]


def test_an_entry_may_not_be_longer_than_an_entry(hub: RunningHub, writer: Writer) -> None:
    long = b'{"v":1,"x":"' + b"a" * 70_000 + b'"}'
    writer.sign(long, decode_envelope(writer.entries[0].content))
    assert hub.push(writer).code == "not_authentic"
    assert stored(hub) == []


def test_a_bomb_is_given_up_before_it_swells(hub: RunningHub, writer: Writer) -> None:
    body = gzip.compress(b" " * 200_000_000, 9)
    assert len(body) < protocol.MOST_PACKED_BYTES
    told = hub.ask(writer, protocol.PUSH_PATH, body)
    assert (told.status, told.code) == (413, "too_large")


def test_too_many_entries_in_one_push_are_refused(hub: RunningHub, writer: Writer) -> None:
    for number in range(protocol.MOST_ENTRIES):
        writer.write(setting(value=str(number)))
    push = protocol.Push(
        journal=writer.journal, entries=[protocol.pushed(each) for each in writer.entries]
    )
    body = gzip.compress(protocol.encoded(push), 9, mtime=0)
    assert (len(push.entries), len(body) < protocol.MOST_PACKED_BYTES) == (501, True)
    told = hub.ask(writer, protocol.PUSH_PATH, body)
    assert (told.status, told.code) == (400, "bad_request")
    assert stored(hub) == []
