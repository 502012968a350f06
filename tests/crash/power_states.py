"""What a disk may hold after a power cut: every promise kept, everything else in any mixture.

A disk keeps what was synced. Of what was not it may hold nothing, all, any part, and of a single
write any whole sectors. Names made, removed or changed are ordered among themselves and durable
once the folder was synced.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.disk_log import Op

SECTOR = 512


@dataclass(slots=True, eq=False)
class File:
    """One file: what surely is on the disk, and the changes that may be."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, Op]] = field(default_factory=list)
    end: int = 0
    """Where an appending write goes."""


@dataclass(frozen=True, slots=True)
class State:
    """One thing the disk may hold when the power fails behind op `after`."""

    after: int
    said: bytes
    files: dict[str, bytes]
    kind: str


class Disk:
    """Plays a log forward and says at any point what a power cut could leave."""

    def __init__(self, base: dict[str, bytes]) -> None:
        self.said = b""
        self._now = {name: File(bytearray(data), end=len(data)) for name, data in base.items()}
        self._safe = dict(self._now)
        self._renamings: list[dict[str, File]] = []
        """The folder after each change of a name that is not durable yet."""

    def play(self, number: int, op: Op) -> None:
        """Carry out one operation."""
        match op.kind:
            case "said":
                self.said += op.data
            case "sync_folder":
                self._safe, self._renamings = dict(self._now), []
            case "sync":
                _settle(self._now[op.name])
            case "write" | "cut":
                self._change(number, op)
            case "make":
                self._named(self._now | {op.name: File()})
            case "remove":
                self._named({name: f for name, f in self._now.items() if name != op.name})
            case "rename":
                rest = {name: f for name, f in self._now.items() if name != op.name}
                self._named(rest | {op.to: self._now[op.name]})

    def _change(self, number: int, op: Op) -> None:
        file = self._now[op.name]
        if op.kind == "write" and op.offset < 0:
            op = Op("write", op.name, file.end, op.data)
        file.end = op.offset if op.kind == "cut" else max(file.end, op.offset + len(op.data))
        file.pending.append((number, op))

    def _named(self, folder: dict[str, File]) -> None:
        self._now = folder
        self._renamings.append(folder)

    def states(self, after: int, rng: random.Random, more: int) -> Iterator[tuple[object, State]]:
        """What may be left behind op `after`: none, all, and `more` mixtures, each with a key."""
        folders = [self._safe, *self._renamings]
        pending = [
            number
            for file in {id(f): f for folder in folders for f in folder.values()}.values()
            for number, _op in file.pending
        ]
        yield self._state(after, "none", self._safe, set(), 0)
        yield self._state(after, "all", folders[-1], set(pending), 0)
        kinds = ("some", "but one", "torn")
        for turn in range(more if pending or self._renamings else 0):
            kind = kinds[turn % 3]
            folder = rng.choice(folders)
            kept = {number for number in pending if rng.random() < 0.5}
            torn = 0
            if kind == "but one" and pending:
                kept = set(pending) - {rng.choice(pending)}
            elif kind == "torn" and pending:
                torn = rng.choice(pending)
                kept = {number for number in pending if number <= torn}
            yield self._state(after, kind, folder, kept, torn, rng.randrange(8))

    def _state(
        self,
        after: int,
        kind: str,
        folder: dict[str, File],
        kept: set[int],
        torn: int,
        sectors: int = 0,
    ) -> tuple[object, State]:
        files = {name: _left(file, kept, torn, sectors) for name, file in folder.items()}
        names = tuple(sorted((name, id(file)) for name, file in folder.items()))
        synced = tuple(len(file.pending) for _name, file in sorted(folder.items()))
        key = (len(self.said), names, synced, frozenset(kept), torn, sectors if torn else 0, after)
        if not kept and folder is self._safe:
            key = (len(self.said), names, hash(tuple(bytes(f.durable) for f in folder.values())))
        return key, State(after, self.said, files, kind)


def _left(file: File, kept: set[int], torn: int, sectors: int) -> bytes:
    """A file with the changes a disk happened to keep."""
    if not file.pending or kept.isdisjoint(number for number, _op in file.pending):
        return bytes(file.durable)
    content = bytearray(file.durable)
    for number, op in file.pending:
        if number in kept:
            _apply(content, op, sectors * SECTOR if number == torn else len(op.data))
    return bytes(content)


def _apply(content: bytearray, op: Op, most: int) -> None:
    if op.kind == "cut":
        size = len(content)
        content[op.offset :] = b"" if op.offset <= size else bytes(op.offset - size)
        return
    data = op.data[:most]
    if len(content) < op.offset:
        content.extend(bytes(op.offset - len(content)))
    content[op.offset : op.offset + len(data)] = data


def _settle(file: File) -> None:
    for _number, op in file.pending:
        _apply(file.durable, op, len(op.data))
    file.pending.clear()


def all_states(
    base: dict[str, bytes], log: Sequence[Op], rng: random.Random, more: int
) -> Iterator[State]:
    """Every different state of a whole log."""
    disk = Disk(base)
    seen: set[object] = set()
    for number, op in enumerate(log, 1):
        disk.play(number, op)
        for key, state in disk.states(number, rng, more):
            if key not in seen:
                seen.add(key)
                yield state


def lay_down(state: State, folder: Path) -> Path:
    """Write a state into a folder that is emptied first."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, data in state.files.items():
        (folder / name).write_bytes(data)
    return folder
