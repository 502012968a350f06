"""A till put back from a copy: a basket that its other self sold is open again, one that it charged
is not there at all. The money goes home, or pays for what it was for. At the console, with the
practice network."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import siblings
from app.journal import outbox
from app.own_journals import open_next_journal
from app.transaction import transaction
from sync.channels.practice.server import PracticeServer
from tests.stories.counters import ShopFloor
from tests.stories.networks import FEN, approved, charged, payment, till, wallet

__all__ = ["till"]


@pytest.fixture
def other(till: ShopFloor, tmp_path: Path) -> Iterator[ShopFloor]:
    """The till as a copy made now has it, put back later: in its next journal, and signed in."""
    till.close()
    shutil.copytree(till.folder, tmp_path / "put back")
    till.sign_in()
    one = ShopFloor(tmp_path / "put back", seed="put back")
    one.clock.advance(till.clock.wall_ms() - one.clock.wall_ms() + 60_000)
    open_next_journal(one.till.books, reason="restored")
    one.sign_in()
    yield one
    one.close()


def come_down(till: ShopFloor, other: ShopFloor, *, before: str = "") -> int:
    """What the till wrote since comes back to its other self, all of it or what stands before the
    first fact of a kind; how many entries."""
    rows = till.rows("SELECT journal, seq, content, sig FROM entry ORDER BY journal, seq")
    if before:
        [(end,)] = till.rows("SELECT min(seq) FROM entry WHERE kind = ?", before)
        rows = [row for row in rows if row[1] < end]
    return siblings.take(other.till.books, [siblings.Sent(*row) for row in rows])


def bill_says(other: ShopFloor) -> list[tuple[str, list[str]]]:
    """What differs when the day's bill is compared, and what can be answered to each."""
    found = other.ok("reconcile", date=other.seat.desk.day, **approved())["differences"]
    tasks = other.ok("tasks")["tasks"]
    return [(each["kind"], task["answers"]) for each, task in zip(found, tasks, strict=True)]


def settle(other: ShopFloor, answer: str) -> None:
    """A manager answers the first task."""
    task = other.ok("tasks")["tasks"][0]["task"]
    other.ok("settle_task", task=task, answer=answer, **approved())


@pytest.mark.parametrize("phones", [FEN, FEN - 1])
def test_money_for_a_basket_its_other_self_sold_goes_back(
    till: ShopFloor, other: ShopFloor, network: PracticeServer, phones: int
) -> None:
    """A part of it as well as the whole: nothing of it belongs to a sale."""
    assert till.ok("pay", tender="cash")["state"] == "complete"
    # Paid at the third question; before that the other self's sale is there.
    amount = f"{phones // 100}.{phones % 100:02}"
    paid = other.ok("pay", tender="wechat", amount=amount, code=wallet("01"))
    assert paid["state"] == "waiting"
    assert come_down(till, other) > 0
    other.ok("wait", seconds=30)
    [order] = network.network.orders.values()
    assert order.paid_ms and (order.amount, order.returned) == (phones, phones)
    assert charged(network) == 0
    assert payment(other)["step"] == "CAPTURED" and other.ok("tasks")["tasks"] == []
    assert other.rows("SELECT amount FROM refund_attempt") == [(phones,)]
    assert other.rows("SELECT state FROM refund_now") == [("DONE",)]
    assert other.rows("SELECT count(*) FROM sale") == [(1,)]
    # The basket itself is only good for going away.
    assert other.refused("pay", tender="cash") == "basket_sold"
    other.ok("back")
    other.ok("cancel_basket", reason="已经结过账")
    other.verified()


