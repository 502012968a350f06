"""The practice network in Alipay's words: one gateway, forms signed RSA2, answers signed back."""

import io
import json
import zipfile
from typing import Any
from urllib.parse import parse_qsl

from app.clock import local
from app.errors import Refusal
from app.money import parse_yuan, yuan
from sync.channels.alipay import signed_text
from sync.channels.practice import keys
from sync.channels.practice import network as net
from sync.channels.practice.asked import LOST_REPLY, Asked, Reply
from sync.channels.practice.network import Charge, Network
from sync.channels.signing import rsa_holds, rsa_sign

_TRADE = {
    "paid": "TRADE_SUCCESS",
    "waiting": "WAIT_BUYER_PAY",
    "failed": "TRADE_CLOSED",
    "reversed": "TRADE_CLOSED",
}
_ERRORS = {
    net.WAITING: ("10003", "", "order success pay inprocess"),
    net.BALANCE: ("40004", "ACQ.BUYER_BALANCE_NOT_ENOUGH", "买家余额不足"),
    net.EXPIRED: ("40004", "ACQ.PAYMENT_AUTH_CODE_INVALID", "支付授权码无效"),
    net.USED: ("40004", "ACQ.PAYMENT_AUTH_CODE_INVALID", "支付授权码已使用"),
    net.REVERSED: ("40004", "ACQ.TRADE_HAS_CLOSE", "交易已经关闭"),
    net.UNKNOWN: ("20000", "ACQ.SYSTEM_ERROR", "系统错误"),
    net.NOT_FOUND: ("40004", "ACQ.TRADE_NOT_EXIST", "交易不存在"),
    net.SHORT: ("40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足"),
}
_BILL = "支付宝交易号,商户订单号,业务类型,完成时间,订单金额（元）,退款批次号/请求号"


class AlipaySide:
    """Answers what an Alipay merchant asks."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def answer(self, asked: Asked) -> Reply:
        """One form's answer."""
        fields = dict(parse_qsl(asked.body.decode("utf-8", "replace")))
        method = fields.get("method", "")
        signed = signed_text(fields)
        known = fields.get("app_id") == keys.ALIPAY_APP
        if not known or not rsa_holds(keys.public_key("merchant"), signed, fields.get("sign", "")):
            return _signed("error", _node("40002", "isv.invalid-signature", "无效签名"))
        try:
            said = json.loads(fields["biz_content"])
            verdict, charge = self._ask(method, said, asked.now)
        except (KeyError, TypeError, ValueError, Refusal):
            return _signed(method, _node("40004", "ACQ.INVALID_PARAMETER", "参数无效"))
        if verdict == net.LOST:
            return LOST_REPLY
        if verdict == net.BROKEN:
            return Reply(500, b'{"error":"system busy"}', {"Content-Type": "application/json"})
        return _signed(method, self._node(method, said, verdict, charge))

    def _ask(self, method: str, said: dict[str, Any], now: int) -> tuple[str, Charge | None]:
        network, number = self._network, str(said.get("out_trade_no", ""))
        match method:
            case "alipay.trade.pay":
                amount = parse_yuan(said["total_amount"])
                return network.pay("alipay", number, amount, str(said["auth_code"]), now)
            case "alipay.trade.precreate":
                return network.precreate("alipay", number, parse_yuan(said["total_amount"]), now)
            case "alipay.trade.query":
                return network.query(number, now)
            case "alipay.trade.cancel":
                return network.reverse(number, now)
            case "alipay.trade.refund":
                amount = parse_yuan(said["refund_amount"])
                return network.refund(number, str(said["out_request_no"]), amount, now)
            case "alipay.trade.fastpay.refund.query":
                return network.query_refund(number, str(said["out_request_no"]))
            case "alipay.data.dataservice.bill.downloadurl.query":
                return net.PAID if network.bill(said["bill_date"], "alipay") else "no_bill", None
        raise KeyError(method)

    def _node(
        self, method: str, said: dict[str, Any], verdict: str, charge: Charge | None
    ) -> dict[str, str]:
        number = str(said.get("out_trade_no", ""))
        if method.endswith("precreate"):
            return _ok(out_trade_no=number, qr_code=f"https://qr.alipay.com/{number}")
        if method.endswith("downloadurl.query"):
            if verdict != net.PAID:
                return _node("40004", "isp.bill_not_exist", "账单不存在")
            return _ok(bill_download_url=f"/alipay/bill/{said['bill_date']}")
        if method.endswith("cancel") and verdict == net.UNKNOWN:
            return _ok(out_trade_no=number, retry_flag="Y")
        if method.endswith("cancel") and verdict == net.REVERSED:
            return _ok(out_trade_no=number, retry_flag="N", action="close")
        if "refund" in method:
            return _refund_node(method, said, verdict)
        stands = charge is not None and (method.endswith("query") or verdict == net.PAID)
        if charge is None or verdict == net.NOT_FOUND or not stands:
            return _node(*_ERRORS[verdict])
        node = _ok(
            out_trade_no=charge.number,
            trade_no=charge.trade_no,
            total_amount=yuan(charge.amount),
            buyer_logon_id="138****5678",
        )
        if method.endswith("query"):
            node["trade_status"] = _TRADE[charge.state]
        if charge.paid_ms:
            node["gmt_payment"] = local(charge.paid_ms).strftime("%Y-%m-%d %H:%M:%S")
        return node

    def download(self, day: str) -> Reply:
        """The bill of a day as a ZIP with one CSV in GBK."""
        lines = ["#支付宝业务明细查询", f"#账号：[{keys.ALIPAY_APP}]", _BILL]
        for row in self._network.bill(day, "alipay"):
            refund = str(row["out_refund_no"])
            amount = yuan(int(str(row["amount"])) * (-1 if refund else 1))
            kind = "退款" if refund else "交易"
            cells = (row["trade_no"], row["out_trade_no"], kind, row["time"], amount, refund)
            lines.append(",".join(f"{cell}\t" for cell in cells))
        lines.append("#业务明细列表结束")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{day}_业务明细.csv", "\r\n".join(lines).encode("gb18030"))
        return Reply(200, out.getvalue(), {"Content-Type": "application/zip"})


def _refund_node(method: str, said: dict[str, Any], verdict: str) -> dict[str, str]:
    """A refund that was asked for, or is asked about."""
    numbers = {"out_trade_no": said["out_trade_no"], "out_request_no": said["out_request_no"]}
    if method.endswith("refund.query"):
        if verdict in (net.NOT_FOUND, net.SHORT):
            return _ok(out_trade_no=numbers["out_trade_no"])
        done = {"refund_status": "REFUND_SUCCESS"} if verdict == net.PAID else {}
        return _ok(**numbers, **done)
    if verdict in (net.PAID, net.WAITING):
        return _ok(**numbers, fund_change="Y" if verdict == net.PAID else "N")
    return _node(*_ERRORS[verdict])


def _node(code: str, sub_code: str, words: str) -> dict[str, str]:
    node = {"code": code, "msg": "Business Failed"}
    return node | {"sub_code": sub_code, "sub_msg": words} if sub_code else node


def _ok(**fields: str) -> dict[str, str]:
    return {"code": "10000", "msg": "Success", **fields}


def _signed(method: str, node: dict[str, str]) -> Reply:
    inner = json.dumps(node, ensure_ascii=False)
    mark = rsa_sign(keys.private_key("platform"), inner.encode())
    body = f'{{"{method.replace(".", "_")}_response":{inner},"sign":"{mark}"}}'
    return Reply(200, body.encode(), {"Content-Type": "application/json;charset=utf-8"})
