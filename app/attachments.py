"""Personal data and pictures: encrypted, named by what they are, deletable. Never in a fact.

A fact carries an attachment's name, the SHA-256 of its ciphertext. What it says can be read only
with its subject's key (a member, a buyer), and that key lies sealed under the till's master key.
Forgetting a subject destroys the key and the ciphertext; every fact stays as it was.
"""

import hashlib

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, Connection, Index, Integer, LargeBinary, Table, Text, delete, select
from sqlalchemy.dialects.sqlite import insert

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


def forget(tx: Transaction, subject: str) -> None:
    """Destroy the subject's key and everything that was encrypted under it."""
    tx.execute(delete(subject_key).where(subject_key.c.subject == subject))
    tx.execute(delete(attachment).where(attachment.c.subject == subject))


def _key(db: Connection, secrets: SecretStore, subject: str) -> bytes | None:
    sealed = db.scalar(select(subject_key.c.sealed).where(subject_key.c.subject == subject))
    return None if sealed is None else secrets.open(f"subject:{subject}", bytes(sealed))
