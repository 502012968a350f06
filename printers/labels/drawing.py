"""A label as black and white dots at 203 dpi (8 dots a millimetre), everything in whole dots.

Bars and QR modules are as wide as the room allows and never a broken number of dots, so a scanner
reads what the head prints. Words that are too long are wrapped, then set smaller, then pressed
together; what still does not fit ends in an ellipsis and is never cut through a character.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from app.errors import Refusal
from printers.codes import BARS_QUIET, QR_QUIET, bar_modules, qr_modules
from printers.fonts import drawable, font
from printers.labels.template import FIELD, FIELDS, Element, Template
from printers.text_safe import clean

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

INK = 150
"""Grey darker than this becomes a black dot, as on receipts."""
SMALLEST = 16
"""Dots: 2 mm, the smallest letters anybody can read on a shelf."""
NARROWEST = 70
"""Per cent to which words may be pressed together."""
EAN_DOTS, CODE_DOTS, QR_DOTS = 3, 3, 6
"""The widest modules that still look like a label."""
LEAST_QR = 2
EAN_QUIET = 4
"""Modules left white beside an EAN, the label's own edge apart: measured, 3 dots with less white
around them are read better than 2 dots with all of it."""
_PIECE = re.compile(r"[!-~]+ *|[^!-~] *|^ +")


def dots(tenths: int) -> int:
    """Whole dots of a measure in tenths of a millimetre."""
    return tenths * 8 // 10


def draw(template: Template, fields: Mapping[str, str]) -> Image.Image:
    """One label (mode "1", 0 = black).

    Raises Refusal: bad_barcode, bad_check_digit, barcode_too_wide, qr_too_wide, qr_too_long.
    """
    wide, high = dots(template.width), dots(template.height)
    canvas = Image.new("L", (wide, high), 255)
    for element in template.elements:
        words = filled(element, fields)
        if element.kind == "rule":
            left, top = dots(element.x), dots(element.y)
            right = left + dots(element.width) - 1
            ImageDraw.Draw(canvas).rectangle((left, top, right, top + 1), fill=0)
        elif words:
            {"text": _text, "bars": _bars, "qr": _qr}[element.kind](canvas, element, words)
    return canvas.point([0 if grey < INK else 255 for grey in range(256)], "1")


SAMPLE = {
    **{name: name for name in FIELDS},
    **{"name": "品名 品名", "spec": "规格", "grade": "等级", "origin": "产地", "village": "村"},
    **{"price": "108.00", "price_500g": "54.00", "unit_500g": "元/500g", "unit": "kg"},
    **{"was": "128.00", "valid": "2026-01-01 至 2026-01-31", "amount": "28.51"},
    **{"quantity": "4.320 kg", "code": "2112345012346", "qr": "S:A3", "shop": "店名", "zone": "A3"},
    **{"mark": "标识", "serial": "000001", "batch": "批号", "day": "2026-01-01"},
}
"""Something for every field, to show a template without goods."""


def sample(template: Template) -> Image.Image:
    """The template with something in every field. Raises Refusal as `draw` does."""
    return draw(template, SAMPLE)


def filled(element: Element, fields: Mapping[str, str]) -> str:
    """The element's words; empty when it names fields and none of them says anything."""
    if element.fields and not any(fields.get(name, "").strip() for name in element.fields):
        return ""
    words = FIELD.sub(lambda match: fields.get(match.group(1), ""), element.words)
    if element.kind == "text":
        return drawable(" ".join(clean(words).split()), element.bold)
    return words.strip()


# --- Words ---------------------------------------------------------------------------------


def _text(canvas: Image.Image, element: Element, words: str) -> None:
    room, tall = dots(element.width), dots(element.height)
    size, rows = _fitted(words, room, tall, element.lines, element.bold)
    face = font(size * 10, element.bold)
    # A smaller text sits in the middle of the height it was given.
    top = dots(element.y) + (tall * element.lines - tall * len(rows)) // 2
    for number, row in enumerate(rows):
        strip = _row(row, face, room, tall)
        left = dots(element.x)
        if element.align != "left":
            free = room - strip.width
            left += free if element.align == "right" else free // 2
        canvas.paste(strip, (left, top + number * tall))


