"""The bundled font for everything drawn in dots: receipts, labels and the virtual printer."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from printers.text_safe import ROM_LACKS

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FONTS = Path(__file__).resolve().parent.parent / "resources" / "fonts"
_FILES = {False: "NotoSansSC-Regular.ttf", True: "NotoSansSC-Bold.ttf"}
_ABSENT = "\U0010ffff"
"""No font has this one, so its picture is the empty box every lacking character gets."""


@lru_cache(maxsize=32)
def font(pixels_tenths: int, bold: bool = False) -> "FreeTypeFont":
    """The face at a height of `pixels_tenths` / 10 dots."""
    from PIL import ImageFont

    return ImageFont.truetype(
        str(FONTS / _FILES[bold]), pixels_tenths / 10, layout_engine=ImageFont.Layout.BASIC
    )


@lru_cache(maxsize=8192)
def has_glyph(char: str, bold: bool = False) -> bool:
    """Whether the face can draw `char`; Pillow draws an empty box instead of saying so."""
    face = font(240, bold)
    if char.isspace():
        return True
    drawn, absent = face.getmask(char), face.getmask(_ABSENT)
    return (drawn.size, bytes(drawn)) != (absent.size, bytes(absent))


def drawable(text: str, bold: bool = False) -> str:
    """The same text with 〓 for every character the face lacks."""
    if text.isascii():
        return text
    return "".join(char if has_glyph(char, bold) else ROM_LACKS for char in text)