def test_half_a_bill_whose_basket_was_lost_with_the_disk_is_found_and_goes_back(
    till: ShopFloor, other: ShopFloor, network: PracticeServer
) -> None:
    other.ok("cancel_basket", reason="顾客走了")
    till.ok("pay", tender="wechat", amount="1000.00", code=wallet("00"))
    assert come_down(till, other) > 0
    assert payment(other)["step"] == "CAPTURED"
    assert bill_says(other) == [("no_sale", ["refund", "seen"])]
    settle(other, "refund")
    other.ok("wait", seconds=30)
    assert charged(network) == 0 and other.ok("tasks")["tasks"] == []
    assert bill_says(other) == []
    other.verified()


def test_money_whose_sale_was_lost_with_the_disk_becomes_that_sale(
    till: ShopFloor, other: ShopFloor, network: PracticeServer
) -> None:
    assert till.ok("pay", tender="wechat", code=wallet("00"))["state"] == "complete"
    # The line failed between the charge's last entry and the sale's.
    assert come_down(till, other, before="sale_completed@1") > 0
    assert bill_says(other) == [("no_sale", ["refund", "sale", "seen"])]
    settle(other, "sale")
    assert other.rows("SELECT due FROM sale") == [(FEN,)]
    assert charged(network) == FEN and bill_says(other) == []
    other.verified()


def test_a_sale_that_came_home_after_the_bill_keeps_its_money(
    till: ShopFloor, other: ShopFloor, network: PracticeServer
) -> None:
    assert till.ok("pay", tender="wechat", code=wallet("00"))["state"] == "complete"
    come_down(till, other, before="sale_completed@1")
    assert bill_says(other) == [("no_sale", ["refund", "sale", "seen"])]
    come_down(till, other)
    [task] = other.ok("tasks")["tasks"]
    assert task["answers"] == ["seen"]
    for answer in ("refund", "sale"):
        said = other.refused("settle_task", task=task["task"], answer=answer, **approved())
        assert said == "bad_task_answer"
    assert charged(network) == FEN
    assert bill_says(other) == []


def test_money_for_a_basket_that_waits_for_more_is_no_difference(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("pay", tender="wechat", amount="1000.00", code=wallet("00"))
    assert bill_says(till) == []


def test_what_came_back_and_lies_aside_keeps_its_place_in_what_is_sent(
    till: ShopFloor, other: ShopFloor
) -> None:
    """The same basket sold by both: the lost self's sale lies aside, and the hub that lost it too
    gets it in its place, or it would take nothing that stands behind."""
    for each in (till, other):
        assert each.ok("pay", tender="cash")["state"] == "complete"
    come_down(till, other)
    [(aside,)] = other.rows("SELECT seq FROM received_aside")
    written = till.rows("SELECT seq, content FROM entry ORDER BY seq")
    with other.till.books.read() as db:
        older, newer = outbox.ways(db)
        again = outbox.batch(db, older.journal, 0, 1000)
        some = outbox.batch(db, older.journal, aside - 2, 2)
        waits = outbox.backlog(db)
    assert [(one.seq, one.content) for one in again] == written
    assert [one.seq for one in some] == [aside - 1, aside]
    assert older.head == written[-1][0] and waits.waiting == older.head + newer.head


def test_since_when_something_waits_is_known_though_it_lies_aside(
    till: ShopFloor, other: ShopFloor
) -> None:
    for each in (other, till):
        assert each.ok("pay", tender="cash")["state"] == "complete"
    sold = till.clock.wall_ms()
    come_down(till, other)
    [(older, aside)] = other.rows("SELECT journal, seq FROM received_aside")
    assert till.rows("SELECT max(seq) FROM entry") == [(aside,)]
    with other.till.books.read() as db:
        newer = outbox.ways(db)[-1]
    with transaction(other.till.books) as tx:
        for journal, seq in ((older, aside - 1), (newer.journal, newer.head)):
            outbox.remember(tx.connection, journal, seq, hub_ms=1, heard_ms=1, evidence=b"")
    with other.till.books.read() as db:
        waits = outbox.backlog(db)
    assert waits.waiting == 1 and abs(waits.oldest_ms - sold) < 1000
