"""Signed entries made without a till, and the tables they end in."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from app import schema
from app.database import scratch
from app.facts.base import Fact, wire_name
from app.facts.journals import JournalOpened
from app.journal.entry import FIRST_PREV, encode, hash_of
from app.journal.stored import StoredEntry
from app.journal.verify_tables import in_order
from app.row_writer import driver_of
from app.rows import Envelope
from app.verification import TABLES
from tests.support.tills import MORNING, SHOP

Tables = dict[str, list[tuple[Any, ...]]]


class Writer:
    """A journal in memory, signed with a key that its name decides."""

    def __init__(
        self,
        name: str,
        *,
        till: str = "1",
        previous: "Writer | None" = None,
        reason: str = "restored",
        shop: str = SHOP,
    ) -> None:
        self.shop = shop
        self.journal = f"journal-{name}"
        self.key = Ed25519PrivateKey.from_private_bytes(hash_of(name.encode()))
        self.entries: list[StoredEntry] = []
        self.order = MORNING
        self.write(
            JournalOpened(
                shop=shop,
                till=till,
                device=f"device-{name}",
                public_key=self.public_key,
                previous=previous.journal if previous else "",
                previous_hash=previous.entries[-1].hash.hex() if previous else "",
                reason=reason if previous else "first",
            )
        )

    @property
    def public_key(self) -> str:
        return self.key.public_key().public_bytes_raw().hex()

    def write(self, fact: Fact, /, **changed: Any) -> StoredEntry:
        """The next entry, honest unless `changed` says what its envelope shall claim."""
        seq = len(self.entries) + 1
        self.order += 1000
        envelope = Envelope(
            **{
                "v": 1,
                "journal": self.journal,
                "seq": seq,
                "prev": self.entries[-1].hash.hex() if self.entries else FIRST_PREV,
                "fact": f"{self.journal}/{seq}",
                "kind": wire_name(type(fact)),
                "order": self.order,
                "wall": self.order,
                "staff": "101",
                "app": "test",
            }
            | changed
        )
        return self.sign(encode(envelope, fact), envelope)

    def sign(self, content: bytes, envelope: Envelope) -> StoredEntry:
        """Append bytes as they are, with a true hash and signature."""
        entry = StoredEntry(
            self.journal,
            len(self.entries) + 1,
            content,
            hash_of(content),
            self.key.sign(hash_of(content)),
            envelope.fact,
            envelope.kind,
            envelope.order,
        )
        self.entries.append(entry)
        return entry


def journal_of(facts: Iterable[Fact], name: str = "a") -> list[StoredEntry]:
    """The entries of a journal that holds these facts."""
    writer = Writer(name)
    for fact in facts:
        writer.write(fact)
    return writer.entries


@contextmanager
def empty_till() -> Iterator[Connection]:
    """A till's tables in memory, without a row."""
    with scratch() as connection:
        _blank()[0].backup(driver_of(connection))
        yield connection


@cache
def _blank() -> tuple[Any, Any]:
    """The empty tables, made once: making them takes ten times as long as copying them."""
    kept = scratch()
    connection = kept.__enter__()
    schema.create(connection)
    return driver_of(connection), kept


def tables_of(connection: Connection, among: Sequence[Any] = TABLES) -> Tables:
    """Every row that was made from entries, table by table."""
    return {
        table.name: driver_of(connection).execute(in_order(table)[0]).fetchall() for table in among
    }
