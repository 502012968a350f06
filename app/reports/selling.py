"""What was sold: by day, month, hour, goods, channel and person."""

from datetime import date

import msgspec

from app.money import divide_half_up
from app.reports import words
from app.reports.checking import check_lines
from app.reports.grouping import Groups, added
from app.reports.scope import Scope
from app.reports.sheet import GOODS_COLUMNS, Chart, Column, Line, Series, Sheet, Value, number

COST_PER_FEN = 10_000
DRAWN = 12
"""So many bars can be told apart."""
MOST_LINES = 2_000
NOTHING_SAID = "-"
"""The key of a row of goods that say nothing of a thing."""


class By(msgspec.Struct, frozen=True):
    """What a report groups by."""

    name: str
    column: str
    """The name the statements know it by."""
    word: str
    receipts: bool = False
    """Whether receipts belong to one row each, so that they can be counted."""
    in_order: bool = False
    """Rows stand in the order of their keys, not of their sums."""


DIMENSIONS = {
    each.name: each
    for each in (
        By("day", "day", "日期", receipts=True, in_order=True),
        By("month", "month", "月份", receipts=True, in_order=True),
        By("product", "product", "品名"),
        By("category", "category", "品类"),
        By("brand", "brand", "品牌"),
        By("town", "brand_town", "镇"),
        By("three_origin", "three_origin", "三原程度"),
        By("tier", "tier", "档次"),
        By("channel", "channel", "渠道", receipts=True),
        By("cashier", "person", "工号", receipts=True),
        By("till", "till", "收银台", receipts=True),
    )
}


def sold_by(scope: Scope, by: By) -> Sheet:
    """What was taken, given back and earned, by one thing."""
    groups = scope.lines(by.column)
    earlier_asked = scope.asked.before()
    # Days and months are compared day by day: a range may begin within a month.
    earlier_by = "day" if by.in_order else by.column
    earlier = scope.lines(earlier_by, asked=earlier_asked) if earlier_asked else {}
    counts: Groups = scope.heads(by.column) if by.receipts and not scope.asked.of_goods else {}
    earlier = _moved(earlier, by, scope) if earlier_asked else {}
    whole = net(added(groups))
    lines = [
        _line(scope, by, key, groups.get(key, {}), earlier.get(key), counts.get(key, {}), whole)
        for key in sorted({*groups, *earlier}, key=repr)
    ]
    if not by.in_order:
        lines.sort(key=lambda line: (-number(line.values["net"]), line.key))
    return Sheet(
        name=by.name,
        title=words.REPORTS[by.name],
        columns=_columns(scope, by, bool(counts)),
        lines=tuple(lines[:MOST_LINES]),
        left_out=max(0, len(lines) - MOST_LINES),
        totals=totals(scope, added(groups), added(counts)),
        before=totals(scope, added(earlier), {}) if earlier_asked else {},
        check=check_lines(scope, groups),
        chart=_chart(by, lines, compared=bool(earlier_asked)),
    )


def net(figures: dict[str, int]) -> int:
    """What was taken less what went back, in fen."""
    return figures.get("paid", 0) - figures.get("back", 0)


def margin(figures: dict[str, int]) -> int:
    """What was earned after tax and the cost of the lots, in fen."""
    tax = figures.get("tax", 0) - figures.get("back_tax", 0)
    return net(figures) - tax - cost(figures)


def cost(figures: dict[str, int]) -> int:
    """What the goods that stayed sold had cost, in fen."""
    return divide_half_up(figures.get("cost", 0) - figures.get("back_cost", 0), COST_PER_FEN)


def rate(part: int, whole: int) -> int | None:
    """Thousandths; None of nothing."""
    return divide_half_up(1000 * part, whole) if whole > 0 else None


