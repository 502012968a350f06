"""A report as an Excel file: real numbers and dates, and no text that could be run."""

import io
from datetime import date

from app.reports.sheet import Column, Line, Sheet, cell_text
from app.table_file import safe

_FORMATS = {
    "money": "#,##0.00", "cost": "#,##0.0000##", "count": "#,##0", "quantity": "#,##0.###",
    "rate": "0.0",
}  # fmt: skip
_WIDTHS = {"text": 16, "day": 12, "count": 10, "quantity": 12, "money": 14, "cost": 14, "rate": 10}


def report_excel(sheet: Sheet, under: str, check: str) -> bytes:
    """The bytes of a file with one sheet: title, range, heading, rows, and the check last.

    Figures go into the file by their digits, never through a float.
    """
    # Imported here because only exports need it.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    page = book.create_sheet(_page_name(sheet.title))
    page.freeze_panes = "A4"
    for number, column in enumerate(sheet.columns, 1):
        wide = 28 if column.wide else _WIDTHS[column.kind]
        page.column_dimensions[get_column_letter(number)].width = wide

    def text(words: str, *, bold: bool = False) -> WriteOnlyCell:
        cell = WriteOnlyCell(page, safe(words))
        # Said outright: the library takes a text that begins with = for a formula.
        cell.data_type = "s"
        if bold:
            cell.font = Font(bold=True)
        return cell

    def value(column: Column, line: Line) -> WriteOnlyCell:
        found = line.values.get(column.name)
        if column.kind == "day" and isinstance(found, str):
            cell = WriteOnlyCell(page, date.fromisoformat(found))
            cell.number_format = "yyyy-mm-dd"
            return cell
        words = cell_text(column, found, weighed=line.weighed)
        if not (column.figure and words):
            return text(words)
        cell = WriteOnlyCell(page, words)
        cell.data_type = "n"
        cell.number_format = _FORMATS[column.kind]
        return cell

    page.append([text(sheet.title, bold=True)])
    page.append([text(under)])
    page.append([text(column.word, bold=True) for column in sheet.columns])
    for line in sheet.lines:
        page.append([value(column, line) for column in sheet.columns])
    page.append([])
    page.append([text(check)])
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def _page_name(title: str) -> str:
    """What Excel takes as a sheet's name."""
    return "".join(char for char in title if char not in "[]:*?/\\")[:31] or "Sheet"
