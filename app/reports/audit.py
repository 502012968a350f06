"""审计: what somebody looks at who believes nothing. Reads only, and needs no network.

Entries by person, kind and time; one entry with its bytes and whether they are true; a receipt
held against its letters; who saw members' phones; a sample that a seed alone decides.
"""

import hashlib
import heapq
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, select

from app.clock import iso, local, parse_time
from app.content import TablePage
from app.facts.base import wire_name
from app.facts.invoices import InvoicesExported
from app.facts.members import MemberShown
from app.facts.sales import RefundCompleted, SaleCompleted
from app.journal.entry import FIRST_PREV, BadEntry, decode_envelope, hash6, hash_of
from app.journal.read import NEWEST, Listed, newest_first, stored_at
from app.journal.stored import StoredEntry
from app.journal.tables import journal_opened
from app.journal.verify import public_key_of, signed
from app.money import yuan
from app.rows import Envelope
from app.sales.documents import document
from app.shifts.papers import BANNERS
from app.stock.receiving_rules import iso_date

Signature = Literal["true", "changed", "unsigned", "no_key"]
"""Whether bytes and signature are the till's: both; the bytes were changed; the signature is not
this journal's; nobody here knows the journal's key."""
LOOKS = (wire_name(MemberShown), wire_name(InvoicesExported))
SAMPLED = (wire_name(SaleCompleted), wire_name(RefundCompleted))
MOST_SAMPLED = 1_000
DAY_MS = 86_400_000
_ENVELOPE = frozenset(Envelope.__struct_fields__)


class Opened(msgspec.Struct, frozen=True):
    """One entry in full."""

    stored: StoredEntry
    envelope: Envelope | None
    """None where its bytes are no entry."""
    body: dict[str, Any]
    """The fact's fields as they stand in the bytes."""
    signature: Signature
    chained: bool
    """It names the hash of the entry before it."""

    @property
    def hash6(self) -> str:
        """The letters a receipt of it shows."""
        return hash6(self.stored.hash)


class ReceiptCheck(msgspec.Struct, frozen=True):
    """A receipt's number and letters held against the journal."""

    matches: bool
    """The letters are those of its entry, and the entry's bytes are the till's."""
    number: str
    letters: str
    """What the journal says they are."""
    journal: str
    seq: int
    signature: Signature
    amount: int
    """In fen."""
    order_ms: int
    person: str


class PhonesSeen(msgspec.Struct, frozen=True):
    """Somebody saw a phone number whole, or took people's data out of the till."""

    journal: str
    seq: int
    order_ms: int
    what: Literal["phone", "export", "invoices"]
    member: str
    count: int
    person: str
    approver: str


class Sampled(msgspec.Struct, frozen=True):
    """A receipt chosen for a closer look."""

    journal: str
    seq: int
    order_ms: int
    kind: str
    number: str
    person: str
    amount: int
    """In fen; what a refund gave back is negative."""
    hash6: str


def span_of(from_day: str, to_day: str) -> tuple[int, int]:
    """Whole days of China as (first ms, ms behind the last); "" is open. Refusal: bad_date."""
    since = parse_time(f"{iso_date(from_day)}T00:00:00+08:00") if from_day else 0
    until = parse_time(f"{iso_date(to_day)}T00:00:00+08:00") + DAY_MS if to_day else NEWEST
    return since, until


def span_words(from_day: str, to_day: str) -> str:
    """The span as a paper says it."""
    return f"{from_day or '开业'} 至 {to_day or '现在'}"


def opened(db: Connection, journal: str, seq: int) -> Opened | None:
    """An entry with everything that can be said of it here, None when there is none."""
    stored = stored_at(db, journal, seq)
    if stored is None:
        return None
    envelope, body = read_out(stored.content)
    before = stored_at(db, journal, seq - 1)
    prev = before.hash.hex() if before else FIRST_PREV
    chained = envelope is not None and envelope.prev == prev
    return Opened(stored, envelope, body, signature_of(db, stored), chained)


def read_out(content: bytes) -> tuple[Envelope | None, dict[str, Any]]:
    """An entry's envelope and what stands behind it; nothing of bytes that are no entry."""
    try:
        envelope = decode_envelope(content)
        said = msgspec.json.decode(content, type=dict[str, Any])
    except (BadEntry, msgspec.DecodeError):
        return None, {}
    return envelope, {name: value for name, value in said.items() if name not in _ENVELOPE}


def signature_of(db: Connection, stored: StoredEntry) -> Signature:
    """Whether an entry's bytes are what its journal's key signed."""
    found = db.scalar(
        select(journal_opened.c.public_key).where(journal_opened.c.journal == stored.journal)
    )
    key = public_key_of(found or "")
    if hash_of(stored.content) != stored.hash:
        return "changed"
    if key is None:
        return "no_key"
    return "true" if signed(key, stored.sig, stored.hash) else "unsigned"


