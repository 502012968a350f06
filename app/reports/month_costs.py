"""加权平均成本: what each product cost on average in a month, held against the month's entries."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from app.facts.sales import SaleCompleted
from app.money import divide_half_up
from app.reports import words
from app.reports.asking import Tables
from app.reports.average_cost import average_costs, began_ms, ended_ms
from app.reports.entries import ENTRY, WORTH, Entries, added_to, first_wrong, held, made_again
from app.reports.grouping import journals_of, picked
from app.reports.month_sums import Moved, moved_by_month, moved_sums, share_of
from app.reports.scope import Scope, row_key, shop_column
from app.reports.sheet import GOODS_COLUMNS, Check, Column, Line, Sheet
from app.stock.apply import APPLY, shares_sold
from app.stock.tables import movement


def monthly_costs(scope: Scope) -> Sheet:
    """全月一次加权平均 of the month in which the range ends."""
    shops, month = scope.asked.shops, scope.asked.last[:7]
    moved = moved_by_month(scope.db, shops, scope.tables, folded=scope.take_sums())
    found = average_costs(moved, month)
    lines = [
        Line(
            key=row_key(scope, shop, code),
            values={
                "shop": scope.names.shop(shop), "product": code,
                "label": scope.names.product(code).name,
                "opening": each.opening, "came": each.came, "average": each.average,
                "closing": each.closing,
                "value": divide_half_up(each.closing_value, WORTH),
            },
            weighed=scope.names.product(code).weighed,
            said={"shop": shop, "product": code, "month": month},
        )
        for (shop, code), each in found.items()
    ]  # fmt: skip
    return Sheet(
        name="average_cost",
        title=words.REPORTS["average_cost"],
        columns=(
            *shop_column(scope), *GOODS_COLUMNS,
            Column("opening", "月初", "quantity"), Column("came", "本月进", "quantity"),
            Column("average", "平均进价", "cost"), Column("closing", "月末", "quantity"),
            Column("value", "月末金额", "money"),
        ),
        lines=tuple(lines),
        totals={"value": sum(int(str(line.values["value"])) for line in lines)},
        check=first_wrong(
            held_sums(scope.db, shops, scope.tables, moved), *_held_month(scope, moved, month)
        ),
    )  # fmt: skip


def held_sums(db: Connection, shops: Sequence[str], tables: Tables, moved: Moved) -> Check:
    """Everything that ever moved, against what is on hand, product by product."""
    on_hand = tables["on_hand"]
    by = (on_hand.c.shop, on_hand.c.product)
    rows = db.execute(
        select(*by, func.sum(on_hand.c.quantity)).where(on_hand.c.shop.in_(shops)).group_by(*by)
    )
    ours: dict[tuple[str, str], tuple[int, ...]] = {}
    for (shop, product, _month), (came, _value, other) in moved.items():
        added_to(ours, (shop, product), came + other)
    theirs = {(shop, product): (int(quantity),) for shop, product, quantity in rows}
    return held(ours, theirs, "quantity", against="movements")


def _held_month(scope: Scope, moved: Moved, month: str) -> Iterator[Check]:
    """What the entries of the month moved, product by product: what came, at what cost, and all
    else; and what came as the sums have it."""
    if ENTRY not in scope.tables:
        return
    shops, began, ended = scope.asked.shops, began_ms(month), ended_ms(month)
    moves = scope.tables["movement"]
    moves_then = picked(
        moves,
        moves.c.shop.in_(shops),
        moves.c.journal.in_(journals_of(scope.db, scope.tables, shops)),
        moves.c.written_ms >= began,
        moves.c.written_ms < ended,
    )
    by = (moves_then.c.shop, moves_then.c.product)
    rows = scope.db.execute(select(*by, *moved_sums(moves_then)).group_by(*by))
    ours = {(shop, code): tuple(map(int, said)) for shop, code, *said in rows}
    # Most entries are sales: rows made of them only to be added up cost twice the time.
    sales, sold = Entries(scope, (SaleCompleted,)), Counter[tuple[str, str]]()
    for _envelope, fact in sales.between(began, ended):
        if fact.shop in shops:
            for product, share in shares_sold(fact):
                sold[fact.shop, product] += share.quantity
    theirs: dict[tuple[str, str], tuple[int, ...]] = {
        where: (0, 0, -quantity) for where, quantity in sold.items()
    }
    others = Entries(scope, [kind for kind in APPLY if kind is not SaleCompleted])
    for _table, row in made_again(others.between(began, ended), APPLY, movement):
        if row["shop"] in shops:
            added_to(theirs, (row["shop"], row["product"]), *share_of(row))
    damaged = sales.damaged | others.damaged
    yield held(ours, theirs, "quantity", "cost", "quantity", damaged=damaged)
    # What came is written when it comes; a count's line alone moves at an earlier moment.
    paid = {where[:2]: said[:2] for where, said in moved.items() if where[2] == month}
    told = {where: said[:2] for where, said in theirs.items()}
    yield held(_some(paid), _some(told), "quantity", "cost", damaged=damaged)


def _some(figures: dict[tuple[str, str], tuple[int, ...]]) -> dict[Any, tuple[int, ...]]:
    return {where: said for where, said in figures.items() if any(said)}
