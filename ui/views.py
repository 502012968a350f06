"""What screens are shown: frozen structs, texts already formatted, in shop words.

Presenters build them; screens never look anything up. Amounts are texts ("297.01", "−64.00")
except where a widget needs the number itself (`_fen`).
"""

from typing import Literal

import msgspec

State = Literal["ok", "warn", "stop"]
Tone = Literal["plain", "ok", "warn", "refused"]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every view."""


class StatusView(View, frozen=True, kw_only=True):
    """One lamp of the strip: shape, word, number. `action` is what pressing it opens."""

    state: State
    word: str
    value: str
    action: str = ""


class StripView(View, frozen=True, kw_only=True):
    """The line at the top."""

    shop: str
    till: str
    person: str = ""
    """Name and shift: "张三 · 早班"."""
    lamps: tuple[StatusView, ...] = ()
    clock: str = ""
    demo: str = ""
    """"演示" or "练习·非交易凭证"; empty in a real shop."""


class MessageView(View, frozen=True, kw_only=True):
    """A refusal, a warning or good news that stays in the page until it is answered."""

    text: str
    tone: Tone = "refused"
    detail: str = ""
    """What was kept and what to do next."""
    code: str = ""
    action: str = ""
    action_word: str = ""
    """One button that helps, beside the one that closes."""


BROWSE = "browse"
"""The answer that needs no value: a file is picked from the disk instead."""
SCALE = "scale"
"""The answer that needs no value: the scale on the counter says it."""


class ChoiceView(View, frozen=True, kw_only=True):
    """One answer to a question; `key` is shown on the button and typed."""

    name: str
    word: str
    key: str = ""
    primary: bool = False


class QuestionView(View, frozen=True, kw_only=True):
    """One question over the basket: answers, or a value with an answer."""

    title: str
    detail: str = ""
    choices: tuple[ChoiceView, ...]
    value: Literal["", "quantity", "weight", "money", "text", "code", "secret", "file"] = ""
    """What is asked for; a code is mostly digits, which a finger can type, a file's name is not."""
    value_text: str = ""
    unit: str = ""
    preview: str = ""
    """What would come out, shown before Enter: "折后价 12.50，减 3.10"."""
    tone: Tone = "warn"


class ReductionView(View, frozen=True, kw_only=True):
    """A reduction of one line: its rule's name and signed amount."""

    name: str
    amount: str


class LineView(View, frozen=True, kw_only=True):
    """One line of the basket."""

    key: str
    number: str
    name: str
    spec: str = ""
    quantity: str
    unit_price: str
    amount: str
    reductions: tuple[ReductionView, ...] = ()
    note: str = ""
    tone: Tone = "plain"
    refund: bool = False


class BasketView(View, frozen=True, kw_only=True):
    """The whole basket and its sums."""

    lines: tuple[LineView, ...] = ()
    selected: str = ""
    pieces: str = ""
    full: str = ""
    """原价 before reductions; empty when nothing was reduced."""
    saved: str = ""
    member: str = ""
    """Whose basket it is: "会员 梁**"; empty for anybody."""
    total: str = "0.00"
    total_label: str = ""
    """"应收" or "应退"; empty means 应收."""
    fresh: str = ""
    """Key of the line that just came or changed: it is highlighted."""
    hint: str = ""
    """What is worth saying to the customer: "再买 24.00：满 300.00 减 40.00"."""
    again: str = ""
    """"×2" when the same piece was scanned again: it flashes on the fresh line."""


class QuickTabView(View, frozen=True, kw_only=True):
    """A group of quick keys."""

    key: str
    word: str


class QuickKeyView(View, frozen=True, kw_only=True):
    """One tile."""

    key: str
    name: str
    price: str
    stock: str = ""
    hue: str = "plain"
    enabled: bool = True
    reason: str = ""


class QuickKeysView(View, frozen=True, kw_only=True):
    """The tabs and the tiles of the chosen one."""

    tabs: tuple[QuickTabView, ...] = ()
    chosen: str = ""
    tiles: tuple[QuickKeyView, ...] = ()


