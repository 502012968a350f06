"""Buttons that say their key, the bottom bar of keys, and the number pad.

None of them takes the keyboard focus by itself: 空格 and Enter mean the same thing wherever a
finger was. A page that sells nothing may make one reachable by Tab, which then shows its ring.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from ui.language import tr
from ui.theme import RADIUS, Theme
from ui.widgets import paint
from ui.widgets.arrange import empty, row


class ActionButton(QAbstractButton):
    """A word and, small under it, its key (or why it cannot be pressed)."""

    refused = Signal(str)
    """Pressed while disabled: the reason, so that a finger gets an answer too."""

    def __init__(
        self,
        theme: Theme,
        word: str,
        key: str = "",
        *,
        look: str = "plain",
        height: int = 64,
        size: str = "product",
    ) -> None:
        super().__init__()
        self._theme = theme
        self._key = key
        self._reason = ""
        self._look = look
        self._size = size
        self._height = theme.px(height)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(word)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)

    @property
    def key(self) -> str:
        """The key written on it, "" for none: then Tab or typing has to do what it does."""
        return self._key

    def set_word(self, word: str, key: str | None = None) -> None:
        """Change the word, and the key hint when one is given."""
        self.setText(word)
        if key is not None:
            self._key = key
        self.updateGeometry()
        self.update()

    def set_usable(self, usable: bool, reason: str = "") -> None:
        """A button that cannot be pressed says why."""
        self._reason = "" if usable else reason
        self.setEnabled(usable)
        self.setAccessibleDescription(self._reason)
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        """Mark one of several as the chosen one."""
        look = "chosen" if chosen else "plain"
        if look != self._look:
            self._look = look
            self.update()

    def set_height(self, height: int) -> None:
        """Another height in pixels at 100 %, where the page has less room."""
        self._height = self._theme.px(height)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        bold = self._look in ("primary", "chosen")
        size = "title" if self._look == "primary" else self._size
        words = QFontMetrics(self._theme.font(size, bold=bold)).horizontalAdvance(self.text())
        hint = QFontMetrics(self._theme.font("small")).horizontalAdvance(self._under())
        if hint and self._height < self._theme.px(56):
            # Too low for two rows: the key stands beside the word.
            return QSize(words + hint + self._theme.px(8 + 24), self._height)
        return QSize(max(words, hint) + self._theme.px(32), self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(48), self._height)

    def _under(self) -> str:
        return self._reason or self._key

    def _word_font(self) -> QFont:
        size = self._size
        if self._look == "primary" and self._height >= self._theme.px(56):
            size = "title"
        bold = self._look in ("primary", "chosen")
        font = self._theme.font(size, bold=bold)
        for smaller in ("body", "small"):
            wide = QFontMetrics(font).horizontalAdvance(self.text())
            if wide > self.width() - self._theme.px(12):
                font = self._theme.font(smaller, bold=bold)
        return font

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.isEnabled() and self._reason:
            self.refused.emit(self._reason)
        super().mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        fill, border, words, under, width = self._paints()
        if self.hasFocus():
            border, width = "ring", 3
        paint.rounded(painter, self.rect(), theme.colour(fill), theme.colour(border), width, RADIUS)
        inside = self.rect().adjusted(theme.px(6), 0, -theme.px(6), 0)
        font, hint = self._word_font(), theme.font("small")
        if not self._under():
            ink = theme.colour(words)
            paint.fitted(painter, inside, self.text(), (font, hint), ink, paint.CENTER)
        elif self._height < theme.px(56):
            self._paint_beside(painter, inside, font, hint, words, under)
        else:
            self._paint_above(painter, inside, font, hint, words, under)
        painter.end()

    def _paint_above(
        self, painter: QPainter, inside: QRect, font: QFont, hint: QFont, words: str, under: str
    ) -> None:
        """The word over its key or reason; what is too long for one row takes a second one."""
        theme = self._theme
        said = [(part, font, words) for part in _rows(self.text(), font, inside.width())]
        said += [(part, hint, under) for part in _rows(self._under(), hint, inside.width())]
        gap = theme.px(13)
        if len(said) > 2:
            body, gap = theme.font("body", bold=font.bold()), theme.px(9)
            larger = font.pixelSize() > body.pixelSize()
            said = [
                (part, body if kind is font and larger else kind, ink)
                for part, kind, ink in said[:3]
            ]
        # Noto's lines are tall; what is centred is the ink: capitals, a gap, capitals.
        high = [QFontMetrics(kind).capHeight() for _, kind, _ in said]
        top = (self.height() - sum(high) - gap * (len(said) - 1)) // 2
        for (part, kind, ink), cap in zip(said, high, strict=True):
            area = QRect(inside.left(), top - cap, inside.width(), cap * 3)
            paint.text(painter, area, part, kind, theme.colour(ink), paint.CENTER)
            top += cap + gap

    def _paint_beside(
        self, painter: QPainter, inside: QRect, font: QFont, hint: QFont, words: str, under: str
    ) -> None:
        gap = self._theme.px(8)
        wide = QFontMetrics(font).horizontalAdvance(self.text())
        key_wide = QFontMetrics(hint).horizontalAdvance(self._under())
        if wide + gap + key_wide > inside.width():
            ink = self._theme.colour(words)
            paint.fitted(painter, inside, self.text(), (font, hint), ink, paint.CENTER)
            return
        left = inside.left() + (inside.width() - wide - gap - key_wide) // 2
        first = QRect(left, inside.top(), wide + 2, inside.height())
        paint.text(painter, first, self.text(), font, self._theme.colour(words))
        second = QRect(left + wide + gap, inside.top() + 1, key_wide + 2, inside.height())
        paint.text(painter, second, self._under(), hint, self._theme.colour(under))

    def _paints(self) -> tuple[str, str, str, str, int]:
        """(fill, border, word, hint, border width) of the present state."""
        down = self.isDown()
        if not self.isEnabled():
            return "pressed", "line", "muted", "muted", 1
        if self._look == "primary":
            fill = "brand_down" if down else "brand"
            return fill, fill, "on_brand", "on_brand", 0
        if self._look == "danger":
            return ("danger_soft" if down else "surface"), "danger", "danger", "muted", 1
        if self._look == "chosen":
            return "brand_soft", "brand", "brand", "muted", 2
        return ("pressed" if down else "surface"), "edge", "ink", "muted", 1


def _rows(words: str, font: QFont, wide: int) -> list[str]:
    """Words in one row, or in two where one is too narrow."""
    metrics = QFontMetrics(font)
    if metrics.horizontalAdvance(words) < wide:
        return [words]
    return list(paint.broken(words, metrics, wide))


class Switch(QAbstractButton):
    """On or off, told by the knob's side and by a word. Takes focus: settings are filled in."""

    def __init__(self, theme: Theme, *, on: bool) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setChecked(on)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(104), self._theme.px(48))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        on = self.isChecked() and self.isEnabled()
        track = QRect(px(4), (self.height() - px(28)) // 2, px(52), px(28))
        fill = theme.colour("brand" if on else "pressed")
        edge = theme.colour("ring" if self.hasFocus() else "brand" if on else "edge")
        paint.rounded(painter, track, fill, edge, 3 if self.hasFocus() else 1, px(14))
        knob = QRect(0, 0, px(20), px(20))
        knob.moveCenter(track.center())
        knob.moveLeft(track.right() - px(23) if self.isChecked() else track.left() + px(4))
        dot = theme.colour("on_brand" if on else "muted")
        paint.rounded(painter, knob, dot, dot, 0, px(10))
        words = QRect(track.right() + px(10), 0, px(40), self.height())
        word = tr("开") if self.isChecked() else tr("关")
        paint.text(painter, words, word, theme.font("body"), theme.colour("ink"))
        painter.end()


class HintButton(QAbstractButton):
    """A key as a small cap, and its word; pressing it does what the key does."""

    def __init__(self, theme: Theme, key: str, word: str) -> None:
        super().__init__()
        self._theme = theme
        self._key = key
        self.setText(word)
        self.setAccessibleName(word)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    @property
    def key(self) -> str:
        """The key on its cap."""
        return self._key

    def sizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(self._cap() + px(8) + self._word() + px(8), px(48))

    def _cap(self) -> int:
        bold = QFontMetrics(self._theme.font("small", bold=True))
        return max(bold.horizontalAdvance(self._key) + self._theme.px(14), self._theme.px(30))

    def _word(self) -> int:
        return QFontMetrics(self._theme.font("small")).horizontalAdvance(self.text())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        height = theme.px(26)
        cap = QRect(0, (self.height() - height) // 2, self._cap(), height)
        fill = "pressed" if self.isDown() else "paper"
        paint.rounded(painter, cap, theme.colour(fill), theme.colour("edge"), 1, RADIUS)
        bold, plain = theme.font("small", bold=True), theme.font("small")
        paint.text(painter, cap, self._key, bold, theme.colour("ink"), paint.CENTER)
        word = QRect(cap.right() + theme.px(8), 0, self._word() + 2, self.height())
        paint.text(painter, word, self.text(), plain, theme.colour("muted"))
        painter.end()


class KeyBar(QWidget):
    """The bottom bar: what the keys do here, and a few words at the right."""

    pressed = Signal(str)
    """The action of a hint that was touched."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._right = ""
        self._hints: list[HintButton] = []
        self._row = row(gap=theme.px(12), margins=(theme.px(16), 0, theme.px(16), 0))
        self.setLayout(self._row)
        self.setFixedHeight(theme.px(48))

    def show_hints(self, hints: Sequence[tuple[str, str, str]], right: str = "") -> None:
        """(action, key, word) from left to right; `right` is the last sale or what was saved."""
        empty(self._row)
        self._hints = []
        for action, key, word in hints:
            button = HintButton(self._theme, key, word)
            button.clicked.connect(lambda _=False, name=action: self.pressed.emit(name))
            self._row.addWidget(button)
            self._hints.append(button)
        self._row.addStretch(1)
        self._fit()
        self.show_right(right)

    def show_right(self, words: str) -> None:
        """The words at the right end."""
        self._right = words
        self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        # Hints that do not fit are still on the F1 card; half a hint would be worse than none.
        # The last one leads to every room, so its place is kept first.
        left = self._theme.px(16)
        for button in (*self._hints[-1:], *self._hints[:-1]):
            left += button.sizeHint().width() + self._theme.px(12)
            button.setVisible(left <= self.width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.fillRect(0, 0, self.width(), 1, theme.colour("line"))
        taken = [button.geometry().right() for button in self._hints if button.isVisible()]
        start = max(taken, default=0) + theme.px(16)
        room = QRect(start, 0, self.width() - theme.px(16) - start, self.height())
        font = theme.font("small")
        if QFontMetrics(font).horizontalAdvance(self._right) <= room.width():
            paint.text(painter, room, self._right, font, theme.colour("muted"), paint.RIGHT)
        painter.end()


class NumberPad(QWidget):
    """Digits for fingers; `pressed` carries a digit, ".", "clear" or "back"."""

    pressed = Signal(str)

    ROWS = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"))

    def __init__(self, theme: Theme, *, last: str = ".", height: int = 52) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.px(8))
        rows = (*self.ROWS, (last, "0", "back"))
        for line, words in enumerate(rows):
            for place, word in enumerate(words):
                shown = {"back": tr("退格"), "clear": tr("清空")}.get(word, word)
                size = "title" if len(shown) == 1 else "product"
                button = ActionButton(theme, shown, height=height, size=size)
                expanding = QSizePolicy.Policy.Expanding
                button.setSizePolicy(expanding, expanding)
                button.clicked.connect(lambda _=False, name=word: self.pressed.emit(name))
                grid.addWidget(button, line, place)
        for place in range(3):
            grid.setColumnStretch(place, 1)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_height(self, height: int) -> None:
        """Another height of the keys in pixels at 100 %."""
        for button in self.findChildren(ActionButton):
            button.set_height(height)
