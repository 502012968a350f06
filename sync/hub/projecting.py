"""Works stored batches into the tables of meaning: the same `apply` as on the tills, in bulk.

One transaction writes what a batch means and moves the shop's cursor behind it, so a batch counts
exactly once whenever the process dies. An entry whose meaning does not fit is put aside and the
others go on; a newer program tries it again.
"""

import logging
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    Connection,
    Delete,
    Table,
    bindparam,
    cast,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from app import __version__
from app.facts.base import Fact
from app.journal.entry import BadEntry, text_problem
from app.journal.rebuild import read
from app.journal.stored import StoredEntry
from app.loop import Loop
from app.reports.month_sums import summed
from app.row_writer import gathered
from app.rows import Envelope
from app.stock.tables import movement
from sync.hub.database import HubDatabase, Rows, marks
from sync.hub.files import erase
from sync.hub.office_apply import HUB_MEANING, TABLES
from sync.hub.tables import (
    hub_batch,
    hub_cursor,
    hub_entry,
    hub_mark,
    hub_moved,
    hub_place,
    hub_shop,
    hub_unread,
)

LOG = logging.getLogger(__name__)
PAUSE_S = 1.0
CLOSING_S = 30
Said = tuple[Envelope, Fact]


class Projection:
    """One worker. Several may run: a shop's cursor is locked while its batch is worked in."""

    def __init__(self, database: HubDatabase) -> None:
        self.database = database
        self._loop = Loop("projection", self._round, lambda: PAUSE_S)
        self._tried = False

    def start(self) -> None:
        """Work by itself until `close`."""
        self._loop.start()

    def wake(self) -> None:
        """Something was stored."""
        self._loop.wake()

    def close(self) -> None:
        """End after the batch at hand."""
        self._loop.close(CLOSING_S)

    def _round(self) -> None:
        if not self._tried:
            self.try_unread_again()
            self._tried = True
        self.work()

    def work(self) -> int:
        """Work in everything that is stored; how many batches that were."""
        done = 0
        for shop in self._shops_behind():
            while not self._loop.closing and self._next_batch(shop):
                done += 1
        return done

    def _shops_behind(self) -> list[str]:
        with self.database.begin() as db:
            behind = (
                select(hub_shop.c.shop)
                .outerjoin(hub_cursor, hub_cursor.c.shop == hub_shop.c.shop)
                .where(
                    hub_cursor.c.position.is_(None) | (hub_cursor.c.position < hub_shop.c.position)
                )
                .order_by(hub_shop.c.shop)
            )
            return list(db.scalars(behind))

    def _next_batch(self, shop: str) -> bool:
        with self.database.begin() as db:
            this = {"of": shop}
            position = db.scalar(_POSITION, this)
            if position is None:
                begun = self.database.insert(hub_cursor).on_conflict_do_nothing()
                db.execute(begun, {"shop": shop, "position": 0})
                position = db.scalar(_POSITION, this)
            batch = db.execute(_BATCH, this | {"behind": position}).first()
            if batch is None:
                return False
            self._work_in(
                db, shop, _entries(db, shop, batch.journal, batch.first_seq, batch.last_seq)
            )
            db.execute(_MOVED, this | {"position": batch.position})
            return True

    def _work_in(self, db: Connection, shop: str, entries: Sequence[StoredEntry]) -> None:
        said: list[Said] = []
        unread: list[tuple[StoredEntry, str, str]] = []
        for entry in entries:
            one = _said(entry)
            if isinstance(one, str):
                reason, _, detail = one.partition(" ")
                unread.append((entry, reason, detail))
            else:
                said.append(one)
        by_seq = {entry.seq: entry for entry in entries}
        erase(self.database, db, shop, [fact for _envelope, fact in said])
        for envelope, why in self._write(db, shop, said):
            unread.append((by_seq[envelope.seq], "meaning_failed", why))
            self._only_note(db, shop, envelope)
        for entry, reason, detail in unread:
            LOG.warning("kept unread: %s %s: %s %s", entry.journal, entry.seq, reason, detail)
            row = {"shop": shop, "journal": entry.journal, "seq": entry.seq,
                   "reason": reason, "detail": _plain(detail)}  # fmt: skip
            db.execute(hub_unread.insert(), row)

    def _write(self, db: Connection, shop: str, said: Sequence[Said]) -> list[tuple[Envelope, str]]:
        """Write what entries mean; those whose meaning the tables refuse, and why."""

        def why_not(some: Sequence[Said]) -> str:
            return _refused(db, lambda: write_meaning(self.database, db, shop, some))

        if why_not(said) == "":
            return []
        return [(one[0], why) for one in said if (why := why_not([one]))]

    def _only_note(self, db: Connection, shop: str, envelope: Envelope) -> None:
        """An entry whose meaning fits nowhere stands in the journal all the same: reports it should
        be in are red. Not where its fact stands already: then it only came twice."""
        note = self.database.insert(hub_place).on_conflict_do_nothing()
        _refused(db, lambda: db.execute(note, _place(shop, envelope)))

    def try_unread_again(self) -> int:
        """After an upgrade: what could not be read may mean something now. How many did."""
        with self.database.begin() as db:
            if marks(db)["program"] == __version__:
                return 0
            rows = db.execute(select(hub_unread).with_for_update()).all()
            read_now = 0
            for row in rows:
                (entry,) = _entries(db, row.shop, row.journal, row.seq, row.seq)
                one = _said(entry)
                if isinstance(one, str):
                    continue
                db.execute(_this(delete(hub_place), hub_place, row))
                if self._write(db, row.shop, [one]):
                    self._only_note(db, row.shop, one[0])
                else:
                    read_now += 1
                    db.execute(_this(delete(hub_unread), hub_unread, row))
            db.execute(update(hub_mark).where(hub_mark.c.name == "program"), {"value": __version__})
            return read_now


