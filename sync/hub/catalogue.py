"""The brand's goods and shops as head office sees them.

Head office's own catalogue lies under its own place; where it says nothing about an article, a
shop's own row speaks.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from app.catalogue import queries
from app.catalogue.queries import all_products, product, products
from app.facts.catalogue import KitPart, Product
from sync.hub.office_apply import HQ
from sync.hub.tables import MEANING_TABLES, hub_device, hub_shop

SETTING = MEANING_TABLES["setting"]
PRODUCT = MEANING_TABLES["product"]


def shops(db: Connection) -> list[str]:
    """Every shop with a till or a journal here, head office itself left out."""
    known = set(db.scalars(select(hub_shop.c.shop))) | set(
        db.scalars(select(hub_device.c.shop).distinct())
    )
    return sorted(known - {HQ})


def shop_names(db: Connection) -> dict[str, str]:
    """What shops call themselves on their papers."""
    rows = db.execute(select(SETTING.c.shop, SETTING.c.value).where(SETTING.c.key == "shop_name"))
    return {row.shop: row.value for row in rows if row.value}


def goods(db: Connection, shop: str) -> dict[str, Product]:
    """Everything a shop can sell: its own rows, and head office's over them."""
    return all_products(db, shop) | all_products(db, HQ)


def known_products(db: Connection, shop: str, codes: Sequence[str]) -> dict[str, Product]:
    """Those of these codes that a shop has, by head office's word or its own."""
    return products(db, shop, codes) | products(db, HQ, codes)


def brand_goods(db: Connection) -> list[Product]:
    """Every article anybody in the brand has, by code; head office's row wins."""
    found: dict[str, Product] = {}
    for shop in (*shops(db), HQ):
        found |= all_products(db, shop)
    return [found[code] for code in sorted(found)]


def kit_parts(db: Connection, kit: str) -> list[KitPart]:
    """What goes into a kit: head office's list, else the first shop's that has one."""
    for shop in (HQ, *shops(db)):
        if found := queries.kit_parts(db, shop, kit):
            return found
    return []


def any_product(db: Connection, code: str) -> Product | None:
    """An article by its code, whoever in the brand has it."""
    owners: Iterable[str] = db.scalars(select(PRODUCT.c.shop).where(PRODUCT.c.code == code))
    for shop in sorted(owners, key=lambda one: (one != HQ, one)):
        if (found := product(db, shop, code)) is not None:
            return found
    return None
