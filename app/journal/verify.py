"""Checks a journal entry by entry and says where it was touched. Pure: it reads, never mends.

Every entry has a hash over its exact bytes, a signature over that hash, and the hash of the entry
before it. So whoever changes, swaps, removes or inserts an entry without the till's key is found
at that entry. What no chain can show is a tail that was cut off: for that somebody outside must
know a later hash (a receipt, a Z, the copy on the second disk), see `heads_missing`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.facts.base import Fact
from app.facts.journals import JournalOpened
from app.facts.registry import UnknownKind, decode_fact, is_known
from app.journal.entry import (
    FIRST_PREV,
    MAX_ENTRY_BYTES,
    BadEntry,
    decode_envelope,
    hash6,
    hash_of,
)
from app.journal.numbers import NumberCheck
from app.journal.problems import JournalReport, Problem, Report, report
from app.journal.stored import StoredEntry
from app.rows import Envelope

HASH6_LETTERS = 6


class JournalCheck:
    """Walks one journal from its first entry and remembers what the next one must fit."""

    def __init__(
        self,
        journal: str,
        *,
        public_key: str = "",
        signatures: bool = True,
        first_seq: int = 1,
        facts: bool = True,
    ) -> None:
        """`public_key` is what somebody outside the journal knows its key to be, in hex.

        With a `first_seq` the check begins in the middle: the tip alone, at every start. Without
        `facts` only the envelope of an entry is read (and who opened the journal): five times as
        fast, and whoever changed a fact has changed its hash.
        """
        self.journal = journal
        self.problems: list[Problem] = []
        self.opened: JournalOpened | None = None
        self.envelope: Envelope | None = None
        """Of the last entry whose envelope could be read."""
        self._signatures = signatures
        self._facts = facts
        self._known_key = public_key
        self._key = public_key_of(public_key)
        self._next_seq = first_seq
        self._prev: tuple[bytes, ...] = ()
        self._prev_is_known = first_seq == 1
        self._order = 0
        self._entries = 0
        self._unknown_kinds = 0
        self._head = b""

    def begin_behind(self, entry: StoredEntry, order: int) -> None:
        """Go on behind an entry that somebody else has checked; `order` is its envelope's."""
        self._prev = (entry.hash, hash_of(entry.content))
        self._prev_is_known = True
        self._order = order

    def take(self, entry: StoredEntry) -> tuple[Envelope, Fact] | None:
        """Check the next entry; what it says, or None when nobody here can read it."""
        self._entries += 1
        self._in_sequence(entry)
        computed = hash_of(entry.content)
        envelope, fact = self._read(entry)
        if entry.seq == 1:
            self._open(fact)
        self._authentic(entry, computed)
        if envelope is not None:
            self._fits(entry, envelope)
            self._order = max(self._order, envelope.order)
        # A changed hash still leaves the true one in the next entry's `prev`: either may match,
        # so that the fault is found where it is and not once more behind it.
        self._prev = (entry.hash, computed)
        self._head = entry.hash
        self._prev_is_known = True
        self._next_seq = max(self._next_seq, entry.seq + 1)
        return None if envelope is None or fact is None else (envelope, fact)

    def report(self) -> JournalReport:
        """What the journal turned out to be, once every entry was taken."""
        opened = self.opened
        return JournalReport(
            journal=self.journal,
            shop=opened.shop if opened else "",
            till=opened.till if opened else "",
            series=opened.series if opened else "",
            reason=opened.reason if opened else "",
            public_key=opened.public_key if opened else "",
            entries=self._entries,
            unknown_kinds=self._unknown_kinds,
            head_seq=self._next_seq - 1,
            head=self._head.hex(),
            head6=hash6(self._head) if self._head else "",
        )

    def _problem(self, code: str, seq: int, detail: str = "") -> None:
        self.problems.append(Problem(code, self.journal, seq, detail))

    def _in_sequence(self, entry: StoredEntry) -> None:
        if entry.seq > self._next_seq:
            last = entry.seq - 1
            detail = "" if last == self._next_seq else f"{self._next_seq}-{last}"
            self._problem("entry_missing", self._next_seq, detail)
            self._prev_is_known = False
        elif entry.seq < self._next_seq:
            self._problem("entry_misplaced", entry.seq)

    def _read(self, entry: StoredEntry) -> tuple[Envelope | None, Fact | None]:
        if len(entry.content) > MAX_ENTRY_BYTES:
            self._problem("entry_too_long", entry.seq, str(len(entry.content)))
        try:
            envelope = decode_envelope(entry.content)
        except BadEntry as error:
            self._problem("entry_unreadable", entry.seq, str(error)[:80])
            return None, None
        self.envelope = envelope
        if not self._facts and entry.seq != 1:
            self._unknown_kinds += not is_known(envelope.kind)
            return envelope, None
        try:
            return envelope, decode_fact(envelope.kind, entry.content)
        except UnknownKind:
            self._unknown_kinds += 1
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self._problem("fact_unreadable", entry.seq, str(error)[:80])
        return envelope, None

    def _open(self, fact: Fact | None) -> None:
        if not isinstance(fact, JournalOpened):
            self._problem("journal_not_opened", 1)
            return
        self.opened = fact
        if self._key is None:
            self._key = public_key_of(fact.public_key)
        elif fact.public_key != self._known_key:
            self._problem("key_changed", 1, fact.public_key[:16])

    def _authentic(self, entry: StoredEntry, computed: bytes) -> None:
        """Which of content, hash and signature was touched; two true ones convict the third."""
        intact = computed == entry.hash
        if not self._signatures:
            if not intact:
                self._problem("content_changed", entry.seq)
        elif self._key is None:
            # Without a first entry or a key from outside nobody can say who wrote these.
            self._problem("signature_unchecked", entry.seq)
        elif signed(self._key, entry.sig, entry.hash):
            if not intact:
                self._problem("content_changed", entry.seq)
        elif not intact and signed(self._key, entry.sig, computed):
            self._problem("hash_changed", entry.seq)
        else:
            self._problem("signature_bad" if intact else "content_changed", entry.seq)

    def _fits(self, entry: StoredEntry, envelope: Envelope) -> None:
        if (envelope.journal, envelope.seq) != (entry.journal, entry.seq):
            self._problem("entry_misplaced", entry.seq, f"{envelope.journal} {envelope.seq}")
        columns = (entry.fact, entry.kind, entry.order_ms)
        if any(columns) and columns != (envelope.fact, envelope.kind, envelope.order):
            self._problem("columns_changed", entry.seq)
        prevs = [each.hex() for each in self._prev] or [FIRST_PREV]
        if self._prev_is_known and envelope.prev not in prevs:
            self._problem("chain_broken", entry.seq)
        if envelope.order <= self._order:
            self._problem("order_not_rising", entry.seq)


