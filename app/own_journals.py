"""The journals a till writes itself: begins them, goes on from one to the next, finds the newest.

A folder restored, cloned, re-keyed or moved never goes on writing its old journal: somebody else
may hold a later state of it. It opens the next one, which names the last hash it knows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from app.catalogue import search
from app.database import Database, Priority
from app.errors import Refusal, Trouble
from app.facts.journals import JournalOpened
from app.ids import Ids
from app.journal.clock_guard import ClockGuard
from app.journal.own import OwnJournal
from app.journal.rebuild import apply_entries
from app.journal.secrets import SecretStore
from app.journal.stored import StoredEntry, after
from app.journal.tables import entry, journal_opened, mark, own_journal
from app.journal.verify import JournalCheck
from app.staff.recovery import keep_recovery_code
from app.transaction import Books, Transaction, transaction

_SERIES = "BCEFGHJKLMNPQRSUVWXYZ"
"""Letters for restored journals: D is demo, T training, I and O are read as figures."""
_TIP = 200
"""How many of the last entries are checked at every start."""


@dataclass(frozen=True, slots=True)
class Before:
    """The journal a restored folder goes on from, and everything that was copied."""

    journal: str
    head: str
    entries: Sequence[StoredEntry]
    code: str = ""
    """The recovery code from now on: PINs were not copied, and somebody has to get in."""
    finishing: Callable[[Transaction], None] | None = None
    """What else belongs into the same commit."""


def next_series(series: Sequence[str]) -> str:
    """The letter a till's receipts carry after a restore: none, B, C… Demo and training stay."""
    newest = series[-1]
    if newest in ("D", "T"):
        return newest
    used = max((_SERIES.find(each) for each in series if each), default=-1)
    if used + 1 == len(_SERIES):
        raise Refusal("series_used_up")
    return _SERIES[used + 1]


def new_journal(
    ids: Ids, guard: ClockGuard, *, device: str, shop: str, till: str, series: str
) -> OwnJournal:
    """A journal with a key of its own; nothing is written yet."""
    return OwnJournal(
        journal=ids.new(),
        key=Ed25519PrivateKey.from_private_bytes(ids.random_bytes(32)),
        device=device,
        shop=shop,
        till=till,
        series=series,
        guard=guard,
    )


def first_entry(books: Books, marks: Mapping[str, str], before: Before | None) -> None:
    """Key, marks and JournalOpened in one transaction: a folder is a till's or it is not."""
    with transaction(books) as tx:
        for name, value in marks.items():
            tx.execute(insert(mark), {"name": name, "value": value})
        if before is None:
            _begin(tx, books.journal, reason="first")
            return
        apply_entries(tx.connection, books.meaning, before.entries)
        for journal in dict.fromkeys(entry.journal for entry in before.entries):
            order = tx.connection.scalar(
                select(entry.c.order_ms).where(entry.c.journal == journal).order_by(entry.c.seq)
            )
            tx.execute(own_journal.insert(), {"journal": journal, "opened_order": order})
        search.rebuild(tx)
        if before.code:
            keep_recovery_code(tx, before.code)
        _begin(
            tx,
            books.journal,
            reason="restored",
            previous=before.journal,
            previous_hash=before.head,
        )
        if before.finishing is not None:
            before.finishing(tx)


def _begin(
    tx: Transaction,
    journal: OwnJournal,
    *,
    reason: str,
    previous: str = "",
    previous_hash: str = "",
) -> None:
    """Seal the journal's key and record its first entry."""
    tx.books.secrets.save(tx.connection, f"journal:{journal.id}", journal.seed)
    opened = tx.record(
        JournalOpened(
            shop=journal.shop,
            till=journal.till,
            device=journal.device,
            public_key=journal.public_key,
            previous=previous,
            previous_hash=previous_hash,
            reason=reason,
            series=journal.series,
        )
    )
    tx.execute(own_journal.insert(), {"journal": journal.id, "opened_order": opened.envelope.order})


def open_next_journal(books: Books, *, reason: str, staff: str = "") -> OwnJournal:
    """Seal off the till's journal and begin the next: restored, cloned, rekeyed, moved.

    A restored or cloned till's receipts take the next series letter, so that no number that may
    have been printed elsewhere is printed again. Raises Refusal("clock_jumped").
    """
    old = books.journal
    series = old.series
    try:
        with transaction(books, staff=staff) as tx:
            _seq, head, _order = old.head(tx.connection)
            old.guard.check(old.last_wall(tx.connection))
            if reason in ("restored", "cloned"):
                opened = tx.connection.scalars(
                    select(journal_opened.c.series).where(
                        journal_opened.c.shop == old.shop, journal_opened.c.till == old.till
                    )
                )
                series = next_series([*opened, old.series])
            books.journal = new_journal(
                books.ids,
                old.guard,
                device=old.device,
                shop=old.shop,
                till=old.till,
                series=series,
            )
            _begin(tx, books.journal, reason=reason, previous=old.id, previous_hash=head)
    except BaseException:
        books.journal = old
        raise
    return books.journal


