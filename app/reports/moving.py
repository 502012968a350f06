"""What moves and what lies, and what the rules took off."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import and_, func, select

from app.facts.sales import SaleCompleted
from app.money import divide_half_up
from app.reports import words
from app.reports.checking import check_lines
from app.reports.entries import Entries, Figures, added_to, asks_journal, first_wrong, held
from app.reports.grouping import picked, receipts_asked
from app.reports.scope import Scope
from app.reports.selling import DIMENSIONS, DRAWN, net, rate, sold_by
from app.reports.sheet import GOODS_COLUMNS, Chart, Check, Column, Line, Series, Sheet, number
from app.stock.books import late

LISTED = 100
_COST = 10_000_000
"""1/10000 fen times thousandths in a fen."""


def fast(scope: Scope) -> Sheet:
    """What sold best, by what it took."""
    whole = sold_by(scope, DIMENSIONS["product"])
    lines = whole.lines[:LISTED]
    return _renamed(whole, "fast", lines, len(whole.lines) - len(lines) + whole.left_out)


def _renamed(sheet: Sheet, name: str, lines: tuple[Line, ...], left_out: int) -> Sheet:
    return msgspec.structs.replace(
        sheet, name=name, title=words.REPORTS[name], lines=lines, left_out=left_out
    )


def slow(scope: Scope) -> Sheet:
    """Goods on the shelf that hardly sold in these days: what lies there, and for how long it
    will last at this rate."""
    groups = scope.lines("product")
    held = _held(scope)
    lines = []
    for code, (quantity, value) in held.items():
        figures = groups.get((code,), {})
        sold = figures.get("quantity", 0) - figures.get("back_quantity", 0)
        days = divide_half_up(quantity * scope.asked.days, sold) if sold > 0 else None
        named = scope.names.product(code)
        lines.append(
            Line(
                key=code,
                values={
                    "label": named.name, "product": code, "quantity": sold, "held": quantity,
                    "value": value, "lasts": days, "net": net(figures),
                },
                weighed=named.weighed,
                said={"product": code},
            )
        )  # fmt: skip
    lines.sort(key=lambda line: (-_lasts(line), -number(line.values["value"]), line.key))
    drawn = lines[:DRAWN]
    return Sheet(
        name="slow",
        title=words.REPORTS["slow"],
        columns=(
            *GOODS_COLUMNS,
            Column("quantity", "卖出", "quantity"), Column("held", "库存", "quantity"),
            Column("value", "库存金额", "money"), Column("lasts", "还够几天", "count"),
        ),
        lines=tuple(lines[:LISTED]),
        left_out=max(0, len(lines) - LISTED),
        totals={"value": sum(value for _, value in held.values()), "rows": len(lines)},
        check=check_lines(scope, groups),
        chart=Chart(
            kind="bars", labels=tuple(str(line.values["label"]) for line in drawn),
            series=(Series("库存金额", tuple(number(line.values["value"]) for line in drawn)),),
        ) if drawn else None,
    )  # fmt: skip


def _lasts(line: Line) -> int:
    """What never sold lasts longest."""
    lasts = line.values["lasts"]
    return lasts if isinstance(lasts, int) else 10**9


def _held(scope: Scope) -> dict[str, tuple[int, int]]:
    """Thousandths on the books and what they cost in fen, by product, as 库存 has them: what came
    late and a count had seen already is taken off again."""
    on_hand, lot = scope.tables["on_hand"], scope.tables["lot"]
    ours = and_(lot.c.shop == on_hand.c.shop, lot.c.owner == on_hand.c.shop)
    rows = scope.db.execute(
        select(
            on_hand.c.product,
            func.sum(on_hand.c.quantity),
            func.sum(on_hand.c.quantity * func.coalesce(lot.c.unit_cost, 0)),
        )
        .join(lot, and_(ours, lot.c.lot == on_hand.c.lot), isouter=True)
        .where(on_hand.c.shop.in_(scope.asked.shops))
        .group_by(on_hand.c.product)
    )
    held = {str(code): [int(quantity), int(value)] for code, quantity, value in rows}
    for shop in scope.asked.shops:
        seen = late(scope.db, shop)
        names = sorted({name for _product, name, _place in seen})
        costs = dict(
            scope.db.execute(
                select(lot.c.lot, lot.c.unit_cost).where(
                    lot.c.shop == shop, lot.c.owner == shop, lot.c.lot.in_(names)
                )
            ).all()
        ) if seen else {}  # fmt: skip
        for (code, name, _place), quantity in seen.items():
            held[code][0] -= quantity
            held[code][1] -= quantity * int(costs.get(name, 0))
    return {
        code: (quantity, divide_half_up(max(0, value), _COST))
        for code, (quantity, value) in held.items()
        if quantity > 0
    }


def promotions(scope: Scope) -> Sheet:
    """What each rule or person took off, how often, and what was sold with it."""
    receipt, line, cut = (scope.tables[name] for name in ("sale", "sale_line", "sale_reduction"))
    sale = picked(receipt, *receipts_asked(receipt, scope.asked, scope.tills))
    same = and_(line.c.shop == sale.c.shop, line.c.sale == sale.c.sale)
    rows = scope.db.execute(
        select(
            cut.c.kind, cut.c.rule, func.max(cut.c.name), func.sum(cut.c.amount),
            func.count(sale.c.sale.distinct()), func.sum(line.c.paid),
        )
        .select_from(sale)
        .join(line, same)
        .join(
            cut,
            and_(cut.c.shop == line.c.shop, cut.c.sale == line.c.sale, cut.c.line == line.c.line),
        )
        .group_by(cut.c.kind, cut.c.rule)
    ).all()  # fmt: skip
    reduced = scope.db.execute(
        select(func.coalesce(func.sum(line.c.reduced), 0)).select_from(sale).join(line, same)
    ).scalar_one()  # fmt: skip
    lines = [
        Line(
            key=f"{kind}/{rule}",
            values={
                "label": name or rule, "kind": words.REDUCTION_KINDS.get(kind, kind),
                "sales": int(count), "cut": -int(amount), "net": int(paid),
                "share": rate(-int(amount), int(paid) - int(amount)),
            },
            said={"kind": kind, "rule": rule},
        )
        for kind, rule, name, amount, count, paid in sorted(rows, key=lambda row: (row[3], row[1]))
    ]  # fmt: skip
    ours, theirs = (-sum(int(row[3]) for row in rows),), (-int(reduced),)
    drawn = lines[:DRAWN]
    return Sheet(
        name="promotions",
        title=words.REPORTS["promotions"],
        columns=(
            Column("label", "名称", wide=True), Column("kind", "种类"),
            Column("sales", "笔数", "count"), Column("cut", "让利", "money"),
            Column("net", "带动实收", "money"), Column("share", "折让%", "rate"),
        ),
        lines=tuple(lines),
        totals={"cut": ours[0]},
        check=first_wrong(
            Check(ok=ours == theirs, against="rows", ours=ours, theirs=theirs),
            *_held_cuts(scope, {(row[0], row[1]): tuple(map(int, row[3:])) for row in rows}),
        ),
        chart=Chart(
            kind="bars", labels=tuple(str(line.values["label"]) for line in drawn),
            series=(Series("让利", tuple(number(line.values["cut"]) for line in drawn)),),
        ) if drawn else None,
    )  # fmt: skip


def _held_cuts(scope: Scope, ours: Figures) -> Iterator[Check]:
    """Against the entries: each rule's share of each line, in how many sales, and what was paid."""
    if not asks_journal(scope):
        return
    entries = Entries(scope, (SaleCompleted,))
    theirs: dict[tuple[str, str], tuple[int, ...]] = {}
    for _envelope, fact in entries.of_days():
        rules = set()
        for line in fact.lines:
            for cut in line.reductions:
                key = (cut.kind, cut.rule)
                added_to(theirs, key, cut.amount, int(key not in rules), line.paid)
                rules.add(key)
    yield held(ours, theirs, "money", "count", "money", damaged=entries.damaged)
