"""A question beside a room's list, by key, by finger and by number pad."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.theme import Theme
from ui.views import QuestionView
from ui.widgets.arrange import column
from ui.widgets.buttons import NumberPad
from ui.widgets.notices import QuestionBar


class QuestionPanel(QWidget):
    """`answered(choice, value)`; a choice's own key answers too, digits go into the value.

    `pad` belongs under the list: beside the question there is no room for it on a low screen.
    """

    answered = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: QuestionView | None = None
        self.bar = QuestionBar(theme)
        self.bar.answered.connect(self.answered)
        self.pad = NumberPad(theme, height=48)
        self.pad.pressed.connect(self.bar.press)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLayout(column(self.bar))
        self.hide()
        self.pad.hide()

    @property
    def asking(self) -> bool:
        """Whether a question is open."""
        return self._view is not None

    def show_view(self, view: QuestionView | None) -> None:
        """Show a question with the cursor where its answer goes, or nothing."""
        fresh, self._view = view != self._view, view
        self.bar.show_view(view)
        self.setVisible(view is not None)
        self.pad.setVisible(view is not None and bool(view.value))
        if view is not None and fresh:
            # Large type on a low screen: everything stays, the pad's keys a little lower.
            high, px = self.window().height(), self._theme.px
            self.pad.set_height(28 if high < px(640) else 36 if high < px(760) else 48)
            self.setFocus()
            self.bar.take_focus()

    def act(self, action: str) -> bool:
        """Enter and Esc; True when a question was open."""
        return self.bar.act(action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The key written on a choice chooses it."""
        for choice in self._view.choices if self._view is not None else ():
            if choice.key and choice.key == event.text().upper():
                self.answered.emit(choice.name, "")
                return
        event.ignore()
