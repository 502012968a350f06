"""The shop's settings as screens and actions read them."""

from sqlalchemy import Connection, bindparam, select

from app.settings import SETTINGS
from app.shop.tables import setting

_ALL = select(setting.c.key, setting.c.value, setting.c.owner).where(
    setting.c.shop == bindparam("shop")
)


def settings(db: Connection, shop: str) -> dict[str, str]:
    """Every setting by key, defaults filled in; the hub's value stands above the shop's."""
    found = {each.key: each.default for each in SETTINGS}
    rows = db.execute(_ALL, {"shop": shop}).all()
    for row in sorted(rows, key=lambda row: row.owner != shop):
        found[row.key] = row.value
    return found
