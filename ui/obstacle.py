"""What stands between a person and their till: said in shop words, with a way to try again."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.errors import ShopError
from ui.language import tr
from ui.screens.sign_in import ShieldPicture
from ui.theme import Theme
from ui.views import MessageView
from ui.widgets.arrange import boxed, column, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.notices import InlineMessage

PASSPHRASE_CODES = ("passphrase_needed", "passphrase_wrong", "passphrase_too_short")


class Obstacle(QWidget):
    """One sentence and one button; asks for the passphrase where the folder has one.

    `tried(passphrase)` on Enter, "" where none is asked for.
    """

    tried = Signal(str)

    def __init__(self, theme: Theme, error: ShopError, words: str) -> None:
        super().__init__()
        px = theme.px
        self.setProperty("look", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        asks = error.code in PASSPHRASE_CODES
        self.passphrase = QLineEdit()
        # No till field: a passphrase may hold spaces.
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(tr("口令"))
        self.passphrase.setVisible(asks)
        title = tr("这台机的数据用口令锁着") if asks else tr("收银台没有打开")
        message = InlineMessage(theme)
        message.setVisible(error.code != "passphrase_needed")
        if error.code != "passphrase_needed":
            message.show_view(MessageView(text=words, code=error.code))
        self.button = ActionButton(
            theme, tr("打开") if asks else tr("再试一次"), "Enter", look="primary", height=60
        )
        self.button.setFixedWidth(px(230))
        self.button.clicked.connect(self._try)
        head = boxed(row(ShieldPicture(theme), label(title, "headline"), None, gap=px(16)))
        note = label("" if asks else tr("数据都在原处，没有改动"), "muted", wrap=True)
        note.setVisible(not asks)
        card = boxed(
            column(
                head, px(20), message, px(8), note, self.passphrase, px(20),
                row(None, self.button), margins=(px(32), px(28), px(32), px(32)),
            ),
            "card",
        )  # fmt: skip
        card.setObjectName("card")
        card.setFixedWidth(px(720))
        self.setLayout(column(None, row(None, card, None), None))
        self.setFocusProxy(self.passphrase if asks else self.button)

    def act(self, action: str) -> bool:
        """enter tries; back empties; nothing else works before a till is open."""
        if action == "enter":
            self._try()
        elif action == "back":
            self.passphrase.clear()
        return True

    def _try(self) -> None:
        typed = self.passphrase.text()
        self.passphrase.clear()
        self.tried.emit(typed)
