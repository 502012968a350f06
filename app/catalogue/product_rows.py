"""Rows of a product list. A column the file lacks leaves an existing product as it is."""

from collections.abc import Callable
from typing import Any

from app.catalogue import cells, rules
from app.catalogue.gs1 import gtin_of
from app.catalogue.reading import Finding, Known, Preview, RowReader, Totals
from app.catalogue.wallets import WALLETS, wallet_of
from app.facts.catalogue import Barcode, Product

_KINDS = {"商品": "goods", "套装": "kit", "组合": "kit", "服务": "service"}
_MARKS = {
    **{"县": "county", "县级": "county", "县标": "county"},
    **{"镇": "town", "镇级": "town", "镇标": "town"},
    **{"双": "dual", "双标识": "dual", "县镇": "dual", "县镇双标识": "dual"},
    **{"无": "", "—": "", "-": ""},
}
_SHELF_LIVES = {
    "鲜活": "live",
    "散装鲜品": "fresh_loose",
    "当日现做": "made_today",
    "冷藏": "chilled_dated",
    "冷冻": "frozen_dated",
    "常温": "ambient_dated",
    "无": "none",
    "使用日期": "validity_date",
}
_TAX_CLASSES = {
    "货物": "goods",
    "农产品": "farm",
    "免税": "exempt",
    "门票": "ticket",
    "餐饮": "catering",
    "住宿": "lodging",
}
_USUAL_RATES = {"goods": 13, "farm": 9, "exempt": 0, "ticket": 6, "catering": 6, "lodging": 6}
"""Percent when a list says nothing; a person re-checks rates anyway."""
_ORIGINS = {
    "完": "完全原产",
    "主体": "部分原产·主体",
    "部分原产-主体": "部分原产·主体",
    "主导": "部分原产·主导",
    "部分原产-主导": "部分原产·主导",
    "非": "非三原",
    "—": "",
}
_TIERS = {"高": "高端", "中": "中端", "众": "大众", "—": ""}

Reader = Callable[[str], Any]
_FIELDS: dict[str, tuple[Reader, Any]] = {
    "spec": (cells.words(40), ""),
    "weighed": (cells.yes_no, 0),
    "cost": (cells.cost, 0),
    "kind": (cells.choice(rules.KINDS, _KINDS), "goods"),
    "mark": (cells.choice(rules.MARKS, _MARKS), ""),
    "brand_town": (cells.words(20), ""),
    "origin_town": (cells.words(20), ""),
    "origin_village": (cells.words(20), ""),
    "category": (cells.words(20), ""),
    "subcategory": (cells.words(30), ""),
    "three_origin": (cells.choice(rules.THREE_ORIGINS, _ORIGINS), ""),
    "tier": (cells.choice(rules.TIERS, _TIERS), ""),
    "shelf_life": (cells.choice(rules.SHELF_LIVES, _SHELF_LIVES), "none"),
    "shelf_days": (cells.whole(0, 3650), 0),
    "tax_class": (cells.choice(rules.TAX_CLASSES, _TAX_CLASSES), "goods"),
    "tax_rate": (cells.rate(rules.TAX_RATES), None),
    "age_limit": (cells.whole(0, 25), 0),
    "deposit": (cells.deposit, 0),
    "wholesale_only": (cells.yes_no, 0),
    "needs_health_food_no": (cells.yes_no, 0),
    "health_food_no": (cells.words(30), ""),
    "needs_farm_certificate": (cells.yes_no, 0),
    "reducible": (cells.yes_no, 1),
    "display_only": (cells.yes_no, 0),
    "aliases": (cells.several, ()),
    "certificates": (cells.several, ()),
    "entrusting_party": (cells.words(60), ""),
    "maker": (cells.words(60), ""),
    "maker_licence": (cells.words(40), ""),
    "true_origin": (cells.words(60), ""),
    "story": (cells.words(2000), ""),
    "active": (cells.yes_no, 1),
}
"""Column -> its reader and what an empty cell means."""
_NEEDED: dict[str, Reader] = {"name": cells.words(60), "unit": cells.unit, "price": cells.price}
_PRINTED = ("name", "spec", "aliases", "story")
_DATED = ("chilled_dated", "frozen_dated", "ambient_dated")
_JUMP = 5


