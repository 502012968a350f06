"""Facts about people by number and role. Names and PIN verifiers are sealed elsewhere."""

from app.facts.base import Fact, TillFact


class StaffSet(Fact, frozen=True, kw_only=True):
    """A person's number, role and whether they still work here."""

    person: str
    role: str
    """cashier, lead, manager, auditor, head_office."""
    active: int = 1


class SignedIn(TillFact, frozen=True, kw_only=True):
    """Somebody proved with their PIN who they are."""

    person: str


class SignedOut(TillFact, frozen=True, kw_only=True):
    """The person at the counter left it; the shift goes on."""

    person: str
    reason: str = ""


class PinSet(TillFact, frozen=True, kw_only=True):
    """Somebody was given a new PIN, or chose one; the PIN itself is in no fact."""

    person: str
    by: str


class PinLocked(TillFact, frozen=True, kw_only=True):
    """Ten wrong PINs in a row: this number is locked until somebody with the right unlocks it."""

    person: str
    failures: int


class PinUnlocked(TillFact, frozen=True, kw_only=True):
    """A person with the right unlocked a number, or the sealed recovery code did."""

    person: str
    by: str


class RefusalShown(TillFact, frozen=True, kw_only=True):
    """A person asked for something they have no right or limit for, and the till said no."""

    person: str
    action: str
    code: str


class SelfApproved(TillFact, frozen=True, kw_only=True):
    """Whoever keeps the shop alone did what asks for a second person; reviewed later."""

    person: str
    action: str
    amount: int = 0
    """Fen, 0 where the action has no amount."""
    reason: str = ""


class SelfApprovalReviewed(TillFact, frozen=True, kw_only=True):
    """A different person looked at what somebody had approved for themselves."""

    approval: str
    """The SelfApproved fact."""
    person: str
    answer: str
    """right or wrong; wrong undoes nothing, it stands in the journal."""
