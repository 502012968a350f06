"""Secrets at rest: one master key in the system's keystore, everything else sealed under it.

The keystore holds 32 bytes only, because Windows takes no more than 1280 characters there. Where a
machine has no keystore the owner chooses: a passphrase, or a key file only they can read (which a
demo folder always uses). Nothing falls back in silence.
"""

import base64
import hmac
import os
from collections.abc import Callable
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from app.errors import Refusal, Trouble
from app.journal.tables import secret

SERVICE = "kaiping-youpin-till"
KEY_FILE = "master.key"
NONCE_BYTES = 12
KEY_BYTES = 32

RandomBytes = Callable[[int], bytes]


class SecretStore:
    """Seals and opens named values with the master key; the values live in the database."""

    def __init__(self, master_key: bytes, random_bytes: RandomBytes = os.urandom) -> None:
        assert len(master_key) == KEY_BYTES
        self._cipher = AESGCM(master_key)
        self._mark_key = hmac.digest(master_key, b"fingerprint", "sha256")
        self._random_bytes = random_bytes

    def seal(self, name: str, value: bytes) -> bytes:
        """Nonce and AES-256-GCM ciphertext; `name` is authenticated, so values cannot swap."""
        nonce = self._random_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, value, name.encode())

    def open(self, name: str, sealed: bytes) -> bytes:
        """The value. Raises Trouble("keystore_wrong_key")."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError):
            # A value too short to hold a nonce was not sealed by anybody.
            raise Trouble("keystore_wrong_key") from None

    def fingerprint(self, value: str) -> str:
        """The same hex for the same value, which nobody without the master key can work out."""
        return hmac.digest(self._mark_key, value.encode(), "sha256").hex()

    def save(self, connection: Connection, name: str, value: bytes) -> None:
        """Seal a value into the database, inside the caller's transaction."""
        sealed = self.seal(name, value)
        statement = insert(secret).values(name=name, sealed=sealed)
        connection.execute(
            statement.on_conflict_do_update(index_elements=["name"], set_={"sealed": sealed})
        )

    def load(self, connection: Connection, name: str) -> bytes | None:
        """A value from the database, None when it was never saved.

        Raises Trouble: keystore_wrong_key, database_damaged.
        """
        sealed = connection.scalar(select(secret.c.sealed).where(secret.c.name == name))
        if not isinstance(sealed, bytes | None):
            raise Trouble("database_damaged", detail="secret")
        return None if sealed is None else self.open(name, sealed)


def keystore_answers() -> bool:
    """Whether this machine has a keystore that can be asked; nothing is put into it."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.get_password(SERVICE, "probe")
    except KeyringError:
        return False
    return True


def key_from_keystore(device: str, *, create: bool, random_bytes: RandomBytes) -> bytes:
    """The master key in the OS keystore. Trouble: keystore_missing, keystore_key_lost."""
    import keyring
    from keyring.errors import KeyringError

    try:
        text = keyring.get_password(SERVICE, device)
        if text is None and create:
            text = base64.b64encode(random_bytes(KEY_BYTES)).decode()
            keyring.set_password(SERVICE, device, text)
            text = keyring.get_password(SERVICE, device)
    except KeyringError as error:
        # Whoever opens a till has nothing to choose any more, only something to unlock.
        kind = "" if create else "open"
        raise Trouble("keystore_missing", kind=kind, detail=type(error).__name__) from error
    try:
        key = base64.b64decode(text or "", validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Trouble("keystore_key_lost")
    return key


def _sync_folder(folder: Path) -> None:
    """Make a new name durable; Windows does that with the file."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def key_from_file(folder: Path, *, create: bool, random_bytes: RandomBytes) -> bytes:
    """The master key in a file of mode 0600. Trouble("keystore_key_lost") when it is gone."""
    path = folder / KEY_FILE
    if create and not path.exists():
        # Under another name until it is whole: a till killed here must find no key or all of it.
        fresh = folder / f"{KEY_FILE}.new"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(random_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
        _sync_folder(folder)
    try:
        key = path.read_bytes()
    except OSError as error:
        raise Trouble("keystore_key_lost") from error
    if len(key) != KEY_BYTES:
        raise Trouble("keystore_key_lost")
    return key


def key_from_passphrase(passphrase: str, salt: bytes) -> bytes:
    """The master key made from a passphrase by Argon2id (64 MiB, 3 passes). Refusal if short."""
    if len(passphrase) < 8:
        raise Refusal("passphrase_too_short")
    return hash_secret_raw(passphrase.encode(), salt, 3, 64 * 1024, 1, KEY_BYTES, type=Type.ID)
