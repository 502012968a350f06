"""待办 of price tags: those by which customers paid less than the till asks."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from app.catalogue.queries import products
from app.money import yuan
from app.reports.task import Task
from app.stock.tables import tag, tag_charge


def tag_tasks(db: Connection, shop: str) -> Iterator[Task]:
    """Every tag that decided a price and is still the last one printed for its shelf."""
    rows = db.execute(
        select(
            tag.c.fact,
            tag.c.product,
            tag.c.zone,
            tag.c.price,
            func.count(tag_charge.c.fact.distinct()),
            func.min(tag_charge.c.order_ms),
        )
        .join(tag_charge, (tag_charge.c.shop == tag.c.shop) & (tag_charge.c.tag == tag.c.fact))
        .where(tag.c.shop == shop, tag.c.owner == shop)
        .group_by(tag.c.fact, tag.c.product, tag.c.zone, tag.c.price)
    ).all()
    known = products(db, shop, sorted({row[1] for row in rows})) if rows else {}
    for fact, product, zone, price, count, since in rows:
        name = known[product].name if product in known else product
        which = f"{zone} {name} 的价签 {yuan(price)}".strip()
        yield Task(
            f"tag:{fact}",
            "tag_to_change",
            f"{which} 比收银价低，已有 {count} 单按价签收，请换价签",
            since,
            "店长",
            ("reprint", "taken"),
        )
