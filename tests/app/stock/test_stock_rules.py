"""The sums behind 要货 and the month's average, and what may be said of goods that come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refusal
from app.reports.average_cost import Month, averages
from app.stock.costs import permille
from app.stock.reasons import REASONS, check, reason_of
from app.stock.receiving_rules import iso_date, level_of, temperature_of
from app.stock.reordering import suggestion

quantities = st.integers(-(10**6), 10**6)


def asked(sold: int, here: int = 0, coming: int = 0, *, weighed: bool = False) -> int:
    return suggestion(sold, here, coming, days=10, lead=2, cover=8, weighed=weighed)


def test_what_sells_in_ten_days_is_asked_for_the_next_ten_less_what_there_is() -> None:
    assert asked(20_000) == 20_000
    assert asked(20_000, here=5_000, coming=3_000) == 12_000
    assert asked(20_000, here=20_000) == 0
    # What was sold before it was received is missing as well.
    assert asked(20_000, here=-2_000) == 22_000
    # More came back than was sold: nobody asks for anything.
    assert asked(-3_000) == 0
    assert (asked(10_500, weighed=True), asked(10_550, weighed=True)) == (10_500, 10_600)


@given(quantities, quantities, st.integers(0, 10**6), st.booleans())
def test_an_order_covers_the_need_and_not_one_unit_more(
    sold: int, here: int, coming: int, weighed: bool
) -> None:
    found = asked(sold, here, coming, weighed=weighed)
    step = 100 if weighed else 1000
    assert found >= 0 and found % step == 0
    need = max(0, sold) - here - coming
    assert found >= need
    assert found == 0 or found - step < need


months = st.lists(
    st.builds(
        Month,
        month=st.just("2026-12"),
        came=st.integers(0, 10**6),
        came_value=st.integers(0, 10**12),
        other=quantities,
    ),
    max_size=8,
)


@given(months)
def test_every_month_begins_with_what_the_one_before_left(found: list[Month]) -> None:
    quantity = 0
    for month, average in zip(found, averages(found), strict=True):
        assert average.opening == quantity
        quantity += month.came + month.other
        assert average.closing == quantity
        assert average.closing_value == max(0, quantity) * average.average


def test_a_month_that_began_below_nothing_costs_what_came_in_it() -> None:
    sold_first = Month("2026-11", 0, 0, -5_000)
    came = Month("2026-12", 10_000, 10_000 * 90_000, 0)
    assert [each.average for each in averages([sold_first, came])] == [0, 90_000]


def test_words_of_the_shop_become_values_at_the_door() -> None:
    assert [level_of(said) for said in ("", "县", "镇级", "双", "town")] == [
        "", "county", "town", "county", "town",
    ]  # fmt: skip
    assert [temperature_of(said) for said in ("", "3.5", "-18", "−18.0", "04")] == [
        "", "3.5", "-18.0", "-18.0", "4.0",
    ]  # fmt: skip
    assert (iso_date(""), iso_date("2027-02-28")) == ("", "2027-02-28")
    for bad in ("2027-02-29", "1999-12-31", "2100-01-01", "31.12.2026"):
        with pytest.raises(Refusal, match="bad_date"):
            iso_date(bad)


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.code)
def test_a_reason_is_known_by_code_and_word_and_goes_its_own_way(reason: object) -> None:
    assert isinstance(reason, type(REASONS[0]))
    assert reason_of(reason.code) is reason is reason_of(reason.word)
    check(reason, reason.sign or 1, "某单位", "GW-1")
    if reason.sign:
        with pytest.raises(Refusal, match="wrong_sign"):
            check(reason, -reason.sign, "某单位", "GW-1")
    if reason.beneficiary:
        with pytest.raises(Refusal, match="beneficiary_needed"):
            check(reason, reason.sign, "", "GW-1")
    if reason.approval_no:
        with pytest.raises(Refusal, match="approval_no_needed"):
            check(reason, reason.sign, "某单位", "")


def test_a_rise_is_told_in_thousandths() -> None:
    assert permille(9_400 - 8_400, 8_400) == 119
    assert permille(-1, 8) == -125
    assert permille(5, 0) == 0
