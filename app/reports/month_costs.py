"""加权平均成本: what each product cost on average in a month, held against the month's entries."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Table, case, func, select

from app.journal.tables import entry
from app.money import divide_half_up
from app.reports import words
from app.reports.average_cost import INTO, average_costs, began_ms, ended_ms
from app.reports.entries import WORTH, Entries, added_to, first_wrong, held, journals, made_again
from app.reports.scope import Scope, row_key, shop_column
from app.reports.sheet import GOODS_COLUMNS, Check, Column, Line, Sheet
from app.stock import tables as stock
from app.stock.apply import APPLY


def monthly_costs(scope: Scope) -> Sheet:
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
                "value": divide_half_up(each.closing_value, WORTH),
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
            *shop_column(scope), *GOODS_COLUMNS,
            Column("opening", "月初", "quantity"), Column("came", "本月进", "quantity"),
            Column("average", "平均进价", "cost"), Column("closing", "月末", "quantity"),
            Column("value", "月末金额", "money"),
        ),
        lines=tuple(lines),
        totals={"value": sum(int(str(line.values["value"])) for line in lines)},
        check=first_wrong(
            Check(
                ok=ours == theirs, against="movements", ours=(ours,), theirs=(theirs,),
                kinds=("quantity",),
            ),
            *_held_month(scope, month),
        ),
    )  # fmt: skip


def _sum(scope: Scope, table: Table, *where: ColumnElement[bool]) -> int:
    ours = table.c.shop.in_(scope.asked.shops)
    found = scope.db.scalar(select(func.sum(table.c.quantity)).where(ours, *where))
    return int(found or 0)


def _held_month(scope: Scope, month: str) -> Iterator[Check]:
    """What the entries of the month moved, product by product: what came, at what cost, and all
    else."""
    if entry.name not in scope.tables:
        return
    moves, shops = scope.tables["movement"], scope.asked.shops
    began, ended = began_ms(month), ended_ms(month)
    came = moves.c.reason.in_(INTO)
    rows = scope.db.execute(
        select(
            moves.c.shop,
            moves.c.product,
            func.sum(case((came, moves.c.quantity), else_=0)),
            func.sum(case((came, moves.c.quantity * moves.c.unit_cost), else_=0)),
            func.sum(case((came, 0), else_=moves.c.quantity)),
        )
        .where(
            moves.c.shop.in_(shops),
            moves.c.journal.in_(journals(scope)),
            moves.c.written_ms >= began,
            moves.c.written_ms < ended,
        )
        .group_by(moves.c.shop, moves.c.product)
    )
    ours = {(shop, code): tuple(map(int, said)) for shop, code, *said in rows}
    entries = Entries(scope, APPLY)
    theirs: dict[tuple[str, str], tuple[int, ...]] = {}
    for _table, row in made_again(entries.between(began, ended), APPLY, stock.movement):
        if row["shop"] in shops:
            quantity = row["quantity"]
            said = (
                (quantity, quantity * row["unit_cost"], 0)
                if row["reason"] in INTO
                else (0, 0, quantity)
            )
            added_to(theirs, (row["shop"], row["product"]), *said)
    yield held(ours, theirs, "quantity", "cost", "quantity", damaged=entries.damaged)
