"""What a till asks of a payment network and what it hears, the same for every network.

Amounts are integer fen. An answer that cannot be trusted (broken, unsigned, of another order) is
never `PAID`: it is UNCLEAR and says why.
"""

from typing import Protocol

import msgspec


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A charge as a network gets it."""

    out_trade_no: str
    amount: int
    subject: str
    """What the customer reads on their phone: the shop's name."""
    mode: str = "scan"
    """scan: `code` came from the wallet; shown: the network gives us a code to show."""


class Back(msgspec.Struct, frozen=True, kw_only=True):
    """Money on its way back, as a network gets it."""

    out_trade_no: str
    out_refund_no: str
    amount: int
    total: int
    """What the whole payment was."""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """A network's answer, brought to one of `app.payments.rules`' outcomes."""

    outcome: str
    reason: str = ""
    """The network's own word, or ours for a line that failed (`REASONS`)."""
    trade_no: str = ""
    trade_time: str = ""
    show: str = ""
    """The text of the code to show on our screen (主扫)."""


class BillRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a network's bill. Refunds have their own rows."""

    out_trade_no: str
    out_refund_no: str = ""
    amount: int
    """Fen, positive for both payments and refunds."""
    trade_no: str = ""
    time: str = ""


class ChannelTrouble(Exception):
    """The line or the network failed; `reason` is one of `REASONS`."""

    def __init__(self, reason: str, *, reached: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reached = reached
        """Whether a byte may have left: only an attempt that surely never left is no charge."""


REASONS = {
    "not_set_up": "还没有接通",
    "no_connection": "连不上支付网络",
    "no_answer": "支付网络没有回答",
    "tls": "对方的证书不对，可能有人插手",
    "portal": "网络要先登录（回的是网页）",
    "server_error": "支付网络自己出错",
    "broken_answer": "支付网络的回答看不懂",
    "bad_signature": "回答的签名不对，没有采用",
    "other_order": "回答的不是这一笔，没有采用",
    "other_amount": "回答的金额不是这一笔的，没有采用",
}
"""Why nothing certain was heard, in words for a person."""


class Channel(Protocol):
    """One network. Every call blocks for at most its timeouts and never raises for the network."""

    def pay(self, order: Order, code: str) -> Heard:
        """Charge; with mode "shown" get a code to show instead."""
        ...

    def query(self, order: Order) -> Heard:
        """How a charge stands."""
        ...

    def reverse(self, order: Order) -> Heard:
        """Take a charge back, paid or not. GONE when that is certain."""
        ...

    def refund(self, back: Back) -> Heard:
        """Give money back. PAID when it has arrived, WAITS when it is on its way."""
        ...

    def query_refund(self, back: Back) -> Heard:
        """How a refund stands. NOT_FOUND when it never came in."""
        ...

    def bill(self, day: str) -> list[BillRow]:
        """The network's own list of a calendar day (ISO). Raises ChannelTrouble."""
        ...

    def why_off(self) -> str:
        """Why it cannot be used now (a key of `REASONS`), "" when it answers."""
        ...
