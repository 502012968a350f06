"""What stays open about drawers: turns nobody counted, differences nobody let stand."""

from sqlalchemy import Connection

from app.money import yuan_shown
from app.reports.task import Task
from app.shifts.queries import differences, uncounted


def drawer_tasks(db: Connection, shop: str) -> list[Task]:
    """Every drawer that somebody still has to count or to confirm."""
    left = [
        Task(
            f"count:{each.shift}",
            "shift_uncounted",
            f"{each.day} {each.till}号机 工号 {each.person} 的班没有点钞，请补点",
            each.order_ms,
            "收银",
        )
        for each in uncounted(db, shop)
    ]
    off = [
        Task(
            f"difference:{each.shift}",
            "cash_difference",
            f"{each.day} {each.till}号机 工号 {each.person} "
            f"{'短款' if each.difference < 0 else '长款'} {yuan_shown(abs(each.difference))}"
            "，请确认",
            each.order_ms,
            "店长",
            ("confirm",),
        )
        for each in differences(db, shop)
    ]
    return [*left, *off]
