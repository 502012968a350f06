"""A neutral form for aggregators (聚合支付): one terminal, one key, every wallet.

Every aggregator has its own words for the same seven questions. This is the common shape with
which the till speaks to one that was adapted to it; the practice network understands it too. A
request is signed with the terminal's key, and so is its answer, together with the request's nonce:
an old answer cannot be played again.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from app.clock import Clock
from app.ids import Ids
from app.payments.rules import GONE, NOT_FOUND, PAID, REFUSED, UNCLEAR, UNREACHED, WAITS
from sync.channels.answers import Back, BillRow, ChannelTrouble, Heard, Order
from sync.channels.carrying import Line
from sync.channels.signing import hmac_holds, hmac_sign

PATH = "/terminal/v1/"
_STATES = {
    "paid": PAID,
    "refused": REFUSED,
    "waiting": WAITS,
    "reversed": GONE,
    "not_found": NOT_FOUND,
    "unknown": UNCLEAR,
}
_ENDINGS = {"pay": (PAID, REFUSED, WAITS), "query": (PAID, REFUSED, WAITS, GONE, NOT_FOUND)}
_ENDINGS |= {"reverse": (GONE, NOT_FOUND), "refund": (PAID, REFUSED, WAITS)}
_ENDINGS |= {"query_refund": (PAID, REFUSED, WAITS, NOT_FOUND)}
"""Which answers mean something to which question; any other is unclear."""


class TerminalKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an aggregator gave this terminal. Sealed at rest."""

    terminal: str
    key: str
    address: str


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it is on the wire."""

    state: str
    out_trade_no: str = ""
    out_refund_no: str = ""
    amount: int = 0
    trade_no: str = ""
    trade_time: str = ""
    reason: str = ""
    show: str = ""


class Aggregator:
    """One wallet's channel at an aggregator."""

    def __init__(self, wallet: str, keys: TerminalKeys, line: Line, clock: Clock, ids: Ids) -> None:
        self._wallet = wallet
        self._keys = keys
        self._line = line
        self._clock = clock
        self._ids = ids

    def pay(self, order: Order, code: str) -> Heard:
        said = msgspec.structs.asdict(order) | {"code": code}
        return self._of_order("pay", order, said)

    def query(self, order: Order) -> Heard:
        return self._of_order("query", order, {"out_trade_no": order.out_trade_no})

    def reverse(self, order: Order) -> Heard:
        return self._of_order("reverse", order, {"out_trade_no": order.out_trade_no})

    def refund(self, back: Back) -> Heard:
        return self._of_back("refund", back)

    def query_refund(self, back: Back) -> Heard:
        return self._of_back("query_refund", back)

    def bill(self, day: str) -> list[BillRow]:
        body = self._ask("bill", {"day": day})
        try:
            return msgspec.json.decode(body, type=list[BillRow])
        except msgspec.DecodeError:
            raise ChannelTrouble("broken_answer", reached=True) from None

    def why_off(self) -> str:
        return self._line.why_off()

    def _of_order(self, question: str, order: Order, fields: dict[str, Any]) -> Heard:
        def meaning(said: _Said) -> Heard:
            if said.out_trade_no != order.out_trade_no:
                raise ChannelTrouble("other_order", reached=True)
            heard = _heard(question, said)
            if heard.outcome == PAID and said.amount != order.amount:
                raise ChannelTrouble("other_amount", reached=True)
            return heard

        return self._hear(question, fields, meaning)

    def _of_back(self, question: str, back: Back) -> Heard:
        def meaning(said: _Said) -> Heard:
            if said.out_refund_no != back.out_refund_no:
                raise ChannelTrouble("other_order", reached=True)
            return _heard(question, said)

        return self._hear(question, msgspec.structs.asdict(back), meaning)

    def _hear(
        self, question: str, fields: dict[str, Any], meaning: Callable[[_Said], Heard]
    ) -> Heard:
        try:
            return meaning(msgspec.json.decode(self._ask(question, fields), type=_Said))
        except msgspec.DecodeError:
            return Heard(outcome=UNCLEAR, reason="broken_answer")
        except ChannelTrouble as trouble:
            outcome = UNCLEAR if trouble.reached else UNREACHED
            return Heard(outcome=outcome, reason=trouble.reason)

    def _ask(self, question: str, fields: dict[str, Any]) -> bytes:
        path = PATH + question
        nonce = self._ids.new().replace("-", "")
        seconds = str(self._clock.wall_ms() // 1000)
        body = msgspec.json.encode(fields | {"wallet": self._wallet})
        headers = {
            "Content-Type": "application/json",
            "X-Terminal": self._keys.terminal,
            "X-Time": seconds,
            "X-Nonce": nonce,
            "X-Signature": hmac_sign(self._keys.key, signed_request(path, seconds, nonce, body)),
        }
        answer = self._line.ask("POST", path, body=body, headers=headers)
        if answer.status >= 500:
            raise ChannelTrouble("server_error", reached=True)
        mark = answer.headers.get("X-Signature", "")
        if not hmac_holds(self._keys.key, signed_answer(nonce, answer.body), mark):
            raise ChannelTrouble("bad_signature", reached=True)
        if answer.status != 200:
            raise ChannelTrouble("broken_answer", reached=True)
        return answer.body


def _heard(question: str, said: _Said) -> Heard:
    outcome = _STATES.get(said.state, UNCLEAR)
    return Heard(
        outcome=outcome if outcome in _ENDINGS[question] else UNCLEAR,
        reason=said.reason[:60],
        trade_no=said.trade_no[:40],
        trade_time=said.trade_time[:40],
        show=said.show[:512],
    )


def signed_request(path: str, seconds: str, nonce: str, body: bytes) -> bytes:
    """What a request's signature covers."""
    return f"{path}\n{seconds}\n{nonce}\n".encode() + body


def signed_answer(nonce: str, body: bytes) -> bytes:
    """What an answer's signature covers: the request's nonce, so it answers nothing else."""
    return f"{nonce}\n".encode() + body
