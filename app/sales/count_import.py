"""A collector's file joins a count: every row becomes an entry or is named with what is wrong."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from app.errors import Refusal
from app.facts.stock import CountEntered
from app.sales.count_codes import counted_goods
from app.sales.stocktaking import Stocktaking, entry_of, running_count
from app.stock import count_queries, counting
from app.stock.collector import Malformed, Row, read_collector
from app.text import clean

MOST_BYTES = 4_000_000
ROWS_PER_COMMIT = 100
Progress = Callable[[int, int], bool]
"""(rows done, rows in all) -> whether to go on."""


class Looked(msgspec.Struct, frozen=True):
    """A file as it was looked at: `rows` = good + before + malformed + blank."""

    count: str
    rows: int
    entries: tuple[CountEntered, ...]
    """Of the good rows; a kit's row has several."""
    ids: tuple[str, ...]
    good: int
    before: int
    """Rows this count had from the same file already."""
    blank: int
    unknown: tuple[str, ...]
    malformed: tuple[Malformed, ...]


class Taken(msgspec.Struct, frozen=True):
    """What became of a file: `rows` = taken + before + malformed + blank (+ what was cancelled)."""

    rows: int
    taken: int
    before: int
    """Rows this count had from the same file already."""
    blank: int
    unknown: tuple[str, ...]
    malformed: tuple[Malformed, ...]


def read_whole(path: Path) -> bytes:
    """A file's bytes, no more than a collector could have written.

    Raises Refusal("count_file_bad").
    """
    try:
        if not path.is_file():
            raise Refusal("count_file_bad", detail="找不到这个文件")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Refusal("count_file_bad", detail=clean(str(error), most=80)) from None
    if len(content) > MOST_BYTES:
        raise Refusal("count_file_bad", detail=f"超过 {MOST_BYTES // 1_000_000} MB")
    return content


def look_at(
    taking: Stocktaking,
    name: str,
    content: bytes,
    zone: str = "",
    counter: str = "",
    *,
    since_ms: int = 0,
    progress: Progress = lambda _done, _most: True,
) -> Looked:
    """See what a collector's file would add; nothing is recorded.

    Nobody knows when a row was counted, only that it was after `since_ms` (without it: after the
    count was opened): what moved since is counted again. Raises Refusal: count_file_bad,
    count_file_empty, count_columns_twice, no_such_count, count_closed, count_stopped.
    """
    if len(content) > MOST_BYTES:
        raise Refusal("count_file_bad", detail=f"超过 {MOST_BYTES // 1_000_000} MB")
    taking.desk.allowed("count")
    books, shop = taking.desk.books, taking.desk.books.shop
    with books.read() as db:
        one = running_count(count_queries.counts(db, shop, name))
    read = read_collector(content)
    mark = hashlib.sha256(name.encode() + content).hexdigest()
    malformed = list(read.malformed)
    entries: list[CountEntered] = []
    ids: list[str] = []
    rows: dict[str, int] = {}
    unknown: dict[str, None] = {}
    for done, row in enumerate(read.good):
        if done % ROWS_PER_COMMIT == 0 and not progress(done, len(read.good)):
            raise Refusal("count_stopped")
        try:
            made = _entries(taking, name, row, zone or next(iter(one.zones)), counter,
                            since_ms or one.opened_ms)  # fmt: skip
            if made[0].zone not in one.zones:
                raise Refusal("no_such_zone", zone=made[0].zone)
        except Refusal as refusal:
            malformed.append(Malformed(row.row, f"{row.code} {row.quantity} {row.zone}".strip(),
                                       refusal.code, refusal.details))  # fmt: skip
            continue
        named = [_id(mark, row.row, part) for part in range(len(made))]
        entries += made
        ids += named
        rows[named[0]] = row.row
        unknown |= {each.product: None for each in made if not each.known}
    with books.read() as db:
        there = count_queries.entered_already(db, shop, ids)
    before = sum(1 for first in rows if first in there)
    malformed.sort(key=lambda each: each.row)
    return Looked(name, read.rows, tuple(entries), tuple(ids), len(rows) - before, before,
                  read.blank, tuple(unknown), tuple(malformed))  # fmt: skip


def take(
    taking: Stocktaking, seen: Looked, progress: Progress = lambda _done, _most: True
) -> Taken:
    """Enter the good rows, a hundred a commit; read again a file adds nothing twice.

    Raises Refusal: no_such_count, count_closed, count_stopped (what was taken stays).
    """
    books, taken = taking.desk.books, 0
    for start in range(0, len(seen.entries), ROWS_PER_COMMIT):
        if not progress(start, len(seen.entries)):
            raise Refusal("count_stopped")
        some = slice(start, start + ROWS_PER_COMMIT)
        taken += counting.enter(books, taking.who(), seen.entries[some], seen.ids[some])
    return Taken(seen.rows, taken, len(seen.entries) - taken, seen.blank, seen.unknown,
                 seen.malformed)  # fmt: skip


def _entries(
    taking: Stocktaking, name: str, row: Row, zone: str, counter: str, since_ms: int
) -> list[CountEntered]:
    books, desk = taking.desk.books, taking.desk
    who = taking.who()
    with books.read() as db:
        goods = counted_goods(db, books.shop, desk.read_code(row.code), row.code, row.quantity)
    return [
        msgspec.structs.replace(
            entry_of(books, who, name, row.zone or zone, each),
            counter=taking.counter_mark(counter),
            since=since_ms,
        )
        for each in goods
    ]


def _id(mark: str, row: int, part: int) -> str:
    """An identity that the same row of the same file always has (RFC 9562, version 8)."""
    text = hashlib.sha256(f"{mark} {row} {part}".encode()).hexdigest()
    return f"{text[:8]}-{text[8:12]}-8{text[13:16]}-8{text[17:20]}-{text[20:32]}"
