"""The catalogue as screens and actions read it: the hub's row if there is one, else the shop's.

Looking up a scan lies on the path between the beep and the line, so those statements are built
once and find their row by its exact key.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Select, Table, bindparam, select

from app.catalogue import tables
from app.catalogue.codes import AnyReading, GoodsCode, Plu, ScaleLabel, Unknown
from app.catalogue.gs1 import spellings
from app.catalogue.reading import Known
from app.facts.base import Part
from app.facts.catalogue import Barcode, Brand, Certificate, KitPart, Product, TaxonomyNode
from app.rows import HUB

PartType = TypeVar("PartType", bound=Part)


def _columns(table: Table, part: type[Part]) -> list[Any]:
    """The part's fields in the Struct's order, so that a row fills it by position."""
    return [table.c[field.name] for field in msgspec.structs.fields(part)]


def _all(table: Table, part: type[Part]) -> Select[Any]:
    """Every row of the shop, ordered so that the hub's comes after the shop's own."""
    keys = [column for column in table.primary_key if column.name not in ("shop", "owner")]
    return (
        select(*_columns(table, part))
        .where(table.c.shop == bindparam("shop"))
        .order_by(*keys, table.c.owner == HUB)
    )


_PRODUCT = (
    select(*_columns(tables.product, Product))
    .where(tables.product.c.shop == bindparam("shop"), tables.product.c.code == bindparam("code"))
    .order_by((tables.product.c.owner == HUB).desc())
    .limit(1)
)
_PRODUCTS = (
    select(*_columns(tables.product, Product))
    .where(
        tables.product.c.shop == bindparam("shop"),
        tables.product.c.code.in_(bindparam("codes", expanding=True)),
    )
    .order_by(tables.product.c.owner == HUB)
)
_BARCODE = (
    select(tables.barcode.c.code, tables.barcode.c.product, tables.barcode.c.pack)
    .where(
        tables.barcode.c.shop == bindparam("shop"),
        tables.barcode.c.code.in_(bindparam("codes", expanding=True)),
    )
    .order_by(tables.barcode.c.owner == HUB)
)
_BARCODES_OF = (
    select(tables.barcode.c.code, tables.barcode.c.product, tables.barcode.c.pack)
    .where(
        tables.barcode.c.shop == bindparam("shop"),
        tables.barcode.c.product == bindparam("product"),
    )
    .order_by(tables.barcode.c.pack, tables.barcode.c.code)
)
_KIT = (
    select(*_columns(tables.kit_part, KitPart), tables.kit_part.c.owner)
    .where(tables.kit_part.c.shop == bindparam("shop"), tables.kit_part.c.kit == bindparam("kit"))
    .order_by(tables.kit_part.c.part)
)
_VERSION = (
    select(tables.catalogue_version.c.document, tables.catalogue_version.c.name)
    .where(
        tables.catalogue_version.c.shop == bindparam("shop"),
        tables.catalogue_version.c.subject == bindparam("subject"),
    )
    .order_by(tables.catalogue_version.c.version.desc())
    .limit(1)
)
_ALL_PRODUCTS = _all(tables.product, Product)
_ALL_BARCODES = _all(tables.barcode, Barcode)
_ALL_BRANDS = _all(tables.brand, Brand)
_ALL_CERTIFICATES = _all(tables.certificate, Certificate)
_TAXONOMY = _all(tables.taxonomy_node, TaxonomyNode).where(
    tables.taxonomy_node.c.taxonomy == bindparam("taxonomy")
)
_NAMES = tuple(field.name for field in msgspec.structs.fields(Product))
_LISTS = tuple(_NAMES.index(name) for name in ("aliases", "initials", "certificates"))
_strings = msgspec.json.Decoder(tuple[str, ...]).decode


def product_of(row: Sequence[Any]) -> Product:
    """A row of product columns, in the Struct's order, as the Struct."""
    values = list(row)
    for place in _LISTS:
        values[place] = () if values[place] == "[]" else _strings(values[place])
    return Product(**dict(zip(_NAMES, values, strict=True)))


def product(db: Connection, shop: str, code: str) -> Product | None:
    """A product by its exact code, inactive ones too: old papers name them."""
    row = db.execute(_PRODUCT, {"shop": shop, "code": code}).first()
    return None if row is None else product_of(row)


def products(db: Connection, shop: str, codes: Sequence[str]) -> dict[str, Product]:
    """Several products by their codes, those that exist."""
    found: dict[str, Product] = {}
    for start in range(0, len(codes), 500):
        some = {"shop": shop, "codes": list(codes[start : start + 500])}
        for row in db.execute(_PRODUCTS, some):
            one = product_of(row)
            found[one.code] = one
    return {code: found[code] for code in codes if code in found}


def all_products(db: Connection, shop: str) -> dict[str, Product]:
    """The whole catalogue by code, in the order of codes."""
    return {one.code: one for one in map(product_of, db.execute(_ALL_PRODUCTS, {"shop": shop}))}


