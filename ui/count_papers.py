"""Blind count sheets as an A4 file: the console's and the window's."""

from collections.abc import Sequence
from pathlib import Path

from app.errors import Refusal
from app.languages import in_language
from app.sales.count_sheets import CountSheets, Sheet
from app.stock.count_papers import SheetLine, sheet_page
from app.transaction import Books
from ui.language import spoken


def write_a4(path: Path, books: Books, sheets: CountSheets, wanted: Sequence[Sheet]) -> None:
    """Write sheets as one PDF, each from a page of its own. Raises Refusal("export_failed")."""
    from printers.table_pdf import tables_pdf

    series = books.journal.series
    tables = []
    for each in wanted:
        lines = [
            SheetLine(typed.line, typed.product)
            for typed in sheets.typed(each)
            if typed.product is not None
        ]
        page = sheet_page(each.code, books.shop, each.zone, lines, each.printed_ms, series)
        tables.append(in_language(page, spoken()))
    content = tables_pdf(tables)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", "") or type(error).__name__
        raise Refusal("export_failed", path=path.name[:60], detail=detail) from None
