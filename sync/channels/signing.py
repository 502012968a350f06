"""RSA and HMAC signatures as payment networks use them."""

import base64
import binascii
import hashlib
import hmac
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key


@lru_cache(8)
def _private(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("not an RSA key")
    return key


@lru_cache(8)
def _public(pem: str) -> RSAPublicKey:
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not an RSA key")
    return key


def rsa_sign(private_pem: str, message: bytes) -> str:
    """RSA with SHA-256 and PKCS #1 v1.5, as base64. Raises ValueError for a key that is none."""
    return base64.b64encode(
        _private(private_pem).sign(message, PKCS1v15(), hashes.SHA256())
    ).decode()


def rsa_holds(public_pem: str, message: bytes, signature: str) -> bool:
    """Whether this signature was made over these bytes by that key."""
    try:
        raw = base64.b64decode(signature, validate=True)
        _public(public_pem).verify(raw, message, PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def hmac_sign(key: str, message: bytes) -> str:
    """HMAC-SHA256 in hex."""
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


def hmac_holds(key: str, message: bytes, signature: str) -> bool:
    """Whether this HMAC belongs to these bytes."""
    return hmac.compare_digest(hmac_sign(key, message).encode(), signature.encode())
