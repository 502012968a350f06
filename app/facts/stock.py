"""Facts about goods: coming in, going out, moving, being counted, recalled and labelled.

Quantities are thousandths of the product's unit, costs 1/10000 fen per unit, dates ISO or "".
"""

from app.facts.base import Part, TillFact
from app.facts.sales import Approval


class ReceivedLine(Part, frozen=True, kw_only=True):
    """Goods that came together: each line makes one lot with its own cost (个别计价)."""

    line: int
    product: str
    lot: str
    """The lot's id; `batch` is what is printed on the goods."""
    batch: str = ""
    quantity: int
    unit_cost: int
    """Tax included."""
    made: str = ""
    expires: str = ""
    certificate: str = ""
    """承诺达标合格证: its number."""
    village: str = ""
    report: str = ""
    """The test report's number."""
    level: str = ""
    """认定: county, town, or "" while the goods have earned no mark."""
    floor: int = 0
    """保价收购: what the farmer is promised at least, 0 = nothing was promised."""
    expected: int = -1
    """What the dispatch or the order said, -1 = nobody said."""
    reason: str = ""
    """Why it is not what was expected."""
    box: str = ""
    place: str = "shelf"


class GoodsReceived(TillFact, frozen=True, kw_only=True):
    """入库单: goods taken in from a supplier or against a dispatch."""

    document: str
    number: str = ""
    """What people call it (RK-1-261207-01)."""
    supplier: str = ""
    dispatch: str = ""
    temperature: str = ""
    """送货温度 in degrees Celsius ("3.5"), "" = not taken."""
    approval_no: str = ""
    """Head office's yes to a cost below the floor."""
    person: str = ""
    approvals: tuple[Approval, ...] = ()
    photos: tuple[str, ...] = ()
    """Attachments by their hashes, in the first part."""
    lines: tuple[ReceivedLine, ...]


class MovedLine(Part, frozen=True, kw_only=True):
    """A lot, or part of it, from one place of the shop to another."""

    product: str
    lot: str
    quantity: int
    source: str
    target: str
    unit_cost: int = 0


class GoodsMoved(TillFact, frozen=True, kw_only=True):
    """移位: from place to place; the shop as a whole has neither more nor less."""

    document: str
    number: str = ""
    reason: str = ""
    person: str = ""
    approvals: tuple[Approval, ...] = ()
    lines: tuple[MovedLine, ...]


class AdjustedLine(Part, frozen=True, kw_only=True):
    """One change of a lot's books that is no sale."""

    line: int
    product: str
    lot: str
    place: str = "shelf"
    quantity: int
    """Signed: what is gone is negative."""
    reason: str
    """Which of the reasons of `app/stock/reasons.py`."""
    unit_cost: int = 0


class StockAdjusted(TillFact, frozen=True, kw_only=True):
    """报损, 报溢, 自用, 退供应商, and what leaves without a sale: 试吃 样品 展示 捐赠 赞助 慰问."""

    document: str
    number: str = ""
    beneficiary: str = ""
    """An organisation; a person is named by nobody."""
    approval_no: str = ""
    person: str = ""
    approvals: tuple[Approval, ...] = ()
    photos: tuple[str, ...] = ()
    """Names of attachments."""
    lines: tuple[AdjustedLine, ...]


class SentLine(Part, frozen=True, kw_only=True):
    """A lot on its way to another shop, with everything its papers say."""

    line: int
    product: str
    lot: str
    place: str = "shelf"
    quantity: int
    unit_cost: int
    batch: str = ""
    made: str = ""
    expires: str = ""
    certificate: str = ""
    village: str = ""
    report: str = ""
    level: str = ""
    floor: int = 0
    supplier: str = ""
    box: str = ""


class TransferSent(TillFact, frozen=True, kw_only=True):
    """调拨出库: gone from here, in transit until the other shop says what came."""

    document: str
    number: str = ""
    to: str
    waybill: str = ""
    person: str = ""
    approvals: tuple[Approval, ...] = ()
    lines: tuple[SentLine, ...]


class ArrivedLine(Part, frozen=True, kw_only=True):
    """What came of one line that was sent; the difference has its reason."""

    sent: SentLine
    quantity: int
    reason: str = ""
    place: str = "shelf"


class TransferReceived(TillFact, frozen=True, kw_only=True):
    """调拨入库: the lots keep their ids, so a recall finds them in every shop."""

    document: str
    """The sender's."""
    number: str = ""
    source: str
    """The sending shop."""
    temperature: str = ""
    person: str = ""
    approvals: tuple[Approval, ...] = ()
    photos: tuple[str, ...] = ()
    lines: tuple[ArrivedLine, ...]


class CountZone(Part, frozen=True, kw_only=True):
    """A stretch of shelf that is counted by itself, and which place's books it belongs to."""

    zone: str
    place: str = "shelf"


