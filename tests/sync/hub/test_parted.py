"""The hub's tables, parted by shop on a real PostgreSQL: everything means what it meant."""

from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from sync.hub.tables import HUB, MEANT
from tests.support.entries import Writer
from tests.support.facts import a_shop_day, setting, sold
from tests.support.hubs import RunningHub
from tests.support.postgres import a_database
from tests.sync.hub.test_projecting import meant, projected

DDL = Path(__file__).resolve().parents[3] / "sync" / "hub" / "ddl"
PLAIN = {"hub_device", "hub_mark", "hub_nonce"}
"""Tables that every shop shares, and which must be among those left whole."""


@pytest.fixture
def own(database: str) -> str:
    """A database of its own: its tables are not put back."""
    return a_database(database, "hub_parted")


def run(url: str, name: str, *before: str) -> None:
    with psycopg.connect(url) as db:
        for each in (*before, (DDL / name).read_text()):
            db.execute(each)  # type: ignore[call-overload]


def kinds(url: str) -> dict[str, str]:
    """Table -> r (whole) or p (parted)."""
    with psycopg.connect(url) as db:
        rows = db.execute(
            "SELECT relname, relkind::text FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND NOT relispartition AND relnamespace = 'public'::regnamespace"
        )
        return {str(name): str(kind) for name, kind in rows.fetchall()}


def test_a_hub_whose_tables_are_parted_takes_in_and_works_out_the_same(
    own: str, tmp_path: Path
) -> None:
    hub = RunningHub(tmp_path / "hub", own)
    one, two = Writer("a"), Writer("b", till="2")
    hub.join(one)
    hub.join(two, till="2")
    for fact in a_shop_day():
        one.write(fact)
    hub.push(one)
    hub.projection.work()
    before = projected(hub)
    hub.close()

    for _again in range(2):
        run(own, "partitioned.sql", "SET hub.partitions = '2'")
    found = kinds(own)
    parted = {name for name, kind in found.items() if kind == "p"}
    assert {name for name, kind in found.items() if kind == "r"} >= PLAIN
    assert parted >= {"hub_entry", "hub_batch", "hub_fork", "hub_quarantine", "hub_feed_part"}
    assert parted >= {each.name for each in MEANT.sorted_tables}

    hub = RunningHub(tmp_path / "hub", own)
    try:
        assert projected(hub) == before
        for number in range(20):
            two.write(sold(sequence=number + 1))
            two.write(setting(value=str(number)))
        for _again in range(2):
            assert hub.push(two).code == "ack"
        hub.projection.work()
        found_now, expected = projected(hub), meant(one, two)
        assert len(expected["sale"]) > 20
        assert {name: found_now[name] for name in expected} == expected
        assert hub.rows("SELECT count(*) FROM hub_unread") == [(0,)]
        two.entries.pop()
        assert hub.push(two, [two.write(setting(value="a fork"))]).code == "fork"
    finally:
        hub.close()


SHOPS = ("KP01", "KP02", "KP03", "KP04")
PARTS = 8


def parts_read(url: str, question: str, *before: str) -> set[str]:
    """The parts of tables that PostgreSQL would read to answer."""
    found: set[str] = set()

    def walk(node: dict[str, Any]) -> None:
        if name := node.get("Relation Name"):
            found.add(name)
        for below in node.get("Plans", ()):
            walk(below)

    with psycopg.connect(url) as db:
        for each in before:
            db.execute(each)  # type: ignore[call-overload]
        explain = f"EXPLAIN (FORMAT JSON) {question}"
        ((plan,),) = db.execute(explain).fetchall()  # type: ignore[call-overload]
    walk(plan[0]["Plan"])
    return found


def test_what_is_asked_of_one_shop_reads_one_part_whatever_the_others_sold(
    own: str, tmp_path: Path
) -> None:
    RunningHub(tmp_path / "hub", own).close()
    run(own, "partitioned.sql", f"SET hub.partitions = '{PARTS}'")
    hub = RunningHub(tmp_path / "hub", own)
    writers = [Writer(shop, shop=shop) for shop in SHOPS]
    try:
        for count, writer in enumerate(writers, 1):
            hub.join(writer)
            for sequence in range(count):
                sale = sold(sequence=sequence + 1)
                writer.write(msgspec.structs.replace(sale, shop=writer.shop))
            assert hub.push(writer).code == "ack"
        hub.projection.work()
        assert hub.rows("SELECT count(*) FROM hub_unread") == [(0,)]
        assert hub.rows("SELECT shop, count(*) FROM sale GROUP BY shop ORDER BY shop") == [
            (shop, count) for count, shop in enumerate(SHOPS, 1)
        ]
        found_now, expected = projected(hub), meant(*writers)
        assert {name: found_now[name] for name in expected} == expected
    finally:
        hub.close()
    for table in ("sale", "hub_entry"):
        where: dict[str, set[str]] = {}
        with psycopg.connect(own) as db:
            lies = f'SELECT tableoid::regclass::text, shop FROM "{table}"'
            for part, shop in db.execute(lies).fetchall():  # type: ignore[call-overload]
                where.setdefault(shop, set()).add(part.strip('"'))
        assert len(set.union(*where.values())) > 1
        question = f"SELECT count(*) FROM {table}"
        assert len(parts_read(own, question)) == PARTS
        for shop in SHOPS:
            of_one = f"{question} WHERE shop = '{shop}'"
            assert parts_read(own, of_one) == where[shop]
            # Without pruning every part is read, and this very look would say so.
            assert len(parts_read(own, of_one, "SET enable_partition_pruning = off")) == PARTS


def test_each_table_is_spread_by_shop_or_lies_on_every_node(own: str, tmp_path: Path) -> None:
    """The script, with what the cluster's functions are called with written down instead."""
    RunningHub(tmp_path / "hub", own).close()
    stand_ins = """
        CREATE TABLE pg_dist_partition (logicalrelid regclass, partmethod char, spread_with text);
        CREATE FUNCTION create_reference_table(t regclass) RETURNS void LANGUAGE sql AS
            $f$ INSERT INTO pg_dist_partition VALUES (t, 'n', '') $f$;
        CREATE FUNCTION create_distributed_table(t regclass, by text, colocate_with text)
            RETURNS void LANGUAGE sql AS
            $f$ INSERT INTO pg_dist_partition VALUES (t, 'h', colocate_with) $f$;
        """
    script = (DDL / "distributed.sql").read_text()
    made = script.replace("CREATE EXTENSION IF NOT EXISTS citus;", "")
    assert made != script
    with psycopg.connect(own) as db:
        for each in (stand_ins, made, made):
            db.execute(each)  # type: ignore[call-overload]
        rows = db.execute(
            "SELECT logicalrelid::text, partmethod::text, spread_with FROM pg_dist_partition"
        ).fetchall()
    spread = {name for name, way, _with in rows if way == "h"}
    assert len(rows) == len({name for name, _way, _with in rows})
    assert {name for name, way, _with in rows if way == "n"} >= PLAIN
    assert spread >= {"hub_entry", *(each.name for each in MEANT.sorted_tables)}
    assert spread | PLAIN >= {each.name for each in HUB.sorted_tables if "shop" in each.columns}
    # One of them begins, all others go where it lies.
    (first,) = (name for name, way, with_ in rows if way == "h" and with_ == "default")
    assert {with_ for _name, way, with_ in rows if way == "h"} == {"default", first}
