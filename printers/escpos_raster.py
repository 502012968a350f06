"""The same rows drawn with the bundled font in whole dots, for printers without a Chinese ROM.

Latin text is set in its natural widths inside the columns the layout gave it, so a figure that
ends at a column ends at its last dot, and digits, all equally wide, stand under one another.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from PIL import Image, ImageDraw

from app.errors import Refusal
from printers.codes import BARS_QUIET, bar_modules, module_dots, qr_modules
from printers.fonts import drawable, font
from printers.layout import (
    BannerRow,
    BarcodeRow,
    CutRow,
    QrRow,
    Row,
    RuleRow,
    Span,
    TextRow,
)
from printers.profile import Profile
from printers.raster_bytes import Dots, modules_picture, raster
from printers.text_safe import clean, width

HAN_TENTHS = 240
LATIN_TENTHS = 218
"""Digits of this size are 12 dots wide: one column."""
ROW_DOTS = {1: 31, 2: 58}
BASELINE = {1: 23, 2: 44}
BAR_HEIGHT = 64
INK = 150
"""Grey darker than this becomes a black dot; above the middle, or thin strokes break."""


class Piece(NamedTuple):
    """A run of one script, ready to draw: its picture is `dots` wide."""

    text: str
    latin: bool
    dots: int


def draw(rows: Iterable[Row], columns: int, dots: int) -> Image.Image:
    """All rows as one black and white picture (mode "1", 0 = black), `dots` wide.

    Raises Refusal for bars and QR codes that cannot exist (see `codes.py`).
    """
    strips = [_DRAWN[type(row)](row, columns, dots) for row in rows if type(row) is not CutRow]
    picture = Image.new("1", (dots, sum(strip.height for strip in strips)), 1)
    top = 0
    for strip in strips:
        picture.paste(strip, (0, top))
        top += strip.height
    return picture


def encode(rows: Iterable[Row], profile: Profile) -> bytes:
    """All rows as one job of raster pictures for a printer with this profile."""
    from printers.escpos_text import RESET, cut

    rows = tuple(rows)
    picture = draw(rows, profile.columns, profile.dots)
    wide = profile.dots // 8
    packed = bytes(byte ^ 0xFF for byte in picture.tobytes())
    lines = [packed[start : start + wide] for start in range(0, len(packed), wide)]
    out = RESET + raster(Dots(wide, lines), profile.fragment_rows)
    return out + cut(profile) if any(type(row) is CutRow for row in rows) else out


# --- Text ----------------------------------------------------------------------------------


def _text_strip(row: TextRow, columns: int, dots: int) -> Image.Image:
    canvas = Image.new("L", (dots, ROW_DOTS[row.size]), 255)
    column_dots = dots // columns * row.size
    margin = (dots - dots // columns * columns) // 2
    for span in row.spans:
        pieces = _pieces(drawable(clean(span.text), row.bold), row.size, row.bold)
        taken = sum(piece.dots for piece in pieces)
        left = margin + _left_dot(span, taken, column_dots, dots - 2 * margin)
        for piece in pieces:
            _draw_piece(canvas, left, BASELINE[row.size], piece, row.size, row.bold)
            left += piece.dots
    return _inked(canvas)


def _left_dot(span: Span, taken: int, column_dots: int, dots: int) -> int:
    if span.align == "center":
        return (dots - taken) // 2
    if span.align == "right":
        return (span.column + width(clean(span.text))) * column_dots - taken
    return span.column * column_dots


@lru_cache(maxsize=4096)
def _pieces(text: str, size: int, bold: bool) -> tuple[Piece, ...]:
    """Runs of Latin and of Han; a Latin run never takes more than its columns."""
    found: list[Piece] = []
    for latin, chars in groupby(text.replace("￥", "¥"), _is_latin):
        run = "".join(chars)
        if not latin:
            found.append(Piece(run, False, 24 * size * len(run)))
            continue
        natural = round(font(LATIN_TENTHS * size, bold).getlength(run))
        cells = 12 * size * (width(run))
        found.append(Piece(run, True, min(natural, cells)))
    return tuple(found)


def _is_latin(char: str) -> bool:
    return char.isascii() or char in "¥\N{MINUS SIGN}"


def _draw_piece(
    canvas: Image.Image, left: int, baseline: int, piece: Piece, size: int, bold: bool
) -> None:
    pen = ImageDraw.Draw(canvas)
    if not piece.latin:
        face = font(HAN_TENTHS * size, bold)
        for index, char in enumerate(piece.text):
            cell = left + 24 * size * index
            pen.text((cell + 12 * size, baseline), char, fill=0, font=face, anchor="ms")
        return
    face = font(LATIN_TENTHS * size, bold)
    natural = round(face.getlength(piece.text))
    if natural <= piece.dots:
        pen.text((left, baseline), piece.text, fill=0, font=face, anchor="ls")
        return
    # Wider than its columns (a run of capitals): pressed together, as condensed type is.
    run = Image.new("L", (natural, canvas.height), 255)
    ImageDraw.Draw(run).text((0, baseline), piece.text, fill=0, font=face, anchor="ls")
    canvas.paste(run.resize((piece.dots, canvas.height), Image.Resampling.LANCZOS), (left, 0))


def _inked(canvas: Image.Image) -> Image.Image:
    return canvas.point([0 if grey < INK else 255 for grey in range(256)], "1")


# --- Everything else -----------------------------------------------------------------------


def _rule_strip(row: RuleRow, columns: int, dots: int) -> Image.Image:
    strip = Image.new("1", (dots, 20 if row.double else 15), 1)
    pen = ImageDraw.Draw(strip)
    if row.double:
        pen.rectangle((0, 7, dots - 1, 8), fill=0)
        pen.rectangle((0, 12, dots - 1, 13), fill=0)
    else:
        # Dashes are kinder to the eye than a bar, and to a print head.
        for left in range(0, dots, 8):
            pen.rectangle((left, 7, left + 4, 8), fill=0)
    return strip


def _banner_strip(row: BannerRow, columns: int, dots: int) -> Image.Image:
    """The words at double size, narrowed only if the frame demands it."""
    canvas = Image.new("L", (dots, 24 + 56 * len(row.lines)), 255)
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((1, 3, dots - 2, canvas.height - 5), outline=0, width=4)
    for index, words in enumerate(row.lines):
        pieces = _pieces(drawable(clean(words), True), 2, True)
        taken = sum(piece.dots for piece in pieces)
        line = Image.new("L", (max(taken, 1), 56), 255)
        left = 0
        for piece in pieces:
            _draw_piece(line, left, BASELINE[2], piece, 2, True)
            left += piece.dots
        room = dots - 24
        if taken > room:
            line = line.resize((room, 56), Image.Resampling.LANCZOS)
        canvas.paste(line, ((dots - line.width) // 2, 10 + 56 * index))
    return _inked(canvas)


def _modules_strip(modules: tuple[bytes, ...], wide: int, high: int, dots: int) -> Image.Image:
    picture = modules_picture(modules, wide, high, dots)
    packed = bytes(byte ^ 0xFF for byte in b"".join(picture.rows))
    return Image.frombytes("1", (dots, len(picture.rows)), packed)


def _qr_strip(row: QrRow, columns: int, dots: int) -> Image.Image:
    modules = qr_modules(row.data)
    wide = module_dots(len(modules), row.module_dots, dots)
    if wide == 0:
        raise Refusal("qr_too_wide", modules=len(modules))
    return _modules_strip(modules, wide, wide, dots)


def _bars_strip(row: BarcodeRow, columns: int, dots: int) -> Image.Image:
    bits = bar_modules(row.data, row.kind)
    wide = module_dots(len(bits) + 2 * BARS_QUIET, 3 if row.kind == "ean13" else 2, dots)
    if wide == 0:
        raise Refusal("barcode_too_wide", text=row.data[:40])
    return _modules_strip((bytes(map(int, bits)),), wide, BAR_HEIGHT, dots)


_DRAWN: dict[type[Row], Callable[[Any, int, int], Image.Image]] = {
    TextRow: _text_strip,
    RuleRow: _rule_strip,
    BannerRow: _banner_strip,
    QrRow: _qr_strip,
    BarcodeRow: _bars_strip,
}
