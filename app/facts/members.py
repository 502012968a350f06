"""Facts about members by number, their points, and money a customer left with the shop.

Names and phones are attachments under the member's own key; a fact carries the attachment's name.
"""

from app.facts.base import Part, TillFact


class MemberEnrolled(TillFact, frozen=True, kw_only=True):
    """Somebody became a member and agreed to what is named."""

    member: str
    number: str
    """What the card and its QR say: letters and figures, gapless per till."""
    sequence: int
    profile: str
    """The attachment that holds name and phone."""
    consents: tuple[str, ...]
    """member (membership itself), marketing."""
    person: str


class MemberChanged(TillFact, frozen=True, kw_only=True):
    """A member's name, phone or consents changed."""

    member: str
    profile: str
    consents: tuple[str, ...]
    person: str


class MemberForgotten(TillFact, frozen=True, kw_only=True):
    """The member asked to be forgotten: the key is gone, the figures stay without a person."""

    member: str
    person: str


class MemberShown(TillFact, frozen=True, kw_only=True):
    """Somebody saw a whole phone number, or took members out of the till."""

    member: str
    """"" for an export of several."""
    what: str
    """phone, export."""
    count: int = 1
    person: str
    approver: str = ""


class PointsAdjusted(TillFact, frozen=True, kw_only=True):
    """Points given or taken by a person, with the reason; sales and refunds carry their own."""

    member: str
    points: int
    reason: str
    person: str
    approver: str = ""


class LedgerTender(Part, frozen=True, kw_only=True):
    """One way money came or went, in positive fen."""

    tender: str
    amount: int
    reference: str = ""


class MoneyLeft(TillFact, frozen=True, kw_only=True):
    """A customer left money with the shop: no turnover yet, but it lies in the drawer."""

    account: str
    """The money's own account, opened by this fact or an earlier one."""
    purpose: str
    """deposit (订金), earnest (定金), prepaid (预付), pledge (押金), stored (储值)."""
    member: str = ""
    amount: int
    bonus: int = 0
    """What the shop adds to prepaid money; never paid out."""
    contract: int = 0
    """What the order comes to, for the cap of 定金."""
    tenders: tuple[LedgerTender, ...]
    note: str = ""
    """What it is for: an order's or an object's number, never a person's name."""
    person: str


class MoneyReturned(TillFact, frozen=True, kw_only=True):
    """Money a customer had left goes back."""

    account: str
    purpose: str
    member: str = ""
    amount: int
    tenders: tuple[LedgerTender, ...]
    reason: str
    person: str
    approver: str = ""


class MoneyKept(TillFact, frozen=True, kw_only=True):
    """Money a customer had left is the shop's now: 定金 forfeited, 押金 for damage."""

    account: str
    purpose: str
    member: str = ""
    amount: int
    reason: str
    person: str
    approver: str = ""
