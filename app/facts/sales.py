"""Facts about selling: the completed sale with all it froze, and what happened to baskets before.

All amounts in fen, quantities in thousandths of the unit, costs in 1/10000 fen, rates in percent.
"""

from app.facts.base import Part, TillFact


class LotShare(Part, frozen=True, kw_only=True):
    """How much of a line came from which lot, and how sure the till is."""

    lot: str = ""
    known: str
    """scanned, assumed, none."""
    quantity: int
    unit_cost: int = 0


class Reduction(Part, frozen=True, kw_only=True):
    """One rule or decision that lowered a line; `amount` is this line's share, negative."""

    rule: str
    kind: str
    """override, label_price, promotion, member, tag_price, line_discount, basket_discount, points,
    rounding."""
    name: str
    amount: int


class SoldPart(Part, frozen=True, kw_only=True):
    """A kit's part that left the shelf with it."""

    product: str
    name: str
    quantity: int
    lots: tuple[LotShare, ...]
    paid: int = 0
    """This part's share of what was paid for the kit, by what the parts cost alone."""


class SaleLine(Part, frozen=True, kw_only=True):
    """One line, with everything a report or a refund will ever ask of it."""

    line: int
    product: str
    name: str
    spec: str
    unit: str
    weighed: int
    quantity: int
    list_price: int
    unit_price: int
    amount: int
    """unit_price x quantity half-up, or what the scale label says."""
    reductions: tuple[Reduction, ...] = ()
    paid: int
    """amount plus all reductions: what the customer paid for this line."""
    charged: int = -1
    """Fen per unit after everything that lowered this line by itself, before what lowered the
    whole basket: what the seven days' lowest price is taken from. -1 in facts from before."""
    tax_class: str
    tax_rate: int
    tax: int
    mark: str = ""
    brand: str = ""
    brand_town: str = ""
    origin_town: str = ""
    origin_village: str = ""
    category: str = ""
    subcategory: str = ""
    three_origin: str = ""
    tier: str = ""
    kind: str = "goods"
    reducible: int = 1
    lots: tuple[LotShare, ...] = ()
    serial: str = ""
    parts: tuple[SoldPart, ...] = ()
    source: str = ""
    """How it came in: scan, label, find, quick."""
    code: str = ""
    """The goods' code that was scanned, "" when it was picked."""


class Tender(Part, frozen=True, kw_only=True):
    """One way it was paid: `amount` applied, `tendered` handed over, the rest is change."""

    tender: str
    amount: int
    tendered: int
    change: int = 0
    reference: str = ""
    """What the other side calls it, masked where it is a card's or a person's."""
    attempt: str = ""
    """The payment attempt that brought it, "" for money without a channel."""
    account: str = ""
    """Money the customer had left before (订金, 预付…), by its account; "" for all else."""
    tab: str = ""
    """The open tab it went on (房账), "" for money."""


class Answer(Part, frozen=True, kw_only=True):
    """What the till asked before selling (age, date) and what the person said."""

    line: int
    question: str
    value: str


class Approval(Part, frozen=True, kw_only=True):
    """A different person's yes, given in place."""

    person: str
    action: str
    reason: str = ""
    self_approved: int = 0
    """1 where one person keeps the shop: their own yes, waiting for somebody's review."""


class PromotionUsed(Part, frozen=True, kw_only=True):
    """How often a promotion lowered this sale, counted against its caps."""

    code: str
    times: int


class SaleCompleted(TillFact, frozen=True, kw_only=True):
    """销售单: goods left, money came. Nothing about it is ever worked out again."""

    number: str
    sequence: int
    """Counts 1, 2, 3… within till, business day and series."""
    series: str
    drawer: str
    person: str
    channel: str
    seller: str
    member: str = ""
    opened_ms: int
    lines: tuple[SaleLine, ...]
    pieces: int
    gross: int
    reduced: int
    rounding: int
    due: int
    tenders: tuple[Tender, ...]
    change: int
    tax: int
    answers: tuple[Answer, ...] = ()
    approvals: tuple[Approval, ...] = ()
    price_list: str = ""
    promotions: str = ""
    used: tuple[PromotionUsed, ...] = ()
    rights: str = ""
    taxonomy: str = ""
    points_earned: int = 0
    points_used: int = 0
    exchange: str = ""
    """The refund it was netted with in one sitting (换货), "" for a plain sale."""


class BasketLine(Part, frozen=True, kw_only=True):
    """A line as it stood in a basket that was not completed."""

    line: int
    product: str
    name: str
    quantity: int
    amount: int


class HeldLine(BasketLine, frozen=True, kw_only=True):
    """A line that was put aside, with what another till of the shop needs to go on with it.

    What a person decided about its price stays behind: it is priced anew.
    """

    code: str = ""
    source: str = ""
    lot: str = ""
    serial: str = ""
    label_amount: int = -1
    """Fen printed on a scale label, -1 without one."""
    label_weight: int = 0
    deposit_of: int = 0
    """The line whose container this deposit is for, 0 for goods."""


