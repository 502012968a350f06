"""How a till stands with its hub: shut out, under a new key, or with a hub that was put back."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert

from app.errors import Refusal
from app.journal.entry import hash_of
from app.members import actions as members
from app.members.actions import Place
from app.members.revoking import demand_standing
from sync import protocol
from sync.hub import office
from sync.hub.revoking import release, revoke_device
from sync.hub.tables import HUB, hub_mark
from sync.hub_line import LineTrouble
from sync.protocol_standing import REKEY_PATH, STANDING_PATH, AskStanding, Rekey, Words
from sync.standing_lane import CHECK_EVERY_MS
from sync.worker import HubWorker
from tests.support.entries import Writer
from tests.support.facts import setting
from tests.support.hubs import RunningHub
from tests.support.tills import MakeTill, TillInFolder, make_till, till
from tests.sync.hub.test_a_tills_worker import entries_of, join, sell, worker_of

__all__ = ["make_till", "till"]

AT = Place(day="2026-11-29", shift="", person="101")
AN = {"name": "谭小姐", "phone": "13800138000", "consents": ("member",)}
Copy = Mapping[str, Sequence[Mapping[str, Any]]]


def shut_out(hub: RunningHub, till: TillInFolder) -> None:
    revoke_device(hub.hub, device=till.books.journal.device, reason="stolen")


def said(worker: HubWorker) -> tuple[int, str]:
    worker.push_now(0)
    return worker.seen.waiting, worker.seen.reason


def stored(hub: RunningHub) -> list[tuple[object, ...]]:
    """What the hub has of the shop; head office's own acts are kept beside it."""
    rows = hub.rows("SELECT journal, seq, content, hash, sig FROM hub_entry WHERE shop = 'KP01'")
    return sorted((row[0], row[1], *map(bytes, row[2:])) for row in rows)


def asked(hub: RunningHub, writer: Writer, path: str, message: msgspec.Struct) -> str:
    """What kind of answer it gives to this."""
    body = protocol.encoded(message)
    headers = hub.signed(writer, path, body, packed=False)
    return hub.code_of(headers[protocol.NONCE_HEADER], hub.post(path, body, headers))


def copy_of(hub: RunningHub) -> Copy:
    """A base copy of the hub's database."""
    with hub.hub.database.begin() as db:
        return {
            table.name: [dict(row._mapping) for row in db.execute(table.select())]
            for table in HUB.sorted_tables
        }


def put_back(hub: RunningHub, copy: Copy) -> None:
    """Somebody puts the copy back and tells nobody."""
    with hub.hub.database.begin() as db:
        for table in HUB.sorted_tables:
            db.execute(table.delete())
            if copy[table.name]:
                db.execute(insert(table), list(copy[table.name]))
        db.execute(HUB.tables["hub_cursor"].delete())


# --- shut out -----------------------------------------------------------------------------------


