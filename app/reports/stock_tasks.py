"""待办 of goods on their way: what is late, and what came otherwise than it was sent."""

from collections.abc import Iterator

from sqlalchemy import Connection

from app.reports.task import Task
from app.stock.dispatches import dispatches, sent_lines
from app.stock.settling import differences

DAY_MS = 86_400_000


def stock_tasks(db: Connection, shop: str, now_ms: int, transit_days: int) -> Iterator[Task]:
    """Every open end of goods on their way; `transit_days` is how long they may take."""
    late_ms = transit_days * DAY_MS
    for each in dispatches(db, shop):
        if now_ms - each.order_ms > late_ms:
            count = sum(1 for line in each.lines if line.rest)
            yield Task(
                f"coming:{each.document}",
                "in_transit",
                f"来单 {each.number} 还有 {count} 种没收到，已经超过 {transit_days} 天",
                each.order_ms,
                "店长",
                ("lost",),
            )
    going = {line.document: line for line in reversed(sent_lines(db, shop, open_only=True))}
    for line in going.values():
        if now_ms - line.order_ms > late_ms:
            yield Task(
                f"going:{line.document}",
                "in_transit",
                f"调拨单 {line.number} 发往 {line.target}，超过 {transit_days} 天没有回音",
                line.order_ms,
                "店长",
                ("lost",),
            )
    for found in differences(db, shop):
        words = "收的和发的不一样" if found.coming else "对方收的和我们发的不一样"
        yield Task(
            f"difference_seen:{found.document}",
            "transit_difference",
            f"{found.number} {words}，请查明",
            found.order_ms,
            "店长",
            ("seen",),
        )
