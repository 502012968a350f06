"""Words on the left, figures on the right, one row each."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from ui.theme import Theme
from ui.widgets.arrange import empty, label


class Figures(QWidget):
    """A short list of amounts or counts; a row whose word begins with ＝ is the sum of it."""

    def __init__(self, theme: Theme, *, look: str = "product", gap: int = 6) -> None:
        super().__init__()
        self._look = look
        self._shown: tuple[tuple[str, str], ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(theme.px(gap))
        self._grid.setColumnStretch(0, 1)

    def show_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show these and nothing else."""
        if tuple(rows) == self._shown:
            return
        self._shown = tuple(rows)
        empty(self._grid)
        for place, (word, figure) in enumerate(rows):
            look = "strong" if word.startswith("＝") else self._look
            self._grid.addWidget(label(word, look), place, 0)
            self._grid.addWidget(label(figure, "strong", right=True), place, 1)
