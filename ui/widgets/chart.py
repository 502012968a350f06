"""A report's chart on the screen: the shapes of `printers/charts.py` in the theme's colours."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.reports.sheet import Chart
from printers.charts import Box, Role, Stroke, Words, drawn, ruler_of
from ui.presenters.report_words import WORDS
from ui.theme import Theme
from ui.widgets import paint

_HEAT = {"heat1": 36, "heat2": 84, "heat3": 132, "heat4": 190, "heat5": 255}
_ALIGN = {"left": paint.LEFT, "right": paint.RIGHT, "center": paint.CENTER}


def paint_chart(painter: QPainter, chart: Chart, theme: Theme, wide: int, high: int) -> None:
    """Paint a chart into a rectangle from the painter's origin."""
    font = theme.font("small")
    metrics = QFontMetricsF(font)
    size, long = theme.px(20), metrics.horizontalAdvance
    ruler = ruler_of(chart.unit, long, size, han=WORDS.han_figures())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for shape in drawn(chart, wide, high, ruler):
        match shape:
            case Box():
                _box(painter, shape, theme)
            case Stroke():
                pen = QPen(_colour(shape.role, theme), shape.wide)
                pen.setStyle(Qt.PenStyle.DashLine if shape.dashed else Qt.PenStyle.SolidLine)
                painter.setPen(pen)
                painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in shape.points]))
            case Words():
                painter.setFont(font)
                painter.setPen(_colour(shape.role, theme))
                area = QRectF(shape.left, shape.middle - theme.px(12), shape.wide, theme.px(24))
                said = metrics.elidedText(shape.text, Qt.TextElideMode.ElideRight, shape.wide + 1)
                painter.drawText(area, int(_ALIGN[shape.align]), said)


def _box(painter: QPainter, shape: Box, theme: Theme) -> None:
    area = QRectF(shape.left, shape.top, shape.wide, shape.high)
    colour = _colour(shape.role, theme)
    if shape.hatched:
        painter.fillRect(area, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        painter.setPen(QPen(colour, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))
    else:
        painter.fillRect(area, colour)


def _colour(role: Role, theme: Theme) -> QColor:
    if role in _HEAT:
        colour = QColor(theme.colour("brand"))
        colour.setAlpha(_HEAT[role])
        return colour
    return theme.colour({"on_heat": "on_brand", "soft": "brand_soft"}.get(role, role))


class ChartPicture(QWidget):
    """The painted chart."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._chart: Chart | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.px(90))

    def show_chart(self, chart: Chart | None, words: str) -> None:
        """Show a chart; `words` say it to whoever does not see it."""
        self._chart = chart
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._chart is None:
            return
        painter = QPainter(self)
        paint_chart(painter, self._chart, self._theme, self.width(), self.height())
        painter.end()
