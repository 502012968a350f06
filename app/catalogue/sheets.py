"""Tables people bring: CSV and Excel bytes become rows of text, and no row is lost.

Nothing in a cell is ever run: a formula is its own text. A file that lies about its size, its
kind or its encoding is refused before it can fill the memory. Row numbers are those a person
sees in the file.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import msgspec

from app.errors import Refusal

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 64
_MOST_UNPACKED = 256 * 1024 * 1024
_MOST_PARTS = 2000
_MOST_RATIO = 200
"""A sheet packs about twentyfold; only a bomb packs two hundredfold."""
_MOST_JOINED_LINES = 10
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


class SheetRow(msgspec.Struct, frozen=True):
    """One row: its number in the file, its cells as text, and the row as it stood there."""

    number: int
    cells: tuple[str, ...]
    text: str
    numeric: frozenset[int] = frozenset()
    """Places of cells a spreadsheet kept as numbers, not as text."""
    merged: frozenset[int] = frozenset()
    """Places under a merged cell, but for the first of it."""
    unreadable: bool = False

    @property
    def blank(self) -> bool:
        return not self.unreadable and not any(cell.strip() for cell in self.cells)


def rows_of(data: bytes) -> Iterator[SheetRow]:
    """The rows of a CSV or Excel file, blank ones included.

    Raises Refusal: import_too_large, import_empty, import_old_excel, import_broken,
    import_encoding, import_too_many_rows.
    """
    if len(data) > MOST_BYTES:
        raise Refusal("import_too_large", most=f"{MOST_BYTES >> 20} MB")
    if not data.strip(b"\xef\xbb\xbf\x00 \t\r\n,;"):
        raise Refusal("import_empty")
    if data.startswith(_OLD_EXCEL):
        raise Refusal("import_old_excel")
    rows = _excel(data) if data.startswith(_ZIP) else _csv(_decoded(data))
    return _counted(rows)


def _counted(rows: Iterator[SheetRow]) -> Iterator[SheetRow]:
    full = 0
    for row in rows:
        full += not row.blank
        if full > MOST_ROWS + 1:
            raise Refusal("import_too_many_rows", most=MOST_ROWS)
        yield row


def _decoded(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else GB18030 (what Chinese spreadsheets save)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("import_encoding")


def _csv(text: str) -> Iterator[SheetRow]:
    lines = re.split(r"\r\n|\n|\r", text)
    if not lines[-1]:
        lines.pop()
    delimiter = max(",\t;", key=lines[0].count)
    columns = len(_fields(lines[0], delimiter) or ())
    at = 0
    while at < len(lines):
        taken, cells = _record(lines, at, delimiter, columns)
        yield SheetRow(
            number=at + 1,
            cells=cells or (),
            text="\n".join(lines[at : at + taken]),
            unreadable=cells is None,
        )
        at += taken


def _record(
    lines: list[str], at: int, delimiter: str, columns: int
) -> tuple[int, tuple[str, ...] | None]:
    """How many lines the record at `at` takes, and its cells.

    A quote that is never closed would swallow the rest of the file; here it costs one line.
    """
    cells = _fields(lines[at], delimiter)
    if cells is not None or '"' not in lines[at]:
        return 1, cells
    for taken in range(2, min(_MOST_JOINED_LINES, len(lines) - at) + 1):
        joined = _fields("\n".join(lines[at : at + taken]), delimiter)
        if joined is not None and len(joined) == columns:
            return taken, joined
    return 1, None


def _fields(line: str, delimiter: str) -> tuple[str, ...] | None:
    try:
        rows = list(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return tuple(rows[0]) if rows else ()


def _excel(data: bytes) -> Iterator[SheetRow]:
    _refuse_bombs(data)
    # Imported here because only imports need it.
    from openpyxl import load_workbook

    from app.catalogue.merged import hidden_in_rows, merged_areas

    with warnings.catch_warnings():
        # It warns of drawings and validations it leaves out; we read cells only.
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            sheet = next(one for one in book.worksheets if one.sheet_state == "visible")
            sheet.reset_dimensions()
            rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                areas = merged_areas(archive, sheet._worksheet_path)
        except Exception as error:
            # A damaged file fails in any of a dozen libraries; whichever it is, it is the file.
            raise Refusal("import_broken", detail=type(error).__name__) from error
        yield from _excel_rows(iter(rows), hidden_in_rows(areas, MOST_COLUMNS))


def _excel_rows(
    rows: Iterator[tuple[Any, ...]], hidden: Iterator[frozenset[int]]
) -> Iterator[SheetRow]:
    number = 0
    while True:
        try:
            some = list(islice(rows, 1))
        except Exception as error:
            # Sheets are read as we go, so the damage may lie anywhere in the file.
            raise Refusal("import_broken", detail=type(error).__name__) from error
        if not some:
            return
        number += 1
        cells = tuple(_cell(value) for value in some[0])
        yield SheetRow(
            number=number,
            cells=cells,
            text="\t".join(cells).rstrip("\t"),
            numeric=frozenset(
                place
                for place, value in enumerate(some[0])
                if isinstance(value, int | float) and not isinstance(value, bool)
            ),
            merged=next(hidden),
        )


def _cell(value: Any) -> str:
    """A spreadsheet's value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 10**15:
            return str(int(value))
        # 19.900000000000002 is how a spreadsheet keeps 19.9.
        return f"{value:.10g}"
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value)


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refusal("import_broken", detail=type(error).__name__) from error
    if any(part.flag_bits & 1 for part in parts):
        raise Refusal("import_broken", detail="encrypted")
    unpacked = sum(part.file_size for part in parts)
    bombs = any(
        part.file_size > 1 << 20 and part.file_size > _MOST_RATIO * max(1, part.compress_size)
        for part in parts
    )
    if bombs or len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED:
        raise Refusal("import_too_large", most=f"{_MOST_UNPACKED >> 20} MB")
