"""The journal this till writes: its key, and the only way an entry comes into being."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, bindparam, select

from app import __version__
from app.facts.base import Fact, wire_name
from app.journal.clock_guard import IDLE_MS, ClockGuard
from app.journal.entry import FIRST_PREV, FORMAT, decode_envelope, encode, hash6, hash_of
from app.journal.tables import entry as entry_table
from app.row_writer import Prepared
from app.rows import Envelope

_HEAD = (
    select(entry_table.c.seq, entry_table.c.hash, entry_table.c.order_ms)
    .where(entry_table.c.journal == bindparam("journal"))
    .order_by(entry_table.c.seq.desc())
    .limit(1)
)
_LAST_CONTENT = (
    select(entry_table.c.content)
    .where(entry_table.c.journal == bindparam("journal"))
    .order_by(entry_table.c.seq.desc())
    .limit(1)
)
HASH_BYTES = 32
_HEAD_NOW = Prepared(_HEAD)
_INSERT = Prepared(entry_table.insert())


class Entry:
    """One written entry."""

    __slots__ = ("content", "envelope", "fact", "hash", "sig")

    def __init__(
        self, envelope: Envelope, fact: Fact, content: bytes, entry_hash: bytes, sig: bytes
    ) -> None:
        self.envelope = envelope
        self.fact = fact
        self.content = content
        self.hash = entry_hash
        self.sig = sig

    @property
    def hash6(self) -> str:
        """The letters a receipt shows."""
        return hash6(self.hash)


class OwnJournal:
    """A journal with its key. Remembers who it is; its head is always read from the database."""

    def __init__(
        self,
        *,
        journal: str,
        key: Ed25519PrivateKey,
        device: str,
        shop: str,
        till: str,
        series: str,
        guard: ClockGuard,
    ) -> None:
        self.id = journal
        self.device = device
        self.shop = shop
        self.till = till
        self.series = series
        self.guard = guard
        self._key = key

    @property
    def seed(self) -> bytes:
        """The private key's 32 bytes, to be sealed and never shown."""
        return self._key.private_bytes_raw()

    @property
    def public_key(self) -> str:
        """64 hex digits."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> bytes:
        """A signature on something that is no entry; its first bytes must say what it is.

        Entries are signed by their 32-byte hash alone, so nothing longer can pass for one.
        """
        assert len(message) > HASH_BYTES
        return self._key.sign(message)

    def head(self, connection: Connection) -> tuple[int, str, int]:
        """(seq, hash in hex, order in ms) of the last entry; (0, zeros, 0) when there is none."""
        row = connection.execute(_HEAD, {"journal": self.id}).first()
        return (row.seq, row.hash.hex(), row.order_ms) if row else (0, FIRST_PREV, 0)

    def last_wall(self, connection: Connection) -> int:
        """What the clock said at the last entry, 0 when there is none.

        Not its order key: once a clock has been turned back that key stays ahead of the clock,
        and every start would ask again about a clock that is right.
        """
        content = connection.scalar(_LAST_CONTENT, {"journal": self.id})
        return decode_envelope(content).wall if content else 0

    def trusted_ms(self, connection: Connection) -> int:
        """The moment to price by: the believed clock, but never before the last fact.

        So a clock turned back opens no promotion again that was over. A last fact a week or more
        ahead of a clock somebody confirmed was written under a wrong date, and does not count.
        """
        last = _HEAD_NOW.first(connection, {"journal": self.id})
        last_order = int(last[2]) if last else 0
        last_wall = 0 if self.guard.believes else self.last_wall(connection)
        now = self.guard.trusted_ms(last_wall)
        return last_order if now < last_order < now + IDLE_MS else now

    def append(
        self, connection: Connection, fact: Fact, fact_id: str, *, staff: str, believe_clock: bool
    ) -> Entry:
        """Sign, chain and insert one fact. Raises Refusal("clock_jumped").

        `believe_clock` is for the fact that confirms the clock itself.
        """
        last = _HEAD_NOW.first(connection, {"journal": self.id})
        seq, prev, last_order = (last[0], last[1].hex(), last[2]) if last else (0, FIRST_PREV, 0)
        if believe_clock:
            self.guard.confirm()
        wall = self.guard.check(0 if self.guard.believes else self.last_wall(connection))
        envelope = Envelope(
            v=FORMAT,
            journal=self.id,
            seq=seq + 1,
            prev=prev,
            fact=fact_id,
            kind=wire_name(type(fact)),
            order=max(wall, last_order + 1),
            wall=wall,
            staff=staff,
            app=__version__,
        )
        content = encode(envelope, fact)
        entry_hash = hash_of(content)
        signature = self._key.sign(entry_hash)
        _INSERT.run(
            connection,
            {
                "journal": self.id,
                "seq": envelope.seq,
                "fact": fact_id,
                "kind": envelope.kind,
                "order_ms": envelope.order,
                "hash": entry_hash,
                "sig": signature,
                "content": content,
            },
        )
        return Entry(envelope, fact, content, entry_hash, signature)
