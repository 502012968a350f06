"""When people come: by hour, and over several days by weekday and hour."""

from datetime import date

from app.money import divide_half_up
from app.reports import words
from app.reports.asking import Asked
from app.reports.checking import check_lines, check_totals, sums
from app.reports.grouping import Groups
from app.reports.scope import Scope
from app.reports.selling import rate
from app.reports.sheet import Chart, Column, Line, Series, Sheet, Value, number

DAY_BEGINS = 4
"""A shop's day runs over midnight: the small hours stand last."""


def by_hour(scope: Scope) -> Sheet:
    """Receipts by the hour they were made in; with a filter of goods what its lines took."""
    earlier_asked = scope.asked.before()
    groups = _groups(scope, scope.asked)
    hours = _by_hour(groups)
    earlier = _by_hour(_groups(scope, earlier_asked)) if earlier_asked else {}
    whole = sum(_taken(each) for each in hours.values())
    order = sorted({*hours, *earlier}, key=lambda hour: (hour - DAY_BEGINS) % 24)
    lines = [_line(hour, hours.get(hour, {}), earlier.get(hour, {}), whole) for hour in order]
    columns = [
        Column("label", "时段", wide=True), Column("sales", "笔数", "count"),
        Column("each", "客单", "money"), Column("net", "实收", "money"),
        Column("back", "退", "money"), Column("share", "占比%", "rate"),
    ]  # fmt: skip
    if earlier_asked:
        columns += [Column("before", "上期", "money"), Column("change", "变化%", "rate")]
    gross, back, count = sums(groups, "due", "back", "sales")
    totals: dict[str, Value] = {"paid": gross, "back": back, "net": gross - back, "sales": count}
    totals["each"] = divide_half_up(gross, count) if count else None
    before = {"net": sum(_taken(each) for each in earlier.values())} if earlier_asked else {}
    return Sheet(
        name="hour",
        title=words.REPORTS["hour"],
        columns=tuple(columns),
        lines=tuple(lines),
        totals=totals,
        before={**before},
        check=check_lines(scope, scope.lines())
        if scope.asked.of_goods
        else check_totals(scope, (gross, back)),
        chart=_drawn(groups, lines, scope.asked),
    )


def _groups(scope: Scope, asked: Asked) -> Groups:
    if not asked.of_goods:
        return scope.heads("day", "hour", asked=asked)
    found = scope.lines("day", "hour", asked=asked)
    return {key: each | {"due": each.get("paid", 0)} for key, each in found.items()}


def _by_hour(groups: Groups) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for (_day, hour), figures in groups.items():
        total = found.setdefault(int(str(hour)), {})
        for name, value in figures.items():
            total[name] = total.get(name, 0) + value
    return found


def _line(hour: int, here: dict[str, int], then: dict[str, int], whole: int) -> Line:
    count = here.get("sales", 0)
    return Line(
        key=str(hour),
        values={
            "label": f"{hour:02d}:00",
            "sales": count or None,
            "each": divide_half_up(here["due"], count) if count else None,
            "net": _taken(here),
            "back": here.get("back", 0),
            "share": rate(_taken(here), whole),
            "before": _taken(then),
            "change": rate(_taken(here) - _taken(then), _taken(then)),
        },
        said={"hour": str(hour)},
    )


def _taken(figures: dict[str, int]) -> int:
    return figures.get("due", 0) - figures.get("back", 0)


def _drawn(groups: Groups, lines: list[Line], asked: Asked) -> Chart | None:
    if not lines:
        return None
    labels = tuple(str(line.values["label"])[:2] for line in lines)
    if asked.days == 1:
        names = {"net": "实收", "before": "上期"} if asked.compare else {"net": "实收"}
        series = tuple(
            Series(word, tuple(number(line.values[name]) for line in lines))
            for name, word in names.items()
        )
        return Chart(kind="columns", labels=labels, series=series)
    cells: dict[tuple[int, str], int] = {}
    for (day, hour), figures in groups.items():
        key = (date.fromisoformat(str(day)).weekday(), str(hour))
        cells[key] = cells.get(key, 0) + _taken(figures)
    rows = tuple(
        Series(word, tuple(cells.get((weekday, line.key)) for line in lines))
        for weekday, word in enumerate(words.WEEKDAYS)
    )
    return Chart(kind="heat", labels=labels, series=rows)