def totals(scope: Scope, figures: dict[str, int], heads: dict[str, int]) -> dict[str, Value]:
    """The figures over all rows."""
    sales = heads.get("sales", 0)
    found: dict[str, Value] = {
        "paid": figures.get("paid", 0),
        "back": figures.get("back", 0),
        "net": net(figures),
        "reduced": figures.get("paid", 0) - figures.get("amount", 0),
        "quantity": figures.get("quantity", 0) - figures.get("back_quantity", 0),
        "rows": figures.get("lines", 0),
    }
    if heads:
        found |= {"sales": sales, "each": divide_half_up(heads["due"], sales) if sales else None}
    if scope.margins:
        earned = margin(figures)
        found |= {
            "cost": cost(figures), "margin": earned,
            "margin_rate": rate(earned, net(figures)),
        }  # fmt: skip
    return found


def _columns(scope: Scope, by: By, counted: bool) -> tuple[Column, ...]:
    columns = [Column("label", by.word, "day" if by.name == "day" else "text", wide=True)]
    if by.name == "product":
        columns = [*GOODS_COLUMNS, Column("quantity", "数量", "quantity")]
    elif counted:
        columns += [Column("sales", "笔数", "count"), Column("each", "客单", "money")]
    else:
        columns.append(Column("rows", "行数", "count"))
    columns += [
        Column("net", "实收", "money"),
        Column("back", "退", "money"),
        Column("share", "占比%", "rate"),
    ]
    if scope.margins:
        columns += [Column("margin", "毛利", "money"), Column("margin_rate", "毛利率%", "rate")]
    if scope.asked.compare:
        columns += [Column("before", "上期", "money"), Column("change", "变化%", "rate")]
    return tuple(columns)


def _line(
    scope: Scope,
    by: By,
    key: tuple[object, ...],
    figures: dict[str, int],
    earlier: dict[str, int] | None,
    heads: dict[str, int],
    whole: int,
) -> Line:
    code = str(key[0])
    label, weighed = label_of(scope, by.column, code)
    here, then = net(figures), net(earlier) if earlier else 0
    values = totals(scope, figures, heads) | {
        "label": label,
        "product": code,
        "share": rate(here, whole),
        "before": then,
        "change": rate(here - then, then),
    }
    return Line(key=code or NOTHING_SAID, values=values, weighed=weighed, said=_said(by, code))


def _said(by: By, code: str) -> dict[str, str]:
    if by.name == "day":
        return {"first": code, "last": code}
    if by.name == "month":
        return {"month": code}
    return {by.column: code}


def label_of(scope: Scope, column: str, code: str) -> tuple[str, bool]:
    """What a row is called, and whether its quantity is a weight."""
    match column:
        case "product":
            named = scope.names.product(code)
            return named.name, named.weighed
        case "channel":
            return f"{code} {words.CHANNELS.get(code, '')}".strip(), False
        case "category":
            return f"{code} {scope.names.classes.get(code, '')}".strip() or words.NONE, False
        case _:
            return code or words.NONE, False


def _moved(earlier: Groups, by: By, scope: Scope) -> Groups:
    """Days of the earlier range stand beside, or in the month of, those they are compared with."""
    before = scope.asked.before()
    if not by.in_order or before is None:
        return earlier
    first, was = (date.fromisoformat(each.first) for each in (scope.asked, before))
    found: Groups = {}
    for key, figures in earlier.items():
        day = first + (date.fromisoformat(str(key[0])) - was)
        name = min(day.isoformat(), scope.asked.last)[: 10 if by.name == "day" else 7]
        total = found.setdefault((name,), {})
        for figure, value in figures.items():
            total[figure] = total.get(figure, 0) + value
    return found


def _chart(by: By, lines: list[Line], *, compared: bool) -> Chart | None:
    drawn = lines if by.in_order else lines[:DRAWN]
    if not drawn:
        return None
    series = _series(drawn, compared=compared)
    labels = tuple(str(line.values["label"]) for line in drawn)
    if not by.in_order:
        return Chart(kind="bars", labels=labels, series=series)
    return Chart(kind="line" if len(drawn) > 2 else "columns", labels=labels, series=series)


def _series(lines: list[Line], *, compared: bool) -> tuple[Series, ...]:
    before = compared and any(line.values["before"] for line in lines)
    names = {"net": "实收", "before": "上期"} if before else {"net": "实收"}
    return tuple(
        Series(word, tuple(number(line.values[name]) for line in lines))
        for name, word in names.items()
    )
