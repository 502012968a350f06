"""What 审计 is shown: a list of entries, the marked one, how far a check is."""

from typing import Literal

from ui.room_views import ListView
from ui.views import MessageView, QuestionView, State, View


class EntryView(View, frozen=True, kw_only=True):
    """The marked entry: in words, or its exact bytes."""

    title: str
    state: State = "ok"
    state_word: str = ""
    """Whether bytes, signature and chain are true."""
    rows: ListView = ListView()
    showing: Literal["words", "bytes"] = "words"


class AuditView(View, frozen=True, kw_only=True):
    """审计. `filters` are the words on the buttons that narrow the list."""

    under: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    """(name, word) of person, kind and day."""
    found: ListView = ListView()
    entry: EntryView | None = None
    pick_word: str = ""
    """What Enter does with a row that is no entry: a person or kind to look for."""
    busy_word: str = ""
    """Set while something is checked or written: "签名 120,000 / 1,000,000"."""
    done: int = 0
    most: int = 0
    question: QuestionView | None = None
    message: MessageView | None = None
