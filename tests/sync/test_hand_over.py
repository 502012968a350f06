"""A backlog goes to head office on a stick: sealed, signed, whole or not at all."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import Refusal, ShopError, Trouble
from app.journal import outbox
from app.journal.stored import in_journal_order
from sync.hand_over_file import LENGTH_BYTES, PART, HandOver
from sync.handing_over import export_facts, import_feed
from sync.hub import office
from sync.hub.handed_over import HandedIn, import_facts
from sync.joining import enrol, sealing_of
from sync.protocol_standing import acknowledged_in, words_in
from tests.support.facts import setting, sold
from tests.support.hubs import RunningHub
from tests.support.tills import MakeTill, TillInFolder, make_till, till

__all__ = ["make_till", "till"]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A hub, empty."""
    one = RunningHub(tmp_path / "hub", "")
    yield one
    one.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """What is carried from one to the other."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def join(till: TillInFolder, hub: RunningHub, *, approved: bool = True) -> None:
    code = office.enrol_code(hub.hub, shop=till.books.shop, till=till.books.till)
    digits = enrol(till.books, hub.address, code, cut=lambda: False)
    if approved:
        office.approve_device(hub.hub, device=till.books.journal.device, fingerprint_shown=digits)


def sell(till: TillInFolder, times: int = 1) -> None:
    for _ in range(times):
        (count,) = till.rows("SELECT count(*) FROM sale")[0]
        till.record(sold(sequence=int(str(count)) + 1))


def waiting(till: TillInFolder) -> int:
    with till.books.read() as db:
        return outbox.backlog(db).waiting


def at_the_hub(hub: RunningHub) -> list[bytes]:
    rows = hub.rows("SELECT content FROM hub_entry ORDER BY journal, seq")
    return [bytes(content) for (content,) in rows]


def written(till: TillInFolder) -> list[bytes]:
    with till.books.read() as db:
        return [each.content for each in in_journal_order(db)]


def handed_over(till: TillInFolder, hub: RunningHub, stick: Path) -> tuple[Path, HandedIn]:
    """The till's file, read in at the hub, and what came of it."""
    up = export_facts(till.books, stick).file
    return up, import_facts(hub.hub, up, stick)


def refused(carry: object, code: str) -> None:
    """Whatever is carried is refused under this code."""
    assert callable(carry)
    with pytest.raises(ShopError) as error:
        carry()
    assert error.value.code == code


