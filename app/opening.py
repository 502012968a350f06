"""Opens a data folder: lock, checks, schema, master key, journal. Ends in `Books`.

The only place that builds these parts; everybody else is handed them.
"""

from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from app import folder as place
from app import schema
from app.clock import Clock
from app.database import FILE_NAME, Database
from app.errors import Refusal, Trouble
from app.facts.journals import JournalOpened
from app.ids import Ids
from app.journal.clock_guard import ClockGuard
from app.journal.entry import hash_of
from app.journal.own import OwnJournal
from app.journal.secrets import (
    SecretStore,
    key_from_file,
    key_from_keystore,
    key_from_passphrase,
)
from app.journal.tables import entry, journal_opened, mark, own_journal
from app.meaning import MEANING
from app.transaction import Books, transaction

KEYSTORES = ("keyring", "file", "passphrase")


@dataclass(frozen=True, slots=True)
class NewTill:
    """What is decided once, when a folder becomes a till's."""

    shop: str
    till: str
    series: str = ""
    """D for a demo folder, T for training, "" else."""
    keystore: str = "keyring"


class OpenFolder:
    """A folder this process holds: the lock, the books, and whether it is a demo for ever."""

    def __init__(self, folder: Path, lock: place.FolderLock, books: Books, series: str) -> None:
        self.folder = folder
        self.books = books
        self.series = series
        self._lock = lock

    @property
    def demo(self) -> bool:
        return self.series == "D"

    @property
    def training(self) -> bool:
        return self.series == "T"

    def close(self) -> None:
        """Close the database and let another process in."""
        self.books.database.close()
        self._lock.release()


def is_set_up(folder: Path) -> bool:
    """Whether a till lives here already."""
    return (folder / FILE_NAME).exists()


def open_folder(
    folder: Path,
    *,
    clock: Clock,
    ids: Ids,
    new: NewTill | None = None,
    passphrase: str = "",
    reserve: bool = True,
) -> OpenFolder:
    """Open a till's folder, or make one when `new` says what it shall be.

    Raises Refusal: folder_synced, folder_on_network, till_already_open, folder_not_set_up,
    folder_already_set_up, passphrase_needed; Trouble: folder_read_only, database_damaged,
    not_a_till_database, schema_newer, keystore_missing, keystore_key_lost, journal_broken.
    """
    place.check_place(folder)
    place.prepare(folder)
    lock = place.FolderLock(folder)
    database: Database | None = None
    try:
        if is_set_up(folder) and new is not None:
            raise Refusal("folder_already_set_up")
        if not is_set_up(folder) and new is None:
            raise Refusal("folder_not_set_up")
        if reserve:
            place.keep_reserve(folder)
        database = Database(folder / FILE_NAME)
        schema.bring_up_to_date(
            database.writer, lambda: _copy_before_upgrade(folder, database)
        )
        if _marks(database).get("keystore") is None and new is None:
            # Killed between making the file and its first entry: nothing was ever recorded.
            raise Refusal("folder_half_made")
        books = _books(folder, database, clock, ids, new, passphrase)
        return OpenFolder(folder, lock, books, books.journal.series)
    except BaseException:
        if database is not None:
            database.close()
        lock.release()
        raise


def _copy_before_upgrade(folder: Path, database: Database | None) -> None:
    assert database is not None
    target = folder / f"before-upgrade-{schema.version_of(database.writer)}.db"
    target.unlink(missing_ok=True)
    database.copy_to(target)


def _marks(database: Database) -> dict[str, str]:
    with database.read() as db:
        return {row.name: row.value for row in db.execute(select(mark))}


