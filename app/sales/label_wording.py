"""What a label somebody asks for will say, worked out without printing it."""

from collections.abc import Callable, Mapping

import msgspec
from sqlalchemy import Connection

from app.catalogue.queries import barcodes_of, certificates, product
from app.catalogue.rules import receivable
from app.clock import local
from app.content import Label
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.stock import LabelsPrinted
from app.money import yuan
from app.pricing.queries import base_price
from app.pricing.windows import parse_from
from app.sales.desk import Desk
from app.stock import labelling
from app.stock.labelling import LotWords, ShopWords
from app.stock.printing import check_serials, find_lot
from app.text import clean

Worded = tuple[LabelsPrinted, tuple[Label, ...]]
"""What the log will say, and the labels."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks for. Quantity in thousandths; price in fen, 0 = what the till asks."""

    label: str
    product: str = ""
    lot: str = ""
    zone: str = ""
    quantity: int = 0
    format: str = "13"
    copies: int = 1
    price: int = 0
    was: int = 0
    """The true lowest price of the seven days before, on promotion tags."""
    valid_from: str = ""
    valid_to: str = ""
    serial_from: int = 0
    template: str = ""
    """A template's name, "" for the label's usual one."""


class Wording:
    """Words labels for one counter. `template(name)` is a template's text, checked."""

    def __init__(self, desk: Desk, template: Callable[[str], str]) -> None:
        self._desk = desk
        self._template = template

    def worded(self, db: Connection, wanted: Wanted, serial: str) -> Worded:
        """What is asked for as it will be printed; `serial` makes a weigh label one of its kind.

        Raises Refusal as `Labels.print` does, the rights apart.
        """
        if wanted.label not in labelling.KINDS:
            raise Refusal("unknown_label", name=wanted.label[:40])
        if not 1 <= wanted.copies <= labelling.MOST_COPIES:
            raise Refusal("bad_copies", most=labelling.MOST_COPIES)
        template = self._template(wanted.template or labelling.KINDS[wanted.label])
        if wanted.label == "shelf":
            return self._shelf(wanted, template)
        return self._goods(db, wanted, template, serial)

    def _shop_words(self) -> ShopWords:
        settings = self._desk.settings
        return ShopWords(
            name=settings["shop_name"] or self._desk.books.shop,
            phone=settings["phone"],
            today=self._desk.today,
            trace_prefix=settings["trace_host"],
        )

    def _shelf(self, wanted: Wanted, template: str) -> Worded:
        zone = clean(wanted.zone, most=20)
        if not zone:
            raise Refusal("zone_needed")
        fields = dict(labelling.shelf_fields(zone, self._shop_words()))
        fact = self._fact(wanted, zone=zone, code=fields["qr"])
        return fact, (Label(template, fields, wanted.copies),)

    def _goods(self, db: Connection, wanted: Wanted, template: str, serial: str) -> Worded:
        shop = self._desk.books.shop
        one = product(db, shop, wanted.product)
        if one is None:
            raise Refusal("unknown_code", text=wanted.product[:40], reason="no_product")
        held = certificates(db, shop).values()
        if (refusal := receivable(one, held, self._desk.today)) is not None:
            raise refusal
        wanted = _dated(wanted)
        lot = self._lot(db, one, wanted.lot)
        price = wanted.price or self._desk.prices.shown(db, one).price
        fields = labelling.words(one, lot, self._shop_words()) | labelling.price_fields(one, price)
        if wanted.label == "weigh":
            return self._weigh(wanted, template, one, lot, price, fields, serial)
        if wanted.label == "shield":
            return self._shield(db, wanted, template, one, lot, fields)
        codes = [each.code for each in barcodes_of(db, shop, one.code) if each.pack == 1]
        fields["code"] = labelling.goods_code(one, codes)
        fields["zone"] = clean(wanted.zone, most=20)
        if wanted.label == "trace":
            if not lot.lot:
                raise Refusal("lot_needed", name=one.name)
            fields["qr"] = labelling.trace_qr(lot, self._shop_words().trace_prefix)
        if wanted.label == "promo":
            fields |= self._promotion(db, one, wanted)
        fact = self._fact(
            wanted,
            product=one.code,
            lot=lot.lot,
            zone=fields["zone"],
            price=price,
            code=fields["code"],
        )
        return fact, (Label(template, fields, wanted.copies),)

    def _promotion(self, db: Connection, one: Product, wanted: Wanted) -> dict[str, str]:
        """Dates, and the price before: the seven days' lowest, or less if somebody says so."""
        prices = self._desk.prices
        start = parse_from(wanted.valid_from) if wanted.valid_from else prices.moment(db)
        most = base_price(db, self._desk.books.shop, one.code, start, prices.listed(db, one).price)
        if wanted.was > most:
            raise Refusal("base_price_too_high", name=one.name, most=yuan(most))
        until = f"{wanted.valid_from} 至 {wanted.valid_to}"
        return {
            "was": yuan(wanted.was or most),
            "valid": until if wanted.valid_from and wanted.valid_to else "",
        }

    def _weigh(
        self,
        wanted: Wanted,
        template: str,
        one: Product,
        lot: LotWords,
        price: int,
        fields: dict[str, str],
        serial: str,
    ) -> Worded:
        if not one.weighed:
            raise Refusal("not_weighed", name=one.name)
        if wanted.quantity <= 0:
            raise Refusal("bad_quantity", text="")
        scale_format = labelling.weigh_format(self._desk.formats, wanted.format)
        amount = labelling.weigh_amount(price, wanted.quantity)
        code = labelling.weigh_code(scale_format, one, wanted.quantity, amount)
        if one.shelf_life == "made_today" and not lot.made:
            lot = msgspec.structs.replace(lot, made=self._desk.today)
        fields |= {
            "quantity": labelling.quantity_words(wanted.quantity),
            "amount": yuan(amount),
            "code": code,
            "qr": labelling.weigh_qr(one, lot, wanted.quantity, amount, serial),
        }
        fact = self._fact(
            wanted,
            product=one.code,
            lot=lot.lot,
            price=price,
            quantity=wanted.quantity,
            amount=amount,
            code=code or fields["qr"],
        )
        return fact, (Label(template, fields, wanted.copies),)

    def _shield(
        self,
        db: Connection,
        wanted: Wanted,
        template: str,
        one: Product,
        lot: LotWords,
        fields: dict[str, str],
    ) -> Worded:
        if not lot.lot:
            raise Refusal("lot_needed", name=one.name)
        labelling.check_mark(one, lot)
        first, last = wanted.serial_from, wanted.serial_from + wanted.copies - 1
        if first > 0:
            check_serials(db, self._desk.books.shop, first, last)
        qr = labelling.trace_qr(lot, self._shop_words().trace_prefix)
        fields |= {"mark": labelling.MARKS[one.mark], "qr": qr}
        numbers = range(first, last + 1) if first > 0 else ()
        labels = tuple(
            Label(template, fields | {"serial": f"{number:06d}"}) for number in numbers
        ) or (Label(template, fields, wanted.copies),)
        fact = self._fact(
            wanted,
            product=one.code,
            lot=lot.lot,
            code=qr,
            serial_from=first,
            serial_to=last if first > 0 else 0,
        )
        return fact, labels

    def _lot(self, db: Connection, one: Product, wanted: str) -> LotWords:
        if not wanted:
            return LotWords()
        row: Mapping[str, str] = find_lot(db, self._desk.books.shop, one.code, wanted)
        names = LotWords.__struct_fields__
        return LotWords(**{name: str(row[name]) for name in names})

    def _fact(self, wanted: Wanted, **said: object) -> LabelsPrinted:
        desk = self._desk
        head = {
            "shop": desk.books.shop,
            "till": desk.books.till,
            "day": desk.day,
            "shift": desk.shift_id,
            "label": wanted.label,
            "format": wanted.format if wanted.label == "weigh" else "",
            "copies": wanted.copies,
            "valid_from": wanted.valid_from,
            "valid_to": wanted.valid_to,
            "today": desk.today,
            "person": desk.person,
        }
        return LabelsPrinted(**head | said)  # type: ignore[arg-type]


def _dated(wanted: Wanted) -> Wanted:
    """With its dates as calendar dates, as a tag prints them. Raises Refusal("bad_time")."""
    first, last = (
        local(parse_from(day)).date().isoformat() if day else ""
        for day in (wanted.valid_from, wanted.valid_to)
    )
    if last and last < first:
        raise Refusal("bad_time", text=last)
    return msgspec.structs.replace(wanted, valid_from=first, valid_to=last)
