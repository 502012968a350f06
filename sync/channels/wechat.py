"""WeChat Pay API v3 for a merchant with keys of its own: codepay, native, query, reverse, refund.

Requests are signed WECHATPAY2-SHA256-RSA2048; an answer counts only under the platform's
signature. What is not clearly a refusal is UNCLEAR and will be asked about.
"""

import csv
import hashlib
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec

from app.clock import Clock
from app.errors import Refusal
from app.ids import Ids
from app.money import parse_yuan
from app.payments.rules import GONE, NOT_FOUND, PAID, REFUSED, UNCLEAR, UNREACHED, WAITS
from sync.channels.answers import Back, BillRow, ChannelTrouble, Heard, Order
from sync.channels.carrying import Answer, Line
from sync.channels.signing import rsa_holds, rsa_sign

REAL_ADDRESS = "https://api.mch.weixin.qq.com"
SCHEME = "WECHATPAY2-SHA256-RSA2048"
_WAITING = {"USERPAYING", "USER_PAYING"}
_REFUSING = {
    *("NOTENOUGH", "NOT_ENOUGH", "AUTHCODEEXPIRE", "AUTH_CODE_EXPIRED", "AUTH_CODE_INVALID"),
    *("AUTH_CODE_ERROR", "INVALID_REQUEST", "PARAM_ERROR", "NO_AUTH", "APPID_MCHID_NOT_MATCH"),
    *("MCH_NOT_EXISTS", "SIGN_ERROR", "BUYER_MISMATCH", "RULE_LIMIT"),
    *("ORDER_CLOSED", "ORDERCLOSED", "ORDER_REVERSED", "ORDERREVERSED", "CARD_NOT_SUPPORTED"),
    *("NOTSUPORTCARD", "ACCOUNT_ERROR"),
}
"""Words of a charge or refund after which no money moved."""
_STATES = {
    "SUCCESS": PAID,
    "REFUND": GONE,
    "NOTPAY": WAITS,
    "USERPAYING": WAITS,
    "ACCEPT": WAITS,
    "CLOSED": GONE,
    "REVOKED": GONE,
    "PAYERROR": REFUSED,
}
_REFUND_STATES = {"SUCCESS": PAID, "PROCESSING": WAITS, "CLOSED": REFUSED, "ABNORMAL": REFUSED}
_NOT_THERE = {"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"}


class WeChatKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a merchant got from WeChat Pay. Sealed at rest."""

    mchid: str
    appid: str
    serial: str
    """The serial number of the merchant's API certificate."""
    private_key: str
    platform_serial: str
    platform_key: str
    """The platform's public key, PEM."""
    address: str = REAL_ADDRESS
    notify_url: str = "https://example.invalid/none"
    """Native orders want one; this till asks by itself and needs no call."""


