"""Labels on sheets of A4, for shops without a label printer: as PDF, to be printed at 100 %.

As many labels as the sheet holds stand side by side with room for the cutter between them; the
marks at the paper's edge say where to cut, outside every label. A label is the very picture a
label printer would get, one dot to 1/8 mm, so what is read off one is read off the other.
"""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import msgspec

from app.content import Label
from printers.labels.drawing import draw
from printers.labels.template import parse

PAGE = (2100, 2970)
"""A4 in tenths of a millimetre."""
MARGIN = 90
"""No office printer reaches closer to the edge; the cutting marks stand in it."""
GAP = 20
MARK = 40
POINTS = 72 / 254
"""Points of a tenth of a millimetre."""


class Grid(msgspec.Struct, frozen=True):
    """Where labels of one size stand on the sheet, in tenths of a millimetre."""

    across: int
    down: int
    left: int
    top: int
    width: int
    height: int

    @property
    def on_page(self) -> int:
        """Labels of a full sheet."""
        return self.across * self.down

    def place(self, number: int) -> tuple[int, int]:
        """From the paper's left and upper edge to those of a label."""
        down, across = divmod(number % self.on_page, self.across)
        return self.left + across * (self.width + GAP), self.top + down * (self.height + GAP)


def grid(width: int, height: int) -> Grid:
    """As many labels of a size as the sheet holds, in its middle."""
    counts = [
        (page - 2 * MARGIN + GAP) // (side + GAP)
        for page, side in zip(PAGE, (width, height), strict=True)
    ]
    left, top = (
        (page - count * (side + GAP) + GAP) // 2
        for page, count, side in zip(PAGE, counts, (width, height), strict=True)
    )
    return Grid(counts[0], counts[1], left, top, width, height)


def sheet_pdf(labels: Sequence[Label], told: Callable[[int], None] = lambda count: None) -> bytes:
    """The sheets as one file, each label as often as its copies say; a new size begins a new sheet.

    `told` hears before each label how many stand there; what it raises ends the work.
    Raises Refusal: label_template_bad, and whatever drawing a code may.
    """
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    file = BytesIO()
    # invariant: without the time of making, and with an identity made of the content.
    canvas = Canvas(file, pagesize=tuple(side * POINTS for side in PAGE), invariant=1)
    canvas.setTitle("labels")
    # A viewer that fits pages to its printer would make every bar a broken number of dots.
    canvas.setViewerPreference("PrintScaling", "None")
    on: Grid | None = None
    number = done = 0
    for label in labels:
        told(done)
        template = parse(label.template)
        picture = ImageReader(draw(template, label.fields).convert("L"))
        wanted = grid(template.width, template.height)
        for _copy in range(label.copies):
            if on is not None and (on != wanted or number == on.on_page):
                canvas.showPage()
                on = None
            if on is None:
                on, number = wanted, 0
                _cutting_marks(canvas, on)
            left, top = on.place(number)
            canvas.drawImage(
                picture,
                left * POINTS,
                (PAGE[1] - top - on.height) * POINTS,
                on.width * POINTS,
                on.height * POINTS,
            )
            number, done = number + 1, done + 1
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _cutting_marks(canvas: Any, on: Grid) -> None:
    """Short lines at the paper's edge, in line with both edges of every label."""
    line = canvas.line
    canvas.setLineWidth(0.3)
    wide, high = PAGE
    for number in range(on.across):
        left, _top = on.place(number)
        for x in (left, left + on.width):
            for y in (high - on.top + GAP, on.top - GAP - MARK):
                line(x * POINTS, y * POINTS, x * POINTS, (y + MARK) * POINTS)
    for number in range(on.down):
        _left, top = on.place(number * on.across)
        for y in (high - top, high - top - on.height):
            for x in (on.left - GAP - MARK, wide - on.left + GAP):
                line(x * POINTS, y * POINTS, (x + MARK) * POINTS, y * POINTS)
