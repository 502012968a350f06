"""The open basket as a value: what a label says, what joins a line, what goes with it. Fen."""

import msgspec
import pytest

from app.errors import Refusal
from app.facts.catalogue import Product
from app.sales.basket import (
    Basket,
    label_line,
    priced,
    removed_lines,
    with_line,
    with_override,
    with_quantity,
    without_line,
)
from tests.stories.counters import ShopFloor

EMPTY = Basket(id="b", opened_ms=0)


@pytest.fixture
def greens(counter: ShopFloor) -> Product:
    """Weighed, 11.60 a kilogram."""
    return msgspec.structs.replace(counter.till.counter.product("16009"), price=11_60)


@pytest.fixture
def milk(counter: ShopFloor) -> Product:
    """Counted, in a bottle that bears a deposit."""
    return msgspec.structs.replace(counter.till.counter.product("12001"), price=8_00, deposit=2_00)


def test_a_label_decides_by_its_amount_and_by_its_weight_only_without_one(greens: Product) -> None:
    assert label_line(greens, 5_80, 480) == (480, 5_80, True)
    assert label_line(greens, None, 480) == (480, -1, True)
    # A weight it does not say is what so much money buys.
    assert label_line(greens, 5_80, None) == (500, 5_80, False)
    assert label_line(greens, 5_80, 0) == (500, 5_80, False)
    assert label_line(greens, 0, None) == (1, 0, False)
    for weight in (None, 0):
        with pytest.raises(Refusal, match="label_without_weight"):
            label_line(greens, None, weight)


def test_an_amount_alone_stands_whatever_the_price_became(greens: Product) -> None:
    cheaper = msgspec.structs.replace(greens, price=1_00)
    basket, _ = with_line(EMPTY, cheaper, 500, label_amount=5_80)
    assert priced(basket).due == 5_80
    told, _ = with_line(EMPTY, cheaper, 500, label_amount=5_80, label_weight=True)
    assert priced(told).due == 50


def test_a_bottles_deposit_comes_goes_and_counts_with_it(milk: Product) -> None:
    basket, number = with_line(EMPTY, milk, 2000)
    assert (number, [each.line for each in basket.lines], basket.next_line) == (1, [1, 2], 3)
    assert [(each.name, each.price, each.deposit_of) for each in basket.lines] == [
        (milk.name, 8_00, 0), (f"押金·{milk.name}", 2_00, 1),
    ]  # fmt: skip
    assert (basket.pieces, priced(basket).due) == (2, 20_00)
    more, same = with_line(basket, milk, 1000)
    assert (same, [each.quantity for each in more.lines]) == (1, [3000, 3000])
    fewer = with_quantity(more, 1, 1000)
    assert priced(fewer).due == 10_00
    with pytest.raises(Refusal, match="label_decides"):
        with_quantity(fewer, 2, 2000)
    with pytest.raises(Refusal, match="not_reducible"):
        with_override(fewer, 2, 1_00, "x")
    # Whichever of the two is taken out, both go.
    for line in (1, 2):
        assert [each.line for each in removed_lines(fewer, line)] == [1, 2]
        assert without_line(fewer, line).lines == ()


def test_weighed_labelled_and_numbered_goods_stand_alone(greens: Product, milk: Product) -> None:
    def lines(product: Product, **more: object) -> int:
        basket, _ = with_line(EMPTY, product, 1000, **more)  # type: ignore[arg-type]
        return len(with_line(basket, product, 1000, **more)[0].lines)  # type: ignore[arg-type]

    tea = msgspec.structs.replace(milk, deposit=0)
    assert lines(tea) == 1
    assert lines(greens) == lines(tea, label_amount=0) == lines(tea, serial="n") == 2
    assert lines(tea, lot="a") == 1
    basket, _ = with_line(EMPTY, tea, 1000, lot="a")
    assert len(with_line(basket, tea, 1000, lot="b")[0].lines) == 2
    dearer = msgspec.structs.replace(tea, price=9_00)
    assert len(with_line(basket, dearer, 1000, lot="a")[0].lines) == 2
    free = with_override(basket, 1, 0, "破损")
    assert len(with_line(free, tea, 1000, lot="a")[0].lines) == 2


def test_an_emptied_basket_forgets_whose_it_was_but_not_what_was_taken_out(milk: Product) -> None:
    basket, _ = with_line(EMPTY, msgspec.structs.replace(milk, deposit=0), 1000)
    basket = msgspec.structs.replace(basket, member="m", codes=("C",))
    basket, number = with_line(basket, milk, 1000, serial="n")
    left = without_line(basket, number)
    assert (left.member, left.codes, left.removed) == ("m", ("C",), 1)
    empty = without_line(left, 1)
    assert (empty.member, empty.codes, empty.removed, empty.answers) == ("", (), 2, ())
