"""标签: what may be printed for which goods, and the shelves whose tags lie."""

from collections.abc import Callable, Sequence

import msgspec

from app.catalogue.plu import PluList, plu_list
from app.catalogue.queries import all_products, product
from app.content import Label
from app.errors import Refusal
from app.sales.desk import Desk
from app.sales.label_wording import Wanted, Worded, Wording
from app.staff.rules import NOBODY, Approver
from app.stock.printing import check_serials, print_labels
from app.stock.tags import all_hanging, find_tag, take_down
from app.transaction import Transaction, transaction

__all__ = ["Labels", "Printed", "TagDue", "Wanted", "Worded", "printed"]

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


def printed(log: str, worded: Worded, *, queued: bool) -> Printed:
    """What came of labels that were logged."""
    fact, labels = worded
    qr = labels[0].fields.get("qr", "")
    return Printed(log, fact.code, qr, fact.amount, fact.price, labels, queued)


def _serial(identity: str) -> str:
    return identity.replace("-", "")[-SERIAL_LETTERS:].upper()


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

    def print(self, wanted: Wanted, approver: Approver = NOBODY) -> Printed:
        """Word, log and queue labels.

        Raises Refusal: unknown_label, unknown_code, unknown_lot, mark_not_earned, not_weighed,
        no_certificate, claim_not_approved, no_scale_format, scale_label_does_not_fit, serials_used,
        bad_copies, bad_quantity, bad_time, base_price_too_high, zone_needed, approval_needed,
        label_template_bad.
        """
        self._may(wanted, approver)
        with transaction(self._desk.books, staff=self._desk.person) as tx:
            return self._print_in(tx, wanted)

    def draft(self, wanted: Wanted, approver: Approver = NOBODY) -> Worded:
        """Labels for a sheet that whoever asks makes first, and has logged by `log` then: what
        could not be written to a file hangs on no shelf. Raises Refusal as `print` does."""
        self._may(wanted, approver)
        books = self._desk.books
        with books.read() as db:
            return self._wording.worded(db, wanted, _serial(books.ids.new()))

    def log(self, drafts: Sequence[Worded]) -> list[str]:
        """Log labels that stand on a sheet, all or none; the log's ids. Raises Refusal:
        serials_used, sign_in_needed."""
        desk = self._desk
        with transaction(desk.books, staff=desk.signed_in()) as tx:
            logs = []
            for fact, labels in drafts:
                if fact.serial_from:
                    tx.flush()
                    check_serials(tx.connection, tx.shop, fact.serial_from, fact.serial_to)
                logs.append(print_labels(tx, fact, labels, has_printer=False))
        return logs

    def _may(self, wanted: Wanted, approver: Approver) -> None:
        self._desk.signed_in()
        self._desk.allowed("shield_label" if wanted.label == "shield" else "label", approver)

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

    def _print_in(self, tx: Transaction, wanted: Wanted) -> Printed:
        fact, labels = self._wording.worded(tx.connection, wanted, _serial(tx.ids.new()))
        queued = self.prints
        log = print_labels(tx, fact, labels, has_printer=queued)
        return printed(log, (fact, labels), queued=queued)

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
