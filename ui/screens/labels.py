"""标签: goods and how many labels of each, with the label as it will be printed beside them."""

from ui.document_views import DocumentView
from ui.label_views import LabelsView
from ui.language import tr
from ui.screens.document import DocumentScreen
from ui.theme import Theme
from ui.widgets.picture import PaperPicture
from ui.widgets.progress import Progress

PICTURE_HEIGHT, LOW_HEIGHT = 200, 120
"""Of the label's picture, and of it where large type meets a low screen."""


class LabelsScreen(DocumentScreen):
    """A document with a picture over what is said of the line."""

    def __init__(self, theme: Theme) -> None:
        self._picture = PaperPicture(theme, whole=True, empty=tr("这里是打出来的样子"))
        self._picture.setFixedHeight(theme.px(PICTURE_HEIGHT))
        self._progress = Progress(theme)
        beside = (self._picture, self._progress.words, self._progress.bar)
        super().__init__(theme, tr("标签"), beside=beside)
        self.steps.all.hide()

    def _fit(self) -> None:
        super()._fit()
        tight = self.height() < self.theme.px(620)
        self._picture.setFixedHeight(self.theme.px(LOW_HEIGHT if tight else PICTURE_HEIGHT))

    def show_view(self, view: DocumentView) -> None:
        """Show the page with its label as it stands."""
        assert isinstance(view, LabelsView)
        self._picture.show_png(view.picture)
        self._picture.setVisible(view.with_picture)
        self._progress.show(*view.progress)
        self._progress.words.setVisible(bool(view.progress[0]))
        super().show_view(view)
