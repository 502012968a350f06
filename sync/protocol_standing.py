"""How a till stands with its hub: what the hub has of it, under which key it comes, and what the
hub itself once signed for, in case its database was put back from a copy."""

from typing import Annotated

import msgspec

from sync.protocol import (
    VERSION,
    Ack,
    Hostile,
    Id,
    Key,
    Milliseconds,
    PushedEntry,
    Refused,
    Seq,
    Signature,
    answer_in,
    answer_text,
    decoded_answer,
    encoded,
    is_signed,
)

STANDING_PATH = "/v1/standing"
REKEY_PATH = "/v1/rekey"
MOST_OWN_JOURNALS = 500
"""Restored, cloned and re-keyed ones: one till has a handful."""
MOST_WORDS = 50


class Words(msgspec.Struct, frozen=True):
    """An answer of the hub's with everything its signature stands on: it proves itself later."""

    nonce: Annotated[str, msgspec.Meta(max_length=64)]
    status: Annotated[int, msgspec.Meta(ge=100, le=599)]
    signature: Signature
    body: Annotated[str, msgspec.Meta(max_length=4096)]


class AskStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How far have you these journals of mine? `words` are what you last said of them."""

    v: int = VERSION
    journals: Annotated[tuple[Id, ...], msgspec.Meta(max_length=MOST_OWN_JOURNALS)]
    words: Annotated[tuple[Words, ...], msgspec.Meta(max_length=MOST_WORDS)] = ()


class JournalStanding(msgspec.Struct, frozen=True):
    """How far one journal is at the hub."""

    journal: Id
    seq: Seq
    hash: Key


class Standing(msgspec.Struct, frozen=True, kw_only=True, tag="standing", tag_field="answer"):
    """What the hub has; of a journal that is not named it has nothing."""

    v: int = VERSION
    incarnation: Id
    journals: Annotated[list[JournalStanding], msgspec.Meta(max_length=MOST_OWN_JOURNALS)]
    hub_ms: Milliseconds


class Rekey(msgspec.Struct, frozen=True, kw_only=True):
    """From now on a till's requests are signed by the key of this journal, which goes on from an
    older one of its own. The request itself is signed by the key it replaces."""

    v: int = VERSION
    opened: PushedEntry
    """Entry 1 of the new journal, signed by the new key."""


class Rekeyed(msgspec.Struct, frozen=True, kw_only=True, tag="rekeyed", tag_field="answer"):
    """The new key counts, and the old one is good for nothing any more."""

    v: int = VERSION
    incarnation: Id
    journal: Id
    hub_ms: Milliseconds


_standings: msgspec.json.Decoder[Standing | Refused] = msgspec.json.Decoder(Standing | Refused)
_rekeyed: msgspec.json.Decoder[Rekeyed | Refused] = msgspec.json.Decoder(Rekeyed | Refused)
_words: msgspec.json.Decoder[Words] = msgspec.json.Decoder(Words)


def standing_in(body: bytes) -> Standing | Refused:
    """The answer in a body, believed or not. Raises Hostile."""
    return decoded_answer(body, _standings)


def rekeyed_in(body: bytes) -> Rekeyed | Refused:
    """The answer in a body, believed or not. Raises Hostile."""
    return decoded_answer(body, _rekeyed)


def kept_words(nonce: str, status: int, signature: str, body: bytes) -> bytes:
    """An answer as a till keeps it for evidence."""
    return encoded(Words(nonce, status, signature, body.decode()))


def words_in(evidence: bytes) -> Words | None:
    """What a till kept; None for what an older program wrote."""
    try:
        return _words.decode(evidence)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def acknowledged_in(words: Words, hub_key: str) -> Ack | None:
    """What the owner of this key took in for good, as these words prove; None if they do not."""
    body = words.body.encode()
    if not is_signed(hub_key, words.signature, answer_text(words.nonce, words.status, body)):
        return None
    try:
        answer = answer_in(body)
    except Hostile:
        return None
    return answer if isinstance(answer, Ack) and not answer.standing else None
