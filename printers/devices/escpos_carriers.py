"""Carriers to printers: sockets and files by themselves, the rest over python-escpos.

The library is used for its transports (`_raw`) and nothing else. Its own status questions answer
"paper ok" when nothing came back, and its default patience is a minute; both are ours here.
"""

import contextlib
import socket
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from app.errors import Trouble
from printers.devices.carrier import Address, Carrier, Patience
from printers.devices.escpos_library import escpos_printer, root_log_kept
from printers.devices.status import UNKNOWN, PrinterStatus, ask
from printers.profile import Profile

PIECE = 4096
"""Bytes handed over at once: patience is counted for each piece."""
MOST_CHATTER = 64
"""Unread answers we hear out before closing; a printer that never stops is not waited for."""


class EscposCarrier:
    """One printer behind one of python-escpos' transports. Remembers the open connection."""

    def __init__(
        self, address: Address, profile: Profile, data_folder: Path, patience: Patience
    ) -> None:
        self.address = address
        self.patience = patience
        self._profile = profile
        self._data_folder = data_folder
        self._printer: Any = None

    def open(self) -> None:
        """Reach the printer. Raises Trouble("printer_unreachable")."""
        self.close()
        try:
            with root_log_kept():
                self._printer = self._connected()
        except Exception as problem:
            # Drivers raise what they like (OSError, RuntimeError, their own); all mean the same.
            raise Trouble("printer_unreachable", reason=str(problem)[:200]) from problem

    def send(self, data: bytes) -> None:
        """Hand over bytes piece by piece. Raises Trouble("printer_broke_off")."""
        try:
            for start in range(0, len(data), PIECE):
                self._printer._raw(data[start : start + PIECE])
        except Exception as problem:
            raise Trouble("printer_broke_off", reason=str(problem)[:200]) from problem

    def status(self) -> PrinterStatus:
        """What the printer says; unknown without status in the profile or without an answer."""
        if self._printer is None or self._profile.status == "none":
            return UNKNOWN
        try:
            return ask(self._exchange, self._profile.drawer.open_level)
        except Exception:
            # A line that dies while we ask is silence, and silence is unknown.
            return UNKNOWN

    def close(self) -> None:
        """Let go of the printer."""
        printer, self._printer = self._printer, None
        if printer is None:
            return
        try:
            with root_log_kept():
                self._let_go(printer)
                printer.close()
        except Exception:
            # The job's fate was decided before; the library must only not try again.
            printer.device = False

    def _connected(self) -> Any:
        raise NotImplementedError

    @property
    def _library(self) -> ModuleType:
        """The library's printers, for lines that need more than an open file or socket."""
        return escpos_printer(self._data_folder)

    def _let_go(self, printer: Any) -> None:
        """What must happen before the library's own close."""

    def _exchange(self, request: bytes) -> bytes:
        self._printer._raw(request)
        return bytes(self._printer._read())


class _Plain:
    """A socket or file in the shape of the library's transports, without loading the library:
    it brings ten megabytes and a fifth of a second for what is one call here."""

    def __init__(self, device: Any, write: Callable[[bytes], object]) -> None:
        self.device = device
        self._raw = write

    def close(self) -> None:
        """Close the device."""
        self.device.close()


class NetworkCarrier(EscposCarrier):
    """A printer at a TCP port, usually 9100."""

    def _connected(self) -> Any:
        place = (self.address.place, self.address.port)
        line = socket.create_connection(place, self.patience.connect_ms / 1000)
        line.settimeout(self.patience.send_ms / 1000)
        return _Plain(line, line.sendall)

    def _exchange(self, request: bytes) -> bytes:
        line: socket.socket = self._printer.device
        _drain(line)
        self._printer._raw(request)
        line.settimeout(self.patience.answer_ms / 1000)
        try:
            return line.recv(64)
        except TimeoutError:
            return b""
        finally:
            line.settimeout(self.patience.send_ms / 1000)

    def _let_go(self, printer: Any) -> None:
        """Say that nothing more comes and read until the printer closes too.

        Closing with an answer unread, or before it came, resets the line and eats the job's tail.
        """
        with printer.device as line:
            line.shutdown(socket.SHUT_WR)
            line.settimeout(self.patience.answer_ms / 1000)
            with contextlib.suppress(TimeoutError):
                for _ in range(MOST_CHATTER):
                    if not line.recv(256):
                        break


def _drain(line: socket.socket) -> None:
    """Throw away answers nobody waits for any more."""
    before = line.gettimeout()
    line.setblocking(False)
    try:
        while line.recv(256):
            pass
    except BlockingIOError:
        pass
    finally:
        line.settimeout(before)


class UsbCarrier(EscposCarrier):
    """A printer at a USB address, through libusb (on Windows prefer `windows:`)."""

    def _connected(self) -> Any:
        printer = self._library.Usb(
            self.address.vendor, self.address.product, timeout=self.patience.send_ms
        )
        printer.open()
        return printer

    def _exchange(self, request: bytes) -> bytes:
        self._printer._raw(request)
        answer = self._printer.device.read(self._printer.in_ep, 64, self.patience.answer_ms)
        return bytes(answer)


class SerialCarrier(EscposCarrier):
    """A printer at a serial port; at 9600 baud a picture takes most of a minute."""

    def _connected(self) -> Any:
        printer = self._library.Serial(
            self.address.place,
            baudrate=self.address.port,
            timeout=self.patience.answer_ms / 1000,
            dsrdtr=False,
        )
        printer.open()
        # A piece at this speed, and the patience of a printer that is busy printing.
        slow_ms = PIECE * 10_000 // self.address.port
        printer.device.write_timeout = (slow_ms + self.patience.send_ms) / 1000
        return printer

    def _exchange(self, request: bytes) -> bytes:
        port = self._printer.device
        port.reset_input_buffer()
        self._printer._raw(request)
        first = bytes(port.read(1))
        return first + bytes(port.read(port.in_waiting)) if first else b""


class WindowsCarrier(EscposCarrier):
    """A printer of the Windows spooler, sent RAW; it never tells its state."""

    def _connected(self) -> Any:
        printer = self._library.Win32Raw(self.address.place)
        printer.open(job_name="till")
        return printer

    def status(self) -> PrinterStatus:
        """The spooler takes everything and says nothing."""
        return UNKNOWN


class FileCarrier(EscposCarrier):
    """A device file (`/dev/usb/lp0`) or a plain file that collects jobs."""

    def _connected(self) -> Any:
        path = Path(self.address.place)
        if path.is_relative_to("/dev") and not path.exists():
            # Opening it would make a plain file there and swallow receipts for ever.
            raise FileNotFoundError(str(path))
        file = path.open("ab")

        def write(data: bytes) -> None:
            file.write(data)
            # Now, not at the close: a full disk must be found while the job is still being sent.
            file.flush()

        return _Plain(file, write)

    def status(self) -> PrinterStatus:
        """A file has no paper."""
        return UNKNOWN


_CARRIERS: dict[str, type[EscposCarrier]] = {
    "network": NetworkCarrier,
    "usb": UsbCarrier,
    "serial": SerialCarrier,
    "windows": WindowsCarrier,
    "file": FileCarrier,
}


def make(address: Address, profile: Profile, data_folder: Path, patience: Patience) -> Carrier:
    """The carrier for an address of any kind but virtual."""
    return _CARRIERS[address.kind](address, profile, data_folder, patience)
