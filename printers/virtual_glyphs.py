"""The virtual printer's character ROM: bytes to characters, characters to dots.

Written from the ESC/POS manuals, not from our encoder: it must be able to disagree with it.
"""

from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw

from printers.fonts import font, has_glyph

HAN_DOTS = 24
LATIN_DOTS = {0: (12, 24), 1: (9, 17)}
"""Width and height of fonts A and B."""
INK = 150

CODE_PAGES = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
}
_KATAKANA = (
    "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯ "
    + "".join(chr(0xFF61 + index) for index in range(63))
    + "═╞╪╡◢◣◥◤♠♥♦♣●○╱╲╳円年月日時分秒〒市区町村人▒ "
)
"""Code page 1 of the manuals, from byte 0x80 on."""
RUBBISH = "\ufffd"


class Decoded(NamedTuple):
    """One character and how many bytes it took; 0 bytes = the rest has not arrived yet."""

    char: str
    taken: int
    han: bool


def decode(data: bytes, start: int, encoding: str, hanzi: bool, page: int) -> Decoded:
    """The character at `start` of what the printer received."""
    byte = data[start]
    if byte < 0x80:
        return Decoded(chr(byte), 1, False)
    if encoding == "utf-8":
        return _utf8(data, start)
    if not hanzi or encoding == "cp437":
        return Decoded(_narrow(byte, page), 1, False)
    if byte in (0x80, 0xFF):
        return Decoded(RUBBISH, 1, False)
    if start + 1 >= len(data):
        return Decoded("", 0, True)
    if 0x30 <= data[start + 1] <= 0x39 and encoding == "gb18030":
        if start + 4 > len(data):
            return Decoded("", 0, True)
        return Decoded(_wide(data[start : start + 4], "gb18030"), 4, True)
    if not 0x40 <= data[start + 1] <= 0xFE or data[start + 1] == 0x7F:
        # No second half: the ROM shows something, and the next byte is itself again.
        return Decoded(RUBBISH, 1, False)
    codec = "big5" if encoding == "big5" else "gb18030"
    return Decoded(_wide(data[start : start + 2], codec), 2, True)


def _utf8(data: bytes, start: int) -> Decoded:
    byte = data[start]
    length = 2 if byte >> 5 == 6 else 3 if byte >> 4 == 14 else 4 if byte >> 3 == 30 else 1
    if start + length > len(data):
        return Decoded("", 0, True)
    return Decoded(_wide(data[start : start + length], "utf-8"), length, length > 2)


def _wide(code: bytes, codec: str) -> str:
    try:
        char = code.decode(codec)
    except UnicodeDecodeError:
        return RUBBISH
    return char if len(char) == 1 else RUBBISH


def _narrow(byte: int, page: int) -> str:
    if page == 1:
        return _KATAKANA[byte - 0x80]
    char = bytes([byte]).decode(CODE_PAGES.get(page, "cp437"), "replace")
    return char


@lru_cache(maxsize=4096)
def glyph(char: str, wide: int, high: int, bold: bool) -> Image.Image:
    """The dots of one character in a cell (mode "1", 0 = black), before any enlargement."""
    cell = Image.new("L", (wide, high), 255)
    if char != RUBBISH and not has_glyph(char):
        char = RUBBISH
    if char == RUBBISH:
        ImageDraw.Draw(cell).rectangle((1, 3, wide - 2, high - 4), outline=0, width=2)
    elif char.strip():
        _draw(cell, char, wide, high)
    dots = cell.point([0 if grey < INK else 255 for grey in range(256)], "1")
    if bold:
        # The print head's way: the same dots again, one to the right.
        dots = ImageChops.logical_and(dots, ImageChops.offset(dots, 1, 0))
    return dots


def _draw(cell: Image.Image, char: str, wide: int, high: int) -> None:
    han = wide >= HAN_DOTS
    line = "\u2500" <= char <= "\u259f"
    face = font(240 if han or line else high * 9)
    natural = max(1, round(face.getlength(char)))
    canvas = Image.new("L", (natural, high), 255)
    baseline = round(high * 0.88)
    ImageDraw.Draw(canvas).text((0, baseline), char, fill=0, font=face, anchor="ls")
    if natural > wide or line:
        cell.paste(canvas.resize((wide, high), Image.Resampling.LANCZOS), (0, 0))
    else:
        cell.paste(canvas, ((wide - natural) // 2, 0))
