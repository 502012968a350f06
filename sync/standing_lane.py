"""What a till makes of how it stands with its hub: shut out, put back from a copy, under a new key.

Everything here runs on a thread that carries a request, right behind an answer that was believed;
what fails is tried again behind the next one.
"""

import logging
import threading
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from app.database import Priority
from app.errors import ShopError
from app.facts.journals import JournalOpened
from app.facts.registry import decode_fact
from app.journal import outbox
from app.journal.outbox import CHECKED_MARK, Link
from app.journal.tables import acknowledged, mark
from app.members.revoking import is_revoked, let_in_again, revoke
from app.own_journals import open_next_journal, signature_of
from app.transaction import Books, Transaction, transaction
from sync.hub_line import HubLine, LineTrouble
from sync.protocol import Ack, Answer, Fork, Gap, Refused, pushed
from sync.protocol_standing import (
    MOST_OWN_JOURNALS,
    MOST_WORDS,
    AskStanding,
    Rekey,
    Rekeyed,
    Standing,
    words_in,
)

LOG = logging.getLogger(__name__)
REVOKED, REKEYED = "revoked", "rekeyed"
CHECK_EVERY_MS = 24 * 3_600_000
_DOUBTED = "?"
"""In the place of the incarnation that was asked last: no hub's has this name."""