class CountOpened(TillFact, frozen=True, kw_only=True):
    """盘点开始: the shop goes on selling."""

    count: str
    zones: tuple[CountZone, ...]
    person: str = ""


class CountEntered(TillFact, frozen=True, kw_only=True):
    """What somebody counted of one article on one shelf; its moment is the entry's order key."""

    count: str
    zone: str
    product: str
    """The code as scanned where nobody knows the goods."""
    lot: str = ""
    """"" = the label did not say; the close spreads it over the books' lots."""
    quantity: int
    """Added to what was counted there before."""
    replaces: int = 0
    """1 sets instead of adding: what was counted of it in this zone before is void."""
    recount: int = 0
    """1: counted again because the count asked for it."""
    undoes: str = ""
    """The entry that is taken back; `quantity` is then the same with a minus."""
    since: int = 0
    """UTC milliseconds: counted at some time since then (a sheet, a collector's file); 0 = now."""
    bundle: str = ""
    """What one scan found is taken back together: a kit's parts share this."""
    known: int = 1
    """0: no product of this shop has that code."""
    counter: str = ""
    """Who counted."""
    sheet: int = 0
    """The line of a blind sheet it was typed from."""
    paper: str = ""
    """That sheet's code."""


class CountSheetPrinted(TillFact, frozen=True, kw_only=True):
    """盘点表: articles of a zone on paper, numbered, without a word of what the books hold.

    A long sheet is several of these under one code.
    """

    count: str
    zone: str
    sheet: str
    """The code on the paper, which is typed or scanned to type it back."""
    first: int = 1
    """The number of this part's first line."""
    products: tuple[str, ...]
    person: str = ""


class CountedLine(Part, frozen=True, kw_only=True):
    """A lot as it was found against the books of the line's own moment.

    A line without lot says that the product was counted whole: lots this till knows nothing of
    were on the shelf as well.
    """

    product: str
    lot: str
    place: str = "shelf"
    counted: int
    book: int
    """On hand at the moment, as far as this till knew."""
    moved: int
    """What brings the sum of movements known until the moment to `counted`."""
    unit_cost: int = 0
    moment: int
    """UTC milliseconds: the order key's first part."""


class KnownJournal(Part, frozen=True, kw_only=True):
    """How much of another till's journal the closing till had: entries until this order key.

    What that till wrote before a line's moment and sent later was counted on the shelf already.
    """

    journal: str
    order: int


class CountClosed(TillFact, frozen=True, kw_only=True):
    """盘点单: the books follow the shelf. A long count is several of these, one document."""

    count: str
    document: str
    part: int = 1
    person: str = ""
    approvals: tuple[Approval, ...] = ()
    until: int = 0
    """The latest moment of all lines of the document; in its first part, as is `known`."""
    known: tuple[KnownJournal, ...] = ()
    lines: tuple[CountedLine, ...]


class LotsRecalled(TillFact, frozen=True, kw_only=True):
    """召回单: these batches of a product are sold by nobody until it ends."""

    recall: str
    number: str
    """What people call it (ZH-0021)."""
    product: str
    batches: tuple[str, ...]
    level: str
    person: str = ""
    ended: int = 0
    """1: the recall with this id is over."""


class RecallFound(TillFact, frozen=True, kw_only=True):
    """Recalled goods were found and put into quarantine."""

    recall: str
    product: str
    lot: str
    quantity: int
    source: str = "shelf"
    unit_cost: int = 0
    person: str = ""


class DateChecked(TillFact, frozen=True, kw_only=True):
    """A cashier looked at the date on the goods, because the books still held an expired lot."""

    product: str
    lots: tuple[str, ...]
    """The expired lots of which the books said that they stand on the shelf."""
    basket: str = ""
    person: str = ""


class LabelsPrinted(TillFact, frozen=True, kw_only=True):
    """Labels of one kind for one article: what a tag on the shelf says is what was printed last."""

    label: str
    """tag, promo, product, weigh, trace, shield, shelf."""
    product: str = ""
    lot: str = ""
    zone: str = ""
    price: int = 0
    """Fen per unit as printed."""
    quantity: int = 0
    amount: int = 0
    """Fen; of weigh labels."""
    code: str = ""
    """The bar code's text."""
    format: str = ""
    copies: int = 1
    serial_from: int = 0
    serial_to: int = 0
    """The block of a numbered roll, 0 = none."""
    valid_from: str = ""
    valid_to: str = ""
    today: str = ""
    """The calendar's date on which it was printed."""
    person: str = ""


class TagTaken(TillFact, frozen=True, kw_only=True):
    """A price tag was taken off its shelf, or changed by hand: nobody reads it any more."""

    tag: str
    """The fact that printed it."""
    product: str
    zone: str = ""
    label: str
    person: str = ""
