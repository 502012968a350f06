"""What stored entries mean on the hub: the same as on a till, once, whatever happens meanwhile."""

import threading
from collections.abc import Callable

import msgspec
import pytest
from sqlalchemy import Connection

from app.journal.entry import decode_envelope
from app.journal.rebuild import apply_entries
from app.journal.stored import StoredEntry
from app.meaning import MEANING
from sync.hub import projecting
from sync.hub.database import HubDatabase, make_meaning
from sync.hub.ingest import next_position
from sync.hub.tables import MEANING_TABLES, hub_batch
from tests.support.entries import Tables, Writer, empty_till, tables_of
from tests.support.facts import a_shop_day, setting, sold
from tests.support.hubs import RunningHub
from tests.support.rare_facts import more_of_a_day

SHOP = "KP01"


def meant(*writers: Writer) -> Tables:
    """What a till's own code makes of these journals."""
    with empty_till() as db:
        db.exec_driver_sql("BEGIN")
        for writer in writers:
            apply_entries(db, MEANING, writer.entries)
        found = {name: sorted(rows) for name, rows in tables_of(db).items()}
        db.exec_driver_sql("ROLLBACK")
    return found


def projected(hub: RunningHub) -> Tables:
    found = {}
    for name, table in MEANING_TABLES.items():
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        found[name] = sorted(hub.rows(f'SELECT {columns} FROM "{name}"'))
    return found


def two_tills(hub: RunningHub) -> tuple[Writer, Writer]:
    one, two = Writer("a"), Writer("b", till="2")
    hub.join(one)
    hub.join(two, till="2")
    return one, two


def test_every_kind_of_fact_means_on_the_hub_what_it_means_on_a_till(
    hub: RunningHub, writer: Writer
) -> None:
    for fact in (*a_shop_day(), *more_of_a_day()):
        writer.write(fact)
    hub.push(writer)
    assert hub.projection.work() == 1
    expected = meant(writer)
    # The rest is a catalogue's, which the two tills of the sample shop bring.
    assert len([name for name, rows in expected.items() if rows]) >= 80
    assert projected(hub) == expected


def test_two_tills_in_pieces_and_turns_end_in_the_same_tables(hub: RunningHub) -> None:
    one, two = two_tills(hub)
    for writer in (one, two):
        for fact in a_shop_day():
            writer.write(fact)
    for start in range(0, len(one.entries), 5):
        for writer in (two, one):
            hub.push(writer, writer.entries[start : start + 5])
            hub.projection.work()
    assert projected(hub) == meant(one, two)