# Asked for each batch: made once, the toolkit need not find out anew what they are.
_POSITION = (
    select(hub_cursor.c.position).where(hub_cursor.c.shop == bindparam("of")).with_for_update()
)
_MOVED = update(hub_cursor).where(hub_cursor.c.shop == bindparam("of"))
_BATCH = (
    select(hub_batch)
    .where(hub_batch.c.shop == bindparam("of"), hub_batch.c.position > bindparam("behind"))
    .order_by(hub_batch.c.position)
    .limit(1)
)
_ENTRIES = (
    select(hub_entry)
    .where(
        hub_entry.c.shop == bindparam("of"),
        hub_entry.c.journal == bindparam("journal"),
        hub_entry.c.seq.between(bindparam("first"), bindparam("last")),
    )
    .order_by(hub_entry.c.seq)
)


def _entries(db: Connection, shop: str, journal: str, first: int, last: int) -> list[StoredEntry]:
    rows = db.execute(_ENTRIES, {"of": shop, "journal": journal, "first": first, "last": last})
    return [
        StoredEntry(row.journal, row.seq, bytes(row.content), bytes(row.hash), bytes(row.sig))
        for row in rows
    ]


def _said(entry: StoredEntry) -> Said | str:
    """What an entry says, else why nobody here can tell: a word and a detail."""
    try:
        if problem := text_problem(entry.content):
            return f"text {problem}"
        said = read(entry)
    except (BadEntry, msgspec.DecodeError, UnicodeDecodeError) as error:
        return f"unreadable {error}"
    return said or "unknown_kind newer"


def _plain(text: str) -> str:
    """Short enough for a row, and nothing a database refuses."""
    return "".join(sign for sign in text[:80] if sign.isprintable())


def _this(statement: Delete, table: Table, row: Any) -> Delete:
    """Of the entry a row is about."""
    return statement.where(
        table.c.shop == row.shop, table.c.journal == row.journal, table.c.seq == row.seq
    )


def _refused(db: Connection, write: Callable[[], object]) -> str:
    """Why the tables refused what was to be written, or "": it stands there, or nothing of it."""
    try:
        with db.begin_nested():
            write()
    except (DBAPIError, OverflowError) as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        return type(getattr(error, "orig", None) or error).__name__
    return ""


def _place(shop: str, envelope: Envelope) -> dict[str, object]:
    return {
        "shop": shop, "fact": envelope.fact, "journal": envelope.journal, "seq": envelope.seq,
        "kind": envelope.kind, "order_ms": envelope.order,
    }  # fmt: skip


def write_meaning(database: HubDatabase, db: Connection, shop: str, said: Sequence[Said]) -> None:
    """Write what entries of a shop's journal mean, one statement per table and shape, and where
    they stand."""
    database.add(db, hub_place, [_place(shop, envelope) for envelope, _fact in said])
    changes = (
        change
        for envelope, fact in said
        for apply in HUB_MEANING[type(fact)]
        for change in apply(envelope, fact)
    )
    for table, shape, values in gathered(changes):
        _write_table(database, db, TABLES[table.name], shape, values)
        if table is movement:
            _add_months(database, db, summed(values))


def _add_months(database: HubDatabase, db: Connection, sums: Rows) -> None:
    statement = _upsert(database.insert, hub_moved, "sum", at_once=database.is_postgresql)
    if database.is_postgresql:
        # A list for each column: row by row it was a tenth of all the projection does.
        names = [column.name for column in hub_moved.columns]
        db.execute(statement, {name: [each[name] for each in sums] for name in names})
    else:
        db.execute(statement, sums)


def _write_table(
    database: HubDatabase, db: Connection, table: Table, shape: str, values: Rows
) -> None:
    if shape == "row":
        database.add(db, table, values)
    else:
        db.execute(_upsert(database.insert, table, shape), values)


@cache
def _upsert(
    insert: Callable[[Table], Any], table: Table, shape: str, *, at_once: bool = False
) -> Any:
    """The one statement for a register or a sum of this table, in a database's own words.

    `at_once`: it takes a list for each column (PostgreSQL); no key may be in them twice.
    """
    statement = insert(table)
    if at_once:
        lists = [func.unnest(cast(bindparam(c.name), ARRAY(c.type))) for c in table.columns]
        statement = statement.from_select([c.name for c in table.columns], select(*lists))
    keys = [column.name for column in table.primary_key]
    others = [column.name for column in table.columns if column.name not in keys]
    if shape == "register":
        return statement.on_conflict_do_update(
            index_elements=keys,
            set_={name: statement.excluded[name] for name in others},
            where=statement.excluded["version"] > table.c.version,
        )
    return statement.on_conflict_do_update(
        index_elements=keys,
        set_={name: table.c[name] + statement.excluded[name] for name in others},
    )
