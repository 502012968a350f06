"""Figures and words of reports as people read them on the screen, in the window's language."""

import msgspec

from app.money import yuan_shown
from app.reports.selling import rate
from app.reports.sheet import Chart, Column, Kind, Line, Sheet, Value, cell_text
from ui.language import tr
from ui.report_views import KpiView

MINUS = "\N{MINUS SIGN}"


def han_figures() -> bool:
    """Whether large figures are said in 万 here."""
    return tr("万") == "万"


def shown(column: Column, value: Value, *, weighed: bool = False) -> str:
    """A cell for eyes: thousands parted, a true minus, a change with its direction."""
    if value is None:
        return "–" if column.figure else ""
    if isinstance(value, str):
        return said(value)
    if column.kind == "money":
        return yuan_shown(value)
    if column.kind == "count":
        return f"{value:,}".replace("-", MINUS)
    text = cell_text(column, value, weighed=weighed)
    if column.name == "change":
        shape = "▲" if value > 0 else "▼" if value < 0 else ""
        return f"{shape} {text.lstrip('-')}".strip()
    return text.replace("-", MINUS) if value < 0 else text


def said(text: str) -> str:
    """A word of a report in the window's language; names of goods and people stay."""
    if (found := tr(text)) != text:
        return found
    code, blank, rest = text.partition(" ")
    return f"{code} {tr(rest)}" if blank and code.isascii() else text


def in_language(sheet: Sheet) -> Sheet:
    """The same report with its titles, words and chart in the window's language."""
    columns = tuple(msgspec.structs.replace(each, word=tr(each.word)) for each in sheet.columns)
    lines = tuple(_line(sheet, each) for each in sheet.lines)
    chart = _chart(sheet.chart) if sheet.chart is not None else None
    return msgspec.structs.replace(
        sheet, title=tr(sheet.title), columns=columns, lines=lines, chart=chart
    )


def _line(sheet: Sheet, line: Line) -> Line:
    words = {
        column.name: said(value)
        for column in sheet.columns
        if isinstance(value := line.values.get(column.name), str)
    }
    return msgspec.structs.replace(line, values={**line.values, **words})


def _chart(chart: Chart) -> Chart:
    return msgspec.structs.replace(
        chart,
        labels=tuple(said(each) for each in chart.labels),
        series=tuple(msgspec.structs.replace(each, name=tr(each.name)) for each in chart.series),
    )


def check_words(sheet: Sheet) -> str:
    """What the sums were held against, and how it came out."""
    against = {
        "journal": tr("流水账"), "turnover": tr("营业额"), "rows": tr("小票明细"),
        "movements": tr("库存变动"),
    }[sheet.check.against]  # fmt: skip
    if sheet.check.ok:
        return tr("与{against}一致", against=against)
    ours, theirs = (
        " / ".join(yuan_shown(each) for each in figures) or "–"
        for figures in (sheet.check.ours, sheet.check.theirs)
    )
    return tr("与{against}对不上：这里 {ours}，那里 {theirs}", against=against, ours=ours,
              theirs=theirs)  # fmt: skip


def range_words(sheet: Sheet) -> str:
    """ "2026-12-01 – 2026-12-07，对比 2026-11-24 – 2026-11-30"."""
    words = _range(sheet.first, sheet.last)
    if sheet.compared[0]:
        return tr("{range}，对比 {before}", range=words, before=_range(*sheet.compared))
    return words


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


_KPIS: tuple[tuple[str, str, Kind], ...] = (
    ("net", "实收", "money"), ("sales", "笔数", "count"), ("each", "客单", "money"),
    ("back", "退", "money"), ("cut", "让利", "money"), ("times", "次数", "count"),
    ("value", "金额（进价）", "money"), ("margin", "毛利", "money"),
    ("margin_rate", "毛利率%", "rate"),
)  # fmt: skip
_MOST_KPIS = 5


def kpis_of(sheet: Sheet) -> tuple[KpiView, ...]:
    """The figures over everything, with how they changed."""
    found = []
    for name, word, kind in _KPIS:
        value = sheet.totals.get(name)
        if value is None:
            continue
        column = Column(name, word, kind)
        found.append(
            KpiView(
                word=tr(word), figure=shown(column, value),
                change=_change(value, sheet.before.get(name)) if name == "net" else "",
            )
        )  # fmt: skip
    if "paid" in sheet.totals and "quantity" in sheet.totals and "margin" not in sheet.totals:
        found.append(KpiView(word=tr("毛利"), figure=tr("（无权）")))
    return tuple(found[:_MOST_KPIS])


def _change(value: Value, before: Value) -> str:
    if not isinstance(value, int) or not isinstance(before, int) or before <= 0:
        return ""
    return f"{shown(Column('change', '', 'rate'), rate(value - before, before))}%"
