"""What the virtual printer does for each command: one table, (lead, second byte) → length, action.

A length is in bytes with the command itself; a function works it out where it depends on the
parameters and answers 0 while they have not all arrived. An action that answers False met
parameters it does not know.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from printers.virtual_lengths import (
    bars_length,
    block_length,
    column_length,
    cut_length,
    dc4_length,
    large_block_length,
    raster_length,
    tabs_length,
    word,
)
from printers.virtual_pictures import (
    bar_dots,
    bar_height,
    bar_text,
    graphics,
    print_bars,
    print_raster,
    set_columns,
    symbol,
)

if TYPE_CHECKING:
    from printers.virtual import VirtualPrinter

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D
KNIFE_DOTS = 120
"""15 mm from the head to the knife: what `GS V 66` feeds before it cuts."""

Length = int | Callable[[bytes, int], int]
Action = Callable[["VirtualPrinter", bytes], object]
Entry = tuple[Length, Action]


class Pulse(NamedTuple):
    """One pulse to a cash drawer."""

    pin: Literal[2, 5]
    on_ms: int
    off_ms: int


def _on(value: int) -> bool:
    """Switches look at the lowest bit, so "1" (0x31) is on as well."""
    return value & 1 == 1


# --- Looks ---------------------------------------------------------------------------------


def _size(printer: "VirtualPrinter", command: bytes) -> None:
    printer.look.wide = (command[2] >> 4 & 7) + 1
    printer.look.high = (command[2] & 7) + 1


def _print_mode(printer: "VirtualPrinter", command: bytes) -> None:
    mode = command[2]
    printer.font = mode & 1
    printer.look.bold = bool(mode & 8)
    printer.look.high = 2 if mode & 16 else 1
    printer.look.wide = 2 if mode & 32 else 1
    printer.look.underline = 1 if mode & 128 else 0


def _han_mode(printer: "VirtualPrinter", command: bytes) -> None:
    mode = command[2]
    printer.han.wide = 2 if mode & 4 else 1
    printer.han.high = 2 if mode & 8 else 1
    printer.han.underline = 1 if mode & 128 else 0


def _han_quadruple(printer: "VirtualPrinter", command: bytes) -> None:
    printer.han.wide = printer.han.high = 2 if _on(command[2]) else 1


def _bold(printer: "VirtualPrinter", command: bytes) -> None:
    printer.look.bold = _on(command[2])


def _reverse(printer: "VirtualPrinter", command: bytes) -> None:
    printer.look.reverse = _on(command[2])


def _underline(printer: "VirtualPrinter", command: bytes) -> None:
    printer.look.underline = command[2] & 3


def _han_underline(printer: "VirtualPrinter", command: bytes) -> None:
    printer.han.underline = command[2] & 3


def _font(printer: "VirtualPrinter", command: bytes) -> None:
    printer.font = command[2] & 1


def _page(printer: "VirtualPrinter", command: bytes) -> None:
    printer.code_page = command[2]


def _hanzi_on(printer: "VirtualPrinter", command: bytes) -> None:
    printer.hanzi = True


def _hanzi_off(printer: "VirtualPrinter", command: bytes) -> None:
    printer.hanzi = False


def _latin_spacing(printer: "VirtualPrinter", command: bytes) -> None:
    printer.latin_spacing = printer.dots_x(command[2])


def _han_spacing(printer: "VirtualPrinter", command: bytes) -> None:
    printer.han_spacing = printer.dots_x(command[3])


# --- Places --------------------------------------------------------------------------------


def _justify(printer: "VirtualPrinter", command: bytes) -> bool:
    if command[2] & 0xCF not in (0, 1, 2):
        return False
    # Takes effect at the beginning of a line only.
    if printer.paper.line_empty:
        printer.paper.justify = command[2] & 3
    return True


def _left_margin(printer: "VirtualPrinter", command: bytes) -> None:
    printer.paper.left_margin = min(printer.dots_x(word(command, 2)), printer.paper.dots - 24)


def _area(printer: "VirtualPrinter", command: bytes) -> None:
    printer.paper.area = printer.dots_x(word(command, 2))


def _absolute(printer: "VirtualPrinter", command: bytes) -> None:
    place = printer.dots_x(word(command, 2))
    if place <= printer.paper.width:
        printer.paper.cursor = place


def _relative(printer: "VirtualPrinter", command: bytes) -> None:
    units = word(command, 2)
    units = units - 65536 if units >= 32768 else units
    place = printer.paper.cursor + printer.dots_x(units)
    if 0 <= place <= printer.paper.width:
        printer.paper.cursor = place


def _spacing_default(printer: "VirtualPrinter", command: bytes) -> None:
    printer.paper.spacing = 30


def _spacing(printer: "VirtualPrinter", command: bytes) -> None:
    printer.paper.spacing = printer.dots_y(command[2])


def _units(printer: "VirtualPrinter", command: bytes) -> None:
    printer.unit_x, printer.unit_y = command[2], command[3]


def _tabs(printer: "VirtualPrinter", command: bytes) -> None:
    printer.tabs = list(command[2:-1])


def _upside_down(printer: "VirtualPrinter", command: bytes) -> None:
    if printer.paper.line_empty:
        printer.paper.upside_down = _on(command[2])


def _feed_dots(printer: "VirtualPrinter", command: bytes) -> None:
    printer.paper.feed_dots(printer.dots_y(command[2]))


def _feed_lines(printer: "VirtualPrinter", command: bytes) -> None:
    if printer.paper.line_empty:
        printer.paper.feed_dots(command[2] * printer.paper.spacing)
        return
    printer.paper.feed_line()
    printer.paper.feed_dots(max(0, command[2] - 1) * printer.paper.spacing)


def _cut(printer: "VirtualPrinter", command: bytes) -> bool:
    kind = command[2]
    if kind not in (0, 1, 48, 49, 65, 66, 97, 98, 103, 104):
        return False
    if kind in (65, 66):
        printer.paper.feed_dots(KNIFE_DOTS + printer.dots_y(command[3]))
    printer.paper.cut("partial" if kind in (1, 49, 66, 98, 104) else "full")
    return True


def _old_full_cut(printer: "VirtualPrinter", command: bytes) -> None:
    printer.paper.cut("full")


def _old_partial_cut(printer: "VirtualPrinter", command: bytes) -> None:
    printer.paper.cut("partial")


# --- Drawer, answers, the rest -------------------------------------------------------------


def _pulse(printer: "VirtualPrinter", command: bytes) -> None:
    pin: Literal[2, 5] = 5 if _on(command[2]) else 2
    printer.drawer_pulses.append(Pulse(pin, command[3] * 2, command[4] * 2))


def pulse_now(printer: "VirtualPrinter", command: bytes) -> bool:
    """DLE DC4 1 m t: a pulse in real time, t tenths of a second."""
    if command[2] != 1:
        return False
    tenths = command[4] * 100
    printer.drawer_pulses.append(Pulse(5 if _on(command[3]) else 2, tenths, tenths))
    return True


def _paper_status(printer: "VirtualPrinter", command: bytes) -> bool:
    """GS r n: 1 paper sensors, 2 drawer pin; answered in order, unlike DLE EOT."""
    if command[2] in (1, 49):
        printer.answer(bytes([{"ok": 0, "near_end": 3, "out": 15}[printer.paper_state]]))
    elif command[2] in (2, 50):
        printer.answer(bytes([int(printer.drawer_open)]))
    else:
        return False
    return True


def _identity(printer: "VirtualPrinter", command: bytes) -> None:
    """GS I n: who the printer is."""
    answers = {1: b"\x20", 49: b"\x20", 2: b"\x02", 50: b"\x02", 67: b"_VIRTUAL\x00"}
    printer.answer(answers.get(command[2], b"_0\x00"))


def _process_id(printer: "VirtualPrinter", command: bytes) -> bool:
    """GS ( H 48 48 d1-d4: echoed when everything before it has been printed."""
    body = command[5:]
    if len(body) != 6 or body[:2] != b"00":
        return False
    printer.answer(b"\x37\x22" + body[2:] + b"\x00")
    return True


def _reset(printer: "VirtualPrinter", command: bytes) -> None:
    printer.reset()


def _status(printer: "VirtualPrinter", command: bytes) -> None:
    printer.answer_status(command)


def _parenthesis(printer: "VirtualPrinter", command: bytes) -> object:
    """GS ( x: the letter says which family."""
    family = {ord("k"): symbol, ord("L"): graphics, ord("H"): _process_id}.get(command[2])
    return family(printer, command) if family else command[2] in b"AKNDE"


def _nothing(printer: "VirtualPrinter", command: bytes) -> None:
    """Understood, and without a trace on paper (buzzer, colour, density, sensors, ASB…)."""


_ESC: dict[str, Entry] = {
    "@": (2, _reset),
    "!": (3, _print_mode),
    "$": (4, _absolute),
    "\\": (4, _relative),
    "*": (column_length, set_columns),
    "-": (3, _underline),
    " ": (3, _latin_spacing),
    "2": (2, _spacing_default),
    "3": (3, _spacing),
    "=": (3, _nothing),
    "B": (4, _nothing),
    "D": (tabs_length, _tabs),
    "E": (3, _bold),
    "G": (3, _bold),
    "J": (3, _feed_dots),
    "M": (3, _font),
    "R": (3, _nothing),
    "U": (3, _nothing),
    "a": (3, _justify),
    "c": (4, _nothing),
    "d": (3, _feed_lines),
    "i": (2, _old_full_cut),
    "m": (2, _old_partial_cut),
    "p": (5, _pulse),
    "r": (3, _nothing),
    "t": (3, _page),
    "{": (3, _upside_down),
}

_FS: dict[str, Entry] = {
    "!": (3, _han_mode),
    "&": (2, _hanzi_on),
    ".": (2, _hanzi_off),
    "-": (3, _han_underline),
    "(": (block_length, _nothing),
    "C": (3, _nothing),
    "S": (4, _han_spacing),
    "W": (3, _han_quadruple),
}

_GS: dict[str, Entry] = {
    "!": (3, _size),
    "(": (block_length, _parenthesis),
    "8": (large_block_length, graphics),
    "B": (3, _reverse),
    "H": (3, bar_text),
    "I": (3, _identity),
    "L": (4, _left_margin),
    "P": (4, _units),
    "V": (cut_length, _cut),
    "W": (4, _area),
    "a": (3, _nothing),
    "f": (3, _nothing),
    "h": (3, bar_height),
    "k": (bars_length, print_bars),
    "r": (3, _paper_status),
    "v": (raster_length, print_raster),
    "w": (3, bar_dots),
}

COMMANDS: dict[tuple[int, int], Entry] = {
    (DLE, 0x04): (3, _status),
    (DLE, 0x05): (3, _nothing),
    (DLE, 0x14): (dc4_length, pulse_now),
    **{(ESC, ord(char)): entry for char, entry in _ESC.items()},
    **{(FS, ord(char)): entry for char, entry in _FS.items()},
    **{(GS, ord(char)): entry for char, entry in _GS.items()},
}
