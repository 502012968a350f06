"""PIN verifiers on their way to another device of the shop: sealed to it alone, never in a fact.

The receiving device shows a card: a box key made from its journal's key, signed by it. The sending
device seals a parcel to that box and signs it. Whoever carries both (the hub, a USB stick) learns
nothing and can change nothing; which journal's key belongs to which device, both sides are told by
whoever enrolled them. A verifier older than the one that is here is left alone, so an old parcel
brings no old PIN back and gives no tries back.
"""

from collections.abc import Iterator
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from app.errors import Refusal
from app.journal.own import OwnJournal
from app.staff.actions import Verifier, opened_verifier, sealed_verifier
from app.staff.queries import listed, name_of
from app.staff.tables import pin as pin_table
from app.transaction import Books, Transaction, transaction

MOST_BYTES = 1_000_000
NONCE_BYTES = 12
Body = TypeVar("Body")
_CARD, _PARCEL = b"verifier card 1\n", b"verifier parcel 1\n"


class _Signed(msgspec.Struct, frozen=True):
    body: bytes
    sig: bytes


class _Card(msgspec.Struct, frozen=True):
    shop: str
    journal: str
    box: bytes


class _Parcel(msgspec.Struct, frozen=True):
    shop: str
    sender: str
    to: str
    key: bytes
    """The parcel's own half of the exchange."""
    sealed: bytes


class _Carried(msgspec.Struct, frozen=True):
    person: str
    name: str
    since_ms: int
    verifier: str


def card(books: Books) -> bytes:
    """What another device needs to seal verifiers to this one. Nothing in it is secret."""
    box = _box(books.journal).public_key().public_bytes_raw()
    body = msgspec.json.encode(_Card(books.shop, books.journal.id, box))
    return _signed(books.journal, _CARD, body)


def export_verifiers(books: Books, to: bytes, to_key: str) -> bytes:
    """Everybody's verifier and name, for the device whose card `to` is and nobody else.

    `to_key` is the public key of that device's journal. Raises Refusal("verifiers_bad").
    """
    wanted = _opened(to, _CARD, to_key, _Card)
    if wanted.shop != books.shop:
        raise Refusal("verifiers_bad")
    with books.read() as db:
        carried = msgspec.json.encode(list(_carried(db, books)))
    own = X25519PrivateKey.from_private_bytes(books.ids.random_bytes(32))
    nonce = books.ids.random_bytes(NONCE_BYTES)
    secret = own.exchange(X25519PublicKey.from_public_bytes(wanted.box))
    key = own.public_key().public_bytes_raw()
    cipher = _cipher(secret, books.journal.id, wanted.journal, key)
    parcel = _Parcel(
        books.shop,
        books.journal.id,
        wanted.journal,
        key,
        nonce + cipher.encrypt(nonce, carried, wanted.journal.encode()),
    )
    return _signed(books.journal, _PARCEL, msgspec.json.encode(parcel))


def import_verifiers(books: Books, parcel: bytes, sender_key: str) -> int:
    """Take over what is newer than here, of people who work in this shop; how many.

    `sender_key` is the public key of the sending device's journal. Raises Refusal("verifiers_bad").
    """
    found = _opened(parcel, _PARCEL, sender_key, _Parcel)
    if (found.shop, found.to) != (books.shop, books.journal.id):
        raise Refusal("verifiers_bad")
    try:
        secret = _box(books.journal).exchange(X25519PublicKey.from_public_bytes(found.key))
        cipher = _cipher(secret, found.sender, found.to, found.key)
        nonce, sealed = found.sealed[:NONCE_BYTES], found.sealed[NONCE_BYTES:]
        people = msgspec.json.decode(
            cipher.decrypt(nonce, sealed, found.to.encode()), type=list[_Carried]
        )
    except (ValueError, InvalidTag):
        raise Refusal("verifiers_bad") from None
    with transaction(books) as tx:
        active = {each.person for each in listed(tx.connection, tx.shop) if each.active}
        return sum(_taken(tx, each) for each in people if each.person in active)


def _carried(db: Connection, books: Books) -> Iterator[_Carried]:
    active = {each.person for each in listed(db, books.shop) if each.active}
    for row in db.execute(select(pin_table).order_by(pin_table.c.person)):
        if row.person in active:
            made = opened_verifier(books.secrets, row.person, row.sealed_verifier)
            name = name_of(db, books.secrets, row.person)
            yield _Carried(row.person, name, made.since_ms, made.verifier)


def _taken(tx: Transaction, each: _Carried) -> bool:
    secrets = tx.books.secrets
    rows = tx.read(select(pin_table).where(pin_table.c.person == each.person))
    if rows:
        here = opened_verifier(secrets, each.person, rows[0].sealed_verifier)
        if here.since_ms >= each.since_ms:
            return False
    values = {
        "person": each.person,
        "sealed_name": secrets.seal(f"name:{each.person}", each.name.encode()),
        "sealed_verifier": sealed_verifier(
            secrets, each.person, Verifier(each.since_ms, each.verifier)
        ),
        "failures": 0,
    }
    statement = insert(pin_table).values(**values)
    tx.execute(statement.on_conflict_do_update(index_elements=["person"], set_=values))
    return True


def _box(journal: OwnJournal) -> X25519PrivateKey:
    """The device's box key: made from its journal's key, so a new journal has a new one."""
    made = HKDF(SHA256(), 32, None, b"verifier box").derive(journal.seed)
    return X25519PrivateKey.from_private_bytes(made)


def _cipher(secret: bytes, sender: str, to: str, key: bytes) -> AESGCM:
    info = _PARCEL + f"{sender}>{to}".encode() + key
    return AESGCM(HKDF(SHA256(), 32, None, info).derive(secret))


def _signed(journal: OwnJournal, what: bytes, body: bytes) -> bytes:
    return msgspec.json.encode(_Signed(body, journal.sign(what + body)))


def _opened(content: bytes, what: bytes, public_key: str, kind: type[Body]) -> Body:
    """A card or parcel whose signature holds. Raises Refusal("verifiers_bad")."""
    try:
        if len(content) > MOST_BYTES:
            raise ValueError(len(content))
        signed = msgspec.json.decode(content, type=_Signed)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(signed.sig, what + signed.body)
        return msgspec.json.decode(signed.body, type=kind)
    except (ValueError, InvalidSignature):
        raise Refusal("verifiers_bad") from None
