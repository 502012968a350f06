"""One GROUP BY for every report of what was sold: by anything a receipt or its lines say.

Sold lines and lines that came back are two plain statements over a till's tables or a hub's;
days that were summed up before come from those sums. All of them answer with the same figures.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select
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
    """One way to the figures: where from, what can be grouped by, what is added up."""

    source: FromClause
    shop: ColumnElement[str]
    day: ColumnElement[str]
    by: dict[str, ColumnElement[object]]
    sums: dict[str, ColumnElement[int]]


def line_arms(tables: Tables) -> tuple[Arm, Arm]:
    """Sold lines, and lines that came back."""
    sale, line = tables["sale"], tables["sale_line"]
    refund, back = tables["refund"], tables["refund_line"]
    sold = Arm(
        sale.join(line, and_(line.c.shop == sale.c.shop, line.c.sale == sale.c.sale)),
        sale.c.shop,
        sale.c.day,
        {**_heads(sale), **{name: line.c[name] for name in (*GOODS, "kind")}},
        {
            "lines": func.count(),
            **{name: func.sum(line.c[name]) for name in ("quantity", "amount", "paid")},
            **{name: func.sum(line.c[name]) for name in ("tax", "cost")},
        },
    )
    came_back = Arm(
        refund.join(back, and_(back.c.shop == refund.c.shop, back.c.refund == refund.c.refund)),
        refund.c.shop,
        refund.c.day,
        {**_heads(refund), **{name: back.c[name] for name in (*GOODS, "kind")}},
        {
            "back_lines": func.count(),
            "back_quantity": func.sum(back.c.quantity),
            "back": func.sum(back.c.amount),
            "back_tax": func.sum(back.c.tax),
            "back_cost": func.sum(back.c.cost),
        },
    )
    return sold, came_back


def head_arms(tables: Tables) -> tuple[Arm, Arm]:
    """Sales and refunds as whole receipts."""
    sale, refund = tables["sale"], tables["refund"]
    return (
        Arm(
            sale, sale.c.shop, sale.c.day, _heads(sale),
            {
                "sales": func.count(),
                **{name: func.sum(sale.c[name]) for name in ("due", "rounding", "tax")},
            },
        ),
        Arm(
            refund, refund.c.shop, refund.c.day, _heads(refund),
            {
                "refunds": func.count(),
                "back": func.sum(refund.c.amount),
                "back_tax": func.sum(refund.c.tax),
            },
        ),
    )  # fmt: skip


def _heads(table: FromClause) -> dict[str, ColumnElement[object]]:
    return {
        **{name: table.c[name] for name in ("shop", "day", *HEAD)},
        "month": func.substr(table.c.day, 1, 7),
        "hour": (table.c.order_ms + CHINA_MS) // HOUR_MS % 24,
    }


def tills_of(db: Connection, tables: Tables, shops: Sequence[str]) -> list[str]:
    """Every till that ever opened a day: with it the tables' own indexes find a day's rows."""
    opened = tables["day_opened"]
    return list(
        db.scalars(
            select(opened.c.till).where(opened.c.shop.in_(shops)).distinct().order_by(opened.c.till)
        )
    )


def statement(
    arm: Arm, by: Sequence[str], asked: Asked, tills: Sequence[str], ranges: _RANGES = ()
) -> Select[Any]:
    """The GROUP BY of one arm. `ranges` are the days that are meant, where not all of them are."""
    days = [arm.day.between(first, last) for first, last in ranges or ((asked.first, asked.last),)]
    where = [arm.shop.in_(asked.shops), or_(*days)]
    where.append(arm.by["till"].in_([asked.till] if asked.till else tills))
    for name in ("person", "channel", *GOODS):
        if (wanted := getattr(asked, name)) and name in arm.by:
            where.append(_holds(arm.by[name], wanted, whole=name != "category"))
    groups = [arm.by[name].label(name) for name in by]
    figures = [value.label(name) for name, value in arm.sums.items()]
    shown: list[ColumnElement[Any]] = [*groups, *figures]
    return select(*shown).select_from(arm.source).where(*where).group_by(*groups)


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
    where = [
        turnover.c.shop.in_(asked.shops),
        turnover.c.day.between(asked.first, asked.last),
        turnover.c.till.in_([asked.till] if asked.till else tills),
    ]
    for name in ("person", "channel"):
        if wanted := getattr(asked, name):
            where.append(turnover.c[name] == wanted)
    row = db.execute(
        select(
            func.coalesce(func.sum(turnover.c.gross), literal(0)),
            func.coalesce(func.sum(turnover.c.refunds), literal(0)),
        ).where(*where)
    ).one()
    return int(row[0]), int(row[1])
