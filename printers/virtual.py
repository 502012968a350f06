"""A printer without a printer: ESC/POS in, pictures, text, drawer pulses and answers out.

Rules, from the ESC/POS manuals: commands start with ESC, FS, GS or DLE; parameters may hold any
byte; what is unknown is noted and its two bytes are skipped, as printers do. Real-time requests
(DLE EOT, DLE DC4) are answered while the printer is offline, everything else then waits. The
bytes may arrive in any pieces. It shares no code with the encoder it judges.
"""

from collections.abc import Collection
from typing import Literal

from PIL import Image

from printers.virtual_commands import COMMANDS, DLE, ESC, FS, GS, Pulse, pulse_now
from printers.virtual_glyphs import HAN_DOTS, LATIN_DOTS, decode, glyph
from printers.virtual_paper import Look, Page, VirtualPaper


class VirtualPrinter:
    """Remembers its settings, its paper, its drawer and what it did not understand."""

    def __init__(self, dots: int = 576, encoding: str = "gb18030") -> None:
        self.encoding = encoding
        self.drawer_pulses: list[Pulse] = []
        self.unknown: list[bytes] = []
        self.paper_state: Literal["ok", "near_end", "out"] = "ok"
        self.cover_open = False
        self.drawer_open = False
        self.silent = False
        self._paper = VirtualPaper(dots)
        self._waiting = bytearray()
        self._answers = bytearray()
        self.reset()

    # --- What a person or a test sees ------------------------------------------------------

    @property
    def offline(self) -> bool:
        """Out of paper or open: takes bytes but prints nothing."""
        return self.paper_state == "out" or self.cover_open

    @property
    def pages(self) -> list[Page]:
        """Pages cut off so far, oldest first."""
        return self._paper.pages

    def hanging(self) -> Page | None:
        """Paper that came out but was not cut yet."""
        return self._paper.hanging()

    def tear_off(self) -> None:
        """Somebody tears the hanging paper off: it becomes a page."""
        self._paper.cut("none")

    def everything(self) -> list[Page]:
        """All pages, the hanging one last."""
        rest = self.hanging()
        return [*self.pages, rest] if rest else list(self.pages)

    def feed(self, data: bytes) -> bytes:
        """Bytes in; the answers that go back."""
        if self.offline:
            self._real_time_only(data)
        else:
            self._waiting += data
            self._work()
        answers = bytes(self._answers)
        self._answers.clear()
        return b"" if self.silent else answers

    def suffer(self, faults: Collection[str]) -> bytes:
        """Break what is named (paper_out, paper_near_end, cover_open, silent_printer), mend the
        rest; what waited for paper is printed now. The answers that go back."""
        out, near = "paper_out" in faults, "paper_near_end" in faults
        self.paper_state = "out" if out else "near_end" if near else "ok"
        self.cover_open = "cover_open" in faults
        self.silent = "silent_printer" in faults
        return self.feed(b"")

    @property
    def waiting_bytes(self) -> int:
        """Bytes taken but not printed yet."""
        return len(self._waiting)

    # --- Parsing ---------------------------------------------------------------------------

    def _real_time_only(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            if data[at] == DLE and data[at + 1 : at + 2] == b"\x04" and at + 2 < len(data):
                self.answer_status(data[at : at + 3])
                at += 3
            elif data[at] == DLE and data[at + 1 : at + 3] == b"\x14\x01" and at + 4 < len(data):
                pulse_now(self, data[at : at + 5])
                at += 5
            else:
                self._waiting.append(data[at])
                at += 1

    def _work(self) -> None:
        data = bytes(self._waiting)
        at = 0
        while at < len(data) and not self.offline:
            taken = self._one(data, at)
            if taken == 0:
                break
            at += taken
        del self._waiting[:at]

    def _one(self, data: bytes, at: int) -> int:
        """Handle what begins at `at`; how many bytes it was, 0 = not all there yet."""
        byte = data[at]
        if byte not in (DLE, ESC, FS, GS):
            return self._character(data, at)
        if at + 1 >= len(data):
            return 0
        known = COMMANDS.get((byte, data[at + 1]))
        if known is None:
            self.unknown.append(data[at : at + 2])
            return 2
        length, action = known
        if callable(length):
            length = length(data, at)
        if length == 0 or at + length > len(data):
            return 0
        if action(self, data[at : at + length]) is False:
            self.unknown.append(data[at : at + min(length, 16)])
        return length

    def _character(self, data: bytes, at: int) -> int:
        byte = data[at]
        if byte == 0x0A:
            self._paper.feed_line()
        elif byte == 0x09:
            self._tab()
        elif byte == 0x0C:
            self._paper.feed_line()
        elif byte >= 0x20 and byte != 0x7F:
            return self._print(data, at)
        elif byte not in (0x0D, 0x00, 0x18):
            self.unknown.append(data[at : at + 1])
        return 1

    def _print(self, data: bytes, at: int) -> int:
        char, taken, han = decode(data, at, self.encoding, self.hanzi, self.code_page)
        if taken == 0:
            return 0
        if han:
            dots = glyph(char, HAN_DOTS, HAN_DOTS, self.look.bold)
            self._paper.glyph(dots, char, self._han_look(), self.han_spacing)
        else:
            self.print_latin(char)
        return taken

    def print_latin(self, char: str) -> None:
        """Set one narrow character."""
        wide, high = LATIN_DOTS[self.font]
        dots = glyph(char, wide, high, self.look.bold)
        self._paper.glyph(dots, char, self.look, self.latin_spacing)

    def _han_look(self) -> Look:
        """FS ! and FS W enlarge Chinese characters alone; GS ! enlarges everything."""
        look = self.look
        return Look(
            max(look.wide, self.han.wide),
            max(look.high, self.han.high),
            look.bold,
            max(look.underline, self.han.underline),
            look.reverse,
        )

    def _tab(self) -> None:
        stops = [stop * 12 for stop in self.tabs if stop * 12 > self._paper.cursor]
        if stops:
            self._paper.cursor = stops[0]

    # --- Settings --------------------------------------------------------------------------

    def reset(self) -> None:
        """ESC @: all settings, but neither the paper nor what is printed."""
        self.look = Look()
        self.han = Look()
        self.hanzi = True
        self.code_page = 0
        self.font = 0
        self.latin_spacing = self.han_spacing = 0
        self.tabs = list(range(8, 80, 8))
        self.unit_x = self.unit_y = 0
        self.bar_height, self.bar_dots, self.bar_text = 162, 3, 0
        self.qr_size, self.qr_level, self.qr_data = 3, 48, b""
        self.stored: Image.Image | None = None
        paper = self._paper
        paper.left_margin, paper.area, paper.justify = 0, paper.dots, 0
        paper.spacing, paper.upside_down = 30, False

    def dots_x(self, units: int) -> int:
        """Horizontal motion units to dots (GS P; 1 unit = 1 dot unless set)."""
        return units if self.unit_x == 0 else round(units * 203 / self.unit_x)

    def dots_y(self, units: int) -> int:
        """Vertical motion units to dots."""
        return units if self.unit_y == 0 else round(units * 203 / self.unit_y)

    # --- Answers ---------------------------------------------------------------------------

    def answer_status(self, command: bytes) -> None:
        """DLE EOT n: one byte about the printer, its offline cause, errors or paper."""
        out, near = self.paper_state == "out", self.paper_state == "near_end"
        bits = {
            1: 4 * self.drawer_open | 8 * self.offline,
            2: 4 * self.cover_open | 32 * out,
            3: 0,
            4: 12 * (near or out) | 96 * out,
        }
        if command[2] in bits:
            self._answers.append(0x12 | bits[command[2]])

    def answer(self, data: bytes) -> None:
        """Queue bytes for the other side."""
        self._answers += data

    @property
    def paper(self) -> VirtualPaper:
        """The paper, for the commands."""
        return self._paper
