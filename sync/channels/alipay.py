"""Alipay's open gateway for a merchant with keys of its own: trade pay, precreate, query, cancel.

Every request is a form signed RSA2; an answer counts only when Alipay's signature holds over the
very bytes of its inner object.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from app.clock import Clock, local
from app.errors import Refusal
from app.money import parse_yuan, yuan
from app.payments.rules import GONE, NOT_FOUND, PAID, REFUSED, UNCLEAR, UNREACHED, WAITS
from sync.channels.answers import Back, BillRow, ChannelTrouble, Heard, Order
from sync.channels.carrying import Line
from sync.channels.signing import rsa_holds, rsa_sign

REAL_ADDRESS = "https://openapi.alipay.com"
GATEWAY = "/gateway.do"
_FORM = "application/x-www-form-urlencoded;charset=utf-8"
_STATES = {
    "TRADE_SUCCESS": PAID,
    "TRADE_FINISHED": PAID,
    "WAIT_BUYER_PAY": WAITS,
    "TRADE_CLOSED": GONE,
}
_OPEN_ENDED = ("SYSTEM_ERROR", "TRADE_HAS_SUCCESS", "CONTEXT_INCONSISTENT")
"""Errors after which the money may have moved all the same."""
_OK, _WAITING, _UNKNOWN = "10000", "10003", "20000"


class AlipayKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a merchant got from Alipay. Sealed at rest."""

    app_id: str
    private_key: str
    alipay_key: str
    """Alipay's public key, PEM."""
    address: str = REAL_ADDRESS


class Alipay:
    """The channel of one merchant."""

    def __init__(self, keys: AlipayKeys, line: Line, clock: Clock) -> None:
        self._keys = keys
        self._line = line
        self._clock = clock

    def pay(self, order: Order, code: str) -> Heard:
        said = {
            "out_trade_no": order.out_trade_no,
            "subject": order.subject,
            "total_amount": yuan(order.amount),
            "timeout_express": "5m",
        }
        if order.mode == "shown":
            return self._heard("alipay.trade.precreate", said, _of_precreate)
        said |= {"scene": "bar_code", "auth_code": code}
        return self._heard("alipay.trade.pay", said, lambda node: _of_trade(order, node))

    def query(self, order: Order) -> Heard:
        said = {"out_trade_no": order.out_trade_no}
        return self._heard("alipay.trade.query", said, lambda node: _of_query(order, node))

    def reverse(self, order: Order) -> Heard:
        said = {"out_trade_no": order.out_trade_no}
        return self._heard("alipay.trade.cancel", said, _of_cancel)

    def refund(self, back: Back) -> Heard:
        said = {
            "out_trade_no": back.out_trade_no,
            "out_request_no": back.out_refund_no,
            "refund_amount": yuan(back.amount),
        }
        return self._heard("alipay.trade.refund", said, _of_refund)

    def query_refund(self, back: Back) -> Heard:
        said = {"out_trade_no": back.out_trade_no, "out_request_no": back.out_refund_no}
        return self._heard("alipay.trade.fastpay.refund.query", said, _of_refund_query)

    def bill(self, day: str) -> list[BillRow]:
        method = "alipay.data.dataservice.bill.downloadurl.query"
        node = self._ask(method, {"bill_type": "trade", "bill_date": day})
        if node.get("sub_code") in ("isp.bill_not_exist", "BILL_NOT_EXIST"):
            return []
        url = urlsplit(str(node.get("bill_download_url", "")))
        if node.get("code") != _OK or not url.path:
            raise ChannelTrouble("server_error", reached=True)
        # The bill lies on another host of theirs; nothing of ours is sent along.
        answer = self._line.ask("GET", url.geturl(), headers={})
        return bill_rows(answer.body)

    def why_off(self) -> str:
        return self._line.why_off()

    def _heard(
        self, method: str, said: Mapping[str, str], meaning: Callable[[dict[str, Any]], Heard]
    ) -> Heard:
        try:
            node = self._ask(method, said)
            number = node.get("out_trade_no", said["out_trade_no"])
            if number != said["out_trade_no"]:
                raise ChannelTrouble("other_order", reached=True)
            return meaning(node)
        except ChannelTrouble as trouble:
            outcome = UNCLEAR if trouble.reached else UNREACHED
            return Heard(outcome=outcome, reason=trouble.reason)

    def _ask(self, method: str, said: Mapping[str, str]) -> dict[str, Any]:
        fields = {
            "app_id": self._keys.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": local(self._clock.wall_ms()).strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
            "biz_content": json.dumps(said, ensure_ascii=False),
        }
        fields["sign"] = rsa_sign(self._keys.private_key, signed_text(fields))
        body = urlencode(fields).encode()
        answer = self._line.ask("POST", GATEWAY, body=body, headers={"Content-Type": _FORM})
        if answer.status >= 500:
            raise ChannelTrouble("server_error", reached=True)
        node, raw, mark = opened(answer.body, method)
        if not rsa_holds(self._keys.alipay_key, raw, mark):
            raise ChannelTrouble("bad_signature", reached=True)
        return node


def signed_text(fields: Mapping[str, str]) -> bytes:
    """What RSA2 signs: the fields by name, empty ones and the signature left out."""
    pairs = sorted((name, value) for name, value in fields.items() if value and name != "sign")
    return "&".join(f"{name}={value}" for name, value in pairs).encode()


