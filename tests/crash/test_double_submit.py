"""Fifty payments of one basket at once: one sale, one receipt, one opening of the drawer."""

import msgspec
import pytest

from app.sales.counter import Counter
from tests.crash import double_submit
from tests.crash.conftest import Yard


def test_fifty_payments_in_one_go_are_one_sale(yard: Yard, soak: bool) -> None:
    runs = 1000 if soak else 8
    figures = double_submit.run_lines(yard.server, yard.copy("lines"), runs=runs, seed=1)
    assert figures.clean, figures.shown("lines")


def test_fifty_threads_that_pay_at_once_make_one_sale(yard: Yard, soak: bool) -> None:
    runs = 200 if soak else 5
    figures = double_submit.run_threads(yard.copy("threads"), runs=runs)
    assert figures.clean, figures.shown("threads")


def test_the_rig_sees_a_till_that_makes_a_new_sale_of_every_click(yard: Yard) -> None:
    """The planted fault: an id made at the payment, not with the basket, and no turns taken."""

    def pay(counter: Counter) -> object:
        basket, ids = counter.basket, counter.books.ids
        eager = Counter(counter.books, template=counter.receipts._template)
        eager.desk = counter.desk
        eager.receipts._desk = counter.desk
        eager.basket = msgspec.structs.replace(basket, id=ids.new())
        return eager.pay_cash()

    figures = double_submit.run_threads(yard.copy("eager"), runs=1, pay=pay)
    assert figures.duplicate, figures.shown("eager")


@pytest.mark.parametrize("amount", ["", "100"], ids=["exact", "with change"])
def test_a_second_enter_finds_an_empty_basket(yard: Yard, amount: str) -> None:
    from tests.crash.io_errors import PAY, SCAN
    from tests.crash.till import CASHIER

    pay = PAY | ({"amount": amount} if amount else {})
    till = yard.server.start(yard.copy("enter"))
    *_, first, second = till.run([CASHIER, SCAN, pay, pay])
    till.wait()
    assert first["state"] == "complete"
    assert second["error"]["code"] == "basket_empty"
