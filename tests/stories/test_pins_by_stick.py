"""A PIN given at one till is used at the other: a stick goes there and back, nobody thinks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import siblings
from tests.stories.counters import CASHIER, LEAD, MANAGER, ShopFloor

NEW = "739164"


def tell(source: ShopFloor, other: ShopFloor) -> None:
    """The other till hears through the hub what this one wrote."""
    rows = source.rows("SELECT journal, seq, content, sig FROM entry ORDER BY journal, seq")
    siblings.take(other.till.books, [siblings.Sent(*row) for row in rows])


@pytest.fixture
def tills(tmp_path: Path) -> Iterator[tuple[ShopFloor, ShopFloor]]:
    """Two tills of one shop; at the first the cashier got a new PIN, and one more was hired."""
    one = ShopFloor(tmp_path / "1", seed="one", stock=False, number="1")
    two = ShopFloor(tmp_path / "2", seed="two", stock=False, number="2")
    two.clock = one.clock
    one.sign_in(MANAGER)
    two.sign_in(MANAGER)
    one.clock.advance(600_000)
    one.ok("staff", staff=CASHIER[0], pin=NEW)
    one.ok("staff", staff="105", name="何九", pin="908172")
    yield one, two
    one.close()
    two.close()


def test_three_presses_and_the_cashier_signs_in_at_till_2(
    tills: tuple[ShopFloor, ShopFloor], tmp_path: Path
) -> None:
    one, two = tills
    stick = str(tmp_path)
    # Before they heard of each other neither takes anything.
    two.ok("carry_pins", folder=stick)
    [strange] = one.ok("carry_pins", folder=stick)["refused"]
    assert (strange["file"], strange["code"]) == ("pins-KP01-2.card", "verifiers_unknown")
    assert "现在传" in strange["message"]
    tell(one, two)
    tell(two, one)
    assert two.refused("sign_in", staff=CASHIER[0], pin=NEW) == "wrong_pin"
    two.ok("carry_pins", folder=stick)
    there = one.ok("carry_pins", folder=stick)
    assert (there["written_for"], there["behind"], there["card"]) == (["2"], ["2"], True)
    back = two.ok("carry_pins", folder=stick)
    assert {"101", "105"} <= set(back["came"]) and back["taken_from"] == ["1"]
    assert (back["behind"], back["refused"]) == ([], [])
    two.sign_in((CASHIER[0], NEW))
    two.sign_in(("105", "908172"))
    assert two.refused("sign_in", staff=CASHIER[0], pin=CASHIER[1]) == "wrong_pin"
    one.verified()
    two.verified()


def test_who_may_not_add_people_carries_no_pins(
    tills: tuple[ShopFloor, ShopFloor], tmp_path: Path
) -> None:
    one, _two = tills
    stick = tmp_path / "stick"
    stick.mkdir()
    one.sign_in(LEAD)
    assert one.refused("carry_pins", folder=str(stick)) == "approval_needed"
    assert list(stick.iterdir()) == []
    one.ok("carry_pins", folder=str(stick), approver=MANAGER[0], approver_pin=MANAGER[1])
    assert [each.name for each in stick.iterdir()] == ["pins-KP01-1.card"]
    assert one.refused("carry_pins", folder=" ", approver="301", approver_pin=MANAGER[1]) == (
        "handover_where"
    )
