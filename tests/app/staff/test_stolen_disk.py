"""A thief with the whole folder but not the keystore finds no PIN; with the key, every one."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import Refusal
from app.ids import seeded
from app.journal.secrets import KEY_BYTES, KEY_FILE, NONCE_BYTES
from app.staff import actions
from app.staff.rules import checked_pin
from app.transaction import transaction
from tests.support.tills import TillInFolder

PEOPLE = 100
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""As weak as Argon2 gets: what protects these PINs must be the seal, not the thief's patience."""


def some_pins() -> Iterator[str]:
    dice = seeded("pins")
    while True:
        pin = f"{int.from_bytes(dice(4), 'big') % 1_000_000:06d}"
        try:
            yield checked_pin(pin)
        except Refusal:
            continue


@pytest.fixture
def pins(till: TillInFolder, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """By number, what a hundred people chose; some were used, some locked."""
    monkeypatch.setattr(actions, "_hasher", QUICK)
    chosen = dict(zip((f"{1000 + n}" for n in range(PEOPLE)), some_pins(), strict=False))
    with transaction(till.books) as tx:
        for number, pin in chosen.items():
            actions.set_person(tx, number=number, name="某某", role="cashier", pin=pin)
    actions.check_pin(till.books, "1000", chosen["1000"])
    for _ in range(10):
        with pytest.raises(Refusal):
            actions.check_pin(till.books, "1001", "000111")
    return chosen


def found(till: TillInFolder, pins: dict[str, str], *, with_key: bool) -> int:
    """How many PINs a thief finds who is even told all of them and needs only to match them.

    Every run of 32 bytes in the folder is tried as the key, and what lies there as a verifier.
    """
    rows = till.rows("SELECT person, sealed_verifier FROM pin ORDER BY person")
    till.close()
    files = [
        path.read_bytes()
        for path in sorted(till.path.iterdir())
        if path.is_file() and (with_key or path.name != KEY_FILE)
    ]
    sealed = {str(person): bytes(blob) for person, blob in rows if isinstance(blob, bytes)}
    assert len(sealed) == PEOPLE
    opened = dict(sealed)
    for key in _keys(files):
        if _open(key, "1000", sealed["1000"]) is not None:
            opened = {who: _open(key, who, blob) or blob for who, blob in sealed.items()}
            break
    return sum(_fits(opened[who], pin) for who, pin in pins.items())


def _keys(files: list[bytes]) -> Iterator[bytes]:
    yield bytes(KEY_BYTES)
    # The key's own file is the shortest of all, so a thief who has it is soon done.
    for content in sorted(files, key=len):
        for at in range(len(content) - KEY_BYTES + 1):
            yield content[at : at + KEY_BYTES]


def _open(key: bytes, number: str, blob: bytes) -> bytes | None:
    try:
        name = f"pin:{number}".encode()
        return AESGCM(key).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], name)
    except InvalidTag:
        return None


def _fits(verifier: bytes, pin: str) -> bool:
    try:
        return QUICK.verify(verifier.rpartition(b" ")[2], pin)
    except (Argon2Error, ValueError):
        return False


def test_without_the_keystore_none_of_a_hundred_pins_is_found(
    till: TillInFolder, pins: dict[str, str]
) -> None:
    assert found(till, pins, with_key=False) == 0


def test_the_same_thief_finds_all_of_them_with_the_key(
    till: TillInFolder, pins: dict[str, str]
) -> None:
    assert found(till, pins, with_key=True) == PEOPLE
