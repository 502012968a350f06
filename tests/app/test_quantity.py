"""Quantities are whole thousandths; pieces have no fractions, weighed goods know 斤."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import quantity
from app.errors import Refusal


@pytest.mark.parametrize(
    ("typed", "weighed", "milli"),
    [
        ("2", False, 2000),
        (" 12 ", False, 12_000),
        ("2.000", False, 2000),
        ("２", False, 2000),
        ("2.486", True, 2486),
        ("3j", True, 1500),
        ("3斤", True, 1500),
        ("0.5J", True, 250),
        ("99999.999", True, quantity.MAX_MILLI),
        ("0.001", True, 1),
    ],
)
def test_quantities_as_people_type_them(typed: str, weighed: bool, milli: int) -> None:
    assert quantity.parse_quantity(typed, weighed=weighed) == milli


@pytest.mark.parametrize(
    "typed", ["", "0", "0.000", "-1", "1.2345", "1e3", "两", "3kg", "100000", "0.0001", "1,5"]
)
@pytest.mark.parametrize("weighed", [True, False])
def test_anything_else_is_refused(typed: str, weighed: bool) -> None:
    with pytest.raises(Refusal, match="bad_quantity"):
        quantity.parse_quantity(typed, weighed=weighed)


@pytest.mark.parametrize("thing", [None, 2, 1.5, b"2"])
def test_what_is_not_text_is_refused_too(thing: object) -> None:
    with pytest.raises(Refusal, match="bad_quantity"):
        quantity.parse_quantity(thing, weighed=True)  # type: ignore[arg-type]


def test_what_is_refused_is_shown_back_cut() -> None:
    for typed, shown in (("x" * 30, "x" * 20), ("0", "0.000"), ("100000", "100000.000")):
        with pytest.raises(Refusal) as refused:
            quantity.parse_quantity(typed, weighed=False)
        assert refused.value.details["text"] == shown


def test_pieces_come_whole_and_not_by_the_jin() -> None:
    with pytest.raises(Refusal, match="fraction_of_unit"):
        quantity.parse_quantity("1.5", weighed=False)
    with pytest.raises(Refusal, match="bad_quantity"):
        quantity.parse_quantity("3斤", weighed=False)


def test_a_jin_too_small_to_weigh_is_refused() -> None:
    with pytest.raises(Refusal, match="bad_quantity"):
        quantity.parse_quantity("0.001j", weighed=True)


@given(st.integers(1, quantity.MAX_MILLI), st.booleans())
def test_a_quantity_written_down_reads_back(milli: int, weighed: bool) -> None:
    milli = milli if weighed else max(milli // 1000, 1) * 1000
    shown = quantity.shown(milli, weighed=weighed)
    assert quantity.parse_quantity(shown, weighed=weighed) == milli


def test_pieces_are_shown_without_decimals_and_returns_with_a_sign() -> None:
    assert quantity.shown(2000, weighed=False) == "2"
    assert quantity.shown(2486, weighed=True) == "2.486"
    assert quantity.shown(-500, weighed=True) == "-0.500"
    assert quantity.shown(1500, weighed=False) == "1.500"
    assert (quantity.shown(0, weighed=False), quantity.shown(0, weighed=True)) == ("0", "0.000")
