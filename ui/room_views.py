"""What the rooms behind the till are shown: lists, cards, settings, the first-run guide."""

from collections.abc import Mapping
from typing import Literal

from ui.views import (
    CashRowView,
    ChoiceView,
    MessageView,
    QuestionView,
    ReductionView,
    State,
    View,
)


class ColumnView(View, frozen=True, kw_only=True):
    """A column of a list. `width` in pixels at 100 %, 0 = takes what is left."""

    title: str
    width: int = 0
    right: bool = False
    look: Literal["body", "strong", "muted", "figure"] = "body"


class RowView(View, frozen=True, kw_only=True):
    """A row of a list; `under` is a second, smaller line under the first stretching column."""

    key: str
    cells: tuple[str, ...]
    state: Literal["", "ok", "warn", "stop"] = ""
    under: str = ""
    action_word: str = ""
    """A button at the row's end: the one thing that settles it."""


class ListView(View, frozen=True, kw_only=True):
    """A list with its state. `state` other than "" is shown instead of (or above) the rows."""

    columns: tuple[ColumnView, ...] = ()
    rows: tuple[RowView, ...] = ()
    marked: str = ""
    state: Literal["", "empty", "loading", "error", "stale"] = ""
    state_title: str = ""
    state_detail: str = ""
    foot: str = ""
    """"180 笔 · 17,393.55" under the list."""


class ReceiptsView(View, frozen=True, kw_only=True):
    """单据: receipts found, the marked one as a picture."""

    found: ListView = ListView()
    preview_png: bytes = b""
    preview_note: str = ""
    message: MessageView | None = None
    reprint_enabled: bool = True
    reprint_reason: str = ""
    refund_enabled: bool = True
    refund_reason: str = ""
    correct_enabled: bool = False
    correct_reason: str = ""
    invoice_enabled: bool = True
    invoice_reason: str = ""
    question: QuestionView | None = None
    days: tuple[ChoiceView, ...] = ()
    day_chosen: str = ""


class WhyView(View, frozen=True, kw_only=True):
    """怎么算的: one line of the basket, to the fen."""

    under: str = ""
    made: ListView = ListView()
    skipped: ListView = ListView()
    total: str = ""


class TasksView(View, frozen=True, kw_only=True):
    """待办."""

    tasks: ListView = ListView()
    message: MessageView | None = None
    question: QuestionView | None = None
    comparing: bool = False
    """The networks are being asked for their bills."""


class PeopleView(View, frozen=True, kw_only=True):
    """人员; `why_not` says by a button's name why it does nothing for the marked person."""

    people: ListView = ListView()
    why_not: Mapping[str, str] = {}
    leave_word: str = ""
    question: QuestionView | None = None
    message: MessageView | None = None


class DeviceView(View, frozen=True, kw_only=True):
    """One device as a card."""

    key: str
    kind: Literal[
        "receipt",
        "label",
        "drawer",
        "display",
        "scanner",
        "scale",
        "virtual",
        "disk",
        "hub",
        "program",
    ]
    name: str
    how: str = ""
    """How it is reached: "USB · 58 毫米 · GB18030"."""
    state: State = "ok"
    state_word: str = ""
    detail: str = ""
    preview_png: bytes = b""
    actions: tuple[ChoiceView, ...] = ()


class ExplainView(View, frozen=True, kw_only=True):
    """What a scanned code says about itself."""

    code: str = ""
    kind: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    next_step: str = ""
    state: State = "ok"


class DevicesView(View, frozen=True, kw_only=True):
    """设备: cards, and the page that explains any code."""

    devices: tuple[DeviceView, ...] = ()
    explain: ExplainView = ExplainView()
    message: MessageView | None = None


class PrinterView(View, frozen=True, kw_only=True):
    """The practice printer: how it stands, and what it did so far."""

    state: Literal["ok", "warn", "stop"] = "ok"
    words: str = ""
    counts: str = ""


class SettingView(View, frozen=True, kw_only=True):
    """One setting with its description."""

    key: str
    word: str
    description: str = ""
    kind: Literal["switch", "choice", "text", "number", "action"] = "text"
    value: str = ""
    """switch: "1" or "0"; choice: the chosen name; action: the button's word."""
    choices: tuple[ChoiceView, ...] = ()
    unit: str = ""
    enabled: bool = True
    reason: str = ""
    error: str = ""


class SettingGroupView(View, frozen=True, kw_only=True):
    """Settings that belong together."""

    key: str
    word: str
    description: str = ""
    settings: tuple[SettingView, ...] = ()


class SettingsView(View, frozen=True, kw_only=True):
    """设置."""

    groups: tuple[SettingGroupView, ...] = ()
    chosen: str = ""
    message: MessageView | None = None
    saved: str = ""
    """"14:02 已保存"."""


