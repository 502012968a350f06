"""How far long work is: a bar that counts something real, and the words that say what."""

from PySide6.QtWidgets import QProgressBar

from ui.theme import Theme
from ui.widgets.arrange import label


class Progress:
    """A bar and its words, to be put where the page has room; both hidden while nothing is done."""

    def __init__(self, theme: Theme) -> None:
        self.words = label("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(theme.px(8))
        self.bar.hide()

    def show(self, words: str, done: int, most: int) -> None:
        """Show `done` of `most` (0 = nobody knows); no words hide it."""
        self.words.setText(words)
        self.bar.setVisible(bool(words))
        self.bar.setRange(0, most)
        self.bar.setValue(done)
