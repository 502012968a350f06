"""A till's worker and a hub, both real: what was lost is sent again, nothing counts twice."""

import shutil

import msgspec
import pytest

from app.errors import Refusal
from app.journal import outbox
from app.journal.stored import StoredEntry, in_journal_order
from app.own_journals import open_next_journal
from sync.hub import office
from sync.hub.overview import status
from sync.joining import enrol
from sync.protocol_standing import acknowledged_in, words_in
from sync.worker import BITE, HubWorker
from tests.support.facts import setting, sold
from tests.support.hubs import RunningHub
from tests.support.tills import SHOP, MakeTill, TillInFolder, make_till, till

__all__ = ["make_till", "till"]


class Killed(Exception):
    """The process ended here."""


def kill(_worker: HubWorker, _keep: object) -> None:
    raise Killed


def never() -> bool:
    return False


def join(till: TillInFolder, hub: RunningHub) -> HubWorker:
    """The till joins and is let in."""
    code = office.enrol_code(hub.hub, shop=till.books.shop, till=till.books.till)
    digits = enrol(till.books, hub.address, code, cut=never)
    office.approve_device(hub.hub, device=till.books.journal.device, fingerprint_shown=digits)
    return worker_of(till)


def worker_of(till: TillInFolder) -> HubWorker:
    with till.books.read() as db:
        link = outbox.link_of(db)
    assert link is not None
    return HubWorker(till.books, link, cut=never)


def sell(till: TillInFolder, times: int) -> None:
    for _ in range(times):
        (count,) = till.rows("SELECT count(*) FROM sale")[0]
        till.record(sold(sequence=int(str(count)) + 1))


def entries_of(*tills: TillInFolder) -> list[tuple[object, ...]]:
    found: list[StoredEntry] = []
    for each in tills:
        with each.books.read() as db:
            found += in_journal_order(db)
    return sorted((each.journal, each.seq, each.content, each.hash, each.sig) for each in found)


def stored(hub: RunningHub) -> list[tuple[object, ...]]:
    rows = hub.rows("SELECT journal, seq, content, hash, sig FROM hub_entry")
    return sorted((row[0], row[1], *map(bytes, row[2:])) for row in rows)


