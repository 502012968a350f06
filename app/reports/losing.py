"""What was lost, and what soon will be."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import CTE, ColumnElement, FromClause, func, select

from app.facts.sales import SaleCompleted
from app.facts.stock import CountClosed
from app.money import divide_half_up
from app.reports import words
from app.reports.checking import check_lines
from app.reports.ending_lots import EndingLot, ending_lots
from app.reports.entries import (
    ENTRY,
    WORTH,
    Entries,
    Figures,
    added_to,
    asks_journal,
    first_wrong,
    held,
    made_again,
)
from app.reports.grouping import added, journals_of, picked
from app.reports.scope import Scope, row_key, shop_column
from app.reports.selling import net, rate
from app.reports.sheet import GOODS_COLUMNS, Chart, Check, Column, Line, Series, Sheet, number
from app.stock.apply import APPLY
from app.stock.reasons import BY_CODE, LOSSES
from app.stock.tables import lot, movement

COUNTED = "counted"
_DAY_MS, _CHINA_MS = 86_400_000, 28_800_000


def shrinkage(scope: Scope) -> Sheet:
    """What was lost: written off, scrapped, or missing when it was counted."""
    first, last = window(scope)
    rows = [
        row
        for gone in _gone(scope, first, last)
        for row in scope.db.execute(
            select(
                gone.c.product,
                gone.c.reason,
                func.sum(gone.c.quantity),
                func.sum(gone.c.quantity * gone.c.unit_cost),
            ).group_by(gone.c.product, gone.c.reason)
        )
    ]
    lines = []
    for code, reason, quantity, value in rows:
        named, known = scope.names.product(code), BY_CODE.get(reason)
        word = known.word if known else {COUNTED: words.GONE_BY_COUNT}.get(reason, "退货报损")
        lines.append(
            Line(
                key=f"{code}/{reason}",
                values={
                    "label": named.name, "product": code, "reason": word,
                    "quantity": int(quantity), "value": divide_half_up(int(value), WORTH),
                },
                weighed=named.weighed,
                said={"product": code, "reason": reason},
            )
        )  # fmt: skip
    lines.sort(key=lambda line: (number(line.values["value"]), line.key))
    lost = sum(number(line.values["value"]) for line in lines)
    by_reason: dict[str, int] = {}
    for line in lines:
        word = str(line.values["reason"])
        by_reason[word] = by_reason.get(word, 0) - number(line.values["value"])
    sales = scope.lines()
    sold = net(added(sales))
    return Sheet(
        name="shrinkage",
        title=words.REPORTS["shrinkage"],
        columns=(
            *GOODS_COLUMNS,
            Column("reason", "原因"), Column("quantity", "数量", "quantity"),
            Column("value", "金额（进价）", "money"),
        ),
        lines=tuple(lines),
        totals={"value": lost, "share": rate(-lost, sold), "net": sold},
        check=first_wrong(
            _check_gone(
                scope, {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}, first, last
            ),
            check_lines(scope, sales),
        ),
        chart=Chart(
            kind="bars", labels=tuple(by_reason),
            series=(Series("金额", tuple(by_reason.values())),),
        ) if by_reason else None,
    )  # fmt: skip


def window(scope: Scope) -> tuple[int, int]:
    """The range as moments: stock has no business day, so its days begin at midnight."""
    epoch = date(1970, 1, 1)
    first = (date.fromisoformat(scope.asked.first) - epoch) // timedelta(days=1)
    last = (date.fromisoformat(scope.asked.last) - epoch) // timedelta(days=1)
    return first * _DAY_MS - _CHINA_MS, (last + 1) * _DAY_MS - _CHINA_MS


def _check_gone(scope: Scope, ours: Figures, first: int, last: int) -> Check:
    """Against what the documents themselves say: each is read again from its entry."""
    if ENTRY not in scope.tables:
        return held(ours, ours, "quantity", "cost", against="rows")
    documents = Entries(scope, [kind for kind in APPLY if kind not in (SaleCompleted, CountClosed)])
    # What a count missed happened before it was written.
    counts = Entries(scope, (CountClosed,))
    theirs: dict[tuple[str, str], tuple[int, ...]] = {}
    found = (*documents.between(first, last), *counts.between(first, None))
    for _table, row in made_again(found, APPLY, movement):
        if (
            row["shop"] in scope.asked.shops
            and row["reason"] in (*LOSSES, COUNTED)
            and first <= row["order_ms"] < last
        ):
            quantity = row["quantity"]
            key = (row["product"], row["reason"])
            added_to(theirs, key, quantity, quantity * row["unit_cost"])
    damaged = documents.damaged | counts.damaged
    return held(ours, theirs, "quantity", "cost", damaged=damaged)


def _gone(scope: Scope, first: int, last: int) -> tuple[CTE, CTE]:
    """What was lost in a range, and what a count missed: that happened before it was written."""
    movement = scope.tables["movement"]
    here = [
        movement.c.shop.in_(scope.asked.shops),
        movement.c.journal.in_(journals_of(scope.db, scope.tables, scope.asked.shops)),
        movement.c.written_ms >= first,
    ]
    return (
        picked(movement, *here, movement.c.reason.in_(LOSSES), movement.c.written_ms < last),
        picked(
            movement,
            *here,
            movement.c.reason == COUNTED,
            movement.c.order_ms >= first,
            movement.c.order_ms < last,
        ),
    )


def near_expiry(scope: Scope) -> Sheet:
    """Lots that end soon or have ended, what ends first first; `last` is the day one looks from."""
    found = [
        (shop, each)
        for shop in scope.asked.shops
        for each in ending_lots(scope.db, shop, scope.asked.last, scope.names)
    ]
    found.sort(key=lambda one: one[1].expires)
    lot = scope.tables["lot"]
    value = {
        (str(row.shop), str(row.lot)): int(row.unit_cost)
        for row in scope.db.execute(
            select(lot.c.shop, lot.c.lot, lot.c.unit_cost).where(
                lot.c.shop.in_(scope.asked.shops),
                lot.c.lot.in_([each.lot for _shop, each in found]),
            )
        )
    }
    lines = []
    for shop, each in found:
        worth = divide_half_up(each.quantity * value.get((shop, each.lot), 0), WORTH)
        lines.append(
            Line(
                key=row_key(scope, shop, f"{each.lot}/{each.place}"),
                values={
                    "shop": scope.names.shop(shop),
                    "label": each.name, "product": each.product,
                    "batch": each.batch or each.lot[-8:], "place": each.place,
                    "quantity": each.quantity, "expires": each.expires, "left": each.days,
                    "value": worth,
                },
                weighed=each.weighed,
                said={"shop": shop, "product": each.product, "lot": each.lot},
                warn=each.days < 0,
            )
        )  # fmt: skip
    soon: dict[str, int] = {}
    for line in lines:
        word = _when(number(line.values["left"]))
        soon[word] = soon.get(word, 0) + number(line.values["value"])
    return Sheet(
        name="near_expiry",
        title=words.REPORTS["near_expiry"],
        columns=(
            *shop_column(scope), Column("label", "品名", wide=True), Column("batch", "批次"),
            Column("quantity", "数量", "quantity"), Column("expires", "到期", "day"),
            Column("left", "剩几天", "count"), Column("value", "金额（进价）", "money"),
        ),
        lines=tuple(lines),
        totals={"rows": len(lines), "value": sum(soon.values())},
        check=_check_held(scope, [each for _shop, each in found]),
        chart=Chart(
            kind="bars", labels=tuple(soon), series=(Series("金额", tuple(soon.values())),),
        ) if soon else None,
    )  # fmt: skip


def _when(days: int) -> str:
    if days < 0:
        return "已过期"
    return next(word for most, word in ((3, "3 天内"), (10, "10 天内"), (30, "30 天内"),
                                        (10**9, "更久")) if days <= most)  # fmt: skip


def _check_held(scope: Scope, found: Sequence[EndingLot]) -> Check:
    """What the sums hold of these lots, against every movement there was of them, and against the
    entries that made those."""
    lots = sorted({each.lot for each in found})
    products = sorted({each.product for each in found})
    said: dict[str, dict[str, tuple[int, ...]]] = {}
    for name in ("on_hand", "movement"):
        table = scope.tables[name]
        rows = scope.db.execute(
            select(table.c.lot, func.sum(table.c.quantity))
            .where(*_of_lots(table, scope, products, lots))
            .group_by(table.c.lot)
        )
        said[name] = {str(lot_id): (int(quantity),) for lot_id, quantity in rows}
    sums, moved = said["on_hand"], said["movement"]
    return first_wrong(
        held(sums, moved, "quantity", against="movements"),
        *_held_lots(scope, sums, products, lots),
    )


def _held_lots(
    scope: Scope, ours: Figures, products: Sequence[str], lots: Sequence[str]
) -> Iterator[Check]:
    """Each lot's movements and its own dates and cost, as the entries have them.

    An entry of the days asked about that is damaged may have moved any lot.
    """
    if not asks_journal(scope):
        return
    moves, known = scope.tables["movement"], scope.tables["lot"]
    rows = scope.db.execute(
        select(known.c.shop, known.c.lot, known.c.fact, known.c.expires, known.c.unit_cost).where(
            known.c.shop.in_(scope.asked.shops), known.c.lot.in_(lots)
        )
    ).all()
    facts = {str(row.fact) for row in rows}
    for each in scope.db.scalars(
        select(moves.c.fact).where(*_of_lots(moves, scope, products, lots))
    ):
        facts.add(str(each))
    entries = Entries(scope, APPLY)
    theirs: dict[str, tuple[int, ...]] = {}
    dated: dict[tuple[str, str], tuple[str, str, int]] = {}
    for table, row in made_again(entries.of(facts), APPLY, movement, lot):
        if row["shop"] not in scope.asked.shops or row["lot"] not in lots:
            continue
        if table is movement and row["product"] in products:
            added_to(theirs, row["lot"], row["quantity"])
        elif table is lot:
            key = (row["shop"], row["lot"])
            value = (row["version"], row["expires"], row["unit_cost"])
            dated[key] = max(value, dated.get(key, value))
    for _each in entries.between(*window(scope)):
        pass
    yield held(ours, theirs, "quantity", damaged=entries.damaged)
    yield held(
        {(row.shop, row.lot, row.expires): (int(row.unit_cost) * 1000,) for row in rows},
        {(*key, expires): (cost * 1000,) for key, (_version, expires, cost) in dated.items()},
        "cost",
    )


def sound_days(scope: Scope) -> Check:
    """Whether what was written in the days is sound: damaged, it may have moved any lot."""
    entries = Entries(scope, APPLY)
    for _each in entries.between(*window(scope)):
        pass
    return held({}, {}, damaged=entries.damaged)


def _of_lots(
    table: FromClause, scope: Scope, products: Sequence[str], lots: Sequence[str]
) -> list[ColumnElement[bool]]:
    return [
        table.c.shop.in_(scope.asked.shops),
        table.c.product.in_(products),
        table.c.lot.in_(lots),
    ]
