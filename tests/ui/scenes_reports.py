"""Scripted states of the room of reports."""

import msgspec

from app.reports.drilling import Paper
from app.reports.sheet import Chart, Check, Column, Line, Series, Sheet, Value
from ui.language import tr
from ui.presenters import reporting_views as views
from ui.presenters.asking import ask_value
from ui.presenters.report_words import WORDS
from ui.report_views import ReportsView
from ui.room_views import ListView
from ui.views import MessageView

NAMES = ("day", "hour", "product", "category", "town", "three_origin", "channel", "cashier",
         "margin", "tenders", "slow", "price_index", "exceptions")  # fmt: skip
GOODS = (
    ("12003", "大沙黄茶 特级100g", 31_000, 396800, 0, 347200),
    ("11014", "马冈鹅蛋卷 300g", 64_000, 243200, 3800, 257400),
    ("11006", "供港标准马冈鹅(整只)", 12_000, 178800, 0, 119200),
    ("21003", "侨心饼 400g", 29_000, 139200, 4800, 0),
    ("13006", "金鸡皮蛋", 41_000, 63140, 0, 70840),
    ("16004", "潭碧冬瓜", 34_950, 23067, 0, 26400),
)


def product_sheet(*, ok: bool = True) -> Sheet:
    whole = sum(row[3] for row in GOODS)
    lines = []
    for code, name, quantity, net, back, before in GOODS:
        change = (net - before) * 1000 // before if before else None
        values: dict[str, Value] = {
            "label": name, "product": code, "quantity": quantity, "net": net, "back": back,
            "share": net * 1000 // whole, "margin": net * 385 // 1000, "margin_rate": 385,
            "before": before, "change": change,
        }  # fmt: skip
        lines.append(Line(key=code, values=values, weighed=code == "16004"))
    return Sheet(
        name="product",
        title="商品",
        columns=(
            Column("label", "品名", wide=True), Column("product", "货号"),
            Column("quantity", "数量", "quantity"), Column("net", "实收", "money"),
            Column("back", "退", "money"), Column("share", "占比%", "rate"),
            Column("margin", "毛利", "money"), Column("margin_rate", "毛利率%", "rate"),
            Column("before", "上期", "money"), Column("change", "变化%", "rate"),
        ),
        lines=tuple(lines),
        totals={"paid": whole + 8600, "back": 8600, "net": whole, "quantity": 211_950,
                "margin": whole * 385 // 1000, "margin_rate": 385},
        before={"net": 821_040},
        check=Check(ok=ok, against="turnover", ours=(1_052_807, 8600), theirs=(1_052_707, 8600)),
        chart=Chart(
            kind="bars",
            labels=tuple(row[1] for row in GOODS),
            series=(
                Series("实收", tuple(row[3] for row in GOODS)),
                Series("上期", tuple(row[5] for row in GOODS)),
            ),
        ),
        first="2026-12-07",
        last="2026-12-07",
        compared=("2026-11-30", "2026-11-30"),
    )  # fmt: skip


def _shown(sheet: Sheet, **more: object) -> ReportsView:
    told = WORDS.told(sheet)
    view = ReportsView(
        reports=views.report_list(NAMES, sheet.name),
        walking=False,
        title=told.title,
        range_words=WORDS.range(sheet),
        periods=views.period_choices(),
        period="day",
        compare_word=views.compare_word("week"),
        kpis=WORDS.kpis(sheet),
        chart=told.chart,
        chart_words=told.title,
        rows=views.rows_of(sheet, ""),
        spare=views.spare_columns(sheet),
        check_ok=sheet.check.ok,
        check_words=WORDS.check(sheet),
        only_enabled=True,
        export_enabled=True,
        primary_word=tr("看单据"),
        primary_enabled=True,
    )
    return msgspec.structs.replace(view, **more)


def products() -> ReportsView:
    return _shown(product_sheet())


def wrong_sum() -> ReportsView:
    return _shown(product_sheet(ok=False))


def _month(check: Check) -> ReportsView:
    sheet = msgspec.structs.replace(
        product_sheet(), first="2026-11-01", last="2026-11-30", check=check,
        compared=("2026-10-04", "2026-11-02"),
    )  # fmt: skip
    return _shown(sheet, period="month")


def counting() -> ReportsView:
    """The weeks of a month are being held against their entries."""
    return _month(Check(ok=True, against="turnover", weekly=(14, 30)))


def week_damaged() -> ReportsView:
    return _month(
        Check(ok=False, against="journal", ours=(1_052_807, 8600), theirs=(1_045_207, 8600),
              damaged=frozenset({"a"}), within=("2026-11-08", "2026-11-14"), weekly=(21, 30))
    )  # fmt: skip


def hours() -> ReportsView:
    """A week by weekday and hour."""
    labels = tuple(f"{hour:02d}" for hour in range(9, 21))
    rows = tuple(
        Series(word, tuple(None if (day + n) % 9 == 8 else 12_000 + (day * 37 + n * 91) % 97 * 900
                           for n in range(len(labels))))
        for day, word in enumerate(("周一", "周二", "周三", "周四", "周五", "周六", "周日"))
    )  # fmt: skip
    lines = tuple(
        Line(key=str(n), values={"label": f"{label}:00", "sales": 20 + n * 3, "net": 90_000 + n})
        for n, label in enumerate(labels)
    )
    sheet = msgspec.structs.replace(
        product_sheet(), name="hour", title="时段", lines=lines, first="2026-12-01",
        columns=(Column("label", "时段", wide=True), Column("sales", "笔数", "count"),
                 Column("net", "实收", "money")),
        chart=Chart(kind="heat", labels=labels, series=rows),
        check=Check(ok=True, against="turnover"),
    )  # fmt: skip
    return _shown(sheet, walking=True, period="week")


def papers() -> ReportsView:
    found = [
        Paper(kind="refund", number="KP01-1D-261207-0033", order_ms=1_796_624_400_000,
              person="201", amount=-3800),
        *(Paper(kind="sale", number=f"KP01-1D-261207-{n:04d}",
                order_ms=1_796_624_400_000 - n * 600_000, person="101", amount=7600)
          for n in range(12, 1, -1)),
    ]  # fmt: skip
    return _shown(
        product_sheet(), title="商品 › 马冈鹅蛋卷 300g", rows=views.papers_list(found), spare=(),
        chart=None, kpis=(), down=True, only_enabled=False, export_enabled=False,
        primary_word="打开小票",
    )  # fmt: skip


def asking() -> ReportsView:
    question = ask_value("从哪天到哪天？", lambda _text: None, detail="如 1201.1207", kind="text")
    return _shown(product_sheet(), question=question.view)


def saved() -> ReportsView:
    said = MessageView(text="已存好", detail="reports/product-2026-12-07.pdf", tone="ok")
    return _shown(product_sheet(), message=said, only_word="只看 C13 线下实体店（X 看全部）")


def loading() -> ReportsView:
    words = "第一次看这么长，还要汇总 330 天"
    waiting = ListView(state="loading", state_title=words)
    return _shown(
        product_sheet(), rows=waiting, spare=(), chart=None, kpis=(), check_words="",
        export_enabled=False, primary_enabled=False, primary_reason="没有可看的",
    )  # fmt: skip


REPORTS = {
    "reports": products,
    "reports_wrong": wrong_sum,
    "reports_counting": counting,
    "reports_week_damaged": week_damaged,
    "reports_hours": hours,
    "reports_papers": papers,
    "reports_asking": asking,
    "reports_saved": saved,
    "reports_loading": loading,
}
