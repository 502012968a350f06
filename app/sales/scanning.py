"""From a scan to goods: what it is, whether it may be sold, and what must be asked first."""

from datetime import date

import msgspec
from sqlalchemy import Connection

from app.catalogue.codes import (
    AnyReading,
    BuyerCode,
    GoodsCode,
    LotCode,
    ReceiptCode,
    ScaleLabel,
    TraceCode,
    Unknown,
    WalletCode,
)
from app.catalogue.queries import goods_of, product
from app.catalogue.rules import sellable
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.sales import Answer
from app.sales.basket import Basket, Question, label_line
from app.sales.lot_checks import check_recall, of_today
from app.stock.queries import lot_of_batch, lot_with_id, lots_on_shelf

ONE = 1000


class Goods(msgspec.Struct, frozen=True, kw_only=True):
    """Goods a scan named, ready to become a line or a question."""

    product: Product
    quantity: int
    """Thousandths; 0 when a weighed product came without its weight."""
    label_amount: int = -1
    label_weight: bool = False
    """The label said its weight or count as well."""
    code: str = ""
    source: str = "scan"
    lot: str = ""
    serial: str = ""
    batch: str = ""
    """The batch the code said, whether or not the books know it."""
    made: str = ""
    """The day the code says it was made, ISO or ""."""


def goods_from(
    db: Connection, shop: str, reading: AnyReading, text: str, *, times: int, today: str
) -> Goods:
    """The goods a reading means, `times` thousandths of a piece or pack of them.

    Raises Refusal: unknown_code, not_goods_code, not_sellable, lot_expired, fraction_of_unit,
    label_without_weight, label_decides (a label is one piece, whatever number stood before it).
    """
    if isinstance(reading, LotCode):
        return _of_lot(db, shop, reading.lot, text, times=times, today=today)
    if isinstance(reading, TraceCode) and lot_with_id(db, shop, reading.code) is not None:
        return _of_lot(db, shop, reading.code, text, times=times, today=today)
    if isinstance(reading, BuyerCode | WalletCode | ReceiptCode):
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
        if times != ONE:
            raise Refusal("label_decides")
        quantity, amount, told = _of_label(one, reading)
        return Goods(
            product=one,
            quantity=quantity,
            label_amount=amount,
            label_weight=told,
            code=text,
            source="label",
        )
    if isinstance(reading, GoodsCode):
        return _of_goods_code(db, shop, one, pack, reading, text, times=times, today=today)
    return Goods(product=one, quantity=_pieces(one, pack, times), code=text)


def _pieces(one: Product, pack: int, times: int) -> int:
    """Thousandths of the goods; a weighed one without a typed weight is asked for it (0)."""
    if one.weighed:
        return times if times != ONE else 0
    return pack * times


def goods_shown(db: Connection, shop: str, reading: AnyReading, text: str) -> Product:
    """What a code names, whether or not it may be sold here.

    Raises Refusal: unknown_code, not_goods_code.
    """
    if isinstance(reading, LotCode):
        row = lot_with_id(db, shop, reading.lot)
        one = product(db, shop, row.product) if row else None
    elif isinstance(reading, BuyerCode | WalletCode | ReceiptCode):
        raise Refusal("not_goods_code", kind=reading.kind)
    else:
        found = goods_of(db, shop, reading)
        one = found[0] if found else None
    if one is None:
        raise Refusal("unknown_code", text=text[:40], reason="no_product")
    return one


def _of_label(one: Product, reading: ScaleLabel) -> tuple[int, int, bool]:
    if not one.weighed:
        if reading.count:
            return reading.count * 1000, reading.amount if reading.amount is not None else -1, True
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
    quantity, amount, told = _pieces(one, pack, times), -1, False
    if one.weighed and (said.weight or said.amount is not None):
        if times != ONE:
            raise Refusal("label_decides")
        quantity, amount, told = label_line(one, said.amount, said.weight)
    lot = lot_of_batch(db, shop, one.code, said.lot) if said.lot else ""
    _check_lot(db, shop, one, lot, today)
    return Goods(
        product=one,
        quantity=quantity,
        label_amount=amount,
        label_weight=told,
        code=text,
        lot=lot,
        serial=said.serial,
        batch=said.lot,
        made=said.made,
    )


