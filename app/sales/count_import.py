"""A collector's file joins a count: every row becomes an entry or is named with what is wrong."""

import hashlib
from collections.abc import Callable

import msgspec

from app.errors import Refusal
from app.facts.stock import CountEntered
from app.sales.count_codes import counted_goods
from app.sales.stocktaking import Stocktaking, entry_of, running_count
from app.stock import count_queries, counting
from app.stock.collector import Malformed, Row, read_collector

MOST_BYTES = 4_000_000
ROWS_PER_COMMIT = 100
Progress = Callable[[int, int], bool]
"""(rows done, rows in all) -> whether to go on."""


class Taken(msgspec.Struct, frozen=True):
    """What became of a file: `rows` = taken + before + malformed + blank (+ what was cancelled)."""

    rows: int
    taken: int
    before: int
    """Rows this count had from the same file already."""
    blank: int
    unknown: tuple[str, ...]
    malformed: tuple[Malformed, ...]


def take_file(
    taking: Stocktaking,
    name: str,
    content: bytes,
    zone: str = "",
    counter: str = "",
    *,
    since_ms: int = 0,
    progress: Progress = lambda _done, _most: True,
) -> Taken:
    """Enter a collector's file, a hundred rows a commit; read again it adds nothing twice.

    Nobody knows when a row was counted, only that it was after `since_ms` (without it: after the
    count was opened): what moved since is counted again. Raises Refusal: count_file_bad,
    no_such_count, count_closed.
    """
    if len(content) > MOST_BYTES:
        raise Refusal("count_file_bad", detail=f"> {MOST_BYTES}")
    taking.desk.allowed("count")
    books, shop = taking.desk.books, taking.desk.books.shop
    with books.read() as db:
        one = running_count(count_queries.counts(db, shop, name))
    read = read_collector(content)
    mark = hashlib.sha256(name.encode() + content).hexdigest()
    malformed, taken, before = list(read.malformed), 0, 0
    unknown: dict[str, None] = {}
    for start in range(0, len(read.good), ROWS_PER_COMMIT):
        if not progress(start, len(read.good)):
            break
        entries: list[CountEntered] = []
        ids: list[str] = []
        for row in read.good[start : start + ROWS_PER_COMMIT]:
            try:
                made = _entries(taking, name, row, zone or next(iter(one.zones)), counter,
                                since_ms or one.opened_ms)  # fmt: skip
                if made[0].zone not in one.zones:
                    raise Refusal("no_such_zone", zone=made[0].zone)
            except Refusal as refusal:
                malformed.append(Malformed(row.row, f"{row.code} {row.quantity} {row.zone}".strip(),
                                           refusal.code, refusal.details))  # fmt: skip
                continue
            entries += made
            ids += [_id(mark, row.row, part) for part in range(len(made))]
            unknown |= {each.product: None for each in made if not each.known}
        new = counting.enter(books, taking.who(), entries, ids)
        taken, before = taken + new, before + len(entries) - new
    malformed.sort(key=lambda each: each.row)
    return Taken(read.rows, taken, before, read.blank, tuple(unknown), tuple(malformed))


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
