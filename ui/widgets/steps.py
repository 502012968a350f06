"""One more, one less, all of it: beside a quantity, each also by its sign on the keyboard."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.language import tr
from ui.theme import Theme
from ui.widgets.arrange import row
from ui.widgets.buttons import ActionButton

LESS, MORE, ALL = "-", "+", "*"


class _Sign(ActionButton):
    """Its word is its key."""

    def __init__(self, theme: Theme, word: str, sign: str) -> None:
        super().__init__(theme, word, height=48, size="title")
        self._sign = sign
        self.setFixedWidth(theme.px(52))

    @property
    def key(self) -> str:
        return self._sign


class Steps(QWidget):
    """Three buttons; `press` is for the page, which hears the keys."""

    stepped = Signal(int)
    """One more (1) or one less (-1)."""
    all_of_it = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        less, more = _Sign(theme, "−", LESS), _Sign(theme, "+", MORE)
        self.all = ActionButton(theme, tr("全部"), ALL, height=48)
        self._buttons = {LESS: less, MORE: more, ALL: self.all}
        less.setAccessibleName(tr("少一件"))
        more.setAccessibleName(tr("多一件"))
        less.clicked.connect(lambda: self.stepped.emit(-1))
        more.clicked.connect(lambda: self.stepped.emit(1))
        self.all.clicked.connect(self.all_of_it)
        self.setLayout(row(less, more, self.all, gap=theme.px(8)))

    def press(self, sign: str) -> bool:
        """The button that says this sign; False when there is none to be pressed."""
        button = self._buttons.get(sign)
        if button is None or not button.isVisible():
            return False
        button.click()
        return True
