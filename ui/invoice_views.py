"""What the invoice room is shown: its list and one document, and the page that asks for one."""

from ui.room_views import ListView
from ui.views import ChoiceView, MessageView, QuestionView, State, View


class InvoiceDetailView(View, frozen=True, kw_only=True):
    """The marked document."""

    state: State = "ok"
    words: str
    """Where it stands: "已开", "要开红字 77.51"."""
    why: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    lines: ListView = ListView()


class InvoicesView(View, frozen=True, kw_only=True):
    """发票: the list and the marked one."""

    filters: tuple[ChoiceView, ...] = ()
    chosen: str = ""
    documents: ListView = ListView()
    detail: InvoiceDetailView | None = None
    primary_word: str
    primary_enabled: bool = False
    primary_reason: str = ""
    correct_enabled: bool = False
    correct_reason: str = ""
    withdraw_enabled: bool = False
    withdraw_reason: str = ""
    print_enabled: bool = False
    print_reason: str = ""
    question: QuestionView | None = None
    message: MessageView | None = None


class InvoiceFormView(View, frozen=True, kw_only=True):
    """开票: a receipt's lines, and who the invoice is for."""

    under: str = ""
    lines: ListView = ListView()
    total: str = ""
    tax: str = ""
    notes: tuple[str, ...] = ()
    """What is left out, and why."""
    filled: int = 0
    """Counts up when the fields are put by a scan; what somebody typed stays otherwise."""
    fields: tuple[str, str, str, str] = ("", "", "", "")
    """Name, tax number, address and phone, bank and account."""
    confirm_word: str
    confirm_enabled: bool = False
    confirm_reason: str = ""
    message: MessageView | None = None
