"""Who may ask: tills join by a one-time code and a fingerprint, and sign whatever they send."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, bindparam, delete, select, update

from app.facts.journals import JournalOpened
from app.facts.registry import UnknownKind, decode_fact
from app.ids import Ids
from app.journal.entry import BadEntry, decode_envelope, hash_of, text_problem
from sync.hub.database import HubDatabase, marks
from sync.hub.tables import hub_code, hub_device, hub_nonce
from sync.protocol import (
    CLOCK_LEEWAY_MS,
    Answer,
    Enrol,
    Enrolled,
    Refused,
    fingerprint,
    hub_proof,
    is_signed,
    request_text,
    till_proof,
)

CODE_MS = 10 * 60_000
CODE_TRIES = 5
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Nothing that is read for something else; twelve of them are 58 bits."""
CODE_LENGTH = 12
WAITING, APPROVED, REVOKED = "waiting", "approved", "revoked"
DEMO_SERIES = "D"
TRAINING_SERIES = "T"


@dataclass(frozen=True, slots=True)
class Signer:
    """A till the hub knows: whose key signed the request at hand."""

    shop: str
    device: str
    till: str
    state: str
    journal: str = ""
    """The one whose key signed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came over the line."""

    method: str
    path: str
    journal: str
    time: str
    nonce: str
    signature: str
    body: bytes


def signer_of(database: HubDatabase, asked: Asked, now_ms: int) -> Signer | Refused:
    """Who signed a request, or why nobody did; a nonce is taken only once."""
    with database.begin() as db:
        row = db.execute(_SIGNER, {"journal": asked.journal}).first()
        if row is None:
            return Refused(code="not_enrolled", hub_ms=now_ms)
        if not asked.time.isascii() or not asked.time.isdecimal() or len(asked.time) > 16:
            return Refused(code="signature_bad", hub_ms=now_ms)
        text = request_text(
            asked.method, asked.path, asked.journal, int(asked.time), asked.nonce, asked.body
        )
        if not is_signed(row.public_key, asked.signature, text):
            return Refused(code="signature_bad", hub_ms=now_ms)
        if abs(int(asked.time) - now_ms) > CLOCK_LEEWAY_MS:
            return Refused(code="clock_off", hub_ms=now_ms)
        taken = _taken(database.insert)
        values = {"signer": asked.journal, "nonce": asked.nonce, "time_ms": now_ms}
        if db.execute(taken, values).first() is None:
            return Refused(code="replayed", hub_ms=now_ms)
        db.execute(_OLD_NONCES, {"before": now_ms - 2 * CLOCK_LEEWAY_MS})
        db.execute(_SEEN, {"of": row.shop, "one": row.device, "seen_ms": now_ms})
        return Signer(row.shop, row.device, row.till, row.state, asked.journal)


# Asked with every request.
_SIGNER = select(hub_device).where(hub_device.c.signer == bindparam("journal"))
_OLD_NONCES = delete(hub_nonce).where(hub_nonce.c.time_ms < bindparam("before"))
_SEEN = update(hub_device).where(
    hub_device.c.shop == bindparam("of"), hub_device.c.device == bindparam("one")
)


@cache
def _taken(insert: Callable[[Table], Any]) -> Any:
    return insert(hub_nonce).on_conflict_do_nothing().returning(hub_nonce.c.nonce)


def first_fact(content: bytes) -> JournalOpened:
    """What a journal's first entry says. Raises BadEntry, msgspec.DecodeError."""
    if problem := text_problem(content):
        raise BadEntry(problem)
    try:
        fact = decode_fact(decode_envelope(content).kind, content)
    except UnknownKind as error:
        raise BadEntry(str(error)) from error
    if not isinstance(fact, JournalOpened):
        raise BadEntry("not a journal's first entry")
    return fact


