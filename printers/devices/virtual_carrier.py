"""A printer without a cable: paper on the screen or as PNG files, with faults to practise on."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from app.errors import Trouble
from printers.devices.status import UNKNOWN, PrinterStatus, ask
from printers.profile import Profile
from printers.virtual import VirtualPrinter
from printers.virtual_paper import Page

KEPT_PAGES = 20
"""Pages remembered for whoever looks; PNG files stay."""

Fault = Literal[
    "paper_out", "paper_near_end", "cover_open", "silent_printer", "unplugged", "breaks"
]


class VirtualCarrier:
    """Remembers its printer between jobs, as a real one would stay on the counter."""

    def __init__(
        self,
        profile: Profile,
        folder: Path | None = None,
        on_page: Callable[[Page], None] | None = None,
    ) -> None:
        self.profile = profile
        self.printer = VirtualPrinter(profile.dots, profile.encoding)
        self.faults: set[str] = set()
        self.pages: list[Page] = []
        self._folder = folder
        self._on_page = on_page
        self._open = False
        self._saved = len(list(folder.glob("*.png"))) if folder and folder.is_dir() else 0

    def fault(self, what: Fault, on: bool) -> None:
        """Break something, or mend it; a printer whose paper is back prints what waited."""
        (self.faults.add if on else self.faults.discard)(what)
        self.printer.suffer(self.faults)
        self._collect()

    @property
    def last_rows(self) -> list[str]:
        """The text of the last page, blank rows left out."""
        return [row for row in self.pages[-1].rows if row.strip()] if self.pages else []

    @property
    def drawer_pulses(self) -> int:
        """How often the drawer was told to open."""
        return len(self.printer.drawer_pulses)

    def open(self) -> None:
        """Raises Trouble("printer_unreachable") while unplugged."""
        if "unplugged" in self.faults:
            raise Trouble("printer_unreachable", reason="unplugged")
        self._open = True

    def send(self, data: bytes) -> None:
        """Raises Trouble("printer_broke_off") in the middle when told to break."""
        assert self._open
        if "breaks" in self.faults:
            self.printer.feed(data[: len(data) // 2])
            raise Trouble("printer_broke_off", reason="breaks")
        self.printer.feed(data)
        self._collect()

    def status(self) -> PrinterStatus:
        """The same questions and answers as with a real printer."""
        if not self._open or self.profile.status == "none":
            return UNKNOWN
        return ask(self.printer.feed, self.profile.drawer.open_level)

    def close(self) -> None:
        """Nothing to let go of."""
        self._open = False

    def _collect(self) -> None:
        fresh = list(self.printer.pages)
        self.printer.pages.clear()
        for page in fresh:
            self.pages = [*self.pages, page][-KEPT_PAGES:]
            if self._folder:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._saved += 1
                page.picture.save(self._folder / f"{self._saved:04d}.png")
            if self._on_page:
                self._on_page(page)
