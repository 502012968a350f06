"""Facts about the till's business day, the shifts in it, and cash that moves without a sale."""

from app.facts.base import Part, TillFact
from app.facts.sales import Approval


class DayOpened(TillFact, frozen=True, kw_only=True):
    """The till's business day began with its first shift; the clock only proposed the date."""

    proposed: str


class ShiftOpened(TillFact, frozen=True, kw_only=True):
    """A cashier's turn at a drawer began with a counted float (备用金), in fen."""

    drawer: str
    person: str
    float_fen: int


class CashMoved(TillFact, frozen=True, kw_only=True):
    """Cash put in or taken out of the drawer by hand, with its reason; out is negative."""

    amount: int
    reason: str
    purpose: str = "other"
    """expense (支出), drop (抽钞, to the safe), float (备用金), other."""
    approvals: tuple[Approval, ...] = ()


class DrawerOpened(TillFact, frozen=True, kw_only=True):
    """The drawer was opened without a sale."""

    reason: str
    approvals: tuple[Approval, ...] = ()


class Denomination(Part, frozen=True, kw_only=True):
    """So many notes or coins of one face value (fen)."""

    face: int
    count: int


class TenderTotal(Part, frozen=True, kw_only=True):
    """What one way to pay took in and gave back over a range of facts (fen)."""

    tender: str
    taken: int
    given: int
    count: int


class CountMade(Part, frozen=True, kw_only=True):
    """One count of a drawer on the way to closing its turn (fen)."""

    person: str
    counted: int
    verifies: int = 0
    """1 when it was a second person's."""


class DrawerCounted(TillFact, frozen=True, kw_only=True):
    """The drawer was counted, and only then was it shown what it should hold. Whoever counts
    again afterwards is no longer blind, so every count stands."""

    drawer: str
    person: str
    counted: int
    expected: int
    notes: tuple[Denomination, ...] = ()
    verifies: int = 0


class TaxTotal(Part, frozen=True, kw_only=True):
    """What goods of one tax class and rate took, less what came back, and the tax in it (fen)."""

    tax_class: str
    rate: int
    """Percent."""
    paid: int
    tax: int


class ActTotal(Part, frozen=True, kw_only=True):
    """How often somebody did what a manager asks about, and what it came to (fen)."""

    what: str
    person: str
    count: int
    amount: int


class ShiftClosed(TillFact, frozen=True, kw_only=True):
    """The drawer was counted before anybody saw what it should hold; both stand here."""

    drawer: str
    person: str
    counted: int
    expected: int
    notes: tuple[Denomination, ...] = ()
    tenders: tuple[TenderTotal, ...] = ()
    uncounted: int = 0
    """1 when the cut-off hour ended a turn nobody closed: `counted` is 0 until ShiftCounted."""
    unconfirmed: int = 0
    """1 when the difference is more than whoever counted may let stand."""
    reason: str = ""
    """Why the drawer differs, as far as anybody knows."""
    counts: tuple[CountMade, ...] = ()
    """The counts that were looked at before, in their order."""
    held: int = 0
    """Baskets put aside that the next turn takes over."""
    approvals: tuple[Approval, ...] = ()


class ShiftCounted(TillFact, frozen=True, kw_only=True):
    """A turn that ended uncounted was counted after all; `shift` and `day` are its own."""

    person: str
    counted: int
    expected: int
    notes: tuple[Denomination, ...] = ()
    unconfirmed: int = 0
    reason: str = ""
    approvals: tuple[Approval, ...] = ()


class DifferenceConfirmed(TillFact, frozen=True, kw_only=True):
    """Somebody whose limit it is in let a drawer's difference stand."""

    person: str
    difference: int
    """Counted less expected, fen."""
    reason: str = ""


class DayClosed(TillFact, frozen=True, kw_only=True):
    """Z: totals of one till over the facts since its last Z, and the head of its journal."""

    part: int
    """1, or 2 for a second Z on one date."""
    from_seq: int
    to_seq: int
    gross: int
    refunds: int
    net: int
    rounding: int
    tax: int
    sales: int
    tenders: tuple[TenderTotal, ...] = ()
    taxes: tuple[TaxTotal, ...] = ()
    acts: tuple[ActTotal, ...] = ()
    grand_total: int
    """Net of every Z of this till so far, this one included; it only rises with sales."""
    head: str
    """Hash of the last entry in the range."""
