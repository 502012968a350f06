"""A report as an Excel file: figures are numbers, days are dates, and nothing in it runs."""

import io
from datetime import datetime
from typing import Any

from openpyxl import load_workbook

from app.reports.excel import report_excel
from app.reports.sheet import Check, Column, Line, Sheet


def cells(sheet: Sheet) -> list[tuple[Any, ...]]:
    page = load_workbook(io.BytesIO(report_excel(sheet, "=1+1", "与流水账一致"))).active
    assert page is not None
    return [tuple(cell for cell in row) for row in page.iter_rows()]


def sheet(name: str, amount: int) -> Sheet:
    return Sheet(
        name="product",
        title="商品/毛利?",
        columns=(
            Column("day", "日期", "day"), Column("label", "品名", wide=True),
            Column("net", "实收", "money"), Column("quantity", "数量", "quantity"),
            Column("change", "变化%", "rate"),
        ),
        lines=(
            Line(key="1", values={"day": "2026-12-07", "label": name, "net": amount,
                                  "quantity": 2486, "change": None}, weighed=True),
        ),
        check=Check(ok=True, against="journal"),
    )  # fmt: skip


def test_figures_are_numbers_to_the_last_fen_and_days_are_dates() -> None:
    _title, _under, head, row, *_rest = cells(sheet("红茶", 99_999_999_99))
    assert [cell.value for cell in head] == ["日期", "品名", "实收", "数量", "变化%"]
    day, _name, net, quantity, change = row
    assert day.value == datetime(2026, 12, 7) and day.number_format == "yyyy-mm-dd"
    assert (net.data_type, net.value, net.number_format) == ("n", 99_999_999.99, "#,##0.00")
    assert (quantity.data_type, quantity.value) == ("n", 2.486)
    assert change.value is None


def test_a_name_that_looks_like_a_formula_is_text() -> None:
    for name in ("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "|cmd", "%0A"):
        rows = cells(sheet(name, 1))
        assert rows[1][0].value == "'=1+1"
        assert rows[3][1].data_type == "s" and rows[3][1].value == f"'{name}"
