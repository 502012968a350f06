"""On hand is the last count and what moved after it, in whatever order the tills' facts arrive."""

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from app.journal.rebuild import apply_entries
from app.journal.stored import StoredEntry
from app.meaning import MEANING
from app.stock import books
from app.stock.books import on_hand
from tests.support.entries import empty_till
from tests.support.street import WHERE, Street
from tests.support.tills import SHOP


@pytest.fixture(scope="module")
def shop() -> Iterator[Connection]:
    with empty_till() as connection:
        yield connection


def of_one(db: Connection) -> int:
    return on_hand(db, SHOP).get(WHERE, 0)


def seen_by(shop: Connection, entries: list[StoredEntry], at_once: int) -> int:
    shop.exec_driver_sql("SAVEPOINT seen")
    try:
        for start in range(0, len(entries), at_once):
            apply_entries(shop, MEANING, entries[start : start + at_once])
        return of_one(shop)
    finally:
        shop.exec_driver_sql("ROLLBACK TO seen")


def play(shop: Connection, seed: int) -> None:
    rng = random.Random(seed)
    street = Street(shop, rng)
    street.play()
    entries = [each for till in street.tills for each in till.writer.entries]
    for _ in range(3):
        rng.shuffle(entries)
        assert seen_by(shop, entries, rng.randrange(1, 9)) == street.shelf, f"seed {seed}"


def _play_many(shop: Connection, seeds: int) -> None:
    for seed in range(seeds):
        play(shop, seed)


def test_late_sales_counts_and_goods_in_any_order_give_what_stands_on_the_shelf(
    shop: Connection, soak: bool
) -> None:
    shop.exec_driver_sql("BEGIN")
    try:
        _play_many(shop, 1000 if soak else 120)
    finally:
        shop.exec_driver_sql("ROLLBACK")


def test_the_rig_sees_a_late_sale_that_is_counted_twice(
    shop: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "late", lambda db, shop: {})
    shop.exec_driver_sql("BEGIN")
    try:
        with pytest.raises(AssertionError, match="seed"):
            _play_many(shop, 60)
    finally:
        shop.exec_driver_sql("ROLLBACK")


def test_a_shop_with_one_till_has_nothing_late(shop: Connection) -> None:
    shop.exec_driver_sql("BEGIN")
    try:
        street = Street(shop, random.Random(7))
        alone = street.tills[0]
        street.bring(alone, 5000)
        street.take(alone, 1000)
        street.count(alone)
        apply_entries(shop, MEANING, alone.writer.entries)
        assert books.late(shop, SHOP) == {}
        assert of_one(shop) == street.shelf
    finally:
        shop.exec_driver_sql("ROLLBACK")