def check_receipt(
    db: Connection, shop: str, till: str, number: str, letters: str
) -> ReceiptCheck | None:
    """Hold a paper's number and six letters against its entry; None for a number nobody gave."""
    found = document(db, shop, till, number.strip()) if number.strip() else None
    if found is None:
        return None
    stored = stored_at(db, found.envelope.journal, found.envelope.seq)
    assert stored is not None
    true = hash6(hash_of(stored.content))
    state = signature_of(db, stored)
    fact = getattr(found, "sale", None) or getattr(found, "refund", None)
    assert isinstance(fact, SaleCompleted | RefundCompleted)
    return ReceiptCheck(
        matches=letters.strip().upper() == true and state == "true",
        number=found.number,
        letters=true,
        journal=stored.journal,
        seq=stored.seq,
        signature=state,
        amount=_amount(fact),
        order_ms=found.envelope.order,
        person=found.envelope.staff,
    )


def _amount(fact: SaleCompleted | RefundCompleted) -> int:
    return fact.due if isinstance(fact, SaleCompleted) else -fact.amount


def phones_seen(
    db: Connection, *, since_ms: int = 0, until_ms: int = NEWEST, most: int = 500
) -> list[PhonesSeen]:
    """Who saw or took out members' and buyers' data, the newest first."""
    listed = [
        each
        for kind in LOOKS
        for each in newest_first(db, kind=kind, since_ms=since_ms, until_ms=until_ms, most=most)
    ]
    listed.sort(key=lambda each: each.place, reverse=True)
    return [seen for each in listed[:most] if (seen := _seen(db, each)) is not None]


def _seen(db: Connection, each: Listed) -> PhonesSeen | None:
    stored = stored_at(db, each.journal, each.seq)
    assert stored is not None
    try:
        if each.kind == LOOKS[0]:
            shown = msgspec.json.decode(stored.content, type=MemberShown)
            what: Any = "export" if shown.what == "export" else "phone"
            said = (what, shown.member, shown.count, shown.person, shown.approver)
        else:
            taken = msgspec.json.decode(stored.content, type=InvoicesExported)
            who = getattr(taken, "person", "") or each.staff
            said = ("invoices", "", taken.count, who, getattr(taken, "approver", ""))
    except msgspec.DecodeError:
        return None
    return PhonesSeen(each.journal, each.seq, each.order_ms, *said)


def sample(
    db: Connection, seed: str, count: int, *, since_ms: int = 0, until_ms: int = NEWEST
) -> list[Sampled]:
    """`count` receipts of a span of time, chosen by the seed and nothing else, in journal order.

    Each receipt's lot is SHA-256 of "seed:journal:seq"; the lowest are drawn. Whoever has the
    seed draws the same ones, and nobody can know them before the seed is said.
    """
    drawn = heapq.nsmallest(min(count, MOST_SAMPLED), _lots(db, seed, since_ms, until_ms))
    chosen = sorted((place for _lot, place in drawn))
    return [_sampled(db, *place) for place in chosen]


def _lots(
    db: Connection, seed: str, since_ms: int, until_ms: int
) -> Iterator[tuple[bytes, tuple[int, str, int]]]:
    for kind in SAMPLED:
        before = None
        while page := newest_first(
            db, kind=kind, since_ms=since_ms, until_ms=until_ms, before=before, most=5_000
        ):
            before = page[-1].place
            for each in page:
                lot = hashlib.sha256(f"{seed}:{each.journal}:{each.seq}".encode()).digest()
                yield lot, each.place


def _sampled(db: Connection, order_ms: int, journal: str, seq: int) -> Sampled:
    stored = stored_at(db, journal, seq)
    assert stored is not None
    kinds: dict[str, Any] = {SAMPLED[0]: SaleCompleted, SAMPLED[1]: RefundCompleted}
    try:
        fact = msgspec.json.decode(stored.content, type=kinds[stored.kind])
        number, amount = fact.number, _amount(fact)
        person = decode_envelope(stored.content).staff
    except (msgspec.DecodeError, BadEntry):
        # Damaged: it stays in the sample, where somebody will look at it.
        number, amount, person = "?", 0, ""
    return Sampled(journal, seq, order_ms, stored.kind, number, person, amount, hash6(stored.hash))


def sample_page(
    rows: Sequence[Sampled], *, shop: str, seed: str, span: str, now_ms: int, series: str = ""
) -> TablePage:
    """The sample as a list to walk through with a pen."""
    return TablePage(
        title="审计抽样单",
        under=f"{shop}　{span}　共 {len(rows)} 张　打印 {iso(now_ms)[:16].replace('T', ' ')}",
        number=f"种子 {seed}",
        banner=BANNERS.get(series, ""),
        signatures="抽样人：＿＿＿＿＿＿　　店长：＿＿＿＿＿＿　　日期：＿＿＿＿＿＿",
        columns=(
            ("#", 10, True), ("小票号", 44, False), ("时间", 34, False), ("工号", 16, False),
            ("金额", 24, True), ("字母", 20, False), ("条", 16, True), ("对", 18, False),
        ),
        rows=tuple(
            (
                str(n), each.number, f"{local(each.order_ms):%Y-%m-%d %H:%M}", each.person,
                yuan(each.amount), each.hash6, str(each.seq), "",
            )
            for n, each in enumerate(rows, 1)
        ),
    )  # fmt: skip
