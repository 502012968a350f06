"""A report on A4 as PDF: figures, the chart as on the screen, and rows under a repeated heading.

The same report gives the same bytes on every machine and every day.
"""

from io import BytesIO
from typing import Any

from app.reports.paper import ReportPaper
from printers.charts import HEATS, Box, Role, Stroke, Words, drawn, height_of, ruler_of
from printers.fonts import drawable
from printers.pdf import face, load_fonts, text_length
from printers.text_safe import clean

MM = 72 / 25.4
SHORT, LONG = 210 * MM, 297 * MM
MARGIN = 14 * MM
TITLE, BODY, SMALL, FIGURE = 18.0, 9.5, 8.5, 13.0
ROW = 6.4 * MM
CHART, UNDER_CHART = 72 * MM, 6 * MM
FIGURE_ROW = SMALL * 1.6
WIDE_FROM = 8
"""So many columns stand on a page laid on its side."""
_COLOURS: dict[str, tuple[float, float, float]] = {
    "ink": (0.11, 0.14, 0.13), "muted": (0.34, 0.38, 0.36), "line": (0.85, 0.87, 0.85),
    "brand": (0.12, 0.42, 0.34), "accent": (0.71, 0.33, 0.16), "soft": (0.90, 0.94, 0.93),
    "on_heat": (1, 1, 1), "danger": (0.70, 0.15, 0.12),
}  # fmt: skip
_HEAT = (0.16, 0.34, 0.52, 0.75, 1.0)


def report_pdf(*papers: ReportPaper) -> bytes:
    """The bytes of a PDF with one report or several; as many pages as their rows ask for."""
    from reportlab.pdfgen.canvas import Canvas

    load_fonts()
    file = BytesIO()
    canvas = Canvas(file, invariant=1)
    canvas.setTitle(" ".join(paper.title for paper in papers))
    for paper in papers:
        wide, high = (LONG, SHORT) if len(paper.columns) >= WIDE_FROM else (SHORT, LONG)
        canvas.setPageSize((wide, high))
        page = _Page(canvas, paper, wide, high)
        parts = page.parts()
        for number, rows in enumerate(parts, 1):
            page.draw(rows, number, len(parts))
            canvas.showPage()
    canvas.save()
    return file.getvalue()


