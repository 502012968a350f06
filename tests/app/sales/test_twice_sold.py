"""A basket that two tills took back: both sales stand, in whatever order their news comes."""

from itertools import permutations

import msgspec
import pytest

from app.facts.base import Fact
from app.facts.sales import BasketHeld, BasketResumed, TwiceTakenSeen
from app.journal.rebuild import apply_entries
from app.meaning import MEANING
from app.sales.held_elsewhere import TwiceSold, held_elsewhere, twice_sold
from tests.support.entries import Writer, empty_till
from tests.support.facts import sold

HEAD = {"shop": "KP01", "day": "2026-12-07", "shift": "s"}


def sale(till: str) -> Fact:
    return msgspec.structs.replace(sold(), till=till, number=f"KP01-{till}-261207-0001")


def taken(till: str, held: str, goes_on: str) -> BasketResumed:
    return BasketResumed(
        **HEAD, till=till, basket="b2", person="101", held=held, goes_on=goes_on, first="b2"
    )


def journals(*, both: bool = True) -> list[Writer]:
    """Till 2 puts b2 aside; till 1 takes it over into b1, and till 2 takes it back as well."""
    one, two = Writer("x", till="1"), Writer("y", till="2")
    held = two.write(BasketHeld(**HEAD, till="2", basket="b2", person="102", lines=(), amount=1))
    # Its clock is far behind: nothing may hang on whose hour is later.
    one.order -= 3_600_000
    one.write(taken("1", held.fact, "b1"))
    one.write(sale("1"), fact="b1")
    if both:
        two.write(BasketResumed(**HEAD, till="2", basket="b2", person="102"))
        two.write(sale("2"), fact="b2")
    return [one, two]


def seen_by(writers: tuple[Writer, ...]) -> tuple[list[TwiceSold], list[str]]:
    """Baskets sold twice, and those till 3 could take over."""
    with empty_till() as db:
        for writer in writers:
            apply_entries(db, MEANING, writer.entries)
        return twice_sold(db, "KP01"), [each.basket for each in held_elsewhere(db, "KP01", "3")]


@pytest.mark.parametrize("order", [0, 1])
def test_both_sales_are_named_whoever_is_heard_first(order: int) -> None:
    ((found,), there) = seen_by(list(permutations(journals()))[order])
    assert (found.first, found.tills) == ("b2", ("1", "2"))
    assert found.numbers == ("KP01-1-261207-0001", "KP01-2-261207-0001")
    assert there == []


@pytest.mark.parametrize("order", [0, 1])
def test_a_basket_that_went_on_at_one_till_alone_is_nobodys_task(order: int) -> None:
    assert seen_by(list(permutations(journals(both=False)))[order]) == ([], [])


def test_a_third_till_that_took_it_on_from_the_second_is_of_the_same_basket() -> None:
    one, two = journals()
    three = Writer("z", till="3")
    three.write(taken("3", "somewhere", "b3"))
    three.write(sale("3"), fact="b3")
    assert [len(each.numbers) for each in seen_by((three, two, one))[0]] == [3]


def test_it_ends_once_a_person_looked() -> None:
    one, two = journals()
    one.write(TwiceTakenSeen(**HEAD, till="1", basket="b2", person="301"))
    assert seen_by((two, one)) == ([], [])
