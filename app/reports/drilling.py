"""From any figure down to the papers it is made of: receipts, refunds, documents, acts."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Select, and_, func, select

from app.reports import words
from app.reports.asking import GOODS, HEAD, Asked
from app.reports.grouping import CHINA_MS, HOUR_MS, line_arms, statement
from app.reports.losing import window
from app.reports.scope import Scope
from app.stock.reasons import BY_CODE

MOST = 500
SALE, REFUND, STOCK, ACT = "sale", "refund", "stock", "act"
_ASKED = (*HEAD, *GOODS)


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One paper behind a figure. `amount` in fen is what it adds to the figure."""

    kind: str
    number: str
    """The receipt's or document's; "" of an act that left no paper."""
    order_ms: int
    person: str
    what: str = ""
    quantity: int | None = None
    amount: int | None = None


def papers(scope: Scope, name: str, said: Mapping[str, str]) -> list[Paper]:
    """The papers behind a row of a report, newest first, at most 500. `said` is the row's own."""
    asked = narrowed(scope.asked, said)
    match name:
        case "exceptions":
            return _acts(scope, asked, said["person"], said["act"])
        case "shrinkage" | "near_expiry" | "average_cost":
            return _movements(scope, said)
        case "tenders":
            return _receipts(scope, asked, tender=said["tender"])
        case "promotions":
            return _receipts(scope, asked, rule=(said["kind"], said["rule"]))
        case _:
            hour = int(said["hour"]) if "hour" in said else -1
            return _receipts(scope, asked, hour=hour, goods=_of_goods(said))


def narrowed(asked: Asked, said: Mapping[str, str]) -> Asked:
    """The question a row answers by itself."""
    values: dict[str, str] = {key: value for key, value in said.items() if key in _ASKED}
    if "month" in said:
        values["first"] = max(asked.first, f"{said['month']}-01")
        values["last"] = min(asked.last, f"{said['month']}-31")
    values |= {key: said[key] for key in ("first", "last") if key in said}
    return msgspec.structs.replace(asked, compare="", **values)


def _of_goods(said: Mapping[str, str]) -> dict[str, str]:
    """What must hold of a line; of goods that say nothing of a thing, that they say nothing."""
    return {key: value for key, value in said.items() if key in GOODS}


