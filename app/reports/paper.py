"""A report on paper: what stands over it, its figures, chart and rows. Plain data for a PDF."""

import msgspec

from app.clock import iso
from app.reports.sheet import Chart, Sheet
from app.reports.wording import Wording


class ReportPaper(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a page needs, already in words."""

    title: str
    under: str
    """Shop, range and what it is compared with."""
    made: str
    """When it was made."""
    banner: str = ""
    """演示, 练习: said on every page."""
    kpis: tuple[tuple[str, str], ...] = ()
    chart: Chart | None = None
    han: bool = True
    """Large figures of the chart are said in 万."""
    columns: tuple[tuple[str, bool, bool], ...]
    """(word, whether its cells stand right, whether it takes the room that is left)."""
    rows: tuple[tuple[str, ...], ...]
    check: str = ""
    check_ok: bool = True
    pages: str = "第 {number} 页，共 {count} 页"


def paper_of(
    sheet: Sheet, words: Wording, *, shop: str, banner: str, made_ms: int, pages: str
) -> ReportPaper:
    """A report as a page shows it, in a language; `pages` says which page of how many."""
    told = words.told(sheet)
    return ReportPaper(
        title=told.title,
        under=f"{shop} · {words.range(sheet)}",
        made=iso(made_ms)[:16].replace("T", " "),
        banner=banner,
        kpis=tuple(
            (each.word, f"{each.figure} {each.change}".strip()) for each in words.kpis(sheet)
        ),
        chart=told.chart,
        han=words.han_figures(),
        columns=tuple((each.word, each.figure, each.wide) for each in told.columns),
        rows=tuple(words.cells(told, line) for line in told.lines),
        check=words.on_paper(sheet),
        check_ok=sheet.check.ok,
        pages=pages,
    )
