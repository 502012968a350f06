"""The brand's own journal: what head office does is chained and signed like a till's day."""

import threading

import pytest
from sqlalchemy import select

from app.errors import Refusal, Trouble
from app.facts.office import FestivalSet, OfficeSignedIn
from app.facts.registry import FACTS
from app.facts.staff import StaffSet
from app.journal.entry import FIRST_PREV, decode_envelope, hash_of
from sync.hub import office
from sync.hub.brand import KEY_FILE, record
from sync.hub.office_apply import HQ, HUB_MEANING
from sync.hub.office_tables import festival, office_act
from sync.hub.projecting import Projection
from sync.hub.tables import MEANT, hub_entry, hub_journal
from sync.protocol import is_signed
from tests.support.entries import Writer
from tests.support.hubs import RunningHub


def festival_set(name: str, to_day: str = "2026-12-12") -> FestivalSet:
    return FestivalSet(
        shop=HQ, code="dec12", name=name, from_day="2026-12-12", to_day=to_day, person="ann"
    )


def recorded(hub: RunningHub, *names: str) -> None:
    for name in names:
        with hub.hub.database.begin() as db:
            record(hub.hub, db, festival_set(name), staff="ann")


def holds(hub: RunningHub) -> int:
    """How many entries the brand's journal has; every hash, link and signature is checked."""
    with hub.hub.database.begin() as db:
        (head,) = db.execute(select(hub_journal).where(hub_journal.c.shop == HQ)).all()
        rows = db.execute(
            select(hub_entry).where(hub_entry.c.shop == HQ).order_by(hub_entry.c.seq)
        ).all()
    before, order = FIRST_PREV, 0
    for place, row in enumerate(rows, 1):
        envelope = decode_envelope(bytes(row.content))
        assert (row.seq, envelope.seq, envelope.prev) == (place, place, before)
        assert envelope.order > order
        before, order = hash_of(bytes(row.content)).hex(), envelope.order
        assert bytes(row.hash).hex() == before
        assert is_signed(head.public_key, bytes(row.sig).hex(), bytes(row.hash))
    assert (head.seq, head.hash) == (len(rows), before)
    return len(rows)


def test_an_act_stands_chained_signed_and_is_seen_at_once(hub: RunningHub) -> None:
    recorded(hub, "周年", "周年庆")
    assert holds(hub) == 3
    with hub.hub.database.begin() as db:
        assert [row.name for row in db.execute(select(festival))] == ["周年庆"]
        acts = db.execute(select(office_act).order_by(office_act.c.order_ms)).all()
    assert [(row.person, row.act, row.detail) for row in acts] == [
        ("ann", "festival_set", "周年"), ("ann", "festival_set", "周年庆")
    ]  # fmt: skip
    assert Projection(hub.hub.database).work() == 0


def test_nothing_stands_of_an_act_that_failed(hub: RunningHub) -> None:
    recorded(hub, "周年")
    with hub.hub.database.begin() as db:
        record(hub.hub, db, festival_set("不会有"), staff="ann")
        db.rollback()
    recorded(hub, "之后")
    assert holds(hub) == 3


def test_people_who_act_at_once_stand_one_behind_the_other(hub: RunningHub) -> None:
    # A server started twice and a line of ./pos hq, all on one database.
    threads = [
        threading.Thread(target=recorded, args=(hub, *(f"{who}-{n}" for n in range(5))))
        for who in "abcd"
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert holds(hub) == 21
    assert Projection(hub.hub.database).work() == 0


def test_the_projection_makes_the_same_tables_again(hub: RunningHub) -> None:
    recorded(hub, "周年", "周年庆")
    with hub.hub.database.begin() as db:
        before = [tuple(row) for row in db.execute(select(office_act).order_by("fact"))]
        for table in MEANT.sorted_tables:
            db.execute(table.delete())
        db.exec_driver_sql("DELETE FROM hub_cursor")
    # An act in between waits for the older ones to be worked in.
    with hub.hub.database.begin() as db:
        record(hub.hub, db, OfficeSignedIn(shop=HQ, person="ann"), staff="ann")
        assert db.execute(select(office_act)).all() == []
    assert Projection(hub.hub.database).work() == 4
    with hub.hub.database.begin() as db:
        after = [tuple(row) for row in db.execute(select(office_act).order_by("fact"))]
        assert after[:2] == before
        assert [row[3] for row in after] == ["festival_set", "festival_set", "signed_in"]
        assert [row.name for row in db.execute(select(festival))] == ["周年庆"]


def test_its_key_is_for_its_owner_alone_and_never_made_anew(hub: RunningHub) -> None:
    recorded(hub, "周年")
    key = hub.folder / KEY_FILE
    assert key.stat().st_mode & 0o777 == 0o600
    kept = key.read_bytes()
    for wrong in (None, bytes(32), b"short"):
        key.unlink() if wrong is None else key.write_bytes(wrong)
        with pytest.raises(Trouble) as told:
            recorded(hub, "ohne")
        assert told.value.code == "hub_key_lost"
    key.write_bytes(kept)
    assert holds(hub) == 2


def test_no_till_can_stand_in_its_place(hub: RunningHub) -> None:
    for name in ("HQ", "hq"):
        with pytest.raises(Refusal) as told:
            office.enrol_code(hub.hub, shop=name, till="1")
        assert told.value.code == "shop_is_hq"


def test_what_a_shop_does_is_no_act_of_head_office(hub: RunningHub, writer: Writer) -> None:
    writer.write(StaffSet(shop="KP01", person="101", role="cashier"))
    assert hub.push(writer).code == "ack"
    hub.projection.work()
    with hub.hub.database.begin() as db:
        assert db.execute(select(office_act).where(office_act.c.act == "staff_set")).all() == []


def test_every_fact_means_something_to_the_hub() -> None:
    silent = {fact.__name__ for fact in FACTS if not HUB_MEANING[fact]}
    assert silent <= {"PrintAnswered"}
