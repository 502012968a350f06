"""What the virtual printer does with dots and codes: GS v 0, ESC *, GS ( L, GS ( k, GS k."""

from typing import TYPE_CHECKING

from PIL import Image

from printers.virtual_lengths import word
from printers.virtual_symbols import bar_kind, bars_picture, bars_text, qr_picture

if TYPE_CHECKING:
    from printers.virtual import VirtualPrinter


def _bitmap(data: bytes, wide_bytes: int, high: int) -> Image.Image:
    """Bits with 1 = black to a picture with 0 = black."""
    return Image.frombytes("1", (wide_bytes * 8, high), bytes(byte ^ 0xFF for byte in data))


def print_raster(printer: "VirtualPrinter", command: bytes) -> bool:
    """GS v 0: a picture, printed at once."""
    mode, wide, high = command[3] & 0x0F, word(command, 4), word(command, 6)
    if mode > 3 or not wide or not high:
        return False
    picture = _bitmap(command[8:], wide, high)
    if mode:
        size = (picture.width << (mode & 1), picture.height << (mode >> 1))
        picture = picture.resize(size, Image.Resampling.NEAREST)
    shown = min(picture.width, printer.paper.dots)
    printer.paper.image(picture.crop((0, 0, shown, picture.height)))
    return True


def set_columns(printer: "VirtualPrinter", command: bytes) -> bool:
    """ESC *: columns of 8 or 24 dots, set on the line like a character."""
    mode, wide = command[2], word(command, 3)
    if mode not in (0, 1, 32, 33) or not wide:
        return False
    deep = 3 if mode >= 32 else 1
    rows = bytearray(b"\xff" * (8 * deep * wide))
    for column in range(wide):
        for part in range(deep):
            byte = command[5 + column * deep + part]
            for bit in range(8):
                if byte & 0x80 >> bit:
                    rows[(part * 8 + bit) * wide + column] = 0
    picture = Image.frombytes("L", (wide, 8 * deep), bytes(rows)).convert("1")
    picture = picture.resize((wide * (1 if mode & 1 else 2), 24), Image.Resampling.NEAREST)
    printer.paper.put(picture, "")
    return True


def graphics(printer: "VirtualPrinter", command: bytes) -> bool:
    """GS ( L and GS 8 L: store (112) and print (50) raster graphics."""
    body = command[5:] if command[1] == 0x28 else command[7:]
    if len(body) < 2 or body[0] != 48:
        return False
    if body[1] in (2, 50):
        if printer.stored is not None:
            printer.paper.image(printer.stored)
        printer.stored = None
        return True
    if body[1] != 112 or len(body) < 10:
        return False
    wide, high = word(body, 6), word(body, 8)
    stride = (wide + 7) // 8
    if body[2] != 48 or len(body) - 10 != stride * high or not wide or not high:
        return False
    picture = _bitmap(body[10:], stride, high).crop((0, 0, wide, high))
    size = (wide * max(1, body[3]), high * max(1, body[4]))
    printer.stored = picture.resize(size, Image.Resampling.NEAREST)
    return True


def symbol(printer: "VirtualPrinter", command: bytes) -> bool:
    """GS ( k: QR codes (cn 49) in the five steps of the manual."""
    body = command[5:]
    if len(body) < 3 or body[0] != 49:
        return False
    match body[1]:
        case 65:
            return body[2] in (49, 50)
        case 67:
            printer.qr_size = body[2]
        case 69:
            printer.qr_level = body[2]
        case 80:
            printer.qr_data = bytes(body[3:])
        case 81:
            picture = qr_picture(printer.qr_data, printer.qr_size, printer.qr_level)
            if picture is None or picture.width > printer.paper.width:
                return False
            printer.paper.symbol(picture, "qr", printer.qr_data)
        case _:
            return False
    return True


def print_bars(printer: "VirtualPrinter", command: bytes) -> bool:
    """GS k: bars and, if asked for, their text."""
    number = command[2]
    data = bytes(command[3:-1] if number <= 6 else command[4:])
    kind = bar_kind(number)
    picture = bars_picture(kind, data, printer.bar_dots, printer.bar_height) if kind else None
    if picture is None or picture.width > printer.paper.width:
        return False
    printer.paper.symbol(picture, kind, data)
    if printer.bar_text & 2:
        for char in bars_text(kind, data):
            printer.print_latin(char)
        printer.paper.feed_line()
    return True


def bar_height(printer: "VirtualPrinter", command: bytes) -> None:
    """GS h: height of bars in dots."""
    printer.bar_height = max(1, command[2])


def bar_dots(printer: "VirtualPrinter", command: bytes) -> bool:
    """GS w: dots of a narrow bar."""
    # 68 to 76 are half dots on some printers; they round to whole ones here.
    printer.bar_dots = max(1, (command[2] - 64) // 2 if command[2] >= 68 else command[2])
    return command[2] <= 76


def bar_text(printer: "VirtualPrinter", command: bytes) -> None:
    """GS H: text under bars (2) or not."""
    printer.bar_text = command[2] & 3
