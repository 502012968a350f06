"""What a till asked of the disk, written down by strace, with every byte.

Only what the process itself did counts: nothing here goes through a SQLite library.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RECORDED = (
    *("openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "fallocate"),
    *("unlink", "unlinkat", "rename", "renameat2", "mkdir"),
)
RECORDING = ("-y", "-xx", "-s", "4000000", "-e", f"trace={','.join(RECORDED)}", "-e", "signal=none")
NEVER_ON_DISK = ("till.db-shm", "till.lock", "reserve.bin", "probe.tmp")
"""Shared memory is remade after a power cut; the others hold nothing."""
SAID = "standard output"

_CALL = re.compile(r"^\d+\s+(\w+)\((.*)\)\s+= (-?\d+)")
_HANDLE = re.compile(r"^(\d+|AT_FDCWD)<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True, slots=True)
class Op:
    """One change, or one promise that changes are durable.

    kind: make, write, cut, sync, sync_folder, remove, rename, said.
    """

    kind: str
    name: str
    offset: int = 0
    data: bytes = b""
    to: str = ""


def read_log(trace: Path, folder: Path, known: set[str]) -> list[Op]:
    """The operations on one folder in their order, and what was said on standard output.

    `known` are the files that lay there before.
    """
    ops: list[Op] = []
    known = set(known)
    for line in trace.read_text(encoding="ascii").splitlines():
        assert "unfinished" not in line and "resumed" not in line, "two threads wrote at once"
        if (match := _CALL.match(line)) and int(match[3]) >= 0:
            ops.extend(_ops(match[1], match[2], str(folder), known))
    return ops


def _ops(call: str, arguments: str, folder: str, known: set[str]) -> Iterator[Op]:
    texts = [_bytes(each) for each in _TEXT.findall(arguments)]
    if call in ("unlink", "unlinkat", "rename", "renameat2"):
        places = [_inside(text.decode(), folder) for text in texts]
        if not all(places):
            return
        known.discard(places[0])
        if call.startswith("unlink"):
            yield Op("remove", places[0])
        else:
            known.add(places[1])
            yield Op("rename", places[0], to=places[1])
        return
    if call == "openat":
        name = _inside(texts[0].decode(), folder)
        if name and "O_CREAT" in arguments and name not in known:
            known.add(name)
            yield Op("make", name)
        elif name and "O_TRUNC" in arguments:
            yield Op("cut", name)
        return
    handle = _HANDLE.match(arguments)
    if handle is None:
        return
    path = _bytes(handle[2]).decode() if "\\x" in handle[2] else handle[2]
    if call == "write" and handle[1] == "1":
        yield Op("said", SAID, data=texts[0])
        return
    if path == folder and call in ("fsync", "fdatasync"):
        yield Op("sync_folder", "")
    elif name := _inside(path, folder):
        yield from _file_ops(call, name, arguments, texts)


def _file_ops(call: str, name: str, arguments: str, texts: list[bytes]) -> Iterator[Op]:
    last = arguments.rsplit(", ", 1)[-1]
    if call == "pwrite64":
        yield Op("write", name, int(last), texts[0])
    elif call == "write":
        yield Op("write", name, -1, texts[0])
    elif call in ("fsync", "fdatasync"):
        yield Op("sync", name)
    elif call == "ftruncate":
        yield Op("cut", name, int(last))


def _inside(path: str, folder: str) -> str:
    name = path.removeprefix(folder + "/")
    return "" if name == path or "/" in name or name in NEVER_ON_DISK else name


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