class ProductRows:
    """Takes rows of a product list, and remembers codes and barcodes it has seen."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._products: list[Product] = []
        self._barcodes: dict[str, Barcode] = {}
        self._code_rows: dict[str, int] = {}
        self._barcode_rows: dict[str, int] = {}

    def take(self, row: RowReader) -> None:
        """Read one row; its problems, if any, stay with the row."""
        code = row.needed("code", cells.code)
        if code is None:
            return
        if first := self._code_rows.get(code):
            row.problem("code", "code_twice", value=code, other=first)
            return
        self._code_rows[code] = row.row.number
        before = self._known.products.get(code)
        values: dict[str, Any] = {"code": code}
        for column, reader in _NEEDED.items():
            if row.has(column) or before is None:
                values[column] = row.needed(column, reader)
            else:
                values[column] = getattr(before, column)
        for column, (reader, blank) in _FIELDS.items():
            if row.has(column) or before is None:
                values[column] = row.optional(column, reader, blank)
            else:
                values[column] = getattr(before, column)
        self._fill_in(row, values, before)
        if row.problems:
            return
        product = Product(**values)
        self._check(row, product, before)
        barcodes = self._read_barcodes(row, code)
        if not row.problems:
            self._products.append(product)
            self._barcodes |= {one.code: one for one in barcodes}
            self._barcode_rows |= {one.code: row.row.number for one in barcodes}

    def _fill_in(self, row: RowReader, values: dict[str, Any], before: Product | None) -> None:
        """What an empty cell means when it depends on another one."""
        if values["tax_rate"] is None:
            values["tax_rate"] = _USUAL_RATES[values["tax_class"]]
        unit_text = row.text("unit")
        if values["unit"] and unit_text and unit_text != values["unit"]:
            row.warn("unit", "unit_spelling", value=unit_text, other=values["unit"])
        if values["unit"] == "kg" and not values["weighed"]:
            if before is None and not row.text("weighed"):
                values["weighed"] = 1
                row.warn("weighed", "weighed_assumed")
            else:
                row.warn("weighed", "kg_not_weighed")
        elif values["weighed"] and values["unit"] not in ("kg", None):
            row.problem("unit", "weighed_needs_kg")

    def _check(self, row: RowReader, product: Product, before: Product | None) -> None:
        self._check_mark(row, product)
        for column in _PRINTED:
            if row.text(column).startswith(("=", "+", "-", "@")):
                row.warn(column, "looks_like_formula")
        today, held = self._known.today, self._known.certificates
        for problem in rules.name_problems(product, held, today):
            say = row.problem if problem.code == "claim_not_approved" else row.warn
            say(problem.field, problem.code, value=problem.word)
        if missing := rules.oem_missing(product):
            row.warn("name", "oem_incomplete", columns=" ".join(missing))
        if product.needs_health_food_no and not product.health_food_no:
            row.warn("health_food_no", "health_food_no_missing")
        if product.cost > product.price * 10_000:
            row.warn("cost", "cost_above_price")
        if before is not None and not (
            before.price <= product.price * _JUMP and product.price <= before.price * _JUMP
        ):
            shown = f"{before.price // 100}.{before.price % 100:02d}"
            row.warn("price", "price_jump", other=shown)
        if product.shelf_life in _DATED and not product.shelf_days:
            row.warn("shelf_days", "shelf_days_missing")
        categories = self._known.categories
        if product.category and categories and product.category not in categories:
            row.warn("category", "category_unknown", value=product.category)

    def _check_mark(self, row: RowReader, product: Product) -> None:
        if product.mark in ("town", "dual"):
            if not product.brand_town:
                row.problem("brand_town", "mark_needs_town")
            elif self._known.brand_towns and product.brand_town not in self._known.brand_towns:
                row.problem("brand_town", "town_unknown", value=product.brand_town)

    def _read_barcodes(self, row: RowReader, code: str) -> list[Barcode]:
        found = []
        none: tuple[str, ...] = ()
        for text in row.optional("barcode", cells.several, none):
            barcode = checked_barcode(row, "barcode", text)
            if barcode is None:
                continue
            owner = self._known.barcodes.get(barcode, code)
            if barcode in self._barcodes:
                other = self._barcode_rows[barcode]
                row.problem("barcode", "barcode_twice", value=barcode, other=other)
            elif owner != code:
                row.problem("barcode", "barcode_taken", value=barcode, other=owner)
            else:
                found.append(Barcode(code=barcode, product=code))
        return found

    def preview(
        self, bad: tuple[Finding, ...], warnings: tuple[Finding, ...], totals: Totals
    ) -> Preview:
        """All that was taken."""
        return Preview(
            kind="products",
            products=tuple(self._products),
            barcodes=tuple(self._barcodes.values()),
            bad=bad,
            warnings=warnings,
            totals=totals,
        )


def checked_barcode(row: RowReader, column: str, text: str) -> str | None:
    """A barcode that may stand in the table, or None with the row's problem said."""
    try:
        barcode = cells.barcode(text, numeric=row.numeric(column))
    except cells.CellProblem as trouble:
        row.problem(column, trouble.code, **trouble.details)
        return None
    if wallet_of(barcode, WALLETS):
        row.problem(column, "barcode_wallet", value=barcode)
        return None
    if barcode.isdigit() and len(barcode) in (8, 12, 13, 14) and not gtin_of(barcode):
        row.warn(column, "check_digit", value=barcode)
    return barcode
