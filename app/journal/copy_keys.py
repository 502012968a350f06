"""The shop's own key for its copies, and how it survives a lost disk: the recovery code opens it.

The till keeps the key sealed and works without asking anybody. Beside the copies lies a lock: the
same key under the code that was printed on the first day and put away outside the shop. So the disk
may burn and the stick may be found in the street; the paper and the stick together are the shop.
A new code is a new key: copies under the former one are written anew.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from app.errors import Refusal
from app.journal.secrets import KEY_BYTES, NONCE_BYTES, RandomBytes, SecretStore

LOCK_PREFIX = "lock-"
LOCK_SUFFIX = ".json"
_KEY, _LOCK = "copies.key", "copies.lock"
_SALT_BYTES = 16
_MOST_LOCK_BYTES = 4096


class Lock(msgspec.Struct, frozen=True):
    """The key of some copies under the recovery code (Argon2id, AES-256-GCM); hex."""

    v: int
    key: str
    """Which key: the first eight hex digits of its SHA-256."""
    salt: str
    sealed: str


class CopyKey:
    """Seals what goes onto a second disk, and opens what comes from there."""

    def __init__(self, key: bytes, lock: bytes = b"") -> None:
        assert len(key) == KEY_BYTES
        self.name = _name_of(key)
        self.lock = lock
        """The lock's file, "" where the key was opened by the code itself."""
        self._cipher = AESGCM(key)

    def seal(self, value: bytes, place: str, random: bytes) -> bytes:
        """Nonce (`random`, 12 bytes used once) and ciphertext, good at this place alone."""
        return random + self._cipher.encrypt(random, value, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes | None:
        """The value, None when these bytes were sealed by nobody or for another place."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):
            return None


def _name_of(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:8]


def _stretched(code: str, salt: bytes) -> bytes:
    """A code of a hundred random bits needs no long stretching: about 40 ms."""
    return hash_secret_raw(code.encode(), salt, 2, 19 * 1024, 1, KEY_BYTES, type=Type.ID)


def keep_copy_key(
    secrets: SecretStore, connection: Connection, code: str, random_bytes: RandomBytes
) -> None:
    """A new key for the copies, opened by this recovery code; inside the caller's transaction."""
    key, salt = random_bytes(KEY_BYTES), random_bytes(_SALT_BYTES)
    nonce = random_bytes(NONCE_BYTES)
    name = _name_of(key)
    cipher = AESGCM(_stretched(code, salt))
    sealed = nonce + cipher.encrypt(nonce, key, name.encode())
    lock = msgspec.json.encode(Lock(1, name, salt.hex(), sealed.hex()))
    secrets.save(connection, _KEY, key)
    secrets.save(connection, _LOCK, lock)


def copy_key(secrets: SecretStore, connection: Connection) -> CopyKey | None:
    """The key this till seals its copies with, None before it has a recovery code."""
    key, lock = secrets.load(connection, _KEY), secrets.load(connection, _LOCK)
    return CopyKey(key, lock) if key is not None and lock is not None else None


def locks_in(copies: Path) -> list[Lock]:
    """The locks that lie beside copies; one that cannot be read is none. May raise OSError."""
    found: list[Lock] = []
    for path in sorted(copies.glob(f"{LOCK_PREFIX}*{LOCK_SUFFIX}")):
        with open(path, "rb") as file:
            text = file.read(_MOST_LOCK_BYTES)
        try:
            found.append(msgspec.json.decode(text, type=Lock))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return found


def opened_locks(locks: Sequence[Lock], code: str) -> dict[str, CopyKey]:
    """The keys this code opens, by name. Raises Refusal: recovery_wrong when it opens none."""
    opened: dict[str, CopyKey] = {}
    for lock in locks:
        try:
            sealed, salt = bytes.fromhex(lock.sealed), bytes.fromhex(lock.salt)
            cipher = AESGCM(_stretched(code, salt))
            key = cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], lock.key.encode())
        except (InvalidTag, ValueError, HashingError):
            continue
        if len(key) == KEY_BYTES and _name_of(key) == lock.key:
            opened[lock.key] = CopyKey(key)
    if not opened:
        raise Refusal("recovery_wrong")
    return opened
