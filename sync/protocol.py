"""What till and hub say to each other: one set of Structs, used by both ends.

Bodies are JSON, a push is gzipped. Requests are signed by the till's journal key, answers by the
hub's key, both over texts that name what they are and hold a nonce: an old answer cannot be played
again, and no signature made here passes for that of an entry (an entry's is made on 32 bytes).

An entry travels as the exact text that was signed. Readers take versions N-2 to N and step over
fields they do not know; what is sent is always the newest.
"""

import gzip
import hashlib
import hmac
import zlib
from typing import Annotated, Protocol, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.journal.stored import StoredEntry

VERSION = 1
READABLE = (1,)
"""The versions this program reads: itself and the two before, once there are any."""
MOST_ENTRIES = 500
MOST_PACKED_BYTES = 256 * 1024
MOST_PLAIN_BYTES = 4 * 1024 * 1024
"""What a packed body may swell to; a bomb is given up here, not in memory."""
CLOCK_LEEWAY_MS = 10 * 60_000
"""How far a request's time may lie from the hub's; the hub remembers nonces twice as long."""

JOURNAL_HEADER = "Pos-Journal"
TIME_HEADER = "Pos-Time"
NONCE_HEADER = "Pos-Nonce"
SIGNATURE_HEADER = "Pos-Signature"

PUSH_PATH = "/v1/push"
ENROL_PATH = "/v1/enrol"
HEALTH_PATH = "/v1/health"

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_-]+$")]
Seq = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Key = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
"""32 bytes in hex: a public key, a hash, a proof."""
PLAIN = r"^[^\x00-\x1f\x7f]*$"
"""Text without control characters: PostgreSQL takes no NUL, not even to compare with."""
Signature = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{128}$")]


class PushedEntry(msgspec.Struct, frozen=True):
    """One entry on its way up."""

    seq: Seq
    content: Annotated[str, msgspec.Meta(max_length=MOST_PLAIN_BYTES)]
    """The exact text that was hashed and signed."""
    sig: Signature


class Push(msgspec.Struct, frozen=True, kw_only=True):
    """Entries of one journal, one behind the other."""

    v: int = VERSION
    journal: Id
    entries: Annotated[list[PushedEntry], msgspec.Meta(min_length=1, max_length=MOST_ENTRIES)]


class Ack(msgspec.Struct, frozen=True, kw_only=True, tag="ack", tag_field="answer"):
    """The hub has this journal up to `seq`, on its disk. Kept by the till: it is evidence."""

    v: int = VERSION
    incarnation: Id
    """Changes whenever the hub's database was put back from a copy."""
    journal: Id
    seq: Seq
    hash: Key
    hub_ms: Milliseconds
    standing: Annotated[str, msgspec.Meta(max_length=16, pattern=r"^[a-z]*$")] = ""
    """How the till stands with its hub: "" or revoked, when what it sends is set aside."""


class Gap(msgspec.Struct, frozen=True, kw_only=True, tag="gap", tag_field="answer"):
    """Nothing was taken: the hub needs `expected_seq` first."""

    v: int = VERSION
    incarnation: Id
    journal: Id
    expected_seq: Seq
    hub_ms: Milliseconds


class Fork(msgspec.Struct, frozen=True, kw_only=True, tag="fork", tag_field="answer"):
    """These entries claim places where others stand, or go on from such. They are kept aside up to
    `seq`, the till is flagged, and it goes on in its next journal."""

    v: int = VERSION
    incarnation: Id
    journal: Id
    seq: Seq
    hash: Key
    hub_ms: Milliseconds


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag="refused", tag_field="answer"):
    """Nothing was taken. Never for what a fact says: only for who asks, or broken bytes.

    waiting_approval, not_enrolled, signature_bad, clock_off, replayed, bad_request, too_large,
    not_this_version, not_authentic, wrong_shop, demo_and_real, code_wrong, revoked, too_many,
    busy, bug.
    """

    v: int = VERSION
    code: Id
    detail: str = ""
    hub_ms: Milliseconds = 0
    wait_ms: Milliseconds = 0
    """Not sooner than after so long."""


class Enrol(msgspec.Struct, frozen=True, kw_only=True):
    """A till asks to belong. The code itself never travels: both sides prove that they know it."""

    v: int = VERSION
    opened: PushedEntry
    """Entry 1 of the journal whose key will sign the till's requests."""
    proof: Key
    app: Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[0-9A-Za-z.+_-]*$")]
    sealing_key: Key | None = None
    """For what is handed over by USB: sealed for this till."""


class Enrolled(msgspec.Struct, frozen=True, kw_only=True, tag="enrolled", tag_field="answer"):
    """The hub knows the till now; a person there compares the fingerprint before it is let in."""

    v: int = VERSION
    incarnation: Id
    hub_key: Key
    proof: Key
    fingerprint: str
    """Six digits of the till's key, shown at both ends."""
    hub_ms: Milliseconds
    sealing_key: Key | None = None
    """For what is handed over by USB: sealed for the hub, whose signature is on this answer."""


