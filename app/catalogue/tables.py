"""What the shop sells, as registers: one row per owner (the shop, or the hub) and key.

Screens read the hub's row if there is one, else the shop's (`queries.py`). The key stands before
the owner in the primary key, so both rows of one product lie side by side.
"""

from typing import Any

import msgspec
from sqlalchemy import Column, Index, Integer, Table, Text

from app.facts.catalogue import Barcode, Brand, Certificate, KitPart, Product, TaxonomyNode
from app.rows import MEANING, METADATA


def _register(name: str, part: type[msgspec.Struct], key: tuple[str, ...], *more: Any) -> Table:
    """A register table of one kind of part: its fields as columns; lists travel as JSON text."""
    fields = {field.name: field.type for field in msgspec.structs.fields(part)}
    columns: list[Any] = [
        Column("shop", Text, primary_key=True),
        *(Column(one, Text, primary_key=True) for one in key),
        Column("owner", Text, primary_key=True),
        Column("version", Text, nullable=False),
        *(
            Column(one, Integer if kind is int else Text, nullable=False)
            for one, kind in fields.items()
            if one not in key
        ),
    ]
    return Table(name, METADATA, *columns, *more, info=MEANING, sqlite_strict=True)


product = _register("product", Product, ("code",))
barcode = _register("barcode", Barcode, ("code",), Index("ix_barcode_product", "shop", "product"))
kit_part = _register("kit_part", KitPart, ("kit", "part"))
brand = _register("brand", Brand, ("code",))
certificate = _register("certificate", Certificate, ("number",))
taxonomy_node = _register(
    "taxonomy_node", TaxonomyNode, ("code",), Column("taxonomy", Text, nullable=False)
)
"""`taxonomy` is the version of the taxonomy that last named the node."""

catalogue_version = Table(
    "catalogue_version",
    METADATA,
    Column("shop", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("name", Text, nullable=False),
    info=MEANING,
    sqlite_strict=True,
)
"""The newest document of each subject: products (the price list), barcodes, kits, taxonomy…"""
