"""Painting that several widgets share: text on one baseline, status shapes, the shield."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter

SHAPES = {"ok": "round", "warn": "triangle", "stop": "square"}
"""● 正常 ▲ 注意 ■ 停: a state is never told by colour alone."""


def text(
    painter: QPainter,
    area: QRect,
    words: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag = LEFT,
) -> int:
    """Draw one line of text, elided at the right when it does not fit; returns its width."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(area.width(), 0))
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(area, align | Qt.TextFlag.TextSingleLine, shown)
    return metrics.horizontalAdvance(shown)


def baseline_text(
    painter: QPainter, x: int, baseline: int, words: str, font: QFont, colour: QColor, room: int
) -> int:
    """Draw text standing on a baseline, elided to `room` pixels; returns its width."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(room, 0))
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(x, baseline, shown)
    return metrics.horizontalAdvance(shown)


def broken(words: str, metrics: QFontMetrics, wide: int) -> tuple[str, str]:
    """What stands in a first row of `wide` pixels, and what is left for a second one.

    Chinese may break anywhere; a space is taken where it is near, or where a word would be torn.
    """
    first = words
    while first and metrics.horizontalAdvance(first) >= wide:
        first = first[:-1]
    torn = words[len(first) - 1 : len(first) + 1]
    space = first.rstrip().rfind(" ")
    if first != words and space > 3 and (torn.isascii() or space * 2 > len(first)):
        first = first[:space]
    return first.rstrip(), words[len(first) :].lstrip()


def fitted(
    painter: QPainter,
    area: QRect,
    words: str,
    fonts: tuple[QFont, QFont],
    colour: QColor,
    align: Qt.AlignmentFlag = LEFT,
) -> None:
    """Words in the first font where it has the room, else in the second, else in two rows of it.

    Only what two rows of `area` cannot hold is elided, and Qt elides what fits to the pixel.
    """
    usual, small = fonts
    if QFontMetrics(usual).horizontalAdvance(words) < area.width():
        text(painter, area, words, usual, colour, align)
        return
    metrics = QFontMetrics(small)
    step = metrics.capHeight() + 8
    if metrics.horizontalAdvance(words) < area.width() or area.height() < 2 * step:
        text(painter, area, words, small, colour, align)
        return
    first, rest = broken(words, metrics, area.width())
    shift = step // 2
    text(painter, area.translated(0, -shift), first, small, colour, align)
    text(painter, area.translated(0, step - shift), rest, small, colour, align)


def baseline_in(area: QRect, font: QFont) -> int:
    """The baseline that puts this font's figures in the middle of an area."""
    metrics = QFontMetrics(font)
    return area.center().y() + (metrics.capHeight() + 1) // 2 + 1


def status_shape(painter: QPainter, area: QRectF, state: str, colour: QColor) -> None:
    """● ▲ ■ drawn as shapes, so that no font has to know them."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    shape = SHAPES.get(state, "round")
    if shape == "triangle":
        top = QPointF(area.center().x(), area.top())
        painter.drawPolygon(QPolygonF([top, area.bottomRight(), area.bottomLeft()]))
    elif shape == "square":
        painter.drawRect(area)
    else:
        painter.drawEllipse(area)
    painter.restore()


def rounded(
    painter: QPainter, area: QRect, fill: QColor, border: QColor, width: int, radius: int
) -> None:
    """A filled rounded box whose border lies inside `area`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    half = width / 2
    painter.setBrush(fill)
    painter.setPen(QPen(border, width) if width else QPen(Qt.PenStyle.NoPen))
    painter.drawRoundedRect(QRectF(area).adjusted(half, half, -half, -half), radius, radius)
    painter.restore()


def shield(
    painter: QPainter, area: QRectF, fill: QColor, letter: str, font: QFont, on_fill: QColor
) -> None:
    """The house mark: a shield with one character."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.moveTo(area.left(), area.top())
    path.lineTo(area.right(), area.top())
    path.lineTo(area.right(), area.top() + area.height() * 0.62)
    path.lineTo(area.center().x(), area.bottom())
    path.lineTo(area.left(), area.top() + area.height() * 0.62)
    path.closeSubpath()
    painter.fillPath(path, fill)
    painter.setFont(font)
    painter.setPen(on_fill)
    upper = QRectF(area.left(), area.top(), area.width(), area.height() * 0.84)
    painter.drawText(upper, int(CENTER), letter)
    painter.restore()