def test_a_till_that_is_shut_out_sells_on_and_its_sales_wait_for_a_person(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    sell(till, 2)
    assert said(worker) == (0, "")
    before = stored(hub)
    shut_out(hub, till)
    sell(till, 3)
    assert said(worker) == (0, "revoked")
    assert stored(hub) == before
    assert hub.rows("SELECT count(*) FROM hub_quarantine") == [(3,)]
    assert hub.rows("SELECT flags FROM hub_device") == [("quarantined",)]
    hub.projection.work()
    assert hub.rows("SELECT count(*) FROM sale") == [(2,)]

    # What was sent twice waits once, and goes on where it stood.
    till.write("UPDATE acknowledged SET seq = 1")
    sell(till, 1)
    assert said(worker) == (0, "revoked")
    assert hub.rows("SELECT count(*) FROM hub_quarantine") == [(4,)]

    assert release(hub.hub, device=till.books.journal.device) == 4
    assert stored(hub) == entries_of(till)
    hub.projection.work()
    assert hub.rows("SELECT count(*) FROM sale") == [(6,)]
    assert hub.rows("SELECT count(*) FROM hub_quarantine") == [(0,)]
    assert hub.rows("SELECT count(*) FROM hub_fork") == [(0,)]


def test_an_idle_till_hears_that_it_is_shut_out_and_after_a_restart_still_knows(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    assert said(worker) == (0, "")
    shut_out(hub, till)
    assert said(worker) == (0, "revoked")
    till.close()
    again = worker_of(till)
    assert again.shown().reason == "revoked"


def test_a_till_that_is_shut_out_forgets_its_members_and_takes_no_wallets(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    members.enrol(till.books, AT, **AN)  # type: ignore[arg-type]
    profile = till.rows("SELECT profile FROM member_profile")
    shut_out(hub, till)
    said(worker)
    for table in ("subject_key", "attachment", "member_lookup"):
        assert till.rows(f"SELECT count(*) FROM {table}") == [(0,)]
    assert till.rows("SELECT profile FROM member_profile") == profile
    with till.books.read() as db, pytest.raises(Refusal, match="till_revoked"):
        demand_standing(db)
    with pytest.raises(Refusal, match="till_revoked"):
        members.enrol(till.books, AT, **AN)  # type: ignore[arg-type]


def test_a_till_that_is_let_in_again_is_told_so(till: TillInFolder, hub: RunningHub) -> None:
    worker = join(till, hub)
    shut_out(hub, till)
    assert said(worker) == (0, "revoked")
    device, key = till.books.journal.device, till.books.journal.public_key
    office.approve_device(hub.hub, device=device, fingerprint_shown=protocol.fingerprint(key))
    assert said(worker) == (0, "")
    with till.books.read() as db:
        demand_standing(db)


def test_who_is_shut_out_gets_nothing_but_may_send(hub: RunningHub, writer: Writer) -> None:
    revoke_device(hub.hub, device="device-a")
    ask = AskStanding(journals=(writer.journal,))
    assert asked(hub, writer, STANDING_PATH, ask) == "revoked"
    assert hub.push(writer).code == "ack"
    with pytest.raises(Refusal, match="unknown_device"):
        revoke_device(hub.hub, device="nobody")


def test_a_fork_of_what_waits_is_kept_beside_it(hub: RunningHub, writer: Writer) -> None:
    hub.push(writer)
    revoke_device(hub.hub, device="device-a")
    first = writer.write(setting(value="one"))
    assert hub.push(writer).code == "ack"
    writer.entries.pop()
    second = writer.write(setting(value="other"))
    assert first.hash != second.hash
    assert hub.push(writer, [second]).code == "fork"
    assert hub.rows("SELECT count(*) FROM hub_fork") == [(1,)]


# --- a new key ----------------------------------------------------------------------------------


def test_a_new_key_needs_no_code_and_the_old_one_is_worth_nothing(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    sell(till, 2)
    old = till.books.journal
    assert worker.change_key("301")
    new = till.books.journal
    assert new.id != old.id
    assert hub.rows("SELECT signer, public_key, state FROM hub_device") == [
        (new.id, new.public_key, "approved")
    ]
    sell(till, 1)
    assert said(worker) == (0, "")
    assert stored(hub) == entries_of(till)
    worker.line.sign_as(old.id, old.sign)
    till.record(setting())
    assert said(worker)[1] == "not_enrolled"
    again = worker_of(till)
    assert said(again) == (0, "")


def test_a_new_key_is_told_later_when_the_hub_was_away_or_its_answer_was_lost(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    assert said(worker) == (0, "")
    told = worker.line.rekey
    worker.line.rekey = lambda link, wish: _lost(told(link, wish))  # type: ignore[method-assign]
    assert not worker.change_key("301")
    worker.line.rekey = told  # type: ignore[method-assign]
    sell(till, 1)
    assert said(worker) == (0, "")
    assert hub.rows("SELECT signer FROM hub_device") == [(till.books.journal.id,)]


def test_a_hub_put_back_to_before_it_knew_a_new_key_is_told_it_again(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    assert said(worker) == (0, "")
    copy = copy_of(hub)
    assert worker.change_key("301")
    sell(till, 1)
    assert said(worker) == (0, "")
    put_back(hub, copy)
    sell(till, 1)
    assert said(worker)[1] == "not_enrolled"
    assert said(worker) == (0, "")
    assert hub.rows("SELECT signer FROM hub_device") == [(till.books.journal.id,)]
    assert stored(hub) == entries_of(till)


def _lost(_answer: object) -> Any:
    raise LineTrouble("no_answer")


def test_what_an_old_key_signs_after_it_was_changed_stands_beside_the_journal(
    hub: RunningHub, writer: Writer
) -> None:
    writer.write(setting())
    waiting = list(writer.entries)
    new = Writer("b", previous=writer)
    wish = rekeyed(new, device="device-a")
    assert asked(hub, writer, REKEY_PATH, wish) == "rekeyed"
    late = writer.write(setting(value="late"))
    push = protocol.Push(
        journal=writer.journal, entries=[protocol.pushed(each) for each in (*waiting, late)]
    )
    told = hub.push_as(new, push)
    assert (told.code, told.answer.seq) == ("ack", 2)  # type: ignore[union-attr]
    assert hub.push_as(new, push).code == "fork"
    assert hub.rows("SELECT seq FROM hub_fork") == [(3,)]
    assert hub.rows("SELECT max(seq) FROM hub_entry WHERE shop = 'KP01'") == [(2,)]


def rekeyed(new: Writer, *, device: str, reason: str = "rekeyed") -> Rekey:
    """The first entry of a journal with a new key, as a till of this device would write it."""
    said = msgspec.json.decode(new.entries[0].content) | {"device": device, "reason": reason}
    content = msgspec.json.encode(said)
    sig = new.key.sign(hash_of(content)).hex()
    return Rekey(opened=protocol.PushedEntry(1, content.decode(), sig))


@pytest.mark.parametrize(
    ("device", "reason", "code"),
    [("device-b", "rekeyed", "wrong_shop"), ("device-a", "cloned", "not_authentic")],
)
def test_nobody_elses_key_takes_a_tills_place(
    hub: RunningHub, writer: Writer, device: str, reason: str, code: str
) -> None:
    wish = rekeyed(Writer("b", previous=writer), device=device, reason=reason)
    assert asked(hub, writer, REKEY_PATH, wish) == code
    assert hub.rows("SELECT signer FROM hub_device") == [(writer.journal,)]


# --- a hub that was put back --------------------------------------------------------------------


def test_tills_send_again_what_a_hub_lost_that_says_it_was_put_back(
    make_till: MakeTill, hub: RunningHub
) -> None:
    till = make_till("one")
    worker = join(till, hub)
    sell(till, 2)
    assert said(worker) == (0, "")
    copy = copy_of(hub)
    sell(till, 3)
    assert said(worker) == (0, "")
    put_back(hub, copy)
    hub.hub.renew()
    # Nothing is sold: it hears of the new incarnation when it asks what is new.
    said(worker)
    assert said(worker) == (0, "")
    assert stored(hub) == entries_of(till)
    assert till.rows("SELECT value FROM mark WHERE name = 'hub.checked'") == [
        (hub.hub.incarnation,)
    ]


def test_a_hub_put_back_in_silence_is_found_out_by_its_own_signed_words(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    sell(till, 1)
    said(worker)
    copy = copy_of(hub)
    sell(till, 3)
    said(worker)
    before = hub.hub.incarnation
    put_back(hub, copy)
    # Somebody presses 同步, or closes a day: nothing has to be sold first.
    assert said(worker) == (0, "")
    assert hub.hub.incarnation != before
    assert hub.rows("SELECT value FROM hub_mark WHERE name = 'incarnation'") == [
        (hub.hub.incarnation,)
    ]
    assert stored(hub) == entries_of(till)
    # Found out once: what it says from now on is said by the new incarnation.
    after = hub.hub.incarnation
    sell(till, 1)
    assert said(worker) == (0, "")
    assert hub.hub.incarnation == after


def test_a_till_nobody_touches_asks_once_a_day_how_far_its_hub_is(
    till: TillInFolder, hub: RunningHub
) -> None:
    worker = join(till, hub)
    copy = copy_of(hub)
    sell(till, 2)
    said(worker)
    put_back(hub, copy)
    for waited, found in ((CHECK_EVERY_MS // 2, False), (CHECK_EVERY_MS, True)):
        for clock in (till.clock, hub.clock):
            clock.advance(waited)
        worker.down.look()
        worker.look()
        assert (stored(hub) == entries_of(till)) is found


def test_words_that_are_not_the_hubs_own_prove_nothing(hub: RunningHub, writer: Writer) -> None:
    hub.push(writer)
    before = hub.hub.incarnation
    lie = protocol.encoded(
        protocol.Ack(incarnation=before, journal=writer.journal, seq=9, hash="ab" * 32, hub_ms=1)
    )
    false = writer.key.sign(protocol.answer_text("n", 200, lie)).hex()
    ask = AskStanding(journals=(writer.journal,), words=(Words("n", 200, false, lie.decode()),))
    assert asked(hub, writer, STANDING_PATH, ask) == "standing"
    assert hub.hub.incarnation == before


def test_another_process_of_the_hub_sees_the_new_incarnation(hub: RunningHub) -> None:
    with hub.hub.database.begin() as db:
        this = hub_mark.c.name == "incarnation"
        db.execute(hub_mark.update().where(this), {"value": "another"})
    hub.hub.look_again()
    assert hub.hub.incarnation == "another"
