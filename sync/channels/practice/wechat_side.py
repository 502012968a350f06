"""The practice network in WeChat Pay's words: API v3, signed both ways."""

import csv
import hashlib
import io
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from app.clock import iso
from app.ids import Ids
from app.money import yuan
from sync.channels.practice import keys
from sync.channels.practice import network as net
from sync.channels.practice.asked import LOST_REPLY, Asked, Reply
from sync.channels.practice.network import Charge, Network
from sync.channels.signing import rsa_holds, rsa_sign
from sync.channels.wechat import SCHEME

_ORDER = re.compile(r"/v3/pay/transactions/out-trade-no/([^/]+)(?:/(reverse|close))?$")
_REFUND = re.compile(r"/v3/refund/domestic/refunds/([^/]+)$")
_FIELD = re.compile(r'(\w+)="([^"]*)"')
_STATE = {"paid": "SUCCESS", "waiting": "NOTPAY", "failed": "PAYERROR", "reversed": "REVOKED"}
_ERRORS = {
    net.WAITING: (400, "USERPAYING", "需要用户输入支付密码"),
    net.BALANCE: (403, "NOTENOUGH", "余额不足"),
    net.EXPIRED: (400, "AUTHCODEEXPIRE", "二维码已过期，请用户刷新"),
    net.USED: (400, "AUTH_CODE_INVALID", "付款码已使用"),
    net.REVERSED: (400, "ORDERREVERSED", "订单已撤销"),
    net.UNKNOWN: (500, "SYSTEM_ERROR", "系统超时"),
    net.BROKEN: (500, "SYSTEM_ERROR", "系统超时"),
    net.NOT_FOUND: (404, "ORDER_NOT_EXIST", "订单不存在"),
    net.SHORT: (403, "NOT_ENOUGH", "商户余额不足"),
}
_BILL = (
    *("交易时间", "公众账号ID", "商户号", "微信订单号", "商户订单号", "交易状态", "订单金额"),
    *("商户退款单号", "申请退款金额"),
)


