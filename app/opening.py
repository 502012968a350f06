"""Opens a data folder: lock, checks, schema, master key, journal. Ends in `Books`.

The only place that builds these parts; everybody else is handed them. A folder is a till's when
its first entry is on the disk, and not before: what a first opening that failed had made is taken
away again.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from app import folder as place
from app import schema
from app.clock import Clock
from app.copied_till import copied_till, damaged
from app.database import FILE_ERRORS, FILE_NAME, Database, trouble_of
from app.errors import Refusal, ShopError, Trouble
from app.ids import Ids
from app.journal import backup
from app.journal.clock_guard import ClockGuard
from app.journal.copy_keys import copy_key
from app.journal.secrets import (
    KEY_FILE,
    SecretStore,
    key_from_file,
    key_from_keystore,
    key_from_passphrase,
)
from app.journal.tables import entry, mark, own_journal
from app.lifting import prove_lift
from app.meaning import MEANING
from app.own_journals import Before, first_entry, known_journal, new_journal, seal_tip
from app.transaction import Books, Transaction

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
        self._closed = False

    @property
    def demo(self) -> bool:
        return self.series == "D"

    @property
    def training(self) -> bool:
        return self.series == "T"

    def copy_entries(self, copies: Path) -> backup.Copied:
        """Append what is new in this till's journals to the copies on the second disk.

        Raises Trouble: copy_failed, copy_differs, copy_damaged, journal_broken.
        """
        with self.books.read() as db:
            journals = db.scalars(
                select(own_journal.c.journal).order_by(own_journal.c.opened_order)
            ).all()
            return backup.copy_entries(db, journals, copies, self.sealing())

    def copy_all(self, target: Path) -> Path:
        """Copy the whole database under `target` (a folder), sealed where the copies are; its name.

        Raises Trouble: database_damaged, disk_full, disk_error, copy_failed, copy_damaged.
        """
        sealing, database = self.sealing(), self.books.database
        if sealing is not None and not place.room_for(self.folder, database.path.stat().st_size):
            # A sealed copy is made beside the till first, where sales need room as well.
            raise Trouble("disk_full")
        names = (backup.FULL_NAME, backup.FULL_SEALED_NAME)
        made, former = names if sealing is None else names[::-1]
        backup.full_copy(database, target.joinpath(made), sealing, beside=self.folder)
        if sealing is not None:
            (target.joinpath(former)).unlink(missing_ok=True)
        return target.joinpath(made)

    def sealing(self) -> backup.Sealing | None:
        """The key this till's copies are sealed with, None before it has a recovery code."""
        with self.books.read() as db:
            key = copy_key(self.books.secrets, db)
        return None if key is None else backup.Sealing(key, self.books.ids.random_bytes)

    def close(self) -> None:
        """Close the database and let another process in."""
        if not self._closed:
            # A disk that takes nothing any more keeps the older seal; what is on it can be read.
            with suppress(ShopError):
                seal_tip(self.books)
        self._closed = True
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
    lifted: Callable[[], None] = lambda: None,
) -> OpenFolder:
    """Open a till's folder, or make one when `new` says what it shall be. `lifted` is called when
    an older file was lifted and looked at, just before that is kept: no older program opens it
    from then on.

    Raises Refusal: folder_synced, folder_on_network, till_already_open, folder_not_set_up,
    folder_already_set_up, folder_half_made (a first opening was killed; `new` begins again),
    passphrase_needed, passphrase_too_short, passphrase_wrong; Trouble: folder_read_only,
    disk_full, database_damaged, not_a_till_database, schema_newer, upgrade_failed,
    keystore_missing, keystore_key_lost, keystore_wrong_key, journal_broken.
    """
    return _open(folder, _Wish(new, passphrase, reserve, lifted=lifted), clock, ids)