def test_a_worker_killed_in_the_middle_of_a_batch_counts_it_once(
    hub: RunningHub, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for fact in a_shop_day():
        writer.write(fact)
    hub.push(writer, writer.entries[:4])
    hub.push(writer, writer.entries[4:])
    write, calls = projecting.write_meaning, [0]

    def killed(
        database: HubDatabase, db: Connection, shop: str, said: list[projecting.Said]
    ) -> None:
        write(database, db, shop, said)
        calls[0] += 1
        if calls[0] == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(projecting, "write_meaning", killed)
        with pytest.raises(KeyboardInterrupt):
            hub.projection.work()
    assert hub.rows("SELECT position FROM hub_cursor") == [(1,)]
    hub.projection.work()
    assert hub.projection.work() == 0
    assert projected(hub) == meant(writer)


def poisoned(writer: Writer) -> StoredEntry:
    """A sale nobody's tables can hold: its number is longer than a whole number may be."""
    written = writer.write(sold(sequence=7))
    writer.entries.pop()
    content = msgspec.json.decode(written.content) | {"sequence": 10**30}
    encoded = msgspec.json.encode(content)
    return writer.sign(encoded, decode_envelope(encoded))


def test_one_entry_that_fits_no_table_is_put_aside_and_the_others_count(
    hub: RunningHub, writer: Writer
) -> None:
    writer.write(sold(sequence=1))
    bad = poisoned(writer)
    writer.write(sold(sequence=2))
    assert hub.push(writer).code == "ack"
    hub.projection.work()
    assert hub.rows("SELECT seq, reason FROM hub_unread") == [(bad.seq, "meaning_failed")]
    assert hub.rows("SELECT sequence FROM sale ORDER BY sequence") == [(1,), (2,)]
    honest = Writer("a")
    honest.write(sold(sequence=1))
    honest.entries.append(writer.entries[3])
    assert projected(hub) == meant(honest)


def test_a_newer_program_reads_what_was_put_aside(
    hub: RunningHub, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.write(setting())
    writer.write(sold())
    hub.push(writer)
    read = projecting.read
    with monkeypatch.context() as patch:
        patch.setattr(
            projecting,
            "read",
            lambda entry: None if b"sale_completed" in entry.content else read(entry),
        )
        hub.projection.try_unread_again()
        hub.projection.work()
    assert hub.rows("SELECT reason FROM hub_unread") == [("unknown_kind",)]
    assert hub.projection.try_unread_again() == 0
    monkeypatch.setattr(projecting, "__version__", "99")
    assert hub.projection.try_unread_again() == 1
    assert hub.projection.try_unread_again() == 0
    assert hub.rows("SELECT reason FROM hub_unread") == []
    assert projected(hub) == meant(writer)


def after_a_day(make_hub: Callable[..., RunningHub]) -> tuple[RunningHub, Writer]:
    """A hub, and a till that let itself in and wrote a day which it has not sent."""
    hub, writer = make_hub(), Writer("a")
    hub.join(writer)
    for fact in a_shop_day():
        writer.write(fact)
    return hub, writer


def test_a_program_that_wants_other_tables_makes_them_anew_from_the_entries(
    make_hub: Callable[..., RunningHub],
) -> None:
    hub, writer = after_a_day(make_hub)
    hub.push(writer)
    hub.projection.work()
    with hub.hub.database.begin() as db:
        db.exec_driver_sql("UPDATE hub_mark SET value = 'older' WHERE name = 'tables'")
        db.exec_driver_sql("DROP TABLE sale")
        db.exec_driver_sql("CREATE TABLE sale (shop TEXT)")
    assert make_meaning(hub.hub.database)
    assert hub.rows("SELECT count(*) FROM setting") == [(0,)]
    assert not make_meaning(hub.hub.database)
    hub.projection.work()
    assert projected(hub) == meant(writer)


# --- where each entry stands --------------------------------------------------------------------


def places(hub: RunningHub) -> set[tuple[object, ...]]:
    rows = hub.rows("SELECT shop, fact, journal, seq, kind, order_ms FROM hub_place")
    assert len(set(rows)) == len(rows)
    return {row for row in rows if row[0] != "HQ"}


def standing(*writers: Writer) -> set[tuple[object, ...]]:
    return {
        (writer.shop, each.fact, each.journal, each.seq, each.kind, each.order_ms)
        for writer in writers
        for each in writer.entries
    }


def test_the_hub_knows_where_each_entry_stands(hub: RunningHub, writer: Writer) -> None:
    other = Writer("b", shop="KP02")
    hub.join(other)
    for one in (writer, other):
        for fact in (setting(), sold(sequence=1), sold(sequence=2)):
            one.write(fact)
        hub.push(one)
    hub.projection.work()
    assert places(hub) == standing(writer, other)
    # Head office's own acts too: the till and the other were let in.
    kinds = "SELECT kind FROM hub_place WHERE shop = 'HQ' AND kind = 'device_approved@1'"
    assert len(hub.rows(kinds)) == 2


def test_an_entry_that_fits_no_table_stands_where_it_stands(
    hub: RunningHub, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned(writer)
    writer.write(sold(sequence=2))
    twice = writer.write(sold(sequence=3), fact=writer.entries[-1].fact)
    hub.push(writer)
    hub.projection.work()
    # A fact that comes twice stands where it came first.
    expected = standing(writer) - {(SHOP, twice.fact, twice.journal, twice.seq, twice.kind,
                                    twice.order_ms)}  # fmt: skip
    assert places(hub) == expected
    hub.projection.try_unread_again()
    monkeypatch.setattr(projecting, "__version__", "99")
    assert hub.projection.try_unread_again() == 0
    assert places(hub) == expected
    assert len(hub.rows("SELECT seq FROM hub_unread")) == 2


def test_a_hub_from_before_notes_its_entries_by_itself(
    make_hub: Callable[..., RunningHub],
) -> None:
    """A batch at a time, as everything that is made from entries."""
    hub, writer = after_a_day(make_hub)
    for start in range(0, len(writer.entries), 5):
        hub.push(writer, writer.entries[start : start + 5])
    hub.projection.work()
    hub.rows_changed("DROP TABLE hub_place")
    hub.rows_changed("UPDATE hub_mark SET value = 'older' WHERE name = 'tables'")
    hub.close()
    hub = make_hub()
    assert places(hub) == set()
    (batches,) = hub.rows("SELECT count(*) FROM hub_batch")
    assert hub.projection.work() > batches[0]
    assert places(hub) == standing(writer)
    assert projected(hub) == meant(writer)


# --- positions follow the order of commits --------------------------------------------------------


def by_sequence(_database: HubDatabase, db: Connection, _shop: str) -> int:
    """The planted fault: numbers are handed out whenever somebody asks."""
    return int(db.exec_driver_sql("SELECT nextval('planted')").scalar_one())


def read_along(hub: RunningHub, after: int) -> list[int]:
    rows = hub.rows(f"SELECT position FROM hub_batch WHERE position > {after} ORDER BY position")
    return [int(position) for (position,) in rows]


@pytest.mark.parametrize(
    ("numbering", "seen"), [(next_position, [1, 2]), (by_sequence, [2])], ids=["ours", "planted"]
)
def test_whoever_reads_along_sees_every_batch(
    make_hub: Callable[..., RunningHub],
    numbering: Callable[[HubDatabase, Connection, str], int],
    seen: list[int],
) -> None:
    """The first to take a number commits last; a reader that moved on must not have missed it."""
    hub = make_hub()
    if not hub.hub.database.is_postgresql:
        # SQLite has one writer: nobody can begin while another has not ended.
        return
    with hub.hub.database.begin() as db:
        db.exec_driver_sql("DROP SEQUENCE IF EXISTS planted")
        db.exec_driver_sql("CREATE SEQUENCE planted")

    def store(db: Connection, journal: str) -> None:
        position = numbering(hub.hub.database, db, SHOP)
        row = {"shop": SHOP, "position": position, "journal": journal, "first_seq": 1,
               "last_seq": 1, "heard_ms": 0}  # fmt: skip
        db.execute(hub_batch.insert(), row)

    def second() -> None:
        with hub.hub.database.begin() as db:
            store(db, "second")

    with hub.hub.database.begin() as first:
        store(first, "first")
        other = threading.Thread(target=second)
        other.start()
        other.join(0.5)
        read = read_along(hub, 0)
    other.join(10)
    read += read_along(hub, max(read, default=0))
    assert read == seen
