"""Attachments go to head office as ciphertext, and leave it when somebody is forgotten."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import attachments
from app.attachments import Sealed, attach, detail
from app.facts.members import MemberForgotten
from app.journal.outbox import link_of
from app.transaction import transaction
from sync.file_lane import FileLane
from sync.hub import office
from sync.hub_line import LineTrouble
from sync.joining import enrol
from sync.protocol_files import FileKept, FilePut
from sync.worker import HubWorker
from tests.support.hubs import RunningHub
from tests.support.tills import TillInFolder, make_till, till

__all__ = ["make_till", "till"]

MEMBER = "0192f0c0-0000-7000-8000-000000000001"
WORDS = "梁阿姨 13800005678".encode()
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 1_300


class Killed(Exception):
    """The process ended here."""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A hub, empty."""
    one = RunningHub(tmp_path / "hub", "")
    yield one
    one.close()


def lane_of(till: TillInFolder, hub: RunningHub) -> FileLane:
    """The till's lane, the till let in."""
    code = office.enrol_code(hub.hub, shop=till.books.shop, till=till.books.till)
    digits = enrol(till.books, hub.address, code, cut=lambda: False)
    office.approve_device(hub.hub, device=till.books.journal.device, fingerprint_shown=digits)
    return lane_again(till)


def lane_again(till: TillInFolder) -> FileLane:
    with till.books.read() as db:
        link = link_of(db)
    assert link is not None
    worker = HubWorker(till.books, link, cut=lambda: False)
    return FileLane(till.books, link, worker.line)


def kept(till: TillInFolder, subject: str = MEMBER, value: bytes = WORDS) -> str:
    with transaction(till.books) as tx:
        return attach(tx, subject, value)


def at_the_hub(hub: RunningHub) -> dict[str, bytes]:
    """What lies there whole: name -> ciphertext."""
    found: dict[str, bytes] = {}
    for name, content in hub.rows(
        "SELECT f.name, p.content FROM hub_file f JOIN hub_file_piece p "
        "ON f.shop = p.shop AND f.name = p.name WHERE f.whole = 1 ORDER BY f.name, p.piece"
    ):
        found[name] = found.get(name, b"") + bytes(content)
    return found


def sent(till: TillInFolder) -> dict[object, object]:
    return {row[0]: row[1] for row in till.rows("SELECT name, state FROM attachment_sent")}


def test_what_is_known_of_somebody_and_a_photo_of_pieces_arrive_as_ciphertext(
    till: TillInFolder, hub: RunningHub
) -> None:
    lane = lane_of(till, hub)
    words, photo = kept(till), kept(till, "document:d-1", PHOTO)
    lane.look()
    assert lane.reason == ""
    arrived = at_the_hub(hub)
    assert set(arrived) == {words, photo}
    for name, content in arrived.items():
        assert hashlib.sha256(content).hexdigest() == name
        assert WORDS not in content
        assert PHOTO[:64] not in content
    assert hub.rows("SELECT count(*) FROM hub_file_piece") == [(4,)]
    assert sent(till) == {words: "whole", photo: "whole"}


