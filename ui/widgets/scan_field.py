"""The field at the top of the till: what is typed there is a code, initials or a quantity."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.language import tr
from ui.theme import Theme
from ui.widgets import paint


class ScanField(QLineEdit):
    """Scans never arrive here (the filter hands them over); this is for fingers only.

    `entered(text)` on Enter, `searched(text)` while typing, `quantity_typed(text)` when a number
    is followed by `*` (also ×): it is meant for the next article.
    """

    entered = Signal(str)
    searched = Signal(str)
    quantity_typed = Signal(str)

    def __init__(self, theme: Theme, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hint = hint
        self._waiting_quantity = ""
        self.setProperty("look", "scan")
        self.setProperty("till_field", True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMaxLength(200)
        self.setAccessibleName(tr("扫码·货号·拼音首字母"))
        self.setPlaceholderText(tr("扫码·货号·拼音首字母"))
        self.textEdited.connect(self._edited)

    def take_text(self) -> str:
        """What was typed, and the field is empty again."""
        typed = self.text().strip()
        self.clear()
        return typed

    def enter(self) -> bool:
        """Enter was pressed: tell what was typed; False when nothing was."""
        typed = self.take_text()
        if typed:
            self.entered.emit(typed)
        return bool(typed)

    def show_quantity(self, words: str) -> None:
        """Remind of the quantity that waits for the next article ("× 3"), "" for none."""
        self._waiting_quantity = words
        self.update()

    def _edited(self, typed: str) -> None:
        if typed and typed[-1] in "*×x" and _is_number(typed[:-1]):
            self.clear()
            self.quantity_typed.emit(typed[:-1])
            return
        self.searched.emit(typed.strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, px = QPainter(self), self._theme.px
        right = QRect(self.rect()).adjusted(0, 0, -px(20), 0)
        if self._waiting_quantity:
            font = self._theme.font("amount", bold=True)
            paint.text(
                painter, right, self._waiting_quantity, font, self._theme.colour("brand"),
                paint.RIGHT,
            )  # fmt: skip
        elif self._hint and not self.text():
            font = self._theme.font("small")
            paint.text(painter, right, self._hint, font, self._theme.colour("muted"), paint.RIGHT)
        painter.end()


def _is_number(text: str) -> bool:
    digits = text.removesuffix("j").removesuffix("斤").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
