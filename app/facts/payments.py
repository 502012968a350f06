"""Facts about paying through a network: attempts, how each went on, and money on its way back.

An attempt is a fact before anybody is called, so a till that is killed knows what it asked for.
No wallet code is ever in a fact. Amounts in fen.
"""

from app.facts.base import TillFact
from app.facts.sales import BasketLine


class PaymentAttempted(TillFact, frozen=True, kw_only=True):
    """A charge is about to be asked of a channel. The fact's id names the attempt for ever."""

    basket: str
    person: str
    tender: str
    amount: int
    due: int
    """What the whole basket came to."""
    out_trade_no: str
    """Our number at the channel: new for each code, never used twice."""
    mode: str = "scan"
    """scan: the wallet showed its code; shown: our screen showed one (主扫)."""
    lines: tuple[BasketLine, ...]


class PaymentMoved(TillFact, frozen=True, kw_only=True):
    """An attempt went on from one state to the next (`app/payments/rules.py` has the moves)."""

    attempt: str
    before: str
    state: str
    trade_no: str = ""
    """The channel's own number (交易单号), once it is known."""
    trade_time: str = ""
    """When the channel says the money came, ISO 8601, once it is known."""
    reason: str = ""
    """The channel's word for it, or ours: timeout, restart, person."""
    person: str = ""


class RefundAttempted(TillFact, frozen=True, kw_only=True):
    """Money shall go back through the channel it came from. The fact's id names it for ever."""

    refund: str
    """The refund's fact, or the attempt's when money came too late and goes straight back."""
    attempt: str
    """The captured attempt it goes back through."""
    tender: str
    amount: int
    out_trade_no: str
    out_refund_no: str
    """Our number of this part at the channel; a retry keeps it."""


class RefundMoved(TillFact, frozen=True, kw_only=True):
    """Money on its way back went on from one state to the next."""

    refund_attempt: str
    before: str
    state: str
    """ASKED, ACCEPTED, DONE, FAILED."""
    reason: str = ""
    person: str = ""
