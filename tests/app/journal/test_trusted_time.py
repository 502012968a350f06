"""The moment prices go by: the clock while it is believed, and never before the last fact."""

from app.clock import SettableClock
from app.journal.clock_guard import BACK_MS, FORWARD_MS, IDLE_MS, ClockGuard
from tests.stories.counters import ShopFloor, counter, demo_folder, make_shop, shop

__all__ = ["counter", "demo_folder", "make_shop", "shop"]
NOON = 1_796_000_000_000


def guard_at(clock: SettableClock) -> ClockGuard:
    guard = ClockGuard(clock)
    guard.check(0)
    return guard


def test_small_steps_are_believed_and_jumps_are_not() -> None:
    clock = SettableClock(NOON)
    guard = guard_at(clock)
    clock.advance(1_000)
    for step, trusted in ((FORWARD_MS, FORWARD_MS), (FORWARD_MS + 1, 0),
                          (-BACK_MS, -BACK_MS), (-BACK_MS - 1, 0)):  # fmt: skip
        clock.jump_wall(step)
        assert guard.trusted_ms(0) == NOON + 1_000 + trusted
        clock.jump_wall(-step)


def test_asking_for_the_moment_makes_no_jump_believed() -> None:
    clock = SettableClock(NOON)
    guard = guard_at(clock)
    for _ in range(3):
        clock.jump_wall(-BACK_MS)
        moment = guard.trusted_ms(0)
    assert moment == NOON


def test_before_anything_is_believed_the_last_fact_says_what_may_be() -> None:
    guard = ClockGuard(SettableClock(NOON))
    assert guard.trusted_ms(0) == NOON
    assert guard.trusted_ms(NOON - IDLE_MS) == NOON
    assert guard.trusted_ms(NOON - IDLE_MS - 1) == NOON - IDLE_MS - 1
    assert guard.trusted_ms(NOON + 1) == NOON + 1


def test_how_far_the_clock_went_wrong_is_measured_from_the_first_belief() -> None:
    clock = SettableClock(NOON)
    guard = ClockGuard(clock)
    assert guard.skew_ms() == 0
    guard.check(0)
    for _ in range(3):
        clock.advance(1_000_000)
        clock.jump_wall(30_000)
        guard.check(0)
    assert guard.skew_ms() == 90_000
    guard.confirm()
    assert guard.skew_ms() == 0


def test_a_wrong_date_somebody_confirmed_does_not_stop_prices_for_a_year(
    counter: ShopFloor,
) -> None:
    journal, clock = counter.till.books.journal, counter.clock

    def moment() -> int:
        with counter.till.books.read() as db:
            return journal.trusted_ms(db)

    before = clock.wall_ms()
    for ahead, right in ((6 * 86_400_000, False), (400 * 86_400_000, True)):
        clock.jump_wall(ahead)
        counter.ok("confirm_clock")
        clock.jump_wall(-ahead)
        counter.ok("confirm_clock")
        assert (moment() == before) is right
