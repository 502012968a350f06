"""Sealed for one reader: a stream of frames only the owner of an X25519 key can open.

A key pair is made for each file and thrown away behind it; what both keys agree on goes through
HKDF and encrypts each frame with AES-256-GCM. The frame's number and whether it is the last are
part of its nonce, so frames that are missing, doubled, out of order or cut off do not open, and the
head of the file is authenticated with every frame. Who wrote the file is not said here: the writer
signs the head, in which the thrown away key stands.

A hub's X25519 key comes out of its Ed25519 key by HKDF: one file to keep, and no key does two jobs.
A till's is made when it joins and lies in its sealed store, because its journal's key may change.
Both are exchanged when a till joins, under signatures.
"""

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SEED_BYTES = 32
NONCE_BYTES = 12


class NotSealed(Exception):
    """Not for this reader, not whole, or somebody changed it."""


def sealing_seed(secret: bytes) -> bytes:
    """The seed of the key to seal for, out of another secret."""
    made: bytes = HKDF(SHA256(), SEED_BYTES, None, b"sealing key 1").derive(secret)
    return made


class Sealing:
    """One side's own X25519 key."""

    def __init__(self, seed: bytes) -> None:
        self._key = X25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> str:
        """64 hex digits, for whoever seals something for us."""
        return self._key.public_key().public_bytes_raw().hex()

    def frames_with(self, other: str, *, sealed_by: str, sealed_for: str) -> "Frames":
        """The frames between this key and another; both sides name both. Raises NotSealed."""
        try:
            shared = self._key.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(other)))
        except ValueError as error:
            raise NotSealed("key") from error
        info = f"sealed frames 1\n{sealed_by}\n{sealed_for}".encode()
        return Frames(HKDF(SHA256(), 32, None, info).derive(shared))


class Frames:
    """Seals or opens frames, one behind the other, all but the last with `last=False`."""

    def __init__(self, key: bytes) -> None:
        self._box = AESGCM(key)
        self._count = 0

    def seal(self, plain: bytes, head: bytes, *, last: bool) -> bytes:
        """One frame; `head` is what stands before all of them in the clear."""
        sealed: bytes = self._box.encrypt(self._nonce(last), plain, hashlib.sha256(head).digest())
        return sealed

    def open(self, sealed: bytes, head: bytes, *, last: bool) -> bytes:
        """What a frame holds. Raises NotSealed."""
        try:
            plain: bytes = self._box.decrypt(
                self._nonce(last), sealed, hashlib.sha256(head).digest()
            )
        except (InvalidTag, ValueError) as error:
            raise NotSealed("frame") from error
        return plain

    def _nonce(self, last: bool) -> bytes:
        number = self._count
        self._count += 1
        return number.to_bytes(NONCE_BYTES - 1, "big") + bytes([last])
