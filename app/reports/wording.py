"""Figures and words of reports as people read them, in a language: the window's, or the browser's.

Whoever shows a report says how a text is said there (`Say`); the texts themselves are Chinese here.
"""

from collections.abc import Callable

import msgspec

from app.money import yuan_shown
from app.reports.selling import rate
from app.reports.sheet import Chart, Check, Column, Kind, Line, Sheet, Value, cell_text

Say = Callable[..., str]
"""A Chinese text, and what its {names} stand for -> the text as it is said there."""
MINUS = "\N{MINUS SIGN}"
_KPIS: tuple[tuple[str, str, Kind], ...] = (
    ("net", "实收", "money"), ("sales", "笔数", "count"), ("each", "客单", "money"),
    ("back", "退", "money"), ("cut", "让利", "money"), ("times", "次数", "count"),
    ("value", "金额（进价）", "money"), ("margin", "毛利", "money"),
    ("margin_rate", "毛利率%", "rate"),
)  # fmt: skip
_MOST_KPIS = 5
AGAINST = {
    "journal": "流水账", "turnover": "营业额", "rows": "小票明细", "movements": "库存变动",
}  # fmt: skip
NO_RIGHT, AGREES, BOTH = "（无权）", "与{against}一致", "{range}，对比 {before}"
DIFFERS = "与{against}对不上：这里 {ours}，那里 {theirs}"
DAMAGED = "{against}坏了 {n} 条：这里 {ours}，完好的有 {theirs}"
UNREAD, IN_DAYS = "{against}读不出来", "{range}：{words}"
SO_FAR = "{words}；流水账已核对 {done}/{days} 天"
NOT_HELD = "{words}；没有与流水账逐条核对"
TEXTS = (*(word for _name, word, _kind in _KPIS), *AGAINST.values(), NO_RIGHT, AGREES, DIFFERS,
         DAMAGED, UNREAD, IN_DAYS, SO_FAR, NOT_HELD, BOTH, "万")  # fmt: skip
"""Everything said here, for whoever looks whether it was translated."""


class Kpi(msgspec.Struct, frozen=True, kw_only=True):
    """One large figure, with how it changed under it."""

    word: str
    figure: str
    change: str = ""


class Wording:
    """Reports in one language."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def han_figures(self) -> bool:
        """Whether large figures are said in 万 here."""
        return self._say("万") == "万"

    def shown(self, column: Column, value: Value, *, weighed: bool = False) -> str:
        """A cell for eyes: thousands parted, a true minus, a change with its direction."""
        if value is None:
            return "–" if column.figure else ""
        if isinstance(value, str):
            return self.said(value)
        return _figure(column, value, weighed=weighed)

    def said(self, text: str) -> str:
        """A word of a report; names of goods and people stay."""
        if (found := self._say(text)) != text:
            return found
        code, blank, rest = text.partition(" ")
        return f"{code} {self._say(rest)}" if blank and code.isascii() else text

    def told(self, sheet: Sheet) -> Sheet:
        """The same report with its titles, words and chart in this language."""
        say = self._say
        columns = tuple(
            msgspec.structs.replace(each, word=say(each.word)) for each in sheet.columns
        )
        lines = tuple(self._line(sheet, each) for each in sheet.lines)
        chart = self._chart(sheet.chart) if sheet.chart is not None else None
        return msgspec.structs.replace(
            sheet, title=say(sheet.title), columns=columns, lines=lines, chart=chart
        )

    def cells(self, sheet: Sheet, line: Line) -> tuple[str, ...]:
        """A line for eyes, cell by cell."""
        return tuple(
            self.shown(column, line.values.get(column.name), weighed=line.weighed)
            for column in sheet.columns
        )

    def check(self, sheet: Sheet) -> str:
        """What the sums were held against, and how it came out."""
        check, words = sheet.check, self._came_out(sheet.check)
        if check.within[0]:
            words = self._say(IN_DAYS, range=_range(*check.within), words=words)
        done, days = check.weekly
        return self._say(SO_FAR, words=words, done=done, days=days) if done < days else words

    def on_paper(self, sheet: Sheet) -> str:
        """The same where it goes no further: what no week was held for says so."""
        check = sheet.check
        if check.weekly[1] and not check.weekly[0] and check.ok:
            return self._say(NOT_HELD, words=self._came_out(check))
        return self.check(sheet)

    def range(self, sheet: Sheet) -> str:
        """ "2026-12-01 – 2026-12-07，对比 2026-11-24 – 2026-11-30"."""
        words = _range(sheet.first, sheet.last)
        if sheet.compared[0]:
            return self._say(BOTH, range=words, before=_range(*sheet.compared))
        return words

    def kpis(self, sheet: Sheet) -> tuple[Kpi, ...]:
        """The figures over everything, with how they changed."""
        found = []
        for name, word, kind in _KPIS:
            value = sheet.totals.get(name)
            if value is None:
                continue
            change = _change(value, sheet.before.get(name)) if name == "net" else ""
            figure = self.shown(Column(name, word, kind), value)
            found.append(Kpi(word=self._say(word), figure=figure, change=change))
        if "paid" in sheet.totals and "quantity" in sheet.totals and "margin" not in sheet.totals:
            found.append(Kpi(word=self._say("毛利"), figure=self._say(NO_RIGHT)))
        return tuple(found[:_MOST_KPIS])

    def _came_out(self, check: Check) -> str:
        against = self._say(AGAINST[check.against])
        if check.ok:
            return self._say(AGREES, against=against)
        ours, theirs = (_held(each, check) for each in (check.ours, check.theirs))
        if check.damaged:
            n = len(check.damaged)
            return self._say(DAMAGED, against=against, n=n, ours=ours, theirs=theirs)
        if not check.ours and not check.theirs:
            return self._say(UNREAD, against=against)
        return self._say(DIFFERS, against=against, ours=ours, theirs=theirs)

    def _line(self, sheet: Sheet, line: Line) -> Line:
        words = {
            column.name: self.said(value)
            for column in sheet.columns
            if isinstance(value := line.values.get(column.name), str)
        }
        return msgspec.structs.replace(line, values={**line.values, **words})

    def _chart(self, chart: Chart) -> Chart:
        return msgspec.structs.replace(
            chart,
            labels=tuple(self.said(each) for each in chart.labels),
            series=tuple(
                msgspec.structs.replace(each, name=self._say(each.name)) for each in chart.series
            ),
        )


def _held(figures: tuple[int, ...], check: Check) -> str:
    """The figures of a check, each as what it is; what something cost is money by now."""
    kinds = [each if each != "cost" else "money" for each in check.kinds]
    kinds += ["money"] * (len(figures) - len(kinds))
    pairs = zip(figures, kinds, strict=False)
    return " / ".join(_figure(Column("", "", kind), value) for value, kind in pairs) or "–"


def _figure(column: Column, value: int, *, weighed: bool = False) -> str:
    if column.kind == "money":
        return yuan_shown(value)
    if column.kind == "count":
        return f"{value:,}".replace("-", MINUS)
    text = cell_text(column, value, weighed=weighed)
    if column.name == "change":
        shape = "▲" if value > 0 else "▼" if value < 0 else ""
        return f"{shape} {text.lstrip('-')}".strip()
    return text.replace("-", MINUS) if value < 0 else text


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def _change(value: Value, before: Value) -> str:
    if not isinstance(value, int) or not isinstance(before, int) or before <= 0:
        return ""
    change = rate(value - before, before) or 0
    return f"{_figure(Column('change', '', 'rate'), change)}%"
