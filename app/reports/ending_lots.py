"""临期: lots that end soon, by how long their kind keeps, and those that ended on the shelf."""

from datetime import date

import msgspec
from sqlalchemy import Connection, bindparam, select

from app.catalogue.queries import products
from app.quantity import shown
from app.reports.scope import Names, named
from app.reports.task import Task
from app.stock.books import on_hand
from app.stock.recalls import open_recalls, standing
from app.stock.rules import QUARANTINE, SHELF
from app.stock.tables import lot

WARN_DAYS = ((365, 45), (180, 30), (90, 20), (30, 10), (10, 2), (0, 1))
"""Keeps at least so many days -> is near its end so many days before it."""
_DATED = select(lot.c.lot, lot.c.product, lot.c.batch, lot.c.made, lot.c.expires).where(
    lot.c.shop == bindparam("shop"),
    lot.c.owner == bindparam("shop"),
    lot.c.expires != "",
    lot.c.expires <= bindparam("horizon"),
)


class EndingLot(msgspec.Struct, frozen=True):
    """A lot near its end in one place. `days` left, below nought when it is past."""

    product: str
    name: str
    weighed: bool
    lot: str
    batch: str
    place: str
    quantity: int
    expires: str
    days: int


def warn_days(shelf_days: int, made: str, expires: str) -> int:
    """How many days before its end a lot is near it; the dates on it decide where there are two."""
    keeps = (_day(expires) - _day(made)).days if made and expires else shelf_days
    return next(warn for least, warn in WARN_DAYS if max(keeps, 0) >= least)


def ending_lots(
    db: Connection, shop: str, today: str, names: Names | None = None
) -> list[EndingLot]:
    """Every lot on the books that ends soon or has ended, what ends first first.

    `names`: what goods are called and how long they keep, where the shop's catalogue is not asked.
    """
    horizon = date.fromordinal(_day(today).toordinal() + WARN_DAYS[0][1]).isoformat()
    rows = db.execute(_DATED, {"shop": shop, "horizon": horizon}).all()
    if not rows:
        return []
    codes = sorted({row.product for row in rows})
    names = names or Names({code: named(one) for code, one in products(db, shop, codes).items()})
    standing_now = on_hand(db, shop, codes)
    dated = {row.lot: row for row in rows}
    found = []
    for (code, lot_id, place), quantity in standing_now.items():
        row, one = dated.get(lot_id), names.products.get(code)
        if row is None or one is None or quantity <= 0:
            continue
        days = (_day(row.expires) - _day(today)).days
        if days <= warn_days(one.shelf_days, row.made, row.expires):
            said = (
                code,
                one.name,
                one.weighed,
                lot_id,
                row.batch,
                place,
                quantity,
                row.expires,
                days,
            )
            found.append(EndingLot(*said))
    return sorted(found, key=lambda each: (each.expires, each.product, each.lot, each.place))


def lot_tasks(db: Connection, shop: str, today: str, now_ms: int) -> list[Task]:
    """What must come off the shelf: lots past their date, and what is recalled."""
    past = [
        Task(
            f"expired:{each.lot}",
            "expired_lot",
            f"{each.name} 批 {each.batch or each.lot[-6:]} 已于 {each.expires} 到期，"
            f"货架账上还有 {shown(each.quantity, weighed=each.weighed)}，请下架",
            now_ms,
            "店长",
            ("away",),
        )
        for each in ending_lots(db, shop, today)
        if each.days < 0 and each.place == SHELF
    ]
    return past + _recalls(db, shop)


def _recalls(db: Connection, shop: str) -> list[Task]:
    found = []
    for each in open_recalls(db, shop):
        left = sum(held.quantity for held in standing(db, shop, each) if held.place != QUARANTINE)
        one = products(db, shop, [each.product]).get(each.product)
        name = one.name if one else each.product
        said = shown(max(left, 0), weighed=bool(one and one.weighed))
        words = f"召回 {each.number}：{name} 批 {'、'.join(each.batches)}，账上还有 {said} 没有隔离"
        found.append(Task(f"recall:{each.recall}", "recall", words, each.order_ms, "店长",
                          ("held",) if left > 0 else ("ended",)))  # fmt: skip
    return found


def _day(text: str) -> date:
    return date.fromisoformat(text)