def restore_folder(
    folder: Path,
    copies: Path,
    *,
    clock: Clock,
    ids: Ids,
    keystore: str = "keyring",
    passphrase: str = "",
    code: str = "",
    next_code: str = "",
    accept_damage: bool = False,
    reserve: bool = True,
    finishing: Callable[[Transaction], None] | None = None,
) -> OpenFolder:
    """Make a till anew from the copies of its journal, and begin its next journal.

    `copies` is their folder, or one database file that was copied whole; `code` opens sealed ones
    and stays the recovery code, by which everybody gets a new PIN; `next_code` becomes it else.

    `finishing` is done in the same commit as everything else. Names, PINs and drafts were never in
    the journal: they are set again by hand. With `accept_damage` entries that are not authentic
    stay out, and `verify` shows the gaps for ever.
    Raises what `open_folder` does, Trouble: copy_failed, copy_missing, copy_damaged (with the
    place), copy_foreign, Refusal: copies_sealed, recovery_wrong, copies_of_several, clock_jumped
    for a clock that stands before the last copied fact.
    """
    found = copied_till(copies, code)
    if found.problems and not accept_damage:
        raise damaged(found.problems)
    if clock.wall_ms() < found.last_ms:
        raise Refusal("clock_jumped", shown_ms=clock.wall_ms(), expected_ms=found.last_ms)
    newest, fact = found.opened[-1]
    heads = [entry for entry in found.entries if entry.journal == newest.journal]
    before = Before(
        newest.journal, heads[-1].hash.hex(), found.entries, code or next_code, finishing
    )
    new = NewTill(shop=fact.shop, till=fact.till, series=found.next_series, keystore=keystore)
    return _open(folder, _Wish(new, passphrase, reserve, before), clock, ids)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the caller wants of a folder."""

    new: NewTill | None
    passphrase: str
    reserve: bool
    before: Before | None = None
    lifted: Callable[[], None] = lambda: None


def _open(folder: Path, wish: _Wish, clock: Clock, ids: Ids) -> OpenFolder:
    place.check_place(folder)
    if wish.new is None and not is_set_up(folder):
        raise Refusal("folder_not_set_up")
    found = set(folder.iterdir()) if folder.is_dir() else None
    place.prepare(folder)
    lock = place.FolderLock(folder)
    database: Database | None = None
    try:
        if wish.reserve:
            place.keep_reserve(folder)
        database = Database(folder / FILE_NAME)
        _bring_up(folder, database, wish)
        books = _books(folder, database, clock, ids, wish)
        return OpenFolder(folder, lock, books, books.journal.series)
    except BaseException as error:
        if database is not None:
            with suppress(*FILE_ERRORS):
                database.close()
        lock.release()
        if wish.new is not None and (folder / FILE_NAME) not in (found or ()):
            _take_back(folder, found)
        if isinstance(error, FILE_ERRORS):
            trouble = trouble_of(error) or Trouble("database_damaged", detail=str(error)[:80])
            raise trouble from error
        raise


def _take_back(folder: Path, found: set[Path] | None) -> None:
    """Remove what a first opening that failed had put into the folder."""
    ours = (FILE_NAME, FILE_NAME + "-wal", FILE_NAME + "-shm", KEY_FILE)
    for name in (*ours, place.RESERVE_FILE, place.LOCK_FILE):
        if folder / name not in (found or ()):
            with suppress(OSError):
                (folder / name).unlink()
    if found is None:
        with suppress(OSError):
            folder.rmdir()


def _bring_up(folder: Path, database: Database, wish: _Wish) -> None:
    """The newest schema; refuses before it changes anything."""
    new = wish.new

    def prove(connection: Connection) -> Callable[[], None]:
        look = prove_lift(connection)

        def proved() -> None:
            look()
            wish.lifted()

        return proved

    half_made = schema.version_of(database.writer) == "" or _is_empty(database)
    if half_made and new is None:
        # Killed between making the file and its first entry: nothing was ever recorded.
        raise Refusal("folder_half_made")
    if new is not None and not half_made:
        raise Refusal("folder_already_set_up")
    schema.bring_up_to_date(database.writer, lambda: _copy_before_upgrade(folder, database), prove)


def _copy_before_upgrade(folder: Path, database: Database) -> None:
    target = folder / f"before-upgrade-{schema.version_of(database.writer)}.db"
    backup.full_copy(database, target)


def _is_empty(database: Database) -> bool:
    with database.read() as db:
        first = db.execute(select(entry.c.seq).limit(1)).first()
    return first is None and "keystore" not in _marks(database)


def _marks(database: Database) -> dict[str, str]:
    with database.read() as db:
        rows = db.execute(select(mark)).all()
    # A damaged page may hold anything; what is missing then is missed where it is needed.
    return {row.name: row.value for row in rows if isinstance(row.value, str)}


def _books(folder: Path, database: Database, clock: Clock, ids: Ids, wish: _Wish) -> Books:
    new = wish.new
    marks = (
        {"device": ids.new(), "keystore": new.keystore, "salt": ids.random_bytes(16).hex()}
        if new
        else _marks(database)
    )
    secrets = SecretStore(_master_key(folder, marks, ids, wish), ids.random_bytes)
    guard = ClockGuard(clock)
    if new:
        journal = new_journal(
            ids,
            guard,
            device=marks["device"],
            shop=new.shop,
            till=new.till,
            series=new.series,
        )
    else:
        try:
            journal = known_journal(database, secrets, guard)
        except Trouble as trouble:
            if trouble.code == "keystore_wrong_key" and marks["keystore"] == "passphrase":
                raise Refusal("passphrase_wrong") from None
            raise
    books = Books(
        database=database,
        journal=journal,
        meaning=MEANING,
        secrets=secrets,
        clock=clock,
        ids=ids,
    )
    if new:
        first_entry(books, marks, wish.before)
    return books


def _master_key(folder: Path, marks: dict[str, str], ids: Ids, wish: _Wish) -> bytes:
    create = wish.new is not None
    match marks:
        case {"keystore": "file"}:
            return key_from_file(folder, create=create, random_bytes=ids.random_bytes)
        case {"keystore": "passphrase", "salt": salt}:
            if not wish.passphrase:
                raise Refusal("passphrase_needed")
            with suppress(ValueError):
                return key_from_passphrase(wish.passphrase, bytes.fromhex(salt))
        case {"keystore": "keyring", "device": device}:
            return key_from_keystore(device, create=create, random_bytes=ids.random_bytes)
    raise Trouble("database_damaged", detail="marks")
