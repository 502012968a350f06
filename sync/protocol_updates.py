"""A newer program on its way to a till: asked for, then fetched piece by piece.

What comes is an update file as it would lie on a stick. The hub's signature on the answers says who
sent it; only a release key's signature in the file itself makes it a program.
"""

from typing import Annotated

import msgspec

from sync.protocol import VERSION, Key, Milliseconds, Refused, decoded_answer

UPDATE_ASK_PATH = "/v1/update/ask"
UPDATE_GET_PATH = "/v1/update/get"
PIECE_BYTES = 256 * 1024
MOST_PIECES = 2_000
MOST_UPDATE_BYTES = MOST_PIECES * PIECE_BYTES

Piece = Annotated[int, msgspec.Meta(ge=0, lt=MOST_PIECES)]
Size = Annotated[int, msgspec.Meta(ge=0, le=MOST_UPDATE_BYTES)]
Word = Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[0-9A-Za-z.+_-]*$")]


class AskUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """Which program runs here; is there a newer one?"""

    v: int = VERSION
    program: Word
    machine: Word


class UpdateOffer(msgspec.Struct, frozen=True, kw_only=True, tag="update_offer",
                  tag_field="answer"):  # fmt: skip
    """What head office gives this shop."""

    v: int = VERSION
    name: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")]
    """SHA-256 of the file, "" when there is nothing newer."""
    program: Word = ""
    size: Size = 0
    hub_ms: Milliseconds


class GetUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """A till wants a piece."""

    v: int = VERSION
    name: Key
    piece: Piece


class UpdatePiece(msgspec.Struct, frozen=True, kw_only=True, tag="update_piece",
                  tag_field="answer"):  # fmt: skip
    """One piece of the file."""

    v: int = VERSION
    name: Key
    piece: Piece
    content: Annotated[bytes, msgspec.Meta(min_length=1, max_length=PIECE_BYTES)]
    hub_ms: Milliseconds


UpdateAnswer = UpdateOffer | UpdatePiece | Refused
_answers: msgspec.json.Decoder[UpdateAnswer] = msgspec.json.Decoder(UpdateAnswer)


def update_answer_in(body: bytes) -> UpdateAnswer:
    """The answer in a body. Raises Hostile."""
    return decoded_answer(body, _answers)
