"""Lines of a refund, everything about them frozen as the sale froze it. Pure."""

import msgspec

from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.sales import LotShare, RefundLine
from app.money import divide_half_up, line_amount
from app.quantity import checked
from app.sales.queries import Receipt
from app.sales.refund_queries import Refunded
from app.sales.refund_rules import Back, given_for, left_of, lots_back, parts_back, tax_in


class Loose(msgspec.Struct, frozen=True):
    """Goods that come back without a receipt, at the price somebody decided."""

    product: str
    quantity: int
    price: int
    reason: str
    disposition: str


def refund_line(found: Receipt, gone: Refunded, number: int, each: Back) -> RefundLine:
    """So much of a line of a receipt, after what came back of it earlier.

    Raises Refusal: no_such_line, over_refund, bad_quantity, fraction_of_unit.
    """
    line = next((one for one in found.sale.lines if one.line == each.line), None)
    if line is None:
        raise Refusal("no_such_line", line=each.line)
    earlier = gone.of(line.line)
    before = sum(quantity for quantity, _amount in earlier)
    left = left_of(line, earlier)
    amount = given_for(line, left, each.quantity)
    last = each.quantity == left.quantity
    taxed = sum(tax for _q, _a, tax in gone.lines.get(line.line, ()))
    lots = () if line.parts else lots_back(line.lots, line.quantity, before, each.quantity)
    return RefundLine(
        line=number,
        original_line=line.line,
        product=line.product,
        name=line.name,
        spec=line.spec,
        unit=line.unit,
        weighed=line.weighed,
        quantity=each.quantity,
        unit_price=line.unit_price,
        amount=amount,
        tax_class=line.tax_class,
        tax_rate=line.tax_rate,
        tax=line.tax - taxed if last else tax_in(line, amount),
        mark=line.mark,
        brand=line.brand,
        brand_town=line.brand_town,
        origin_town=line.origin_town,
        origin_village=line.origin_village,
        category=line.category,
        subcategory=line.subcategory,
        three_origin=line.three_origin,
        tier=line.tier,
        kind=line.kind,
        lots=lots,
        serial=line.serial,
        parts=parts_back(line.parts, line.quantity, before, each.quantity) if line.parts else (),
        reason=each.reason,
        disposition=each.disposition,
    )


def loose_line(one: Product, number: int, each: Loose) -> RefundLine:
    """Goods without a receipt, as the catalogue knows them now.

    Raises Refusal: bad_quantity, fraction_of_unit, price_above_tag.
    """
    checked(each.quantity, weighed=bool(one.weighed))
    if not 0 <= each.price <= one.price:
        raise Refusal("price_above_tag", name=one.name)
    amount = line_amount(each.price, each.quantity)
    return RefundLine(
        line=number,
        original_line=0,
        product=one.code,
        name=one.name,
        spec=one.spec,
        unit=one.unit,
        weighed=one.weighed,
        quantity=each.quantity,
        unit_price=each.price,
        amount=amount,
        tax_class=one.tax_class,
        tax_rate=one.tax_rate,
        tax=divide_half_up(amount * one.tax_rate, 100 + one.tax_rate),
        mark=one.mark,
        brand_town=one.brand_town,
        origin_town=one.origin_town,
        origin_village=one.origin_village,
        category=one.category,
        subcategory=one.subcategory,
        three_origin=one.three_origin,
        tier=one.tier,
        kind=one.kind,
        lots=(LotShare(known="none", quantity=each.quantity, unit_cost=one.cost),),
        reason=each.reason,
        disposition=each.disposition,
    )
