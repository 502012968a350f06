"""What the pages of stock documents are shown: lines, the marked one, what else has to be said."""

from ui.room_views import ListView
from ui.views import ChoiceView, MessageView, QuestionView, View


class SayView(View, frozen=True, kw_only=True):
    """Something that may be said of a line or a document: its letter, word and what was said."""

    name: str
    word: str
    key: str
    value: str = ""
    missing: bool = False
    """The document cannot be posted without it."""


class DocumentLineView(View, frozen=True, kw_only=True):
    """The marked line: how much, and what is wrong with it."""

    key: str
    name: str
    quantity: str = ""
    weighed: bool = False
    note: str = ""
    refused: bool = False


class DocumentView(View, frozen=True, kw_only=True):
    """A document being written, or a list to choose one from (`line` None)."""

    under: str = ""
    """Which document it is; "" while one is looked for."""
    hint: str = ""
    """What the search field takes."""
    rows: ListView = ListView()
    choosing: bool = False
    """Enter opens the marked row."""
    typing: bool = False
    """Letters look for something; else they are keys of what carries them."""
    line: DocumentLineView | None = None
    says: tuple[SayView, ...] = ()
    """Of the marked line."""
    head: tuple[SayView, ...] = ()
    """Of the whole document."""
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""
    buttons: tuple[ChoiceView, ...] = ()
    total_label: str = ""
    total: str = ""
    confirm_word: str
    confirm_enabled: bool = False
    confirm_reason: str = ""
    question: QuestionView | None = None
    message: MessageView | None = None
