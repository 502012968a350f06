"""What customers have with the shop and more was taken of than there is: somebody looks at it."""

from sqlalchemy import Connection

from app.members.queries import overdrawn_accounts, overdrawn_points
from app.money import yuan_shown
from app.reports.task import Task
from app.sales.owned import vouchers_used_twice


def customer_tasks(db: Connection, shop: str) -> list[Task]:
    """Points, accounts and vouchers that two tills took, or that came back after they were used."""
    points = [
        Task(
            f"points:{each.name}",
            "points_overdrawn",
            f"会员 {each.name} 的积分多用了 {each.amount} 分，请和顾客说明",
            each.since_ms,
            "店长",
        )
        for each in overdrawn_points(db, shop)
    ]
    accounts = [
        Task(
            f"account:{each.name}",
            "account_overdrawn",
            f"预存款 {each.name[-8:]} 多用了 {yuan_shown(each.amount)}，请查两台机的单",
            each.since_ms,
            "店长",
        )
        for each in overdrawn_accounts(db, shop)
    ]
    vouchers = [
        Task(
            f"voucher:{each.name}",
            "voucher_twice",
            f"券 {each.name} 用了不止一次，共抵 {yuan_shown(each.amount)}，请查两台机的单",
            each.since_ms,
            "店长",
        )
        for each in vouchers_used_twice(db, shop)
    ]
    return [*points, *accounts, *vouchers]