def _fitted(words: str, room: int, tall: int, most: int, bold: bool) -> tuple[int, list[str]]:
    """The largest size at which the words fit into so many rows, and the rows."""
    size = _size_of(tall)
    while True:
        face = font(size * 10, bold)
        rows = _wrapped(words, face, room if size > SMALLEST else room * 100 // NARROWEST)
        if len(rows) <= most:
            return size, rows
        if size <= SMALLEST or size * 100 <= _size_of(tall) * NARROWEST:
            # Smaller nobody reads: pressed together instead, and at last cut short.
            rows = _wrapped(words, face, room * 100 // NARROWEST)
            return size, rows if len(rows) <= most else _shortened(rows, most, face, room)
        size -= 1


def _size_of(tall: int) -> int:
    """Type that stands in so many dots with its rise and fall."""
    return max(SMALLEST, tall * 100 // 118)


def _shortened(rows: list[str], most: int, face: "FreeTypeFont", room: int) -> list[str]:
    kept, last = rows[: most - 1], "".join(rows[most - 1 :])
    wide = room * 100 // NARROWEST
    while last and face.getlength(last + "…") > wide:
        last = last[:-1]
    return [*kept, last.rstrip() + "…"]


def _wrapped(words: str, face: "FreeTypeFont", room: int) -> list[str]:
    rows, row = [], ""
    for piece in _pieces(words):
        if row and face.getlength((row + piece).rstrip()) > room:
            rows.append(row.rstrip())
            row = piece.lstrip()
        else:
            row += piece
    return [*rows, row.rstrip()]


def _pieces(words: str) -> list[str]:
    """Where a row may end: after each Han character, between Latin words."""
    return _PIECE.findall(words)


def _row(row: str, face: "FreeTypeFont", room: int, tall: int) -> Image.Image:
    natural = max(1, round(face.getlength(row)))
    strip = Image.new("L", (natural, tall), 255)
    ImageDraw.Draw(strip).text((0, tall * 80 // 100), row, fill=0, font=face, anchor="ls")
    if natural <= room:
        return strip
    return strip.resize((room, tall), Image.Resampling.LANCZOS)


# --- Codes ---------------------------------------------------------------------------------


def _bars(canvas: Image.Image, element: Element, code: str) -> None:
    """Bars with their text under them."""
    ean = len(code) == 13 and code.isascii() and code.isdigit()
    bits = bar_modules(code, "ean13" if ean else "code128")
    room, tall = dots(element.width), dots(element.height)
    quiet = EAN_QUIET if ean else BARS_QUIET
    wide = min(EAN_DOTS if ean else CODE_DOTS, room // (len(bits) + 2 * quiet))
    if wide == 0:
        raise Refusal("barcode_too_wide", text=code[:40])
    left = dots(element.x) + (room - len(bits) * wide) // 2
    top, below = dots(element.y), SMALLEST + 4
    pen = ImageDraw.Draw(canvas)
    for at, bit in enumerate(bits):
        if bit == "1":
            start = left + at * wide
            pen.rectangle((start, top, start + wide - 1, top + tall - below - 1), fill=0)
    face = font(SMALLEST * 10)
    strip = _row(code, face, room, below)
    canvas.paste(strip, (dots(element.x) + (room - strip.width) // 2, top + tall - below))


def _qr(canvas: Image.Image, element: Element, data: str) -> None:
    """The code with its quiet zone in the square it was given."""
    modules = qr_modules(data)
    room = dots(element.width)
    # The label's own white may be part of the quiet zone on the outer sides.
    wide = min(QR_DOTS, room // (len(modules) - QR_QUIET))
    if wide < LEAST_QR:
        raise Refusal("qr_too_wide", modules=len(modules))
    side = wide * (len(modules) - 2 * QR_QUIET)
    left = dots(element.x) + (room - side) // 2
    top = dots(element.y) + (room - side) // 2
    pen = ImageDraw.Draw(canvas)
    for y, row in enumerate(modules):
        for x, module in enumerate(row):
            if module:
                at = left + (x - QR_QUIET) * wide, top + (y - QR_QUIET) * wide
                pen.rectangle((*at, at[0] + wide - 1, at[1] + wide - 1), fill=0)
