"""What labels say: words and codes of tags, weigh labels, trace and shield labels. Pure.

Weights are printed in kilograms and prices per kilogram and per 500 grams; never in 斤, which may
not be used in trade.
"""

from collections.abc import Mapping, Sequence

import msgspec

from app.catalogue.codes import lot_qr, shelf_qr
from app.catalogue.gs1 import GS, gtin_of, restricted_gtin
from app.catalogue.scales import ScaleFormat, make_label
from app.errors import Refusal
from app.facts.catalogue import Product
from app.money import divide_half_up, line_amount, yuan
from app.quantity import shown

KINDS: dict[str, str] = {
    "tag": "tag_60x40",
    "promo": "promo_60x40",
    "product": "product_40x30",
    "weigh": "weigh_50x30",
    "trace": "trace_40x30",
    "shield": "shield_40x30",
    "shelf": "shelf_50x30",
}
"""Label -> the template it is printed with unless another is asked for."""
MARKS = {
    "county": "开平优品 县级标识",
    "town": "镇级标识",
    "dual": "开平优品 县镇双标识",
}
_EARNS = {"county": ("county",), "dual": ("county",), "town": ("town", "county")}
"""Mark -> levels of 认定 that allow it: a town's standard earns a town's mark and no other."""
MOST_COPIES = 500


class LotWords(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a lot; all empty for a label without one."""

    lot: str = ""
    batch: str = ""
    made: str = ""
    expires: str = ""
    village: str = ""
    certificate: str = ""
    level: str = ""


class ShopWords(msgspec.Struct, frozen=True, kw_only=True):
    """What a label says of the shop, and the day it is printed."""

    name: str
    phone: str
    today: str
    trace_prefix: str = ""


def price_fields(product: Product, price: int) -> dict[str, str]:
    """A price per unit in fen as a tag says it; weighed goods also per 500 g, rounded half up."""
    fields = {"price": yuan(price), "unit": product.unit}
    if product.weighed:
        fields |= {"price_500g": yuan(divide_half_up(price, 2)), "unit_500g": "元/500g"}
    return fields


def words(product: Product, lot: LotWords, shop: ShopWords) -> dict[str, str]:
    """The fields every label may use."""
    return {
        "name": product.name,
        "spec": product.spec,
        "grade": product.tier,
        "origin": product.true_origin or product.origin_town,
        "village": lot.village or product.origin_village,
        "shop": shop.name,
        "phone": shop.phone,
        "day": shop.today,
        "batch": lot.batch,
        "made": f"生产 {lot.made}" if lot.made else "",
        "expires": f"至 {lot.expires}" if lot.expires else "",
        "certificate": f"合格证 {lot.certificate}" if lot.certificate else "",
        "maker": product.maker,
        "entrusting": product.entrusting_party,
        "licence": product.maker_licence,
    }


def goods_code(product: Product, barcodes: Sequence[str]) -> str:
    """What a tag's bars say: the goods' own EAN where there is one, else our code."""
    return next((code for code in barcodes if len(code) == 13 and gtin_of(code)), product.code)


def weigh_format(formats: Sequence[ScaleFormat], digits: str) -> ScaleFormat | None:
    """The shop's layout for labels of so many digits; None for a QR alone.

    Raises Refusal("no_scale_format", digits=…).
    """
    if digits == "qr":
        return None
    for one in formats:
        if str(one.length) == digits:
            return one
    raise Refusal("no_scale_format", digits=digits[:8])


def weigh_code(
    scale_format: ScaleFormat | None, product: Product, quantity: int, amount: int
) -> str:
    """The bars of a weigh label, "" when it carries a QR alone. Quantity in thousandths of a kg."""
    if scale_format is None:
        return ""
    return make_label(scale_format, product.code, amount=amount, weight=quantity)


def weigh_amount(price: int, quantity: int) -> int:
    """What a weighed piece costs, as the scale and the till work it out alike."""
    return line_amount(price, quantity)


def weigh_qr(product: Product, lot: LotWords, quantity: int, amount: int, serial: str) -> str:
    """Everything the bars cannot hold, as a GS1 element string.

    Fields of fixed length first; the amount is the label's, so it is said as well.
    """
    number = restricted_gtin(product.code).rjust(14, "0")
    fixed = f"01{number}"
    if lot.made:
        fixed += "11" + lot.made[2:].replace("-", "")
    fixed += f"3103{quantity:06d}"
    open_ended = [f"3922{amount}"]
    if lot.batch:
        open_ended.append(f"10{lot.batch}")
    open_ended.append(f"21{serial}")
    return fixed + GS.join(open_ended)


def trace_qr(lot: LotWords, prefix: str) -> str:
    """A lot as a web address anybody's phone opens, or as our own code where there is none yet."""
    return f"{prefix}{lot.lot}" if prefix else lot_qr(lot.lot)


def check_mark(product: Product, lot: LotWords) -> None:
    """Raises Refusal("mark_not_earned") when this lot's standard does not allow its mark."""
    if not product.mark or lot.level not in _EARNS[product.mark]:
        raise Refusal("mark_not_earned", name=product.name, batch=lot.batch or lot.lot)


def shelf_fields(zone: str, shop: ShopWords) -> Mapping[str, str]:
    """A shelf's own label: scanning it while counting changes the zone."""
    return {"zone": zone, "shop": shop.name, "qr": shelf_qr(zone), "name": ""}


def quantity_words(quantity: int) -> str:
    """A weight as trade law wants it."""
    return f"{shown(quantity, weighed=True)} kg"
