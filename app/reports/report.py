"""Every report by its name: what it may be asked, and its answer."""

from collections.abc import Callable

import msgspec
from sqlalchemy import ColumnElement, Table, func, select

from app.errors import Refusal
from app.money import divide_half_up
from app.reports import words
from app.reports.asking import GOODS, HEAD, WEEK, Asked
from app.reports.average_cost import average_costs, ended_ms
from app.reports.earning import margins, price_index
from app.reports.folding import forget
from app.reports.hours import by_hour
from app.reports.losing import near_expiry, shrinkage
from app.reports.moneys import exceptions, tenders
from app.reports.moving import fast, promotions, slow
from app.reports.scope import Scope, names_of, row_key, shop_column
from app.reports.selling import DIMENSIONS, sold_by
from app.reports.sheet import Check, Column, Line, Sheet
from app.transaction import Books

_COST = 10_000_000
ALL_FILTERS = (*HEAD, *GOODS)


class Kind(msgspec.Struct, frozen=True):
    """A report: how it is read, what it may be narrowed down by, whether it can be compared."""

    read: Callable[[Scope], Sheet]
    filters: tuple[str, ...] = ALL_FILTERS
    compared: bool = True


def _sold(name: str) -> Callable[[Scope], Sheet]:
    return lambda scope: sold_by(scope, DIMENSIONS[name])


def average_cost(scope: Scope) -> Sheet:
    """全月一次加权平均 of the month in which the range ends."""
    movement, on_hand = scope.tables["movement"], scope.tables["on_hand"]
    shops, month = scope.asked.shops, scope.asked.last[:7]
    found = average_costs(scope.db, shops, month, movement)
    lines = [
        Line(
            key=row_key(scope, shop, code),
            values={
                "shop": scope.names.shop(shop), "product": code,
                "label": scope.names.product(code).name,
                "opening": each.opening, "came": each.came, "average": each.average,
                "closing": each.closing,
                "value": divide_half_up(each.closing_value, _COST),
            },
            weighed=scope.names.product(code).weighed,
            said={"shop": shop, "product": code, "month": month},
        )
        for (shop, code), each in found.items()
    ]  # fmt: skip
    ours = sum(each.closing for each in found.values())
    # The sums as they stand, less what moved since that month.
    theirs = _sum(scope, on_hand) - _sum(scope, movement, movement.c.order_ms >= ended_ms(month))
    return Sheet(
        name="average_cost",
        title=words.REPORTS["average_cost"],
        columns=(
            *shop_column(scope), Column("label", "品名", wide=True), Column("product", "货号"),
            Column("opening", "月初", "quantity"), Column("came", "本月进", "quantity"),
            Column("average", "平均进价", "cost"), Column("closing", "月末", "quantity"),
            Column("value", "月末金额", "money"),
        ),
        lines=tuple(lines),
        totals={"value": sum(int(str(line.values["value"])) for line in lines)},
        check=Check(ok=ours == theirs, against="movements", ours=(ours,), theirs=(theirs,)),
    )  # fmt: skip


def _sum(scope: Scope, table: Table, *where: ColumnElement[bool]) -> int:
    ours = table.c.shop.in_(scope.asked.shops)
    found = scope.db.scalar(select(func.sum(table.c.quantity)).where(ours, *where))
    return int(found or 0)


_WITHOUT_PEOPLE = ("till",)
KINDS: dict[str, Kind] = {
    **{name: Kind(_sold(name)) for name in ("day", "month")},
    "hour": Kind(by_hour),
    **{name: Kind(_sold(name)) for name in DIMENSIONS if name not in ("day", "month")},
    "margin": Kind(margins, compared=False),
    "tenders": Kind(tenders, _WITHOUT_PEOPLE, compared=False),
    "fast": Kind(fast),
    "slow": Kind(slow, (), compared=False),
    "near_expiry": Kind(near_expiry, (), compared=False),
    "shrinkage": Kind(shrinkage, (), compared=False),
    "promotions": Kind(promotions, _WITHOUT_PEOPLE, compared=False),
    "price_index": Kind(price_index, _WITHOUT_PEOPLE),
    "exceptions": Kind(exceptions, ("till", "person"), compared=False),
    "average_cost": Kind(average_cost, (), compared=False),
}
"""In the order people look for them."""


def kind_of(name: str) -> Kind:
    """A report by its name or title. Raises Refusal("report_unknown")."""
    wanted = name.strip().lower()
    for code, title in words.REPORTS.items():
        if wanted in (code, title):
            return KINDS[code]
    raise Refusal("report_unknown", text=name[:20])


def fitting(name: str, asked: Asked) -> Asked:
    """The question without what this report cannot be narrowed down by or compared with."""
    kind = kind_of(name)
    drop = {each: "" for each in ALL_FILTERS if each not in kind.filters}
    if not kind.compared:
        drop["compare"] = ""
    elif name == "price_index" and not asked.compare:
        drop["compare"] = WEEK
    return msgspec.structs.replace(asked, **drop)


def read(name: str, scope: Scope) -> Sheet:
    """A report's answer, with the range it is about. The scope's question must be `fitting`."""
    found = kind_of(name).read(scope)
    before = scope.asked.before()
    return msgspec.structs.replace(
        found,
        first=scope.asked.first,
        last=scope.asked.last,
        compared=(before.first, before.last) if before else ("", ""),
    )


def answer(books: Books, name: str, asked: Asked, *, today: str, margins: bool) -> Sheet:
    """A till's report over its own shop.

    Days that were summed up before help as long as the sums come out right; if they do not, the
    rows themselves are read, and the sums are dropped. Raises Trouble("database_damaged").
    """
    asked = fitting(name, asked)
    with books.read() as db:
        names = names_of(db, books.shop)
        scope = Scope(db, asked, names=names, today=today, folded=True, margins=margins)
        found = read(name, scope)
        if found.check.ok or not scope.used_sums:
            return found
        found = read(name, Scope(db, asked, names=names, today=today, margins=margins))
    forget(books)
    return found
