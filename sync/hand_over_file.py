"""A file that carries between till and hub on a stick what the line cannot.

Line 1 says for a person what is in it, line 2 the same for the program, line 3 is a signature on
both: the journal key's on the way up, the hub's on the way down. Behind them lie sealed frames (see
`sealing`), each with its length in front, each one gzipped message of the protocol.

A file is written under another name until all of it lies on the disk. Whoever reads one opens every
frame before the first one counts: a file that was cut off, changed or mixed from two is none.
"""

import gzip
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import msgspec

from app.errors import Refusal, Trouble
from sync import protocol
from sync.protocol import Id, Key, Milliseconds, Seq, TooLarge
from sync.protocol_feeds import Pull
from sync.sealing import Frames, NotSealed

VERSION = 1
MOST_FRAME = protocol.MOST_PACKED_BYTES + 1024
MOST_WORDS, MOST_HEAD = 1_000, 1024 * 1024
LENGTH_BYTES = 4
PART = ".part"


class Span(msgspec.Struct, frozen=True):
    """What of one journal is in the file."""

    journal: Id
    first: Seq
    last: Seq


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What the file says of itself in the clear."""

    v: int = VERSION
    way: Literal["up", "down"]
    shop: Id
    till: Id
    device: Id
    signer: Annotated[str, msgspec.Meta(max_length=64)]
    """The journal whose key signed it; "" for the hub's."""
    hub_key: Key
    once: Key
    """The key that was made for this file and thrown away."""
    made_ms: Milliseconds
    spans: Annotated[tuple[Span, ...], msgspec.Meta(max_length=10_000)] = ()
    wants: Pull | None = None
    """On the way up: how far the till has what head office and its sisters said."""


_heads = msgspec.json.Decoder(Head)


def bad() -> Refusal:
    """What is said of a file that is none, or not whole."""
    return Refusal("handover_bad")


def text_to_sign(words: bytes, head: bytes) -> bytes:
    """It says what it is, so no signature on it passes for one on anything else."""
    return b"hand over 1\n" + words + b"\n" + head


def write(
    path: Path,
    words: str,
    head: Head,
    *,
    sign: Callable[[bytes], bytes],
    frames: Frames,
    messages: Iterable[bytes],
) -> None:
    """Write all of it, or leave what stood there before.

    Raises Trouble("handover_disk") with the system's word.
    """
    first, second = words.encode(), msgspec.json.encode(head)
    signature = sign(text_to_sign(first, second)).hex().encode()
    part = path.with_name(path.name + PART)
    try:
        with open(part, "wb") as file:
            file.write(b"\n".join((first, second, signature, b"")))
            for sealed in _sealed(frames, messages, second):
                file.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise Trouble("handover_disk", detail=error.strerror or "") from error


def _sealed(frames: Frames, messages: Iterable[bytes], head: bytes) -> Iterator[bytes]:
    """Each message as a frame; which one is the last is known only once no other follows."""
    before: bytes | None = None
    for message in messages:
        if before is not None:
            yield frames.seal(before, head, last=False)
        before = message
    yield frames.seal(before or b"", head, last=True)


def _sync_folder(folder: Path) -> None:
    # A stick's file system may not know how; the file itself is down by now.
    if os.name == "posix":
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


class HandOver:
    """A file somebody brought, its head read and nothing believed yet."""

    def __init__(self, path: Path) -> None:
        """Raises Refusal("handover_bad"), Trouble("handover_unread")."""
        self._path = path
        try:
            with open(path, "rb") as file:
                self._words = _line(file, MOST_WORDS)
                self._head = _line(file, MOST_HEAD)
                self._signature = _line(file, 200)
                self._start = file.tell()
            self.head = _heads.decode(self._head)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise bad() from None
        except OSError as error:
            raise _unread(error) from error
        if self.head.v != VERSION:
            raise Refusal("handover_newer")

    def demand_signature(self, public_key: str) -> None:
        """Raises Refusal("handover_bad") when this key's owner did not write it."""
        text = text_to_sign(self._words, self._head)
        if not protocol.is_signed(public_key, self._signature.decode(errors="replace"), text):
            raise bad()

    def messages(self, frames: Callable[[], Frames]) -> Iterator[bytes]:
        """Each message, inflated. `frames` makes the reader anew: every frame is opened once before
        the first one is handed out. Raises Refusal("handover_bad"), Trouble("handover_unread")."""
        try:
            for _message in self._opened(frames()):
                pass
            yield from self._opened(frames())
        except (NotSealed, TooLarge):
            raise bad() from None
        except OSError as error:
            raise _unread(error) from error

    def _opened(self, frames: Frames) -> Iterator[bytes]:
        with open(self._path, "rb") as file:
            file.seek(self._start)
            last = False
            while not last:
                length = int.from_bytes(file.read(LENGTH_BYTES), "big")
                if not 0 < length <= MOST_FRAME:
                    raise NotSealed("length")
                sealed = file.read(length)
                last = not file.peek(1)
                if packed := frames.open(sealed, self._head, last=last):
                    yield protocol.unpacked(packed)


def packed(message: bytes) -> bytes:
    """A message as it lies in a file."""
    return gzip.compress(message, 6, mtime=0)


def _line(file: BinaryIO, most: int) -> bytes:
    line = file.readline(most)
    if not line.endswith(b"\n"):
        raise bad()
    return line[:-1]


def _unread(error: OSError) -> Trouble:
    return Trouble("handover_unread", detail=error.strerror or "")