def opened(body: bytes, method: str) -> tuple[dict[str, Any], bytes, str]:
    """The inner object, its very bytes, and the signature beside it. Raises ChannelTrouble."""
    broken = ChannelTrouble("broken_answer", reached=True)
    try:
        text = body.decode()
        whole = json.loads(text)
        name = method.replace(".", "_") + "_response"
        # Errors before the method was even read come under a name of their own.
        name = name if name in whole else "error_response"
        start = text.index(f'"{name}"') + len(name) + 2
        start = text.index("{", start)
        node, end = json.JSONDecoder().raw_decode(text, start)
        mark = whole["sign"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise broken from None
    if not isinstance(node, dict) or not isinstance(mark, str):
        raise broken
    return node, text[start:end].encode(), mark


def _word(node: Mapping[str, Any]) -> str:
    return str(node.get("sub_code") or node.get("code") or "")[:60]


def _of_error(node: Mapping[str, Any]) -> Heard:
    code, word = str(node.get("code")), _word(node)
    if code == _WAITING:
        return Heard(outcome=WAITS, reason=word)
    if "NOT_EXIST" in word:
        return Heard(outcome=NOT_FOUND, reason=word)
    open_end = any(each in word for each in _OPEN_ENDED)
    if code == _UNKNOWN or open_end or not code.startswith("4"):
        return Heard(outcome=UNCLEAR, reason=word)
    return Heard(outcome=REFUSED, reason=word)


def _of_trade(order: Order, node: Mapping[str, Any]) -> Heard:
    if str(node.get("code")) != _OK:
        return _of_error(node)
    word = str(node.get("trade_status", "TRADE_SUCCESS"))
    outcome = _STATES.get(word, UNCLEAR)
    if outcome == PAID:
        try:
            amount = parse_yuan(str(node.get("total_amount", "")))
        except Refusal:
            raise ChannelTrouble("broken_answer", reached=True) from None
        if amount != order.amount:
            raise ChannelTrouble("other_amount", reached=True)
    return Heard(
        outcome=outcome,
        reason=word[:40],
        trade_no=str(node.get("trade_no", ""))[:40],
        trade_time=str(node.get("gmt_payment") or node.get("send_pay_date") or "")[:40],
    )


def _of_query(order: Order, node: Mapping[str, Any]) -> Heard:
    heard = _of_trade(order, node)
    # A question that was refused (no right, wrong key) says nothing about the money.
    return Heard(outcome=UNCLEAR, reason=heard.reason) if heard.outcome == REFUSED else heard


def _of_precreate(node: Mapping[str, Any]) -> Heard:
    shown = str(node.get("qr_code", ""))
    if str(node.get("code")) == _OK and shown:
        return Heard(outcome=WAITS, show=shown)
    return _of_error(node)


def _of_cancel(node: Mapping[str, Any]) -> Heard:
    if str(node.get("code")) == _OK and node.get("retry_flag", "N") == "N":
        return Heard(outcome=GONE, reason=str(node.get("action", ""))[:40])
    heard = _of_error(node)
    return heard if heard.outcome == NOT_FOUND else Heard(outcome=UNCLEAR, reason=heard.reason)


def _of_refund(node: Mapping[str, Any]) -> Heard:
    if str(node.get("code")) == _OK:
        # "N": this number was asked for before, or it is still being done; a query tells.
        done = node.get("fund_change") == "Y"
        return Heard(outcome=PAID if done else WAITS, reason=_word(node))
    heard = _of_error(node)
    return Heard(outcome=UNCLEAR, reason=heard.reason) if heard.outcome == WAITS else heard


def _of_refund_query(node: Mapping[str, Any]) -> Heard:
    if str(node.get("code")) != _OK:
        heard = _of_refund(node)
        refused_to_say = heard.outcome == REFUSED
        return Heard(outcome=UNCLEAR, reason=heard.reason) if refused_to_say else heard
    word = str(node.get("refund_status", ""))
    if not word and "out_request_no" not in node:
        return Heard(outcome=NOT_FOUND)
    return Heard(outcome=PAID if word == "REFUND_SUCCESS" else WAITS, reason=word[:40])


def bill_rows(body: bytes) -> list[BillRow]:
    """The rows of a trade bill: a ZIP with GBK CSVs, remarks behind `#`, refunds negative."""
    found: list[BillRow] = []
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for info in archive.infolist():
                if info.file_size <= 64 * 1024 * 1024:
                    found += _rows(archive.read(info).decode("gb18030"))
    except (zipfile.BadZipFile, UnicodeDecodeError, KeyError, Refusal):
        raise ChannelTrouble("broken_answer", reached=True) from None
    return found


def _rows(text: str) -> list[BillRow]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    names: list[str] = []
    found = []
    for row in csv.reader(lines):
        cells = [cell.strip() for cell in row]
        if "商户订单号" in cells:
            names = cells
        elif names and len(cells) >= len(names):
            said = dict(zip(names, cells, strict=False))
            refund = said.get("业务类型") == "退款"
            found.append(
                BillRow(
                    out_trade_no=said["商户订单号"],
                    out_refund_no=said["退款批次号/请求号"] if refund else "",
                    amount=abs(parse_yuan(said["订单金额（元）"].lstrip("-"))),
                    trade_no=said["支付宝交易号"],
                    time=said["完成时间"],
                )
            )
    return found
