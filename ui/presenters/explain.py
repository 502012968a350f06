"""A scanned code in words: what kind it is, every field of it, and what the till would do."""

from collections.abc import Callable
from typing import Any

from app.catalogue.codes import (
    AnyReading,
    GoodsCode,
    LotCode,
    MemberCode,
    Plu,
    ReceiptCode,
    ScaleLabel,
    ShelfCode,
    TraceCode,
    Unknown,
    WalletCode,
)
from app.errors import Refusal
from app.facts.catalogue import Product
from app.money import yuan_shown
from app.quantity import shown
from app.sales.desk import Desk
from app.sales.queries import receipt
from app.sales.scanning import goods_shown
from app.text import clean
from ui.language import error_words, tr
from ui.room_views import ExplainView

Facts = tuple[tuple[str, str], ...]
MOST_SHOWN = 60
"""Characters of a code on the screen; the rest of a signed trace code says nothing to eyes."""


def explain(desk: Desk, text: str) -> ExplainView:
    """What a scan is and what the till would do with it. Reads only, changes nothing."""
    scanned = desk.read_code(text)
    reading = scanned.reading
    view = _EXPLAINED[type(reading)](desk, reading, clean(text, most=MOST_SHOWN))
    if scanned.wallet is not None and not isinstance(reading, WalletCode):
        both = (tr("在收款时"), tr("也会当成{channel}付款码", channel=_wallet(scanned.wallet)))
        return ExplainView(
            code=view.code,
            kind=view.kind,
            facts=(*view.facts, both),
            next_step=view.next_step,
            state=view.state,
        )
    return view


def _goods(desk: Desk, reading: AnyReading, text: str) -> ExplainView:
    facts: Facts = ()
    kind = tr("货号")
    if isinstance(reading, GoodsCode):
        kind = tr("商品条码")
        code = reading.gs1
        facts = ((tr("商品编码 GTIN"), code.gtin),)
        more = (
            (tr("批号"), code.lot),
            (tr("生产日期"), code.made),
            (tr("保质期到"), code.best_before),
            (tr("到期日"), code.expires),
            (tr("序列号"), code.serial),
            (tr("重量"), f"{shown(code.weight, weighed=True)} kg" if code.weight else ""),
            (tr("金额"), yuan_shown(code.amount) if code.amount else ""),
        )
        facts += tuple((word, value) for word, value in more if value)
    return _product(desk, reading, text, kind, facts)


def _label(desk: Desk, reading: AnyReading, text: str) -> ExplainView:
    assert isinstance(reading, ScaleLabel)
    facts: Facts = ((tr("秤上的编号 PLU"), reading.plu),)
    if reading.amount is not None:
        facts += ((tr("金额"), yuan_shown(reading.amount)),)
    if reading.weight is not None:
        facts += ((tr("重量"), f"{shown(reading.weight, weighed=True)} kg"),)
    if reading.count is not None:
        facts += ((tr("件数"), str(reading.count)),)
    return _product(desk, reading, text, tr("秤签"), facts)


def _product(desk: Desk, reading: AnyReading, text: str, kind: str, facts: Facts) -> ExplainView:
    try:
        with desk.books.read() as db:
            one = desk.prices.shown(db, goods_shown(db, desk.books.shop, reading, text))
    except Refusal as refusal:
        return ExplainView(
            code=text, kind=kind, facts=facts, next_step=error_words(refusal), state="warn"
        )
    return ExplainView(
        code=text, kind=kind, facts=_about(one) + facts, next_step=tr("收银时扫它，就加进这一单")
    )


def _about(one: Product) -> Facts:
    facts = (
        (tr("商品"), f"{one.name} {one.spec}".strip()),
        (tr("货号"), one.code),
        (tr("售价"), f"{yuan_shown(one.price)}/{one.unit}"),
    )
    return tuple((word, value) for word, value in facts if value)