class WeChatSide:
    """Answers what a WeChat Pay merchant asks."""

    def __init__(self, network: Network, ids: Ids) -> None:
        self._network = network
        self._ids = ids

    def answer(self, asked: Asked) -> Reply:
        """One request's answer; an unsigned one is refused as the real network does."""
        if not _signed(asked):
            return self._error(asked, 401, "SIGN_ERROR", "签名错误")
        try:
            body = msgspec.json.decode(asked.body) if asked.body else {}
            return self._route(asked, urlsplit(asked.target).path, body)
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            return self._error(asked, 400, "PARAM_ERROR", "参数错误")

    def _route(self, asked: Asked, path: str, body: dict[str, Any]) -> Reply:
        if path == "/v3/pay/transactions/codepay":
            amount, code = int(body["amount"]["total"]), str(body["payer"]["auth_code"])
            number = str(body["out_trade_no"])
            verdict, charge = self._network.pay("wechat", number, amount, code, asked.now)
            return self._charge(asked, verdict, charge)
        if path == "/v3/pay/transactions/native":
            number, amount = str(body["out_trade_no"]), int(body["amount"]["total"])
            self._network.precreate("wechat", number, amount, asked.now)
            return self._said(asked, {"code_url": f"weixin://wxpay/bizpayurl?pr={number}"})
        if path == "/v3/bill/tradebill":
            return self._bill(asked)
        if path.startswith("/v3/billdownload/"):
            return self._signed_reply(asked, 200, self._csv(path.rpartition("/")[2]))
        if found := _ORDER.match(path):
            return self._order(asked, found[1], found[2] or "query")
        if path == "/v3/refund/domestic/refunds":
            refund, amount = str(body["out_refund_no"]), int(body["amount"]["refund"])
            verdict, kept = self._network.refund(
                str(body["out_trade_no"]), refund, amount, asked.now
            )
            return self._refund(asked, verdict, kept, refund)
        if found := _REFUND.match(path):
            verdict, kept = self._network.query_refund("", found[1])
            return self._refund(asked, verdict, kept, found[1])
        return self._error(asked, 404, "RESOURCE_NOT_EXISTS", "没有这个接口")

    def _order(self, asked: Asked, number: str, verb: str) -> Reply:
        if verb == "query":
            verdict, charge = self._network.query(number, asked.now)
            if verdict in (net.BROKEN, net.NOT_FOUND) or charge is None:
                return self._verdict(asked, verdict)
            return self._state(asked, charge)
        verdict, charge = self._network.reverse(number, asked.now)
        if verdict == net.REVERSED and verb == "close":
            return self._signed_reply(asked, 204, b"")
        if verdict == net.REVERSED and charge is not None:
            return self._said(asked, {"mchid": keys.MCHID, "out_trade_no": number})
        return self._verdict(asked, verdict)

    def _charge(self, asked: Asked, verdict: str, charge: Charge) -> Reply:
        if verdict == net.PAID:
            return self._state(asked, charge)
        return self._verdict(asked, verdict)

    def _state(self, asked: Asked, charge: Charge) -> Reply:
        state = _STATE[charge.state]
        if charge.state == "waiting" and charge.day in ("01", "05", "08"):
            state = "USERPAYING"
        said: dict[str, Any] = {
            "appid": keys.APPID,
            "mchid": keys.MCHID,
            "out_trade_no": charge.number,
            "trade_state": state,
            "trade_type": "MICROPAY" if charge.code else "NATIVE",
            "amount": {"total": charge.amount, "payer_total": charge.amount, "currency": "CNY"},
        }
        if charge.state == "paid":
            said |= {"transaction_id": charge.trade_no, "success_time": iso(charge.paid_ms)}
        return self._said(asked, said)

    def _refund(self, asked: Asked, verdict: str, charge: Charge | None, refund: str) -> Reply:
        if verdict in (net.PAID, net.WAITING) and charge is not None:
            back = charge.refunds[refund]
            status = "SUCCESS" if verdict == net.PAID else "PROCESSING"
            said = {
                "refund_id": f"50{charge.trade_no[2:]}",
                "out_refund_no": refund,
                "out_trade_no": charge.number,
                "status": status,
                "amount": {"refund": back.amount, "total": charge.amount, "currency": "CNY"},
            }
            return self._said(asked, said)
        if verdict == net.NOT_FOUND:
            return self._error(asked, 404, "RESOURCE_NOT_EXISTS", "退款单不存在")
        return self._verdict(asked, verdict)

    def _bill(self, asked: Asked) -> Reply:
        day = parse_qs(urlsplit(asked.target).query)["bill_date"][0]
        body = self._csv(day)
        if body.count(b"\n") <= 3:
            return self._error(asked, 400, "NO_STATEMENT_EXIST", "账单文件不存在")
        url = f"https://api.mch.weixin.qq.com/v3/billdownload/{day}"
        hashed = hashlib.sha1(body).hexdigest()
        return self._said(asked, {"hash_type": "SHA1", "hash_value": hashed, "download_url": url})

    def _csv(self, day: str) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(_BILL)
        rows = self._network.bill(day, "wechat")
        for row in rows:
            refund = str(row["out_refund_no"])
            amount = yuan(int(str(row["amount"])))
            cells = (
                *(row["time"], keys.APPID, keys.MCHID, row["trade_no"], row["out_trade_no"]),
                *("REFUND" if refund else "SUCCESS", "0.00" if refund else amount),
                *(refund or "0", amount if refund else "0.00"),
            )
            writer.writerow([f"`{cell}" for cell in cells])
        writer.writerow(["总交易单数", "申请退款总金额"])
        writer.writerow([f"`{len(rows)}", "`0.00"])
        return out.getvalue().encode()

    def _verdict(self, asked: Asked, verdict: str) -> Reply:
        if verdict == net.LOST:
            return LOST_REPLY
        return self._error(asked, *_ERRORS[verdict])

    def _error(self, asked: Asked, status: int, code: str, words: str) -> Reply:
        body = msgspec.json.encode({"code": code, "message": words})
        return self._signed_reply(asked, status, body)

    def _said(self, asked: Asked, said: dict[str, Any]) -> Reply:
        return self._signed_reply(asked, 200, msgspec.json.encode(said))

    def _signed_reply(self, asked: Asked, status: int, body: bytes) -> Reply:
        seconds, nonce = asked.now // 1000, self._ids.new().replace("-", "")
        signed = f"{seconds}\n{nonce}\n".encode() + body + b"\n"
        headers = {
            "Content-Type": "application/json",
            "Wechatpay-Timestamp": str(seconds),
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": keys.PLATFORM_SERIAL,
            "Wechatpay-Signature": rsa_sign(keys.private_key("platform"), signed),
        }
        return Reply(status, body, headers)


def _signed(asked: Asked) -> bool:
    scheme, _, rest = asked.headers.get("Authorization", "").partition(" ")
    said = dict(_FIELD.findall(rest))
    signed = (
        (
            f"{asked.method}\n{asked.target}\n{said.get('timestamp')}\n{said.get('nonce_str')}\n"
        ).encode()
        + asked.body
        + b"\n"
    )
    known = (scheme, said.get("mchid"), said.get("serial_no"))
    return known == (SCHEME, keys.MCHID, keys.SERIAL) and rsa_holds(
        keys.public_key("merchant"), signed, said.get("signature", "")
    )
