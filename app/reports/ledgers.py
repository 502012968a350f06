"""台账 an inspector asks for: what was checked on arrival, sold, lost, given away and recalled.

One action each, from a day to a day, to look at or as a file.
"""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, func, select

from app.catalogue.queries import products
from app.clock import iso, local, parse_time
from app.errors import Refusal
from app.facts.catalogue import Product
from app.money import divide_half_up, yuan
from app.quantity import shown
from app.reports.asking import TILL_TABLES
from app.reports.average_cost import average_costs
from app.reports.month_costs import held_sums
from app.reports.month_sums import moved_by_month
from app.sales.tables import sale
from app.stock.costs import cost_shown, value_of
from app.stock.reasons import BY_CODE, LOSSES
from app.stock.receiving_rules import iso_date
from app.stock.tables import arrived, document, lot, movement, recall, recall_found

DAY_MS = 86_400_000
OPEN_END = 2**62
"""Later than any moment: nobody said a last day."""
NAMES = {
    **dict.fromkeys(("receiving", "进货查验", "进货"), "receiving"),
    **dict.fromkeys(("sales", "销售"), "sales"),
    **dict.fromkeys(("losses", "报损"), "losses"),
    **dict.fromkeys(("issues", "非销售出库"), "issues"),
    **dict.fromkeys(("recalls", "召回"), "recalls"),
    **dict.fromkeys(("average_cost", "加权平均", "加权平均成本"), "average_cost"),
}
TITLES = {
    "receiving": "进货查验", "sales": "销售", "losses": "报损", "issues": "非销售出库",
    "recalls": "召回", "average_cost": "加权平均成本",
}  # fmt: skip
WORDS = {
    "date": "时间", "number": "单号", "supplier": "供应商", "product": "货号", "name": "品名",
    "spec": "规格", "quantity": "数量", "unit": "单位", "expected": "应收", "lot": "批次",
    "made": "生产日期", "expires": "到期", "certificate": "合格证", "report": "检验报告",
    "village": "产地村", "level": "认定", "temperature": "送货温度", "reason": "原因",
    "what": "出入", "value": "金额（进价）", "beneficiary": "给谁", "approval_no": "批准号",
    "person": "经手工号", "recall": "召回单", "batches": "召回批次",
    "month": "月份", "opening": "月初", "came": "本月进", "average": "平均进价", "closing": "月末",
    "closing_value": "月末金额",
}  # fmt: skip
COLUMNS = {
    "receiving": (
        "date", "number", "supplier", "product", "name", "spec", "quantity", "unit", "expected",
        "lot", "made", "expires", "certificate", "report", "village", "level", "temperature",
        "reason", "person",
    ),
    "sales": (
        "date", "number", "product", "name", "spec", "quantity", "unit", "lot", "expires", "what",
    ),
    "losses": (
        "date", "number", "product", "name", "spec", "quantity", "unit", "lot", "expires",
        "reason", "value", "person",
    ),
    "issues": (
        "date", "number", "product", "name", "spec", "quantity", "unit", "lot", "reason", "value",
        "beneficiary", "approval_no", "person",
    ),
    "recalls": (
        "date", "recall", "product", "name", "batches", "level", "lot", "quantity", "unit",
    ),
    "average_cost": (
        "month", "product", "name", "spec", "unit", "opening", "came", "average", "closing",
        "closing_value",
    ),
}  # fmt: skip
_FIGURES = (
    "quantity", "expected", "value", "opening", "came", "average", "closing", "closing_value",
)  # fmt: skip
_QUANTITIES = ("quantity", "opening", "came", "closing")
_SOLD = {"sold": "销售", "returned": "退货", "returned_to_maker": "退货（退厂家）"}


