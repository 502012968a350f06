"""A whole file sealed piece by piece, so that a shop of any size needs a megabyte of memory.

First one line of JSON says the key's name, then come pieces: four bytes of length, nonce and
ciphertext. Each piece is good at its number alone and the last one says that it is the last, so
pieces cannot be swapped, left out, or cut off at the end.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec

from app.errors import Refusal, Trouble
from app.journal.copy_keys import CopyKey
from app.journal.secrets import NONCE_BYTES, RandomBytes

PIECE = 1024 * 1024
_MOST_PIECE = PIECE + 64
_MOST_HEAD = 200


class Head(msgspec.Struct, frozen=True):
    """The first line of a sealed file."""

    sealed: int
    key: str


def seal_file(plain: Path, target: Path, key: CopyKey, random_bytes: RandomBytes) -> None:
    """Write `plain` sealed under `target`, on the disk when this returns. May raise OSError."""
    with open(plain, "rb") as source, open(target, "wb") as file:
        file.write(msgspec.json.encode(Head(1, key.name)) + b"\n")
        number, piece = 0, source.read(PIECE)
        while True:
            following = source.read(PIECE)
            place = _place(number, last=not following)
            sealed = key.seal(piece, place, random_bytes(NONCE_BYTES))
            file.write(len(sealed).to_bytes(4, "big") + sealed)
            if not following:
                break
            number, piece = number + 1, following
        file.flush()
        os.fsync(file.fileno())


def open_file(sealed: Path, target: Path | None, keys: Mapping[str, CopyKey]) -> None:
    """Write what was sealed under `target`; without a target the file is only checked.

    Raises Refusal: copies_sealed (no key for it was handed in); Trouble: copy_damaged. May raise
    OSError.
    """
    with open(sealed, "rb") as file:
        try:
            head = msgspec.json.decode(file.readline(_MOST_HEAD), type=Head)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise _damaged(sealed, 0) from None
        key = keys.get(head.key)
        if key is None:
            raise Refusal("copies_sealed")
        with open(target or os.devnull, "wb") as plain:
            _open_pieces(file, plain, key, sealed)


def _open_pieces(file: BinaryIO, plain: BinaryIO, key: CopyKey, path: Path) -> None:
    number, last = 0, False
    while length := file.read(4):
        size = int.from_bytes(length, "big")
        if last or len(length) < 4 or not NONCE_BYTES < size <= _MOST_PIECE:
            raise _damaged(path, number)
        sealed = file.read(size)
        piece = key.open(sealed, _place(number, last=False))
        if piece is None:
            piece, last = key.open(sealed, _place(number, last=True)), True
        if piece is None:
            raise _damaged(path, number)
        plain.write(piece)
        number += 1
    if not last:
        raise _damaged(path, number)


def _place(number: int, *, last: bool) -> str:
    return f"file {number} {'last' if last else 'more'}"


def _damaged(path: Path, number: int) -> Trouble:
    return Trouble("copy_damaged", journal=path.name, seq=number + 1, detail="piece")
