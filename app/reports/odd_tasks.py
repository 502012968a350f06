"""待办 of habits: whoever opens, lowers, removes or gives back more often in a day than a day asks
for is named to the manager. Nothing is refused: each act had its right and its reason."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection, func, select, union_all

from app.clock import local
from app.money import yuan_shown
from app.reports.task import Task
from app.sales.tables import sale
from app.shifts.tables import counter_act, reduction_given

OFTEN = {
    "drawer_opened": (3, "不卖货开钱箱"),
    "line_removed": (20, "删行"),
    "basket_cancelled": (5, "取消整单"),
    "reprinted": (10, "重印小票"),
    "refund": (10, "退货"),
    "override": (10, "改价"),
    "line_discount": (15, "单品打折"),
    "basket_discount": (15, "整单打折"),
}
"""What is counted: up to so many a person and business day nobody is told; its words."""


def odd_tasks(db: Connection, shop: str, now_ms: int) -> Iterator[Task]:
    """Who did what too often, yesterday and today; older days stand in their Z."""
    since = (local(now_ms).date() - timedelta(days=1)).isoformat()
    for day, person, what, count, amount, order_ms in _counted(db, shop, since):
        most, words = OFTEN.get(what, (count, ""))
        if count > most:
            sum_ = f"，共 {yuan_shown(abs(amount))}" if amount else ""
            yield Task(
                f"odd:{day}/{person}/{what}",
                "too_often",
                f"{day} 工号 {person} {words} {count} 次{sum_}，"
                f"多过一天 {most} 次，请看交班单上的明细",
                order_ms,
                "店长",
            )


def _counted(db: Connection, shop: str, since: str) -> list[tuple[str, str, str, int, int, int]]:
    acts = (
        select(
            counter_act.c.day,
            counter_act.c.person,
            counter_act.c.what,
            func.count().label("times"),
            func.sum(counter_act.c.amount).label("amount"),
            func.max(counter_act.c.order_ms).label("order_ms"),
        )
        .where(counter_act.c.shop == shop, counter_act.c.day >= since)
        .group_by(counter_act.c.day, counter_act.c.person, counter_act.c.what)
    )
    given = (
        select(
            sale.c.day,
            reduction_given.c.person,
            reduction_given.c.kind,
            func.sum(reduction_given.c.times),
            func.sum(reduction_given.c.amount),
            func.max(sale.c.order_ms),
        )
        .join(
            sale, (sale.c.shop == reduction_given.c.shop) & (sale.c.sale == reduction_given.c.fact)
        )
        .where(sale.c.shop == shop, sale.c.day >= since)
        .group_by(sale.c.day, reduction_given.c.person, reduction_given.c.kind)
    )
    rows = db.execute(union_all(acts, given)).all()
    return [
        (str(day), str(person), str(what), int(times), int(amount), int(order_ms))
        for day, person, what, times, amount, order_ms in rows
    ]
