"""Facts about the journal itself: where it begins, and what people said about the clock."""

from app.facts.base import Fact, TillFact


class JournalOpened(Fact, frozen=True, kw_only=True):
    """The first entry of every journal: whose it is, its key, and which journal it goes on from."""

    till: str
    device: str
    public_key: str
    """Ed25519 public key, 64 hex digits."""
    previous: str = ""
    """The journal before this one on the same till, "" for the first."""
    previous_hash: str = ""
    reason: str
    """first, restored, cloned, rekeyed, moved."""
    series: str = ""
    """Letter behind the till number in receipt numbers: "", B, C…; D demo, T training."""


class ClockConfirmed(TillFact, frozen=True, kw_only=True):
    """A person looked at a clock that had jumped and said which time is right."""

    expected_ms: int
    shown_ms: int
