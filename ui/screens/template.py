"""小票模板: the shop's own words on the left, the paper they make on the right, live."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit

from ui.language import tr
from ui.room_views import TemplateView
from ui.theme import Theme
from ui.widgets.arrange import boxed, column, label, row
from ui.widgets.picture import PaperPicture
from ui.widgets.room import Room

PAUSE_MS = 250
"""The picture follows when the typing pauses."""


class TemplateScreen(Room):
    """`typed(text)` after each pause, `kept(text)` to take it, `shipped` for the till's own."""

    typed = Signal(str)
    kept = Signal(str)
    shipped = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("小票模板"))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("小票模板"))
        self.text.setTabChangesFocus(True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(lambda: self.typed.emit(self.text.toPlainText()))
        self.text.textChanged.connect(self._pause.start)
        self._paper = PaperPicture(theme)
        self._note = label("", "muted", wrap=True)
        own = self.button(tr("用自带的"))
        self._keep = self.button(tr("保存"), look="primary")
        for button in (own, self._keep):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        own.clicked.connect(self.shipped)
        self._keep.clicked.connect(lambda: self.kept.emit(self.text.toPlainText()))
        self.foot.addWidget(own)
        self.foot.addWidget(self._keep)
        words = column(self.text, self._note, gap=theme.px(8))
        words.setStretch(0, 1)
        both = row(boxed(words), self._paper, gap=theme.px(24))
        both.setStretch(0, 3)
        both.setStretch(1, 2)
        self.build(both)
        self.setFocusProxy(self.text)

    def show_view(self, view: TemplateView) -> None:
        """Show the words, what is wrong with them, and what they print."""
        if view.text and view.text != self.text.toPlainText():
            self.text.setPlainText(view.text)
        self.show_message(view.message)
        self._note.setText(view.note)
        self._paper.show_png(view.preview_png)
        self._keep.set_usable(view.keeps, view.reason)

    def act(self, action: str) -> bool:
        """back leaves; everything else is typing."""
        if action == "back":
            return self.back()
        return action not in ("mute", "keys")
