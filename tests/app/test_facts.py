"""The vocabulary that leaves the till: what every fact and every room's `apply` must keep to."""

import ast
import types
import typing
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app import meaning
from app.facts import office, registry
from app.facts.base import Fact, Part, kind_of, wire_name
from app.facts.registry import FACTS
from app.journal.rebuild import read
from app.rows import Envelope
from tests.support.entries import Writer
from tests.support.facts import a_shop_day
from tests.support.processes import ROOT

APPLYING = [*sorted((ROOT / "app").glob("*/apply.py")), ROOT / "sync/hub/office_apply.py"]
NEVER_IMPORTED = ("app.clock", "app.database", "app.transaction", "app.ids", "datetime", "time")


def leaf_types(kind: object, seen: frozenset[object] = frozenset()) -> Iterator[object]:
    """Every type a value of this kind is made of, down to the last."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if kind not in seen:
            hints = typing.get_type_hints(kind)
            for field in kind.__struct_fields__:
                yield from leaf_types(hints[field], seen | {kind})
        return
    inner = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        for each in inner:
            if each is not Ellipsis:
                yield from leaf_types(each, seen)
    elif isinstance(kind, types.UnionType) or inner:
        yield kind
    else:
        yield kind


def wrong_types(fact: type[msgspec.Struct]) -> set[object]:
    return set(leaf_types(fact)) - {int, str}


@pytest.mark.parametrize("fact", FACTS, ids=wire_name)
def test_facts_hold_whole_numbers_and_text_and_nothing_else(fact: type[Fact]) -> None:
    assert wrong_types(fact) == set()


@pytest.mark.parametrize("kind", [float, bool, str | None, dict[str, int], bytes])
def test_a_fact_with_anything_else_would_be_found(kind: object) -> None:
    """The planted fault, once directly and once inside a part of a part."""
    inner = msgspec.defstruct("Inner", [("odd", kind)], bases=(Part,), frozen=True, kw_only=True)
    outer = msgspec.defstruct(
        "Outer", [("parts", tuple[inner, ...])], bases=(Fact,), frozen=True, kw_only=True
    )
    for struct in (inner, outer):
        assert wrong_types(struct) == {kind}


@pytest.mark.parametrize("fact", FACTS, ids=wire_name)
def test_no_field_of_a_fact_hides_one_of_the_envelope(fact: type[Fact]) -> None:
    assert set(fact.__struct_fields__).isdisjoint(Envelope.__struct_fields__)
    assert fact.__struct_fields__[0] == "shop"
    assert fact.__struct_config__.frozen


def every_fact_class(base: type[Fact] = Fact) -> set[type[Fact]]:
    below = {each for each in base.__subclasses__() if each.__module__.startswith("app.facts.")}
    return below.union(*(every_fact_class(each) for each in below)) if below else set()


def test_every_fact_is_registered_under_a_name_of_its_own() -> None:
    declared = {each for each in every_fact_class() if each.__name__ != "TillFact"}
    assert declared == set(FACTS)
    names = [wire_name(fact) for fact in FACTS]
    assert len(names) == len(set(names))
    assert kind_of(registry.sales.SaleCompleted) == "sale_completed"


def test_every_fact_has_its_place_in_the_list_of_meanings() -> None:
    assert set(meaning.MEANING) == set(FACTS)


def test_facts_without_any_meaning_are_these_and_no_others() -> None:
    """A fact that no room reads is an oversight, unless somebody says here why not."""
    silent = {wire_name(fact) for fact, applies in meaning.MEANING.items() if not applies}
    # What was answered stays with the print job; for the auditor it stands in the journal.
    # Head office's own facts never come to a till; tests/sync/hub/test_brand.py asks about them.
    of_head_office = {wire_name(fact) for fact in FACTS if fact.__module__ == office.__name__}
    assert silent <= {"print_answered@1"} | of_head_office


# --- apply decides nothing --------------------------------------------------------------------


def impurities(source: str) -> set[str]:
    """What an `apply` module may not do: read a clock, a table, or refuse."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {name for name in names if name.startswith(NEVER_IMPORTED)}
        found |= {name for name in names if name.endswith((".queries", ".actions"))}
        found |= {name for name in names if name in ("sqlalchemy.select", "sqlalchemy.text")}
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("execute", "exec_driver_sql", "scalar", "scalars", "select")
        ):
            found.add(ast.unparse(node.func))
        if isinstance(node, ast.Raise | ast.Assert):
            found.add("refuses")
    return found


@pytest.mark.parametrize("path", APPLYING, ids=lambda path: path.parent.name)
def test_apply_reads_no_clock_and_no_table_and_refuses_nothing(path: Path) -> None:
    assert impurities(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    "source",
    [
        "from app.clock import SystemClock",
        "from app.database import Database",
        "import time",
        "from datetime import datetime",
        "from sqlalchemy import select",
        "from app.stock.queries import quantity_on_hand",
        "def apply(entry, fact):\n    db.execute('x')",
        "def apply(entry, fact):\n    raise ValueError",
    ],
)
def test_an_apply_that_decides_would_be_found(source: str) -> None:
    """The planted faults."""
    assert impurities(source)


def test_every_room_with_tables_from_facts_is_looked_at() -> None:
    rooms = {path.parent.name for path in APPLYING}
    assert {"journal", "shop", "staff", "catalogue", "stock", "shifts", "sales"} <= rooms


def test_applying_one_entry_twice_gives_the_same_changes() -> None:
    writer = Writer("a")
    for fact in a_shop_day():
        writer.write(fact)
    for entry in writer.entries:
        said = read(entry)
        assert said is not None
        for apply in meaning.MEANING[type(said[1])]:
            assert list(apply(*said)) == list(apply(*said))
