"""Prices and promotions published in the sample shop, for the tests of this room."""

from typing import Any

import pytest

from app.facts.pricing import ListedPrice, Promotion
from app.pricing.actions import set_prices, set_promotion
from app.transaction import Books, transaction
from tests.stories.counters import MANAGER, MakeShop, ShopFloor

TEA, BISCUIT, GOOSE, RICE = "12006", "21008", "11012", "14001"


@pytest.fixture
def shop(make_shop: MakeShop) -> ShopFloor:
    """A counter in the middle of a shift, with the manager at it."""
    floor = make_shop()
    floor.open_shift()
    floor.sign_in(MANAGER)
    return floor


@pytest.fixture
def books(shop: ShopFloor) -> Books:
    """The till's own books."""
    return shop.till.books


def rule(**fields: Any) -> Promotion:
    """A promotion that is valid for ever, unless said otherwise."""
    known = {"code": "P", "name": "P", "kind": "percent", "from_ms": 1_000}
    return Promotion(**(known | fields))  # type: ignore[arg-type]


def publish(books: Books, promotion: Promotion) -> str:
    """Publish it; its document."""
    with transaction(books, staff="301") as tx:
        return set_promotion(tx, promotion)


def price(books: Books, product: str, fen: int, floor: int = 0, **fields: Any) -> str:
    """Publish a list of one price; its document."""
    with transaction(books, staff="301") as tx:
        lines = [ListedPrice(product=product, price=fen, floor=floor)]
        return set_prices(tx, lines, **({"from_ms": 0} | fields))
