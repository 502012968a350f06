"""Counter scales: what they say, and how they are asked. Only a weight that stands still is sold.

Two kinds are met in these shops. *Asked* scales (顶尖, ACLAS and their like): we send 05, they say
06, we send 11 and get `01 02 STA sign weight unit BCC 03 04`, STA 53 when the weight stands still,
55 while it moves, 46 for an error; BCC is the XOR of everything between 02 and itself. *Talking*
scales send a line several times a second: `ST,GS,+  0.520kg`. Tried against frames written from
manuals, not against a scale of metal.
"""

import re
from typing import Any, Protocol

import msgspec

from app.errors import Refusal, Trouble

STABLE, MOVING, ERROR = 0x53, 0x55, 0x46
ASK, READY, SEND = b"\x05", b"\x06", b"\x11"
MOST_GRAMS = 99_999
_FRAME = re.compile(rb"\x01\x02([\x53\x55\x46])([+\- ])([0-9. ]{5,8})(kg| g)(.)\x03\x04", re.DOTALL)
_LINE = re.compile(rb"(ST|US|OL),(GS|NT),?([+\-])\s*([0-9.]{1,8})\s*(kg|g)", re.IGNORECASE)


class Weight(msgspec.Struct, frozen=True):
    """What lies on the scale, in grams; `gross` with the tare, `net` without."""

    gross: int
    tare: int = 0
    stable: bool = True

    @property
    def net(self) -> int:
        return self.gross - self.tare


class Scale(Protocol):
    """A scale on the counter."""

    def weight(self) -> Weight:
        """What it says now. Raises Trouble("scale_unreachable")."""
        ...


def read_frame(data: bytes) -> Weight | None:
    """The last whole answer of an asked scale, None when there is none or its sum is wrong."""
    for match in reversed(list(_FRAME.finditer(data))):
        state, sign, digits, unit, check = match.groups()
        body = data[match.start() + 2 : match.start(5)]
        if _bcc(body) != check[0] or state[0] == ERROR:
            continue
        grams = _grams(digits, unit)
        if grams is not None:
            return Weight(-grams if sign == b"-" else grams, 0, state[0] == STABLE)
    return None


def frame(weight: Weight) -> bytes:
    """An asked scale's answer: what `read_frame` reads."""
    sign = b"-" if weight.net < 0 else b"+"
    whole, part = divmod(abs(weight.net), 1000)
    body = bytes([STABLE if weight.stable else MOVING]) + sign
    body += f"{whole:02d}.{part:03d}".encode() + b"kg"
    return b"\x01\x02" + body + bytes([_bcc(body)]) + b"\x03\x04"


def read_line(data: bytes) -> Weight | None:
    """The last whole line of a talking scale, None when there is none or it is overloaded."""
    found = list(_LINE.finditer(data))
    if not found:
        return None
    state, _, sign, digits, unit = found[-1].groups()
    grams = _grams(digits, unit.lower())
    if grams is None or state.upper() == b"OL":
        return None
    return Weight(-grams if sign == b"-" else grams, 0, state.upper() == b"ST")


def _bcc(body: bytes) -> int:
    check = 0
    for byte in body:
        check ^= byte
    return check


def _grams(digits: bytes, unit: bytes) -> int | None:
    """Grams of a figure as printed; None when it is none."""
    whole, _, part = digits.decode("ascii").replace(" ", "").partition(".")
    if not whole.isdigit() or (part and not part.isdigit()):
        return None
    if unit.strip() == b"g":
        return int(whole) if not part.strip("0") else None
    grams = int(whole) * 1000 + int(part.ljust(3, "0")[:3] or "0")
    return grams if grams <= MOST_GRAMS else None


class SimulatedScale:
    """A scale for the demo and for tests: shows what it was told to."""

    def __init__(self) -> None:
        self.shown = Weight(0)

    def put(self, gross: int, tare: int, *, stable: bool) -> None:
        """Lay something on it, in grams. Raises Refusal("bad_quantity")."""
        if not (0 <= gross <= MOST_GRAMS and 0 <= tare <= gross):
            raise Refusal("bad_quantity", text=f"{gross} {tare}")
        self.shown = Weight(gross, tare, stable)

    def weight(self) -> Weight:
        return self.shown


class SerialScale:
    """A scale at a serial port; the port is opened for each look, for cables get pulled."""

    def __init__(self, device: str, kind: str, baud: int = 9600) -> None:
        self._device, self._kind, self._baud = device, kind, baud

    def weight(self) -> Weight:
        import serial

        try:
            port: Any = serial.Serial(self._device, self._baud, timeout=0.3, write_timeout=0.3)
            with port:
                said = _asked(port) if self._kind == "asked" else port.read(64)
        except (OSError, ValueError) as problem:
            raise Trouble("scale_unreachable", reason=str(problem)[:200]) from problem
        found = read_frame(said) if self._kind == "asked" else read_line(said)
        if found is None:
            raise Trouble("scale_unreachable", reason="no answer")
        return found


def _asked(port: Any) -> bytes:
    port.write(ASK)
    if port.read(1) != READY:
        return b""
    port.write(SEND)
    return bytes(port.read(32))


def scale_for(address: str) -> Scale:
    """`asked:COM3`, `talking:COM3@9600` or `virtual:`. Raises Refusal("bad_scale_address")."""
    kind, _, rest = address.strip().partition(":")
    if kind == "virtual":
        return SimulatedScale()
    device, _, baud = rest.partition("@")
    if kind not in ("asked", "talking") or not device or (baud and not baud.isdigit()):
        raise Refusal("bad_scale_address", text=address[:80])
    return SerialScale(device, kind, int(baud or "9600"))
