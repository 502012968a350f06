"""Changing the catalogue: an import that somebody has looked at, and the sample shop."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from app.catalogue import queries, search
from app.catalogue.initials import initials_of
from app.catalogue.reading import TELL_EVERY, Kind, Known, Preview, Told, silent
from app.errors import Refusal
from app.facts.base import Fact, Part
from app.facts.catalogue import (
    Barcode,
    BarcodesSet,
    Brand,
    BrandsSet,
    Certificate,
    CertificatesSet,
    KitPart,
    KitsSet,
    Product,
    ProductsSet,
    TaxonomyNode,
    TaxonomySet,
)
from app.transaction import Transaction

MOST_BYTES = 56 * 1024
"""Of the parts of one fact; an entry may hold 64 KiB with everything around them."""
SAMPLE: tuple[tuple[str, Kind], ...] = (
    ("brands.csv", "brands"),
    ("taxonomy.csv", "taxonomy"),
    ("kaiping_products.csv", "products"),
    ("kaiping_barcodes.csv", "barcodes"),
    ("kaiping_kits.csv", "kits"),
)
SAMPLE_CLASSES = SAMPLE[:2]
PartType = TypeVar("PartType", bound=Part)


class Imported(msgspec.Struct, frozen=True):
    """What an import changed. `document` is "" when everything stood there already."""

    document: str
    products: int
    barcodes: int
    kit_parts: int
    brands: int
    nodes: int
    certificates: int


def import_products(tx: Transaction, seen: Preview, told: Told = silent) -> Imported:
    """Record the good rows of a preview under one document; rows that change nothing are left out.

    The search index follows in the same transaction. Before a long list call `with_initials`.
    `told` hears how many products are written; what it raises takes all of them back.
    """
    document = tx.ids.new()
    tx.flush()
    new = what_changes(tx.connection, tx.shop, seen)
    facts = new.facts(tx.shop, document)
    written = 0
    for fact in facts:
        tx.record(fact)
        # Written at once: a hundred thousand products would not fit into memory together.
        tx.flush()
        if isinstance(fact, ProductsSet):
            written += len(fact.products)
            told(written)
    search.refresh(tx, new.products)
    return Imported(
        document=document if facts else "",
        products=len(new.products),
        barcodes=len(new.barcodes),
        kit_parts=len(new.kit_parts),
        brands=len(new.brands),
        nodes=len(new.nodes),
        certificates=len(new.certificates),
    )


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What of a preview does not stand in a catalogue yet, word for word."""

    products: Sequence[Product]
    """With their initials."""
    barcodes: Sequence[Barcode]
    kit_parts: Sequence[KitPart]
    brands: Sequence[Brand]
    nodes: Sequence[TaxonomyNode]
    taxonomy: str
    certificates: Sequence[Certificate]

    def facts(self, shop: str, document: str) -> list[Fact]:
        """As facts of this shop's catalogue, each short enough for an entry."""
        head: dict[str, str] = {"shop": shop, "document": document}
        goods = list(_chunks(self.products))
        return [
            *(BrandsSet(**head, brands=some) for some in _chunks(self.brands)),
            *(
                TaxonomySet(**head, version=self.taxonomy, nodes=some)
                for some in _chunks(self.nodes)
            ),
            *(CertificatesSet(**head, certificates=some) for some in _chunks(self.certificates)),
            *(
                ProductsSet(**head, part=part, parts=len(goods), products=some)
                for part, some in enumerate(goods, 1)
            ),
            *(BarcodesSet(**head, barcodes=some) for some in _chunks(self.barcodes)),
            *(KitsSet(**head, parts=some) for some in _chunks(self.kit_parts)),
        ]


