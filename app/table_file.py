"""Rows as a file for the bookkeeper or an inspector: CSV or Excel.

A name somebody typed may begin like a formula; a spreadsheet that opens the file must not run it.
"""

import csv
import io
from collections.abc import Collection, Iterable
from pathlib import Path

from app.errors import Refusal

CSV, EXCEL = "csv", "xlsx"
FORMATS = (CSV, EXCEL)
Cells = Iterable[tuple[str, ...]]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _is_figure(cell: str) -> bool:
    return cell.lstrip("-").replace(".", "").isdigit()


def as_csv(cells: Cells, figures: Collection[int]) -> bytes:
    """With a byte order mark, because Excel takes a file without one for GBK.

    `figures` are the columns of our own figures; all else is text whatever it looks like.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in cells:
        writer.writerow(
            cell if place in figures and _is_figure(cell) else safe(cell)
            for place, cell in enumerate(row)
        )
    return out.getvalue().encode("utf-8-sig")


def as_excel(cells: Cells, figures: Collection[int], title: str) -> bytes:
    """One sheet; every cell but the figures is text, so long numbers keep all their digits."""
    # Imported here because only exports need it.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in cells:
        line = []
        for place, text in enumerate(row):
            figure = place in figures and _is_figure(text)
            cell = WriteOnlyCell(sheet, text if figure else safe(text))
            # Said outright: the library takes a text that begins with = for a formula. A figure
            # goes into the file by its digits, never through a float.
            cell.data_type = "n" if figure else "s"
            if figure:
                cell.number_format = f"0.{'0' * len(text.partition('.')[2])}".rstrip(".")
            line.append(cell)
        sheet.append(line)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def write_table(path: Path, cells: Cells, figures: Collection[int], title: str) -> None:
    """Write the file its name's ending says. Raises Refusal("export_failed")."""
    excel = path.suffix == f".{EXCEL}"
    write_file(path, as_excel(cells, figures, title) if excel else as_csv(cells, figures))


def write_file(path: Path, content: bytes) -> None:
    """Write a file somebody asked for, and its folder. Raises Refusal("export_failed")."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise Refusal(
            "export_failed", path=path.name, detail=error.strerror or type(error).__name__
        ) from None
