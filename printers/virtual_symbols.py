"""Codes a printer draws by itself: GS ( k (QR) and GS k (bars), as its manual says."""

from PIL import Image

QR_QUIET = 4
_LEVELS = {48: "l", 49: "m", 50: "q", 51: "h"}
_OLD = {0: "upca", 1: "upce", 2: "ean13", 3: "ean8", 4: "code39", 5: "itf", 6: "codabar"}
_NEW = {**{key + 65: name for key, name in _OLD.items()}, 72: "code93", 73: "code128"}


def bar_kind(number: int) -> str:
    """The symbology of `GS k number`, or empty."""
    return _OLD.get(number) or _NEW.get(number) or ""


def qr_picture(data: bytes, module_dots: int, level: int) -> Image.Image | None:
    """A QR code of a printer's size 1..16, without quiet zone, or None if it cannot exist."""
    import segno

    try:
        code = segno.make(
            data.decode("utf-8", "replace"),
            error=_LEVELS.get(level, "l"),
            micro=False,
            boost_error=False,
        )
    except (segno.DataOverflowError, ValueError):
        return None
    matrix = [bytes(row) for row in code.matrix_iter(scale=max(1, module_dots), border=0)]
    return _from_bits(["".join(map(str, row)) for row in matrix])


def bars_picture(kind: str, data: bytes, module_dots: int, height: int) -> Image.Image | None:
    """Bars of one symbology; None when the data is not allowed in it (a printer ignores it)."""
    try:
        bits = _code128(data) if kind == "code128" else _other(kind, data.decode("ascii"))
    except (ValueError, LookupError, UnicodeDecodeError):
        return None
    row = "".join(bit * module_dots for bit in bits)
    return _from_bits([row] * height) if row else None


def _from_bits(rows: list[str]) -> Image.Image:
    picture = Image.new("1", (len(rows[0]), len(rows)))
    picture.putdata([0 if bit == "1" else 255 for row in rows for bit in row])
    return picture


def _other(kind: str, text: str) -> str:
    import barcode
    from barcode.errors import BarcodeError

    names = {"codabar": "codabar", "itf": "itf", "code39": "code39"}
    try:
        if kind == "code39":
            return str(barcode.get_barcode_class("code39")(text, add_checksum=False).build()[0])
        if kind in ("ean13", "ean8", "upca"):
            drawn = barcode.get_barcode_class(kind)(text)
            # The library would mend a wrong check digit; a printer refuses it.
            return str(drawn.build()[0]) if drawn.get_fullcode().startswith(text) else ""
        return str(barcode.get_barcode_class(names[kind])(text).build()[0])
    except BarcodeError:
        return ""


def bars_text(kind: str, data: bytes) -> str:
    """What stands under the bars."""
    if kind != "code128":
        return data.decode("ascii", "replace")
    return "".join(text for text, _ in _code128_steps(data))


def _code128_steps(data: bytes) -> list[tuple[str, int]]:
    """(printed text, symbol) for data with the marks {A {B {C, {1 and {{."""
    from barcode.charsets import code128 as tables

    starts, shifts = {65: 103, 66: 104, 67: 105}, {65: 101, 66: 100, 67: 99}
    if len(data) < 2 or data[0] != 0x7B or data[1] not in starts:
        raise ValueError("no code set")
    current, at = data[1], 2
    steps = [("", starts[current])]
    while at < len(data):
        mark = data[at + 1] if data[at] == 0x7B and at + 1 < len(data) else 0
        if mark in shifts or mark == 0x31:
            steps.append(("", shifts.get(mark, 102)))
            current = mark if mark in shifts else current
            at += 2
        elif current == 67:
            steps.append((f"{data[at]:02d}", data[at]))
            at += 1
        else:
            char = chr(data[at])
            table: dict[str, int] = tables.A if current == 65 else tables.B
            steps.append((char, table[char]))
            at += 2 if mark == 0x7B else 1
    return steps


def _code128(data: bytes) -> str:
    """Bars symbol by symbol, with the checksum."""
    from barcode.charsets import code128 as tables

    symbols = [symbol for _, symbol in _code128_steps(data)]
    total = symbols[0] + sum(place * value for place, value in enumerate(symbols))
    codes: list[str] = [tables.CODES[symbol] for symbol in (*symbols, total % 103)]
    return "".join(codes) + str(tables.STOP) + "11"
