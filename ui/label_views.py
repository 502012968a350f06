"""What the page of labels is shown beside a document: the label as it will be, and progress."""

from ui.document_views import DocumentView


class LabelsView(DocumentView, frozen=True, kw_only=True):
    """A document of labels. `progress`: words, how many are done, of how many; "" hides it."""

    picture: bytes = b""
    with_picture: bool = False
    progress: tuple[str, int, int] = ("", 0, 0)
