"""What the room of counts is shown."""

from typing import Literal

from ui.room_views import ListView
from ui.views import ChoiceView, MessageView, QuestionView, View

CountMode = Literal["start", "count", "sheet", "again", "review", "looks", "zero", "closed"]
"""looks: shelves left out, goods counted twice, unknown; zero: what nobody counted."""


class ZoneView(View, frozen=True, kw_only=True):
    """One shelf of the count. `state`: counted, here (somebody stands there), missed."""

    zone: str
    state: Literal["counted", "here", "missed"]


class CountView(View, frozen=True, kw_only=True):
    """盘点: the article in hand, the shelf's sum in the largest figures, and the review."""

    mode: CountMode = "start"
    under: str = ""
    """"A3 架 · 李四 · 照常营业"."""
    zones: tuple[ZoneView, ...] = ()
    marks: str = ""
    """"重复 2 · 不认识 1"."""
    name: str = ""
    detail: str = ""
    """What the code said of the lot, or that nobody knows it."""
    entry: str = ""
    """What this scan found: "本笔 22 罐"."""
    total: str = ""
    """What this shelf has of it, the largest thing of the page."""
    total_label: str = ""
    waiting: str = ""
    """"× 3": a number that waits for the next article."""
    hint: str = ""
    """What the field takes now."""
    recent: tuple[str, ...] = ()
    rows: ListView = ListView()
    net_label: str = ""
    net: str = ""
    note: str = ""
    buttons: tuple[ChoiceView, ...] = ()
    """The page's letters: what each asks for now."""
    confirm_word: str = ""
    confirm_enabled: bool = False
    confirm_reason: str = ""
    question: QuestionView | None = None
    message: MessageView | None = None
