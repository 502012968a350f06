"""待办 of counts: one that nobody goes on with, and what came in after one was closed."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from app.clock import local
from app.reports.task import Task
from app.stock.count_late import late_entries
from app.stock.count_queries import Count, entries_in, entries_of, open_counts
from app.stock.count_review import Rules, review
from app.stock.counting_rules import doubled, standing

IDLE_MS = 30 * 60_000
"""Nobody has entered anything for so long: the count waits for somebody."""
MOST_REVIEWED = 1_000
"""Longer counts are only named: whoever waits for this list waits for no review."""
_LAST = text("SELECT max(order_ms) FROM count_entry WHERE shop = :shop AND count = :count")


def count_tasks(db: Connection, shop: str, now_ms: int, rules: Rules) -> Iterator[Task]:
    """Every count that waits for a person; `rules` are those of the shop's counts."""
    for one in open_counts(db, shop):
        last = db.scalar(_LAST, {"shop": shop, "count": one.count}) or one.opened_ms
        if now_ms - int(last) > IDLE_MS:
            yield Task(
                f"count_open:{one.count}", "count_open", _waiting(db, shop, one, rules), int(last),
                "店长",
            )  # fmt: skip
    for late in late_entries(db, shop, now_ms, rules):
        zones = "、".join(late.zones)
        if late.unbooked:
            yield Task(
                f"count_late:{late.count}",
                "count_late",
                f"盘点过账以后又收到 {zones} 架点的 {len(late.unbooked)} 种，还没有入账，请补过账",
                late.since_ms,
                "店长",
            )
        if late.stray:
            yield Task(
                f"count_stray:{late.count}",
                "count_stray",
                f"盘点过账以后又收到 {zones} 架点的 {len(late.stray)} 种，"
                "没有算进去。差得多就另开一次盘点",
                late.since_ms,
                "店长",
                ("drop",),
            )


def _waiting(db: Connection, shop: str, one: Count, rules: Rules) -> str:
    """What the count waits for, in words."""
    entries = standing(entries_of(db, shop, one.count))
    names = list(one.zones)
    where = "、".join(names[:3]) + ("等" if len(names) > 3 else "")
    opened = local(one.opened_ms).strftime("%m-%d %H:%M")
    missed = len(set(names) - {each.zone for each in entries})
    said = [f"没点 {missed} 架"] if missed else []
    if entries_in(db, shop, one.count) <= MOST_REVIEWED:
        again = sum(1 for each in review(db, shop, one, rules) if each.again)
    else:
        again = len(doubled(entries, one.zones))
    said += [f"要复点 {again} 种"] if again else []
    unknown = sum(1 for each in entries if not each.known)
    said += [f"不认识 {unknown} 个码"] if unknown else []
    return f"{opened} 开的盘点（{where}）停着：{'，'.join(said) or '点完了，等主管过账'}"
