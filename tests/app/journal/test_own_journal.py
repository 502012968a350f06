"""The journal a till writes: no gaps, times that only rise, and a clock somebody vouches for."""

import itertools

import pytest

from app.errors import Refusal
from app.facts.journals import ClockConfirmed
from app.journal.clock_guard import BACK_MS, FORWARD_MS, IDLE_MS
from app.transaction import transaction
from app.verification import verify_books
from tests.support.facts import setting
from tests.support.tills import TillInFolder


def walk(till: TillInFolder) -> list[tuple[int, int]]:
    return [(int(str(a)), int(str(b))) for a, b in till.rows("SELECT seq, order_ms FROM entry")]


def confirm(till: TillInFolder) -> None:
    """A person looks at the clock and says it is right."""
    with transaction(till.books, staff="301") as tx:
        tx.record(
            ClockConfirmed(shop="KP01", till="1", expected_ms=0, shown_ms=till.clock.wall_ms())
        )


def test_a_thousand_facts_leave_no_gap_and_no_two_alike(till: TillInFolder) -> None:
    for start in range(0, 1000, 50):
        till.record(*[setting(value=str(start + n)) for n in range(50)])
    seqs, orders = zip(*walk(till), strict=True)
    assert seqs == tuple(range(1, 1002))
    assert all(before < after for before, after in itertools.pairwise(orders))
    assert verify_books(till.books).ok


def test_a_transaction_that_was_given_up_leaves_no_gap(till: TillInFolder) -> None:
    till.record(setting())
    with pytest.raises(ZeroDivisionError), transaction(till.books) as tx:
        print(tx.record(setting()).envelope.seq, 1 // 0)
    till.record(setting())
    assert [seq for seq, _order in walk(till)] == [1, 2, 3]


def test_times_rise_while_the_clock_stands_or_creeps_back(till: TillInFolder) -> None:
    with transaction(till.books) as tx:
        for _ in range(100):
            tx.record(setting())
    till.clock.jump_wall(-BACK_MS + 5000)
    till.record(setting())
    orders = [order for _seq, order in walk(till)]
    assert orders == sorted(set(orders))
    assert verify_books(till.books).ok


@pytest.mark.parametrize(
    ("jump", "refused"),
    [
        (FORWARD_MS, False),
        (FORWARD_MS + 1, True),
        (-BACK_MS, False),
        (-BACK_MS - 1, True),
        (365 * 86_400_000, True),
    ],
)
def test_a_clock_turned_while_the_shop_is_open_is_noticed(
    till: TillInFolder, jump: int, refused: bool
) -> None:
    till.record(setting())
    till.clock.jump_wall(jump)
    before = walk(till)
    if refused:
        with pytest.raises(Refusal, match="clock_jumped") as said:
            till.record(setting())
        assert said.value.details["shown_ms"] == till.clock.wall_ms()
        assert walk(till) == before
    else:
        till.record(setting())


def test_time_that_simply_passed_is_no_jump(till: TillInFolder) -> None:
    till.record(setting())
    till.clock.advance(3 * 86_400_000)
    till.record(setting())


@pytest.mark.parametrize(
    ("away", "refused"), [(IDLE_MS - 120_000, False), (IDLE_MS + 1, True), (-120_000, True)]
)
def test_a_clock_is_held_against_the_last_fact_at_the_start(
    till: TillInFolder, away: int, refused: bool
) -> None:
    till.record(setting())
    till.close()
    till.clock.jump_wall(away)
    if refused:
        with pytest.raises(Refusal, match="clock_jumped"):
            till.record(setting())
    else:
        till.record(setting())


def test_a_person_can_vouch_for_the_clock_and_it_is_written_down(till: TillInFolder) -> None:
    till.record(setting())
    till.clock.jump_wall(7_200_000)
    with pytest.raises(Refusal):
        till.record(setting())
    confirm(till)
    till.record(setting())
    assert till.rows("SELECT person FROM clock_confirmed") == [("301",)]


def test_a_clock_set_right_is_not_doubted_again_at_every_start(till: TillInFolder) -> None:
    """Once it ran a year ahead: order keys stay ahead of it, but the clock is right now."""
    till.record(setting())
    till.clock.jump_wall(365 * 86_400_000)
    confirm(till)
    till.clock.jump_wall(-365 * 86_400_000)
    confirm(till)
    till.close()
    till.record(setting())
    orders = [order for _seq, order in walk(till)]
    assert orders == sorted(set(orders))
    assert verify_books(till.books).ok


def test_a_guard_that_is_asleep_lets_the_jump_through(
    till: TillInFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault."""
    till.record(setting())
    till.clock.jump_wall(86_400_000)
    monkeypatch.setattr("app.journal.clock_guard.FORWARD_MS", 10**12)
    till.record(setting())
