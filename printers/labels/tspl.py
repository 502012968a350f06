"""A label in TSPL, the language of most label printers in these shops: one picture a label.

Words are drawn by us and sent as a picture, so a printer without Chinese type prints them too, and
nothing in a product's name can become a command. `read` is the other side: a printer on the screen.
"""

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

DOTS_PER_MM = 8
MOST_COPIES = 999


class Sheet(NamedTuple):
    """What a printer would do with a job: a picture, and how many of it."""

    picture: "Image"
    copies: int


def encode(picture: "Image", *, gap_tenths: int, copies: int = 1) -> bytes:
    """The job for one label's picture (mode "1", 0 = black), so many times."""
    assert picture.mode == "1" and 1 <= copies <= MOST_COPIES
    across = (picture.width + 7) // 8
    padded = picture
    if picture.width % 8:
        from PIL import Image

        padded = Image.new("1", (across * 8, picture.height), 1)
        padded.paste(picture, (0, 0))
    size = f"SIZE {picture.width // DOTS_PER_MM} mm,{picture.height // DOTS_PER_MM} mm"
    head = f"{size}\r\nGAP {gap_tenths // 10} mm,0 mm\r\nDIRECTION 1\r\nCLS\r\n"
    # In a BITMAP a 1 stays white, as in the picture.
    bitmap = f"BITMAP 0,0,{across},{picture.height},0,".encode() + padded.tobytes()
    return head.encode() + bitmap + f"\r\nPRINT 1,{copies}\r\n".encode()


_SIZE = re.compile(rb"SIZE (\d+) mm,(\d+) mm\r\n")
_BITMAP = re.compile(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,")
_PRINT = re.compile(rb"PRINT 1,(\d+)\r\n")
_PLAIN = re.compile(rb"(?:GAP [^\r]*|DIRECTION \d|CLS|DENSITY \d+|SPEED \d+)\r\n|\r\n")


def read(data: bytes) -> list[Sheet]:
    """The labels of a stream of jobs, as the printer would show them.

    Raises ValueError where a printer would stop: a command it does not know, a picture cut short.
    """
    from PIL import Image

    found: list[Sheet] = []
    canvas: Image.Image | None = None
    at = 0
    while at < len(data):
        if match := _SIZE.match(data, at):
            wide, high = (int(match.group(n)) * DOTS_PER_MM for n in (1, 2))
            canvas = Image.new("1", (wide, high), 1)
            at = match.end()
        elif match := _BITMAP.match(data, at):
            x, y, across, high = (int(match.group(n)) for n in (1, 2, 3, 4))
            end = match.end() + across * high
            if canvas is None or end > len(data):
                raise ValueError("a picture without a label, or cut short")
            picture = Image.frombytes("1", (across * 8, high), data[match.end() : end])
            canvas.paste(picture, (x, y))
            at = end
        elif match := _PRINT.match(data, at):
            if canvas is None:
                raise ValueError("nothing to print")
            found.append(Sheet(canvas.copy(), int(match.group(1))))
            at = match.end()
        elif match := _PLAIN.match(data, at):
            at = match.end()
        else:
            raise ValueError(f"an unknown command at byte {at}: {data[at : at + 20]!r}")
    return found
