"""Layouts and labels in one line each, so that a screen reads like the picture it makes."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

Part = QWidget | QLayout | int | None
"""A widget, a layout, a space in pixels, or None for room that stretches."""


def column(
    *parts: Part, gap: int = 0, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """Parts under each other; margins are left, top, right, bottom."""
    layout = QVBoxLayout()
    _fill(layout, parts, gap, margins)
    return layout


def row(
    *parts: Part, gap: int = 0, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QHBoxLayout:
    """Parts beside each other; margins are left, top, right, bottom."""
    layout = QHBoxLayout()
    _fill(layout, parts, gap, margins)
    return layout


def _fill(
    layout: QBoxLayout,
    parts: tuple[Part, ...],
    gap: int,
    margins: tuple[int, int, int, int],
) -> None:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)


def walk(stops: Sequence[QWidget], step: int) -> None:
    """Move the keyboard `step` stops on, round the end; to the first one when it was elsewhere."""
    stops = [stop for stop in stops if stop.isEnabled()]
    if stops:
        place = [number for number, stop in enumerate(stops) if stop.hasFocus()]
        stops[(place[0] + step if place else 0) % len(stops)].setFocus()


def boxed(layout: QLayout, look: str = "") -> QWidget:
    """A widget around a layout; `look` names its background in the style sheet."""
    widget = QWidget()
    if look:
        widget.setProperty("look", look)
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.setLayout(layout)
    return widget


class Wrapped(QLabel):
    """Text of several rows that never asks for more room than it is given.

    Qt's own label claims the height its text would need in the narrowest column, and a window
    that believes it grows beyond the screen.
    """

    def minimumSizeHint(self) -> QSize:
        """One row is enough to ask for."""
        height = self.fontMetrics().height()
        return QSize(height * 3, height)


def label(text: str = "", look: str = "", *, right: bool = False, wrap: bool = False) -> QLabel:
    """Plain text; never rich text, because product names come from outside."""
    made = Wrapped(text) if wrap else QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if look:
        made.setProperty("look", look)
    if right:
        made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    if wrap:
        made.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    return made


def rule(*, upright: bool = False) -> QFrame:
    """A hairline."""
    line = QFrame()
    line.setProperty("look", "upright" if upright else "rule")
    return line


def relook(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet looks at, and let Qt look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def empty(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (taken := layout.takeAt(0)) is not None:
        if (widget := taken.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := taken.layout()) is not None:
            empty(inner)
            inner.deleteLater()
