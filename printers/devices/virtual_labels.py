"""A label printer without a cable: TSPL in, pictures out, and the same faults to practise on."""

from pathlib import Path

from app.errors import Trouble
from printers.devices.status import UNKNOWN, PrinterStatus
from printers.labels import tspl
from printers.labels.tspl import Sheet
from printers.profile import Profile

KEPT_SHEETS = 60
"""Labels remembered for whoever looks; PNG files stay."""


class VirtualLabels:
    """Remembers what came out, as the tray under a label printer would."""

    def __init__(self, profile: Profile, folder: Path | None = None) -> None:
        self.profile = profile
        self.faults: set[str] = set()
        self.sheets: list[Sheet] = []
        self._folder = folder
        self._saved = len(list(folder.glob("*.png"))) if folder and folder.is_dir() else 0

    def fault(self, what: str, on: bool) -> None:
        """Break something, or mend it."""
        (self.faults.add if on else self.faults.discard)(what)

    def open(self) -> None:
        """Raises Trouble("printer_unreachable") while unplugged or without labels."""
        if broken := self.faults & {"unplugged", "paper_out", "cover_open"}:
            raise Trouble("printer_unreachable", reason=min(broken))

    def send(self, data: bytes) -> None:
        """Raises Trouble("printer_broke_off") in the middle when told to break."""
        if "breaks" in self.faults:
            raise Trouble("printer_broke_off", reason="breaks")
        for sheet in tspl.read(data):
            self.sheets = [*self.sheets, sheet][-KEPT_SHEETS:]
            if self._folder:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._saved += 1
                sheet.picture.save(self._folder / f"{self._saved:04d}.png")

    def status(self) -> PrinterStatus:
        """It says nothing about itself, as its like do not."""
        return UNKNOWN

    def close(self) -> None:
        """Nothing to let go of."""