class LineRemoved(TillFact, frozen=True, kw_only=True):
    """A line was taken out of an open basket (删行); counted against limits and shown on Z."""

    basket: str
    person: str
    removed: BasketLine


class BasketCancelled(TillFact, frozen=True, kw_only=True):
    """A basket was given up before payment, with all that was in it."""

    basket: str
    person: str
    reason: str
    lines: tuple[BasketLine, ...]
    amount: int


class BasketHeld(TillFact, frozen=True, kw_only=True):
    """挂单: a basket was put aside. Its name is personal, so it stays on the till."""

    basket: str
    person: str
    lines: tuple[HeldLine, ...]
    pieces: int = 0
    amount: int
    answers: tuple[Answer, ...] = ()
    stays: int = 0
    """1 when only this till can go on with it: goods come back in the same sitting (换货)."""


class BasketResumed(TillFact, frozen=True, kw_only=True):
    """取单: a held basket came back to the counter, of this till or of another one."""

    basket: str
    person: str
    held: str = ""
    """The other till's fact that put it aside, "" for a basket of this till."""
    goes_on: str = ""
    """The basket its goods lie in from now on, "" when it goes on as itself."""
    first: str = ""
    """The basket it was before any other till took it over, "" when none did."""


class TwiceTakenSeen(TillFact, frozen=True, kw_only=True):
    """Somebody looked at a basket that two tills took back and sold: both sales stand."""

    basket: str
    person: str


class ReceiptReprinted(TillFact, frozen=True, kw_only=True):
    """重印 n of a receipt, of a sale or of a refund, marked as such on paper."""

    sale: str
    """The sale's fact, or the refund's."""
    number: str
    person: str
    copy: int


class TenderCorrected(TillFact, frozen=True, kw_only=True):
    """A receipt had been paid in another way than was pressed: money stands where it lies.

    `day` and `shift` are the sale's own: its drawer is the one that holds more or less than said.
    """

    sale: str
    number: str
    person: str
    before: str
    """The tender that was pressed."""
    after: str
    """The tender it really was."""
    amounts: tuple[int, ...]
    """Fen, one for each time that tender was pressed in this sale."""
    reference: str = ""
    """What a terminal or bank calls it, as far as anybody wrote it down."""
    reason: str
    approvals: tuple[Approval, ...] = ()


class PrintAnswered(TillFact, frozen=True, kw_only=True):
    """Somebody looked whether an unsure paper had come out, and said so."""

    job: str
    answer: str


class RefundLine(Part, frozen=True, kw_only=True):
    """Goods that came back. Amounts are positive fen given back for them."""

    line: int
    original_line: int
    """The line of the sale it goes back to, 0 without a receipt."""
    product: str
    name: str
    spec: str
    unit: str
    weighed: int
    quantity: int
    unit_price: int
    amount: int
    """The line's share of what was paid, reductions and 抹零 included; the last part of a line
    takes what is left, so a line's refunds add up to what was paid for it."""
    tax_class: str
    tax_rate: int
    tax: int
    mark: str = ""
    brand: str = ""
    brand_town: str = ""
    origin_town: str = ""
    origin_village: str = ""
    category: str = ""
    subcategory: str = ""
    three_origin: str = ""
    tier: str = ""
    kind: str = "goods"
    lots: tuple[LotShare, ...] = ()
    serial: str = ""
    parts: tuple[SoldPart, ...] = ()
    reason: str
    """no_longer_wanted, quality, wrong_goods, expired, recalled, other."""
    disposition: str
    """shelf (after inspection), scrap, maker."""


class RefundTender(Part, frozen=True, kw_only=True):
    """One way the money goes back, in positive fen."""

    tender: str
    amount: int
    reference: str = ""
    attempt: str = ""
    """The captured payment attempt it goes back through, "" for cash and the like."""
    tab: str = ""
    """The open tab it comes off (房账), "" for money."""
    account: str = ""
    """The account of money left with the shop it goes back to."""


class RefundCompleted(TillFact, frozen=True, kw_only=True):
    """退货单: goods came back and money is owed back; a channel's part may still be on its way."""

    number: str
    sequence: int
    """Counts on with the sales of the same till, business day and series."""
    series: str
    drawer: str
    person: str
    channel: str
    seller: str
    member: str = ""
    sale: str = ""
    """The sale's fact, "" without a receipt."""
    original_number: str = ""
    original_day: str = ""
    lines: tuple[RefundLine, ...]
    amount: int
    tenders: tuple[RefundTender, ...]
    tax: int
    points: int = 0
    """Points of the sale that are taken back."""
    points_returned: int = 0
    """Points used in the sale that the member gets back."""
    exchange: str = ""
    """The sale it was netted with in one sitting, "" for a plain refund."""
    invoiced: int = 0
    """1 when the sale was invoiced: a red-letter invoice is due."""
    approvals: tuple[Approval, ...] = ()
    self_approved: int = 0
    rights: str = ""
