"""开票凭条: what a customer takes along until the invoice itself arrives. It is no invoice."""

from collections.abc import Iterator, Mapping

from app.clock import local
from app.content import AnyBlock, Banner, Pair, Paper, Rule, Space, Text
from app.money import yuan_shown
from app.quantity import shown
from app.sales.buyers import Buyer
from app.sales.invoice_export import STATE_WORDS, rate_words
from app.sales.invoice_queries import Document
from app.sales.invoice_rules import RED, Content
from app.shifts.papers import BANNERS


def slip_paper(
    known: Document,
    content: Content,
    buyer: Buyer | None,
    *,
    wall_ms: int,
    series: str,
    settings: Mapping[str, str],
) -> Paper:
    """An invoice or red letter as it stands. A private person's name is masked on paper too."""
    sign = -1 if known.kind == RED else 1
    return Paper(
        kind="invoice_slip",
        blocks=(
            *([Banner(BANNERS[series])] if series in BANNERS else []),
            Banner("红字发票凭条" if known.kind == RED else "开票凭条"),
            Text(settings["seller_name"] or settings["shop_name"], align="center"),
            Rule(),
            Pair("小票", known.number),
            Pair("申请时间", local(known.order_ms).strftime("%Y-%m-%d %H:%M")),
            Pair("打印时间", local(wall_ms).strftime("%Y-%m-%d %H:%M")),
            Pair("状态", STATE_WORDS[known.state], bold=True),
            *([Pair("发票号码", known.invoice_no)] if known.invoice_no else []),
            *_buyer(buyer),
            Rule(),
            *_lines(content, sign),
            Rule(double=True),
            Pair("价税合计", yuan_shown(sign * content.amount), bold=True),
            Pair("其中税额", yuan_shown(sign * content.tax)),
            Rule(),
            Text("这不是发票。发票以税务平台开出的为准，开好后由平台发给购买方。"),
            *([Text(f"服务电话 {settings['service_phone']}")] if settings["service_phone"] else []),
            Space(1),
        ),
    )


def _buyer(buyer: Buyer | None) -> Iterator[AnyBlock]:
    if buyer is not None:
        yield Text(f"购买方 {buyer.shown}")
        if buyer.tax_number:
            yield Pair("税号", buyer.tax_number)


def _lines(content: Content, sign: int) -> Iterator[AnyBlock]:
    for line in content.lines:
        quantity = shown(line.quantity, weighed=bool(line.weighed))
        yield Text(f"*{line.tax_name}*{line.name}")
        yield Pair(
            f"  {quantity} {line.unit} {rate_words(line.rate)}", yuan_shown(sign * line.amount)
        )