def public_key_of(public_key: str) -> Ed25519PublicKey | None:
    """A key from its 64 hex digits, None when these are none."""
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    except ValueError:
        return None


def signed(key: Ed25519PublicKey, sig: bytes, entry_hash: bytes) -> bool:
    """Whether a signature is this key's on this hash."""
    try:
        key.verify(sig, entry_hash)
    except InvalidSignature:
        return False
    return True


class EntriesCheck:
    """Every journal there is: each for itself, how they go on from each other, and the numbers."""

    def __init__(
        self,
        *,
        public_keys: Mapping[str, str] | None = None,
        signatures: bool = True,
        firsts: Mapping[str, int] | None = None,
    ) -> None:
        """`firsts`: where journals begin that are here in part, as an export says of itself."""
        self._public_keys = public_keys or {}
        self._firsts = firsts or {}
        self._signatures = signatures
        self._numbers = NumberCheck(from_the_middle=any(each > 1 for each in self._firsts.values()))
        self._checks: dict[str, JournalCheck] = {}
        self._hashes: dict[str, list[bytes]] = {}

    def take(self, entry: StoredEntry) -> tuple[Envelope, Fact] | None:
        """Check the next entry (journal by journal, each by seq); what it says if readable."""
        check = self._checks.get(entry.journal)
        if check is None:
            check = self._checks[entry.journal] = JournalCheck(
                entry.journal,
                public_key=self._public_keys.get(entry.journal, ""),
                signatures=self._signatures,
                first_seq=self._firsts.get(entry.journal, 1),
            )
        self._hashes.setdefault(entry.journal, []).append(entry.hash)
        if (read := check.take(entry)) is not None:
            self._numbers.take(read[0], entry.content)
        return read

    def finish(self, expected_heads: Sequence[str] = (), others: Sequence[Problem] = ()) -> Report:
        """The report over everything taken, held against hashes known outside.

        `others` are problems found elsewhere, to stand at the end of the list.
        """
        problems = [problem for check in self._checks.values() for problem in check.problems]
        problems += self._numbers.problems
        problems += [
            Problem("entry_missing", journal, 1, "the whole journal")
            for journal in self._public_keys
            if journal not in self._checks
        ]
        problems += self._joints()
        problems += self._missing_heads(expected_heads)
        return report([check.report() for check in self._checks.values()], [*problems, *others])

    def _joints(self) -> Iterable[Problem]:
        """A journal that goes on from another names its last hash: nothing more, nothing less.

        A till put back from a copy names the last it had; what it wrote after the copy comes back
        from the hub. A clone names an entry that only it may have.
        """
        for check in self._checks.values():
            opened = check.opened
            if opened is None or opened.previous not in self._hashes:
                continue
            hashes = [each.hex() for each in self._hashes[opened.previous]]
            named = opened.previous_hash
            at = hashes.index(named) + 1 if named in hashes else 0
            yield from joint(opened, check.journal, at, len(hashes))

    def _missing_heads(self, expected: Sequence[str]) -> Iterable[Problem]:
        for head in expected:
            if not any(is_head(head, each) for each in self._all_hashes()):
                journal, hashes = max(
                    self._hashes.items(), key=lambda pair: len(pair[1]), default=("", [])
                )
                yield Problem("head_missing", journal, len(hashes) + 1, head)

    def _all_hashes(self) -> Iterable[bytes]:
        for hashes in self._hashes.values():
            yield from hashes


