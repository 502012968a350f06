"""Rows of the shorter lists: barcodes, kits, brands, taxonomy, certificates, prices."""

import re

from app.catalogue import cells
from app.catalogue.product_rows import checked_barcode
from app.catalogue.reading import Finding, Kind, Known, Preview, RowReader, Totals
from app.facts.catalogue import Barcode, Brand, Certificate, KitPart, TaxonomyNode
from app.facts.pricing import ListedPrice
from app.money import yuan_shown

_LEVELS = {"县": "county", "县级": "county", "镇": "town", "镇级": "town"}
_CERTIFICATE_KINDS = {
    "有机": "organic",
    "绿色": "green",
    "地理标志": "gi",
    "声称": "claim",
    "保健食品": "health_food",
    "承诺达标合格证": "farm",
}
_QUANTITY = re.compile(r"([0-9]{1,5})(?:\.([0-9]{1,3}))?")


class ListRows:
    """Takes rows of one of the shorter lists, and remembers the keys it has seen."""

    def __init__(self, kind: Kind, known: Known) -> None:
        self._kind = kind
        self._known = known
        self._rows: dict[tuple[str, ...], int] = {}
        self._barcodes: dict[str, Barcode] = {}
        self._kit_parts: list[KitPart] = []
        self._brands: list[Brand] = []
        self._nodes: list[TaxonomyNode] = []
        self._codes: set[str] = set()
        self._prices: list[ListedPrice] = []
        self._certificates: list[Certificate] = []
        self._taxonomy = ""

    def take(self, row: RowReader) -> None:
        """Read one row; its problems, if any, stay with the row."""
        {
            "barcodes": self._take_barcode,
            "kits": self._take_kit_part,
            "brands": self._take_brand,
            "taxonomy": self._take_node,
            "certificates": self._take_certificate,
            "prices": self._take_price,
        }[self._kind](row)

    def _first_row(self, row: RowReader, *key: str) -> int:
        """The row that had this key before, 0 when this one is the first."""
        return (
            0 if (first := self._rows.setdefault(key, row.row.number)) == row.row.number else first
        )

    def _take_barcode(self, row: RowReader) -> None:
        product = row.needed("product", cells.code)
        text = row.needed("code", str)
        pack = row.optional("pack", cells.whole(1, 9999), 1)
        barcode = checked_barcode(row, "code", text) if text else None
        if product is None or barcode is None:
            return
        known = self._known.products.get(product)
        if known is None:
            row.problem("product", "product_unknown", value=product)
        elif known.weighed and pack != 1:
            row.problem("pack", "pack_of_weighed")
        owner = self._known.barcodes.get(barcode, product)
        if owner != product:
            row.problem("code", "barcode_taken", value=barcode, other=owner)
        taken = Barcode(code=barcode, product=product, pack=pack)
        if first := self._first_row(row, barcode):
            if self._barcodes.get(barcode) == taken:
                row.warn("code", "barcode_repeated", other=first)
            else:
                row.problem("code", "barcode_twice", value=barcode, other=first)
        if not row.problems:
            self._barcodes[barcode] = taken

    def _take_kit_part(self, row: RowReader) -> None:
        kit = row.needed("kit", cells.code)
        part = row.needed("part", cells.code)
        quantity = row.needed("quantity", _thousandths)
        if kit is None or part is None or quantity is None:
            return
        products = self._known.products
        if kit not in products:
            row.problem("kit", "product_unknown", value=kit)
        elif products[kit].kind != "kit":
            row.problem("kit", "kit_unknown", value=kit)
        if part not in products:
            row.problem("part", "product_unknown", value=part)
        elif products[part].kind != "goods":
            row.problem("part", "kit_in_kit", value=part)
        elif quantity % 1000 and not products[part].weighed:
            row.problem("quantity", "quantity_bad", value=row.text("quantity"))
        if first := self._first_row(row, kit, part):
            row.problem("part", "kit_part_twice", value=kit, other=first)
        if not row.problems:
            self._kit_parts.append(KitPart(kit=kit, part=part, quantity=quantity))

    def _take_price(self, row: RowReader) -> None:
        code = row.needed("product", cells.code)
        price = row.needed("price", cells.price)
        floor = row.optional("floor", cells.deposit, 0)
        if code is None or price is None:
            return
        known = self._known.products.get(code)
        if known is None:
            row.problem("product", "product_unknown", value=code)
        if first := self._first_row(row, code):
            row.problem("product", "code_twice", value=code, other=first)
        if price < floor:
            row.problem("price", "below_floor", value=yuan_shown(floor))
        if row.problems or known is None:
            return
        if price * 10_000 < known.cost:
            row.warn("price", "cost_above_price")
        if known.price and not known.price // 5 <= price <= known.price * 5:
            row.warn("price", "price_jump", other=yuan_shown(known.price))
        self._prices.append(ListedPrice(product=code, price=price, floor=floor))

    def _take_brand(self, row: RowReader) -> None:
        code = row.needed("code", cells.code)
        name = row.needed("name", cells.words(20))
        level = row.needed("level", cells.choice(("county", "town"), _LEVELS))
        town = row.text("town")
        if code is None or name is None or level is None:
            return
        if level == "town" and not town:
            row.problem("town", "missing")
        if first := self._first_row(row, code):
            row.problem("code", "number_twice", value=code, other=first)
        if not row.problems:
            self._brands.append(Brand(code=code, name=name, level=level, town=town))

    def _take_node(self, row: RowReader) -> None:
        code = row.needed("code", cells.words(24))
        name = row.needed("name", cells.words(30))
        version = row.needed("version", cells.words(24))
        parent = row.text("parent")
        if code is None or name is None or version is None:
            return
        if parent and parent not in self._codes:
            row.problem("parent", "parent_unknown", value=parent)
        if first := self._first_row(row, code):
            row.problem("code", "number_twice", value=code, other=first)
        if self._taxonomy not in ("", version):
            row.problem("version", "choice_bad", value=version, choices=self._taxonomy)
        if not row.problems:
            self._taxonomy = version
            self._codes.add(code)
            self._nodes.append(TaxonomyNode(code=code, name=name, parent=parent))

    def _take_certificate(self, row: RowReader) -> None:
        number = row.needed("number", cells.words(40))
        kinds = tuple(_CERTIFICATE_KINDS.values())
        kind = row.needed("kind", cells.choice(kinds, _CERTIFICATE_KINDS))
        issuer = row.optional("issuer", cells.words(40), "")
        text = row.optional("text", cells.words(200), "")
        begins = row.optional("valid_from", cells.iso_date, "")
        ends = row.optional("valid_to", cells.iso_date, "")
        if number is None or kind is None:
            return
        if first := self._first_row(row, number):
            row.problem("number", "number_twice", value=number, other=first)
        if not row.problems:
            self._certificates.append(
                Certificate(
                    number=number,
                    kind=kind,
                    issuer=issuer,
                    text=text,
                    valid_from=begins,
                    valid_to=ends,
                )
            )

    def preview(
        self, bad: tuple[Finding, ...], warnings: tuple[Finding, ...], totals: Totals
    ) -> Preview:
        """All that was taken."""
        return Preview(
            kind=self._kind,
            barcodes=tuple(self._barcodes.values()),
            kit_parts=tuple(self._kit_parts),
            brands=tuple(self._brands),
            nodes=tuple(self._nodes),
            taxonomy=self._taxonomy,
            certificates=tuple(self._certificates),
            prices=tuple(self._prices),
            bad=bad,
            warnings=warnings,
            totals=totals,
        )


def _thousandths(text: str) -> int:
    match = _QUANTITY.fullmatch(text)
    milli = int(match.group(1)) * 1000 + int((match.group(2) or "").ljust(3, "0")) if match else 0
    if milli == 0:
        raise cells.CellProblem("quantity_bad", value=text[:30])
    return milli