def known_journal(database: Database, secrets: SecretStore, guard: ClockGuard) -> OwnJournal:
    """The journal this till writes now, its tip checked.

    Raises Trouble: journal_broken, keystore_wrong_key.
    """
    with database.read() as db:
        # Another machine with a copy of this disk may have gone on from it in a journal of its own.
        here = select(own_journal.c.journal)
        gone_on_from = select(journal_opened.c.previous).where(journal_opened.c.journal.in_(here))
        newest = db.scalar(
            select(own_journal.c.journal)
            .join(journal_opened, own_journal.c.journal == journal_opened.c.journal)
            .where(journal_opened.c.journal.not_in(gone_on_from))
            .order_by(own_journal.c.opened_order.desc())
        )
        seed = secrets.load(db, f"journal:{newest}")
        first = next(after(db, str(newest), 0), None)
        if first is None or seed is None:
            raise Trouble("journal_broken", seq=1, detail="empty")
        key = Ed25519PrivateKey.from_private_bytes(seed)
        check = JournalCheck(first.journal, public_key=key.public_key().public_bytes_raw().hex())
        check.take(first)
        if check.opened is None or check.problems:
            raise Trouble("journal_broken", seq=1, detail=check.problems[0].code)
        # Who this till is, it takes from what was signed, not from a row anybody can write.
        journal = OwnJournal(
            journal=first.journal,
            key=key,
            device=check.opened.device,
            shop=check.opened.shop,
            till=check.opened.till,
            series=check.opened.series,
            guard=guard,
        )
        _check_tip(db, journal)
        _check_sealed_tip(db, secrets, journal)
    return journal


def signature_of(books: Books, journal: str) -> Callable[[bytes], bytes]:
    """How an own journal signs something that is no entry, also one that was gone on from.

    Raises Trouble("journal_broken") when its key is not sealed here.
    """
    if journal == books.journal.id:
        return books.journal.sign
    with books.read() as db:
        seed = books.secrets.load(db, f"journal:{journal}")
    if seed is None:
        raise Trouble("journal_broken", seq=1, detail="key")
    old = books.journal
    return OwnJournal(
        journal=journal,
        key=Ed25519PrivateKey.from_private_bytes(seed),
        device=old.device,
        shop=old.shop,
        till=old.till,
        series=old.series,
        guard=old.guard,
    ).sign


def seal_tip(books: Books) -> None:
    """Remember how far the journal reaches, where only this till's master key can write it: what is
    cut off its end while the till is closed is missed at the next start."""
    with transaction(books, priority=Priority.BACKGROUND) as tx:
        seq, head, _order = books.journal.head(tx.connection)
        tip = f"{seq} {head}".encode()
        books.secrets.save(tx.connection, f"tip:{books.journal.id}", tip)


def _check_sealed_tip(db: Connection, secrets: SecretStore, journal: OwnJournal) -> None:
    """A till that was killed, or brought back from its own older file, reaches further or has an
    older seal; neither is a reason to keep a shop closed."""
    sealed = secrets.load(db, f"tip:{journal.id}")
    if sealed is None:
        return
    seq, _, head = sealed.decode().partition(" ")
    found = next(iter(after(db, journal.id, int(seq) - 1)), None)
    if found is None or found.seq != int(seq) or found.hash.hex() != head:
        raise Trouble("journal_broken", seq=int(seq), detail="tail_cut")


def _check_tip(db: Connection, journal: OwnJournal) -> None:
    """The last entries hash, chain and sign; the whole journal is `verify`'s work.

    The key is the sealed one: whoever writes the whole journal anew does not have it.
    """
    seq, _head, _order = journal.head(db)
    first = max(1, seq - _TIP + 1)
    check = JournalCheck(journal.id, public_key=journal.public_key, first_seq=first)
    for each in after(db, journal.id, first - 1):
        check.take(each)
    # A fact an older program cannot read is no reason to keep a shop closed.
    broken = [problem for problem in check.problems if problem.code != "fact_unreadable"]
    if broken:
        raise Trouble("journal_broken", seq=broken[0].seq, detail=broken[0].code)
