"""Takes in what other journals of the shop say: the other tills', and this till's own older ones.

Hashes, chain and signatures are checked against the key in each journal's first entry before
anything is written. Few entries go into one transaction, behind everything a counter does. What
cannot be read, or says what another entry says, is put aside whole and the others go on.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select, union
from sqlalchemy.exc import DBAPIError

from app.catalogue import search
from app.database import DriverError, Priority
from app.facts.base import Fact
from app.facts.catalogue import ProductsSet
from app.journal.entry import hash_of
from app.journal.rebuild import EntryClash, apply_entries
from app.journal.stored import StoredEntry
from app.journal.tables import BRANCH, journal_opened, own_journal, received_aside
from app.journal.tables import entry as entry_table
from app.journal.verify import JournalCheck
from app.row_writer import Prepared
from app.transaction import Books, Transaction, transaction

AT_ONCE = 20
"""Entries in one transaction: a sale waits for no more than this."""
_UNREADABLE = ("entry_unreadable", "fact_unreadable", "order_not_rising")
"""Said of an entry its writer signed: it is kept, whatever else."""
_BRANCHING = {"chain_broken", "order_not_rising"}
"""Said of the first entry of another line: the moments of the two have nothing to do with each
other."""
PRACTICE_SERIES = ("D", "T")
"""Letters of demo and training, which no receipt that counts carries."""


class HostileEntries(Exception):
    """Entries their journal's key did not sign, or that do not follow each other."""


class Sent(msgspec.Struct, frozen=True):
    """An entry as it came."""

    journal: str
    seq: int
    content: bytes
    sig: bytes


class _Aside(msgspec.Struct, frozen=True):
    entry: StoredEntry
    reason: str


class _Checked(msgspec.Struct, frozen=True):
    """Entries of one journal that follow what is here."""

    good: list[StoredEntry]
    aside: list[_Aside]
    facts: list[Fact]


# --- how far ------------------------------------------------------------------------------------


def positions(db: Connection, writing: str) -> list[tuple[str, int]]:
    """(journal, seq) of every journal here but the one that is being written."""
    rows = _HEADS.run(db, {})
    return [(journal, max(*heads)) for journal, *heads in rows if journal != writing]


_KNOWN = union(
    select(journal_opened.c.journal),
    select(own_journal.c.journal),
    select(received_aside.c.journal),
).subquery()
_HEADS = Prepared(
    select(
        _KNOWN.c.journal,
        *(
            func.coalesce(
                select(func.max(table.c.seq))
                .where(table.c.journal == _KNOWN.c.journal)
                .scalar_subquery(),
                0,
            )
            for table in (entry_table, received_aside)
        ),
    ).order_by(_KNOWN.c.journal)
)


def known_until(db: Connection, shop: str, till: str) -> dict[str, int]:
    """By each other till of the shop, the moment of its last news here in ms: what is said of its
    sales, baskets and goods is as known then."""
    found: dict[str, int] = {}
    for other, last in _LAST_NEWS.run(db, {"shop": shop, "till": till}):
        found[other] = max(found.get(other, 0), last or 0)
    return dict(sorted(found.items()))


_LAST_NEWS = Prepared(
    select(
        journal_opened.c.till,
        select(entry_table.c.order_ms)
        .where(entry_table.c.journal == journal_opened.c.journal)
        .order_by(entry_table.c.seq.desc())
        .limit(1)
        .scalar_subquery(),
    ).where(journal_opened.c.shop == bindparam("shop"), journal_opened.c.till != bindparam("till"))
)
_ASIDE = Prepared(select(func.count()).select_from(received_aside))


def put_aside(db: Connection) -> int:
    """How many entries were put aside."""
    return int(_ASIDE.run(db, {})[0][0])


def foreign_series(db: Connection, shop: str, till: str, journal: str) -> bool:
    """Whether a journal of this very till that was not written here was begun earlier, with the
    receipt series this one uses: the disk was lost or copied, and the numbers go on from here
    under the next letter. Practice keeps its letter.
    """
    here = select(own_journal.c.journal)
    opened = db.execute(
        select(
            journal_opened.c.journal,
            journal_opened.c.device,
            journal_opened.c.series,
            entry_table.c.order_ms,
            journal_opened.c.journal.in_(here).label("own"),
        )
        .join(entry_table, entry_table.c.fact == journal_opened.c.fact)
        .where(journal_opened.c.shop == shop, journal_opened.c.till == till)
    ).all()
    ours = next(each for each in opened if each.journal == journal)
    return ours.series not in PRACTICE_SERIES and any(
        not (each.own and each.device == ours.device)
        and each.series == ours.series
        and (each.order_ms, each.journal) < (ours.order_ms, ours.journal)
        for each in opened
    )


# --- taking in ----------------------------------------------------------------------------------