class DoneView(View, frozen=True, kw_only=True):
    """The last sale, shown until the next scan."""

    title: str
    total: str
    tenders: tuple[tuple[str, str], ...] = ()
    change: str = ""
    receipt: str = ""
    """State of the paper: "小票已打印" or "打印机缺纸，已排队"."""
    receipt_state: State = "ok"
    number: str = ""
    qr_rows: tuple[str, ...] = ()
    """The receipt's QR as rows of 0 and 1 where no paper comes; empty otherwise."""
    offers_paper: bool = False
    """The customer is asked: one key prints."""


class GoodsView(View, frozen=True, kw_only=True):
    """One article in a list of search results."""

    key: str
    code: str
    name: str
    spec: str = ""
    price: str = ""
    stock: str = ""
    enabled: bool = True
    reason: str = ""


class ActionView(View, frozen=True, kw_only=True):
    """One of the buttons under the quick keys."""

    name: str
    word: str
    key: str = ""
    enabled: bool = True
    reason: str = ""


class TillView(View, frozen=True, kw_only=True):
    """Everything on the till screen but the search results."""

    basket: BasketView = BasketView()
    quick: QuickKeysView = QuickKeysView()
    message: MessageView | None = None
    question: QuestionView | None = None
    done: DoneView | None = None
    actions: tuple[ActionView, ...] = ()
    pay_word: str = ""
    pay_enabled: bool = True
    pay_reason: str = ""
    waiting_quantity: str = ""
    last: str = ""
    """The foot of the key bar: "上一单 0041　找零 76.80"."""


class TenderView(View, frozen=True, kw_only=True):
    """One way to pay. `amount` is set once it was taken."""

    key: str
    word: str
    hot_key: str = ""
    chosen: bool = False
    enabled: bool = True
    reason: str = ""


class WaitView(View, frozen=True, kw_only=True):
    """A payment on its way: how long, and what happens next."""

    title: str
    seconds: str
    next_step: str
    share: int = 0
    """Per cent of the time until the next step that has passed."""
    choices: tuple[ChoiceView, ...] = ()


class PaymentView(View, frozen=True, kw_only=True):
    """The payment panel."""

    due: str
    due_label: str = ""
    due_fen: int = 0
    rounding: str = ""
    """抹零, signed; empty when nothing was rounded off."""
    taken: tuple[tuple[str, str], ...] = ()
    """What was already taken: (tender, amount)."""
    tenders: tuple[TenderView, ...] = ()
    covered: bool = False
    """Goods that come back pay for everything: one Enter completes, nothing is asked for."""
    mode: Literal["cash", "code", "plain", "waiting"] = "cash"
    """cash: an amount and change; code: scan a wallet; plain: one Enter confirms; waiting."""
    received_fen: int | None = None
    offers_fen: tuple[int, ...] = ()
    """Amounts customers probably hand over, the exact one first."""
    notes_fen: tuple[int, ...] = ()
    change: str = ""
    change_label: str = ""
    """"找零" or "还差"."""
    short: bool = False
    hint: str = ""
    wait: WaitView | None = None
    message: MessageView | None = None
    confirm_word: str = ""
    confirm_enabled: bool = True
    qr_rows: tuple[str, ...] = ()


class PersonView(View, frozen=True, kw_only=True):
    """A person who may sign in by one tap on the name."""

    number: str
    name: str
    role: str = ""


class SignInView(View, frozen=True, kw_only=True):
    """Who stands at the till?"""

    shop: str
    till: str
    people: tuple[PersonView, ...] = ()
    staff_number: str = ""
    message: MessageView | None = None
    busy: bool = False
    locked_by: str = ""
    """Set on the lock screen: whose turn is running."""
    kept_scan: str = ""
    """A scan that came while locked: "已收到 1 次扫码，登录后继续"."""


class CashRowView(View, frozen=True, kw_only=True):
    """One kind of note or coin in a count."""

    fen: int
    word: str


class OpenShiftView(View, frozen=True, kw_only=True):
    """Opening a shift: business day, drawer, float."""

    person: str
    day: str
    day_note: str = ""
    drawer: str = ""
    shift_words: tuple[str, ...] = ()
    shift_chosen: str = ""
    float_fen: int | None = None
    last_float: str = ""
    rows: tuple[CashRowView, ...] = ()
    message: MessageView | None = None
    busy: bool = False
