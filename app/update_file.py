"""The update file: a newer program in one file, signed by whoever makes releases.

A ZIP whose first two members are a list and its Ed25519 signature. The list names every file with
size and SHA-256; nothing that is not on it is unpacked, nothing on it may be missing, so parts of
two releases never mix. The public halves of the release keys lie in the program itself. An older
version, one past its day, and one for another machine or other data are refused.
"""

import hashlib
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.errors import Refusal

SUFFIX = ".kpupdate"
LIST, SIGNATURE = "list.json", "list.sig"
PRODUCT = "kaiping-till"
_SIGNED_AS = b"kaiping-till update 1\0"
_MOST_LIST = 8 * 1024 * 1024
_MOST_FILES = 20_000
MOST_BYTES = 2 * 1024**3
KEYS = Path(__file__).resolve().parent.parent / "resources" / "release_keys.txt"
_PIECE = 1024 * 1024
_VERSION = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAME = re.compile(r"[^\\:*?\"<>|\x00-\x1f]+")


class Listed(msgspec.Struct, frozen=True):
    """One file of the program."""

    path: str
    size: int
    sha256: str
    run: bool = False
    """It can be started."""


class Linked(msgspec.Struct, frozen=True):
    """A name that leads to a file beside it (never out of the program)."""

    path: str
    to: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the signature covers."""

    format: int
    product: str
    version: str
    commit: str
    date: str
    machine: str
    """ "linux-x86_64", "win32-amd64"."""
    schema: str
    """The tables this program makes."""
    least_schema: str
    """The oldest tables it can lift."""
    expires: str
    """The last day it may be installed."""
    files: tuple[Listed, ...]
    links: tuple[Linked, ...] = ()

    @property
    def name(self) -> str:
        """How its folder is called."""
        return f"{self.version}-{self.commit[:7]}" if self.commit else self.version


class Here(msgspec.Struct, frozen=True):
    """What an update is held against."""

    version: str
    machine: str
    schema: str
    """Of the data folder, "" without one."""
    today: str
    gave_way: str = ""
    """The name of one that could not open these books: not offered again by itself."""


def release_keys() -> tuple[str, ...]:
    """The public halves of the release keys this program trusts."""
    try:
        return read_keys(KEYS.read_text(encoding="utf-8"))
    except OSError:
        return ()


def signed_bytes(manifest: bytes) -> bytes:
    """What is signed for a list of these bytes."""
    return _SIGNED_AS + manifest


def read_keys(text: str) -> tuple[str, ...]:
    """Release keys: one public key of 64 hex digits a line, # begins a remark."""
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    return tuple(line for line in lines if re.fullmatch(r"[0-9a-f]{64}", line))


@contextmanager
def opened_update(path: Path, keys: Sequence[str]) -> Iterator[tuple[Manifest, zipfile.ZipFile]]:
    """The list of an update file that a release key signed, and the ZIP behind it.

    Raises Refusal: update_no_key, update_unreadable, update_not_signed, update_damaged.
    """
    if not keys:
        raise Refusal("update_no_key")
    try:
        with zipfile.ZipFile(path) as archive:
            yield _listed(archive, keys), archive
    except (zipfile.BadZipFile, zlib.error, OSError, KeyError, EOFError) as error:
        raise Refusal("update_unreadable", detail=type(error).__name__) from error


def _listed(archive: zipfile.ZipFile, keys: Sequence[str]) -> Manifest:
    plain = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(each.compress_type not in plain or each.flag_bits & 1 for each in archive.infolist()):
        raise Refusal("update_unreadable", detail="zip")
    manifest = _small(archive, LIST, _MOST_LIST)
    signature = _small(archive, SIGNATURE, 64)
    if not any(_signed_by(key, manifest, signature) for key in keys):
        raise Refusal("update_not_signed")
    try:
        found = msgspec.json.decode(manifest, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal("update_unreadable", detail="list") from error
    _check_names(found)
    inside = archive.namelist()
    wanted = [LIST, SIGNATURE, *(each.path for each in found.files)]
    if odd := sorted(set(inside) ^ set(wanted)) or [n for n in inside if inside.count(n) > 1][:1]:
        raise Refusal("update_damaged", name=odd[0][:80])
    return found


def _small(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as member:
        held = member.read(most + 1)
    if len(held) > most:
        raise Refusal("update_unreadable", detail=name)
    return held


def _signed_by(key: str, manifest: bytes, signature: bytes) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(signature, signed_bytes(manifest))
    except (InvalidSignature, ValueError):
        return False
    return True


def _check_names(found: Manifest) -> None:
    """Names that stay inside, on every system, and no two that one disk would take for one."""
    known = found.format == 1 and found.product == PRODUCT
    if not known or not _VERSION.fullmatch(found.version) or not _DAY.fullmatch(found.expires):
        raise Refusal("update_unreadable", detail="list")
    if len(found.files) > _MOST_FILES or sum(each.size for each in found.files) > MOST_BYTES:
        raise Refusal("update_unreadable", detail="size")
    seen: set[str] = set()
    for path in [*(each.path for each in found.files), *(each.path for each in found.links)]:
        parts = path.split("/")
        plain = all(_NAME.fullmatch(part) and part.strip(". ") == part for part in parts)
        hidden = all(_NAME.fullmatch(part) and part.lstrip(".") for part in parts)
        folded = unicodedata.normalize("NFC", path).casefold()
        if not (plain or hidden) or folded in seen:
            raise Refusal("update_damaged", name=path[:80])
        seen.add(folded)
    for link in found.links:
        if not _inside(link):
            raise Refusal("update_damaged", name=link.path[:80])
    if not re.fullmatch(r"[0-9a-f]{0,40}", found.commit):
        raise Refusal("update_unreadable", detail="commit")


def _inside(link: Linked) -> bool:
    """Whether a link's end lies in the program, however many steps up it takes first."""
    depth = len(PurePosixPath(link.path).parts) - 1
    for part in link.to.split("/"):
        depth += -1 if part == ".." else 1
        if depth < 0 or not part or part == ".":
            return False
    return "\\" not in link.to and ":" not in link.to


def check_update(found: Manifest, here: Here) -> None:
    """Whether this machine should take it. Raises Refusal: update_other_machine, update_older,
    update_expired, update_schema."""
    if found.machine != here.machine:
        raise Refusal("update_other_machine", wanted=found.machine, here=here.machine)
    if not is_newer(found.version, here.version):
        raise Refusal("update_older", version=found.version, running=here.version)
    if found.expires < here.today:
        raise Refusal("update_expired", day=found.expires)
    if here.schema and not found.least_schema <= here.schema <= found.schema:
        raise Refusal("update_schema", version=found.version)


def is_newer(version: str, running: str) -> bool:
    """Whether the first is a later version; what is no version at all is none."""
    if not _VERSION.fullmatch(version) or not _VERSION.fullmatch(running):
        return False
    return _order(version) > _order(running)


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def copy_checked(member: IO[bytes], target: IO[bytes], listed: Listed) -> None:
    """Copy one file, never a byte more than the list says. Raises Refusal("update_damaged")."""
    seen, left = hashlib.sha256(), listed.size
    while piece := member.read(min(_PIECE, left + 1)):
        left -= len(piece)
        if left < 0:
            break
        seen.update(piece)
        target.write(piece)
    if left != 0 or seen.hexdigest() != listed.sha256:
        raise Refusal("update_damaged", name=listed.path[:80])
