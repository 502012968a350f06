"""One GROUP BY for every report of what was sold: by anything a receipt or its lines say.

Sold lines and lines that came back are two plain statements over a till's tables or a hub's;
days that were summed up before come from those sums. All of them answer with the same figures.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.sql.selectable import FromClause

from app.reports.asking import GOODS, HEAD, Asked, Tables

FIGURES = (
    *("lines", "quantity", "amount", "paid", "tax", "cost"),
    *("back_lines", "back_quantity", "back", "back_tax", "back_cost"),
)
"""Of lines: thousandths, fen, fen, fen, 1/10000 fen; those that came back are positive too."""
HEADS = ("sales", "due", "rounding", "tax", "refunds", "back", "back_tax")
"""Of receipts: how many, what they took after 抹零, and of refunds the same."""
HOUR_MS, CHINA_MS = 3_600_000, 28_800_000
_RANGES = tuple[tuple[str, str], ...]


class Arm(msgspec.Struct, frozen=True):
    """One way to the figures: receipts, their lines if lines are meant, and what is added up."""

    head: FromClause
    sums: dict[str, ColumnElement[int]]
    said: dict[str, ColumnElement[object]] = {}
    """What a line says of its goods."""
    part: FromClause | None = None
    key: str = ""
    """The receipt's id, by which its lines know it."""
    dated: tuple[str, ...] = ("hour",)
    """What else can be worked out of a receipt."""
    joined: FromClause | None = None
    """Receipts with their goods, where they lie beside each other anyway."""

    @property
    def by(self) -> tuple[str, ...]:
        """Everything that can be grouped by."""
        return ("shop", "day", *HEAD, "month", *self.dated, *self.said)


def line_arms(tables: Tables) -> tuple[Arm, Arm]:
    """Sold lines, and lines that came back."""
    line, back = tables["sale_line"], tables["refund_line"]
    sold = Arm(
        tables["sale"],
        {
            "lines": func.count(),
            **{name: func.sum(line.c[name]) for name in ("quantity", "amount", "paid")},
            **{name: func.sum(line.c[name]) for name in ("tax", "cost")},
        },
        {name: line.c[name] for name in (*GOODS, "kind")},
        line,
        "sale",
    )
    came_back = Arm(
        tables["refund"],
        {
            "back_lines": func.count(),
            "back_quantity": func.sum(back.c.quantity),
            "back": func.sum(back.c.amount),
            "back_tax": func.sum(back.c.tax),
            "back_cost": func.sum(back.c.cost),
        },
        {name: back.c[name] for name in (*GOODS, "kind")},
        back,
        "refund",
    )
    return sold, came_back


def head_arms(tables: Tables) -> tuple[Arm, Arm]:
    """Sales and refunds as whole receipts."""
    sale, refund = tables["sale"], tables["refund"]
    return (
        Arm(
            sale,
            {
                "sales": func.count(),
                **{name: func.sum(sale.c[name]) for name in ("due", "rounding", "tax")},
            },
        ),
        Arm(
            refund,
            {
                "refunds": func.count(),
                "back": func.sum(refund.c.amount),
                "back_tax": func.sum(refund.c.tax),
            },
        ),
    )


def picked(head: FromClause, *where: ColumnElement[bool]) -> CTE:
    """Some receipts, found before anything is joined to them.

    A planner that knows no sizes else begins with every line there ever was.
    """
    return select(head).where(*where).cte().prefix_with("MATERIALIZED")


