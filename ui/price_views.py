"""What 价格与促销 is shown: the board, the form of a promotion or a price list, the last look."""

from ui.room_views import FieldView, ListView
from ui.views import GoodsView, MessageView, QuestionView, View


class PricesView(View, frozen=True, kw_only=True):
    """The board: what is valid now and what is coming."""

    rules: ListView = ListView()
    sentence: str = ""
    """What the marked one does."""
    goods: ListView = ListView()
    """The goods of the marked price list."""
    can_end: bool = False
    question: QuestionView | None = None
    message: MessageView | None = None


class PriceFormView(View, frozen=True, kw_only=True):
    """A page of a form. Goods are picked at the left where `picks` says what for."""

    title: str
    under: str = ""
    picks: str = ""
    goods: ListView = ListView()
    line_title: str = ""
    line: tuple[FieldView, ...] = ()
    """Fields of the marked goods."""
    fields: tuple[FieldView, ...] = ()
    sentence: str = ""
    next_word: str = ""
    question: QuestionView | None = None
    message: MessageView | None = None


class LastLookView(View, frozen=True, kw_only=True):
    """What publishing would do, before it is done; `most` counts something while it is busy."""

    title: str
    sentence: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    note: str = ""
    warning: str = ""
    rows: ListView = ListView()
    confirm_word: str = ""
    busy_word: str = ""
    done: int = 0
    most: int = 0
    question: QuestionView | None = None
    message: MessageView | None = None


class FoundGoods(View, frozen=True, kw_only=True):
    """Search results under the field."""

    goods: tuple[GoodsView, ...] = ()
    typed: str = ""
