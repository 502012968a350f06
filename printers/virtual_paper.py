"""The virtual printer's paper: a line being set, strips already printed, pages cut off."""

from typing import NamedTuple

import msgspec
from PIL import Image, ImageChops, ImageDraw

MAX_PAGE_DOTS = 24_000
"""Three metres; a stream that feeds for ever gets a new page instead of all the memory."""


class Symbol(NamedTuple):
    """A code the printer drew by itself, as it understood its data."""

    kind: str
    data: bytes


class Page(NamedTuple):
    """What came out up to a cut (or up to now)."""

    picture: Image.Image
    rows: list[str]
    """Text rows as the printer understood them, blank ones included."""
    symbols: list[Symbol]
    cut: str
    """full, partial, or none for paper still hanging in the printer."""


class Look(msgspec.Struct):
    """How the next characters are drawn."""

    wide: int = 1
    high: int = 1
    bold: bool = False
    underline: int = 0
    reverse: bool = False


class _Placed(NamedTuple):
    left: int
    picture: Image.Image
    text: str


class VirtualPaper:
    """Remembers the line being set and everything printed since the last cut."""

    def __init__(self, dots: int) -> None:
        self.dots = dots
        self.left_margin = 0
        self.area = dots
        self.justify = 0
        self.spacing = 30
        self.upside_down = False
        self.cursor = 0
        self.pages: list[Page] = []
        self._line: list[_Placed] = []
        self._strips: list[Image.Image] = []
        self._height = 0
        self._rows: list[str] = []
        self._symbols: list[Symbol] = []

    @property
    def width(self) -> int:
        """Dots a line may take."""
        return max(24, min(self.area, self.dots - self.left_margin))

    @property
    def line_empty(self) -> bool:
        """Whether nothing is on the line being set."""
        return not self._line

    def put(self, picture: Image.Image, text: str, spacing: int = 0) -> None:
        """Set a picture (a glyph, a column image) at the cursor; a full line prints itself."""
        if self.cursor + picture.width > self.width and self._line:
            self.feed_line()
        self._line.append(_Placed(self.cursor, picture, text))
        self.cursor += picture.width + spacing

    def glyph(self, dots: Image.Image, text: str, look: Look, spacing: int) -> None:
        """Set one character, enlarged and decorated."""
        if look.wide > 1 or look.high > 1:
            size = (dots.width * look.wide, dots.height * look.high)
            dots = dots.resize(size, Image.Resampling.NEAREST)
        if look.underline:
            dots = dots.copy()
            ImageDraw.Draw(dots).rectangle(
                (0, dots.height - look.underline, dots.width, dots.height), fill=0
            )
        if look.reverse:
            dots = ImageChops.invert(dots)
        self.put(dots, text, spacing * look.wide)

    def feed_line(self) -> None:
        """Print the line being set and move to the next."""
        tallest = max((placed.picture.height for placed in self._line), default=0)
        self._print_line(max(tallest, self.spacing))

    def feed_dots(self, dots: int) -> None:
        """Print the line being set and feed `dots` in all."""
        if self._line:
            tallest = max(placed.picture.height for placed in self._line)
            self._print_line(max(tallest, dots))
        else:
            self._add(Image.new("1", (self.dots, dots), 1))

    def image(self, picture: Image.Image) -> None:
        """Print a picture by itself, justified like a line."""
        if self._line:
            self.feed_line()
        strip = Image.new("1", (self.dots, picture.height), 1)
        free = max(0, self.width - picture.width)
        strip.paste(picture, (self.left_margin + (0, free // 2, free)[self.justify], 0))
        self._add(strip)

    def symbol(self, picture: Image.Image, kind: str, data: bytes) -> None:
        """Print a code the printer drew by itself."""
        self._symbols.append(Symbol(kind, data))
        self.image(picture)

    def cut(self, how: str) -> None:
        """Print what is on the line and end the page."""
        if self._line:
            self.feed_line()
        if self._strips:
            self.pages.append(self._page(how))
        self._strips, self._rows, self._symbols, self._height = [], [], [], 0

    def hanging(self) -> Page | None:
        """What has come out since the last cut, or nothing."""
        return self._page("none") if self._strips else None

    def _print_line(self, height: int) -> None:
        strip = Image.new("1", (self.dots, height), 1)
        taken = max((placed.left + placed.picture.width for placed in self._line), default=0)
        free = max(0, self.width - taken)
        start = self.left_margin + (0, free // 2, free)[self.justify]
        tallest = max((placed.picture.height for placed in self._line), default=0)
        for placed in self._line:
            # Characters of different heights stand on one base line.
            # Ink only adds: what is set over something else does not wipe it out.
            corner = (start + placed.left, tallest - placed.picture.height)
            strip.paste(0, corner, ImageChops.invert(placed.picture))
        self._add(strip.rotate(180) if self.upside_down else strip)
        self._rows.append(_row_text(self._line))
        self._line, self.cursor = [], 0

    def _add(self, strip: Image.Image) -> None:
        if self._height + strip.height > MAX_PAGE_DOTS and self._strips:
            self.pages.append(self._page("none"))
            self._strips, self._rows, self._symbols, self._height = [], [], [], 0
        self._strips.append(strip)
        self._height += strip.height

    def _page(self, how: str) -> Page:
        picture = Image.new("1", (self.dots, self._height), 1)
        top = 0
        for strip in self._strips:
            picture.paste(strip, (0, top))
            top += strip.height
        return Page(picture, list(self._rows), list(self._symbols), how)


def _row_text(line: list[_Placed]) -> str:
    """The characters of a line, with spaces where the paper has gaps."""
    text, end = "", 0
    for placed in sorted(line, key=lambda placed: placed.left):
        text += " " * ((placed.left - end) // 12) + placed.text
        end = placed.left + placed.picture.width
    return text.rstrip()
