"""The refund's receipt: 退货 in large type, the original, what came back and how the money goes."""

from collections.abc import Mapping

from app.catalogue.codes import receipt_qr
from app.clock import local
from app.content import AnyBlock, Banner, Pair, Paper, Qr, Rule, Space, Text, copy_mark
from app.facts.sales import RefundCompleted
from app.languages import in_language
from app.money import yuan_shown
from app.quantity import shown
from app.rows import Envelope
from app.shifts.papers import BANNERS
from app.tender_names import CHANNELS, TENDER_NAMES

REASON_NAMES = {
    "no_longer_wanted": "不想要了",
    "quality": "质量问题",
    "wrong_goods": "拿错货",
    "expired": "过期",
    "recalled": "召回",
    "other": "其他",
}


def bought_at(entry: Envelope) -> str:
    """When the goods were bought, as the paper says it."""
    return local(entry.wall).strftime("%Y-%m-%d %H:%M")


def refund_paper(
    fact: RefundCompleted,
    *,
    wall_ms: int,
    hash6: str,
    settings: Mapping[str, str],
    cashier: str,
    original: str = "",
    copy_no: int = 0,
) -> Paper:
    """What customer and shop keep of a refund. Amounts are what goes back, in yuan."""
    banners: list[AnyBlock] = [Banner(BANNERS[fact.series])] if fact.series in BANNERS else []
    banners.append(Banner("退货·换货" if fact.exchange else "退货"))
    if copy_no:
        banners.append(copy_mark(copy_no))
    seller = fact.seller or settings["seller_name"] or settings["shop_name"]
    lines: list[AnyBlock] = []
    for line in fact.lines:
        quantity = shown(line.quantity, weighed=bool(line.weighed))
        lines.append(
            Pair(f"{line.name} {quantity} {line.unit}", yuan_shown(-line.amount), bold=True)
        )
        lines.append(Text(f"  原因：{REASON_NAMES[line.reason]}"))
    ways: list[AnyBlock] = []
    for way in fact.tenders:
        name = TENDER_NAMES.get(way.tender, way.tender)
        if way.tender in CHANNELS:
            name = f"{name}（原路退回，以到账为准）"
        ways.append(Pair(name, yuan_shown(-way.amount)))
    moved = (("收回", fact.points), ("退回", fact.points_returned))
    points = " ".join(f"{words} {count}" for words, count in moved if count)
    paper = Paper(
        kind="refund",
        blocks=(
            *banners,
            Text(settings["shop_name"], align="center", bold=True),
            Text(seller, align="center"),
            Rule(),
            Pair("退货单号", fact.number),
            *([Pair("原单号", fact.original_number)] if fact.original_number else []),
            *([Pair("购买时间", original)] if original else []),
            Pair("时间", local(wall_ms).strftime("%Y-%m-%d %H:%M:%S")),
            Pair(f"收银 {cashier}", f"{fact.till}号机"),
            Rule(),
            *lines,
            Rule(double=True),
            Pair("应退", yuan_shown(fact.amount), size=2, bold=True),
            *ways,
            *([Pair("会员积分", points)] if points else []),
            Rule(),
            Text(f"服务电话 {settings['service_phone']}　消费投诉 12315"),
            Qr(receipt_qr(fact.number, hash6), f"扫码核对本单 {hash6}"),
            Space(1),
            Text("顾客签名："),
            Space(1),
        ),
    )
    return in_language(paper, settings["receipt_language"])
