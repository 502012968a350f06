"""Words that painted lists, cards, columns and buttons cut with "…" or draw beyond their edge.

Labels can be asked how wide they are; what is painted is known only while it is painted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from ui.widgets import chart, paint

NAMES_OF_GOODS = ("开平非遗大沙里水库高山云雾手工有机大沙红茶礼盒",)
"""The name of an article may be longer than any line of a basket: it is elided, the price never."""


@contextmanager
def watched() -> Iterator[list[str]]:
    """Everything painted with fewer letters than it has, or outside, while the block runs."""
    cut: list[str] = []

    def noted(text: str, shown: str) -> str:
        if shown != text and text not in NAMES_OF_GOODS:
            cut.append(f"{text} → {shown}")
        return shown

    class Metrics(QFontMetrics):
        def elidedText(self, text: str, *how: Any) -> str:
            return noted(text, super().elidedText(text, *how))

    class MetricsF(QFontMetricsF):
        def elidedText(self, text: str, *how: Any) -> str:
            return noted(text, super().elidedText(text, *how))

    drawn = paint.text

    def text(painter: QPainter, area: QRect, words: str, font: QFont, *how: Any) -> int:
        room = painter.device()
        if words.strip() and isinstance(room, QWidget) and area.right() > room.width() + 1:
            cut.append(f"{words} goes {area.right() - room.width()} px beyond the edge")
        return drawn(painter, area, words, font, *how)

    with_names: list[tuple[Any, str, Any]] = [
        (paint, "QFontMetrics", Metrics), (paint, "text", text), (chart, "QFontMetricsF", MetricsF)
    ]  # fmt: skip
    before = [getattr(module, name) for module, name, _ in with_names]
    for module, name, instead in with_names:
        setattr(module, name, instead)
    try:
        yield cut
    finally:
        for (module, name, _), own in zip(with_names, before, strict=True):
            setattr(module, name, own)


def painted_cuts(window: QWidget) -> list[str]:
    """What is cut in this window as it stands."""
    with watched() as cut:
        window.grab()
    return sorted(set(cut))
