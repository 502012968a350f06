"""Printing labels: the log and the job in one commit, so what the shelf says is known."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, bindparam, select

from app import print_queue
from app.content import LABELS, Label, Paper
from app.errors import Refusal
from app.facts.stock import LabelsPrinted
from app.row_writer import Prepared
from app.stock.tables import label, lot
from app.transaction import Transaction

_LOT = select(lot).where(
    lot.c.shop == bindparam("shop"),
    lot.c.owner == bindparam("shop"),
    lot.c.product == bindparam("product"),
    (lot.c.lot == bindparam("wanted")) | (lot.c.batch == bindparam("wanted")),
)
_SERIALS = select(label.c.fact).where(
    label.c.shop == bindparam("shop"),
    label.c.label == "shield",
    label.c.serial_from <= bindparam("last"),
    label.c.serial_to >= bindparam("first"),
    label.c.serial_from > 0,
)
_BY_CODE = Prepared(
    select(label.c.today, label.c.price, label.c.order_ms)
    .where(label.c.shop == bindparam("shop"), label.c.code == bindparam("code"))
    .order_by(label.c.order_ms.desc())
    .limit(1)
)


class LastLabel(msgspec.Struct, frozen=True):
    """When a label with some code was printed last: the calendar's date and the price then."""

    today: str
    price: int
    order_ms: int


def find_lot(db: Connection, shop: str, product: str, wanted: str) -> dict[str, str]:
    """A lot by its id or its batch, the newest of several. Raises Refusal("unknown_lot")."""
    rows = db.execute(_LOT, {"shop": shop, "product": product, "wanted": wanted}).mappings().all()
    if not rows:
        raise Refusal("unknown_lot", lot=wanted[:40])
    return dict(max(rows, key=lambda row: row["received_ms"]))


def check_serials(db: Connection, shop: str, first: int, last: int) -> None:
    """Numbers of a roll are used once. Raises Refusal("serials_used", first=…, last=…)."""
    if db.execute(_SERIALS, {"shop": shop, "first": first, "last": last}).first() is not None:
        raise Refusal("serials_used", first=first, last=last)


def last_printed(db: Connection, shop: str, code: str) -> LastLabel | None:
    """The last label with these bars, None when this shop never printed one."""
    row = _BY_CODE.first(db, {"shop": shop, "code": code})
    return None if row is None else LastLabel(*row)


def print_labels(
    tx: Transaction, printed: LabelsPrinted, labels: Sequence[Label], *, has_printer: bool
) -> str:
    """Log what was printed and queue it; the log's id. Without a printer the log alone stands,
    for whoever prints the sheet."""
    entry = tx.record(printed)
    if has_printer:
        print_queue.put(
            tx,
            printer=print_queue.LABEL_PRINTER,
            kind=LABELS,
            fact=entry.envelope.fact,
            title=" ".join(filter(None, (printed.label, printed.product, printed.zone))),
            paper=Paper(kind=LABELS, blocks=tuple(labels), cut=False),
            life_ms=print_queue.LABEL_LIFE_MS,
        )
    return entry.envelope.fact
