"""Attachments on their way: ciphertext named by its SHA-256, in pieces, in a lane of their own.

The hub keeps what it cannot read: no key travels here. A piece that comes twice is answered the
same, and every answer says which piece the hub wants next, so a till that was killed in the middle
goes on there. Once all pieces lie there they must hash to the name, or none of them stays.
"""

from typing import Annotated

import msgspec

from sync.protocol import VERSION, Id, Key, Milliseconds, Refused, decoded_answer

FILE_PUT_PATH = "/v1/files/put"
FILE_GET_PATH = "/v1/files/get"
PIECE_BYTES = 128 * 1024
MOST_PIECES = 64
MOST_FILE_BYTES = MOST_PIECES * PIECE_BYTES

Piece = Annotated[int, msgspec.Meta(ge=0, lt=MOST_PIECES)]
Subject = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=r"^[0-9A-Za-z:_-]+$")]
Size = Annotated[int, msgspec.Meta(ge=1, le=MOST_FILE_BYTES)]
Content = Annotated[bytes, msgspec.Meta(min_length=1, max_length=PIECE_BYTES)]


class FilePut(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of an attachment."""

    v: int = VERSION
    name: Key
    """SHA-256 of the whole ciphertext."""
    subject: Subject
    """Whom or what it is about, by id: whoever is forgotten takes it along."""
    size: Size
    piece: Piece
    content: Content


class FileKept(msgspec.Struct, frozen=True, kw_only=True, tag="file_kept", tag_field="answer"):
    """It lies on the hub's disk, or is wanted there no more."""

    v: int = VERSION
    name: Key
    next: Annotated[int, msgspec.Meta(ge=0, le=MOST_PIECES)]
    """The first piece the hub does not have; as many as there are once it is whole."""
    state: Id
    """coming, whole, erased."""
    hub_ms: Milliseconds


class FileGet(msgspec.Struct, frozen=True, kw_only=True):
    """A till of the shop wants a piece back."""

    v: int = VERSION
    name: Key
    piece: Piece


class FileFound(msgspec.Struct, frozen=True, kw_only=True, tag="file_found", tag_field="answer"):
    """A piece of an attachment that is whole."""

    v: int = VERSION
    name: Key
    subject: Subject
    size: Size
    piece: Piece
    content: Content
    hub_ms: Milliseconds


FileAnswer = FileKept | FileFound | Refused
_answers: msgspec.json.Decoder[FileAnswer] = msgspec.json.Decoder(FileAnswer)


def file_answer_in(body: bytes) -> FileAnswer:
    """The answer in a body. Raises Hostile."""
    return decoded_answer(body, _answers)


def pieces_of(size: int) -> int:
    """How many pieces so many bytes are."""
    return -(-size // PIECE_BYTES)


def piece_length(size: int, piece: int) -> int:
    """How long a piece is of so many bytes, 0 beyond their end."""
    return max(min(PIECE_BYTES, size - piece * PIECE_BYTES), 0)
