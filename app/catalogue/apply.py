"""What facts about the catalogue mean: registers of the shop that recorded them."""

from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import Table

from app.catalogue import tables
from app.facts.base import Fact, Part
from app.facts.catalogue import (
    BarcodesSet,
    BrandsSet,
    CertificatesSet,
    KitsSet,
    ProductsSet,
    TaxonomySet,
)
from app.rows import Apply, Change, Envelope, Register, version_of


def products_set(entry: Envelope, fact: ProductsSet) -> Iterator[Change]:
    """Each product replaces the same owner's earlier row."""
    return _registers(entry, fact.shop, fact.document, tables.product, fact.products)


def barcodes_set(entry: Envelope, fact: BarcodesSet) -> Iterator[Change]:
    """A code means the product it was last given to."""
    return _registers(entry, fact.shop, fact.document, tables.barcode, fact.barcodes)


def kits_set(entry: Envelope, fact: KitsSet) -> Iterator[Change]:
    """A part with quantity 0 stays as a row, so that an older fact cannot bring it back."""
    return _registers(entry, fact.shop, fact.document, tables.kit_part, fact.parts)


def brands_set(entry: Envelope, fact: BrandsSet) -> Iterator[Change]:
    """Brands by their code."""
    return _registers(entry, fact.shop, fact.document, tables.brand, fact.brands)


def certificates_set(entry: Envelope, fact: CertificatesSet) -> Iterator[Change]:
    """Certificates by their number."""
    return _registers(entry, fact.shop, fact.document, tables.certificate, fact.certificates)


def taxonomy_set(entry: Envelope, fact: TaxonomySet) -> Iterator[Change]:
    """A node an older version named stays readable under that version."""
    more = {"taxonomy": fact.version}
    return _registers(
        entry, fact.shop, fact.document, tables.taxonomy_node, fact.nodes, more, fact.version
    )


def _registers(
    entry: Envelope,
    shop: str,
    document: str,
    table: Table,
    parts: Iterable[Part],
    more: dict[str, str] | None = None,
    name: str = "",
) -> Iterator[Change]:
    head = {"shop": shop, "owner": shop, "version": version_of(entry)}
    for part in parts:
        yield Register(table, head | _columns(part) | (more or {}))
    subject = {"subject": table.name, "document": document, "name": name}
    yield Register(tables.catalogue_version, head | subject)


def _columns(part: Part) -> dict[str, str | int]:
    values = msgspec.structs.asdict(part)
    for name, value in values.items():
        if isinstance(value, tuple):
            values[name] = msgspec.json.encode(value).decode()
    return values


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    BrandsSet: (brands_set,),
    TaxonomySet: (taxonomy_set,),
    CertificatesSet: (certificates_set,),
    ProductsSet: (products_set,),
    BarcodesSet: (barcodes_set,),
    KitsSet: (kits_set,),
}
