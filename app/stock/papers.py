"""Slips of the stock room: what came, what left, for the folder of papers the law wants kept."""

from collections.abc import Mapping, Sequence

from app.clock import local
from app.content import AnyBlock, Banner, Pair, Paper, Qr, Rule, Space, Text
from app.facts.catalogue import Product
from app.facts.dispatches import GoodsOrdered, OrderedLine
from app.facts.stock import AdjustedLine, GoodsReceived, SentLine, StockAdjusted, TransferSent
from app.money import yuan_shown
from app.quantity import shown
from app.shifts.papers import BANNERS
from app.stock.costs import value_of
from app.stock.reasons import BY_CODE


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


def adjusted_slip(
    fact: StockAdjusted,
    lines: Sequence[AdjustedLine],
    known: Mapping[str, Product],
    now_ms: int,
    series: str,
) -> Paper:
    """调整单: what left or was found and why, at cost, for somebody's signature."""
    blocks: list[AnyBlock] = [
        *head("调整单", f"{fact.shop} · {fact.till}号机", now_ms, series),
        Pair(fact.number, f"工号 {fact.person}"),
    ]
    if fact.beneficiary:
        blocks.append(Text(f"给：{fact.beneficiary}"))
    if fact.approval_no:
        blocks.append(Text(f"批准号：{fact.approval_no}"))
    blocks.append(Rule())
    total = 0
    for line in lines:
        one, value = known[line.product], value_of(line.quantity, line.unit_cost)
        total += value
        blocks.append(Pair(name_of(one), quantity_of(line.quantity, one)))
        blocks.append(Pair(f"  {BY_CODE[line.reason].word}", yuan_shown(value)))
    blocks += [
        Rule(),
        Pair("按进价计", yuan_shown(total), bold=True),
        Text("经手：            批准："),
        Space(2),
    ]
    return Paper(kind="stock_document", blocks=tuple(blocks))


TRANSFER_CODE = "T:"
"""Begins the code on a transfer's paper: the receiving shop scans it to find what was sent."""


def sent_slip(
    fact: TransferSent,
    lines: Sequence[SentLine],
    known: Mapping[str, Product],
    now_ms: int,
    series: str,
) -> Paper:
    """调拨单: travels with the goods; its code finds the sent document at the other end."""
    blocks: list[AnyBlock] = [
        *head("调拨单", f"{fact.shop} → {fact.to}", now_ms, series),
        Pair(fact.number, f"工号 {fact.person}"),
    ]
    if fact.waybill:
        blocks.append(Text(f"运单：{fact.waybill}"))
    blocks.append(Rule())
    for line in lines:
        one = known[line.product]
        blocks.append(Pair(name_of(one), quantity_of(line.quantity, one)))
        papers = [
            f"{word} {value}"
            for word, value in (
                ("箱", line.box),
                ("批次", line.batch),
                ("到期", line.expires),
                ("合格证", line.certificate),
            )
            if value
        ]
        if papers:
            blocks.append(Text("  " + "  ".join(papers)))
    boxes = len({line.box for line in lines if line.box})
    blocks.append(Rule())
    if boxes:
        blocks.append(Pair("箱数", str(boxes)))
    blocks.append(Qr(TRANSFER_CODE + fact.document, caption=fact.number))
    return Paper(kind="stock_document", blocks=(*blocks, *signatures()))


def order_slip(
    fact: GoodsOrdered,
    lines: Sequence[OrderedLine],
    known: Mapping[str, Product],
    now_ms: int,
    series: str,
) -> Paper:
    """要货单: what the shop asks for, for whoever fills it."""
    blocks: list[AnyBlock] = [
        *head("要货单", f"{fact.shop} · {fact.till}号机", now_ms, series),
        Pair(fact.number, f"工号 {fact.person}"),
    ]
    if fact.supplier:
        blocks.append(Text(f"供应商：{fact.supplier}"))
    blocks.append(Rule())
    for line in lines:
        one = known[line.product]
        blocks.append(Pair(f"{one.code} {name_of(one)}", quantity_of(line.quantity, one)))
    return Paper(kind="stock_document", blocks=(*blocks, Rule(), Text("审核："), Space(2)))