class StandingLane:
    """How one till stands. `moved` is called when older entries have to go up again."""

    def __init__(self, books: Books, link: Link, line: HubLine, moved: Callable[[], None]) -> None:
        self.books = books
        self.link = link
        self.line = line
        self._moved = moved
        self._lock = threading.Lock()
        with books.read() as db:
            self.revoked = is_revoked(db)
            found = db.scalar(select(mark.c.value).where(mark.c.name == CHECKED_MARK))
        self._checked = found or link.incarnation
        self._checked_ms = books.clock.monotonic_ms()
        self._signs = link.journal

    # --- what answers say ------------------------------------------------------------------

    def pushed(self, behind: int, answer: Answer) -> None:
        """An answer to a push of what lies behind `behind`."""
        if isinstance(answer, Ack):
            self._stands(answer.standing, answer.hub_ms)
        if isinstance(answer, Refused):
            self._key_refused(answer.code)
        if isinstance(answer, Ack | Gap | Fork):
            lost = isinstance(answer, Gap) and answer.expected_seq <= behind
            self.heard(answer.incarnation, lost=lost)

    def pulled(self, incarnation: str) -> None:
        """The hub answered a question, so this till may ask."""
        self._stands("", 0)
        self.heard(incarnation)

    def refused(self, code: str, hub_ms: int) -> None:
        """The hub did not answer a question."""
        self._key_refused(code)
        if code == REVOKED:
            self._stands(REVOKED, hub_ms)

    def _stands(self, standing: str, hub_ms: int) -> None:
        if (standing == REVOKED) == self.revoked:
            return
        with transaction(self.books, priority=Priority.BACKGROUND) as tx:
            if standing == REVOKED:
                revoke(tx, hub_ms)
            else:
                let_in_again(tx)
        self.revoked = standing == REVOKED
        LOG.warning("head office %s", "shut this till out" if self.revoked else "let it in again")

    def heard(self, incarnation: str, *, lost: bool = False) -> None:
        """Another incarnation than before, entries that the hub once had, or a day gone since it
        was asked: ask how far it is."""
        with self._lock:
            if lost:
                self._doubt()
            if self.books.clock.monotonic_ms() - self._checked_ms > CHECK_EVERY_MS:
                self.ask_again()
            if incarnation == self._checked:
                return
            try:
                self._check()
            except LineTrouble as trouble:
                LOG.info("how far the hub is could not be asked: %s", trouble.reason)

    def ask_again(self) -> None:
        """The next answer is followed by the question how far the hub is. One that was put back
        need not say so, and a till that writes nothing would not find out."""
        self._checked = _DOUBTED

    def _doubt(self) -> None:
        """Until the hub has said how far it is, every answer is followed by the question: also
        after the next start, and when it was too busy to hear it the first time."""
        self.ask_again()
        try:
            with transaction(self.books, priority=Priority.BACKGROUND) as tx:
                _note_checked(tx, _DOUBTED)
        except ShopError as error:
            LOG.warning("that the hub has to be asked could not be kept: %s", error)

    def _check(self) -> None:
        with self.books.read() as db:
            ways = outbox.ways(db)
            kept = db.scalars(select(acknowledged.c.evidence)).all()
        words = [found for each in kept if (found := words_in(bytes(each)))]
        ask = AskStanding(
            journals=tuple(way.journal for way in ways[-MOST_OWN_JOURNALS:]),
            words=tuple(words[-MOST_WORDS:]),
        )
        answer = self.line.standing(self.link, ask)
        if not isinstance(answer, Standing):
            return
        here = {each.journal: each.seq for each in answer.journals}
        heard_ms = self.books.clock.wall_ms()
        with transaction(self.books, priority=Priority.BACKGROUND) as tx:
            left = _left_behind(tx.connection, ask.journals)
            # Looked at again: meanwhile the counter may have written, and a push may have sent it.
            now = outbox.ways(tx.connection)
            for way in now:
                seq = 0 if way.journal in left else here.get(way.journal, 0)
                if way.journal in ask.journals and seq < way.acked:
                    outbox.remember(
                        tx.connection, way.journal, seq, hub_ms=answer.hub_ms,
                        heard_ms=heard_ms, evidence=b"",
                    )  # fmt: skip
            _note_checked(tx, answer.incarnation)
        self._checked = answer.incarnation
        self._checked_ms = self.books.clock.monotonic_ms()
        if any(each.journal == self.books.journal.id and here.get(each.journal, 0) > each.head
               for each in now):  # fmt: skip
            self._put_back()
        self._moved()

    def _put_back(self) -> None:
        """The hub has more of the journal than was ever written here: these books are a copy's.
        A till that writes nothing hears so here; whatever its lost self wrote comes down now."""
        try:
            open_next_journal(self.books, reason="restored")
        except ShopError as error:
            LOG.warning("the next journal could not be begun: %s", error)

    # --- a new key -------------------------------------------------------------------------

    def change_key(self, staff: str) -> bool:
        """Go on in a journal with a new key; whether the hub knows already.

        Raises Refusal: clock_jumped.
        """
        open_next_journal(self.books, reason=REKEYED, staff=staff)
        try:
            self.tell_new_key()
        except LineTrouble as trouble:
            LOG.info("the new key could not be told: %s", trouble.reason)
        return self._signs == self.books.journal.id

    def _key_refused(self, code: str) -> None:
        """A hub that was put back from before it was told of a key knows the one before it: that
        one signs until it has been told again."""
        if code != "not_enrolled":
            return
        with self.books.read() as db:
            (first,) = outbox.batch(db, self._signs, 0, 1)
        opened = decode_fact(first.kind, first.content)
        if isinstance(opened, JournalOpened) and opened.reason == REKEYED:
            LOG.warning("the hub does not know the key of %s", self._signs)
            self.line.sign_as(opened.previous, signature_of(self.books, opened.previous))
            self._signs = opened.previous

    def tell_new_key(self) -> None:
        """Have requests signed by the newest key, once the hub knows it. Raises LineTrouble."""
        journal = self.books.journal
        if self._signs == journal.id:
            return
        with self.books.read() as db:
            (first,) = outbox.batch(db, journal.id, 0, 1)
        opened = decode_fact(first.kind, first.content)
        if not isinstance(opened, JournalOpened) or opened.reason != REKEYED:
            return
        wish = Rekey(opened=pushed(first))
        answer = self.line.rekey(self.link, wish)
        if not isinstance(answer, Rekeyed):
            # The answer to an earlier wish may have been lost: then it knows the new key alone.
            self.line.sign_as(journal.id, journal.sign)
            answer = self.line.rekey(self.link, wish)
        if not isinstance(answer, Rekeyed):
            self.line.sign_as(self._signs, signature_of(self.books, self._signs))
            LOG.warning("the new key was refused: %s", answer.code)
            return
        self.line.sign_as(journal.id, journal.sign)
        try:
            with transaction(self.books, priority=Priority.BACKGROUND) as tx:
                outbox.sign_as(tx.connection, journal.id)
        except ShopError as error:
            # After a restart it is told again, under the new key.
            LOG.warning("the new key could not be noted: %s", error)
        self._signs = journal.id


def _left_behind(db: Connection, journals: Sequence[str]) -> set[str]:
    """Journals this till went on from because the hub had something else in them. What it wrote
    beside the other self lies aside there, and of what lies aside no hub says how far it is: a hub
    that was put back hears such a journal from its first line."""
    left = set()
    for journal in journals:
        for first in outbox.batch(db, journal, 0, 1):
            opened = decode_fact(first.kind, first.content)
            if isinstance(opened, JournalOpened) and opened.reason in ("restored", "cloned"):
                left.add(opened.previous)
    return left


def _note_checked(tx: Transaction, incarnation: str) -> None:
    put = insert(mark).values(name=CHECKED_MARK, value=incarnation)
    value = {"value": incarnation}
    tx.execute(put.on_conflict_do_update(index_elements=["name"], set_=value))