def _books(
    folder: Path,
    database: Database,
    clock: Clock,
    ids: Ids,
    new: NewTill | None,
    passphrase: str,
) -> Books:
    marks = _marks(database)
    device = marks.get("device") or ids.new()
    salt = bytes.fromhex(marks["salt"]) if "salt" in marks else ids.random_bytes(16)
    keystore = new.keystore if new else marks["keystore"]
    key = _master_key(
        keystore, folder, device, create=new is not None, passphrase=passphrase, salt=salt, ids=ids
    )
    secrets = SecretStore(key, ids.random_bytes)
    guard = ClockGuard(clock)
    journal = (
        _new_journal(ids, guard, new, device)
        if new
        else _known_journal(database, secrets, guard)
    )
    books = Books(
        database=database,
        journal=journal,
        meaning=MEANING,
        secrets=secrets,
        clock=clock,
        ids=ids,
    )
    if new is not None:
        _first_entry(books, new, {"device": device, "keystore": keystore, "salt": salt.hex()})
    return books


def _master_key(
    keystore: str,
    folder: Path,
    device: str,
    *,
    create: bool,
    passphrase: str,
    salt: bytes,
    ids: Ids,
) -> bytes:
    if keystore == "file":
        return key_from_file(folder, create=create, random_bytes=ids.random_bytes)
    if keystore == "passphrase":
        if not passphrase:
            raise Refusal("passphrase_needed")
        return key_from_passphrase(passphrase, salt)
    return key_from_keystore(device, create=create, random_bytes=ids.random_bytes)


def _new_journal(ids: Ids, guard: ClockGuard, new: NewTill, device: str) -> OwnJournal:
    return OwnJournal(
        journal=ids.new(),
        key=Ed25519PrivateKey.from_private_bytes(ids.random_bytes(32)),
        device=device,
        shop=new.shop,
        till=new.till,
        series=new.series,
        guard=guard,
    )



def _first_entry(books: Books, new: NewTill, marks: dict[str, str]) -> None:
    """Key, marks and JournalOpened in one transaction: a folder is a till's or it is not."""
    journal = books.journal
    with transaction(books) as tx:
        books.secrets.save(tx.connection, f"journal:{journal.id}", journal.seed)
        for name, value in marks.items():
            tx.execute(insert(mark), {"name": name, "value": value})
        opened = tx.record(
            JournalOpened(
                shop=new.shop,
                till=new.till,
                device=journal.device,
                public_key=journal.public_key,
                reason="first",
                series=new.series,
            )
        )
        tx.execute(
            own_journal.insert(),
            {"journal": journal.id, "opened_order": opened.envelope.order},
        )


def _known_journal(database: Database, secrets: SecretStore, guard: ClockGuard) -> OwnJournal:
    with database.read() as db:
        newest = db.scalar(
            select(own_journal.c.journal).order_by(own_journal.c.opened_order.desc()).limit(1)
        )
        opened = db.execute(
            select(journal_opened).where(journal_opened.c.journal == newest)
        ).first()
        seed = secrets.load(db, f"journal:{newest}")
        if opened is None or seed is None:
            raise Trouble("journal_broken", seq=1)
        _check_tip(db, str(newest), opened.public_key)
    return OwnJournal(
        journal=str(newest),
        key=Ed25519PrivateKey.from_private_bytes(seed),
        device=opened.device,
        shop=opened.shop,
        till=opened.till,
        series=opened.series,
        guard=guard,
    )


def _check_tip(db: Connection, journal: str, public_key: str, last: int = 200) -> None:
    """The last entries hash, chain and sign; the whole journal is `verify`'s work."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    rows = db.execute(
        select(entry).where(entry.c.journal == journal).order_by(entry.c.seq.desc()).limit(last)
    ).all()
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        chained = before is None or before.hash.hex().encode() in row.content
        if hash_of(row.content) != row.hash or not chained:
            raise Trouble("journal_broken", seq=row.seq)
        if before is not None and before.seq != row.seq - 1:
            raise Trouble("journal_broken", seq=row.seq)
        try:
            key.verify(row.sig, row.hash)
        except InvalidSignature:
            raise Trouble("journal_broken", seq=row.seq) from None
