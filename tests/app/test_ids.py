"""Identities: UUIDv7, sorted by time, repeatable where a test wants it."""

import uuid

from app.clock import SettableClock
from app.ids import Ids, seeded
from tests.support.tills import MORNING


def test_an_identity_is_a_uuid_of_version_seven_that_carries_its_time() -> None:
    made = uuid.UUID(Ids(SettableClock(MORNING)).new())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == MORNING


def test_later_identities_sort_later() -> None:
    clock = SettableClock(MORNING)
    ids = Ids(clock)
    made = []
    for _ in range(50):
        made.append(ids.new())
        clock.advance(1)
    assert made == sorted(made)


def test_many_in_one_millisecond_are_all_different() -> None:
    ids = Ids(SettableClock(MORNING))
    assert len({ids.new() for _ in range(2000)}) == 2000


def test_one_seed_gives_the_same_identities_again() -> None:
    clock = SettableClock(MORNING)
    one, other, third = (Ids(clock, seeded(seed)) for seed in ("a", "a", "b"))
    first = [one.new() for _ in range(5)]
    assert first == [other.new() for _ in range(5)]
    assert first[0] != third.new()
