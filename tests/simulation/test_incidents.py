"""What went wrong in other people's shops, told once each of this chain."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.errors import Refusal
from app.facts.sales import SaleCompleted
from app.ids import Ids
from app.journal.entry import decode_envelope, hash_of
from app.journal.rebuild import read
from app.opening import open_folder
from app.verification import verify_books
from sync.hub import projecting
from tests.simulation import invariants
from tests.simulation.faults import CALM, Plan
from tests.simulation.overreaching import MANAGER
from tests.simulation.templates import Templates
from tests.simulation.till_node import TillNode
from tests.simulation.time_heap import DAY, HOUR, MINUTE, SECOND
from tests.simulation.world import MONDAY, World, a_world

GOODS = "11014"


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Two tills of one shop, filled and joined."""
    return Templates(tmp_path_factory.mktemp("templates"), MONDAY)


@pytest.fixture
def street(templates: Templates, tmp_path: Path) -> Iterator[World]:
    """Two tills and a hub on a day without customers of their own; at its end all must be well."""
    logging.disable(logging.CRITICAL)
    plan = Plan(seed=1, shops=(2,), days=1, sales=0, faults=CALM)
    with a_world(plan, tmp_path / "street", templates) as world:
        (tmp_path / "street").mkdir(exist_ok=True)
        world.begin()
        for till in world.tills:
            till.counter.desk.open_shift(500_00)
        yield world
        if world.hub.up and all(till.on for till in world.tills):
            world.heal()
            assert world.converge() >= 0
            invariants.quiescent(world)
        assert not world.wrongs, [str(each) for each in world.wrongs]
    logging.disable(logging.NOTSET)


def letters(tills: list[TillNode]) -> list[str]:
    return sorted(till.books.journal.series for till in tills)


def sell(till: TillNode, times: int = 1) -> list[SaleCompleted]:
    """Customers pay in cash; each is told that it is complete."""
    sold = []
    for _ in range(times):
        till.counter.scan(GOODS)
        done = till.counter.pay_cash(None)
        assert done is not None
        till.pencil.complete.append(done.id)
        sold.append(done.sale)
        till.heap.run_until(till.heap.now + 20 * SECOND)
    return sold


def at_hub(world: World) -> int:
    """Sales the hub has worked in."""
    return int(world.hub.rows("SELECT count(*) FROM sale")[0][0])


def later(world: World, milliseconds: int = HOUR) -> None:
    world.heap.run_until(world.heap.now + milliseconds)


@contextmanager
def answers_lost(world: World) -> Iterator[None]:
    """Whatever is asked arrives; no answer comes back."""
    world.faults = CALM.with_(answer_lost=1.0)
    yield
    world.faults = CALM


def test_an_answer_lost_after_the_commit_makes_no_second_sale(street: World) -> None:
    till = street.tills[0]
    with answers_lost(street):
        sell(till, 3)
        later(street)
        assert till.worker.shown().waiting > 0
    later(street, 10 * MINUTE)
    assert (at_hub(street), till.worker.shown().waiting) == (3, 0)


def test_a_second_program_does_not_drain_the_same_journal(street: World) -> None:
    till = street.tills[0]
    with pytest.raises(Refusal, match="till_already_open"):
        open_folder(till.folder, clock=till.clock, ids=Ids(till.clock), reserve=False)


def test_two_windows_do_not_share_a_receipt_number(street: World) -> None:
    one, two = street.tills
    numbers = [sale.number for _ in range(3) for till in (one, two) for sale in sell(till)]
    assert len(set(numbers)) == 6
    with pytest.raises(Refusal):
        one.counter.pay_cash(None)


def test_a_day_is_closed_with_entries_unsent_and_a_basket_put_aside(street: World) -> None:
    till = street.tills[0]
    till.wire.cut(street.heap.now + 5 * HOUR)
    sell(till, 2)
    till.counter.scan(GOODS)
    till.counter.hold("王阿姨")
    closed = till.counter.desk.close_shift(till.pencil.cash)
    till.counter.desk.z_report(MANAGER)
    assert (closed.held, till.worker.shown().waiting > 0) == (1, True)
    later(street, 6 * HOUR)
    till.counter.desk.open_shift(0)
    till.counter.resume()
    till.pencil.complete.append(till.counter.pay_cash(None).id)
    later(street)
    assert at_hub(street) == 3


def test_a_sale_that_arrives_after_its_shift_was_closed_changes_no_z(street: World) -> None:
    one, two = street.tills
    two.wire.cut(street.heap.now + 8 * HOUR)
    sell(two, 2)
    sell(one, 2)
    one.counter.desk.close_shift(one.pencil.cash)
    one.counter.desk.z_report(MANAGER)
    later(street, 2 * HOUR)
    before = street.hub.rows("SELECT till, gross, net FROM day_closed")
    later(street, 8 * HOUR)
    assert (street.hub.rows("SELECT till, gross, net FROM day_closed"), at_hub(street)) == (
        before,
        4,
    )