class TemplateView(View, frozen=True, kw_only=True):
    """小票模板: `text` only when it was put there, not while somebody types."""

    text: str = ""
    note: str = ""
    preview_png: bytes = b""
    keeps: bool = True
    reason: str = ""
    message: MessageView | None = None


class CardView(View, frozen=True, kw_only=True):
    """One of several things to choose from, large enough for a thumb."""

    name: str
    word: str
    description: str = ""
    icon: str = ""
    chosen: bool = False
    enabled: bool = True
    reason: str = ""


class FieldView(View, frozen=True, kw_only=True):
    """A question with a typed answer. `money` shows yuan, `secret` and `phrase` hide it."""

    name: str
    word: str
    value: str = ""
    hint: str = ""
    kind: Literal["text", "code", "secret", "phrase", "money", "file", "folder"] = "text"
    """A `phrase` may hold spaces and signs; in a `code` or `secret` 空格 is no letter; a `file` or
    a `folder` is typed, or picked from the disk."""
    error: str = ""
    optional: bool = False
    """Most leave it empty: Enter passes it by, arrows lead to it."""


class GuideView(View, frozen=True, kw_only=True):
    """First run: one question a page."""

    step: int
    steps: tuple[str, ...]
    """The names of all pages, in order."""
    title: str
    detail: str = ""
    cards: tuple[CardView, ...] = ()
    fields: tuple[FieldView, ...] = ()
    figure: str = ""
    """Something to keep: the recovery code, in groups."""
    figure_note: str = ""
    explain: ExplainView | None = None
    preview_png: bytes = b""
    next_word: str = ""
    cards_first: bool = False
    """The cards are the answer and have the keyboard; the button only does the page again."""
    next_enabled: bool = True
    next_reason: str = ""
    can_go_back: bool = True
    can_skip: bool = True
    message: MessageView | None = None
    busy_word: str = ""


class ImportView(View, frozen=True, kw_only=True):
    """商品导入: a file, what it would do, and how far the work is."""

    path: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    """(word, count): "能收" "120"."""
    note: str = ""
    findings: ListView = ListView()
    can_take: bool = False
    finished: bool = False
    next_word: str = ""
    busy_word: str = ""
    """Set while it works: "已读 12,000 行"."""
    done: int = 0
    most: int = 0
    """What is counted; 0 while nobody can know the end."""
    message: MessageView | None = None


class RoomView(View, frozen=True, kw_only=True):
    """A tile of the rooms menu."""

    name: str
    word: str
    key: str = ""
    icon: str = ""
    note: str = ""
    enabled: bool = True
    reason: str = ""


class CustomerLineView(View, frozen=True, kw_only=True):
    """A line as the customer sees it."""

    name: str
    quantity: str
    amount: str
    reductions: tuple[ReductionView, ...] = ()


class StoryView(View, frozen=True, kw_only=True):
    """A story card: where this comes from."""

    title: str
    text: str
    place: str = ""
    picture_png: bytes = b""


class PriceView(View, frozen=True, kw_only=True):
    """A price of the day on the idle screen."""

    name: str
    price: str
    change: str = ""


class CustomerView(View, frozen=True, kw_only=True):
    """The second screen. idle: prices; selling: lines and total; paid: change and thanks."""

    mode: Literal["idle", "selling", "paying", "paid"] = "idle"
    shop: str = ""
    lines: tuple[CustomerLineView, ...] = ()
    saved: str = ""
    total: str = "0.00"
    change: str = ""
    paid_by: str = ""
    story: StoryView | None = None
    prices: tuple[PriceView, ...] = ()
    prices_title: str = ""
    notice: str = ""
    demo: str = ""
    qr_rows: tuple[str, ...] = ()
    qr_words: str = ""


class CloseShiftView(View, frozen=True, kw_only=True):
    """交班: a blind count, then what it came to and what to look at, then it is done."""

    person: str
    title: str = ""
    step: Literal["count", "check", "done"] = "count"
    rows: tuple[CashRowView, ...] = ()
    how: str = ""
    """What to count, in words."""
    figures: tuple[tuple[str, str], ...] = ()
    """How the drawer came to what it should hold: (word, amount)."""
    counts: tuple[tuple[str, str], ...] = ()
    """Every count so far, a second person's among them."""
    tenders: tuple[tuple[str, str], ...] = ()
    looks: str = ""
    """What somebody should have seen before handing over, with how often."""
    verdict: str = ""
    """"相符", "短款", "长款"."""
    waits: str = ""
    """That nobody who may has said yes to the difference."""
    difference: str = ""
    state: State = "ok"
    reasons: tuple[ChoiceView, ...] = ()
    reason: str = ""
    """Which of `reasons` is chosen."""
    needs_reason: bool = False
    """Whether it cannot be handed over without one."""
    note: str = ""
    next_word: str = ""
    back_word: str = ""
    """What Esc does; "" when there is no way back."""
    actions: tuple[ChoiceView, ...] = ()
    question: QuestionView | None = None
    busy: bool = False
    message: MessageView | None = None
