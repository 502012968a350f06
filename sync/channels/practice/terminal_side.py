"""The practice network in an aggregator's words: one terminal key, every wallet."""

from typing import Any

import msgspec

from sync.channels.aggregator import PATH, signed_answer, signed_request
from sync.channels.practice import keys
from sync.channels.practice import network as net
from sync.channels.practice.asked import LOST_REPLY, Asked, Reply
from sync.channels.practice.network import Charge, Network
from sync.channels.signing import hmac_holds, hmac_sign

_STATE = {
    net.PAID: "paid",
    net.WAITING: "waiting",
    net.BALANCE: "refused",
    net.EXPIRED: "refused",
    net.USED: "refused",
    net.SHORT: "refused",
    net.REVERSED: "reversed",
    net.NOT_FOUND: "not_found",
    net.UNKNOWN: "unknown",
}


class TerminalSide:
    """Answers what an aggregator's terminal asks."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def answer(self, asked: Asked) -> Reply:
        """One question's answer."""
        headers = asked.headers
        nonce = headers.get("X-Nonce", "")
        signed = signed_request(asked.target, headers.get("X-Time", ""), nonce, asked.body)
        known = headers.get("X-Terminal") == keys.TERMINAL
        if not known or not hmac_holds(keys.TERMINAL_KEY, signed, headers.get("X-Signature", "")):
            return _signed(nonce, {"state": "bad_signature"}, 401)
        question = asked.target.removeprefix(PATH)
        try:
            said = msgspec.json.decode(asked.body, type=dict[str, Any])
            if question == "bill":
                return _signed(nonce, _rows(self._network.bill(said["day"], said["wallet"])))
            verdict, charge = self._ask(question, said, asked.now)
        except (msgspec.DecodeError, msgspec.ValidationError, KeyError, TypeError, ValueError):
            return _signed(nonce, {"state": "bad_request"}, 400)
        if verdict == net.LOST:
            return LOST_REPLY
        if verdict == net.BROKEN:
            return _signed(nonce, {"state": "unknown"}, 500)
        refund = question in ("refund", "query_refund")
        return _signed(nonce, _said(said, verdict, charge, refund=refund))

    def _ask(self, question: str, said: dict[str, Any], now: int) -> tuple[str, Charge | None]:
        network, number = self._network, str(said["out_trade_no"])
        match question:
            case "pay" if said["mode"] == "shown":
                return network.precreate(said["wallet"], number, int(said["amount"]), now)
            case "pay":
                amount = int(said["amount"])
                return network.pay(said["wallet"], number, amount, str(said["code"]), now)
            case "query":
                return network.query(number, now)
            case "reverse":
                return network.reverse(number, now)
            case "refund":
                amount = int(said["amount"])
                return network.refund(number, str(said["out_refund_no"]), amount, now)
            case "query_refund":
                return network.query_refund(number, str(said["out_refund_no"]))
        raise KeyError(question)


def _said(
    said: dict[str, Any], verdict: str, charge: Charge | None, *, refund: bool
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "state": _STATE[verdict],
        "out_trade_no": said["out_trade_no"],
        "reason": verdict,
    }
    if refund:
        answer["out_refund_no"] = said["out_refund_no"]
    if charge is not None and not refund:
        answer |= {
            "out_trade_no": charge.number,
            "amount": charge.amount,
            "trade_no": charge.trade_no,
        }
        if not charge.code and verdict == net.WAITING:
            answer["show"] = f"https://pay.example.invalid/{charge.number}"
    return answer


def _rows(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: value for name, value in row.items() if name != "wallet"} for row in rows]


def _signed(nonce: str, said: object, status: int = 200) -> Reply:
    body = msgspec.json.encode(said)
    mark = hmac_sign(keys.TERMINAL_KEY, signed_answer(nonce, body))
    return Reply(status, body, {"Content-Type": "application/json", "X-Signature": mark})
