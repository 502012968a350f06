"""Facts about what the shop sells: brands, taxonomy, products, barcodes, kits, certificates.

Long lists are several facts under one document id, so an entry stays below 64 KiB.
"""

from app.facts.base import Fact, Part


class Brand(Part, frozen=True, kw_only=True):
    """The county brand or a town's; `level` is county or town, `town` its town's name."""

    code: str
    name: str
    level: str
    town: str = ""


class TaxonomyNode(Part, frozen=True, kw_only=True):
    """One class of the brand's product taxonomy; data, versioned, never an enum in code."""

    code: str
    name: str
    parent: str = ""


class Certificate(Part, frozen=True, kw_only=True):
    """What allows a name or a claim: organic, green, GI (地理标志), approved claim texts."""

    number: str
    kind: str
    """organic, green, gi, claim, health_food, farm."""
    issuer: str = ""
    text: str = ""
    """For an approved claim: the very words that may be printed."""
    valid_from: str = ""
    valid_to: str = ""


class Product(Part, frozen=True, kw_only=True):
    """A catalogue entry as the shop or head office set it; frozen again into each sale line.

    Prices and deposit in fen per unit, cost in 1/10000 fen per unit, rates in percent.
    """

    code: str
    name: str
    spec: str = ""
    unit: str
    weighed: int = 0
    price: int
    """Selling price, fen per unit (per kg when weighed), tax included."""
    cost: int = 0
    """Usual unit cost in 1/10000 fen per unit, tax included."""
    kind: str = "goods"
    """goods, kit, service."""
    mark: str = ""
    """county, town, dual, "" (no mark)."""
    brand_town: str = ""
    origin_town: str = ""
    origin_village: str = ""
    category: str = ""
    subcategory: str = ""
    three_origin: str = ""
    tier: str = ""
    shelf_life: str = "none"
    """live, fresh_loose, made_today, chilled_dated, frozen_dated, ambient_dated, none,
    validity_date."""
    shelf_days: int = 0
    tax_class: str = "goods"
    tax_rate: int = 0
    """Percent."""
    age_limit: int = 0
    """Youngest buyer in years, 0 = anybody."""
    deposit: int = 0
    """Returnable container's deposit, fen per unit: its own untaxed line."""
    wholesale_only: int = 0
    needs_health_food_no: int = 0
    health_food_no: str = ""
    needs_farm_certificate: int = 0
    reducible: int = 1
    """0 = outside every reduction (bags)."""
    display_only: int = 0
    aliases: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    """Every reading of the name's pinyin initials, lower case, made when it was saved."""
    certificates: tuple[str, ...] = ()
    entrusting_party: str = ""
    """OEM goods: 委托方."""
    maker: str = ""
    """OEM goods: 受托方."""
    maker_licence: str = ""
    true_origin: str = ""
    story: str = ""
    active: int = 1


class Barcode(Part, frozen=True, kw_only=True):
    """A code that means so many pieces of a product (a case code sells a case)."""

    code: str
    product: str
    pack: int = 1


class KitPart(Part, frozen=True, kw_only=True):
    """`quantity` thousandths of `part` go into one `kit`."""

    kit: str
    part: str
    quantity: int


class BrandsSet(Fact, frozen=True, kw_only=True):
    """Brands of this shop's catalogue."""

    document: str
    brands: tuple[Brand, ...]


class TaxonomySet(Fact, frozen=True, kw_only=True):
    """A version of the taxonomy, or a part of a long one."""

    document: str
    version: str
    nodes: tuple[TaxonomyNode, ...]


class CertificatesSet(Fact, frozen=True, kw_only=True):
    """Certificates and approved claims the shop holds."""

    document: str
    certificates: tuple[Certificate, ...]


class ProductsSet(Fact, frozen=True, kw_only=True):
    """Products new or changed; each replaces the same owner's earlier row of that code."""

    document: str
    part: int = 1
    parts: int = 1
    products: tuple[Product, ...]


class BarcodesSet(Fact, frozen=True, kw_only=True):
    """Barcodes new or changed."""

    document: str
    barcodes: tuple[Barcode, ...]


class KitsSet(Fact, frozen=True, kw_only=True):
    """Kit parts new or changed; quantity 0 takes a part out."""

    document: str
    parts: tuple[KitPart, ...]
