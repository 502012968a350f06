"""A till's disk is lost while a shift is open: what the hub has of that shift ends with a count."""

import shutil

import pytest

from app.errors import Refusal
from app.shifts import actions, days
from app.shifts.queries import Shift, open_day, open_shift, uncounted
from sync.worker import HubWorker
from tests.support.facts import sold
from tests.support.hubs import RunningHub
from tests.support.tills import MakeTill, TillInFolder, make_till
from tests.sync.hub.test_a_tills_worker import join, worker_of

__all__ = ["make_till"]

HOUR_MS = 3_600_000
FLOAT, PRICE = 500_00, 18_50 * 2


def begin(till: TillInFolder, fen: int = FLOAT) -> Shift:
    till.clock.advance(60_000)
    return actions.open_shift(till.books, "101", fen, cutoff_hour=4)


def sell(till: TillInFolder, shift: Shift, *sequences: int) -> None:
    for sequence in sequences:
        till.record(sold(sequence=sequence, shift=shift.shift))


def standing(till: TillInFolder) -> Shift | None:
    with till.books.read() as db:
        return open_shift(db, till.books.shop, till.books.till)


@pytest.fixture
def lost(make_till: MakeTill, hub: RunningHub) -> Shift:
    """A shift with three sales the hub has, and one that went with the disk."""
    till = make_till("lost")
    worker = join(till, hub)
    shift = begin(till)
    sell(till, shift, 1, 2, 3)
    worker.push_now(0)
    sell(till, shift, 4)
    till.close()
    shutil.rmtree(till.path)
    return shift


def rebuilt(make_till: MakeTill) -> TillInFolder:
    till = make_till("new")
    till.clock.advance(HOUR_MS)
    return till


def copied(make_till: MakeTill, hub: RunningHub) -> tuple[TillInFolder, HubWorker, TillInFolder]:
    """A till with its way to the hub, and a copy of its disk in a second machine."""
    one = make_till("one")
    join(one, hub)
    one.close()
    shutil.copytree(one.path, one.path.parent / "two")
    two = make_till("two")
    two.clock.advance(HOUR_MS)
    return one, worker_of(one), two


def test_the_shift_goes_on_at_the_rebuilt_till_and_its_count_shows_what_was_lost(
    make_till: MakeTill, hub: RunningHub, lost: Shift
) -> None:
    till = rebuilt(make_till)
    join(till, hub).push_now(0)
    found = standing(till)
    assert found == lost
    with pytest.raises(Refusal, match="shift_already_open"):
        begin(till)
    sell(till, lost, 5)
    drawer = FLOAT + 5 * PRICE
    closed = actions.close_shift(till.books, lost, "101", drawer)
    assert (closed.shift, closed.day) == (lost.shift, lost.day)
    # The sale that nobody has is money too much, and somebody has to say yes to it.
    assert (closed.counted - closed.expected, closed.unconfirmed) == (PRICE, 1)
    z, _report = days.close_day(till.books, "301")
    assert (z.day, z.sales) == (lost.day, 4)
    assert standing(till) is None


def test_a_shift_begun_before_the_old_one_came_back_stands_and_the_old_one_waits_for_its_count(
    make_till: MakeTill, hub: RunningHub, lost: Shift
) -> None:
    till = rebuilt(make_till)
    fresh = begin(till, FLOAT + 4 * PRICE)
    sell(till, fresh, 1)
    worker = join(till, hub)
    worker.push_now(0)
    assert standing(till) == fresh
    assert till.books.journal.series == "B"
    closed = actions.close_shift(till.books, fresh, "101", FLOAT + 5 * PRICE)
    assert closed.counted == closed.expected
    assert standing(till) is None
    with till.books.read() as db:
        (left,) = uncounted(db, till.books.shop, till.books.till)
        assert (left.shift, left.expected) == (lost.shift, FLOAT + 3 * PRICE)
        assert open_day(db, till.books.shop, till.books.till) == fresh.day
    z, _report = days.close_day(till.books, "301")
    assert z.sales == 4
    # It lay in the drawer when the next turn began: that is what the old one is counted with.
    late = actions.count_late(
        till.books, "101", fresh.float_fen, shift=lost.shift, reason="找零出错"
    )
    assert late.counted - late.expected == PRICE
    worker.push_now(0)
    hub.projection.work()
    assert hub.rows("SELECT count(*) FROM shift_closed") == [(2,)]


def test_the_shift_of_a_copy_of_this_disk_that_goes_on_elsewhere_is_not_ours(
    make_till: MakeTill, hub: RunningHub
) -> None:
    one, worker, two = copied(make_till, hub)
    shift = begin(one)
    worker.push_now(0)
    sell(two, begin(two), 1)
    other = worker_of(two)
    other.push_now(0)
    # The copy goes on in a journal of its own, in which it begins a turn.
    closing = standing(two)
    assert closing is not None
    actions.close_shift(two.books, closing, "102", FLOAT)
    theirs = begin(two)
    other.push_now(0)
    worker.push_now(0)
    assert one.rows("SELECT count(*) FROM shift_opened WHERE fact = ?", theirs.shift) == [(1,)]
    assert standing(one) == shift
    actions.close_shift(one.books, shift, "101", FLOAT)
    assert standing(one) is None
    assert standing(two) == theirs


def test_the_days_of_a_copy_of_this_disk_are_not_ours(make_till: MakeTill, hub: RunningHub) -> None:
    """It closed its day first: ours is still open, once, and its total runs on from our own."""
    one, worker, two = copied(make_till, hub)
    shift = begin(one)
    worker.push_now(0)
    theirs = begin(two)
    other = worker_of(two)
    other.push_now(0)
    sell(two, theirs, 1, 2, 3)
    actions.close_shift(two.books, theirs, "102", FLOAT + 3 * PRICE)
    z, _report = days.close_day(two.books, "302")
    assert (z.sales, z.grand_total) == (3, 3 * PRICE)
    other.push_now(0)
    worker.push_now(0)
    assert one.rows("SELECT grand_total FROM day_closed") == [(3 * PRICE,)]
    sell(one, shift, 4)
    actions.close_shift(one.books, shift, "101", FLOAT + PRICE)
    z, _report = days.close_day(one.books, "301")
    assert (z.sales, z.grand_total) == (1, PRICE)
    with pytest.raises(Refusal, match="day_not_open"):
        days.close_day(one.books, "301")
