"""Slips of the stock room: what came, what left, for the folder of papers the law wants kept."""

from collections.abc import Mapping, Sequence

from app.clock import local
from app.content import AnyBlock, Banner, Pair, Paper, Rule, Space, Text
from app.facts.catalogue import Product
from app.facts.stock import GoodsReceived
from app.quantity import shown
from app.shifts.papers import BANNERS


def head(title: str, where: str, now_ms: int, series: str) -> tuple[AnyBlock, ...]:
    """What the paper is, where and when; in a demo folder, that it is none."""
    banner = (Banner(BANNERS[series]),) if series in BANNERS else ()
    when = local(now_ms).strftime("%Y-%m-%d %H:%M")
    return (
        *banner,
        Text(title, align="center", size=2, bold=True),
        Pair(where, when),
    )


def quantity_of(quantity: int, one: Product) -> str:
    """With its unit: "19.600 kg", "48 盒"."""
    return f"{shown(quantity, weighed=bool(one.weighed))} {one.unit}"


def name_of(one: Product) -> str:
    """Name and spec."""
    return f"{one.name} {one.spec}".strip()


def signatures() -> tuple[AnyBlock, ...]:
    """Room for the hands that gave and took."""
    return (Rule(), Text("交货：            收货："), Space(2))


def received_slip(
    facts: Sequence[GoodsReceived], known: Mapping[str, Product], now_ms: int, series: str
) -> Paper:
    """入库单: what came, with the papers that came along."""
    first = facts[0]
    blocks: list[AnyBlock] = [
        *head("入库单", f"{first.shop} · {first.till}号机", now_ms, series),
        Pair(first.number, f"工号 {first.person}"),
    ]
    if first.supplier:
        blocks.append(Text(f"供应商：{first.supplier}"))
    if first.temperature:
        blocks.append(Text(f"送货温度：{first.temperature} ℃"))
    if first.approval_no:
        blocks.append(Text(f"批准号：{first.approval_no}"))
    blocks.append(Rule())
    for line in (line for fact in facts for line in fact.lines):
        one = known[line.product]
        blocks.append(Pair(name_of(one), quantity_of(line.quantity, one)))
        papers = [
            f"{word} {value}"
            for word, value in (
                ("批次", line.batch),
                ("到期", line.expires),
                ("合格证", line.certificate),
                ("报告", line.report),
            )
            if value
        ]
        if papers:
            blocks.append(Text("  " + "  ".join(papers)))
        if 0 <= line.expected != line.quantity:
            said = quantity_of(line.expected, one)
            blocks.append(Text(f"  应收 {said}  {line.reason}".rstrip()))
    return Paper(kind="stock_document", blocks=(*blocks, *signatures()))
