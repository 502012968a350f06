"""A table on A4 as PDF: a head on every page, rows high enough for a hand, pages numbered.

The same tables give the same bytes on every machine and every day.
"""

from collections.abc import Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

from app.content import TablePage
from app.languages import said
from printers.codes import qr_modules
from printers.fonts import drawable
from printers.pdf import face, load_fonts, text_length
from printers.text_safe import clean

MM = 72 / 25.4
WIDE, HIGH = 210 * MM, 297 * MM
LEFT, TOP, BOTTOM = 14 * MM, 14 * MM, 14 * MM
HEAD = 33 * MM
"""Title, place, code and the first rule."""
ROW = 8.4 * MM
QR = 21 * MM
BODY, SMALL, TITLE = 10.5, 9.0, 18.0
PAD = 1.6 * MM


def tables_pdf(tables: Sequence[TablePage]) -> bytes:
    """The bytes of a PDF; every table begins on a page of its own."""
    from reportlab.pdfgen.canvas import Canvas

    load_fonts()
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDE, HIGH), invariant=1)
    canvas.setTitle(" ".join(dict.fromkeys(each.title for each in tables)))
    fitting = int((HIGH - TOP - HEAD - ROW - BOTTOM - 6 * MM) // ROW)
    for table in tables:
        parts = [table.rows[at : at + fitting] for at in range(0, len(table.rows), fitting)] or [()]
        for number, rows in enumerate(parts, 1):
            _head(canvas, table)
            _rows(canvas, table, rows)
            page = said(f"第 {number} 页，共 {len(parts)} 页", table.language)
            foot = f"{table.number}  {page}".strip()
            _text(canvas, WIDE - LEFT, BOTTOM - 4 * MM, foot, SMALL, right=True)
            canvas.showPage()
    canvas.save()
    return file.getvalue()


def _head(canvas: Any, table: TablePage) -> None:
    top = HIGH - TOP
    _text(canvas, LEFT, top - 7 * MM, table.title, TITLE, bold=True)
    if table.banner:
        left = LEFT + text_length(table.title, TITLE, True) + 6 * MM
        wide = text_length(table.banner, BODY, True) + 4 * MM
        canvas.setLineWidth(1.2)
        canvas.rect(left, top - 8.5 * MM, wide, 7 * MM)
        _text(canvas, left + 2 * MM, top - 6.4 * MM, table.banner, BODY, bold=True)
    _text(canvas, LEFT, top - 15 * MM, table.under, BODY)
    _text(canvas, LEFT, top - 25 * MM, table.signatures, BODY)
    right = WIDE - LEFT
    if table.qr:
        _qr(canvas, table.qr, right - QR, top - QR - 2 * MM)
        right -= QR + 4 * MM
    _text(canvas, right, top - 7 * MM, table.number, TITLE - 4, bold=True, right=True)


def _qr(canvas: Any, data: str, left: float, low: float) -> None:
    modules = qr_modules(data)
    side = QR / len(modules)
    for number, row in enumerate(modules):
        at = 0
        for black, run in groupby(row):
            long = len(list(run))
            if black:
                down = low + QR - (number + 1) * side
                canvas.rect(left + at * side, down, long * side, side, stroke=0, fill=1)
            at += long


def _rows(canvas: Any, table: TablePage, rows: Sequence[tuple[str, ...]]) -> None:
    top = HIGH - TOP - HEAD
    edges = [LEFT]
    for _word, wide, _right in table.columns:
        edges.append(edges[-1] + wide * MM)
    words = tuple(word for word, _wide, _right in table.columns)
    for place, cells in enumerate((words, *rows)):
        low = top - (place + 1) * ROW
        for number, cell in enumerate(cells):
            right = table.columns[number][2] and place > 0
            at = edges[number + 1] - PAD if right else edges[number] + PAD
            room = edges[number + 1] - edges[number] - 2 * PAD
            _text(canvas, at, low + 2.6 * MM, cell, BODY, bold=place == 0, right=right, room=room)
    low = top - (len(rows) + 1) * ROW
    canvas.setLineWidth(0.6)
    for place in range(len(rows) + 2):
        canvas.line(edges[0], top - place * ROW, edges[-1], top - place * ROW)
    for edge in edges:
        canvas.line(edge, top, edge, low)


def _text(
    canvas: Any,
    at: float,
    up: float,
    words: str,
    size: float,
    *,
    bold: bool = False,
    right: bool = False,
    room: float = 0,
) -> None:
    """Words from `at` (or up to it); smaller where there is not room enough for them."""
    said = drawable(clean(words), bold)
    long = text_length(said, size, bold)
    if room and long > room:
        size, long = max(size * room / long, 5.0), room
    canvas.setFont(face(bold), size)
    if right:
        canvas.drawRightString(at, up, said)
    else:
        canvas.drawString(at, up, said)