class WeChatPay:
    """The channel of one merchant."""

    def __init__(self, keys: WeChatKeys, line: Line, clock: Clock, ids: Ids) -> None:
        self._keys = keys
        self._line = line
        self._clock = clock
        self._ids = ids

    def pay(self, order: Order, code: str) -> Heard:
        return self._heard(lambda: self._pay(order, code))

    def query(self, order: Order) -> Heard:
        return self._heard(lambda: self._query(order))

    def reverse(self, order: Order) -> Heard:
        verb = "close" if order.mode == "shown" else "reverse"
        path = f"/v3/pay/transactions/out-trade-no/{order.out_trade_no}/{verb}"
        body = {"mchid": self._keys.mchid}
        if verb == "reverse":
            body["appid"] = self._keys.appid
        return self._heard(lambda: _of_reverse(*self._ask("POST", path, body)))

    def refund(self, back: Back) -> Heard:
        body = {
            "out_trade_no": back.out_trade_no,
            "out_refund_no": back.out_refund_no,
            "amount": {"refund": back.amount, "total": back.total, "currency": "CNY"},
        }
        path = "/v3/refund/domestic/refunds"
        return self._heard(lambda: _of_refund(back, *self._ask("POST", path, body)))

    def query_refund(self, back: Back) -> Heard:
        path = f"/v3/refund/domestic/refunds/{back.out_refund_no}"
        return self._heard(lambda: _of_refund_query(back, *self._ask("GET", path)))

    def bill(self, day: str) -> list[BillRow]:
        status, said = self._ask("GET", f"/v3/bill/tradebill?bill_date={day}")
        if said.get("code") == "NO_STATEMENT_EXIST":
            return []
        if status != 200:
            raise ChannelTrouble("server_error", reached=True)
        url = urlsplit(str(said.get("download_url", "")))
        # Only the path is believed: nobody sends this till's signature to another host.
        path = f"{url.path}?{url.query}" if url.query else url.path
        answer = self._line.ask("GET", path, headers=self._headers("GET", path, b""))
        if hashlib.sha1(answer.body).hexdigest() != str(said.get("hash_value", "")).lower():
            raise ChannelTrouble("bad_signature", reached=True)
        return bill_rows(answer.body)

    def why_off(self) -> str:
        return self._line.why_off()

    def _heard(self, ask: Callable[[], Heard]) -> Heard:
        try:
            return ask()
        except ChannelTrouble as trouble:
            outcome = UNCLEAR if trouble.reached else UNREACHED
            return Heard(outcome=outcome, reason=trouble.reason)

    def _query(self, order: Order) -> Heard:
        path = f"/v3/pay/transactions/out-trade-no/{order.out_trade_no}?mchid={self._keys.mchid}"
        heard = self._of_state(order, *self._ask("GET", path))
        # A question that was refused (no right, wrong key) says nothing about the money.
        asked_in_vain = heard.outcome == REFUSED and heard.reason in _REFUSING
        return Heard(outcome=UNCLEAR, reason=heard.reason) if asked_in_vain else heard

    def _pay(self, order: Order, code: str) -> Heard:
        keys = self._keys
        body: dict[str, Any] = {
            "appid": keys.appid,
            "mchid": keys.mchid,
            "description": order.subject,
            "out_trade_no": order.out_trade_no,
            "amount": {"total": order.amount, "currency": "CNY"},
        }
        if order.mode == "shown":
            body["notify_url"] = keys.notify_url
            status, said = self._ask("POST", "/v3/pay/transactions/native", body)
            shown = str(said.get("code_url", ""))
            if status == 200 and shown:
                return Heard(outcome=WAITS, show=shown)
            return _of_error(said)
        body |= {"payer": {"auth_code": code}, "scene_info": {"store_info": {"id": "1"}}}
        return self._of_state(order, *self._ask("POST", "/v3/pay/transactions/codepay", body))

    def _of_state(self, order: Order, status: int, said: dict[str, Any]) -> Heard:
        if status != 200:
            return _of_error(said)
        if said.get("out_trade_no") != order.out_trade_no:
            raise ChannelTrouble("other_order", reached=True)
        outcome = _STATES.get(str(said.get("trade_state")), UNCLEAR)
        if outcome == PAID and (said.get("amount") or {}).get("total") != order.amount:
            raise ChannelTrouble("other_amount", reached=True)
        return Heard(
            outcome=outcome,
            reason=str(said.get("trade_state", ""))[:40],
            trade_no=str(said.get("transaction_id", ""))[:40],
            trade_time=str(said.get("success_time", ""))[:40],
        )

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        sent = msgspec.json.encode(body) if body is not None else b""
        answer = self._line.ask(method, path, body=sent, headers=self._headers(method, path, sent))
        if answer.status >= 500:
            raise ChannelTrouble("server_error", reached=True)
        self._believe(answer)
        return answer.status, _object(answer.body)

    def _headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        seconds, nonce = self._clock.wall_ms() // 1000, self._ids.new().replace("-", "")
        signed = f"{method}\n{path}\n{seconds}\n{nonce}\n".encode() + body + b"\n"
        mark = rsa_sign(self._keys.private_key, signed)
        return {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Authorization": (
                f'{SCHEME} mchid="{self._keys.mchid}",nonce_str="{nonce}",'
                f'signature="{mark}",timestamp="{seconds}",serial_no="{self._keys.serial}"'
            ),
        }

    def _believe(self, answer: Answer) -> None:
        """Nothing counts without the platform's signature, least of all the word SUCCESS."""
        headers = answer.headers
        signed = (
            (
                f"{headers.get('Wechatpay-Timestamp', '')}\n{headers.get('Wechatpay-Nonce', '')}\n"
            ).encode()
            + answer.body
            + b"\n"
        )
        known = headers.get("Wechatpay-Serial", "") == self._keys.platform_serial
        mark = headers.get("Wechatpay-Signature", "")
        if not known or not rsa_holds(self._keys.platform_key, signed, mark):
            raise ChannelTrouble("bad_signature", reached=True)


