"""标签: what may be printed for which goods, and the shelves whose tags lie."""

from collections.abc import Callable

import msgspec

from app.catalogue.plu import PluList, plu_list
from app.catalogue.queries import all_products, product
from app.content import Label
from app.errors import Refusal
from app.sales.desk import Desk
from app.sales.label_wording import Wanted, Wording
from app.staff.rules import NOBODY, Approver
from app.stock.printing import print_labels
from app.stock.tags import all_hanging, find_tag, take_down
from app.transaction import Transaction, transaction

__all__ = ["Labels", "Printed", "TagDue", "Wanted"]

SERIAL_LETTERS = 12
NO_SERIAL = "0" * SERIAL_LETTERS
"""What a weigh label says where it is only looked at."""


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
        self._wording = Wording(desk, template)
        self._prints = prints

    @property
    def prints(self) -> bool:
        """Whether a label printer stands here."""
        return self._prints()

    def preview(self, wanted: Wanted) -> Label:
        """The first label as it would be printed; nothing is logged.

        Raises Refusal as `print` does, the rights apart.
        """
        with self._desk.books.read() as db:
            _fact, labels = self._wording.worded(db, wanted, NO_SERIAL)
        return labels[0]

    def print(
        self, wanted: Wanted, approver: Approver = NOBODY, *, on_sheet: bool = False
    ) -> Printed:
        """Word, log and queue labels; `on_sheet`: whoever asks prints them on paper of A4.

        Raises Refusal: unknown_label, unknown_code, unknown_lot, mark_not_earned, not_weighed,
        no_certificate, claim_not_approved, no_scale_format, scale_label_does_not_fit, serials_used,
        bad_copies, bad_quantity, bad_time, zone_needed, approval_needed, label_template_bad.
        """
        desk = self._desk
        desk.signed_in()
        desk.allowed("shield_label" if wanted.label == "shield" else "label", approver)
        with transaction(desk.books, staff=desk.person) as tx:
            return self._print_in(tx, wanted, on_sheet=on_sheet)

    def plu(self, family: str, digits: str) -> PluList:
        """Weighed goods for a family of label scales, at the prices of now.

        Raises Refusal: sign_in_needed, approval_needed, unknown_scale_family, no_scale_format.
        """
        desk = self._desk
        desk.signed_in()
        desk.allowed("label")
        with desk.books.read() as db:
            goods = [one for one in all_products(db, desk.books.shop).values() if one.weighed]
            priced = [desk.prices.shown(db, one) for one in goods]
        return plu_list(family, priced, desk.formats, digits)

    def _print_in(self, tx: Transaction, wanted: Wanted, *, on_sheet: bool = False) -> Printed:
        serial = tx.ids.new().replace("-", "")[-SERIAL_LETTERS:].upper()
        fact, labels = self._wording.worded(tx.connection, wanted, serial)
        queued = self.prints and not on_sheet
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