def test_what_was_recorded_arrives_and_the_hubs_word_can_be_shown_to_anybody(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    sell(till, 3)
    worker.push_now(0)
    assert stored(hub) == entries_of(till)
    assert (worker.seen.waiting, worker.seen.acked, worker.seen.reason) == (0, 4, "")
    ((evidence,),) = till.rows("SELECT evidence FROM acknowledged")
    words = words_in(bytes(evidence))  # type: ignore[call-overload]
    assert words is not None
    assert acknowledged_in(words, "ab" * 32) is None
    ack = acknowledged_in(words, hub.hub.public_key)
    assert ack is not None
    assert (ack.journal, ack.seq) == (till.books.journal.id, 4)


def test_a_long_backlog_goes_in_pieces_oldest_first(till: TillInFolder, hub: RunningHub) -> None:
    worker = join(till, hub)
    for _ in range(6):
        till.record(*(setting(value=str(number)) for number in range(200)))
    worker.push_now(0)
    assert stored(hub) == entries_of(till)
    ranges = hub.rows("SELECT first_seq, last_seq FROM hub_batch ORDER BY position")
    assert ranges == [(n + 1, min(n + BITE, 1201)) for n in range(0, 1201, BITE)]


def test_big_entries_go_in_smaller_pieces(till: TillInFolder, hub: RunningHub) -> None:
    worker = join(till, hub)
    noise = till.ids.random_bytes
    till.record(*(setting(value=noise(12_000).hex()) for _ in range(50)))
    worker.push_now(0)
    assert stored(hub) == entries_of(till)
    assert len(hub.rows("SELECT position FROM hub_batch")) > 2


def test_a_till_that_died_before_it_kept_the_hubs_word_sends_again_and_nothing_doubles(
    till: TillInFolder, hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = join(till, hub)
    sell(till, 3)
    with monkeypatch.context() as patch:
        patch.setattr(HubWorker, "_keep", kill)
        with pytest.raises(Killed):
            worker.push_now(0)
    assert stored(hub) == entries_of(till)
    assert till.rows("SELECT * FROM acknowledged") == []
    till.close()
    worker = worker_of(till)
    worker.push_now(0)
    hub.projection.work()
    assert worker.seen.waiting == 0
    assert stored(hub) == entries_of(till)
    assert hub.rows("SELECT count(*) FROM sale") == [(3,)]


def put_back(hub: RunningHub, seq: int) -> None:
    """The hub's database holds this shop's journal as an older copy has it, up to this entry."""
    here = f"shop = '{SHOP}'"
    with hub.hub.database.begin() as db:
        ((entry_hash,),) = db.exec_driver_sql(
            f"SELECT hash FROM hub_entry WHERE {here} AND seq = {seq}"
        ).all()
        db.exec_driver_sql(f"DELETE FROM hub_entry WHERE {here} AND seq > {seq}")
        db.exec_driver_sql(f"DELETE FROM hub_batch WHERE {here} AND first_seq > {seq}")
        db.exec_driver_sql(
            f"UPDATE hub_journal SET seq = {seq}, hash = '{bytes(entry_hash).hex()}' WHERE {here}"
        )


def test_a_hub_put_back_from_a_copy_gets_again_what_it_lost(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    for _ in range(3):
        sell(till, 2)
        worker.push_now(0)
    put_back(hub, 3)
    sell(till, 1)
    worker.push_now(0)
    assert stored(hub) == entries_of(till)
    assert (worker.seen.waiting, worker.seen.reason) == (0, "")


def test_both_tills_made_from_one_disk_are_heard_and_the_second_is_stopped(
    make_till: MakeTill, hub: RunningHub
) -> None:
    one = make_till("one")
    join(one, hub)
    one.close()
    shutil.copytree(one.path, one.path.parent / "two")
    two = make_till("two")
    two.clock.advance(3_600_000)
    one.record(setting(value="one"))
    two.record(setting(value="two"))
    first, second = worker_of(one), worker_of(two)
    first.push_now(0)
    second.push_now(0)
    assert (first.seen.reason, second.seen.reason) == ("", "forked")
    assert (first.seen.waiting, second.seen.waiting) == (0, 0)
    forked, following = entries_of(two)[1], entries_of(two)[2:]
    assert two.books.journal.series == "B"
    assert {row[0] for row in following} == {two.books.journal.id}
    assert stored(hub) == sorted([*entries_of(one), *following])
    assert [bytes(content) for (content,) in hub.rows("SELECT content FROM hub_fork")] == [
        forked[2]
    ]
    assert hub.rows("SELECT flags FROM hub_device") == [("forked",)]
    two.record(setting())
    one.record(setting())
    second.push_now(0)
    first.push_now(0)
    assert (first.seen.waiting, second.seen.waiting) == (0, 0)
    assert stored(hub) == sorted({*entries_of(one), *entries_of(two)[2:]})


def test_a_copy_hears_what_its_other_self_wrote_though_its_own_clock_was_ahead(
    make_till: MakeTill, hub: RunningHub
) -> None:
    one = make_till("one")
    join(one, hub)
    one.close()
    shutil.copytree(one.path, one.path.parent / "two")
    two = make_till("two")
    two.clock.advance(3_600_000)
    two.record(setting(value="two"))
    for value in ("one", "more"):
        one.record(setting(value=value))
    worker_of(one).push_now(0)
    second = worker_of(two)
    second.push_now(0)
    second.push_now(0)
    assert second.seen.pull.reason == ""
    assert two.rows("SELECT seq, reason FROM received_aside") == [(3, "branch")]


def test_a_till_that_heard_what_its_other_self_went_on_with_is_opened_again_on_its_own(
    make_till: MakeTill, hub: RunningHub
) -> None:
    one = make_till("one")
    join(one, hub)
    one.close()
    shutil.copytree(one.path, one.path.parent / "two")
    two = make_till("two")
    one.record(setting(value="one"))
    two.record(setting(value="two"))
    for each in (one, two, one):
        worker_of(each).push_now(0)
    assert (two.books.journal.id,) in one.rows("SELECT journal FROM journal_opened")
    writing = one.books.journal.id
    one.close()
    again = make_till("one")
    again.clock.advance(60_000)
    assert again.books.journal.id == writing
    again.record(setting(value="later"))


def test_books_put_back_from_a_copy_go_on_in_a_journal_of_their_own(
    make_till: MakeTill, hub: RunningHub
) -> None:
    one = make_till("one")
    join(one, hub)
    one.close()
    shutil.copytree(one.path, one.path.parent / "copy")
    sell(one, 3)
    worker_of(one).push_now(0)
    back = make_till("copy")
    worker = worker_of(back)
    worker.push_now(0)
    assert (worker.seen.reason, worker.seen.waiting) == ("forked", 0)
    assert back.books.journal.series == "B"
    sell(back, 1)
    worker.push_now(0)
    assert hub.rows("SELECT count(*) FROM hub_fork") == [(0,)]
    hub.projection.work()
    assert hub.rows("SELECT count(*) FROM sale") == [(4,)]


def test_a_till_goes_on_in_its_next_journal_and_both_arrive(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    sell(till, 2)
    till.clock.advance(1000)
    open_next_journal(till.books, reason="rekeyed")
    till.record(setting())
    worker.push_now(0)
    assert len({row[0] for row in stored(hub)}) == 2
    assert stored(hub) == entries_of(till)
    till.close()
    till.record(setting())
    again = worker_of(till)
    again.push_now(0)
    assert stored(hub) == entries_of(till)


def test_head_office_counts_what_waits_in_every_journal_of_a_till(
    till: TillInFolder, hub: RunningHub
) -> None:
    def backlog() -> int | None:
        (device,) = status(hub.hub).devices
        return device.backlog

    worker = join(till, hub)
    assert backlog() is None
    sell(till, 3)
    till.clock.advance(1000)
    open_next_journal(till.books, reason="restored")
    till.record(setting())
    # Its question reached the hub, its entries did not.
    worker.down.look()
    assert backlog() == 4 + 2
    worker.look()
    assert backlog() == 0
    worker.down.ask()
    worker.down.look()
    assert backlog() == 0
    assert hub.rows("SELECT count(*) FROM hub_device_older") == [(0,)]


def test_a_till_whose_clock_is_a_day_off_is_heard_all_the_same(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    hub.clock.advance(86_400_000)
    worker.push_now(0)
    assert (worker.seen.waiting, worker.seen.reason) == (0, "")


def test_joining_another_hub_sends_everything_to_it(till: TillInFolder, hub: RunningHub) -> None:
    join(till, hub).push_now(0)
    with till.books.read() as db:
        link = outbox.link_of(db)
    assert link is not None
    other = msgspec.structs.replace(link, hub_key="ab" * 32)
    outbox.join(till.books.database.writer, other)
    assert till.rows("SELECT * FROM acknowledged") == []
    assert worker_of(till).seen.waiting == 1


def test_a_code_that_is_wrong_joins_nothing(till: TillInFolder, hub: RunningHub) -> None:
    office.enrol_code(hub.hub, shop="KP01", till="1")
    with pytest.raises(Refusal) as refusal:
        enrol(till.books, hub.address, "2222-2222-2222", cut=never)
    assert (refusal.value.code, refusal.value.details["reason"]) == ("hub_refused", "code_wrong")
    assert till.rows("SELECT * FROM hub_link") == []


def test_a_hub_that_does_not_know_the_code_is_not_believed(
    till: TillInFolder, hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = office.enrol_code(hub.hub, shop="KP01", till="1")
    monkeypatch.setattr("sync.hub.enrolling.hub_proof", lambda *_parts: "ab" * 32)
    with pytest.raises(Refusal) as refusal:
        enrol(till.books, hub.address, code, cut=never)
    assert (refusal.value.code, refusal.value.details["reason"]) == ("hub_not_reached", "hostile")
    assert till.rows("SELECT * FROM hub_link") == []
