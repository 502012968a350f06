"""What a window says in labels, buttons, fields and paint."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

from ui.widgets import chart, paint


def worded(window: QWidget) -> set[str]:
    """Every text of the window as it stands, its tips and what a screen reader says included."""
    said: set[str] = set()
    for part in window.findChildren(QWidget):
        if part.isVisible():
            said |= {*_texts(part), part.accessibleName(), part.toolTip()}
    with painted(said):
        window.grab()
    return {text for text in said if text and not text.isascii()}


def _texts(part: QWidget) -> tuple[str, ...]:
    if isinstance(part, QLabel | QAbstractButton):
        return (part.text(),)
    if isinstance(part, QLineEdit):
        return (part.placeholderText(),)
    if isinstance(part, QComboBox):
        return tuple(part.itemText(row) for row in range(part.count()))
    return ()


@contextmanager
def painted(said: set[str]) -> Iterator[None]:
    """Whatever is painted while the block runs joins `said`."""
    text, baseline = paint.text, paint.baseline_text

    def noted(painter: Any, area: Any, words: str, *how: Any) -> int:
        said.add(words)
        return text(painter, area, words, *how)

    def noted_at(painter: Any, x: int, y: int, words: str, *how: Any) -> Any:
        said.add(words)
        return baseline(painter, x, y, words, *how)

    class Metrics(QFontMetricsF):
        def elidedText(self, words: str, *how: Any) -> str:
            said.add(words)
            return super().elidedText(words, *how)

    instead: list[tuple[Any, str, Any]] = [
        (paint, "text", noted), (paint, "baseline_text", noted_at),
        (chart, "QFontMetricsF", Metrics),
    ]  # fmt: skip
    before = [getattr(module, name) for module, name, _ in instead]
    for module, name, new in instead:
        setattr(module, name, new)
    try:
        yield
    finally:
        for (module, name, _), own in zip(instead, before, strict=True):
            setattr(module, name, own)