def test_a_till_killed_between_two_pieces_goes_on_with_the_next_one(
    till: TillInFolder, hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = lane_of(till, hub)
    photo = kept(till, "document:d-1", PHOTO)
    told: list[int] = []
    tell = lane.line.tell

    def dies_behind_the_second(*given: object) -> object:
        put = given[2]
        assert isinstance(put, FilePut)
        told.append(put.piece)
        answer = tell(*given)  # type: ignore[arg-type]
        if put.piece == 1:
            raise Killed
        return answer

    monkeypatch.setattr(lane.line, "tell", dies_behind_the_second)
    with pytest.raises(Killed):
        lane.look()
    assert at_the_hub(hub) == {}
    again = lane_again(till)
    tell = again.line.tell
    monkeypatch.setattr(
        again.line, "tell", lambda *given: (told.append(given[2].piece), tell(*given))[1]
    )
    again.look()
    assert told == [0, 1, 0, 2]
    assert set(at_the_hub(hub)) == {photo}


def test_a_file_told_twice_stands_once_and_is_answered_the_same(
    till: TillInFolder, hub: RunningHub
) -> None:
    lane = lane_of(till, hub)
    kept(till)
    lane.look()
    before = at_the_hub(hub)
    till.write("DELETE FROM attachment_sent")
    lane.look()
    assert at_the_hub(hub) == before
    assert set(sent(till).values()) == {"whole"}


def test_what_is_not_what_its_name_says_does_not_stay_and_holds_nothing_up(
    till: TillInFolder, hub: RunningHub
) -> None:
    lane = lane_of(till, hub)
    wrong = kept(till)
    till.write("UPDATE attachment SET content = x'00112233' WHERE name = ?", wrong)
    right = kept(till, "document:d-2")
    lane.look()
    assert sent(till) == {wrong: "wrong_hash", right: "whole"}
    assert set(at_the_hub(hub)) == {right}
    assert hub.rows("SELECT count(*) FROM hub_file") == [(1,)]


def forgotten(till: TillInFolder) -> MemberForgotten:
    return MemberForgotten(
        shop="KP01", till="1", day="2026-11-23", shift="", member=MEMBER, person="301"
    )


def test_whoever_is_forgotten_leaves_head_office_too_and_never_comes_back(
    till: TillInFolder, hub: RunningHub
) -> None:
    lane = lane_of(till, hub)
    kept(till)
    other = kept(till, "document:d-1")
    lane.look()
    assert len(at_the_hub(hub)) == 2
    till.record(forgotten(till))
    worker = HubWorker(till.books, lane.link, cut=lambda: False)
    worker.look()
    hub.projection.work()
    assert set(at_the_hub(hub)) == {other}
    assert hub.rows("SELECT count(*) FROM hub_file_piece") == [(1,)]
    # One that was on its way meanwhile is not taken any more.
    late = kept(till, MEMBER, b"late")
    lane.look()
    assert set(at_the_hub(hub)) == {other}
    assert sent(till)[late] == "erased"


def test_a_line_that_is_cut_is_a_reason_and_loses_nothing(
    till: TillInFolder, hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = lane_of(till, hub)
    name = kept(till)

    def cut(*_given: object) -> object:
        raise LineTrouble("no_connection")

    with monkeypatch.context() as patched:
        patched.setattr(lane.line, "tell", cut)
        lane.look()
    assert (lane.reason, sent(till)) == ("no_connection", {})
    lane.look()
    assert (lane.reason, sent(till)) == ("", {name: "whole"})


def test_an_answer_about_another_file_is_not_believed(
    till: TillInFolder, hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = lane_of(till, hub)
    kept(till)
    lie = FileKept(name="ab" * 32, next=1, state="whole", hub_ms=0)
    monkeypatch.setattr(lane.line, "tell", lambda *_given: lie)
    lane.look()
    assert (lane.reason, sent(till)) == ("hostile", {})


def test_a_till_fetches_back_what_it_lost_and_reads_it_with_its_own_key(
    till: TillInFolder, hub: RunningHub
) -> None:
    lane = lane_of(till, hub)
    name, photo = kept(till), kept(till, "document:d-1", PHOTO)
    lane.look()
    till.write("DELETE FROM attachment")
    assert (lane.fetch(name), lane.fetch(photo)) == ("", "")
    with till.books.read() as db:
        assert detail(db, till.books.secrets, name) == WORDS
        assert detail(db, till.books.secrets, photo) == PHOTO
    assert lane.fetch("ab" * 32) == "no_such_file"


def test_what_comes_back_changed_is_not_kept(till: TillInFolder, hub: RunningHub) -> None:
    lane = lane_of(till, hub)
    name = kept(till)
    lane.look()
    till.write("DELETE FROM attachment")
    with hub.hub.database.begin() as db:
        db.exec_driver_sql("UPDATE hub_file_piece SET content = x'0011'")
    with pytest.raises(Exception, match="attachment_wrong"):
        lane.fetch(name)
    assert till.rows("SELECT * FROM attachment") == []


def test_the_lane_works_by_itself_beside_the_counter(till: TillInFolder, hub: RunningHub) -> None:
    import time

    lane = lane_of(till, hub)
    lane.start()
    try:
        name = kept(till)
        for each in till.books.listeners:
            each(())
        for _ in range(200):
            if sent(till):
                break
            time.sleep(0.02)
        assert sent(till) == {name: "whole"}
    finally:
        lane.close()


def test_a_hub_joined_anew_is_asked_about_every_attachment(
    till: TillInFolder, hub: RunningHub, tmp_path: Path
) -> None:
    lane = lane_of(till, hub)
    name = kept(till)
    lane.look()
    other = RunningHub(tmp_path / "other", "")
    try:
        lane_of(till, other).look()
        assert set(at_the_hub(other)) == {name}
    finally:
        other.close()


def test_only_who_belongs_to_the_shop_finds_a_file(till: TillInFolder, hub: RunningHub) -> None:
    lane = lane_of(till, hub)
    name = kept(till)
    lane.look()
    with hub.hub.database.begin() as db:
        db.exec_driver_sql("UPDATE hub_file SET shop = 'KP02'")
        db.exec_driver_sql("UPDATE hub_file_piece SET shop = 'KP02'")
    assert lane.fetch(name) == "no_such_file"
    # The same ciphertext of this shop stands beside it.
    till.write("DELETE FROM attachment_sent")
    lane.look()
    assert hub.rows("SELECT shop FROM hub_file ORDER BY shop") == [("KP01",), ("KP02",)]


def test_sealed_bytes_that_are_not_their_name_are_never_put_back(till: TillInFolder) -> None:
    with pytest.raises(Exception, match="attachment_wrong"), transaction(till.books) as tx:
        attachments.put_back(tx, Sealed("ab" * 32, MEMBER, b"x"))
