"""Rebuild: every table with meaning can be thrown away and made again from the entries."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from app.catalogue import search
from app.facts.base import Fact
from app.journal.rebuild import apply_entries
from app.journal.rebuild import rebuild as rebuild_tables
from app.meaning import MEANING
from app.verification import TABLES, rebuild, verify_books
from tests.support.entries import empty_till, journal_of, tables_of
from tests.support.facts import a_shop_day, any_fact
from tests.support.tills import TillInFolder


@pytest.fixture(scope="module")
def shop() -> Iterator[Connection]:
    with empty_till() as connection:
        yield connection


@settings(max_examples=settings.default.max_examples // 4)
@given(st.lists(any_fact(), max_size=12), st.randoms(use_true_random=False))
def test_spoilt_tables_come_back_as_they_were(
    shop: Connection, facts: list[Fact], dice: random.Random
) -> None:
    shop.exec_driver_sql("BEGIN")
    try:
        apply_entries(shop, MEANING, journal_of(facts))
        before = tables_of(shop)
        for table in dice.sample(TABLES, 5):
            shop.execute(table.delete())
        rebuild_tables(shop, MEANING, TABLES)
        assert tables_of(shop) == before
    finally:
        shop.exec_driver_sql("ROLLBACK")


def test_a_till_made_anew_says_what_it_said_before(till: TillInFolder) -> None:
    till.record(*a_shop_day())
    with till.books.read() as db:
        before = tables_of(db)
    made = rebuild(till.books)
    assert (made.entries, made.unreadable, made.differed) == (len(a_shop_day()) + 1, 0, ())
    with till.books.read() as db:
        assert tables_of(db) == before


def test_a_rebuild_tells_which_rows_it_mended(till: TillInFolder) -> None:
    till.record(*a_shop_day())
    till.write("UPDATE on_hand SET quantity = 7 WHERE lot = 'doc-1-1'")
    till.write("DELETE FROM shift_opened")
    told = {(problem.code, problem.detail.split()[0]) for problem in rebuild(till.books).differed}
    assert told == {("row_changed", "on_hand"), ("row_missing", "shift_opened")}
    assert verify_books(till.books).ok


def test_goods_are_found_again_after_a_rebuild(till: TillInFolder) -> None:
    till.record(*a_shop_day())
    till.write("DELETE FROM product_found")
    till.write("DELETE FROM product_start")
    rebuild(till.books)
    with till.books.read() as db:
        assert [product.code for product in search.find(db, "KP01", "簕菜")] == ["KP-A001"]


def test_a_rebuild_that_breaks_in_the_middle_leaves_the_tables_alone(
    till: TillInFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.record(*a_shop_day())
    with till.books.read() as db:
        before = tables_of(db)

    def broken(tx: object) -> None:
        raise RuntimeError("the machine is on fire")

    monkeypatch.setattr(search, "rebuild", broken)
    with pytest.raises(RuntimeError):
        rebuild(till.books)
    with till.books.read() as db:
        assert tables_of(db) == before
