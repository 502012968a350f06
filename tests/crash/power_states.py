"""What a disk may hold after a power cut: every promise kept, everything else in any mixture.

A disk keeps what was synced. Of what was not it may hold nothing, all, any part, and of a single
write any whole sectors. Names made, removed or changed are ordered among themselves and durable
once the folder was synced; on the file systems a till runs on, syncing a file brings its own name
to the disk as well, which a `strict` disk does not do.
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
    synced: int = 0
    """How often changes became durable."""


@dataclass(frozen=True, slots=True)
class State:
    """One thing the disk may hold when the power fails behind op `after`."""

    after: int
    said: bytes
    files: dict[str, bytes]
    kind: str


class Disk:
    """Plays a log forward and says at any point what a power cut could leave."""

    def __init__(self, base: dict[str, bytes], *, strict: bool = False) -> None:
        self.said = b""
        self._strict = strict
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
                if not self._strict and self._safe.get(op.name) is not self._now[op.name]:
                    self._safe, self._renamings = dict(self._now), []
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

    def states(self, after: int, rng: random.Random, more: int) -> Iterator["Left"]:
        """What may be left behind op `after`: none, all, and `more` mixtures."""
        folders = [self._safe, *self._renamings]
        pending = [
            number
            for file in {id(f): f for folder in folders for f in folder.values()}.values()
            for number, _op in file.pending
        ]
        yield Left(after, "none", self._safe)
        yield Left(after, "all", folders[-1], frozenset(pending))
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
            yield Left(after, kind, folder, frozenset(kept), torn, rng.randrange(8) * SECTOR)


@dataclass(frozen=True, slots=True)
class Left:
    """One mixture: which changes a disk happened to keep. Cheap until it is laid out."""

    after: int
    kind: str
    folder: dict[str, File]
    kept: frozenset[int] = frozenset()
    torn: int = 0
    """The change of which only the first bytes were kept, 0 for none."""
    bytes_kept: int = 0

    @property
    def key(self) -> object:
        """Equal for mixtures that leave the same bytes."""
        files = tuple(sorted((name, id(f), f.synced) for name, f in self.folder.items()))
        return files, self.kept, self.torn, self.bytes_kept if self.torn else 0

    def state(self, said: bytes) -> State:
        """The bytes, as long as the disk has not gone on."""
        files = {
            name: _left(file, self.kept, self.torn, self.bytes_kept)
            for name, file in self.folder.items()
        }
        return State(self.after, said, files, self.kind)


def _left(file: File, kept: frozenset[int], torn: int, bytes_kept: int) -> bytes:
    """A file with the changes a disk happened to keep."""
    if not file.pending or kept.isdisjoint(number for number, _op in file.pending):
        return bytes(file.durable)
    content = bytearray(file.durable)
    for number, op in file.pending:
        if number in kept:
            _apply(content, op, bytes_kept if number == torn else len(op.data))
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
        file.synced += 1
    file.pending.clear()


def all_states(
    base: dict[str, bytes],
    log: Sequence[Op],
    seed: int,
    *,
    more: int,
    most: int,
    strict: bool = False,
) -> Iterator[State]:
    """Different states of a whole log, evenly over it and at most so many.

    Gone through twice, first to count: laid out all at once they would fill the memory.
    """
    places = [place for place, _left, _said in _mixtures(base, log, seed, more, strict)]
    chosen = set(random.Random(seed).sample(places, min(most, len(places))))
    for place, left, said in _mixtures(base, log, seed, more, strict):
        if place in chosen:
            yield left.state(said)


def _mixtures(
    base: dict[str, bytes], log: Sequence[Op], seed: int, more: int, strict: bool
) -> Iterator[tuple[int, Left, bytes]]:
    disk, rng = Disk(base, strict=strict), random.Random(seed)
    # Hashes alone: of a hundred thousand keys the whole sets would fill the memory.
    seen: set[int] = set()
    for number, op in enumerate(log, 1):
        disk.play(number, op)
        for left in disk.states(number, rng, more):
            # The same bytes after another answer are another state: more is asked of them.
            if (key := hash((len(disk.said), left.key))) not in seen:
                seen.add(key)
                yield len(seen), left, disk.said


def lay_down(state: State, folder: Path) -> Path:
    """Write a state into a folder that is emptied first."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, data in state.files.items():
        (folder / name).write_bytes(data)
    return folder
