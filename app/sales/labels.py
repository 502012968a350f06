"""标签: what may be printed for which goods, and the shelves whose tags lie."""

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
from app.pricing.windows import parse_from
from app.sales.desk import Desk
from app.staff.rules import NOBODY, Approver
from app.stock import labelling
from app.stock.labelling import LotWords, ShopWords
from app.stock.printing import check_serials, find_lot, print_labels
from app.stock.tags import all_hanging, find_tag, take_down
from app.text import clean
from app.transaction import Transaction, transaction

SERIAL_LETTERS = 12


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


class Printed(msgspec.Struct, frozen=True):
    """What came of it: the log's id, the bars, and the labels as they were worded."""

    fact: str
    code: str
    qr: str
    amount: int
    price: int
    labels: tuple[Label, ...]
    queued: bool


class TagDue(msgspec.Struct, frozen=True):
    """A shelf's tag that says another price than the till asks, both in fen per unit."""

    product: str
    name: str
    zone: str
    printed: int
    price: int


class Labels:
    """Prints labels for the person at the counter. `template(name)` is a template's text."""

    def __init__(
        self, desk: Desk, *, template: Callable[[str], str], prints: Callable[[], bool]
    ) -> None:
        self._desk = desk
        self._template = template
        self._prints = prints

    @property
    def prints(self) -> bool:
        """Whether a label printer stands here."""
        return self._prints()

    def print(self, wanted: Wanted, approver: Approver = NOBODY) -> Printed:
        """Word, log and queue labels.

        Raises Refusal: unknown_label, unknown_code, unknown_lot, mark_not_earned, not_weighed,
        no_certificate, claim_not_approved, no_scale_format, scale_label_does_not_fit, serials_used,
        bad_copies, bad_quantity, zone_needed, approval_needed.
        """
        if wanted.label not in labelling.KINDS:
            raise Refusal("unknown_label", name=wanted.label[:40])
        if not 1 <= wanted.copies <= labelling.MOST_COPIES:
            raise Refusal("bad_copies", most=labelling.MOST_COPIES)
        desk = self._desk
        desk.signed_in()
        right = "shield_label" if wanted.label == "shield" else "label"
        desk.allowed(right, approver)
        with transaction(desk.books, staff=desk.person) as tx:
            return self._print_in(tx, wanted)

    def _print_in(self, tx: Transaction, wanted: Wanted) -> Printed:
        template = self._template(wanted.template or labelling.KINDS[wanted.label])
        if wanted.label == "shelf":
            fact, labels = self._shelf(wanted, template)
        else:
            fact, labels = self._goods(tx, wanted, template)
        queued = self.prints
        log = print_labels(tx, fact, labels, has_printer=queued)
        qr = labels[0].fields.get("qr", "")
        return Printed(log, fact.code, qr, fact.amount, fact.price, labels, queued)

    def change_tag(self, tag: str, *, reprint: bool, approver: Approver = NOBODY) -> None:
        """A tag that lies is off its shelf: printed anew at today's price, or taken away.

        Raises Refusal: unknown_task, no_label_printer, approval_needed and what `print` refuses.
        """
        desk = self._desk
        desk.signed_in()
        desk.allowed("label", approver)
        if reprint and not self.prints:
            raise Refusal("no_label_printer")
        with transaction(desk.books, staff=desk.person) as tx:
            found = find_tag(tx.connection, tx.shop, tag)
            if reprint:
                self._print_in(tx, Wanted(label="tag", product=found.product, zone=found.zone))
            if not reprint or found.label != "tag":
                take_down(tx, found, day=desk.day, shift=desk.shift_id, person=desk.person)

    def due(self) -> list[TagDue]:
        """Shelves whose tag lies now, by zone."""
        shop = self._desk.books.shop
        found = []
        with self._desk.books.read() as db:
            for each in all_hanging(db, shop, self._desk.today):
                one = product(db, shop, each.product)
                if one is None or not one.active:
                    continue
                price = self._desk.prices.shown(db, one).price
                if price != each.price:
                    found.append(TagDue(one.code, one.name, each.zone, each.price, price))
        return found

    # --- Wording -----------------------------------------------------------------------------

    def _shop_words(self) -> ShopWords:
        settings = self._desk.settings
        return ShopWords(
            name=settings["shop_name"] or self._desk.books.shop,
            phone=settings["phone"],
            today=self._desk.today,
            trace_prefix=settings["trace_host"],
        )

    def _shelf(self, wanted: Wanted, template: str) -> tuple[LabelsPrinted, tuple[Label, ...]]:
        zone = clean(wanted.zone, most=20)
        if not zone:
            raise Refusal("zone_needed")
        fields = dict(labelling.shelf_fields(zone, self._shop_words()))
        fact = self._fact(wanted, zone=zone, code=fields["qr"])
        return fact, (Label(template, fields, wanted.copies),)

    def _goods(
        self, tx: Transaction, wanted: Wanted, template: str
    ) -> tuple[LabelsPrinted, tuple[Label, ...]]:
        db, shop = tx.connection, tx.shop
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
            return self._weigh(tx, wanted, template, one, lot, price, fields)
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
            fields |= _promotion(wanted)
        fact = self._fact(
            wanted,
            product=one.code,
            lot=lot.lot,
            zone=fields["zone"],
            price=price,
            code=fields["code"],
        )
        return fact, (Label(template, fields, wanted.copies),)

    def _weigh(
        self,
        tx: Transaction,
        wanted: Wanted,
        template: str,
        one: Product,
        lot: LotWords,
        price: int,
        fields: dict[str, str],
    ) -> tuple[LabelsPrinted, tuple[Label, ...]]:
        if not one.weighed:
            raise Refusal("not_weighed", name=one.name)
        if wanted.quantity <= 0:
            raise Refusal("bad_quantity", text="")
        scale_format = labelling.weigh_format(self._desk.formats, wanted.format)
        amount = labelling.weigh_amount(price, wanted.quantity)
        code = labelling.weigh_code(scale_format, one, wanted.quantity, amount)
        if one.shelf_life == "made_today" and not lot.made:
            lot = msgspec.structs.replace(lot, made=self._desk.today)
        serial = tx.ids.new().replace("-", "")[-SERIAL_LETTERS:].upper()
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
    ) -> tuple[LabelsPrinted, tuple[Label, ...]]:
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


def _promotion(wanted: Wanted) -> dict[str, str]:
    until = f"{wanted.valid_from} 至 {wanted.valid_to}"
    return {
        "was": yuan(wanted.was) if wanted.was else "",
        "valid": until if wanted.valid_from and wanted.valid_to else "",
    }
