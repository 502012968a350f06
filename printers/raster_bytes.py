"""Black and white dots to GS v 0, in pieces small enough for a cheap printer's memory.

Without Pillow: a text receipt with a QR code must not load a picture library.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Dots(NamedTuple):
    """A picture, one bit a dot (1 = black), rows of whole bytes."""

    bytes_wide: int
    rows: Sequence[bytes]


def modules_picture(
    modules: Sequence[bytes], dots_wide: int, dots_high: int, paper_dots: int
) -> Dots:
    """0/1 modules enlarged to whole dots and set in the middle of the paper."""
    across = len(modules[0]) * dots_wide
    assert across <= paper_dots and paper_dots % 8 == 0
    left = (paper_dots - across) // 2
    rows: list[bytes] = []
    for line in modules:
        bits = "".join(("1" if module else "0") * dots_wide for module in line)
        packed = int("0" * left + bits.ljust(paper_dots - left, "0"), 2)
        rows += [packed.to_bytes(paper_dots // 8, "big")] * dots_high
    return Dots(paper_dots // 8, rows)


def raster(picture: Dots, fragment_rows: int) -> bytes:
    """GS v 0 commands for a picture; each piece is at most `fragment_rows` high."""
    out: list[bytes] = []
    for start in range(0, len(picture.rows), fragment_rows):
        part = picture.rows[start : start + fragment_rows]
        size = (*picture.bytes_wide.to_bytes(2, "little"), *len(part).to_bytes(2, "little"))
        out.append(b"\x1dv0\x00" + bytes(size))
        out += part
    return b"".join(out)
