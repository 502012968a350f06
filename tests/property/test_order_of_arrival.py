"""Shuffle: entries may come in any order and any number of times, and end in the same tables."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from app.journal import verify_tables
from app.journal.rebuild import Batch, apply_entries, read
from app.journal.stored import StoredEntry
from app.meaning import MEANING, SUMS
from app.row_writer import write_changes
from app.rows import Change, Register, Row, Sum
from app.verification import TABLES
from tests.support.entries import Tables, empty_till, journal_of, tables_of
from tests.support.facts import a_shop_day, any_fact, setting
from tests.support.rare_facts import more_of_a_day


@pytest.fixture(scope="module")
def shop() -> Iterator[Connection]:
    with empty_till() as connection:
        yield connection


def tables_after(shop: Connection, arriving: list[StoredEntry], at_once: int) -> Tables:
    """What an empty shop's tables say when these entries have come in, so many at a time."""
    shop.exec_driver_sql("BEGIN")
    try:
        for start in range(0, len(arriving), at_once):
            apply_entries(shop, MEANING, arriving[start : start + at_once])
        assert list(verify_tables.differing_sums(shop, SUMS)) == []
        return tables_of(shop)
    finally:
        shop.exec_driver_sql("ROLLBACK")


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[StoredEntry], list[StoredEntry], int]:
    """Entries of two tills in order, and the same ones shuffled with some of them twice."""
    first = journal_of(draw(st.lists(any_fact(), max_size=8)), "a")
    second = journal_of(draw(st.lists(any_fact(), max_size=4)), "b")
    entries = first + second
    again = draw(st.lists(st.sampled_from(entries), max_size=6))
    return entries, draw(st.permutations(entries + again)), draw(st.integers(1, 6))


@settings(max_examples=settings.default.max_examples // 2)
@given(arrivals())
def test_any_order_and_any_repetition_end_in_the_same_tables(
    shop: Connection, case: tuple[list[StoredEntry], list[StoredEntry], int]
) -> None:
    entries, shuffled, at_once = case
    assert tables_after(shop, shuffled, at_once) == tables_after(shop, entries, 200)


RARE = journal_of(more_of_a_day())


@settings(max_examples=settings.default.max_examples // 10)
@given(st.permutations(RARE), st.integers(1, 6))
def test_what_not_every_day_has_may_come_in_any_order_too(
    shop: Connection, shuffled: list[StoredEntry], at_once: int
) -> None:
    assert tables_after(shop, shuffled, at_once) == tables_after(shop, RARE, 200)


@settings(max_examples=settings.default.max_examples // 4)
@given(st.lists(any_fact(), min_size=1, max_size=8))
def test_what_is_told_twice_is_known_and_changes_nothing(
    shop: Connection, facts: list[object]
) -> None:
    entries = journal_of(facts)  # type: ignore[arg-type]
    shop.exec_driver_sql("BEGIN")
    try:
        assert apply_entries(shop, MEANING, entries).new == len(entries)
        before = tables_of(shop)
        told = apply_entries(shop, MEANING, entries)
        assert (told.new, told.known) == (0, len(entries))
        assert tables_of(shop) == before
    finally:
        shop.exec_driver_sql("ROLLBACK")


def changes_of(entries: list[StoredEntry]) -> list[Change]:
    return [
        change
        for entry in entries
        if (said := read(entry))
        for apply in MEANING[type(said[1])]
        for change in apply(*said)
    ]


def test_the_day_touches_rows_sums_and_registers_alike() -> None:
    kinds = {type(change) for change in changes_of(journal_of(a_shop_day()))}
    assert kinds == {Row, Sum, Register}


# --- the planted faults: the property must go red when its guard is taken away -----------------


def test_without_the_guard_a_second_telling_doubles_the_sums(shop: Connection) -> None:
    entries = journal_of(a_shop_day())
    shop.exec_driver_sql("BEGIN")
    try:
        apply_entries(shop, MEANING, entries)
        only_sums = [change for change in changes_of(entries) if isinstance(change, Sum)]
        write_changes(shop, only_sums)
        wrong = {problem.detail.split()[0] for problem in verify_tables.differing_sums(shop, SUMS)}
        assert wrong == {"on_hand", "drawer_cash"}
    finally:
        shop.exec_driver_sql("ROLLBACK")


def test_a_register_that_takes_whatever_comes_last_depends_on_the_order(
    shop: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = journal_of([setting(), setting(value="另一个名字")])
    monkeypatch.setattr("app.shop.apply.version_of", lambda entry: "the same for all")
    backwards = tables_after(shop, entries[::-1], 1)
    assert backwards != tables_after(shop, entries, 1)


def test_a_batch_that_forgets_nothing_writes_each_entry_once(shop: Connection) -> None:
    shop.exec_driver_sql("BEGIN")
    try:
        batch = Batch(shop, MEANING)
        for entry in journal_of(a_shop_day()):
            if said := read(entry):
                batch.note(*said)
        batch.write()
        before = tables_of(shop)
        batch.write()
        assert tables_of(shop) == before
        assert set(before) == {table.name for table in TABLES}
    finally:
        shop.exec_driver_sql("ROLLBACK")
