"""A batch collector's file: one scanned code a row with its quantity, and the shelf if it knows.

Pure. Collectors write what their last owner set up: commas, semicolons, tabs or blanks, with or
without a heading, UTF-8 or GBK. Every row is accounted for: taken, blank, or named with what is
wrong with it.
"""

import re
from collections.abc import Sequence

import msgspec

from app.errors import Refusal
from app.text import clean

MOST_ROWS = 20_000
_SEPARATORS = "\t;,|"
_HEADINGS = {
    "code": ("条码", "条形码", "编码", "货号", "barcode", "code", "ean", "sku"),
    "quantity": ("数量", "实盘", "qty", "quantity", "count"),
    "zone": ("货架", "货位", "架", "区", "zone", "shelf", "location"),
}
_NUMBER = re.compile(r"[+]?\d{1,8}(?:\.\d{1,3})?")


class Row(msgspec.Struct, frozen=True):
    """One good row. `quantity` as it was written; `zone` "" where the file does not say it."""

    row: int
    code: str
    quantity: str
    zone: str


class Malformed(msgspec.Struct, frozen=True):
    """One row that was not taken. Reasons: no_code, no_quantity, bad_quantity, too_many_cells,
    and what the count itself refuses."""

    row: int
    text: str
    why: str
    details: dict[str, str | int] = {}


class Read(msgspec.Struct, frozen=True):
    """A whole file. Rows are counted from 1, the heading included."""

    rows: int
    good: tuple[Row, ...]
    malformed: tuple[Malformed, ...]
    blank: int


def read_collector(content: bytes) -> Read:
    """Read a collector's file. Raises Refusal("count_file_bad") for what is no text, or endless."""
    lines = _text(content).splitlines()
    if len(lines) > MOST_ROWS:
        raise Refusal("count_file_bad", detail=f"> {MOST_ROWS}")
    columns = {"code": 0, "quantity": 1, "zone": 2}
    good: list[Row] = []
    malformed: list[Malformed] = []
    blank = 0
    started = False
    for number, line in enumerate(lines, 1):
        cells = _cells(line)
        if not any(cells):
            blank += 1
            continue
        if not started:
            started = True
            if headed := _heading(cells):
                columns = headed
                blank += 1
                continue
        try:
            good.append(_row(number, cells, columns))
        except Refusal as refusal:
            malformed.append(Malformed(number, clean(line, most=60), refusal.code, refusal.details))
    return Read(len(lines), tuple(good), tuple(malformed), blank)


def _text(content: bytes) -> str:
    if b"\x00" in content[:4096]:
        raise Refusal("count_file_bad", detail="not text")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("count_file_bad", detail="not text")


def _cells(line: str) -> list[str]:
    separator = next((one for one in _SEPARATORS if one in line), None)
    parts = line.split(separator) if separator else line.split()
    return [clean(part.strip().strip("\"'"), most=60) for part in parts]


def _heading(cells: Sequence[str]) -> dict[str, int] | None:
    """Which column is which, when the first row says so."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for name, words in _HEADINGS.items():
            if name not in found and any(word in cell.lower() for word in words):
                found[name] = place
                break
    return found if {"code", "quantity"} <= found.keys() else None


def _row(number: int, cells: Sequence[str], columns: dict[str, int]) -> Row:
    said = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
    if not said["code"]:
        raise Refusal("no_code")
    if not said["quantity"]:
        raise Refusal("no_quantity")
    if not _NUMBER.fullmatch(said["quantity"]):
        raise Refusal("bad_quantity", text=said["quantity"])
    if any(cells[max(columns.values()) + 1 :]):
        raise Refusal("too_many_cells")
    return Row(number, said["code"], said["quantity"].lstrip("+"), said.get("zone", ""))
