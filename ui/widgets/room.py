"""The frame every room behind the till shares: heading, message, body, one primary button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from ui.language import tr
from ui.theme import Theme
from ui.views import MessageView
from ui.widgets.arrange import boxed, column, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.notices import InlineMessage


class Room(QWidget):
    """Esc leaves (`left`), unless a message waits for its answer."""

    left = Signal()
    message_closed = Signal()
    message_action = Signal(str)
    refused = Signal(str)

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self.theme = theme
        self.setProperty("look", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(title)
        self.title = label(title, "headline")
        self.under = label("", "muted")
        self.message = InlineMessage(theme)
        self.message.closed.connect(self.message_closed)
        self.message.action_chosen.connect(self.message_action)
        self.head = row(gap=theme.px(8))
        self.foot = row(gap=theme.px(8))
        self._back = self.button(tr("返回"), "Esc")
        self._back.clicked.connect(self.left)
        self.foot.addWidget(self._back)
        self.foot.addStretch(1)

    def build(self, body: QLayout | QWidget) -> None:
        """Put the room together around its body."""
        px = self.theme.px
        heading = row(self.title, self.under, None, self.head, gap=px(16))
        parts = column(
            heading, px(6), self.message, px(10), body, px(16), self.foot,
            margins=(px(24), px(18), px(24), px(16)),
        )  # fmt: skip
        parts.setStretch(4, 1)
        self.setLayout(parts)

    def button(self, word: str, key: str = "", *, look: str = "plain") -> ActionButton:
        """A button of the foot, wide enough for its word."""
        made = ActionButton(self.theme, word, key, look=look, height=60)
        made.setFixedWidth(self.theme.px(260 if look == "primary" else 150))
        made.refused.connect(self.refused)
        return made

    def show_message(self, view: MessageView | None) -> None:
        """Show what has to be said, or nothing."""
        self.message.show_view(view)

    def back(self) -> bool:
        """Esc: answer the message first, leave then."""
        if not self.message.answer():
            self.left.emit()
        return True


def card(theme: Theme, body: QLayout, *, pad: int = 16) -> QWidget:
    """A white card around a layout."""
    space = theme.px(pad)
    body.setContentsMargins(space, space, space, space)
    return boxed(body, "card")


def spread(body: QLayout) -> QWidget:
    """A plain box around a layout."""
    return boxed(column(body))
