"""What the room of reports shows: its lists built of a report's rows, or of the papers behind."""

from collections.abc import Iterable, Sequence

from app.clock import iso
from app.money import yuan_shown
from app.quantity import shown as quantity_shown
from app.reports import drilling, words
from app.reports.drilling import Paper
from app.reports.sheet import Column, Sheet
from ui.language import tr
from ui.presenters.report_period import DAY, MONTH, RANGE, WEEK, YEAR
from ui.presenters.report_words import WORDS
from ui.room_views import ColumnView, ListView, RowView
from ui.views import ChoiceView

_WIDTHS = {"text": 110, "day": 112, "count": 74, "quantity": 92, "money": 118, "cost": 104,
           "rate": 82}  # fmt: skip
_NARROW = {"share": 66, "margin_rate": 84, "change": 92, "sales": 66, "rows": 66, "product": 84}


def report_list(names: Iterable[str], marked: str) -> ListView:
    """Which reports there are."""
    return ListView(
        columns=(ColumnView(title=""),),
        rows=tuple(RowView(key=name, cells=(tr(words.REPORTS[name]),)) for name in names),
        marked=marked,
    )


def rows_of(sheet: Sheet, marked: str) -> ListView:
    """The report's rows."""
    told = WORDS.told(sheet)
    foot = tr("{count} 行", count=len(told.lines)) if told.lines else ""
    if told.left_out:
        foot = tr("{count} 行，另有 {more} 行没有列出", count=len(told.lines), more=told.left_out)
    return ListView(
        columns=tuple(_column(each) for each in told.columns),
        rows=tuple(
            RowView(
                key=line.key,
                cells=WORDS.cells(told, line),
                state="warn" if line.warn else "",
            )
            for line in told.lines
        ),
        marked=marked,
        state="" if told.lines else "empty",
        state_title=tr("这些天没有可列的"),
        state_detail=tr("换个日期，或按 X 去掉筛选"),
        foot=foot,
    )


_SPARE = (
    *("product", "share", "margin_rate", "tax", "back", "unit"),
    *("cost", "margin", "each", "rows", "was"),
)


def spare_columns(sheet: Sheet) -> tuple[int, ...]:
    """What goes first on a narrow screen; paper has it all."""
    places = {column.name: place for place, column in enumerate(sheet.columns)}
    return tuple(places[name] for name in _SPARE if name in places)


def _column(column: Column) -> ColumnView:
    return ColumnView(
        title=column.word,
        width=0 if column.wide else _NARROW.get(column.name, _WIDTHS[column.kind]),
        right=column.figure,
        look="strong" if column.name in ("net", "label") else "body",
    )


def papers_list(papers: Sequence[Paper]) -> ListView:
    """The papers behind a row, newest first."""
    kinds = {drilling.SALE: tr("小票"), drilling.REFUND: tr("退"), drilling.STOCK: tr("库存单据"),
             drilling.ACT: tr("做了什么")}  # fmt: skip
    rows = tuple(
        RowView(
            key=f"{place}:{paper.number if paper.kind != drilling.STOCK else ''}",
            cells=(
                iso(paper.order_ms)[5:16].replace("T", " "),
                kinds[paper.kind],
                paper.number or WORDS.said(paper.what) or "–",
                paper.person,
                _figure(paper),
            ),
        )
        for place, paper in enumerate(papers)
    )
    foot = tr("{count} 张", count=len(rows))
    if len(rows) == drilling.MOST:
        foot = tr("最近的 {count} 张", count=len(rows))
    return ListView(
        columns=(
            ColumnView(title=tr("时间"), width=104), ColumnView(title="", width=52),
            ColumnView(title=tr("单号"), look="strong"),
            ColumnView(title=tr("工号"), width=72),
            ColumnView(title=tr("金额或数量"), width=130, right=True, look="strong"),
        ),
        rows=rows,
        state="" if rows else "empty",
        state_title=tr("没有单据"),
        foot=foot if rows else "",
    )  # fmt: skip


def _figure(paper: Paper) -> str:
    if paper.amount is not None:
        return yuan_shown(paper.amount)
    return quantity_shown(paper.quantity or 0, weighed=False).replace("-", "\N{MINUS SIGN}")


def number_in(key: str) -> str:
    """The receipt's number in the key of a paper's row."""
    return key.partition(":")[2]


def period_choices() -> tuple[ChoiceView, ...]:
    """The ways to say for which days."""
    return (
        ChoiceView(name="earlier", word=tr("往前"), key=","),
        ChoiceView(name=DAY, word=tr("一天"), key="D"),
        ChoiceView(name=WEEK, word=tr("一周"), key="W"),
        ChoiceView(name=MONTH, word=tr("一月"), key="M"),
        ChoiceView(name=YEAR, word=tr("一年"), key="Y"),
        ChoiceView(name=RANGE, word=tr("自选"), key="R"),
        ChoiceView(name="later", word=tr("往后"), key="."),
    )


def compare_word(compare: str) -> str:
    """What the range is compared with."""
    return {"": tr("不对比"), "week": tr("比上周"), "year": tr("比去年")}[compare]


def filter_words(filters: dict[str, str]) -> str:
    """What the report is narrowed down to."""
    return " · ".join(WORDS.said(_filter(name, value)) for name, value in filters.items())


def _filter(name: str, value: str) -> str:
    if name == "channel":
        return f"{value} {words.CHANNELS.get(value, '')}".strip()
    if name == "category":
        return f"{value} {words.CLASSES.get(value, '')}".strip()
    return value
