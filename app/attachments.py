"""Personal data and pictures: encrypted, named by what they are, deletable. Never in a fact.

A fact carries an attachment's name, the SHA-256 of its ciphertext. What it says can be read only
with its subject's key (a member, a buyer), and that key lies sealed under the till's master key.
Forgetting a subject destroys the key and the ciphertext; every fact stays as it was.
"""

import hashlib

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from app.errors import Refusal
from app.journal.secrets import KEY_BYTES, NONCE_BYTES, SecretStore
from app.rows import LOCAL, METADATA
from app.transaction import Transaction

attachment = Table(
    "attachment",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made_ms", Integer, nullable=False),
    Index("ix_attachment_subject", "subject"),
    info=LOCAL,
    sqlite_strict=True,
)

subject_key = Table(
    "subject_key",
    METADATA,
    Column("subject", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    info=LOCAL,
    sqlite_strict=True,
)

attachment_sent = Table(
    "attachment_sent",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("heard_ms", Integer, nullable=False),
    info=LOCAL,
    sqlite_strict=True,
)
"""Attachments the hub needs no more from here: whole, erased, or refused for what they are."""


class Sealed(msgspec.Struct, frozen=True):
    """An attachment as it travels: nobody on the way reads it."""

    name: str
    subject: str
    content: bytes


def attach(tx: Transaction, subject: str, value: bytes) -> str:
    """Keep a value about a subject; its name, 64 hex digits, for the fact."""
    key = _key(tx.connection, tx.books.secrets, subject)
    if key is None:
        key = tx.ids.random_bytes(KEY_BYTES)
        sealed = tx.books.secrets.seal(f"subject:{subject}", key)
        tx.insert(subject_key, {"subject": subject, "sealed": sealed})
    nonce = tx.ids.random_bytes(NONCE_BYTES)
    content = nonce + AESGCM(key).encrypt(nonce, value, subject.encode())
    name = hashlib.sha256(content).hexdigest()
    tx.execute(
        insert(attachment)
        .values(name=name, subject=subject, content=content, made_ms=tx.now_ms)
        .on_conflict_do_nothing()
    )
    return name


def detail(db: Connection, secrets: SecretStore, name: str) -> bytes | None:
    """What an attachment says, None when its subject was forgotten or it never came here."""
    row = db.execute(select(attachment).where(attachment.c.name == name)).first()
    key = _key(db, secrets, row.subject) if row is not None else None
    if row is None or key is None:
        return None
    content = bytes(row.content)
    opened: bytes = AESGCM(key).decrypt(
        content[:NONCE_BYTES], content[NONCE_BYTES:], row.subject.encode()
    )
    return opened


def next_unsent(db: Connection) -> Sealed | None:
    """The oldest attachment the hub does not have."""
    row = db.execute(
        select(attachment.c.name, attachment.c.subject, attachment.c.content)
        .outerjoin(attachment_sent, attachment_sent.c.name == attachment.c.name)
        .where(attachment_sent.c.name.is_(None))
        .order_by(attachment.c.made_ms, attachment.c.name)
        .limit(1)
    ).first()
    return Sealed(row.name, row.subject, bytes(row.content)) if row is not None else None


def unsent_count(db: Connection) -> int:
    """How many attachments the hub does not have."""
    sent = select(attachment_sent.c.name)
    missing = select(func.count()).select_from(attachment).where(attachment.c.name.not_in(sent))
    return int(db.scalar(missing) or 0)


def mark_sent(tx: Transaction, name: str, state: str) -> None:
    """The hub has it, or wants it no more."""
    said = insert(attachment_sent).values(name=name, state=state, heard_ms=tx.now_ms)
    tx.execute(said.on_conflict_do_nothing())


def none_sent(tx: Transaction) -> None:
    """Another hub has nothing yet."""
    tx.execute(delete(attachment_sent))


def put_back(tx: Transaction, sealed: Sealed) -> None:
    """Keep ciphertext that came from the hub; only who holds its subject's key can read it.

    Raises Refusal("attachment_wrong") when it is not what its name says.
    """
    if hashlib.sha256(sealed.content).hexdigest() != sealed.name:
        raise Refusal("attachment_wrong")
    tx.execute(
        insert(attachment)
        .values(
            name=sealed.name,
            subject=sealed.subject,
            content=sealed.content,
            made_ms=tx.now_ms,
        )
        .on_conflict_do_nothing()
    )
    mark_sent(tx, sealed.name, "whole")


def forget(tx: Transaction, subject: str) -> None:
    """Destroy the subject's key and everything that was encrypted under it."""
    tx.execute(delete(subject_key).where(subject_key.c.subject == subject))
    names = select(attachment.c.name).where(attachment.c.subject == subject)
    tx.execute(delete(attachment_sent).where(attachment_sent.c.name.in_(names)))
    tx.execute(delete(attachment).where(attachment.c.subject == subject))


def _key(db: Connection, secrets: SecretStore, subject: str) -> bytes | None:
    sealed = db.scalar(select(subject_key.c.sealed).where(subject_key.c.subject == subject))
    return None if sealed is None else secrets.open(f"subject:{subject}", bytes(sealed))