def test_a_basket_held_with_the_line_up_is_paid_with_the_line_down_once(street: World) -> None:
    till = street.tills[0]
    till.counter.scan(GOODS)
    till.counter.hold("李叔")
    later(street)
    till.wire.cut(street.heap.now + HOUR)
    till.counter.resume()
    till.pencil.complete.append(till.counter.pay_cash(None).id)
    later(street, 2 * HOUR)
    assert at_hub(street) == 1
    assert till.counter.held() == []


def test_a_line_lost_in_the_middle_of_a_drain_goes_on_where_it_stopped(street: World) -> None:
    till = street.tills[0]
    till.wire.cut(street.heap.now + 3 * HOUR)
    sell(till, 120)
    till.wire.mend()
    till.worker.ask()
    till.plan_look(street.heap.now)
    while till.worker.shown().acked < 100:
        later(street, SECOND // 20)
    till.wire.cut(street.heap.now + HOUR)
    assert till.worker.shown().waiting > 0
    later(street, 2 * HOUR)
    assert (at_hub(street), till.worker.shown().waiting) == (120, 0)


def test_one_entry_nobody_can_work_in_holds_up_no_other(
    street: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    till, honest = street.tills[0], projecting._said
    poison = b'"sequence":3,'

    def choking(entry: object) -> object:
        return "unreadable poison" if poison in entry.content else honest(entry)  # type: ignore

    monkeypatch.setattr(projecting, "_said", choking)
    sell(till, 5)
    later(street)
    assert (at_hub(street), till.worker.shown().waiting) == (4, 0)
    assert street.hub.rows("SELECT reason FROM hub_unread") == [("unreadable",)]
    monkeypatch.undo()
    assert street.hub.projection.try_unread_again() == 1
    assert at_hub(street) == 5


def test_goods_the_books_do_not_have_are_sold_and_taken_in(street: World) -> None:
    till = street.tills[0]
    till.counter.scan(GOODS, times=99_000)
    till.pencil.complete.append(till.counter.pay_cash(None).id)
    sell(till, 3)
    later(street)
    assert at_hub(street) == 4
    left = street.hub.rows(f"SELECT sum(quantity) FROM on_hand WHERE product = '{GOODS}'")
    assert left[0][0] == 2 * 100_000 - 102_000


def test_a_push_that_hangs_over_a_partition_stops_no_later_one(
    street: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = street.tills[0]
    monkeypatch.setattr(till, "hears", lambda take, look: None)
    sell(till, 2)
    later(street, 5 * MINUTE)
    assert street.heap.marks["watchdog fired"] > 0
    monkeypatch.undo()
    later(street)
    assert (at_hub(street), till.worker.shown().waiting) == (2, 0)


@pytest.mark.parametrize("who", ["hub", "till"])
def test_a_kill_in_the_middle_of_catching_up_loses_and_doubles_nothing(
    street: World, who: str
) -> None:
    till = street.tills[0]
    till.wire.cut(street.heap.now + 3 * HOUR)
    sell(till, 60)
    till.wire.mend()
    for statement in range(6):
        disk = street.hub.disk if who == "hub" else till.disk
        disk.arm(statement)
        till.worker.ask()
        till.plan_look(street.heap.now + 1)
        later(street, 10 * MINUTE)
        disk.disarm()
    assert (street.hub.deaths if who == "hub" else till.starts - 1) >= 1
    later(street)
    assert (at_hub(street), till.worker.shown().waiting) == (60, 0)


def test_what_lay_open_yesterday_is_sold_today_in_todays_books(street: World) -> None:
    till = street.tills[0]
    sell(till)
    till.counter.scan(GOODS)
    till.disk.dead = True
    till.close()
    later(street, DAY)
    till.open()
    done = till.counter.pay_cash(None)
    assert done is not None
    till.pencil.complete.append(done.id)
    assert (done.sale.day, done.sale.sequence) == ("2026-12-08", 1)
    assert [row[0] for row in till.rows("SELECT day FROM sale ORDER BY seq")] == [
        "2026-12-07",
        "2026-12-08",
    ]


def test_whatever_was_acknowledged_can_be_read_back_and_proved(street: World) -> None:
    till = street.tills[0]
    sold = sell(till, 4)
    later(street)
    assert till.worker.shown().waiting == 0
    before = ""
    said = []
    mine = [
        each for each in invariants.hub_entries(street) if each.journal == till.books.journal.id
    ]
    for each in mine:
        assert hash_of(each.content) == each.hash
        assert decode_envelope(each.content).prev == (before or "0" * 64)
        before = each.hash.hex()
        said.append(read(each))
    assert [fact for one in said if one for fact in one[1:] if isinstance(fact, SaleCompleted)] == (
        sold
    )


def test_three_machines_from_one_copy_take_letters_of_their_own_once_they_hear_of_each_other(
    street: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Apart they cannot know: what they print meanwhile clashes, and head office is told so."""
    first = street.tills[0]
    street.heap.run_until(street.heap.now + MINUTE)
    first.copy()
    for _ in range(2):
        street._clone(first)
    machines = [first, *street.tills[-2:]]
    for till in machines:
        monkeypatch.setattr(till, "plan_pull", lambda when: None)
        monkeypatch.setattr(till.worker.down, "look", lambda: None)
    for _round in range(2):
        for till in machines:
            sell(till)
        street.heap.run_until(street.heap.now + HOUR)
    assert letters(machines) == ["", "B", "B"]
    monkeypatch.undo()
    for till in machines:
        till.worker.down.ask()
    later(street, 5 * MINUTE)
    for till in machines:
        sell(till)
    street.heap.run_until(street.heap.now + HOUR)
    assert letters(machines) == ["", "B", "C"]
    assert street.hub.rows("SELECT flags FROM hub_device WHERE flags <> ''") == [("forked",)]
    for till in machines:
        till.worker.down.ask()
    later(street, 5 * MINUTE)
    assert letters(machines) == ["", "B", "C"]
    assert not all(verify_books(till.books).ok for till in machines)


def test_a_till_put_back_does_not_sell_again_what_comes_back_to_it_as_sold(street: World) -> None:
    till = street.tills[0]
    later(street)
    sell(till)
    till.counter.scan(GOODS)
    till.counter.hold("")
    copy = till.copy()
    till.counter.resume()
    sold = till.counter.pay_cash(None)
    assert sold is not None
    later(street)
    till.put_back(copy, signs_in=False)
    later(street)
    marks = street.heap.marks
    assert (marks["next journal: restored"], marks["own entries came back"]) == (1, 1)
    till.counter.desk.sign_in("101", "246810")
    till.counter.resume()
    with pytest.raises(Refusal, match="basket_sold"):
        till.counter.pay_cash(None)
    till.counter.back()
    till.counter.cancel("已经结过账")
    assert at_hub(street) == 2


def test_what_a_till_put_back_sold_twice_holds_up_nothing_it_sells_later(
    street: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sells its open basket again before it hears that its lost self had: the first sale lies
    aside when it comes back, and is missed in the row of entries the hub is sent once more."""
    till = street.tills[0]
    later(street)
    till.counter.scan(GOODS)
    till.counter.hold("")
    copy = till.copy()
    till.counter.resume()
    assert till.counter.pay_cash(None) is not None
    sell(till, 2)
    later(street)
    till.put_back(copy, signs_in=False)
    with monkeypatch.context() as patched:
        patched.setattr(till.worker.down, "look", lambda: None)
        later(street, 5 * MINUTE)
        till.counter.desk.sign_in("101", "246810")
        till.counter.resume()
        assert till.counter.pay_cash(None) is not None
    till.worker.down.ask()
    later(street)
    assert till.rows("SELECT reason FROM received_aside") == [("fact_twice",)]
    sell(till, 2)
    later(street)
    assert (at_hub(street), till.worker.shown().waiting) == (5, 0)


def test_a_hub_put_back_hears_again_what_a_machine_from_a_copy_wrote(street: World) -> None:
    """What lay aside there is in no journal whose length a hub could tell."""
    first = street.tills[0]
    later(street, MINUTE)
    first.copy()
    sell(first, 3)
    later(street, 5 * MINUTE)
    street.hub.copy()
    street._clone(first)
    sell(street.tills[-1])
    later(street)
    aside = street.hub.rows("SELECT journal, seq, hash FROM hub_fork")
    assert aside
    street.hub.put_back(street.hub.copies[-1], openly=True)
    assert not street.hub.rows("SELECT journal, seq, hash FROM hub_fork")
    sell(street.tills[-1])
    later(street)
    assert street.hub.rows("SELECT journal, seq, hash FROM hub_fork") == aside


def test_the_rig_sees_a_till_that_believes_too_much(
    street: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = street.tills[0]
    sell(till, 2)
    later(street)
    journal = till.books.journal.id
    till.books.database.writer.exec_driver_sql(
        "UPDATE acknowledged SET seq = seq + 5 WHERE journal = ?", (journal,)
    )
    invariants.acknowledged(street)
    assert [each.invariant for each in street.wrongs] == [11]
    street.wrongs.clear()
    till.books.database.writer.exec_driver_sql(
        "UPDATE acknowledged SET seq = seq - 5 WHERE journal = ?", (journal,)
    )