def by_barcode(db: Connection, shop: str, code: str) -> tuple[Product, int] | None:
    """The product a barcode means and how many pieces it stands for, or None.

    Every spelling of the same number is tried (UPC-A and EAN-13), the given text first. An
    inactive product is found too; whether it may be sold is `rules.sellable`.
    """
    return _by_codes(db, shop, spellings(code))


def _by_codes(db: Connection, shop: str, texts: Sequence[str]) -> tuple[Product, int] | None:
    rows = db.execute(_BARCODE, {"shop": shop, "codes": list(texts)}).all()
    found = {row.code: row for row in rows}
    row = next((found[text] for text in texts if text in found), None)
    one = product(db, shop, row.product) if row is not None else None
    return None if row is None or one is None else (one, row.pack)


def barcodes_of(db: Connection, shop: str, product: str) -> list[Barcode]:
    """Every barcode of a product, single pieces first."""
    rows = db.execute(_BARCODES_OF, {"shop": shop, "product": product})
    return [Barcode(code=row.code, product=row.product, pack=row.pack) for row in rows]


def by_plu(db: Connection, shop: str, plu: str) -> Product | None:
    """The product of a PLU: the code itself, or the code without the noughts in front."""
    return product(db, shop, plu) or (
        product(db, shop, plu.lstrip("0")) if plu.startswith("0") and plu.strip("0") else None
    )


def goods_of(db: Connection, shop: str, reading: AnyReading) -> tuple[Product, int] | None:
    """The product a scan means and its pieces, or None when this shop does not know it.

    A text nobody could read is still tried as a barcode and as a product code that reads exactly
    so: a shop may have put any text on its goods.
    """
    match reading:
        case GoodsCode(spellings=texts, gs1=goods):
            if goods.plu:
                found = by_plu(db, shop, goods.plu)
                return None if found is None else (found, 1)
            return _by_codes(db, shop, texts)
        case ScaleLabel(plu=plu):
            found = by_plu(db, shop, plu)
            return None if found is None else (found, 1)
        case Plu(digits=text) | Unknown(text=text):
            if not text:
                return None
            if exact := _by_codes(db, shop, (text,)):
                return exact
            found = product(db, shop, text)
            return None if found is None else (found, 1)
        case _:
            return None


def kit_parts(db: Connection, shop: str, kit: str) -> list[KitPart]:
    """What goes into one kit; the hub's list when it has one, else the shop's."""
    rows = db.execute(_KIT, {"shop": shop, "kit": kit}).all()
    owner = HUB if any(row.owner == HUB for row in rows) else shop
    return [
        KitPart(kit=row.kit, part=row.part, quantity=row.quantity)
        for row in rows
        if row.owner == owner and row.quantity > 0
    ]


def _parts(
    db: Connection, statement: Select[Any], part: type[PartType], values: dict[str, str]
) -> list[PartType]:
    names = [field.name for field in msgspec.structs.fields(part)]
    return [part(**dict(zip(names, row, strict=True))) for row in db.execute(statement, values)]


def all_barcodes(db: Connection, shop: str) -> dict[str, Barcode]:
    """Every barcode by its code."""
    return {one.code: one for one in _parts(db, _ALL_BARCODES, Barcode, {"shop": shop})}


def brands(db: Connection, shop: str) -> dict[str, Brand]:
    """The county brand and the towns' brands, by code."""
    return {one.code: one for one in _parts(db, _ALL_BRANDS, Brand, {"shop": shop})}


def certificates(db: Connection, shop: str) -> dict[str, Certificate]:
    """Certificates and approved claims by number."""
    rows = _parts(db, _ALL_CERTIFICATES, Certificate, {"shop": shop})
    return {one.number: one for one in rows}


def taxonomy(db: Connection, shop: str) -> dict[str, TaxonomyNode]:
    """The nodes of the newest version of the taxonomy by code."""
    newest = db.execute(_VERSION, {"shop": shop, "subject": tables.taxonomy_node.name}).first()
    if newest is None:
        return {}
    values = {"shop": shop, "taxonomy": newest.name}
    return {one.code: one for one in _parts(db, _TAXONOMY, TaxonomyNode, values)}


def price_list_version(db: Connection, shop: str) -> str:
    """The document that last changed products or prices, "" before the first."""
    row = db.execute(_VERSION, {"shop": shop, "subject": tables.product.name}).first()
    return "" if row is None else str(row.document)


def known(db: Connection, shop: str, today: str = "") -> Known:
    """What an import's preview compares with; certificates are looked at on the ISO date."""
    return Known(
        products=all_products(db, shop),
        barcodes={one.code: one.product for one in all_barcodes(db, shop).values()},
        categories=frozenset(taxonomy(db, shop)),
        brand_towns=frozenset(one.town for one in brands(db, shop).values() if one.level == "town"),
        certificates=tuple(certificates(db, shop).values()),
        today=today,
    )
