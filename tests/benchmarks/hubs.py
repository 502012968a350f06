"""What a hub takes in and works out in a second, beside COPY of the same bytes, on PostgreSQL."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from app.clock import SettableClock
from app.ids import Ids, seeded
from app.journal.stored import StoredEntry
from sync import protocol
from sync.hub import office
from sync.hub.enrolling import Signer, enrol
from sync.hub.ingest import take
from sync.hub.projecting import Projection
from sync.hub.signed_line import MESSAGES
from sync.hub.state import Hub
from sync.hub.tables import hub_entry
from tests.benchmarks.measuring import Figure, percentile, without_collecting
from tests.support.entries import Writer
from tests.support.facts import sold
from tests.support.postgres import a_database, a_server
from tests.support.tills import MORNING, SHOP

SALES = 10_000
BATCH = protocol.MOST_ENTRIES
ROUNDS = 5
BAR_INGEST, BAR_FACTS = 0.6, 2_000.0
LINES = tuple((f"KP-A{n:03d}", 1280, 1000) for n in range(5))


def _journal(sales: int) -> Writer:
    writer = Writer("bench")
    for sequence in range(1, sales + 1):
        writer.write(sold(*LINES, sequence=sequence))
    return writer


@contextmanager
def _hub(writer: Writer) -> Iterator[tuple[Hub, Signer]]:
    """A hub on PostgreSQL that let this journal's till in."""
    with a_server(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        clock = SettableClock(MORNING)
        url = a_database(server, "bench")
        hub = Hub(Path(folder), clock=clock, ids=Ids(clock, seeded("bench")), url=url)
        try:
            code = office.enrol_code(hub, shop=SHOP, till="1")
            wish = protocol.Enrol(
                opened=protocol.pushed(writer.entries[0]),
                proof=protocol.till_proof(code, writer.public_key),
                app="bench",
            )
            enrol(hub.database, wish, clock.wall_ms(), hub.sealing.public)
            yield hub, Signer(SHOP, "device-bench", "1", "approved")
        finally:
            hub.close()


def _pieces(entries: Sequence[StoredEntry]) -> Iterator[Sequence[StoredEntry]]:
    for start in range(0, len(entries), BATCH):
        yield entries[start : start + BATCH]


def _bodies(writer: Writer) -> list[bytes]:
    return [
        protocol.encoded(
            protocol.Push(journal=writer.journal, entries=[protocol.pushed(one) for one in piece])
        )
        for piece in _pieces(writer.entries)
    ]


def _ingest(hub: Hub, signer: Signer, bodies: Sequence[bytes]) -> float:
    """Seconds from plain bodies to committed rows: decoded, hashed, chained, tip signature read."""
    began = perf_counter()
    for body in bodies:
        push = MESSAGES[protocol.PUSH_PATH].decode(body)
        answer = take(hub.database, signer, push, incarnation=hub.incarnation, now_ms=hub.now_ms())
        assert isinstance(answer, protocol.Ack), answer
    return perf_counter() - began


def _copy(hub: Hub, entries: Sequence[StoredEntry]) -> float:
    """Seconds for nothing but COPY of the same rows, in as many transactions."""
    began = perf_counter()
    for piece in _pieces(entries):
        with hub.database.begin() as db:
            hub.database.add(
                db,
                hub_entry,
                [
                    {"shop": "COPY", "journal": one.journal, "seq": one.seq, "hash": one.hash,
                     "sig": one.sig, "content": one.content}
                    for one in piece
                ],
            )  # fmt: skip
    return perf_counter() - began


def _emptied(hub: Hub) -> None:
    with hub.database.begin() as db:
        for table in ("hub_entry", "hub_journal", "hub_batch", "hub_shop"):
            db.exec_driver_sql(f"TRUNCATE {table}")


def ingest(sales: int = SALES, rounds: int = ROUNDS) -> list[Figure]:
    """Entries a second taken in, beside COPY of the raw entries."""
    writer = _journal(sales)
    bodies = _bodies(writer)
    ours: list[float] = []
    bare: list[float] = []
    with _hub(writer) as (hub, signer), without_collecting():
        for _ in range(rounds):
            _emptied(hub)
            ours.append(len(writer.entries) / _ingest(hub, signer, bodies))
            _emptied(hub)
            bare.append(len(writer.entries) / _copy(hub, writer.entries))
    mine, limit = percentile(ours, 0.5), percentile(bare, 0.5)
    return [
        Figure(
            name="ingest",
            what="entries a second: decoded, hashed, chained, tip signature, stored, answered",
            p50=mine,
            limit="COPY of the raw entries",
            limit_p50=limit,
            ratio=mine / limit,
            bar=f"at least {BAR_INGEST}× COPY",
            met=mine / limit >= BAR_INGEST,
            unit="entries/s",
            more={"sales": sales, "rounds": rounds},
        )
    ]


def projection(sales: int = SALES) -> list[Figure]:
    """Facts a second worked into the tables of meaning."""
    writer = _journal(sales)
    with _hub(writer) as (hub, signer), without_collecting():
        _ingest(hub, signer, _bodies(writer))
        began = perf_counter()
        batches = Projection(hub.database).work()
        took = perf_counter() - began
    rate = len(writer.entries) / took
    return [
        Figure(
            name="projection",
            what="facts a second, sales of five lines, into every table they mean something to",
            p50=rate,
            limit="set by the bar",
            bar=f"at least {BAR_FACTS:.0f} facts/s",
            met=rate >= BAR_FACTS,
            unit="facts/s",
            more={"sales": sales, "batches": batches},
        )
    ]
