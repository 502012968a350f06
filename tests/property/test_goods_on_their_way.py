"""What was announced is here, given up or still on its way: nothing appears and nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from app.facts.stock import SentLine
from app.stock.costs import cost_shown, parse_cost, value_of
from app.stock.dispatches import Amounts, spread

PRODUCTS, LOTS = ("a", "b"), ("1", "2", "3", "other")


@st.composite
def announced(draw: st.DrawFn) -> list[SentLine]:
    keys = draw(
        st.lists(st.tuples(st.sampled_from(PRODUCTS), st.sampled_from(LOTS[:3])), max_size=6)
    )
    return [
        SentLine(line=n, product=product, lot=lot, quantity=quantity, unit_cost=1)
        for n, ((product, lot), quantity) in enumerate(
            zip(keys, draw(st.lists(st.integers(1, 50), min_size=6, max_size=6)), strict=False), 1
        )
    ]


def amounts() -> st.SearchStrategy[Amounts]:
    keys = st.tuples(st.sampled_from(PRODUCTS), st.sampled_from(LOTS))
    return st.dictionaries(keys, st.integers(0, 80), max_size=6)


@given(announced(), amounts(), amounts())
def test_what_came_is_shared_out_whole_over_the_lines_of_its_product(
    lines: list[SentLine], came: Amounts, given_up: Amounts
) -> None:
    found = spread(lines, came, given_up)
    assert [each.line for each in found] == lines
    for product in {line.product for line in lines}:
        own = [each for each in found if each.line.product == product]
        assert sum(each.came for each in own) == sum(
            quantity for (code, _lot), quantity in came.items() if code == product
        )
        asked = sum(each.line.quantity for each in own)
        if not any(code == product for code, _lot in given_up):
            here = sum(each.came for each in own)
            assert sum(each.rest for each in own) == max(0, asked - here)
    assert all(each.rest >= 0 for each in found)


@given(announced(), amounts())
def test_a_lot_that_came_under_its_own_name_closes_its_own_line(
    lines: list[SentLine], came: Amounts
) -> None:
    keys = [(line.product, line.lot) for line in lines]
    for each in spread(lines, came, {}):
        key = (each.line.product, each.line.lot)
        if keys.count(key) == 1:
            assert each.came >= min(came.get(key, 0), each.line.quantity)


@given(st.integers(0, 10**10), st.integers(-(10**6), 10**6))
def test_a_cost_reads_back_and_a_value_has_its_quantitys_sign(cost: int, quantity: int) -> None:
    if cost % 100 == 0:
        assert parse_cost(cost_shown(cost)) == cost
    assert value_of(-quantity, cost) == -value_of(quantity, cost)
