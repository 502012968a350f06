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
    """override, line_discount, basket_discount, promotion, rounding."""
    name: str
    amount: int


class SoldPart(Part, frozen=True, kw_only=True):
    """A kit's part that left the shelf with it."""

    product: str
    name: str
    quantity: int
    lots: tuple[LotShare, ...]


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
    rights: str = ""
    taxonomy: str = ""


class BasketLine(Part, frozen=True, kw_only=True):
    """A line as it stood in a basket that was not completed."""

    line: int
    product: str
    name: str
    quantity: int
    amount: int


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
    lines: tuple[BasketLine, ...]
    amount: int


class BasketResumed(TillFact, frozen=True, kw_only=True):
    """取单: a held basket came back to the counter."""

    basket: str
    person: str


class ReceiptReprinted(TillFact, frozen=True, kw_only=True):
    """重印 n of a receipt, marked as such on paper."""

    sale: str
    number: str
    person: str
    copy: int


class PrintAnswered(TillFact, frozen=True, kw_only=True):
    """Somebody looked whether an unsure paper had come out, and said so."""

    job: str
    answer: str
