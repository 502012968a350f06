"""What 退货 shows: receipts to choose from, the lines of one, goods without any."""

from ui.room_views import ListView
from ui.views import ChoiceView, MessageView, QuestionView, View


class RefundLineView(View, frozen=True, kw_only=True):
    """The marked line of 退货: how much of it comes back, why, and where it goes."""

    key: str
    name: str
    quantity: str = ""
    weighed: bool = False
    note: str = ""
    """Why it cannot come back, or what is wrong with what was typed."""
    refused: bool = False
    reason: str = ""
    disposition: str = ""


class RefundView(View, frozen=True, kw_only=True):
    """退货: receipts to choose from, or the lines of one and what goes back for them."""

    under: str = ""
    """The receipt that is open and how it was paid; "" while one is looked for."""
    picking: bool = False
    """Whether the rows are there to choose from: receipts, or goods without one."""
    search_hint: str = ""
    """What may be typed into the field above the rows, where it is no receipt."""
    rows: ListView = ListView()
    line: RefundLineView | None = None
    reasons: tuple[ChoiceView, ...] = ()
    dispositions: tuple[ChoiceView, ...] = ()
    ways: tuple[tuple[str, str], ...] = ()
    """(how it goes back, amount)."""
    note: str = ""
    total_label: str = ""
    total: str = ""
    whole_shown: bool = False
    """Whether lines stand here that may come back: all at once, or for new goods (换货)."""
    price_shown: bool = False
    """Whether they have no receipt: at a price a person decides, or for new goods."""
    loose_shown: bool = False
    """Whether somebody may say that there is no receipt."""
    confirm_word: str
    confirm_enabled: bool = False
    confirm_reason: str = ""
    question: QuestionView | None = None
    message: MessageView | None = None
