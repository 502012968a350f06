"""From a scan to goods: what it is, whether it may be sold, and what must be asked first."""

import msgspec
from sqlalchemy import Connection

from app.catalogue.codes import (
    AnyReading,
    GoodsCode,
    LotCode,
    ReceiptCode,
    ScaleLabel,
    Unknown,
    WalletCode,
)
from app.catalogue.queries import goods_of, product
from app.catalogue.rules import sellable
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.sales import Answer
from app.sales.basket import Basket, Question, label_line
from app.stock.queries import lot_of_batch, lot_with_id, lots_on_shelf


class Goods(msgspec.Struct, frozen=True, kw_only=True):
    """Goods a scan named, ready to become a line or a question."""

    product: Product
    quantity: int
    """Thousandths; 0 when a weighed product came without its weight."""
    label_amount: int = -1
    code: str = ""
    source: str = "scan"
    lot: str = ""
    serial: str = ""


def goods_from(
    db: Connection, shop: str, reading: AnyReading, text: str, *, times: int, today: str
) -> Goods:
    """The goods a reading means, `times` thousandths of a piece or pack of them.

    Raises Refusal: unknown_code, not_goods_code, not_sellable, lot_expired, fraction_of_unit,
    label_without_weight.
    """
    if isinstance(reading, LotCode):
        return _of_lot(db, shop, reading.lot, text, times=times, today=today)
    if isinstance(reading, WalletCode | ReceiptCode):
        raise Refusal("not_goods_code", kind=reading.kind)
    found = goods_of(db, shop, reading)
    if found is None:
        if isinstance(reading, Unknown) or reading.kind in ("product", "weighed"):
            reason = reading.reason if isinstance(reading, Unknown) else "no_product"
            raise Refusal("unknown_code", text=text[:40], reason=reason)
        raise Refusal("not_goods_code", kind=reading.kind)
    one, pack = found
    if (refusal := sellable(one)) is not None:
        raise refusal
    if isinstance(reading, ScaleLabel):
        quantity, amount = _of_label(one, reading)
        return Goods(
            product=one, quantity=quantity, label_amount=amount, code=text, source="label"
        )
    if isinstance(reading, GoodsCode):
        return _of_goods_code(db, shop, one, pack, reading, text, times=times, today=today)
    return Goods(product=one, quantity=0 if one.weighed else pack * times, code=text)


def _of_label(one: Product, reading: ScaleLabel) -> tuple[int, int]:
    if not one.weighed:
        if reading.count:
            return reading.count * 1000, reading.amount if reading.amount is not None else -1
        raise Refusal("label_without_weight")
    return label_line(one, reading.amount, reading.weight)


def _of_goods_code(
    db: Connection,
    shop: str,
    one: Product,
    pack: int,
    reading: GoodsCode,
    text: str,
    *,
    times: int,
    today: str,
) -> Goods:
    said = reading.gs1
    if said.expires and said.expires < today:
        raise Refusal("lot_expired", name=one.name, expires=said.expires)
    quantity, amount = pack * times, -1
    if one.weighed:
        quantity = 0
        if said.weight or said.amount is not None:
            quantity, amount = label_line(one, said.amount, said.weight)
    lot = lot_of_batch(db, shop, one.code, said.lot) if said.lot else ""
    _check_lot(db, shop, one, lot, today)
    return Goods(
        product=one,
        quantity=quantity,
        label_amount=amount,
        code=text,
        lot=lot,
        serial=said.serial,
    )


def _of_lot(
    db: Connection, shop: str, lot: str, text: str, *, times: int, today: str
) -> Goods:
    row = lot_with_id(db, shop, lot)
    one = product(db, shop, row.product) if row else None
    if one is None:
        raise Refusal("unknown_code", text=text[:40], reason="no_product")
    if (refusal := sellable(one)) is not None:
        raise refusal
    _check_lot(db, shop, one, lot, today)
    return Goods(product=one, quantity=0 if one.weighed else times, code=text, lot=lot)


def _check_lot(db: Connection, shop: str, one: Product, lot: str, today: str) -> None:
    """A lot somebody scanned and whose date has passed is not sold."""
    row = lot_with_id(db, shop, lot) if lot else None
    if row is not None and row.expires and row.expires < today:
        raise Refusal("lot_expired", name=one.name, expires=row.expires)


def question_before(
    db: Connection, shop: str, basket: Basket, goods: Goods, *, today: str
) -> Question | None:
    """What must be answered before these goods may join the basket, or None.

    Age first (asked once a basket), then the date while an expired lot still stands on the
    shelf's books, then the weight.
    """
    given = (*basket.answers,)
    asked = _question(db, shop, given, goods, today)
    if not asked:
        return None
    return Question(
        question=asked,
        product=goods.product,
        quantity=goods.quantity,
        code=goods.code,
        source=goods.source,
        lot=goods.lot,
    )


def _question(
    db: Connection, shop: str, given: tuple[Answer, ...], goods: Goods, today: str
) -> str:
    one = goods.product
    if one.age_limit and not _said(given, f"age:{one.age_limit}"):
        return "age"
    if (
        not goods.lot
        and goods.label_amount < 0
        and one.shelf_life.endswith("_dated")
        and not _said(given, f"date:{one.code}")
        and any(
            each.quantity > 0 and each.expires and each.expires < today
            for each in lots_on_shelf(db, shop, one.code)
        )
    ):
        return "date"
    return "weight" if goods.quantity == 0 else ""


def _said(given: tuple[Answer, ...], question: str) -> bool:
    return any(answer.question == question for answer in given)


def checked_answer(asked: Question, value: str, today: str) -> str:
    """The answer's name in the fact. Raises Refusal: bad_answer, lot_expired."""
    if asked.question == "age":
        if value != "yes":
            raise Refusal("bad_answer")
        return f"age:{asked.product.age_limit}"
    if value != "yes":
        if len(value) != 10 or value[4] != "-" or value[7] != "-":
            raise Refusal("bad_answer")
        if value < today:
            raise Refusal("lot_expired", name=asked.product.name, expires=value)
    return f"date:{asked.product.code}"
