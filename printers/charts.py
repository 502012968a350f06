"""A report's chart as shapes: worked out once, painted alike on screens and in PDF.

Lengths are in the units of whoever paints (pixels, points), from the upper left corner. Colours are
roles of the theme; no series is told from another by colour alone.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from app.money import yuan_shown
from app.reports.sheet import Chart, Column, Kind, Series, cell_text

Role = Literal["ink", "muted", "line", "brand", "soft", "accent", "heat1", "heat2", "heat3",
               "heat4", "heat5", "on_heat"]  # fmt: skip
HEATS: tuple[Role, ...] = ("heat1", "heat2", "heat3", "heat4", "heat5")


class Box(msgspec.Struct, frozen=True):
    """A filled rectangle; a hatched one stands for what was before."""

    left: float
    top: float
    wide: float
    high: float
    role: Role
    hatched: bool = False


class Words(msgspec.Struct, frozen=True):
    """One line of text between `left` and `left + wide`, its middle at `middle`."""

    left: float
    middle: float
    wide: float
    text: str
    role: Role = "ink"
    align: Literal["left", "right", "center"] = "left"


class Stroke(msgspec.Struct, frozen=True):
    """A line through points; a dashed one stands for what was before."""

    points: tuple[tuple[float, float], ...]
    role: Role
    wide: float
    dashed: bool = False


Shape = Box | Words | Stroke


class Ruler(msgspec.Struct, frozen=True):
    """How text runs where the chart is painted, and how figures are said there."""

    length: Callable[[str], float]
    size: float
    """Height of a figure with air around it."""
    figure: Callable[[int], str]
    """A value in full."""
    short: Callable[[int], str]
    """A value for an axis or a cell: 1.2万."""


MINUS = "\N{MINUS SIGN}"
_HAN_UNITS = ((100_000_000, "亿"), (10_000, "万"))


def ruler_of(unit: Kind, length: Callable[[str], float], size: float, *, han: bool = True) -> Ruler:
    """A ruler whose figures are of a kind; `han`: 1.2万, else 12k."""
    return Ruler(
        length,
        size,
        lambda value: figure_text(unit, value),
        lambda value: short_text(unit, value, han=han),
    )


def figure_text(unit: Kind, value: int) -> str:
    """A value in full."""
    if unit == "money":
        return yuan_shown(value)
    return cell_text(Column("", "", unit), value).replace("-", MINUS)


def short_text(unit: Kind, value: int, *, han: bool) -> str:
    """A value for an axis or a small cell, in whole yuan: 860, 1.2万."""
    whole = abs(value) // {"money": 100, "rate": 10}.get(unit, 1)
    sign = MINUS if value < 0 else ""
    if whole < 10_000:
        return f"{sign}{whole}"
    if han:
        least, word = next(each for each in _HAN_UNITS if whole >= each[0])
    else:
        least, word = (1_000_000, "M") if whole >= 1_000_000 else (1_000, "k")
    tenths = whole * 10 // least
    return f"{sign}{f'{tenths // 10}.{tenths % 10}'.removesuffix('.0')}{word}"


def height_of(chart: Chart, size: float, most: float) -> float:
    """How tall a chart is painted on a page: few bars need no tall picture."""
    if chart.kind != "bars":
        return most
    return min(most, size * (1.8 * len(chart.labels) * len(chart.series) + 1))


def drawn(chart: Chart, wide: float, high: float, ruler: Ruler) -> list[Shape]:
    """The shapes of a chart in a rectangle of this size."""
    shapes: list[Shape] = []
    top = 0.0
    if len(chart.series) > 1 and chart.kind != "heat":
        top = ruler.size * 1.3
        shapes += _legend(chart.series, wide, ruler)
    painters = {"bars": _bars, "columns": _columns, "line": _line, "heat": _heat}
    return shapes + painters[chart.kind](chart, top, wide, high, ruler)


def _legend(series: Sequence[Series], wide: float, ruler: Ruler) -> list[Shape]:
    shapes: list[Shape] = []
    left = wide
    for number, each in reversed(list(enumerate(series))):
        long = ruler.length(each.name)
        left -= long
        shapes.append(Words(left, ruler.size / 2, long + 2, each.name, "muted"))
        left -= ruler.size * 0.9
        side = ruler.size * 0.55
        shapes.append(Box(left, (ruler.size - side) / 2, side, side, *_look(number)))
        left -= ruler.size * 0.8
    return shapes


def _look(number: int) -> tuple[Role, bool]:
    """The first series is solid, the second hatched."""
    return ("brand", False) if number == 0 else ("accent", True)


def _most(chart: Chart) -> int:
    return max((abs(value) for each in chart.series for value in each.values if value), default=0)


def _bars(chart: Chart, top: float, wide: float, high: float, ruler: Ruler) -> list[Shape]:
    """One bar under the other, the largest first: names are read, not guessed."""
    many = len(chart.series)
    each = ruler.size * (1.15 if many == 1 else 1.5)
    fitting = max(1, int((high - top) // each))
    labels = chart.labels[:fitting]
    each = min((high - top) / max(len(labels), 1), each * 1.5)
    most = _most(chart) or 1
    names = min(max((ruler.length(label) for label in labels), default=0) + 8, wide * 0.34)
    figures = max(
        (ruler.length(ruler.figure(value)) for one in chart.series
         for value in one.values[:fitting] if value is not None), default=0,
    ) + 8  # fmt: skip
    room = max(wide - names - figures - 8, 10)
    shapes: list[Shape] = []
    for place, label in enumerate(labels):
        begin = top + place * each
        shapes.append(Words(0, begin + each / 2, names, label))
        thick = each * 0.62 / many
        far = 0.0
        for number, series in enumerate(chart.series):
            value = series.values[place]
            if not value:
                continue
            down = begin + each * 0.19 + number * thick
            long = max(room * abs(value) / most, 1)
            far = max(far, long)
            shapes.append(Box(names + 8, down, long, thick * 0.86, *_look(number)))
        if (value := chart.series[0].values[place]) is not None:
            text = ruler.figure(value)
            shapes.append(Words(names + 14 + far, begin + each / 2, figures, text))
    return shapes


def _axis(
    chart: Chart, top: float, wide: float, high: float, ruler: Ruler
) -> tuple[list[Shape], Callable[[int], float], float, float]:
    """Lines with their figures; where a value stands; the left edge and the foot of the field."""
    values = [value for each in chart.series for value in each.values if value is not None]
    upper, lower = max([0, *values]), min([0, *values])
    step = _step(max(upper - lower, 1))
    upper, lower = -(-upper // step) * step, lower // step * step
    if upper == lower:
        upper = step
    foot = high - ruler.size * 1.3
    marks = list(range(lower, upper + 1, step))
    left = max(ruler.length(ruler.short(mark)) for mark in marks) + 10
    head = top + ruler.size * 1.1

    def at(value: int) -> float:
        return foot - (foot - head) * (value - lower) / (upper - lower)

    shapes: list[Shape] = []
    for mark in marks:
        role: Role = "muted" if mark == 0 else "line"
        shapes.append(Stroke(((left, at(mark)), (wide, at(mark))), role, 1))
        shapes.append(Words(0, at(mark), left - 6, ruler.short(mark), "muted", "right"))
    return shapes, at, left, foot


def _step(span: int) -> int:
    """A round step that parts a span into at most four."""
    size = 1
    while True:
        for part in (1, 2, 5):
            if part * size * 4 >= span:
                return part * size
        size *= 10


def _columns(chart: Chart, top: float, wide: float, high: float, ruler: Ruler) -> list[Shape]:
    shapes, at, left, foot = _axis(chart, top, wide, high, ruler)
    each = (wide - left) / max(len(chart.labels), 1)
    many = len(chart.series)
    thick = min(each * 0.7 / many, ruler.size * 3)
    for number, series in enumerate(chart.series):
        for place, value in enumerate(series.values):
            if value is None:
                continue
            middle = left + (place + 0.5) * each
            begin = middle - many * thick / 2 + number * thick
            up, down = min(at(value), at(0)), max(at(value), at(0))
            shapes.append(Box(begin, up, thick * 0.9, max(down - up, 1), *_look(number)))
            text = ruler.short(value)
            if number == 0 and ruler.length(text) < each and value:
                shapes.append(
                    Words(middle - each / 2, up - ruler.size * 0.5, each, text, "muted", "center")
                )
    return shapes + _under(chart, left, foot, each, ruler)


def _line(chart: Chart, top: float, wide: float, high: float, ruler: Ruler) -> list[Shape]:
    shapes, at, left, foot = _axis(chart, top, wide, high, ruler)
    each = (wide - left) / max(len(chart.labels), 1)
    for number, series in reversed(list(enumerate(chart.series))):
        points = tuple(
            (left + (place + 0.5) * each, at(value))
            for place, value in enumerate(series.values) if value is not None
        )  # fmt: skip
        role, before = _look(number)
        shapes.append(Stroke(points, role, 1.6 if before else 2.4, before))
        if not before and each > ruler.size * 0.7:
            shapes += [Box(x - 2.5, y - 2.5, 5, 5, role) for x, y in points]
    return shapes + _under(chart, left, foot, each, ruler)


def _under(chart: Chart, left: float, foot: float, each: float, ruler: Ruler) -> list[Shape]:
    """As many labels as fit beside each other."""
    if not chart.labels:
        return []
    long = max(ruler.length(_brief(label)) for label in chart.labels) + ruler.size * 0.6
    every = max(1, int(-(-long // each)))
    found: list[Shape] = []
    for place in range(0, len(chart.labels), every):
        middle = left + (place + 0.5) * each
        found.append(
            Words(middle - long / 2, foot + ruler.size * 0.75, long, _brief(chart.labels[place]),
                  "muted", "center")
        )  # fmt: skip
    return found


def _brief(label: str) -> str:
    """A day without its year: the range stands over the chart."""
    return label[5:] if len(label) == 10 and label[4] == label[7] == "-" else label


def _heat(chart: Chart, top: float, wide: float, high: float, ruler: Ruler) -> list[Shape]:
    """Weekdays down, hours across; every cell that has room says its figure too."""
    left = max(ruler.length(each.name) for each in chart.series) + 10
    foot = high - ruler.size * 1.3
    each = (wide - left) / max(len(chart.labels), 1)
    deep = (foot - top) / max(len(chart.series), 1)
    most = _most(chart) or 1
    shapes: list[Shape] = []
    for down, series in enumerate(chart.series):
        begin = top + down * deep
        if deep >= ruler.size * 0.8 or down % 2 == 0:
            shapes.append(Words(0, begin + deep / 2, left - 6, series.name, "muted", "right"))
        for across, value in enumerate(series.values):
            at = left + across * each
            if not value or value < 0:
                shapes.append(Box(at + 1, begin + 1, each - 2, deep - 2, "line"))
                continue
            heat = min(len(HEATS) - 1, value * len(HEATS) // (most + 1))
            shapes.append(Box(at + 1, begin + 1, each - 2, deep - 2, HEATS[heat]))
            text = ruler.short(value)
            if ruler.length(text) < each - 4 and ruler.size < deep:
                role: Role = "on_heat" if heat >= 3 else "ink"
                shapes.append(Words(at, begin + deep / 2, each, text, role, "center"))
    return shapes + _under(chart, left, foot, each, ruler)