def _receipt(desk: Desk, reading: AnyReading, text: str) -> ExplainView:
    assert isinstance(reading, ReceiptCode)
    with desk.books.read() as db:
        known = receipt(db, desk.books.shop, desk.books.till, reading.number)
    facts: Facts = ((tr("单号"), reading.number),)
    if reading.letters:
        facts += ((tr("防伪字母"), reading.letters),)
    if known is None:
        words = tr("这台机上没有这张小票")
        return ExplainView(code=text, kind=tr("小票码"), facts=facts, next_step=words, state="warn")
    facts += ((tr("金额"), yuan_shown(known.sale.due)),)
    words = tr("收银时扫它，就打开这张小票")
    return ExplainView(code=text, kind=tr("小票码"), facts=facts, next_step=words)


def _payment(_desk: Desk, reading: AnyReading, _text: str) -> ExplainView:
    assert isinstance(reading, WalletCode)
    # A payment code is money until it is used: it is never written on a screen.
    facts = ((tr("渠道"), _wallet(reading)),)
    words = tr("收款时扫它就收钱；这一版还没有接通，请收现金")
    return ExplainView(
        code=tr("（付款码不显示）"), kind=tr("付款码"), facts=facts, next_step=words, state="warn"
    )


def _wallet(reading: WalletCode) -> str:
    words = {
        "wechat": tr("微信"),
        "alipay": tr("支付宝"),
        "unionpay": tr("云闪付"),
        "ecny": tr("数字人民币"),
    }
    return words.get(reading.channel, reading.channel)


def _own(kind: str, word: str, value: str, text: str) -> ExplainView:
    words = tr("收银时用不到它")
    return ExplainView(code=text, kind=kind, facts=((word, value),), next_step=words, state="warn")


def _member(_desk: Desk, reading: AnyReading, text: str) -> ExplainView:
    assert isinstance(reading, MemberCode)
    return _own(tr("会员码"), tr("会员"), reading.member, text)


def _shelf(_desk: Desk, reading: AnyReading, text: str) -> ExplainView:
    assert isinstance(reading, ShelfCode)
    return _own(tr("货架码"), tr("货架"), reading.shelf, text)


def _lot(desk: Desk, reading: AnyReading, text: str) -> ExplainView:
    assert isinstance(reading, LotCode)
    return _product(desk, reading, text, tr("批次码"), ((tr("批次"), reading.lot),))


def _trace(_desk: Desk, reading: AnyReading, text: str) -> ExplainView:
    assert isinstance(reading, TraceCode)
    return _own(tr("溯源码"), tr("码"), reading.code, text)


def _unknown(desk: Desk, reading: AnyReading, text: str) -> ExplainView:
    assert isinstance(reading, Unknown)
    reasons = {
        "empty": tr("里面什么也没有"),
        "too_long": tr("太长了，不是商店里的码"),
        "control_characters": tr("夹着看不见的字符，请检查扫码枪的设置"),
        "check_digit": tr("校验位不对：条码可能印坏了，或扫漏了一位"),
        "label_empty": tr("秤签上没有重量和金额，请重新称重打签"),
        "gs1_bad": tr("GS1 码的内容不合规则"),
        "unknown_url": tr("这个网址不是我们的溯源网址"),
        "trace_bad": tr("溯源网址后面的码不对"),
        "own_code_bad": tr("像是我们自己的码，但内容不对"),
    }
    if reading.text:
        found = _product(desk, reading, text, tr("自编条码"), ())
        if found.state == "ok":
            return found
    why = reasons.get(reading.reason, tr("不是我们认识的码"))
    words = tr("收银时扫它会被拒绝。可以在商品资料里把它登记成条码")
    return ExplainView(
        code=text,
        kind=tr("不认识的码"),
        facts=((tr("原因"), why),),
        next_step=words,
        state="stop",
    )


_EXPLAINED: dict[type[Any], Callable[[Desk, Any, str], ExplainView]] = {
    GoodsCode: _goods,
    Plu: _goods,
    ScaleLabel: _label,
    ReceiptCode: _receipt,
    WalletCode: _payment,
    MemberCode: _member,
    ShelfCode: _shelf,
    LotCode: _lot,
    TraceCode: _trace,
    Unknown: _unknown,
}