def take(books: Books, sent: Sequence[Sent]) -> int:
    """Take in entries, journal by journal each in its order; how many were new.

    Each journal's go into one transaction: whoever calls gives few.

    Raises HostileEntries for a journal that is not believed, once the others are in.
    """
    taken = 0
    hostile: HostileEntries | None = None
    for journal, some in groupby(sent, key=lambda each: each.journal):
        if journal == books.journal.id:
            continue
        try:
            with books.read() as db:
                checked = _check(db, books.shop, journal, some)
        except HostileEntries as error:
            hostile = error
            continue
        if checked.good or checked.aside:
            taken += len(checked.good) + len(checked.aside)
            _write(books, checked)
    if hostile is not None:
        raise hostile
    return taken


def _check(db: Connection, shop: str, journal: str, sent: Iterable[Sent]) -> _Checked:
    """What follows here, believed; HostileEntries when somebody else made it."""
    tip = _tip(db, journal)
    key = db.scalar(select(journal_opened.c.public_key).where(journal_opened.c.journal == journal))
    check = JournalCheck(journal, public_key=key or "", first_seq=tip[0].seq if tip else 1)
    branched = False
    if tip:
        check.take(tip[0])
        branched = tip[1] == BRANCH
    check.problems.clear()
    found = _Checked([], [], [])
    for each in sent:
        if tip and each.seq <= tip[0].seq:
            continue
        one = StoredEntry(journal, each.seq, each.content, hash_of(each.content), each.sig)
        said = check.take(one)
        codes = {problem.code for problem in check.problems}
        check.problems.clear()
        if each.seq == 1 and (check.opened is None or check.opened.shop != shop):
            raise HostileEntries("journal_not_ours")
        # Signed by its owner and following something else: the journal went on twice.
        branched = branched or ("chain_broken" in codes and codes <= _BRANCHING)
        if codes - {"chain_broken", *_UNREADABLE} or ("chain_broken" in codes and not branched):
            raise HostileEntries("entries_not_authentic")
        if branched:
            found.aside.append(_Aside(one, BRANCH))
        elif codes & set(_UNREADABLE[:2]):
            found.aside.append(_Aside(one, "unreadable"))
        else:
            found.good.append(one)
            if said is not None:
                found.facts.append(said[1])
    return found


def _tip(db: Connection, journal: str) -> tuple[StoredEntry, str] | None:
    """The last entry here of a journal, and why it lies aside, "" when it does not."""
    tips: list[tuple[StoredEntry, str]] = []
    for table in (entry_table, received_aside):
        row = db.execute(
            select(table).where(table.c.journal == journal).order_by(table.c.seq.desc()).limit(1)
        ).first()
        if row is not None:
            one = StoredEntry(journal, row.seq, row.content, row.hash, row.sig)
            tips.append((one, row.reason if table is received_aside else ""))
    return max(tips, key=lambda tip: (tip[0].seq, tip[1] == BRANCH), default=None)


def _write(books: Books, checked: _Checked) -> None:
    """All of them in one transaction; one by one if some mean what the tables refuse."""
    try:
        with transaction(books, priority=Priority.BACKGROUND) as tx:
            apply_entries(tx.connection, books.meaning, checked.good)
            _put_aside(tx, checked.aside)
            _find_goods(tx, checked.facts)
    except (EntryClash, DBAPIError, DriverError, OverflowError):
        with transaction(books, priority=Priority.BACKGROUND) as tx:
            for one in checked.good:
                if reason := _refused(tx, books, one):
                    _put_aside(tx, [_Aside(one, reason)])
            _put_aside(tx, checked.aside)
            _find_goods(tx, checked.facts)
    books.tell(checked.facts)


def _refused(tx: Transaction, books: Books, one: StoredEntry) -> str:
    """Write one entry; why its place or its meaning is refused, "" when it is not."""
    db = tx.connection
    db.exec_driver_sql("SAVEPOINT sibling")
    reason = ""
    try:
        apply_entries(db, books.meaning, [one])
    except EntryClash:
        reason = "fact_twice"
    except (DBAPIError, DriverError, OverflowError):
        reason = "meaning_failed"
    if reason:
        db.exec_driver_sql("ROLLBACK TO sibling")
    db.exec_driver_sql("RELEASE sibling")
    return reason


def _put_aside(tx: Transaction, aside: Sequence[_Aside]) -> None:
    for one in aside:
        entry = one.entry
        tx.connection.execute(
            insert(received_aside),
            {"journal": entry.journal, "seq": entry.seq, "hash": entry.hash, "sig": entry.sig,
             "content": entry.content, "reason": one.reason,
             "received_ms": tx.books.clock.wall_ms()},
        )  # fmt: skip


def _find_goods(tx: Transaction, facts: Iterable[Fact]) -> None:
    goods = [one for fact in facts if isinstance(fact, ProductsSet) for one in fact.products]
    if goods:
        search.refresh(tx, goods)