class Ledger(msgspec.Struct, frozen=True):
    """A ledger: what its columns are called and every row as text, oldest first."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    @property
    def title(self) -> str:
        return TITLES[self.name]

    @property
    def figures(self) -> tuple[int, ...]:
        """Which columns hold figures."""
        return tuple(n for n, name in enumerate(self.columns) if name in _FIGURES)

    def table(self) -> list[tuple[str, ...]]:
        """Every cell, the words of the columns first."""
        head = tuple(WORDS[name] for name in self.columns)
        return [head, *(tuple(row[name] for name in self.columns) for row in self.rows)]


def ledger(db: Connection, shop: str, name: str, from_day: str, to_day: str) -> Ledger:
    """One ledger, both days included; "" leaves an end open.

    Raises Refusal: unknown_ledger, bad_date.
    """
    if (known := NAMES.get(name.strip().lower())) is None:
        raise Refusal("unknown_ledger", text=name[:20])
    first = _midnight(iso_date(from_day)) if from_day else 0
    last = _midnight(iso_date(to_day)) + DAY_MS if to_day else OPEN_END
    rows = list(_READERS[known](db, shop, first, last))
    goods = products(db, shop, sorted({row["product"] for row in rows}))
    columns = COLUMNS[known]
    return Ledger(known, columns, tuple(_worded(row, goods, columns) for row in rows))


def _midnight(day: str) -> int:
    return parse_time(f"{day}T00:00:00+08:00")


def _worded(
    row: dict[str, Any], goods: dict[str, Product], columns: tuple[str, ...]
) -> dict[str, str]:
    one = goods.get(row["product"])
    weighed = bool(one and one.weighed)
    words = {
        **row,
        "date": iso(row["order_ms"])[:16].replace("T", " ") if "order_ms" in row else "",
        "name": one.name if one else row["product"],
        "spec": one.spec if one else "",
        "unit": one.unit if one else "",
        **{key: shown(row[key], weighed=weighed) for key in _QUANTITIES if key in row},
    }
    if row.get("expected", -1) >= 0:
        words["expected"] = shown(row["expected"], weighed=weighed)
    else:
        words["expected"] = ""
    return {name: str(words.get(name) or "") for name in columns}


def _receiving(db: Connection, shop: str, first: int, last: int) -> Iterable[dict[str, Any]]:
    rows = db.execute(
        select(
            document.c.order_ms, document.c.number, document.c.party.label("supplier"),
            document.c.temperature, document.c.person, arrived.c.product, arrived.c.quantity,
            arrived.c.expected, arrived.c.reason, lot.c.batch, arrived.c.lot, lot.c.made,
            lot.c.expires, lot.c.certificate, lot.c.report, lot.c.village, lot.c.level,
        )
        .join(document, and_(document.c.shop == arrived.c.shop, document.c.fact == arrived.c.fact))
        .outerjoin(lot, _lot_of(arrived.c.lot, shop))
        .where(arrived.c.shop == shop, *_between(document.c.order_ms, first, last))
        .order_by(document.c.order_ms, arrived.c.fact, arrived.c.line)
    )  # fmt: skip
    for row in rows:
        yield {**row._mapping, "lot": row.batch or row.lot}


def _movements(
    db: Connection, shop: str, first: int, last: int, reasons: Iterable[str]
) -> Iterable[Row[Any]]:
    return db.execute(
        select(
            movement.c.order_ms, movement.c.fact, movement.c.product, movement.c.quantity,
            movement.c.reason, movement.c.unit_cost, movement.c.lot, lot.c.batch, lot.c.expires,
            document.c.number, document.c.party, document.c.approval_no, document.c.person,
            sale.c.number.label("receipt"), sale.c.person.label("seller"),
        )
        .outerjoin(lot, _lot_of(movement.c.lot, shop))
        .outerjoin(
            document,
            and_(document.c.shop == movement.c.shop, document.c.fact == movement.c.fact),
        )
        .outerjoin(sale, and_(sale.c.shop == movement.c.shop, sale.c.sale == movement.c.fact))
        .where(
            movement.c.shop == shop,
            movement.c.reason.in_(list(reasons)),
            *_between(movement.c.order_ms, first, last),
        )
        .order_by(movement.c.order_ms, movement.c.fact, movement.c.n)
    )  # fmt: skip


def _sales(db: Connection, shop: str, first: int, last: int) -> Iterable[dict[str, Any]]:
    for row in _movements(db, shop, first, last, _SOLD):
        yield {
            "order_ms": row.order_ms,
            "number": row.receipt,
            "product": row.product,
            "quantity": -row.quantity,
            "lot": row.batch or row.lot,
            "expires": row.expires,
            "what": _SOLD[row.reason],
        }


def _gone(
    db: Connection, shop: str, first: int, last: int, reasons: Iterable[str]
) -> Iterable[dict[str, Any]]:
    for row in _movements(db, shop, first, last, reasons):
        known = BY_CODE.get(row.reason)
        yield {
            "order_ms": row.order_ms,
            "number": row.number or row.receipt,
            "product": row.product,
            "quantity": row.quantity,
            "lot": row.batch or row.lot,
            "expires": row.expires,
            "reason": known.word if known else "退货报损",
            "value": yuan(value_of(row.quantity, row.unit_cost)),
            "beneficiary": row.party,
            "approval_no": row.approval_no,
            "person": row.person or row.seller,
        }


def _losses(db: Connection, shop: str, first: int, last: int) -> Iterable[dict[str, Any]]:
    return _gone(db, shop, first, last, LOSSES)


def _issues(db: Connection, shop: str, first: int, last: int) -> Iterable[dict[str, Any]]:
    return _gone(db, shop, first, last, [code for code in BY_CODE if code not in LOSSES])


def _recalls(db: Connection, shop: str, first: int, last: int) -> Iterable[dict[str, Any]]:
    rows = db.execute(
        select(
            recall_found.c.order_ms, recall.c.number, recall_found.c.product, recall.c.batches,
            recall.c.level, recall_found.c.lot, lot.c.batch, recall_found.c.quantity,
        )
        .outerjoin(
            recall,
            and_(
                recall.c.shop == recall_found.c.shop, recall.c.recall == recall_found.c.recall
            ),
        )
        .outerjoin(lot, _lot_of(recall_found.c.lot, shop))
        .where(recall_found.c.shop == shop, *_between(recall_found.c.order_ms, first, last))
        .order_by(recall_found.c.order_ms, recall_found.c.fact)
    )  # fmt: skip
    for row in rows:
        batches = msgspec.json.decode(row.batches or "[]", type=list[str])
        yield {
            **row._mapping,
            "recall": row.number,
            "batches": " ".join(batches),
            "lot": row.batch or row.lot,
        }


def _average_cost(db: Connection, shop: str, first: int, last: int) -> Iterable[dict[str, Any]]:
    """The month that the last day lies in; without one the month something moved last."""
    newest = db.scalar(
        select(func.max(movement.c.order_ms)).where(
            movement.c.shop == shop, *_between(movement.c.order_ms, first, last)
        )
    )
    end = last - 1 if last < OPEN_END else newest
    month = local(int(end)).strftime("%Y-%m") if end is not None else ""
    if not month:
        return
    moved = moved_by_month(db, (shop,), TILL_TABLES, folded=True)
    if not held_sums(db, (shop,), TILL_TABLES, moved).ok:
        moved = moved_by_month(db, (shop,), TILL_TABLES)
    for (_shop, product), each in average_costs(moved, month).items():
        yield {
            "month": month,
            "product": product,
            "opening": each.opening,
            "came": each.came,
            "average": cost_shown(each.average),
            "closing": each.closing,
            "closing_value": yuan(divide_half_up(each.closing_value, 10_000_000)),
        }


def _lot_of(column: Any, shop: str) -> Any:
    return and_(lot.c.shop == shop, lot.c.owner == shop, lot.c.lot == column)


def _between(column: Any, first: int, last: int) -> tuple[Any, Any]:
    return column >= first, column < last


_READERS: dict[str, Callable[[Connection, str, int, int], Iterable[dict[str, Any]]]] = {
    "receiving": _receiving,
    "sales": _sales,
    "losses": _losses,
    "issues": _issues,
    "recalls": _recalls,
    "average_cost": _average_cost,
}
