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
from app.facts.staff import PinSet
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


class Card(msgspec.Struct, frozen=True):
    """What a device shows of itself."""

    shop: str
    journal: str
    box: bytes


class Parcel(msgspec.Struct, frozen=True):
    """What a parcel says of itself in the clear."""

    shop: str
    sender: str
    to: str
    key: bytes
    """The parcel's own half of the exchange."""
    sealed: bytes


class Carried(msgspec.Struct, frozen=True):
    """One person's name and verifier, as they stand at a device."""

    person: str
    name: str
    since_ms: int
    verifier: str


def card(books: Books) -> bytes:
    """What another device needs to seal verifiers to this one. Nothing in it is secret."""
    box = _box(books.journal).public_key().public_bytes_raw()
    body = msgspec.json.encode(Card(books.shop, books.journal.id, box))
    return _signed(books.journal, _CARD, body)


def claimed_card(content: bytes) -> Card:
    """What a card says; nobody has vouched for it yet. Raises Refusal("verifiers_bad")."""
    return _said(_taken_apart(content), Card)


def claimed_parcel(content: bytes) -> Parcel:
    """What a parcel says; nobody has vouched for it yet. Raises Refusal("verifiers_bad")."""
    return _said(_taken_apart(content), Parcel)


def export_verifiers(books: Books, to: bytes, to_key: str) -> bytes:
    """Everybody's verifier and name, for the device whose card `to` is and nobody else.

    `to_key` is the public key of that device's journal. Raises Refusal("verifiers_bad").
    """
    return sealed_for(books, to, to_key, carried_from(books))


def sealed_for(books: Books, to: bytes, to_key: str, people: list[Carried]) -> bytes:
    """These people's, as `export_verifiers` does it."""
    wanted = _opened(to, _CARD, to_key, Card)
    if wanted.shop != books.shop:
        raise Refusal("verifiers_bad")
    own = X25519PrivateKey.from_private_bytes(books.ids.random_bytes(32))
    nonce = books.ids.random_bytes(NONCE_BYTES)
    try:
        secret = own.exchange(X25519PublicKey.from_public_bytes(wanted.box))
    except ValueError:
        raise Refusal("verifiers_bad") from None
    key = own.public_key().public_bytes_raw()
    cipher = _cipher(secret, books.journal.id, wanted.journal, key)
    sealed = cipher.encrypt(nonce, msgspec.json.encode(people), wanted.journal.encode())
    parcel = Parcel(books.shop, books.journal.id, wanted.journal, key, nonce + sealed)
    return _signed(books.journal, _PARCEL, msgspec.json.encode(parcel))


def import_verifiers(books: Books, parcel: bytes, sender_key: str) -> int:
    """Take over what is newer than here, of people who work in this shop; how many.

    `sender_key` is the public key of the sending device's journal. Raises Refusal("verifiers_bad").
    """
    return len(take_over(books, opened_parcel(books, parcel, sender_key)))


def opened_parcel(books: Books, parcel: bytes, sender_key: str) -> list[Carried]:
    """What lies in a parcel for this device. Raises Refusal("verifiers_bad")."""
    found = _opened(parcel, _PARCEL, sender_key, Parcel)
    if (found.shop, found.to) != (books.shop, books.journal.id):
        raise Refusal("verifiers_bad")
    try:
        secret = _box(books.journal).exchange(X25519PublicKey.from_public_bytes(found.key))
        cipher = _cipher(secret, found.sender, found.to, found.key)
        nonce, sealed = found.sealed[:NONCE_BYTES], found.sealed[NONCE_BYTES:]
        return msgspec.json.decode(
            cipher.decrypt(nonce, sealed, found.to.encode()), type=list[Carried]
        )
    except (ValueError, InvalidTag):
        raise Refusal("verifiers_bad") from None


def take_over(books: Books, people: list[Carried], *, staff: str = "", by: str = "") -> list[str]:
    """Keep whatever is newer than here, of people who work in this shop; their numbers.

    `by` answers for it: that each of them has another PIN here is a fact then.
    """
    with transaction(books, staff=staff) as tx:
        active = {each.person for each in listed(tx.connection, tx.shop) if each.active}
        new = [each.person for each in people if each.person in active and _taken(tx, each)]
        for person in new if by else ():
            tx.record(PinSet(shop=tx.shop, till=tx.till, person=person, by=by))
    return new


def carried_from(books: Books) -> list[Carried]:
    """Everybody of this shop whose PIN this device knows."""
    with books.read() as db:
        return list(_carried(db, books))


def _carried(db: Connection, books: Books) -> Iterator[Carried]:
    active = {each.person for each in listed(db, books.shop) if each.active}
    for row in db.execute(select(pin_table).order_by(pin_table.c.person)):
        if row.person in active:
            made = opened_verifier(books.secrets, row.person, row.sealed_verifier)
            name = name_of(db, books.secrets, row.person)
            yield Carried(row.person, name, made.since_ms, made.verifier)


def _taken(tx: Transaction, each: Carried) -> bool:
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
    signed = _taken_apart(content)
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(signed.sig, what + signed.body)
    except (ValueError, InvalidSignature):
        raise Refusal("verifiers_bad") from None
    return _said(signed, kind)


def _taken_apart(content: bytes) -> _Signed:
    if len(content) > MOST_BYTES:
        raise Refusal("verifiers_bad")
    try:
        return msgspec.json.decode(content, type=_Signed)
    except (ValueError, RecursionError):
        raise Refusal("verifiers_bad") from None


def _said(signed: _Signed, kind: type[Body]) -> Body:
    try:
        return msgspec.json.decode(signed.body, type=kind)
    except (ValueError, RecursionError):
        raise Refusal("verifiers_bad") from None
