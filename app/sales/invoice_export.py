"""Invoices as a file for the bookkeeper: CSV or Excel, one row a line of an invoice.

A name somebody typed may begin like a formula; a spreadsheet that opens the file must not run it.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from app.clock import local
from app.errors import Refusal
from app.facts.invoices import InvoiceLine
from app.money import yuan
from app.quantity import shown
from app.sales.buyers import Buyer
from app.sales.invoice_queries import Document
from app.sales.tax_codes import EXEMPT, UNTAXED

CSV, EXCEL = "csv", "xlsx"
FORMATS = (CSV, EXCEL)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
HEAD = (
    "日期", "小票号", "种类", "状态", "发票号码", "购买方", "税号", "地址电话", "开户行账号",
    "行", "商品", "规格", "单位", "数量", "税收分类编码", "税率", "含税金额", "不含税金额", "税额",
)  # fmt: skip
_AMOUNTS = (16, 17, 18)
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


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _is_figure(place: int, cell: str) -> bool:
    """Our own figures stay figures; everything else is text whatever it looks like."""
    return place in _AMOUNTS and cell.lstrip("-").replace(".", "").isdigit()


def as_csv(cells: Iterable[tuple[str, ...]]) -> bytes:
    """With a byte order mark, because Excel takes a file without one for GBK."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in cells:
        writer.writerow(
            cell if _is_figure(place, cell) else safe(cell) for place, cell in enumerate(row)
        )
    return out.getvalue().encode("utf-8-sig")


def as_excel(cells: Iterable[tuple[str, ...]]) -> bytes:
    """One sheet; every cell but the amounts is text, so long numbers keep all their figures."""
    # Imported here because only exports need it.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("发票")
    for row in cells:
        line = []
        for place, text in enumerate(row):
            figure = _is_figure(place, text)
            cell = WriteOnlyCell(sheet, text if figure else safe(text))
            # Said outright: the library takes a text that begins with = for a formula. A figure
            # goes into the file by its digits, never through a float.
            cell.data_type = "n" if figure else "s"
            if figure:
                cell.number_format = "0.00"
            line.append(cell)
        sheet.append(line)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write the file its name's ending says. Raises Refusal("export_failed")."""
    cells = table(rows)
    content = as_excel(cells) if path.suffix == f".{EXCEL}" else as_csv(cells)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise Refusal(
            "export_failed", path=path.name, detail=error.strerror or type(error).__name__
        ) from None
