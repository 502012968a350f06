"""Sums and registers keep their promises, declared in one place."""

from app import meaning, schema
from app.facts.registry import FACTS
from app.journal.rebuild import read
from app.journal.verify_tables import differing_sums
from app.rows import Register, Row, Sum
from tests.support.entries import Writer
from tests.support.facts import a_shop_day
from tests.support.rare_facts import more_of_a_day
from tests.support.tills import TillInFolder


def changes() -> list[Row | Sum | Register]:
    writer = Writer("a")
    for fact in (*a_shop_day(), *more_of_a_day()):
        writer.write(fact)
    return [
        change
        for entry in writer.entries
        if (said := read(entry))
        for apply in meaning.MEANING[type(said[1])]
        for change in apply(*said)
    ]


def test_every_table_that_is_added_to_is_declared_as_a_sum() -> None:
    summed = {change.table for change in changes() if isinstance(change, Sum)}
    assert summed == {each.table for each in meaning.SUMS}


def test_a_sum_has_all_its_columns_from_rows_it_can_be_held_against() -> None:
    for each in meaning.SUMS:
        keys = {column.name for column in each.table.primary_key}
        assert set(each.columns) | keys == set(each.table.c.keys())
        assert keys <= set(each.source.c.keys())
        assert set(each.columns.values()) <= set(each.source.c.keys())
        assert each.source.info["kind"] == each.table.info["kind"] == "meaning"


def test_sums_hold_after_a_day(till: TillInFolder) -> None:
    till.record(*a_shop_day(), *more_of_a_day())
    with till.books.read() as db:
        assert list(differing_sums(db, meaning.SUMS)) == []


def test_rows_and_registers_give_every_column_a_value() -> None:
    for change in changes():
        if isinstance(change, Row | Register):
            assert set(change.values) == set(change.table.c.keys()), change.table.name


def test_a_rows_key_begins_with_the_shop_and_registers_name_their_owner() -> None:
    for change in changes():
        values = change.key if isinstance(change, Sum) else change.values
        assert values["shop"] == "KP01"
        if isinstance(change, Register):
            assert values["owner"] == values["shop"]
            assert values["version"]


def test_every_table_with_meaning_is_filled_by_some_fact() -> None:
    filled = {change.table.name for change in changes()}
    tables = {table.name for table in schema.all_tables() if table.info["kind"] == "meaning"}
    # A day without them: reductions, kits, brands, papers of organic farms, closings, holdings.
    missing = {
        *("sale_reduction", "kit_part", "brand", "certificate", "taxonomy_node"),
        *("clock_confirmed", "shift_closed", "day_closed"),
    }
    assert tables - filled <= missing


def test_kinds_are_listed_once() -> None:
    assert len(FACTS) == len(set(FACTS))
