"""A document as a sealed file between two shops: the entries themselves, their hashes, signatures.

Whoever opens it needs nothing but the file to see that not a byte was changed since the journal
that wrote it signed it. Whether that journal is the shop it says is what the first transfer is
believed for, and every later one is held against.
"""

from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, or_, select

from app.errors import Refusal
from app.facts.base import Fact, wire_name
from app.facts.registry import decode_fact
from app.journal.entry import BadEntry, decode_envelope, hash_of, text_problem
from app.journal.tables import entry, journal_opened
from app.stock.dispatch_tables import settled
from app.stock.tables import document
from app.transaction import Books

FORMAT = "kaiping-sealed-document"
VERSION = 1
MOST_BYTES = 8_000_000
FactType = TypeVar("FactType", bound=Fact)


class SealedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry: its exact text, hash and signature in hex."""

    seq: int
    content: str
    hash: str
    sig: str


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole file."""

    format: str = FORMAT
    version: int = VERSION
    shop: str
    journal: str
    public_key: str
    entries: tuple[SealedEntry, ...]


class Opened(msgspec.Struct, Generic[FactType], frozen=True):
    """What a file says, once every signature was seen to be true."""

    shop: str
    public_key: str
    document: str
    facts: tuple[FactType, ...]


def sealed(db: Connection, books: Books, name: str) -> Sealed | None:
    """A transfer this shop sent or received, by id or number, as it stands in the journal."""
    shop = books.shop
    documents = db.execute(
        select(document.c.fact, document.c.document).where(
            document.c.shop == shop,
            document.c.kind.in_(("transfer_out", "transfer_in")),
            or_(document.c.document == name, document.c.number == name),
        )
    ).all()
    if not name or not documents:
        return None
    over = db.scalars(
        select(settled.c.fact).where(
            settled.c.shop == shop, settled.c.document == documents[0].document
        )
    )
    received = db.scalar(
        select(document.c.fact).where(
            document.c.fact == documents[0].fact, document.c.kind == "transfer_in"
        )
    )
    facts = {row.fact for row in documents} | (set(over) if received else set())
    rows = db.execute(
        select(entry).where(entry.c.fact.in_(sorted(facts))).order_by(entry.c.journal, entry.c.seq)
    ).all()
    # A folder that was restored in between wrote the rest in its next journal.
    journal = rows[-1].journal
    key = db.scalar(
        select(journal_opened.c.public_key).where(
            journal_opened.c.shop == shop, journal_opened.c.journal == journal
        )
    )
    return Sealed(
        shop=shop,
        journal=journal,
        public_key=str(key),
        entries=tuple(
            SealedEntry(row.seq, row.content.decode(), row.hash.hex(), row.sig.hex())
            for row in rows
            if row.journal == journal
        ),
    )


def write_file(path: Path, content: Sealed) -> None:
    """Write the file. Raises Refusal("export_failed")."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(content))
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", "") or type(error).__name__
        raise Refusal("export_failed", path=path.name, detail=detail) from None


def read_file(path: Path) -> Sealed:
    """Read a file, whatever somebody hands over. Raises Refusal("file_unreadable")."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refusal("file_unreadable", path=path.name)
        found = msgspec.json.decode(path.read_bytes(), type=Sealed)
    except (OSError, ValueError, RecursionError):
        raise Refusal("file_unreadable", path=path.name[:60]) from None
    if found.format != FORMAT or found.version != VERSION or not found.entries:
        raise Refusal("file_unreadable", path=path.name)
    return found


def opened(content: Sealed, *kinds: type[FactType]) -> Opened[FactType]:
    """The facts of a file, all of one document of one shop.

    Raises Refusal: seal_broken (a byte was changed), wrong_file (other facts than these).
    """
    names = {wire_name(kind): kind for kind in kinds}
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(content.public_key))
        facts = []
        for each in content.entries:
            raw = each.content.encode()
            digest = hash_of(raw)
            if digest.hex() != each.hash or text_problem(raw):
                raise Refusal("seal_broken")
            key.verify(bytes.fromhex(each.sig), digest)
            envelope = decode_envelope(raw)
            if envelope.journal != content.journal:
                raise Refusal("seal_broken")
            if envelope.kind not in names:
                raise Refusal("wrong_file")
            fact = decode_fact(envelope.kind, raw)
            assert isinstance(fact, names[envelope.kind])
            facts.append(fact)
    except (ValueError, InvalidSignature, BadEntry, msgspec.DecodeError):
        raise Refusal("seal_broken") from None
    shops = {fact.shop for fact in facts}
    documents = {str(getattr(fact, "document", "")) for fact in facts}
    if shops != {content.shop} or len(documents) != 1:
        raise Refusal("seal_broken")
    return Opened(content.shop, content.public_key, documents.pop(), tuple(facts))