def what_changes(db: Connection, shop: str, seen: Preview) -> Changes:
    """The good rows of a preview without those that stand in this catalogue already."""
    kept = queries.all_barcodes(db, shop) if seen.barcodes else {}
    kept_brands = queries.brands(db, shop) if seen.brands else {}
    kept_papers = queries.certificates(db, shop) if seen.certificates else {}
    same = list(queries.taxonomy(db, shop).values()) == sorted(seen.nodes, key=_code)
    return Changes(
        products=_changed(seen, queries.all_products(db, shop) if seen.products else {}),
        barcodes=[one for one in seen.barcodes if kept.get(one.code) != one],
        kit_parts=_kit_changes(db, shop, seen),
        brands=[one for one in seen.brands if kept_brands.get(one.code) != one],
        nodes=() if same else seen.nodes,
        taxonomy=seen.taxonomy,
        certificates=[one for one in seen.certificates if kept_papers.get(one.number) != one],
    )


def _code(node: TaxonomyNode) -> str:
    return node.code


def with_initials(seen: Preview, known: Known, told: Told = silent) -> Preview:
    """The preview with every product's initials made: long work, so not inside a transaction.

    `told` hears how many are done; what it raises ends the work.
    """
    named = []
    for count, one in enumerate(seen.products, 1):
        named.append(_named(one, known.products.get(one.code)))
        if count % TELL_EVERY == 0:
            told(count)
    return msgspec.structs.replace(seen, products=tuple(named))


def _named(one: Product, before: Product | None) -> Product:
    if one.initials:
        return one
    if before and (before.name, before.aliases) == (one.name, one.aliases):
        return msgspec.structs.replace(one, initials=before.initials)
    return msgspec.structs.replace(one, initials=initials_of(one.name, one.aliases))


def _changed(seen: Preview, kept: dict[str, Product]) -> list[Product]:
    """Products with their initials, without those that stand there already word for word."""
    named = [_named(one, kept.get(one.code)) for one in seen.products]
    return [one for one in named if one != kept.get(one.code)]


def _kit_changes(db: Connection, shop: str, seen: Preview) -> list[KitPart]:
    """Parts new or changed; a part the list no longer names is taken out of its kit."""
    changed = []
    for kit in dict.fromkeys(one.kit for one in seen.kit_parts):
        before = {one.part: one for one in queries.kit_parts(db, shop, kit)}
        now = {one.part: one for one in seen.kit_parts if one.kit == kit}
        changed += [one for part, one in now.items() if before.get(part) != one]
        changed += [KitPart(kit=kit, part=part, quantity=0) for part in before if part not in now]
    return changed


def _chunks(parts: Sequence[PartType]) -> Iterator[tuple[PartType, ...]]:
    """Runs of parts that fit into one entry."""
    some: list[PartType] = []
    size = 0
    for part in parts:
        bytes_more = len(msgspec.json.encode(part)) + 1
        if some and size + bytes_more > MOST_BYTES:
            yield tuple(some)
            some, size = [], 0
        some.append(part)
        size += bytes_more
    if some:
        yield tuple(some)


def load_sample(
    tx: Transaction, folder: Path, lists: Sequence[tuple[str, Kind]] = SAMPLE
) -> Imported:
    """The sample shop's catalogue, from the CSV files shipped in `folder`.

    All of it is for demo folders: prices and barcodes are invented. `SAMPLE_CLASSES`, the brands
    and the taxonomy, are every shop's. Raises Refusal("sample_broken", file, row)
    when a shipped file has been changed into something that cannot be taken whole.
    """
    # Reading tables is an import's work: a till that sells never loads it.
    from app.catalogue.importing import preview

    last = Imported("", 0, 0, 0, 0, 0, 0)
    for name, kind in lists:
        tx.flush()
        seen = preview(folder / name, kind, queries.known(tx.connection, tx.shop))
        if seen.bad:
            raise Refusal("sample_broken", file=name, row=seen.bad[0].row)
        done = import_products(tx, seen)
        last = Imported(
            done.document if kind == "products" else last.document,
            *(
                getattr(last, field) + getattr(done, field)
                for field in last.__struct_fields__
                if field != "document"
            ),
        )
    return last
