"""A phone that pays a part of a basket, and a till that dies in between: to the fen, once."""

import pytest

from app.payments.queries import Attempt
from app.sales import paying
from app.sales.charging import fully_paid
from sync.channels.practice.server import PracticeServer
from tests.stories.counters import MakeShop, ShopFloor
from tests.stories.networks import approved, charged, payment, wallet

TEA, GREENS = "12001", "16009"
"""68.00, and 11.60 a kilogram."""


@pytest.fixture
def till(make_shop: MakeShop, network: PracticeServer) -> ShopFloor:
    """A counter that is joined to the network, with nothing on it."""
    shop = make_shop()
    shop.open_shift()
    shop.ok("shop", set={"channel_address": network.address}, **approved())
    return shop


def test_a_part_that_leaves_one_fen_open_completes_nothing(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("add", product=TEA, quantity="1")
    till.ok("pay", tender="wechat", amount="67.99", code=wallet("55"))
    till.ok("wait", seconds=10)
    assert till.ok("basket")["basket"]["open"] == "0.01"
    till.restart()
    # What a phone paid is still there when the till comes back.
    assert till.ok("basket")["basket"]["open"] == "0.01"
    assert till.ok("pay", tender="cash", amount="0.01")["state"] == "complete"
    assert charged(network) == 6799
    till.verified()


def test_a_part_that_was_given_back_is_not_there_again_after_a_restart(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("add", product=TEA, quantity="1")
    till.ok("pay", tender="wechat", amount="60", code=wallet("55"))
    till.ok("wait", seconds=10)
    till.ok("reverse", attempt=payment(till)["attempt"])
    till.restart()
    till.ok("wait", seconds=10)
    assert till.ok("basket")["basket"]["open"] == "68.00"
    assert charged(network) == 0
    till.verified()


def test_one_fen_that_came_too_late_goes_back_as_well(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("add", product=TEA, quantity="1")
    till.ok("pay", tender="wechat", amount="0.01", code=wallet("05"))
    till.ok("wait", seconds=65)
    till.ok("wait", seconds=10)
    (order,) = network.network.orders.values()
    assert (order.amount, order.returned) == (1, 1)


def test_rounding_that_cash_had_brought_is_off_on_the_disk_before_a_phone_is_asked(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("add", product=GREENS, quantity="0.820")
    till.ok("checkout")
    assert till.till.counter.choose_cash().due == 950
    # The answer gets lost, and the till dies while it asks again.
    assert till.ok("pay", tender="wechat", code=wallet("02"))["state"] == "waiting"
    till.restart()
    till.ok("wait", seconds=10)
    assert payment(till)["state"] == "complete"
    assert charged(network) == 951
    till.verified()


def test_more_than_is_open_is_too_much(till: ShopFloor) -> None:
    till.ok("add", product=TEA, quantity="1")
    counter = till.till.counter
    asked = Attempt(
        "a", "1", "2026-12-07", "s", "b", "101", "wechat", 6800, "A", "scan", 0, "SENT", "", 0,
    )  # fmt: skip
    sitting = counter.desk.sitting()
    assert not fully_paid(counter.basket, sitting, asked)
    assert fully_paid(paying.hand(counter.basket, "card", 1, "x"), sitting, asked)
