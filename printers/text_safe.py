"""What may reach a printer as text, and how wide it is there.

A product name comes from an Excel sheet somebody else made. To a printer the bytes ESC p mean
"open the drawer", so everything that is not a printable character stops here, at the door of
every encoder, whatever was checked before.
"""

import re
import unicodedata

ROM_LACKS = "〓"
"""The mark Chinese printers and typesetters use for a character they do not have."""

_BLANKS = "\t\n\v\f\r\x85\xa0\u2000-\u200a\u2028\u2029\u202f\u205f"
_BLANK = re.compile(f"[{_BLANKS}]")
# C0, DEL, C1, soft hyphen, zero-width and bidirectional marks, combining marks, variation
# selectors, interlinear marks, tags, lone surrogates and private use: all without a glyph.
_GLYPHLESS = (
    "\x00-\x1f\x7f-\x9f\xad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0"
    "\ufff0-\uffff\U000e0000-\U000e0fff"
)
_DROPPED = re.compile(f"[{_GLYPHLESS}]")
_LONE = re.compile("[\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SUSPECT = re.compile(f"[{_BLANKS}{_GLYPHLESS}\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")


def clean(text: str) -> str:
    """The printable part of `text`: blanks become spaces, characters without a glyph go.

    Private-use characters and lone surrogates become `〓`: there something was, and no printer
    can say what. Idempotent; clean text is returned as it is.
    """
    if not _SUSPECT.search(text):
        return text
    composed = unicodedata.normalize("NFC", _LONE.sub(ROM_LACKS, text))
    return _DROPPED.sub("", _BLANK.sub(" ", composed))


def width(text: str) -> int:
    """Columns `text` takes in the printer's 12-dot columns: ASCII one, everything else two.

    This holds for GB18030, GBK and Big5 printers, where everything outside ASCII comes from the
    24-dot ROM. The minus sign U+2212 is one column: it is printed as the ASCII hyphen there.
    """
    if text.isascii():
        return len(text)
    narrow = len(text.encode("ascii", "ignore"))
    return 2 * len(text) - narrow - text.count("\N{MINUS SIGN}")


def pieces(text: str, columns: int) -> list[str]:
    """`text` cut into pieces of at most `columns` columns (never less than one character)."""
    found: list[str] = []
    start = taken = 0
    for index, char in enumerate(text):
        wide = width(char)
        if taken + wide > columns and index > start:
            found.append(text[start:index])
            start, taken = index, 0
        taken += wide
    found.append(text[start:])
    return found
