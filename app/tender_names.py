"""Ways to pay, as facts name them, and the words papers and screens use."""

TENDER_NAMES = {
    "cash": "现金",
    "wechat": "微信",
    "alipay": "支付宝",
    "unionpay": "银联",
    "ecny": "数字人民币",
    "card": "银行卡",
    "static_qr": "静态码",
    "transfer": "转账",
    "voucher": "券",
    "room": "房账",
    "exchange": "换货抵",
    "deposit": "订金抵",
    "earnest": "定金抵",
    "prepaid": "预付抵",
    "stored": "储值",
}
CHANNELS = ("wechat", "alipay", "unionpay", "ecny")
"""Tenders a payment network settles while the customer waits."""
PURPOSE_NAMES = {
    "deposit": "订金",
    "earnest": "定金",
    "prepaid": "预付款",
    "pledge": "押金",
    "stored": "储值",
}
"""Money a customer leaves with the shop, by what it is for."""
