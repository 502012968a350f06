"""Invoices as a file for the bookkeeper: CSV or Excel, one row a line of an invoice.

A name somebody typed may begin like a formula; a spreadsheet that opens the file must not run it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from app.clock import local
from app.facts.invoices import InvoiceLine
from app.money import yuan
from app.quantity import shown
from app.sales.buyers import Buyer
from app.sales.invoice_queries import Document
from app.sales.tax_codes import EXEMPT, UNTAXED
from app.table_file import write_table

HEAD = (
    "日期", "小票号", "种类", "状态", "发票号码", "购买方", "税号", "地址电话", "开户行账号",
    "行", "商品", "规格", "单位", "数量", "税收分类编码", "税率", "含税金额", "不含税金额", "税额",
)  # fmt: skip
_FIGURES = (13, 16, 17, 18)
"""Quantity and amounts."""
STATE_WORDS = {
    "REQUESTED": "已申请",
    "SENT": "开票中",
    "ISSUED": "已开",
    "FAILED": "没有开成",
    "WITHDRAWN": "已撤回",
}
KIND_WORDS = {"invoice": "蓝字", "red": "红字"}
RATE_WORDS = {UNTAXED: "不征税", EXEMPT: "免税"}


class Row(msgspec.Struct, frozen=True):
    """A document with its lines and who it is for (None: forgotten)."""

    document: Document
    lines: Sequence[InvoiceLine]
    buyer: Buyer | None


def rate_words(rate: int) -> str:
    """A rate for eyes: "13%", "免税"."""
    return RATE_WORDS.get(rate, f"{rate}%")


def table(rows: Iterable[Row]) -> list[tuple[str, ...]]:
    """Every cell as text, the head first; a red letter's amounts are negative."""
    found: list[tuple[str, ...]] = [HEAD]
    for row in rows:
        each, buyer = row.document, row.buyer or Buyer(name="（已删除）")
        sign = -1 if each.kind == "red" else 1
        head = (
            local(each.order_ms).strftime("%Y-%m-%d"),
            each.number,
            KIND_WORDS[each.kind],
            STATE_WORDS[each.state],
            each.invoice_no,
            buyer.name,
            buyer.tax_number,
            buyer.address,
            buyer.bank,
        )
        for line in row.lines:
            found.append(
                (
                    *head,
                    str(line.line),
                    f"*{line.tax_name}*{line.name}",
                    line.spec,
                    line.unit,
                    shown(sign * line.quantity, weighed=bool(line.weighed)),
                    line.tax_code,
                    rate_words(line.rate),
                    yuan(sign * line.amount),
                    yuan(sign * (line.amount - line.tax)),
                    yuan(sign * line.tax),
                )
            )
    return found


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write the file its name's ending says. Raises Refusal("export_failed")."""
    write_table(path, table(rows), _FIGURES, "发票")
