"""A till's file with as many true entries as one asks for, written past the counter.

Sales of five lines by eight people, 500 a day, with sign-ins, drawers and looks at phones between
them: chained, signed and numbered as a till writes them. Only the journal is filled, no table.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.facts.base import Fact, wire_name
from app.facts.members import MemberShown
from app.facts.shifts import DrawerOpened
from app.facts.staff import SignedIn
from app.journal.entry import hash_of
from app.journal.tables import entry
from app.row_writer import driver_of
from app.rows import Envelope
from tests.support.facts import sold
from tests.support.tills import SHOP, TILL, TillInFolder

PEOPLE = ("101", "102", "103", "104", "105", "201", "202", "301")
SALES_A_DAY = 500
CHUNK = 5_000
BETWEEN_MS = 60_000
_FIVE = tuple((f"KP-A{n:03d}", 1280, 1000) for n in range(5))
_COLUMNS = tuple(column.name for column in entry.columns)
_INSERT = f"INSERT INTO entry ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


def facts() -> Iterator[Fact]:
    """What happens, for ever: seven sales in ten facts, numbered within their day."""
    sale, number = sold(*_FIVE), 0
    while True:
        for place in range(10):
            if place < 7:
                day, sequence = divmod(number, SALES_A_DAY)
                number += 1
                named = f"2026-{day:05d}"
                yield msgspec.structs.replace(
                    sale, day=named, sequence=sequence + 1, number=f"KP01-1-{number}"
                )
            elif place == 7:
                yield SignedIn(shop=SHOP, till=TILL, person=PEOPLE[number % 8])
            elif place == 8 and number % 700 == 0:
                yield MemberShown(shop=SHOP, till=TILL, member="m", what="phone", person="301")
            else:
                yield DrawerOpened(shop=SHOP, till=TILL, reason="找零")


def write_entries(till: TillInFolder, count: int) -> None:
    """Append `count` entries to a till's journal."""
    journal, encode = till.books.journal, msgspec.json.Encoder().encode
    writer = till.books.database.writer
    seq, prev, order = journal.head(writer)
    endless = facts()
    for begun in range(0, count, CHUNK):
        rows = []
        for _ in range(min(CHUNK, count - begun)):
            seq, order, fact = seq + 1, order + BETWEEN_MS, next(endless)
            envelope = Envelope(
                v=1, journal=journal.id, seq=seq, prev=prev, fact=f"{seq:032x}",
                kind=wire_name(type(fact)), order=order, wall=order,
                staff=PEOPLE[seq % len(PEOPLE)], app="bench",
            )  # fmt: skip
            content = encode(envelope)[:-1] + b"," + encode(fact)[1:]
            made = hash_of(content)
            prev = made.hex()
            values = {
                "journal": journal.id, "seq": seq, "fact": envelope.fact, "kind": envelope.kind,
                "order_ms": order, "hash": made, "sig": journal._key.sign(made),
                "content": content,
            }  # fmt: skip
            rows.append([values[name] for name in _COLUMNS])
        writer.exec_driver_sql("BEGIN IMMEDIATE")
        driver_of(writer).executemany(_INSERT, rows)
        writer.exec_driver_sql("COMMIT")


def till_with_entries(folder: Path, count: int) -> TillInFolder:
    """A till of its own whose journal holds that many, its beginning included."""
    till = TillInFolder(folder)
    write_entries(till, count - till.books.journal.head(till.books.database.writer)[0])
    return till