def enrol(database: HubDatabase, wish: Enrol, now_ms: int, sealing_key: str) -> Answer:
    """Let a till in that knows its code; a person approves it before anything is taken from it.

    `sealing_key` is the hub's.
    """
    content = wish.opened.content.encode(errors="replace")
    try:
        envelope, opened = decode_envelope(content), first_fact(content)
    except (BadEntry, msgspec.DecodeError):
        return Refused(code="not_authentic", hub_ms=now_ms)
    if not is_signed(opened.public_key, wish.opened.sig, hash_of(content)):
        return Refused(code="not_authentic", hub_ms=now_ms)
    with database.begin() as db:
        known = marks(db)
        if opened.series == TRAINING_SERIES or (
            (opened.series == DEMO_SERIES) != (known["kind"] == "demo")
        ):
            return Refused(code="demo_and_real", hub_ms=now_ms)
        code = _code_for(db, opened, wish.proof, now_ms)
        if not code:
            return Refused(code="code_wrong", hub_ms=now_ms)
        this = (hub_device.c.shop == opened.shop) & (hub_device.c.device == opened.device)
        its_own = hub_device.c.signer == envelope.journal
        for known_one in db.execute(select(hub_device).where(this | its_own)):
            if (known_one.till, known_one.shop) != (opened.till, opened.shop) or (
                known_one.signer == envelope.journal and known_one.public_key != opened.public_key
            ):
                # A code lets one till in; it takes nobody else's place.
                return Refused(code="wrong_shop", hub_ms=now_ms)
        # A till that comes again, restored or with a new key, takes its device's place and waits.
        db.execute(delete(hub_device).where(this | its_own))
        db.execute(
            hub_device.insert(),
            {"shop": opened.shop, "device": opened.device, "till": opened.till,
             "signer": envelope.journal, "public_key": opened.public_key, "state": WAITING,
             "flags": "", "program": wish.app, "sealing_key": wish.sealing_key or "",
             "enrolled_ms": now_ms, "seen_ms": now_ms},
        )  # fmt: skip
    incarnation, hub_key = known["incarnation"], known["public_key"]
    return Enrolled(
        incarnation=incarnation,
        hub_key=hub_key,
        proof=hub_proof(code, opened.public_key, hub_key, incarnation),
        fingerprint=fingerprint(opened.public_key),
        hub_ms=now_ms,
        sealing_key=sealing_key,
    )


def _code_for(db: Connection, opened: JournalOpened, proof: str, now_ms: int) -> str:
    """The code a till proved to know, "" for none; a wrong guess uses up a try."""
    this = (hub_code.c.shop == opened.shop) & (hub_code.c.till == opened.till)
    row = db.execute(select(hub_code).where(this).with_for_update()).first()
    if row is None:
        return ""
    right = till_proof(row.code, opened.public_key) == proof and now_ms <= row.until_ms
    if right or row.tries_left <= 1 or now_ms > row.until_ms:
        db.execute(delete(hub_code).where(this))
    else:
        db.execute(update(hub_code).where(this), {"tries_left": row.tries_left - 1})
    return str(row.code) if right else ""


def new_code(database: HubDatabase, ids: Ids, *, shop: str, till: str, now_ms: int) -> str:
    """A one-time code for one till of one shop; the one before it is worth nothing any more."""
    letters = ""
    while len(letters) < CODE_LENGTH:
        # Bytes beyond the last whole round are thrown away: each letter is as likely.
        byte = ids.random_bytes(1)[0]
        if byte < 256 // len(CODE_LETTERS) * len(CODE_LETTERS):
            letters += CODE_LETTERS[byte % len(CODE_LETTERS)]
    with database.begin() as db:
        this = (hub_code.c.shop == shop) & (hub_code.c.till == till)
        db.execute(delete(hub_code).where(this))
        db.execute(
            hub_code.insert(),
            {"shop": shop, "till": till, "code": letters, "until_ms": now_ms + CODE_MS,
             "tries_left": CODE_TRIES},
        )  # fmt: skip
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))
