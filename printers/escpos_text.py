"""Rows to ESC/POS with the printer's own Chinese ROM: small, fast, and as sharp as it gets.

Only this module's own constants are commands; text passes `text_safe.clean` on its way in, so a
control byte in the output always comes from here. Positions are made of spaces, which every
printer understands, and no row depends on what the printer was set to before.
"""

import codecs
from collections.abc import Iterable

from app.errors import Refusal
from printers.codes import BARS_QUIET, bar_modules, module_dots, qr_modules
from printers.layout import (
    BannerRow,
    BarcodeRow,
    CutRow,
    QrRow,
    Row,
    RuleRow,
    TextRow,
)
from printers.profile import Drawer, Profile
from printers.raster_bytes import modules_picture, raster
from printers.text_safe import ROM_LACKS, clean, pieces, width

RESET = b"\x1b@"
HANZI_ON = b"\x1c&"
SPACING_DEFAULT = b"\x1b2"
SPACING_TIGHT = b"\x1b3\x18"
"""24 dots: the rows of a frame touch."""
LARGE = b"\x1d!\x11\x1b3\x38"
"""Double width and height, and rows of 56 dots: at 48 they would touch."""
NORMAL = b"\x1d!\x00" + SPACING_DEFAULT
QUIET = b"\x1bJ\x10"
"""2 mm of white above and below a code the printer draws."""
BAR_HEIGHT = 64
"""8 mm: what a hand scanner needs at arm's length."""

_MULTIBYTE = frozenset({"gb18030", "gbk", "big5"})
_CODECS = {"gb18030": "gbk", "gbk": "gbk", "big5": "big5", "utf-8": "utf-8", "cp437": "cp437"}


def encode(rows: Iterable[Row], profile: Profile) -> bytes:
    """All rows as one job for a printer with this profile, from reset to cut.

    Raises Refusal for bars and QR codes that cannot exist (see `codes.py`).
    """
    out: list[bytes] = [RESET]
    if profile.encoding in _MULTIBYTE:
        out.append(HANZI_ON)
    size, bold = 1, False
    for row in rows:
        if type(row) is TextRow:
            if row.size != size:
                size = row.size
                out.append(LARGE if size == 2 else NORMAL)
            if row.bold != bold:
                bold = row.bold
                out.append(b"\x1bE\x01" if bold else b"\x1bE\x00")
            out.append(_text(row, profile))
            continue
        if size != 1 or bold:
            out.append(NORMAL + b"\x1bE\x00")
            size, bold = 1, False
        out.append(_special(row, profile))
    return b"".join(out)


def _special(row: Row, profile: Profile) -> bytes:
    match row:
        case RuleRow(double=double):
            return (b"=" if double else b"-") * profile.columns + b"\n"
        case BannerRow():
            return _banner(row, profile)
        case QrRow():
            return _qr(row, profile)
        case BarcodeRow():
            return _bars(row, profile)
        case CutRow():
            return cut(profile)
    raise TypeError(row)


# --- Text ----------------------------------------------------------------------------------


def to_rom(text: str, profile: Profile) -> bytes:
    """Text in the printer's encoding; what its ROM lacks becomes 〓 (□ in Big5, ? in cp437)."""
    text = clean(text)
    encoding = profile.encoding
    if text.isascii():
        return text.encode("ascii")
    text = text.replace("\N{MINUS SIGN}", "-")
    if encoding == "utf-8":
        return "".join(char if char <= "\uffff" else ROM_LACKS for char in text).encode()
    if encoding in ("gb18030", "gbk"):
        text = text.replace("\N{YEN SIGN}", "￥")
    lacking = "rom_four_byte" if encoding == "gb18030" and profile.four_byte else f"rom_{encoding}"
    return text.encode(_CODECS[encoding], lacking)


def _lacking_gb18030(error: UnicodeError) -> tuple[bytes, int]:
    return _replaced(error, longest=2)


def _lacking_four_byte(error: UnicodeError) -> tuple[bytes, int]:
    return _replaced(error, longest=4)


def _replaced(error: UnicodeError, longest: int) -> tuple[bytes, int]:
    """GB18030 has two-byte codes GBK lacks (€); a four-byte code is rubbish on most ROMs."""
    assert isinstance(error, UnicodeEncodeError)
    out = b""
    for char in error.object[error.start : error.end]:
        code = char.encode("gb18030")
        fits = len(code) <= longest and char <= "\uffff"
        out += code if fits else ROM_LACKS.encode("gb18030")
    return out, error.end


