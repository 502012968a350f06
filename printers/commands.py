"""A network printer on this machine, and pictures of papers for previews.

`serve` stands behind `./pos printer`: a till sends to port 9100, what comes out is a picture.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.content import Paper
from app.errors import Refusal
from printers import escpos_text
from printers.layout import lay_out
from printers.profile import Profile, load_profile
from printers.virtual import VirtualPrinter
from printers.virtual_paper import Page

if TYPE_CHECKING:
    from PIL.Image import Image

PATIENCE_S = 0.2
"""How often a waiting connection looks whether it should stop."""


def render_png(
    paper: Paper, columns: int = 48, mode: Literal["text", "raster"] = "text"
) -> "Image":
    """What a printer makes of a paper: `text` through the virtual printer's ROM, `raster` drawn.

    A picture of 12 dots a column, black on white. Raises Refusal like the encoders.
    """
    rows = lay_out(paper, columns)
    if mode == "raster":
        from printers import escpos_raster

        return escpos_raster.draw(rows, columns, columns * 12)
    profile = Profile("preview", columns=columns, dots=columns * 12, feed_rows=0)
    printer = VirtualPrinter(profile.dots, profile.encoding)
    printer.feed(escpos_text.encode(rows, profile))
    return joined([page.picture for page in printer.everything()], profile.dots)


def joined(pictures: "list[Image]", dots: int) -> "Image":
    """Pictures one under another."""
    from PIL import Image

    whole = Image.new("1", (dots, max(1, sum(picture.height for picture in pictures))), 1)
    top = 0
    for picture in pictures:
        whole.paste(picture, (0, top))
        top += picture.height
    return whole


class PngFolder:
    """Saves every page it is given as the next numbered PNG. Remembers the number."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        taken = [int(path.stem) for path in folder.glob("*.png") if path.stem.isdigit()]
        self._last = max(taken, default=0)

    def __call__(self, page: Page) -> None:
        """Save one page."""
        self._last += 1
        page.picture.save(self._folder / f"{self._last:04d}.png")


class PrinterServer:
    """A virtual printer behind a TCP port on loopback. Remembers its printer and its line.

    One connection at a time, like a real printer; further ones wait their turn. Paper that was
    not cut when a connection ends is handed over as well. Raises Refusal("port_taken").
    """

    def __init__(
        self,
        port: int = 9100,
        on_page: Callable[[Page], None] | None = None,
        profile: Profile | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        profile = profile or load_profile("virtual_80")
        self.printer = VirtualPrinter(profile.dots, profile.encoding)
        self.lock = threading.Lock()
        """Held while the printer works: take it before changing its state."""
        self._on_page = on_page
        self._stop = threading.Event()
        self._line: socket.socket | None = None
        try:
            self._listening = socket.create_server((host, port))
        except OSError as error:
            raise Refusal("port_taken", port=port, detail=error.strerror or "") from error
        self._listening.settimeout(PATIENCE_S)
        self.port: int = self._listening.getsockname()[1]

    def serve(self) -> None:
        """Answer until `stop`; run it on a thread of its own."""
        with self._listening:
            while not self._stop.is_set():
                try:
                    line, _ = self._listening.accept()
                except TimeoutError:
                    continue
                with line:
                    self._line = line
                    self._talk(line)
                    self._line = None

    def suffer(self, faults: Collection[str]) -> None:
        """Break what is named and mend the rest, as `VirtualPrinter.suffer` does."""
        with self.lock:
            answer = self.printer.suffer(faults)
        self._hand_over()
        self._answer(answer)

    def stop(self) -> None:
        """Make `serve` return within its patience."""
        self._stop.set()

    def _talk(self, line: socket.socket) -> None:
        line.settimeout(PATIENCE_S)
        while not self._stop.is_set():
            try:
                data = line.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                break
            if not data:
                break
            with self.lock:
                answer = self.printer.feed(data)
            # The paper is out before the answer is: who asks has it already.
            self._hand_over()
            self._answer(answer)
        with self.lock:
            self.printer.tear_off()
        self._hand_over()

    def _answer(self, answer: bytes) -> None:
        line = self._line
        if answer and line is not None:
            with contextlib.suppress(OSError):
                line.sendall(answer)

    def _hand_over(self) -> None:
        with self.lock:
            fresh = list(self.printer.pages)
            self.printer.pages.clear()
        for page in fresh:
            if self._on_page:
                self._on_page(page)


def run_printer(
    port: int = 9100,
    out: Path | None = None,
    on_page: Callable[[Page], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> None:
    """`./pos printer`: serve until interrupted. Pages go to `out` as PNG and to `on_page`.

    Raises Refusal("port_taken").
    """
    sinks = [sink for sink in (PngFolder(out) if out else None, on_page) if sink]

    def page(one: Page) -> None:
        for sink in sinks:
            sink(one)

    server = PrinterServer(port, page)
    if say:
        say(f"网络打印机已就绪：127.0.0.1:{server.port}")
    try:
        server.serve()
    except KeyboardInterrupt:
        server.stop()
