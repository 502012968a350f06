"""A report on paper: the same bytes every time, its heading on every page, its chart drawn."""

import subprocess
from pathlib import Path

import msgspec
import pypdfium2
import pytest

from app.reports.paper import ReportPaper
from app.reports.sheet import Chart, Series
from printers.charts import Box, Stroke, Words, drawn, ruler_of, short_text
from printers.report_pdf import report_pdf

CHART = Chart(
    kind="bars", labels=("大沙黄茶", "马冈鹅蛋卷"),
    series=(Series("实收", (396_800, 243_200)), Series("上期", (100_000, None))),
)  # fmt: skip


def paper(rows: int, chart: Chart | None = CHART) -> ReportPaper:
    return ReportPaper(
        title="商品",
        under="开平优品 赤坎店 · 2026-12-07",
        made="2026-12-07 21:30",
        banner="演示",
        kpis=(("实收", "6,400.00"), ("笔数", "17")),
        chart=chart,
        columns=(("品名", False, True), ("实收", True, False)),
        rows=tuple((f"品名 {n}", f"{n}.00") for n in range(rows)),
        check="与流水账对不上",
        check_ok=False,
    )


def said(content: bytes, folder: Path) -> str:
    file = folder / "report.pdf"
    file.write_bytes(content)
    return subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout


def test_a_long_report_repeats_its_heading_and_counts_its_pages(tmp_path: Path) -> None:
    words = said(report_pdf(paper(90)), tmp_path)
    pages = words.split("\f")[:-1]
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        assert f"第 {number} 页，共 3 页" in page and "品名" in page and "演示" in page
        assert "与流水账对不上" in page
    assert "品名 0 " in pages[0] and "品名 89" in pages[-1]
    assert "396,800" not in words and "3,968.00" in pages[0]


def test_a_long_check_ends_before_the_number_of_the_page() -> None:
    long = (
        "2026-11-08 – 2026-11-14: Damaged in the journal: 1. Here 10,528.07, there 10,452.07; " * 2
    )
    told = msgspec.structs.replace(paper(3), check=f"{long}§", pages="@{number}/{count}")
    with pypdfium2.PdfDocument(report_pdf(told)) as document:
        words = document[0].get_textpage()
        text = words.get_text_range()
        ends, begins = (words.get_charbox(text.index(each)) for each in "§@")
        assert ends[2] < begins[0]


def test_the_same_report_is_the_same_file() -> None:
    assert report_pdf(paper(3)) == report_pdf(paper(3))


def test_a_report_without_rows_is_a_page_too(tmp_path: Path) -> None:
    assert "第 1 页，共 1 页" in said(report_pdf(paper(0, None)), tmp_path)


@pytest.mark.parametrize("kind", ["bars", "columns", "line", "heat"])
def test_a_chart_stays_inside_its_room(kind: str) -> None:
    labels = tuple(f"{n:02d}" for n in range(12))
    figures = tuple(n * 12_345 - 40_000 for n in range(12))
    chart = Chart(kind=kind, labels=labels,  # type: ignore[arg-type]
                  series=(Series("实收", figures), Series("上期", (None,) * 12)))  # fmt: skip
    ruler = ruler_of("money", lambda words: 7.0 * len(words), 16.0)
    for shape in drawn(chart, 400, 200, ruler):
        match shape:
            case Box():
                assert shape.left >= 0 and shape.left + shape.wide <= 400.5
                assert shape.top >= 0 and shape.top + shape.high <= 200.5
            case Stroke():
                assert all(0 <= x <= 400.5 and 0 <= y <= 200.5 for x, y in shape.points)
            case Words():
                assert shape.text.strip()


def test_large_figures_are_said_short() -> None:
    assert short_text("money", 86_000, han=True) == "860"
    assert short_text("money", 1_234_567_00, han=True) == "123.4万"
    assert short_text("money", -1_234_567_00, han=False) == "\N{MINUS SIGN}1.2M"
    assert short_text("rate", 1_013, han=True) == "101"
