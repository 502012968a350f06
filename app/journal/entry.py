"""One entry: exact bytes, their hash, and the six letters a receipt shows.

The bytes are UTF-8 JSON of one object: the envelope's keys in their order, then the fact's in the
order its Struct declares them. They are made once, stored, hashed and sent as they are; nothing is
ever encoded again to verify it, so fields a newer program wrote survive in an older one.
"""

import hashlib
import re
import unicodedata
from base64 import b32encode

import msgspec

from app.facts.base import Fact, wire_name
from app.rows import Envelope

FORMAT = 1
MAX_ENTRY_BYTES = 64 * 1024
FIRST_PREV = "0" * 64
"""`prev` of a journal's first entry."""

_encoder = msgspec.json.Encoder()
_envelopes = msgspec.json.Decoder(Envelope)
_ESCAPES = re.compile(rb"(?<!\\)(?:\\\\)*\\[^\"\\/]")
"""Any JSON escape other than of a quote, a backslash or a slash.

Escaped backslashes are stepped over in pairs: what follows them is plain text."""


class BadEntry(Exception):
    """These bytes are no entry: a bug when we wrote them, damage or tampering when we read them."""


def encode(envelope: Envelope, fact: Fact) -> bytes:
    """The entry's bytes. Asserts what must hold of every fact we write ourselves."""
    assert envelope.kind == wire_name(type(fact))
    content = _encoder.encode(envelope)[:-1] + b"," + _encoder.encode(fact)[1:]
    if problem := text_problem(content):
        raise BadEntry(f"{envelope.kind}: {problem}")
    return content


def text_problem(content: bytes) -> str:
    """Why these bytes may not stand in a journal, or ""."""
    if len(content) > MAX_ENTRY_BYTES:
        return f"{len(content)} bytes, the limit is {MAX_ENTRY_BYTES}"
    if _has_controls(content):
        return "a control character"
    if not unicodedata.is_normalized("NFC", content.decode("utf-8")):
        return "text that is not NFC"
    return ""


def _has_controls(content: bytes) -> bool:
    """DEL, C1 controls (0xC2 and a byte below 0xA0), or an escape that stands for one.

    Each is looked for by its first byte: one pattern for all takes a tenth of a sale's time.
    """
    return (
        b"\x7f" in content
        or any(b"\x80" <= after[:1] < b"\xa0" for after in content.split(b"\xc2")[1:])
        or (b"\\" in content and _ESCAPES.search(content) is not None)
    )


def decode_envelope(content: bytes) -> Envelope:
    """The envelope alone; works for kinds this program has never heard of."""
    try:
        return _envelopes.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadEntry(str(error)) from error


def hash_of(content: bytes) -> bytes:
    """SHA-256 of the exact bytes, 32 bytes."""
    return hashlib.sha256(content).digest()


def hash6(entry_hash: bytes) -> str:
    """The last 30 bits as six letters of RFC 4648 base32: what a receipt shows of its entry."""
    tail = int.from_bytes(entry_hash[-4:], "big") & (1 << 30) - 1
    return b32encode((tail << 10).to_bytes(5, "big")).decode()[:6]