class _Page:
    """Where everything stands on the sheet."""

    def __init__(self, canvas: Any, paper: ReportPaper, wide: float, high: float) -> None:
        self._canvas, self._paper = canvas, paper
        self._wide, self._high = wide, high
        self._room = wide - 2 * MARGIN
        chart = paper.chart
        self._charted = (
            height_of(chart, FIGURE_ROW, CHART - UNDER_CHART) + UNDER_CHART if chart else 0
        )
        self._edges = self._columns()

    def parts(self) -> list[tuple[tuple[str, ...], ...]]:
        """The rows of each page: the first has the chart."""
        head = 24 * MM
        above = (14 * MM if self._paper.kpis else 0) + self._charted
        most = int((self._high - 2 * MARGIN - head - 10 * MM) // ROW) - 1
        first = max(0, int((self._high - 2 * MARGIN - head - 10 * MM - above) // ROW) - 1)
        rows = self._paper.rows
        found = [rows[:first]]
        found += [rows[at : at + most] for at in range(first, len(rows), most)]
        return found

    def draw(self, rows: tuple[tuple[str, ...], ...], number: int, count: int) -> None:
        """One page."""
        paper, top = self._paper, self._high - MARGIN
        self._text(MARGIN, top - 6 * MM, paper.title, TITLE, bold=True)
        if paper.banner:
            left = MARGIN + text_length(paper.title, TITLE, True) + 6 * MM
            long = text_length(paper.banner, BODY, True) + 4 * MM
            self._canvas.setLineWidth(1.2)
            self._canvas.rect(left, top - 8 * MM, long, 7 * MM)
            self._text(left + 2 * MM, top - 6 * MM, paper.banner, BODY, bold=True)
        self._text(MARGIN, top - 13 * MM, paper.under, BODY, role="muted")
        self._text(MARGIN + self._room, top - 6 * MM, paper.made, SMALL, role="muted", right=True)
        down = top - 20 * MM
        if number == 1:
            down = self._above(down)
        self._table(rows, down)
        low = MARGIN - 4 * MM
        role = "muted" if paper.check_ok else "danger"
        said = paper.pages.format(number=number, count=count)
        room = self._room - text_length(said, SMALL, False) - 4 * MM
        self._text(MARGIN, low, paper.check, SMALL, bold=not paper.check_ok, role=role, room=room)
        self._text(MARGIN + self._room, low, said, SMALL, role="muted", right=True)

    def _above(self, down: float) -> float:
        """The figures and the chart; how far down the rows begin."""
        if kpis := self._paper.kpis:
            each = self._room / max(len(kpis), 1)
            for place, (word, figure) in enumerate(kpis):
                left = MARGIN + place * each
                self._text(left, down - 3 * MM, word, SMALL, role="muted")
                self._text(left, down - 9 * MM, figure, FIGURE, bold=True, room=each - 2 * MM)
            down -= 14 * MM
        if self._paper.chart is not None:
            self._chart(down)
            down -= self._charted
        return down

    def _chart(self, top: float) -> None:
        assert self._paper.chart is not None
        chart = self._paper.chart
        ruler = ruler_of(chart.unit, _length, FIGURE_ROW, han=self._paper.han)
        canvas = self._canvas
        for shape in drawn(chart, self._room, self._charted - UNDER_CHART, ruler):
            match shape:
                case Box():
                    self._fill(shape.role, hatched=shape.hatched)
                    canvas.rect(
                        MARGIN + shape.left, top - shape.top - shape.high, shape.wide, shape.high,
                        stroke=int(shape.hatched), fill=1,
                    )  # fmt: skip
                case Stroke():
                    canvas.setStrokeColorRGB(*_COLOURS[shape.role])
                    canvas.setLineWidth(shape.wide * 0.7)
                    canvas.setDash(*((3, 2) if shape.dashed else ()))
                    path = canvas.beginPath()
                    for place, (x, y) in enumerate(shape.points):
                        (path.lineTo if place else path.moveTo)(MARGIN + x, top - y)
                    canvas.drawPath(path)
                    canvas.setDash()
                case Words():
                    self._words(shape, top)

    def _words(self, shape: Words, top: float) -> None:
        long = text_length(drawable(clean(shape.text)), SMALL, False)
        left = MARGIN + shape.left
        if shape.align == "right":
            left += shape.wide - min(long, shape.wide)
        elif shape.align == "center":
            left += (shape.wide - long) / 2
        room = shape.wide if shape.align != "center" else 0
        down = top - shape.middle - SMALL * 0.35
        self._text(left, down, shape.text, SMALL, role=shape.role, room=room)

    def _fill(self, role: Role, *, hatched: bool) -> None:
        red, green, blue = _COLOURS["brand" if role in HEATS else role]
        part = _HEAT[HEATS.index(role)] if role in HEATS else 0.35 if hatched else 1.0
        mixed = [1 - part * (1 - each) for each in (red, green, blue)]
        self._canvas.setFillColorRGB(*mixed)
        self._canvas.setStrokeColorRGB(red, green, blue)
        self._canvas.setLineWidth(0.6)

    def _columns(self) -> list[float]:
        """The edges: figures as wide as they are, what is left for the words."""
        cells = list(zip(*([each[0] for each in self._paper.columns], *self._paper.rows[:400]),
                         strict=True))  # fmt: skip
        needs = [
            min(max(text_length(drawable(clean(cell)), BODY, False) for cell in of), 60 * MM) + 6
            for of in cells
        ]
        over = self._room - sum(needs)
        wide = [n for n, column in enumerate(self._paper.columns) if column[2]] or [0]
        for place in wide:
            needs[place] += over / len(wide)
        if needs[wide[0]] < 25 * MM:
            needs = [self._room / len(needs)] * len(needs)
        edges = [MARGIN]
        for each in needs:
            edges.append(edges[-1] + each)
        return edges

    def _table(self, rows: tuple[tuple[str, ...], ...], top: float) -> None:
        words = tuple(column[0] for column in self._paper.columns)
        for place, cells in enumerate((words, *rows)):
            down = top - (place + 1) * ROW
            for number, cell in enumerate(cells):
                right = self._paper.columns[number][1]
                at = self._edges[number + 1] - 3 if right else self._edges[number] + 3
                room = self._edges[number + 1] - self._edges[number] - 6
                self._text(at, down + 2 * MM, cell, BODY, bold=place == 0, right=right, room=room)
            self._canvas.setStrokeColorRGB(*_COLOURS["ink" if place == 0 else "line"])
            self._canvas.setLineWidth(0.8 if place == 0 else 0.4)
            self._canvas.line(self._edges[0], down, self._edges[-1], down)

    def _text(
        self,
        at: float,
        up: float,
        words: str,
        size: float,
        *,
        bold: bool = False,
        right: bool = False,
        room: float = 0,
        role: str = "ink",
    ) -> None:
        """Words from `at` (or up to it); smaller where there is not room enough for them."""
        said = drawable(clean(words), bold)
        long = text_length(said, size, bold)
        if room and long > room:
            size = max(size * room / long, 5.0)
        self._canvas.setFillColorRGB(*_COLOURS[role])
        self._canvas.setFont(face(bold), size)
        (self._canvas.drawRightString if right else self._canvas.drawString)(at, up, said)


def _length(words: str) -> float:
    return text_length(drawable(clean(words)), SMALL, False)