def joint(opened: JournalOpened, journal: str, at: int, last: int) -> Iterator[Problem]:
    """What is wrong where a journal goes on from the one before it.

    The hash it names stands there in place `at` (0 = nowhere) of `last`. A till put back from a
    copy names the last it had, and what it wrote after the copy comes back from the hub; a clone
    may name an entry that nobody else ever had.
    """
    if not at:
        if opened.reason != "cloned":
            yield Problem("previous_cut", opened.previous, last + 1, journal)
    elif at != last and opened.reason not in ("restored", "cloned"):
        yield Problem("previous_went_on", opened.previous, at + 1, journal)


def is_head(head: str, entry_hash: bytes) -> bool:
    """Whether a hash known outside (64 hex digits, or the six letters of a paper) is this one."""
    if len(head) == HASH6_LETTERS:
        return hash6(entry_hash) == head.upper()
    return entry_hash.hex() == head.lower()


def check_entries(
    entries: Iterable[StoredEntry],
    *,
    public_keys: Mapping[str, str] | None = None,
    expected_heads: Sequence[str] = (),
    signatures: bool = True,
    firsts: Mapping[str, int] | None = None,
) -> Report:
    """Check entries that come journal by journal, each by seq: a copy, an export, a pull."""
    check = EntriesCheck(public_keys=public_keys, signatures=signatures, firsts=firsts)
    for entry in entries:
        check.take(entry)
    return check.finish(expected_heads)
