"""A batch collector's file: one scanned code a row with its quantity, and the shelf if it knows.

Pure. Collectors write what their last owner set up: commas, semicolons, tabs or blanks, with or
without a heading, UTF-8 or GBK. Every row is accounted for: taken, blank, or named with what is
wrong with it.
"""

import codecs
import csv
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
    """One row that was not taken. Reasons: no_code, no_quantity, bad_quantity, formula_cell,
    too_many_cells, and what the count itself refuses."""

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
    """Read a collector's file.

    Raises Refusal: count_file_bad (no text, or endless), count_file_empty, count_columns_twice.
    """
    lines = _text(content).splitlines()
    if not any(line.strip() for line in lines):
        raise Refusal("count_file_empty")
    if len(lines) > MOST_ROWS:
        raise Refusal("count_file_bad", detail=f"超过 {MOST_ROWS:,} 行")
    columns, wide = {"code": 0, "quantity": 1, "zone": 2}, 3
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
                columns, wide = headed, len(cells)
                blank += 1
                continue
        try:
            good.append(_row(number, cells, columns, wide))
        except Refusal as refusal:
            malformed.append(Malformed(number, clean(line, most=60), refusal.code, refusal.details))
    return Read(len(lines), tuple(good), tuple(malformed), blank)


def _text(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in content:
        encodings = ()
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("count_file_bad", detail="不是文字文件")


def _cells(line: str) -> list[str]:
    separator = next((one for one in _SEPARATORS if one in line), None)
    try:
        parts = next(csv.reader([line], delimiter=separator), []) if separator else line.split()
    except csv.Error:
        # A cell longer than any code: it is cut, and named as no good row.
        parts = line.split(separator)
    return [clean(_plain(part), most=60) for part in parts]


def _plain(cell: str) -> str:
    """A cell without what spreadsheets put around a number that should stay text: ="690…"."""
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[1:]
    return cell.strip("\"'").strip()


def _heading(cells: Sequence[str]) -> dict[str, int] | None:
    """Which column is which, when the first row says so; of several codes the first.

    Raises Refusal("count_columns_twice") where nobody could say which column is meant.
    """
    found: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        for name, words in _HEADINGS.items():
            if any(word in cell.lower() for word in words):
                found.setdefault(name, []).append(place)
                break
    if not {"code", "quantity"} <= found.keys():
        return None
    for name, places in found.items():
        said = [cells[place] for place in places]
        if len(said) > (len(set(said)) if name == "code" else 1):
            raise Refusal("count_columns_twice", columns="、".join(said))
    return {name: places[0] for name, places in found.items()}


def _row(number: int, cells: Sequence[str], columns: dict[str, int], wide: int) -> Row:
    said = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
    if not said["code"]:
        raise Refusal("no_code")
    if said["code"].startswith(("=", "+", "@")) or said["quantity"].startswith("="):
        raise Refusal("formula_cell")
    if not said["quantity"]:
        raise Refusal("no_quantity")
    if not _NUMBER.fullmatch(said["quantity"]):
        raise Refusal("bad_quantity", text=said["quantity"])
    if any(cells[wide:]):
        raise Refusal("too_many_cells")
    return Row(number, said["code"], said["quantity"].lstrip("+"), said.get("zone", ""))
