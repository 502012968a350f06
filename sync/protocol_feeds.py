"""How a till asks what is new: versions of feeds, and the journals of its shop's other tills.

One request names how far the till has each of them, one answer brings what follows: recalls first,
then the other feeds, then entries. The answer is gzipped and signed as it travels; versions and
entries carry signatures of their own besides, over the exact bytes that are kept.
"""

import gzip
from typing import Annotated

import msgspec

from sync.protocol import (
    MOST_ENTRIES,
    MOST_PACKED_BYTES,
    MOST_PLAIN_BYTES,
    PLAIN,
    VERSION,
    Hostile,
    Id,
    Milliseconds,
    Refused,
    Seq,
    Signature,
    TooLarge,
    decoded_answer,
    encoded,
    unpacked,
)

PULL_PATH = "/v1/pull"
MOST_SCOPES = 32
MOST_JOURNALS = 5_000
"""Every journal of a shop's tills, restored ones too: some for each till and year."""
PACKED_TYPE = "application/gzip"
"""The body is the gzip itself, not an encoding of the line: what is signed is what is kept."""

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class FeedPosition(msgspec.Struct, frozen=True, kw_only=True):
    """How far a till has one feed."""

    scope: Id
    version: Count
    part: Count
    hash: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    """Of the last part it keeps."""
    applied: Count = 0
    """The version that counts at the till; less than `version` while some wait or are held."""
    held: Annotated[str, msgspec.Meta(max_length=64, pattern=PLAIN)] = ""
    """Why the rest does not count; "" when all does."""


class JournalPosition(msgspec.Struct, frozen=True):
    """How far a till has one journal."""

    journal: Id
    seq: Count


class Pull(msgspec.Struct, frozen=True, kw_only=True):
    """What is there behind these positions?"""

    v: int = VERSION
    incarnation: Annotated[str, msgspec.Meta(max_length=64, pattern=PLAIN)] = ""
    """The hub's, as the till knows it; another one refetches feeds as snapshots."""
    writing: Id
    """The journal the till writes now: of that one it needs nothing."""
    feeds: Annotated[tuple[FeedPosition, ...], msgspec.Meta(max_length=MOST_SCOPES)] = ()
    journals: Annotated[tuple[JournalPosition, ...], msgspec.Meta(max_length=MOST_JOURNALS)] = ()
    most: Annotated[int, msgspec.Meta(ge=1, le=MOST_ENTRIES)] = MOST_ENTRIES
    """Entries and parts the till wants at once."""
    head: Count = 0
    """The last entry of `writing`: behind what the hub has of it the rest waits at the till."""
    older: Annotated[tuple[JournalPosition, ...], msgspec.Meta(max_length=MOST_JOURNALS)] = ()
    """The till's journals from before `writing` of which it has more than the hub has said it has,
    each with its last entry."""
    wall_ms: Count = 0
    """What the till's clock shows, uncorrected; 0 for a program that does not say."""


class SentPart(msgspec.Struct, frozen=True):
    """A part of a feed's version on its way down."""

    content: Annotated[str, msgspec.Meta(max_length=MOST_PLAIN_BYTES)]
    """The exact text that was signed."""
    sig: Signature


class SentEntry(msgspec.Struct, frozen=True):
    """An entry of another till's journal on its way down."""

    journal: Id
    seq: Seq
    content: Annotated[str, msgspec.Meta(max_length=MOST_PLAIN_BYTES)]
    sig: Signature


class Pulled(msgspec.Struct, frozen=True, kw_only=True, tag="pulled", tag_field="answer"):
    """What follows the positions, as much as one answer holds."""

    v: int = VERSION
    incarnation: Id
    parts: Annotated[list[SentPart], msgspec.Meta(max_length=MOST_ENTRIES)]
    entries: Annotated[list[SentEntry], msgspec.Meta(max_length=MOST_ENTRIES)]
    more: bool
    """Whether asking again at once brings more."""
    hub_ms: Milliseconds


def packed_answer(answer: Pulled) -> bytes:
    """The gzipped answer, with as many of its parts and entries as one may hold.

    One part alone always fits, and so does one entry.
    """
    while True:
        plain = encoded(answer)
        body = gzip.compress(plain, 6, mtime=0)
        few = len(answer.parts) + len(answer.entries) <= 1
        if few or (len(body) <= MOST_PACKED_BYTES and len(plain) <= MOST_PLAIN_BYTES):
            return body
        halved = msgspec.structs.replace(answer, more=True)
        if answer.entries:
            kept = answer.entries[: len(answer.entries) // 2]
            answer = msgspec.structs.replace(halved, entries=kept)
        else:
            kept_parts = answer.parts[: len(answer.parts) // 2]
            answer = msgspec.structs.replace(halved, parts=kept_parts)


_answers: msgspec.json.Decoder[Pulled | Refused] = msgspec.json.Decoder(Pulled | Refused)
_GZIP = b"\x1f\x8b"


def pulled_in(body: bytes) -> Pulled | Refused:
    """The answer in a body, packed or plain. Raises Hostile."""
    try:
        plain = unpacked(body) if body.startswith(_GZIP) else body
    except TooLarge as error:
        raise Hostile(str(error)) from None
    return decoded_answer(plain, _answers)
