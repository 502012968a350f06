"""The customer display on its pole: bytes for LED8 and two-line VFD units, and their carriers.

LED8 (2400 baud 8N1): `ESC s n` lights one of four lamps, `ESC Q A` digits `CR` shows a number.
Two-line VFD (usually 9600): `ESC Q A` text `CR` is the upper line, `ESC Q B` the lower; these
know ASCII only, so what is shown there are figures and Latin words.
"""

from typing import Any, Literal, Protocol

import msgspec

from app.errors import Refusal, Trouble
from printers.text_safe import clean, pieces

Lamp = Literal["off", "unit_price", "total", "received", "change"]
_LAMPS: dict[Lamp, bytes] = {
    "off": b"0",
    "unit_price": b"1",
    "total": b"2",
    "received": b"3",
    "change": b"4",
}
_WORDS: dict[Lamp, str] = {
    "off": "",
    "unit_price": "PRICE",
    "total": "TOTAL",
    "received": "CASH",
    "change": "CHANGE",
}
LED_DIGITS = 8
KEPT_ROWS = 200
VFD_COLUMNS = 20


class Shown(msgspec.Struct, frozen=True):
    """What the customer is shown: an amount and what it is."""

    lamp: Lamp
    amount: str
    """Yuan as printed: "423.20", "−12.00"; empty clears the display."""


def led8(shown: Shown) -> bytes:
    """Bytes for an LED8 unit. Raises Refusal("display_amount") when it cannot show the number.

    Eight digits; the point and a minus sign in front are free.
    """
    digits = shown.amount.replace("\N{MINUS SIGN}", "-").replace(",", "").strip()
    if digits and not _is_number(digits):
        raise Refusal("display_amount", text=shown.amount[:20])
    if sum(char.isdigit() for char in digits) > LED_DIGITS:
        raise Refusal("display_amount", text=shown.amount[:20])
    lamp = b"\x1bs" + _LAMPS[shown.lamp]
    return lamp + (b"\x1bQA" + digits.encode("ascii") + b"\r" if digits else b"\x0c")


def vfd(shown: Shown) -> bytes:
    """Bytes for a two-line VFD: a word above, the amount right-aligned below."""
    amount = shown.amount.replace("\N{MINUS SIGN}", "-")
    return vfd_lines(_WORDS[shown.lamp], amount.rjust(VFD_COLUMNS))


def vfd_lines(upper: str, lower: str) -> bytes:
    """Two lines of at most 20 ASCII characters; anything else is shown as `?`."""
    return b"\x1bQA" + _vfd_text(upper) + b"\r\x1bQB" + _vfd_text(lower) + b"\r"


def _vfd_text(text: str) -> bytes:
    text = clean(text)
    first = pieces(text.encode("ascii", "replace").decode(), VFD_COLUMNS)[0] if text else ""
    return first.ljust(VFD_COLUMNS).encode("ascii")


def _is_number(text: str) -> bool:
    whole, point, part = text.removeprefix("-").partition(".")
    digits = whole.isascii() and whole.isdigit()
    return digits and (not point or (part.isascii() and part.isdigit()))


class Display(Protocol):
    """A customer display. Showing never raises Refusal for a number it cannot show."""

    def show(self, shown: Shown) -> None:
        """Show an amount. Raises Trouble("display_unreachable")."""
        ...


class VirtualDisplay:
    """Remembers what it was told last, for the console and for tests."""

    def __init__(self) -> None:
        self.rows: list[Shown] = []

    def show(self, shown: Shown) -> None:
        """Remember it."""
        self.rows = [*self.rows, shown][-KEPT_ROWS:]


class SerialDisplay:
    """A pole display at a serial port. Opens the port for each message: units get unplugged."""

    def __init__(self, device: str, kind: Literal["led8", "vfd"], baud: int = 0) -> None:
        self._device = device
        self._kind = kind
        self._baud = baud or (2400 if kind == "led8" else 9600)

    def show(self, shown: Shown) -> None:
        """Show an amount; one with too many digits clears the display instead of lying."""
        import serial

        try:
            data = led8(shown) if self._kind == "led8" else vfd(shown)
        except Refusal:
            data = led8(Shown("off", ""))
        try:
            port: Any = serial.Serial(
                self._device, self._baud, timeout=0.5, write_timeout=1, exclusive=None
            )
            with port:
                port.write(data)
                port.flush()
        except (OSError, ValueError) as problem:
            raise Trouble("display_unreachable", reason=str(problem)[:200]) from problem


def display_for(address: str) -> Display:
    """`led8:COM2`, `vfd:/dev/ttyS1@19200` or `virtual:`. Raises Refusal("bad_display_address")."""
    kind, _, rest = address.strip().partition(":")
    if kind == "virtual":
        return VirtualDisplay()
    device, _, baud = rest.partition("@")
    if kind not in ("led8", "vfd") or not device or (baud and not baud.isdigit()):
        raise Refusal("bad_display_address", text=address[:80])
    return SerialDisplay(device, "led8" if kind == "led8" else "vfd", int(baud or "0"))
