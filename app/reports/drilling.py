"""From any figure down to the papers it is made of: receipts, refunds, documents, acts."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, FromClause, Select, and_, func, select

from app.reports import words
from app.reports.asking import GOODS, HEAD, Asked
from app.reports.grouping import hour_of, line_arms, picked, receipts_asked, statement
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
        wanted = _by_lines(scope, asked, goods or {}, hour)
    for kind, query in wanted:
        newest = query.selected_columns["order_ms"].desc()
        for row in scope.db.execute(query.order_by(newest).limit(MOST)):
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
    scope: Scope, asked: Asked, goods: Mapping[str, str], hour: int
) -> list[tuple[str, Select[Any]]]:
    found = []
    for kind, arm, figure in zip((SALE, REFUND), line_arms(scope.tables), ("paid", "back"),
                                 strict=True):  # fmt: skip
        sums = {"figure": arm.sums[figure] * (1 if kind == SALE else -1)}
        arm = msgspec.structs.replace(arm, sums=sums)
        # A row is one class, not what lies under it; and goods that say nothing say nothing.
        more = [
            arm.said[name] == value for name, value in goods.items()
            if not value or name == "category"
        ]  # fmt: skip
        by = ("number", "order_ms", "person", "channel")
        query = statement(arm, by, asked, scope.tills, (), *more)
        if hour >= 0:
            moment = query.selected_columns["order_ms"]
            query = query.where(hour_of(moment) == hour)
        found.append((kind, query))
    return found


def _by_tender(scope: Scope, asked: Asked, tender: str) -> list[tuple[str, Select[Any]]]:
    found = []
    for kind, part in ((SALE, "sale_tender"), (REFUND, "refund_tender")):
        head, many = _picked(scope, kind, asked), scope.tables[part]
        amount = func.sum(many.c.amount) * (1 if kind == SALE else -1)
        found.append((kind, _with(head, many, kind, amount, many.c.tender == tender)))
    # What was pressed by mistake and put right stands with its receipt.
    moved = scope.tables["tender_correction"]
    for column, sign in ((moved.c.after, 1), (moved.c.before, -1)):
        head = _picked(scope, SALE, asked)
        query = _with(head, moved, SALE, func.sum(moved.c.amount) * sign, column == tender)
        found.append((SALE, query))
    return found


def _by_rule(scope: Scope, asked: Asked, rule: tuple[str, str]) -> Select[Any]:
    head, cut = _picked(scope, SALE, asked), scope.tables["sale_reduction"]
    wanted = and_(cut.c.kind == rule[0], cut.c.rule == rule[1])
    return _with(head, cut, SALE, func.sum(-cut.c.amount), wanted)


def _picked(scope: Scope, kind: str, asked: Asked) -> FromClause:
    head = scope.tables[kind]
    return picked(head, *receipts_asked(head, asked, scope.tills))


def _with(
    head: FromClause,
    many: FromClause,
    key: str,
    figure: ColumnElement[Any],
    wanted: ColumnElement[bool],
) -> Select[Any]:
    """Receipts with what some of their parts come to."""
    said = [head.c[name] for name in ("number", "order_ms", "person", "channel")]
    return (
        select(*said, figure.label("figure"))
        .select_from(head)
        .join(many, and_(many.c.shop == head.c.shop, many.c[key] == head.c[key]))
        .where(wanted)
        .group_by(*said)
    )


def _acts(scope: Scope, asked: Asked, person: str, what: str) -> list[Paper]:
    act, given = (scope.tables[name] for name in ("counter_act", "reduction_given"))
    sale = _picked(scope, SALE, asked)
    found = []
    done = select(act).where(
        *receipts_asked(act, asked, scope.tills), act.c.person == person, act.c.what == what
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
        .where(given.c.person == person, given.c.kind == what)
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
    shops = [said["shop"]] if "shop" in said else scope.asked.shops
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