def hour_of(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """The hour of the day, in China."""
    return (moment + CHINA_MS) // HOUR_MS % 24


def _column(head: FromClause, name: str) -> ColumnElement[Any]:
    """What a receipt says, or what is worked out of it."""
    match name:
        case "month":
            return func.substr(head.c.day, 1, 7)
        case "hour" if "hour" not in head.c:
            return hour_of(head.c.order_ms)
        case _:
            return head.c[name]


def tills_of(db: Connection, tables: Tables, shops: Sequence[str]) -> list[str]:
    """Every till that ever opened a day: with it the tables' own indexes find a day's rows."""
    opened = tables["day_opened"]
    return list(
        db.scalars(
            select(opened.c.till).where(opened.c.shop.in_(shops)).distinct().order_by(opened.c.till)
        )
    )


def journals_of(db: Connection, tables: Tables, shops: Sequence[str]) -> list[str]:
    """Every journal that can have moved goods: the indexes begin with it."""
    found: set[str] = set()
    for name in ("journal_opened", "day_opened"):
        table = tables[name]
        found.update(db.scalars(select(table.c.journal).where(table.c.shop.in_(shops)).distinct()))
    return sorted(found)


def receipts_asked(
    head: FromClause, asked: Asked, tills: Sequence[str], ranges: _RANGES = ()
) -> list[ColumnElement[bool]]:
    """Which receipts a question is about; the tills are named so that an index finds the days."""
    days = [
        head.c.day.between(first, last) for first, last in ranges or ((asked.first, asked.last),)
    ]
    where = [
        head.c.shop.in_(asked.shops),
        head.c.till.in_([asked.till] if asked.till else tills),
        or_(*days),
    ]
    where += [
        head.c[name] == wanted
        for name in ("person", "channel")
        if (wanted := getattr(asked, name)) and name in head.c
    ]
    return where


def statement(
    arm: Arm,
    by: Sequence[str],
    asked: Asked,
    tills: Sequence[str],
    ranges: _RANGES = (),
    *more: ColumnElement[bool],
) -> Select[Any]:
    """The GROUP BY of one arm. `ranges` are the days that are meant, where not all of them are;
    `more` is said of lines."""
    where = [*receipts_asked(arm.head, asked, tills, ranges)]
    goods = [
        _holds(arm.said[name], wanted, whole=name != "category")
        for name in GOODS
        if name in arm.said and (wanted := getattr(asked, name))
    ]
    source: FromClause = arm.head if arm.joined is None else arm.joined
    head: FromClause = arm.head
    if arm.part is not None:
        head = picked(arm.head, *where)
        part = arm.part
        source = head.join(
            part, and_(part.c.shop == head.c.shop, part.c[arm.key] == head.c[arm.key])
        )
        where = []
    groups = [(arm.said[name] if name in arm.said else _column(head, name)).label(name)
              for name in by]  # fmt: skip
    figures = [value.label(name) for name, value in arm.sums.items()]
    shown: list[ColumnElement[Any]] = [*groups, *figures]
    return select(*shown).select_from(source).where(*where, *goods, *more).group_by(*groups)


def _holds(column: ColumnElement[object], wanted: str, *, whole: bool) -> ColumnElement[bool]:
    if whole:
        return column == wanted
    return or_(column == wanted, func.substr(column, 1, len(wanted) + 1) == f"{wanted}.")


Groups = dict[tuple[object, ...], dict[str, int]]
"""By what the rows were grouped by: their figures."""


def gather(db: Connection, statements: Iterable[Select[Any]], keys: int) -> Groups:
    """Run statements and add up what they say of the same group; `keys` columns are its name."""
    found: Groups = {}
    for each in statements:
        result = db.execute(each)
        names = list(result.keys())[keys:]
        rows: Iterable[Sequence[Any]] = result
        for row in rows:
            figures = found.setdefault(tuple(row[:keys]), {})
            for name, value in zip(names, row[keys:], strict=True):
                figures[name] = figures.get(name, 0) + int(value or 0)
    return found


def added(groups: Groups) -> dict[str, int]:
    """The figures of all groups together."""
    found: dict[str, int] = {}
    for figures in groups.values():
        for name, value in figures.items():
            found[name] = found.get(name, 0) + value
    return found


def taken(db: Connection, tables: Tables, asked: Asked, tills: Sequence[str]) -> tuple[int, int]:
    """What the turnover of the same days says was taken and given back (fen): the other path."""
    turnover = tables["turnover"]
    row = db.execute(
        select(
            func.coalesce(func.sum(turnover.c.gross), literal(0)),
            func.coalesce(func.sum(turnover.c.refunds), literal(0)),
        ).where(*receipts_asked(turnover, asked, tills))
    ).one()
    return int(row[0]), int(row[1])