def _receipts(
    scope: Scope,
    asked: Asked,
    *,
    hour: int = -1,
    goods: Mapping[str, str] | None = None,
    tender: str = "",
    rule: tuple[str, str] | None = None,
) -> list[Paper]:
    found = []
    if tender:
        wanted = _by_tender(scope, asked, tender)
    elif rule is not None:
        wanted = [(SALE, _by_rule(scope, asked, rule))]
    else:
        wanted = _by_lines(scope, asked, goods or {})
    for kind, query in wanted:
        head = scope.tables[kind]
        if hour >= 0:
            query = query.where((head.c.order_ms + CHINA_MS) // HOUR_MS % 24 == hour)
        for row in scope.db.execute(query.order_by(head.c.order_ms.desc()).limit(MOST)):
            values = row._mapping
            found.append(
                Paper(
                    kind=kind,
                    number=values["number"],
                    order_ms=int(values["order_ms"]),
                    person=values["person"],
                    what=values["channel"],
                    quantity=None,
                    amount=int(values["figure"] or 0),
                )
            )
    return sorted(found, key=lambda paper: -paper.order_ms)[:MOST]


def _by_lines(
    scope: Scope, asked: Asked, goods: Mapping[str, str]
) -> list[tuple[str, Select[Any]]]:
    found = []
    by = ("number", "order_ms", "person", "channel")
    for kind, arm, figure in zip((SALE, REFUND), line_arms(scope.tables), ("paid", "back"),
                                 strict=True):  # fmt: skip
        head = scope.tables[kind]
        arm = msgspec.structs.replace(
            arm,
            by={**arm.by, "number": head.c.number, "order_ms": head.c.order_ms},
            sums={"figure": arm.sums[figure] * (1 if kind == SALE else -1)},
        )
        query = statement(arm, by, asked, scope.tills)
        for name, value in goods.items():
            if not value:
                query = query.where(arm.by[name] == "")
            elif name == "category":
                # A row is one class, not what lies under it.
                query = query.where(arm.by[name] == value)
        found.append((kind, query))
    return found


def _by_tender(scope: Scope, asked: Asked, tender: str) -> list[tuple[str, Select[Any]]]:
    found = []
    for kind, part in ((SALE, "sale_tender"), (REFUND, "refund_tender")):
        head, many = scope.tables[kind], scope.tables[part]
        amount = func.sum(many.c.amount) * (1 if kind == SALE else -1)
        found.append(
            (
                kind,
                select(
                    head.c.number, head.c.order_ms, head.c.person, head.c.channel,
                    amount.label("figure"),
                )
                .select_from(head)
                .join(many, and_(many.c.shop == head.c.shop, many.c[kind] == head.c[kind]))
                .where(*_heads(scope, head, asked), many.c.tender == tender)
                .group_by(head.c.number, head.c.order_ms, head.c.person, head.c.channel),
            )
        )  # fmt: skip
    return found


def _by_rule(scope: Scope, asked: Asked, rule: tuple[str, str]) -> Select[Any]:
    head, cut = scope.tables[SALE], scope.tables["sale_reduction"]
    return (
        select(
            head.c.number, head.c.order_ms, head.c.person, head.c.channel,
            func.sum(-cut.c.amount).label("figure"),
        )
        .select_from(head)
        .join(cut, and_(cut.c.shop == head.c.shop, cut.c.sale == head.c.sale))
        .where(*_heads(scope, head, asked), cut.c.kind == rule[0], cut.c.rule == rule[1])
        .group_by(head.c.number, head.c.order_ms, head.c.person, head.c.channel)
    )  # fmt: skip


def _heads(scope: Scope, head: Any, asked: Asked) -> list[Any]:
    return [
        head.c.shop.in_(asked.shops),
        head.c.till.in_([asked.till] if asked.till else scope.tills),
        head.c.day.between(asked.first, asked.last),
    ]


def _acts(scope: Scope, asked: Asked, person: str, what: str) -> list[Paper]:
    act, given, sale = (scope.tables[name] for name in ("counter_act", "reduction_given", SALE))
    found = []
    done = select(act).where(
        act.c.shop.in_(asked.shops),
        act.c.till.in_([asked.till] if asked.till else scope.tills),
        act.c.day.between(asked.first, asked.last),
        act.c.person == person,
        act.c.what == what,
    )
    for row in scope.db.execute(done.order_by(act.c.order_ms.desc()).limit(MOST)):
        numbered = what in ("refund", "exchange", "reprinted", "tender_corrected")
        found.append(
            Paper(
                kind=ACT, number=row.detail.split(" ")[0] if numbered else "",
                order_ms=row.order_ms, person=person,
                what=words.ACTS.get(what, what) if numbered else row.detail, amount=row.amount,
            )
        )  # fmt: skip
    cuts = (
        select(sale.c.number, sale.c.order_ms, given.c.amount)
        .select_from(sale)
        .join(given, and_(given.c.shop == sale.c.shop, given.c.fact == sale.c.sale))
        .where(*_heads(scope, sale, asked), given.c.person == person, given.c.kind == what)
    )
    for number, order_ms, amount in scope.db.execute(
        cuts.order_by(sale.c.order_ms.desc()).limit(MOST)
    ):
        word = words.ACTS.get(what, what)
        found.append(
            Paper(
                kind=SALE, number=number, order_ms=order_ms, person=person, what=word,
                amount=-amount,
            )
        )  # fmt: skip
    return sorted(found, key=lambda paper: -paper.order_ms)[:MOST]


def _movements(scope: Scope, said: Mapping[str, str]) -> list[Paper]:
    """Documents and receipts that moved the goods a row is about."""
    movement, document, sale, refund = (
        scope.tables[name] for name in ("movement", "stock_document", SALE, REFUND)
    )
    shops = scope.asked.shops
    where = [movement.c.shop.in_(shops), movement.c.product == said["product"]]
    if "lot" in said:
        where.append(movement.c.lot == said["lot"])
    else:
        first, last = window(scope)
        where += [movement.c.order_ms >= first, movement.c.order_ms < last]
    if "reason" in said:
        where.append(movement.c.reason == said["reason"])
    query = select(
        movement.c.order_ms, movement.c.quantity, movement.c.reason,
        func.coalesce(document.c.number, sale.c.number, refund.c.number, "").label("number"),
        func.coalesce(document.c.person, sale.c.person, refund.c.person, "").label("person"),
        sale.c.number.label("sold"), refund.c.number.label("came_back"),
    ).select_from(movement)  # fmt: skip
    for table, key in ((document, "fact"), (sale, "sale"), (refund, "refund")):
        query = query.outerjoin(
            table, and_(table.c.shop == movement.c.shop, table.c[key] == movement.c.fact)
        )
    found = []
    for row in scope.db.execute(
        query.where(*where).order_by(movement.c.order_ms.desc()).limit(MOST)
    ):
        known = BY_CODE.get(row.reason)
        found.append(
            Paper(
                kind=SALE if row.sold else REFUND if row.came_back else STOCK,
                number=row.number,
                order_ms=row.order_ms,
                person=row.person,
                what=known.word if known else MOVED.get(row.reason, row.reason),
                quantity=row.quantity,
            )
        )
    return found


MOVED = {
    "sold": "销售", "returned": "退货", "returned_to_maker": "退货（退厂家）",
    "scrapped": "退货报损", "received": "收货", "arrived": "调入", "sent": "调出",
    "moved": "移位", "counted": "盘点", "recalled": "召回下架",
}  # fmt: skip
