"""From a scan, or a typed code, to the goods somebody counted."""

import re

import msgspec
from sqlalchemy import Connection

from app.catalogue.codes import (
    BuyerCode,
    GoodsCode,
    LotCode,
    MemberCode,
    ReceiptCode,
    ScaleLabel,
    Scanned,
    ShelfCode,
    Unknown,
    WalletCode,
)
from app.catalogue.queries import goods_of, kit_parts, product
from app.errors import Refusal
from app.facts.catalogue import Product
from app.quantity import MAX_MILLI, parse_quantity, shown
from app.sales.basket import label_line
from app.stock.queries import lot_of_batch, lot_with_id
from app.text import clean

MOST_CODE = 40
_NONE_THERE = re.compile(r"0+(?:\.0{1,3})?")


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """One article somebody found. `product` is None where nobody knows the code."""

    code: str
    product: Product | None
    lot: str = ""
    quantity: int
    """Thousandths, never negative; 0 says that there is none."""


def counted_goods(
    db: Connection, shop: str, scanned: Scanned, text: str, quantity: str = "", batch: str = ""
) -> list[Counted]:
    """What a code and a typed quantity say was found; of a kit its parts.

    A scale label brings its weight, a case as many pieces as it holds. Without a quantity it is
    one piece. Goods nobody knows are found all the same. Raises Refusal: not_goods_code,
    unknown_code (no text a list could show), not_goods, bad_quantity, fraction_of_unit,
    label_decides, label_without_weight, quantity_needed (weighed goods without their weight).
    """
    reading = scanned.reading
    if isinstance(reading, BuyerCode | WalletCode | ReceiptCode | MemberCode | ShelfCode):
        raise Refusal("not_goods_code", kind=reading.kind)
    if isinstance(reading, LotCode):
        row = lot_with_id(db, shop, reading.lot)
        one, pack, lot = (product(db, shop, row.product) if row else None), 1, reading.lot
    else:
        found = goods_of(db, shop, reading)
        one, pack = found or (None, 1)
        lot = ""
        if isinstance(reading, GoodsCode) and one is not None and reading.gs1.lot:
            lot = lot_of_batch(db, shop, one.code, reading.gs1.lot)
    if one is None:
        return [_unknown(reading, text, quantity)]
    if one.kind == "service":
        raise Refusal("not_goods", name=one.name)
    milli = _said_by_label(reading, one, quantity)
    if milli is None:
        milli = _typed(one, quantity) * (1 if one.weighed else pack)
    if milli > MAX_MILLI:
        raise Refusal("bad_quantity", text=shown(milli, weighed=bool(one.weighed)))
    if one.kind == "kit":
        return _parts(db, shop, one, milli)
    lot = _lot(db, shop, one, batch) if batch else lot
    return [Counted(code=one.code, product=one, lot=lot, quantity=milli)]


def _unknown(reading: object, text: str, quantity: str) -> Counted:
    code = clean(text, most=MOST_CODE)
    if not code or (isinstance(reading, Unknown) and not reading.text):
        raise Refusal("unknown_code", text=code, reason="not_a_code")
    milli = 0 if _NONE_THERE.fullmatch(quantity) else parse_quantity(quantity or "1", weighed=True)
    return Counted(code=code, product=None, quantity=milli)


def _said_by_label(reading: object, one: Product, typed: str) -> int | None:
    """Thousandths a label says of itself, None when it says nothing."""
    amount = weight = count = None
    if isinstance(reading, ScaleLabel):
        amount, weight, count = reading.amount, reading.weight, reading.count
    elif isinstance(reading, GoodsCode) and one.weighed:
        amount, weight = reading.gs1.amount, reading.gs1.weight or None
    if amount is None and weight is None and count is None:
        return None
    if typed not in ("", "1"):
        raise Refusal("label_decides")
    if one.weighed:
        return label_line(one, amount, weight)[0]
    if not count:
        raise Refusal("label_without_weight")
    return count * 1000


def _typed(one: Product, quantity: str) -> int:
    if _NONE_THERE.fullmatch(quantity):
        return 0
    if not quantity and one.weighed:
        raise Refusal("quantity_needed", name=one.name)
    return parse_quantity(quantity or "1", weighed=bool(one.weighed))


def _parts(db: Connection, shop: str, kit: Product, milli: int) -> list[Counted]:
    """A kit on the shelf is its parts: the books know nothing else of it."""
    found = []
    for part in kit_parts(db, shop, kit.code):
        one = product(db, shop, part.part)
        if one is not None and one.kind == "goods":
            quantity = milli * part.quantity // 1000
            found.append(Counted(code=one.code, product=one, quantity=quantity))
    if not found:
        raise Refusal("not_goods", name=kit.name)
    return found


def _lot(db: Connection, shop: str, one: Product, batch: str) -> str:
    """The lot somebody named by its id or by what is printed on the goods.

    "" when the books do not know it: then the close spreads it like goods without a label.
    """
    row = lot_with_id(db, shop, batch)
    if row is not None and row.product == one.code:
        return batch
    return lot_of_batch(db, shop, one.code, clean(batch, most=MOST_CODE))
