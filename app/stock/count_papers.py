"""Blind count sheets: numbered lines with room for a hand, and nothing of the books.

The same lines stand on a roll of 80 mm and on A4; the code leads back to them.
"""

from collections.abc import Sequence

import msgspec

from app.clock import local
from app.content import AnyBlock, Pair, Paper, Qr, Rule, Space, TablePage, Text
from app.facts.catalogue import Product
from app.shifts.papers import BANNERS
from app.stock.papers import head, name_of

SHEET_CODE = "P:"
"""Begins the code on a sheet's paper."""
TITLE = "盘点表"
BLANKS = 4
"""Lines without goods, for what lies there and is not listed."""


class SheetLine(msgspec.Struct, frozen=True):
    """One line: its number and the article."""

    line: int
    product: Product


def sheet_slip(
    code: str, shop: str, zone: str, lines: Sequence[SheetLine], now_ms: int, series: str
) -> Paper:
    """The sheet for the receipt printer."""
    blocks: list[AnyBlock] = [
        *head(TITLE, f"{shop} · {zone} 架", now_ms, series),
        Qr(SHEET_CODE + code, caption=f"表号 {code}"),
        Text("点数人：              时间："),
        Rule(),
    ]
    for each in lines:
        one = each.product
        left = f"{each.line:>3} {name_of(one)}"
        blocks += [Pair(left, f"________ {one.unit}"), Text(f"    {one.code}"), Space()]
    blocks += [Rule(), Text("表上没有的（写货号或条码、数量）："), Space()]
    for _ in range(BLANKS):
        blocks += [Pair("_" * 30, "________"), Space()]
    return Paper(kind="stock_document", blocks=tuple(blocks))


def sheet_page(
    code: str, shop: str, zone: str, lines: Sequence[SheetLine], now_ms: int, series: str
) -> TablePage:
    """The sheet for A4: what the roll says, in a table with room for a second look."""
    rows = [
        (str(each.line), each.product.code, name_of(each.product), each.product.unit, "", "")
        for each in lines
    ]
    rows += [("", "", "", "", "", "")] * BLANKS
    place, when = f"{shop} · {zone} 架", local(now_ms).strftime("%Y-%m-%d %H:%M")
    return TablePage(
        title=TITLE,
        under=f"{place} · {when}",
        qr=SHEET_CODE + code,
        number=f"表号 {code}",
        banner=BANNERS.get(series, ""),
        signatures="点数人：                          开始：              完成：",
        columns=(
            ("行", 11, True),
            ("货号", 24, False),
            ("品名 规格", 78, False),
            ("单位", 14, False),
            ("实点", 32, True),
            ("备注", 23, False),
        ),
        rows=tuple(rows),
    )
