"""A report on paper: what stands over it, its figures, chart and rows. Plain data for a PDF."""

import msgspec

from app.reports.sheet import Chart


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