def _of_lot(db: Connection, shop: str, lot: str, text: str, *, times: int, today: str) -> Goods:
    row = lot_with_id(db, shop, lot)
    one = product(db, shop, row.product) if row else None
    if one is None:
        raise Refusal("unknown_code", text=text[:40], reason="no_product")
    if (refusal := sellable(one)) is not None:
        raise refusal
    _check_lot(db, shop, one, lot, today)
    return Goods(product=one, quantity=_pieces(one, 1, times), code=text, lot=lot)


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
    shelf's books, then whether goods made for one day are of today, then the weight.
    Raises Refusal: lot_recalled, lot_needed, past_its_day, and lot_expired when nothing on the
    books is still good.
    """
    check_recall(db, shop, goods.product, goods.lot, goods.batch)
    asked = _question(db, shop, basket.answers, goods, today)
    if not asked:
        return None
    return Question(
        question=asked,
        product=goods.product,
        quantity=goods.quantity,
        label_amount=goods.label_amount,
        label_weight=goods.label_weight,
        code=goods.code,
        source=goods.source,
        lot=goods.lot,
        serial=goods.serial,
    )


def goods_asked_about(asked: Question, quantity: int) -> Goods:
    """The goods a question held up, everything their code said included."""
    return Goods(
        product=asked.product,
        quantity=quantity,
        label_amount=asked.label_amount,
        label_weight=asked.label_weight,
        code=asked.code,
        source=asked.source,
        lot=asked.lot,
        serial=asked.serial,
    )


def _question(
    db: Connection, shop: str, given: tuple[Answer, ...], goods: Goods, today: str
) -> str:
    one = goods.product
    expired = "" if goods.lot else _expired_lot(db, shop, one, today)
    if one.age_limit and not _said(given, f"age:{one.age_limit}"):
        return "age"
    if (
        expired
        and goods.label_amount < 0
        and one.shelf_life.endswith("_dated")
        and not _said(given, f"date:{one.code}")
    ):
        return "date"
    if not of_today(db, shop, one, goods.code, goods.made, goods.source, today) and not _said(
        given, f"made_today:{one.code}"
    ):
        return "made_today"
    return "weight" if goods.quantity == 0 else ""


def _expired_lot(db: Connection, shop: str, one: Product, today: str) -> str:
    """The end of a lot that is past it and still on the shelf's books, "" when there is none.

    Raises Refusal("lot_expired") when no other lot is on the books: then nothing here is good.
    """
    lots = lots_on_shelf(db, shop, one.code)
    past = [lot.expires for lot in lots if lot.expires and lot.expires < today and lot.quantity > 0]
    if past and all(lot.expires and lot.expires < today for lot in lots):
        raise Refusal("lot_expired", name=one.name, expires=max(past))
    return max(past, default="")


def _said(given: tuple[Answer, ...], question: str) -> bool:
    return any(answer.question == question for answer in given)


def checked_answer(asked: Question, value: str, today: str) -> str:
    """The answer's name in the fact. Raises Refusal: bad_answer, lot_expired."""
    if asked.question == "age":
        if value != "yes":
            raise Refusal("bad_answer")
        return f"age:{asked.product.age_limit}"
    if asked.question == "made_today":
        if value != "yes":
            raise Refusal("bad_answer")
        return f"made_today:{asked.product.code}"
    if value != "yes":
        try:
            value = date.fromisoformat(value).isoformat()
        except ValueError:
            raise Refusal("bad_answer") from None
        if value < today:
            raise Refusal("lot_expired", name=asked.product.name, expires=value)
    return f"date:{asked.product.code}"