def _object(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        said = msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise ChannelTrouble("broken_answer", reached=True) from None
    if not isinstance(said, dict):
        raise ChannelTrouble("broken_answer", reached=True)
    return said


def _of_error(said: dict[str, Any]) -> Heard:
    word = str(said.get("code", ""))[:40]
    if word in _WAITING:
        return Heard(outcome=WAITS, reason=word)
    if word in _NOT_THERE:
        return Heard(outcome=NOT_FOUND, reason=word)
    return Heard(outcome=REFUSED if word in _REFUSING else UNCLEAR, reason=word)


def _of_reverse(status: int, said: dict[str, Any]) -> Heard:
    if status in (200, 204):
        return Heard(outcome=GONE, reason="REVOKED")
    heard = _of_error(said)
    # That an order cannot be taken back says nothing about whether it was paid.
    return heard if heard.outcome == NOT_FOUND else Heard(outcome=UNCLEAR, reason=heard.reason)


def _of_refund(back: Back, status: int, said: dict[str, Any]) -> Heard:
    if status != 200:
        heard = _of_error(said)
        return Heard(outcome=UNCLEAR, reason=heard.reason) if heard.outcome == WAITS else heard
    if said.get("out_refund_no") != back.out_refund_no:
        raise ChannelTrouble("other_order", reached=True)
    word = str(said.get("status", ""))[:40]
    return Heard(outcome=_REFUND_STATES.get(word, UNCLEAR), reason=word)


def _of_refund_query(back: Back, status: int, said: dict[str, Any]) -> Heard:
    heard = _of_refund(back, status, said)
    refused_to_say = status != 200 and heard.outcome == REFUSED
    return Heard(outcome=UNCLEAR, reason=heard.reason) if refused_to_say else heard


def bill_rows(body: bytes) -> list[BillRow]:
    """The rows of a trade bill: CSV, each field behind a backtick, two rows of totals last."""
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig", "replace"))))
    if not rows:
        return []
    names = {name.strip(): at for at, name in enumerate(rows[0])}
    if "商户订单号" not in names:
        raise ChannelTrouble("broken_answer", reached=True)
    found = []
    try:
        for row in rows[1:]:
            if len(row) < len(names):
                break
            said = {name: row[at].lstrip("`").strip() for name, at in names.items()}
            refund = said.get("商户退款单号", "").strip("0")
            amount = said["申请退款金额"] if refund else said["订单金额"]
            found.append(
                BillRow(
                    out_trade_no=said["商户订单号"],
                    out_refund_no=said["商户退款单号"] if refund else "",
                    amount=parse_yuan(amount),
                    trade_no=said["微信订单号"],
                    time=said["交易时间"],
                )
            )
    except (KeyError, Refusal):
        raise ChannelTrouble("broken_answer", reached=True) from None
    return found
