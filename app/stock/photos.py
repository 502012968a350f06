"""Pictures beside a document: sealed attachments, of which the fact holds the hashes alone."""

from collections.abc import Sequence
from pathlib import Path

from app.attachments import attach
from app.errors import Refusal
from app.transaction import Transaction

MOST_PHOTOS, MOST_PHOTO_BYTES = 9, 4_000_000
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM")
_BOXES = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")


def read_photo(path: Path) -> bytes:
    """A picture from the disk. Raises Refusal: file_unreadable, too_many_photos (too large),
    not_a_photo."""
    try:
        if not path.is_file():
            raise Refusal("file_unreadable", path=path.name[:60])
        with path.open("rb") as file:
            content = file.read(MOST_PHOTO_BYTES + 1)
    except (OSError, ValueError):
        raise Refusal("file_unreadable", path=path.name[:60]) from None
    if len(content) > MOST_PHOTO_BYTES:
        raise Refusal("too_many_photos", most=MOST_PHOTOS)
    if not _is_picture(content):
        raise Refusal("not_a_photo", path=path.name[:60])
    return content


def _is_picture(content: bytes) -> bool:
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return content.startswith(_BEGINNINGS) or content[4:12] in _BOXES or webp


def check_photos(photos: Sequence[bytes]) -> None:
    """Raises Refusal("too_many_photos")."""
    if len(photos) > MOST_PHOTOS or any(len(each) > MOST_PHOTO_BYTES for each in photos):
        raise Refusal("too_many_photos", most=MOST_PHOTOS)


def keep_photos(tx: Transaction, document: str, photos: Sequence[bytes]) -> tuple[str, ...]:
    """Seal pictures beside a document; their names for its fact."""
    return tuple(attach(tx, f"document:{document}", each) for each in photos)
