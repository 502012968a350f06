"""One small protocol for everything that carries bytes to a printer, and how it is addressed.

An address is one line of text, as it stands in the settings:
`network:192.168.1.50:9100` · `usb:0416:5011` · `serial:COM3@115200` · `windows:GP-80` ·
`file:/dev/usb/lp0` · `virtual:` (on this screen) or `virtual:FOLDER` (PNG files).
"""

from pathlib import Path
from typing import Protocol

import msgspec

from app.errors import Refusal
from printers.devices.status import PrinterStatus
from printers.profile import Profile

KINDS = ("network", "usb", "serial", "windows", "file", "virtual")


class Carrier(Protocol):
    """Carries bytes to one printer. A fresh `open` for every job."""

    def open(self) -> None:
        """Reach the printer. Raises Trouble("printer_unreachable")."""
        ...

    def send(self, data: bytes) -> None:
        """Hand over bytes. Raises Trouble("printer_broke_off"): some may have arrived."""
        ...

    def status(self) -> PrinterStatus:
        """What the printer says now; all unknown when it says nothing. Never raises."""
        ...

    def close(self) -> None:
        """Let go of the printer. Never raises."""
        ...


class Patience(msgspec.Struct, frozen=True):
    """How long a carrier waits, in milliseconds."""

    connect_ms: int = 3000
    send_ms: int = 3000
    """For each piece of a job, not for the whole."""
    answer_ms: int = 1000


class Address(msgspec.Struct, frozen=True):
    """A parsed address."""

    kind: str
    place: str = ""
    """Host, device, printer name or folder."""
    port: int = 0
    """TCP port or baud rate."""
    vendor: int = 0
    product: int = 0


def parse_address(text: str) -> Address:
    """An address from its one line. Raises Refusal("bad_printer_address", text=…)."""
    kind, colon, rest = text.strip().partition(":")
    try:
        if not colon or kind not in KINDS:
            raise ValueError(kind)
        if kind == "network":
            host, _, port = rest.partition(":")
            return Address(kind, _demanded(host), _within(int(port or "9100"), 1, 65535))
        if kind == "usb":
            vendor, product = rest.split(":")
            return Address(kind, vendor=int(vendor, 16), product=int(product, 16))
        if kind == "serial":
            device, _, baud = rest.partition("@")
            return Address(kind, _demanded(device), _within(int(baud or "9600"), 300, 921600))
        return Address(kind, rest if kind == "virtual" else _demanded(rest))
    except ValueError:
        raise Refusal("bad_printer_address", text=text[:80]) from None


def _demanded(text: str) -> str:
    if not text.strip():
        raise ValueError(text)
    return text.strip()


def _within(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise ValueError(number)
    return number


def carrier_for(
    address: Address, profile: Profile, data_folder: Path, patience: Patience | None = None
) -> Carrier:
    """The carrier for an address. Imports what it needs only now: start-up stays quick.

    `data_folder` is where the transport library keeps its own cache.
    """
    patience = patience or Patience()
    if address.kind == "virtual":
        folder = Path(address.place) if address.place else None
        if profile.mode == "tspl":
            from printers.devices.virtual_labels import VirtualLabels

            return VirtualLabels(profile, folder)
        from printers.devices.virtual_carrier import VirtualCarrier

        return VirtualCarrier(profile, folder)
    from printers.devices import escpos_carriers

    return escpos_carriers.make(address, profile, data_folder, patience)
