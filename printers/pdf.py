"""A paper as PDF: the same rows as on the roll, in type and lines instead of dots.

For mail and for the archive. The page is as wide as the roll and as long as the paper; its text
can be searched and copied. The same paper gives the same bytes on every machine and every day.
"""

from collections.abc import Callable, Iterable
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import Any

from app.content import Paper
from app.errors import Refusal
from printers.codes import BARS_QUIET, bar_modules, module_dots, qr_modules
from printers.fonts import FONTS, drawable
from printers.layout import (
    BannerRow,
    BarcodeRow,
    CutRow,
    QrRow,
    Row,
    RuleRow,
    Span,
    TextRow,
    lay_out,
)
from printers.text_safe import clean, width

COLUMN = 12
"""Dots of one column: everything here is counted in the printer's dots of 1/8 mm."""
POINTS_PER_DOT = 72 / 25.4 / 8
MARGIN = 32
"""4 mm of white on each side, as a roll has."""
HAN = 24
LATIN = 21.8
"""Digits of this size are one column wide."""
ROW = {1: 31, 2: 58}
BASELINE = {1: 23, 2: 44}
BANNER_ROW, BANNER_FRAME = 56, 24
BAR_HEIGHT = 64


def paper_pdf(paper: Paper, columns: int = 48) -> bytes:
    """The bytes of a PDF with one page. Raises Refusal for bars and QR codes that cannot exist."""
    rows = [row for row in lay_out(paper, columns) if type(row) is not CutRow]
    sheet = _Sheet(columns * COLUMN, sum(_height(row, columns * COLUMN) for row in rows))
    for row in rows:
        _DRAW[type(row)](sheet, row)
        sheet.top += _height(row, sheet.dots)
    return sheet.finished(paper.kind)


class _Sheet:
    """The page being drawn. `top` is how far down the next row begins."""

    def __init__(self, dots: int, height: int) -> None:
        from reportlab.pdfgen.canvas import Canvas

        load_fonts()
        self.dots = dots
        self.top = 0
        self._height = height + 2 * MARGIN
        self._file = BytesIO()
        size = ((dots + 2 * MARGIN) * POINTS_PER_DOT, self._height * POINTS_PER_DOT)
        # invariant: without the time of making, and with an identity made of the content.
        self._canvas = Canvas(self._file, pagesize=size, invariant=1)
        self._canvas.scale(POINTS_PER_DOT, POINTS_PER_DOT)

    def text(self, left: float, down: float, words: str, size: float, bold: bool) -> None:
        """Words with their baseline `down` below the row's top."""
        self._canvas.setFont(face(bold), size)
        self._canvas.drawString(MARGIN + left, self._from_bottom(down), words)

    def squeezed(self, left: float, down: float, words: str, size: float, bold: bool,
                 share: float) -> None:  # fmt: skip
        """Words pressed together to `share` of their width, as condensed type is."""
        # The scale would hold for every text after it on the page.
        self._canvas.saveState()
        line = self._canvas.beginText(MARGIN + left, self._from_bottom(down))
        line.setFont(face(bold), size)
        line.setHorizScale(100 * share)
        line.textOut(words)
        self._canvas.drawText(line)
        self._canvas.restoreState()

    def box(self, left: float, down: float, wide: float, high: float) -> None:
        """A black rectangle whose upper edge is `down` below the row's top."""
        self._canvas.rect(
            MARGIN + left, self._from_bottom(down + high), wide, high, stroke=0, fill=1
        )

    def frame(self, down: float, high: float) -> None:
        """An empty frame over the whole width."""
        self._canvas.setLineWidth(4)
        self._canvas.rect(MARGIN + 2, self._from_bottom(down + high), self.dots - 4, high)

    def finished(self, title: str) -> bytes:
        """The file."""
        self._canvas.setTitle(title)
        self._canvas.showPage()
        self._canvas.save()
        return self._file.getvalue()

    def _from_bottom(self, down: float) -> float:
        return self._height - MARGIN - self.top - down


def face(bold: bool) -> str:
    """The name of the bundled face."""
    return "NotoSansSC-Bold" if bold else "NotoSansSC-Regular"


@cache
def load_fonts() -> None:
    """Make both faces known to whoever draws a PDF."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (face(False), face(True)):
        registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))


def text_length(words: str, size: float, bold: bool) -> float:
    """How long words are at a size, in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(words, face(bold), size))


# --- Rows ----------------------------------------------------------------------------------


