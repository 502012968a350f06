"""A report's chart as a picture in the page: the very shapes of window and PDF, as SVG.

Colours are classes of the style sheet, so that the page's own rule about styles holds.
"""

from markupsafe import Markup

from app.reports.sheet import Chart
from printers.charts import Box, Shape, Stroke, Words, drawn, height_of, ruler_of
from printers.pdf import load_fonts, text_length

WIDE, HIGH, SIZE, TEXT = 1240.0, 320.0, 20.0, 14.0
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_HATCH = Markup(
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6" class="accent-line"'
    ' stroke-width="2"/></pattern></defs>'
)


def chart_svg(chart: Chart, words: str, *, han: bool) -> Markup:
    """The picture; `words` say it to whoever does not see it."""
    load_fonts()
    ruler = ruler_of(chart.unit, lambda text: text_length(text, TEXT, False), SIZE, han=han)
    high = height_of(chart, SIZE, HIGH)
    shapes = Markup("").join(_shape(each) for each in drawn(chart, WIDE, high, ruler))
    return Markup(
        '<svg class="chart" viewBox="0 0 {wide:.0f} {high:.0f}" role="img" aria-label="{words}">'
        "{hatch}{shapes}</svg>"
    ).format(wide=WIDE, high=high, words=words, hatch=_HATCH, shapes=shapes)


def _shape(shape: Shape) -> Markup:
    match shape:
        case Box():
            look = (
                Markup('fill="url(#hatch)" class="edge"')
                if shape.hatched
                else Markup('class="{role}"').format(role=shape.role)
            )
            return Markup(
                '<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" {look}/>'
            ).format(
                x=shape.left,
                y=shape.top,
                wide=max(shape.wide, 0),
                high=max(shape.high, 0),
                look=look,
            )
        case Stroke():
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
            dashes = Markup(' stroke-dasharray="6 4"') if shape.dashed else Markup("")
            return Markup(
                '<polyline points="{at}" class="{role}-line" stroke-width="{wide:.1f}"{dashes}/>'
            ).format(at=points, role=shape.role, wide=shape.wide, dashes=dashes)
        case Words():
            return _words(shape)


def _words(shape: Words) -> Markup:
    at = {"left": 0.0, "center": shape.wide / 2, "right": shape.wide}[shape.align]
    return Markup(
        '<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{role}">{text}</text>'
    ).format(
        x=shape.left + at,
        y=shape.middle + TEXT * 0.36,
        anchor=_ANCHORS[shape.align],
        role=shape.role,
        text=_fitting(shape.text, shape.wide),
    )


def _fitting(text: str, wide: float) -> str:
    """As much as there is room for."""
    if text_length(text, TEXT, False) <= wide + 1:
        return text
    while text and text_length(f"{text}…", TEXT, False) > wide:
        text = text[:-1]
    return f"{text}…"