def test_a_backlog_carried_on_a_stick_arrives_once_and_the_answer_settles_it(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    sell(till, 450)
    up, done = handed_over(till, hub, stick)
    assert (done.shop, done.till, done.entries) == ("KP01", "1", 451)
    assert done.acknowledged == {till.books.journal.id: 451}
    assert at_the_hub(hub) == written(till)
    assert waiting(till) == 451

    taken = import_feed(till.books, Path(done.answer))
    assert (taken.acknowledged, taken.waiting, waiting(till)) == (451, 0, 0)
    # What is kept proves by itself what the hub took in.
    ((evidence,),) = till.rows("SELECT evidence FROM acknowledged")
    words = words_in(bytes(evidence))  # type: ignore[call-overload]
    assert words is not None
    proved = acknowledged_in(words, hub.hub.public_key)
    assert proved is not None
    assert proved.seq == 451
    told = up.read_bytes().splitlines()[0].decode()
    assert "KP01 店 1 号机交总部 · 451 条（第 1 至 451 条）" in told
    refused(lambda: export_facts(till.books, stick), "handover_nothing")


def test_a_file_read_twice_changes_nothing_and_is_answered_the_same(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    sell(till, 3)
    up, done = handed_over(till, hub, stick)
    again = import_facts(hub.hub, up, None)
    assert (again.entries, again.acknowledged) == (done.entries, done.acknowledged)
    assert at_the_hub(hub) == written(till)
    import_feed(till.books, Path(done.answer))
    refused(lambda: import_feed(till.books, Path(done.answer)), "handover_known")
    assert waiting(till) == 0


def test_nobody_on_the_way_reads_what_was_sold(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    sell(till, 2)
    up, _done = handed_over(till, hub, stick)
    for content in written(till)[1:]:
        assert content[300:330] not in up.read_bytes()
    # Not even another till of the same hub.
    head = HandOver(up).head
    other = sealing_of(till.books)
    frames = other.frames_with(head.once, sealed_by=head.once, sealed_for=other.public)
    refused(lambda: list(HandOver(up).messages(lambda: frames)), "handover_bad")


def test_whatever_was_changed_or_cut_off_is_refused_and_changes_nothing(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    sell(till, 450)
    up = export_facts(till.books, stick).file
    whole = up.read_bytes()
    start = [at for at, byte in enumerate(whole) if byte == 10][2] + 1
    first = int.from_bytes(whole[start : start + LENGTH_BYTES], "big") + LENGTH_BYTES
    second = whole[start + first :]
    spoilt = [
        b"", b"\n\n\n", whole[:20], whole[: start - 1], whole[:start],
        whole[: start + 2], whole[: start + first // 2], whole[: start + first], whole[:-1],
        whole + b"\x00", whole + whole[start:],
        whole[:start] + second,
        *(_flipped(whole, at) for at in (3, start - 200, start - 20, start + 1, start + 40)),
        _flipped(whole, len(whole) - 1),
    ]  # fmt: skip
    for content in spoilt:
        up.write_bytes(content)
        refused(lambda: import_facts(hub.hub, up, None), "handover_bad")
    assert at_the_hub(hub) == []
    assert waiting(till) == 451
    up.write_bytes(whole)
    assert import_facts(hub.hub, up, None).entries == 451


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def test_a_changed_answer_acknowledges_nothing(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    sell(till, 2)
    _up, done = handed_over(till, hub, stick)
    down = Path(done.answer)
    whole = down.read_bytes()
    for at in (5, 200, whole.rindex(b"\n") - 10, len(whole) - 3):
        down.write_bytes(_flipped(whole, at))
        with pytest.raises(ShopError):
            import_feed(till.books, down)
    down.write_bytes(whole[:-4])
    refused(lambda: import_feed(till.books, down), "handover_bad")
    assert waiting(till) == 3


def test_a_file_for_somebody_else_is_refused(
    till: TillInFolder, hub: RunningHub, stick: Path, make_till: MakeTill, tmp_path: Path
) -> None:
    other_hub, other_till = RunningHub(tmp_path / "other", ""), make_till("other")
    try:
        join(till, hub)
        join(other_till, other_hub)
        sell(till)
        sell(other_till)
        up, done = handed_over(till, hub, stick)
        strange = export_facts(other_till.books, stick / "strange.pos").file
        refused(lambda: import_facts(other_hub.hub, up, None), "handover_foreign")
        refused(lambda: import_facts(hub.hub, strange, None), "handover_foreign")
        refused(lambda: import_feed(other_till.books, Path(done.answer)), "handover_foreign")
        refused(lambda: import_feed(till.books, up), "handover_foreign")
        refused(lambda: import_facts(hub.hub, Path(done.answer), None), "handover_foreign")
        assert waiting(other_till) == 2
        # Nor by a hub that knows the till, when it was made for another.
        join(till, other_hub)
        refused(lambda: import_facts(other_hub.hub, up, None), "handover_foreign")
    finally:
        other_hub.close()


def test_a_till_nobody_let_in_hands_nothing_over_and_one_on_its_own_has_nobody_to(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    refused(lambda: export_facts(till.books, stick), "not_enrolled")
    refused(lambda: import_feed(till.books, stick / "x.pos"), "not_enrolled")
    join(till, hub, approved=False)
    up = export_facts(till.books, stick).file
    refused(lambda: import_facts(hub.hub, up, None), "handover_refused")
    assert at_the_hub(hub) == []


def test_a_stick_pulled_out_leaves_the_file_before_and_no_half_one(
    till: TillInFolder, hub: RunningHub, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(till, hub)
    target = stick / "backlog.pos"
    export_facts(till.books, target)
    before = target.read_bytes()
    sell(till, 3)

    def pulled_out(_handle: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", pulled_out)
        with pytest.raises(Trouble) as trouble:
            export_facts(till.books, target)
    assert trouble.value.code == "handover_disk"
    assert target.read_bytes() == before
    assert not target.with_name(target.name + PART).exists()
    refused(lambda: export_facts(till.books, stick / "not there" / "x.pos"), "handover_disk")
    assert waiting(till) == 4


def test_an_answer_that_is_older_than_what_is_known_takes_nothing_back(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    sell(till, 2)
    _up, first = handed_over(till, hub, stick)
    old = Path(first.answer).rename(stick / "old.pos")
    sell(till, 2)
    hub.clock.advance(1_000)
    till.clock.advance(1_000)
    _up, second = handed_over(till, hub, stick)
    import_feed(till.books, Path(second.answer))
    refused(lambda: import_feed(till.books, old), "handover_known")
    assert waiting(till) == 0


def test_a_hub_put_back_from_a_copy_gets_again_by_stick_what_it_lost(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    sell(till, 2)
    _up, done = handed_over(till, hub, stick)
    import_feed(till.books, Path(done.answer))
    with hub.hub.database.begin() as db:
        db.exec_driver_sql("DELETE FROM hub_entry")
        db.exec_driver_sql("DELETE FROM hub_journal")
    sell(till)
    till.clock.advance(1_000)
    _up, done = handed_over(till, hub, stick)
    assert done.trouble == {till.books.journal.id: "gap"}
    assert import_feed(till.books, Path(done.answer)).waiting == 4
    till.clock.advance(1_000)
    hub.clock.advance(1_000)
    _up, done = handed_over(till, hub, stick)
    import_feed(till.books, Path(done.answer))
    assert at_the_hub(hub) == written(till)
    assert waiting(till) == 0


def test_an_answer_about_another_entry_is_not_believed(
    till: TillInFolder, hub: RunningHub, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(till, hub)
    till.record(setting())
    up = export_facts(till.books, stick).file
    with monkeypatch.context() as patched:
        patched.setattr("sync.hub.handed_over.take", _lied)
        done = import_facts(hub.hub, up, stick)
    refused(lambda: import_feed(till.books, Path(done.answer)), "handover_known")
    assert waiting(till) == 2


def _lied(*_given: object, **_more: object) -> object:
    from sync.protocol import Ack

    push = _given[2]
    journal = push.journal  # type: ignore[attr-defined]
    return Ack(incarnation="x", journal=journal, seq=2, hash="ab" * 32, hub_ms=0)


def test_what_the_hub_itself_would_not_take_over_the_line_it_does_not_take_from_a_stick(
    till: TillInFolder, hub: RunningHub, stick: Path
) -> None:
    join(till, hub)
    sell(till, 2)
    till.write(
        "UPDATE entry SET content = "
        'CAST(replace(CAST(content AS TEXT), \'"staff":"101"\', \'"staff":"102"\') AS BLOB)'
    )
    up = export_facts(till.books, stick).file
    with pytest.raises(Refusal) as refusal:
        import_facts(hub.hub, up, None)
    assert refusal.value.code == "handover_refused"
    assert at_the_hub(hub) == []