Answer = Ack | Gap | Fork | Refused | Enrolled


class _Versioned(Protocol):
    @property
    def v(self) -> int: ...


Said = TypeVar("Said", bound=_Versioned)
_encoder = msgspec.json.Encoder()
_answers: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


class Hostile(Exception):
    """An answer nobody here believes: not ours, not whole, not signed, not for this request."""


class TooLarge(Exception):
    """A packed body that is too long, swells too far, or is no gzip at all."""


def encoded(message: msgspec.Struct) -> bytes:
    """A message's JSON."""
    return _encoder.encode(message)


def pushed(entry: StoredEntry) -> PushedEntry:
    """An entry as it travels."""
    return PushedEntry(entry.seq, entry.content.decode(), entry.sig.hex())


def packed(push: Push) -> tuple[bytes, int]:
    """The gzipped body of as many of the push's entries as one may hold, and how many they are.

    One entry alone always fits (it is at most 64 KiB).
    """
    entries = push.entries
    while True:
        plain = encoded(msgspec.structs.replace(push, entries=entries))
        body = gzip.compress(plain, 6, mtime=0)
        if len(entries) == 1 or (len(body) <= MOST_PACKED_BYTES and len(plain) <= MOST_PLAIN_BYTES):
            return body, len(entries)
        entries = entries[: len(entries) // 2]


def unpacked(body: bytes) -> bytes:
    """A gzipped body, inflated no further than is allowed. Raises TooLarge."""
    if len(body) > MOST_PACKED_BYTES:
        raise TooLarge(f"{len(body)} bytes packed")
    inflating = zlib.decompressobj(wbits=31)
    try:
        plain = inflating.decompress(body, MOST_PLAIN_BYTES + 1)
    except zlib.error as error:
        raise TooLarge(str(error)) from None
    if len(plain) > MOST_PLAIN_BYTES:
        raise TooLarge("swells too far")
    if not inflating.eof or inflating.unused_data:
        raise TooLarge("cut off, or followed by something")
    return plain


def request_text(
    method: str, path: str, journal: str, time_ms: int, nonce: str, body: bytes
) -> bytes:
    """What a till signs of a request: all of it."""
    body_hash = hashlib.sha256(body).hexdigest()
    return f"till request 1\n{method}\n{path}\n{journal}\n{time_ms}\n{nonce}\n{body_hash}".encode()


def answer_text(nonce: str, status: int, body: bytes) -> bytes:
    """What the hub signs of an answer: it belongs to one request and no other."""
    return f"hub answer 1\n{nonce}\n{status}\n{hashlib.sha256(body).hexdigest()}".encode()


def is_signed(public_key: str, signature: str, text: bytes) -> bool:
    """Whether the key (hex) made this signature (hex) on the text. Never raises for bad input."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        raw = bytes.fromhex(signature)
        key.verify(raw, text)
    except (ValueError, InvalidSignature):
        return False
    # One way to write it and no other: fromhex takes capitals and blanks as well.
    return raw.hex() == signature


def believed(hub_key: str, nonce: str, status: int, signature: str, body: bytes) -> Answer:
    """The answer in a body, if the hub we know gave it to this very request. Raises Hostile."""
    demand_signature(hub_key, nonce, status, signature, body)
    return answer_in(body)


def demand_signature(hub_key: str, nonce: str, status: int, signature: str, body: bytes) -> None:
    """Raises Hostile unless the hub we know gave this answer to this very request."""
    if not is_signed(hub_key, signature, answer_text(nonce, status, body)):
        raise Hostile("signature")


def answer_in(body: bytes) -> Answer:
    """The answer in a body, believed or not. Raises Hostile."""
    return decoded_answer(body, _answers)


def decoded_answer(body: bytes, decoder: msgspec.json.Decoder[Said]) -> Said:
    """The answer in a body, as one family of messages has it. Raises Hostile."""
    try:
        answer = decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Hostile(str(error)[:80]) from None
    if answer.v not in READABLE:
        raise Hostile("version")
    return answer


def fingerprint(public_key: str) -> str:
    """Six digits two people compare: of the key that will sign the till's requests."""
    digest = hashlib.sha256(b"fingerprint 1\n" + public_key.encode()).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def till_proof(code: str, public_key: str) -> str:
    """That the till knows the one-time code, bound to its key."""
    return _proof(code, f"till\n{public_key}")


def hub_proof(code: str, public_key: str, hub_key: str, incarnation: str) -> str:
    """That the hub knows the code too: whoever sits in between cannot pass off its own key."""
    return _proof(code, f"hub\n{public_key}\n{hub_key}\n{incarnation}")


def _proof(code: str, text: str) -> str:
    tidy = code.replace("-", "").replace(" ", "").upper()
    return hmac.new(tidy.encode(), text.encode(), hashlib.sha256).hexdigest()
