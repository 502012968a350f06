"""How long an ESC/POS command is, where its parameters decide. 0 = they have not all arrived."""


def word(data: bytes, at: int) -> int:
    """Two bytes, low first."""
    return int.from_bytes(data[at : at + 2], "little")


def block_length(data: bytes, at: int) -> int:
    """GS ( x, FS ( x: a two-byte length follows."""
    return 5 + word(data, at + 3) if at + 5 <= len(data) else 0


def large_block_length(data: bytes, at: int) -> int:
    """GS 8 L: a four-byte length follows."""
    return 7 + int.from_bytes(data[at + 3 : at + 7], "little") if at + 7 <= len(data) else 0


def raster_length(data: bytes, at: int) -> int:
    """GS v 0: bytes across times dots down."""
    return 8 + word(data, at + 4) * word(data, at + 6) if at + 8 <= len(data) else 0


def column_length(data: bytes, at: int) -> int:
    """ESC *: one or three bytes a column."""
    if at + 5 > len(data):
        return 0
    return 5 + word(data, at + 3) * (3 if data[at + 2] in (32, 33) else 1)


def bars_length(data: bytes, at: int) -> int:
    """GS k: up to a NUL in its old form, counted in its new one."""
    if at + 3 > len(data):
        return 0
    if data[at + 2] <= 6:
        end = data.find(b"\x00", at + 3)
        return end + 1 - at if end >= 0 else 0
    return 4 + data[at + 3] if at + 4 <= len(data) else 0


def cut_length(data: bytes, at: int) -> int:
    """GS V: some kinds also say how far to feed."""
    if at + 3 > len(data):
        return 0
    return 4 if data[at + 2] in (65, 66, 97, 98, 103, 104) else 3


def tabs_length(data: bytes, at: int) -> int:
    """ESC D: stops up to a NUL."""
    end = data.find(b"\x00", at + 2)
    return end + 1 - at if end >= 0 else 0


def dc4_length(data: bytes, at: int) -> int:
    """DLE DC4: by its function."""
    if at + 3 > len(data):
        return 0
    return {1: 5, 2: 5, 8: 10}.get(data[at + 2], 3)
