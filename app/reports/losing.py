"""What was lost, and what soon will be."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import CTE, func, select

from app.facts.registry import UnknownKind, decode_fact
from app.facts.sales import RefundCompleted
from app.facts.stock import CountClosed, StockAdjusted
from app.journal.entry import BadEntry, decode_envelope
from app.journal.tables import entry
from app.money import divide_half_up
from app.reports import words
from app.reports.ending_lots import EndingLot, ending_lots
from app.reports.grouping import added, picked
from app.reports.scope import Scope, row_key, shop_column
from app.reports.selling import net, rate
from app.reports.sheet import Chart, Check, Column, Line, Series, Sheet, number
from app.stock.reasons import BY_CODE, LOSSES

_AT_ONCE = 500
_COST = 10_000_000
"""1/10000 fen times thousandths in a fen."""
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
        word = known.word if known else {"counted": words.GONE_BY_COUNT}.get(reason, "退货报损")
        lines.append(
            Line(
                key=f"{code}/{reason}",
                values={
                    "label": named.name, "product": code, "reason": word,
                    "quantity": int(quantity), "value": divide_half_up(int(value), _COST),
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
    sold = net(added(scope.lines()))
    return Sheet(
        name="shrinkage",
        title=words.REPORTS["shrinkage"],
        columns=(
            Column("label", "品名", wide=True), Column("product", "货号"),
            Column("reason", "原因"), Column("quantity", "数量", "quantity"),
            Column("value", "金额（进价）", "money"),
        ),
        lines=tuple(lines),
        totals={"value": lost, "share": rate(-lost, sold), "net": sold},
        check=_check_gone(scope, sum(int(row[2]) for row in rows), first, last),
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


def _check_gone(scope: Scope, ours: int, first: int, last: int) -> Check:
    """Against what the documents themselves say: each is read again from its entry."""
    if entry.name not in scope.tables:
        return Check(ok=True, against="rows", ours=(ours,), theirs=(ours,))
    theirs, ok = 0, True
    facts = {
        fact for gone in _gone(scope, first, last) for fact in scope.db.scalars(select(gone.c.fact))
    }
    for content in _contents(scope, sorted(facts)):
        try:
            envelope = decode_envelope(content)
            fact = decode_fact(envelope.kind, content)
        except (UnknownKind, BadEntry, ValueError):
            ok = False
            continue
        match fact:
            case StockAdjusted():
                theirs += sum(each.quantity for each in fact.lines if each.reason in LOSSES)
            case CountClosed():
                at = envelope.order
                theirs += sum(
                    each.moved for each in fact.lines if first <= (each.moment or at) < last
                )
            case RefundCompleted():
                theirs -= _scrapped(fact)
    return Check(
        ok=ok and ours == theirs, against="journal", ours=(ours,), theirs=(theirs,)
    )  # fmt: skip


def _contents(scope: Scope, facts: Sequence[str]) -> Iterator[bytes]:
    for at in range(0, len(facts), _AT_ONCE):
        some = facts[at : at + _AT_ONCE]
        yield from scope.db.scalars(select(entry.c.content).where(entry.c.fact.in_(some)))


def _gone(scope: Scope, first: int, last: int) -> tuple[CTE, CTE]:
    """What was lost in a range, and what a count missed: that happened before it was written."""
    movement = scope.tables["movement"]
    here = [
        movement.c.shop.in_(scope.asked.shops),
        movement.c.journal.in_(_journals(scope)),
        movement.c.written_ms >= first,
    ]
    return (
        picked(movement, *here, movement.c.reason.in_(LOSSES), movement.c.written_ms < last),
        picked(
            movement,
            *here,
            movement.c.reason == "counted",
            movement.c.order_ms >= first,
            movement.c.order_ms < last,
        ),
    )


def _journals(scope: Scope) -> list[str]:
    """Every journal that can have moved goods: the indexes begin with it."""
    found: set[str] = set()
    for name in ("journal_opened", "day_opened"):
        table = scope.tables[name]
        rows = scope.db.scalars(
            select(table.c.journal).where(table.c.shop.in_(scope.asked.shops)).distinct()
        )
        found.update(rows)
    return sorted(found)


def _scrapped(fact: RefundCompleted) -> int:
    return sum(
        share.quantity
        for line in fact.lines
        if line.disposition == "scrap" and line.kind not in ("service", "deposit")
        for share in (
            [share for part in line.parts for share in part.lots] if line.parts else line.lots
        )
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
        worth = divide_half_up(each.quantity * value.get((shop, each.lot), 0), _COST)
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
    """What the sums hold of these lots, against every movement there was of them."""
    on_hand, movement = scope.tables["on_hand"], scope.tables["movement"]
    lots = sorted({each.lot for each in found})
    products = sorted({each.product for each in found})
    said = []
    for table in (on_hand, movement):
        said.append(
            int(
                scope.db.scalar(
                    select(func.coalesce(func.sum(table.c.quantity), 0)).where(
                        table.c.shop.in_(scope.asked.shops),
                        table.c.product.in_(products),
                        table.c.lot.in_(lots),
                    )
                )
                or 0
            )
        )
    return Check(
        ok=said[0] == said[1], against="movements", ours=(said[0],), theirs=(said[1],)
    )  # fmt: skip