def _lacking_gbk(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return ROM_LACKS.encode("gbk") * (error.end - error.start), error.end


def _lacking_big5(error: UnicodeError) -> tuple[bytes, int]:
    """Big5 has no 〓 and knows the yen sign under its narrow name only."""
    assert isinstance(error, UnicodeEncodeError)
    lost = error.object[error.start : error.end]
    return b"".join(("¥" if char == "￥" else "□").encode("big5") for char in lost), error.end


def _lacking_cp437(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    known = {"￥": b"\x9d", "×": b"x"}
    lost = error.object[error.start : error.end]
    return b"".join(known.get(char, b"?") for char in lost), error.end


codecs.register_error("rom_gb18030", _lacking_gb18030)
codecs.register_error("rom_four_byte", _lacking_four_byte)
codecs.register_error("rom_gbk", _lacking_gbk)
codecs.register_error("rom_big5", _lacking_big5)
codecs.register_error("rom_cp437", _lacking_cp437)


def _text(row: TextRow, profile: Profile) -> bytes:
    """Spans at their columns, with spaces between."""
    spans = row.spans
    if not spans:
        return b"\n"
    if profile.encoding == "cp437":
        return _narrow_text(row, profile)
    if len(spans) == 1:
        return b" " * spans[0].column + to_rom(spans[0].text, profile) + b"\n"
    line = ""
    taken = 0
    for span in spans:
        line += " " * (span.column - taken) + span.text
        taken = span.column + width(span.text)
    return to_rom(line, profile) + b"\n"


def _narrow_text(row: TextRow, profile: Profile) -> bytes:
    """Where every character takes one column, figures still end where they should."""
    line = b""
    for span in row.spans:
        text = to_rom(span.text, profile)
        lost = width(clean(span.text)) - len(text)
        start = span.column + {"left": 0, "center": lost // 2, "right": lost}[span.align]
        line = line.ljust(start) + text
    return line + b"\n"


# --- Banner, cut, drawer -------------------------------------------------------------------

_FRAMES = {
    "gb18030": ("┏", "━", "┓", "┃", "┗", "┛"),
    "gbk": ("┏", "━", "┓", "┃", "┗", "┛"),
    "big5": ("┌", "─", "┐", "│", "└", "┘"),
}


def _banner(row: BannerRow, profile: Profile) -> bytes:
    """A frame of ROM characters around words of double height."""
    left_top, bar, right_top, side, left_foot, right_foot = _FRAMES.get(
        profile.encoding, ("+-", "--", "-+", "| ", "+-", "-+")
    )
    right_side = side if profile.encoding in _FRAMES else " |"
    columns = profile.columns // 2 if row.wide else profile.columns
    inner = columns - 4
    bars = bar * (inner // 2)
    tight, tall = (b"\x1d!\x10", b"\x1d!\x11") if row.wide else (b"\x1d!\x00", b"\x1d!\x01")
    out = SPACING_TIGHT + tight + to_rom(left_top + bars + right_top, profile) + b"\n\x1b3\x30"
    out += tall
    for words in (piece for line in row.lines for piece in pieces(clean(line), inner)):
        free = inner - width(words)
        padded = " " * (free // 2) + words + " " * (free - free // 2 - inner % 2)
        # Only the words are bold: bold sides would stick out of the frame.
        out += to_rom(side, profile) + b"\x1bE\x01" + to_rom(padded, profile) + b"\x1bE\x00"
        out += to_rom(right_side, profile) + b"\n"
    out += SPACING_TIGHT + tight
    out += to_rom(left_foot + bars + right_foot, profile) + b"\n"
    return out + b"\x1d!\x00" + SPACING_DEFAULT


def cut(profile: Profile) -> bytes:
    feed = b"\x1bd" + bytes([profile.feed_rows]) if profile.feed_rows else b""
    return feed + {"none": b"", "partial": b"\x1dV\x01", "full": b"\x1dV\x00"}[profile.cut]


def drawer_kick(drawer: Drawer) -> bytes:
    """The pulse of the profile; by default ESC p 0 25 250 (pin 2, 50 ms on, 500 ms off)."""
    pulse = bytes([0x1B, 0x70, drawer.pin == 5, drawer.on_ms // 2, drawer.off_ms // 2])
    return pulse * drawer.pulses


def drawer_kick_now(drawer: Drawer) -> bytes:
    """The same in real time (DLE DC4), which a printer obeys with its paper out or cover open."""
    tenths = min(8, max(1, round(drawer.on_ms / 100)))
    return bytes([0x10, 0x14, 0x01, drawer.pin == 5, tenths]) * drawer.pulses


# --- Codes ---------------------------------------------------------------------------------


def _qr(row: QrRow, profile: Profile) -> bytes:
    modules = qr_modules(row.data)
    dots = module_dots(len(modules), row.module_dots, profile.dots)
    if dots == 0:
        raise Refusal("qr_too_wide", modules=len(modules))
    if not profile.native_qr:
        return raster(modules_picture(modules, dots, dots, profile.dots), profile.fragment_rows)
    data = row.data.encode("utf-8")
    length = (len(data) + 3).to_bytes(2, "little")
    return b"".join(
        (
            QUIET + b"\x1ba\x01",
            b"\x1d(k\x04\x001A2\x00",
            b"\x1d(k\x03\x001C" + bytes([dots]),
            b"\x1d(k\x03\x001E1",
            b"\x1d(k" + length + b"1P0" + data,
            b"\x1d(k\x03\x001Q0",
            b"\x1ba\x00" + QUIET,
        )
    )


def _bars(row: BarcodeRow, profile: Profile) -> bytes:
    bits = bar_modules(row.data, row.kind)
    dots = module_dots(len(bits) + 2 * BARS_QUIET, 3 if row.kind == "ean13" else 2, profile.dots)
    if dots == 0:
        raise Refusal("barcode_too_wide", text=row.data[:40])
    if not profile.native_barcode or dots < 2:
        modules = (bytes(map(int, bits)),)
        return raster(
            modules_picture(modules, dots, BAR_HEIGHT, profile.dots), profile.fragment_rows
        )
    if row.kind == "ean13":
        symbol = b"\x43\x0d" + row.data.encode("ascii")
    else:
        content = b"{B" + row.data.replace("{", "{{").encode("ascii")
        symbol = b"\x49" + bytes([len(content)]) + content
    setup = QUIET + b"\x1ba\x01\x1dH\x00\x1dh" + bytes([BAR_HEIGHT]) + b"\x1dw" + bytes([dots])
    return setup + b"\x1dk" + symbol + b"\x1ba\x00" + QUIET
