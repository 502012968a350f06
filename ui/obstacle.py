"""What stands between a person and their till: said in shop words, with a way on and a way out."""

from contextlib import suppress

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLineEdit, QMessageBox, QWidget

from app.errors import ShopError
from ui.language import error_words, tr
from ui.screens.sign_in import ShieldPicture
from ui.theme import Theme, load_fonts, no_font_sentence
from ui.views import MessageView
from ui.widgets.arrange import boxed, column, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.notices import InlineMessage

PASSPHRASE_CODES = ("passphrase_needed", "passphrase_wrong", "passphrase_too_short")


class Obstacle(QWidget):
    """One sentence and two ways on; asks for the passphrase where the folder has one.

    `tried(passphrase)` on Enter, "" where none is asked for; `left` on Esc.
    """

    tried = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme, error: ShopError, words: str) -> None:
        super().__init__()
        px = theme.px
        self.setProperty("look", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = (words, error.code)
        """What is said, and its code."""
        asks = error.code in PASSPHRASE_CODES
        self.passphrase = QLineEdit()
        # No till field: a passphrase may hold spaces.
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(tr("口令"))
        title = tr("这台机的数据用口令锁着") if asks else tr("收银台没有打开")
        message = InlineMessage(theme, standing=True)
        word = (
            tr("打开") if asks
            else tr("用原来的版本") if error.code == "update_gave_way"
            else tr("再试一次")
        )  # fmt: skip
        self.button = ActionButton(theme, word, "Enter", look="primary", height=60)
        self.button.setFixedWidth(px(230))
        self.button.clicked.connect(self._try)
        leave = ActionButton(theme, tr("关闭"), "Esc", height=60)
        leave.setFixedWidth(px(140))
        leave.clicked.connect(self.left)
        head = boxed(row(ShieldPicture(theme), label(title, "headline"), None, gap=px(16)))
        note = label("" if asks else tr("数据都在原处，没有改动"), "muted", wrap=True)
        card = boxed(
            column(
                head, px(20), message, px(8), note, self.passphrase, px(20),
                row(leave, None, self.button), margins=(px(32), px(28), px(32), px(32)),
            ),
            "card",
        )  # fmt: skip
        card.setObjectName("card")
        card.setFixedWidth(px(720))
        self.setLayout(column(None, row(None, card, None), None))
        # Shown or hidden only inside the card: a widget without a parent is a window.
        self.passphrase.setVisible(asks)
        note.setVisible(not asks)
        asked_first = error.code == "passphrase_needed"
        message.show_view(None if asked_first else MessageView(text=words, code=error.code))
        self.setFocusProxy(self.passphrase if asks else self.button)

    def act(self, action: str) -> bool:
        """enter tries; back empties, then leaves; nothing else works before a till is open."""
        if action == "enter":
            self._try()
        elif action == "back" and self.passphrase.text():
            self.passphrase.clear()
        elif action == "back":
            self.left.emit()
        return True

    def _try(self) -> None:
        typed = self.passphrase.text()
        self.passphrase.clear()
        self.tried.emit(typed)


def tell_plainly(error: ShopError) -> None:
    """Before our own fonts and colours stand: the system's own box, in words it can draw."""
    chinese = error.code != "no_han_font"
    words = f"{error_words(error)}\n{error.code}" if chinese else no_font_sentence()
    box = QMessageBox(QMessageBox.Icon.Critical, "开平优品" if chinese else "Till", words)
    with suppress(ShopError):
        box.setFont(QFont(load_fonts()))
    box.addButton("关闭" if chinese else "Close", QMessageBox.ButtonRole.RejectRole)
    box.exec()
