"""Text from outside becomes safe text at the door: NFC, no control characters, no NUL."""

import unicodedata

_BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)}


def clean(text: str, *, most: int = 4000) -> str:
    """NFC without control, bidi-override, surrogate or private characters, trimmed and cut.

    Line ends become spaces. A scanner, a spreadsheet and a hub all pass through here.
    """
    text = unicodedata.normalize("NFC", text[: most * 2])
    kept = "".join(
        " " if char in "\n\r\t" else char
        for char in text
        if char in "\n\r\t"
        or (unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn") and char not in _BIDI)
    )
    return kept.strip()[:most]


def clean_lines(text: str, *, most: int = 4000) -> str:
    """Like `clean`, but keeps line breaks, as U+2028: a fact holds no control characters.

    `str.splitlines` takes the result apart again.
    """
    lines = [clean(line) for line in text[: most * 2].splitlines()]
    return "\u2028".join(lines).strip("\u2028")[:most]