def _height(row: Row, dots: int) -> int:
    match row:
        case TextRow(size=size):
            return ROW[size]
        case RuleRow(double=double):
            return 20 if double else 15
        case BannerRow(lines=lines):
            return BANNER_FRAME + BANNER_ROW * len(lines)
        case QrRow():
            modules = qr_modules(row.data)
            return len(modules) * _qr_dots(row, dots)
        case _:
            return BAR_HEIGHT + 16


def _qr_dots(row: QrRow, dots: int) -> int:
    modules = len(qr_modules(row.data))
    if (wide := module_dots(modules, row.module_dots, dots)) == 0:
        raise Refusal("qr_too_wide", modules=modules)
    return wide


def _text(sheet: _Sheet, row: TextRow) -> None:
    for span in row.spans:
        pieces = list(_pieces(span.text, row.size, row.bold))
        left = _left(span, sum(piece[2] for piece in pieces), row.size, sheet.dots)
        _run(sheet, left, BASELINE[row.size], pieces, row.size, row.bold)


def _left(span: Span, taken: float, size: int, dots: int) -> float:
    if span.align == "center":
        return (dots - taken) / 2
    if span.align == "right":
        return (span.column + width(clean(span.text))) * COLUMN * size - taken
    return span.column * COLUMN * size


Piece = tuple[str, bool, float]
"""A run of one script: its text, whether it is Latin, and the dots it takes."""


def _pieces(text: str, size: int, bold: bool) -> Iterable[Piece]:
    words = drawable(clean(text), bold).replace("￥", "¥")
    for latin, chars in groupby(words, _is_latin):
        run = "".join(chars)
        if latin:
            natural = text_length(run, LATIN * size, bold)
            yield run, True, min(natural, COLUMN * size * width(run))
        else:
            yield run, False, HAN * size * len(run)


def _is_latin(char: str) -> bool:
    return char.isascii() or char in "¥\N{MINUS SIGN}"


def _run(
    sheet: _Sheet, left: float, down: float, pieces: Iterable[Piece], size: int, bold: bool
) -> None:
    for words, latin, taken in pieces:
        if not latin:
            # Each character in the middle of its cell: some of the face's signs are half as wide.
            for at, char in enumerate(words):
                aside = (HAN * size - text_length(char, HAN * size, bold)) / 2
                sheet.text(left + at * HAN * size + aside, down, char, HAN * size, bold)
        elif (natural := text_length(words, LATIN * size, bold)) > taken:
            sheet.squeezed(left, down, words, LATIN * size, bold, taken / natural)
        else:
            sheet.text(left, down, words, LATIN * size, bold)
        left += taken


def _rule(sheet: _Sheet, row: RuleRow) -> None:
    if row.double:
        sheet.box(0, 7, sheet.dots, 2)
        sheet.box(0, 12, sheet.dots, 2)
        return
    for left in range(0, sheet.dots, 8):
        sheet.box(left, 7, 5, 2)


def _banner(sheet: _Sheet, row: BannerRow) -> None:
    sheet.frame(5, _height(row, sheet.dots) - 10)
    for number, words in enumerate(row.lines):
        size = 2 if sum(piece[2] for piece in _pieces(words, 2, True)) <= sheet.dots - 24 else 1
        pieces = list(_pieces(words, size, True))
        left = (sheet.dots - sum(piece[2] for piece in pieces)) / 2
        _run(sheet, left, 10 + BANNER_ROW * number + BASELINE[2], pieces, size, True)


def _qr(sheet: _Sheet, row: QrRow) -> None:
    wide = _qr_dots(row, sheet.dots)
    modules = qr_modules(row.data)
    _modules(sheet, modules, wide, wide, (sheet.dots - len(modules[0]) * wide) // 2)


def _bars(sheet: _Sheet, row: BarcodeRow) -> None:
    bits = bytes(map(int, bar_modules(row.data, row.kind)))
    wide = module_dots(len(bits) + 2 * BARS_QUIET, 3 if row.kind == "ean13" else 2, sheet.dots)
    if wide == 0:
        raise Refusal("barcode_too_wide", text=row.data[:40])
    _modules(sheet, (bits,), wide, BAR_HEIGHT, (sheet.dots - len(bits) * wide) // 2)


def _modules(sheet: _Sheet, modules: tuple[bytes, ...], wide: int, high: int, left: int) -> None:
    """Black modules that stand together become one box: no hair line between them on any screen."""
    for number, row in enumerate(modules):
        at = 0
        for black, run in groupby(row):
            long = len(list(run))
            if black:
                sheet.box(left + at * wide, number * high, long * wide, high)
            at += long


_DRAW: dict[type[Row], Callable[[_Sheet, Any], None]] = {
    TextRow: _text,
    RuleRow: _rule,
    BannerRow: _banner,
    QrRow: _qr,
    BarcodeRow: _bars,
}
