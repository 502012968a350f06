"""What other tills sold goes into the books behind the counter's own work, never before it."""

import msgspec
import pytest

from app.loop import Loop
from sync.giving_way import AT_WORK_MS, BESIDE_MS, BREATH_MS, PAUSE_MS, Counter
from sync.protocol_feeds import Pulled
from tests.support.entries import Writer
from tests.support.facts import sold
from tests.support.hubs import RunningHub
from tests.support.tills import TillInFolder, make_till, till
from tests.sync.hub.conftest import hub, make_hub
from tests.sync.hub.test_a_tills_worker import join, sell

__all__ = ["hub", "make_hub", "make_till", "till"]
NOON = 1_000_000


def selling(every_ms: int) -> Counter:
    """A counter that has just sold, and so long after the sale before."""
    return Counter().after(NOON - every_ms).after(NOON)


def test_with_nobody_at_work_it_goes_on_after_a_short_pause() -> None:
    assert Counter().rest(NOON, NOON) == PAUSE_MS
    quiet = NOON + AT_WORK_MS
    assert selling(5_000).rest(quiet, quiet) == PAUSE_MS
    assert selling(5_000).rest(quiet, quiet - PAUSE_MS) == 0


def test_right_behind_a_sale_it_goes_at_once_and_then_a_turn_a_second() -> None:
    counter = selling(every_ms=20_000)
    assert counter.rest(NOON, NOON) == 0
    later = NOON + BREATH_MS
    assert counter.rest(later, later) == BESIDE_MS
    assert counter.rest(later + BESIDE_MS, later) == 0


@pytest.mark.parametrize("every_ms", [80, 400, 2_000])
def test_the_faster_sales_come_the_less_time_is_taken_behind_one(every_ms: int) -> None:
    counter = selling(every_ms)
    assert counter.rest(NOON + every_ms // 4 - 1, NOON) == 0
    assert counter.rest(NOON + every_ms // 4, NOON) > 0


def test_only_what_this_till_records_itself_is_work_at_its_counter(
    hub: RunningHub, till: TillInFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = join(till, hub)
    worked: list[str] = []
    monkeypatch.setattr(worker.down, "counter_worked", lambda: worked.append("worked"))
    till.books.tell([msgspec.structs.replace(sold(), till="2")])
    assert worked == []
    sell(till, 1)
    assert worked == ["worked"]


def test_every_turn_of_others_entries_asks_whether_the_counter_minds(
    hub: RunningHub, till: TillInFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sister = Writer("sister", till="2")
    hub.join(sister, till="2")
    for sequence in range(1, 45):
        sister.write(sold(sequence=sequence))
    assert hub.push(sister).code == "ack"
    lane = join(till, hub).down
    answer = lane.line.pull(lane.link, lane._positions())
    assert isinstance(answer, Pulled) and len(answer.entries) == 45
    rests: list[int] = []
    monkeypatch.setattr(Counter, "rest", lambda _self, _now, _turned: rests.append(0) or 0)
    monkeypatch.setattr(Loop, "started", True)
    lane._take_in(answer)
    assert len(rests) == 3
    assert till.rows("SELECT count(*) FROM sale") == [(44,)]
