"""A basket put aside on one till goes on at another; cut off from each other, at both."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.chains import GOODS, MANAGER, Chain
from tests.support.talkers import Talker

TEA = "12006"


@pytest.fixture
def chain(tmp_path: Path, database: str) -> Iterator[Chain]:
    """A hub in its own process."""
    one = Chain(tmp_path, database)
    yield one
    one.close()


def hold(till: Talker) -> str:
    """Two bags and a tea for somebody who went to fetch something; the basket's id."""
    till.ok("scan", code=GOODS)
    till.ok("scan", code=GOODS)
    till.ok("scan", code=TEA)
    held: list[dict[str, str]] = till.ok("hold", name="阿姨")["held"]
    return held[-1]["id"]


def refused(till: Talker, do: str, **fields: Any) -> str:
    """The code of a command that is refused."""
    code: str = till.say(do, **fields)["error"]["code"]
    return code


def sync(*tills: Talker) -> None:
    for till in tills:
        state = till.ok("sync")
        assert (state["waiting"], state["reason"]) == (0, ""), state


def goods(basket: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(line["product"], line["quantity"], line["net"]) for line in basket["lines"]]


def pay(till: Talker) -> str:
    number: str = till.ok("pay", tender="cash")["receipt"]["number"]
    return number


def twice(till: Talker) -> list[dict[str, Any]]:
    return [each for each in till.ok("tasks")["tasks"] if each["kind"] == "twice_sold"]


def test_a_basket_held_on_one_till_goes_on_at_the_other_and_is_gone_from_the_first(
    chain: Chain,
) -> None:
    one, two = chain.open_till("1"), chain.open_till("2")
    held = hold(two)
    sync(two, one)
    (seen,) = one.ok("held")["elsewhere"]
    assert (seen["id"], seen["till"], len(seen["names"])) == (held, "2", 2)
    # Without a name only this till's own baskets are meant, and there is none.
    assert refused(one, "resume") == "nothing_held"
    taken = one.ok("resume", id=held)["basket"]
    assert goods(taken) == [(GOODS, "2", "76.00"), (TEA, "1", "198.00")]
    assert one.ok("held")["elsewhere"] == []
    sync(one, two)
    assert two.ok("held") == two.ok("held") | {"held": [], "elsewhere": []}
    assert refused(two, "resume") == "nothing_held"

    # Put aside here again it goes back the same way, and it is sold once.
    one.ok("hold")
    sync(one, two)
    (back,) = two.ok("held")["elsewhere"]
    two.ok("resume", id=back["id"])
    pay(two)
    sync(two, one)
    assert one.ok("held") == one.ok("held") | {"held": [], "elsewhere": []}
    assert (twice(one), twice(two)) == ([], [])


def test_two_tills_that_cannot_hear_each_other_both_sell_it_and_a_task_names_both(
    chain: Chain,
) -> None:
    one, two = tills = [chain.open_till("1"), chain.open_till("2")]
    held = hold(two)
    sync(two, one)
    chain.line.cut()
    one.ok("resume", id=held)
    two.ok("resume")
    numbers = {pay(one), pay(two)}
    assert (twice(one), twice(two)) == ([], [])
    chain.line.heal()
    sync(two, one, two)
    (here,), (there,) = twice(one), twice(two)
    assert here == there
    assert all(number in here["words"] for number in numbers)
    assert [each.ok("held")["elsewhere"] for each in tills] == [[], []]

    # A person looked: both were right.
    assert refused(one, "settle_task", task=here["task"], answer="seen") == "approval_needed"
    one.ok("settle_task", task=here["task"], answer="seen", **MANAGER)
    sync(one, two)
    assert (twice(one), twice(two)) == ([], [])
