"""Text from outside becomes safe text at the door: NFC, no control characters, no NUL."""

import unicodedata

_BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)}
_LINE_ENDS = "\n\r\t\u2028\u2029"
_NEVER = ("Cc", "Cs", "Co")


def clean(text: str, *, most: int = 4000) -> str:
    """NFC without control, bidi-override, surrogate or private characters, trimmed and cut.

    Line ends become spaces. A scanner, a spreadsheet and a hub all pass through here. Characters
    this program's Unicode does not know yet stay: they are somebody's name.
    """
    kept = "".join(
        " " if char in _LINE_ENDS else char
        for char in text[: most * 2]
        if char in _LINE_ENDS or _may_stay(char)
    )
    # Afterwards: what stood between a letter and its accent may just have been taken out.
    return unicodedata.normalize("NFC", kept).strip()[:most].rstrip()


def _may_stay(char: str) -> bool:
    noncharacter = 0xFDD0 <= ord(char) <= 0xFDEF or ord(char) & 0xFFFE == 0xFFFE
    return not noncharacter and char not in _BIDI and unicodedata.category(char) not in _NEVER


def clean_lines(text: str, *, most: int = 4000) -> str:
    """Like `clean`, but keeps line breaks, as U+2028: a fact holds no control characters.

    `str.splitlines` takes the result apart again.
    """
    lines = [clean(line) for line in text[: most * 2].splitlines()]
    return "\u2028".join(lines).strip("\u2028")[:most]
