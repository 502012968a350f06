"""Console commands of the stock room's papers: ledgers, and what should be ordered."""

from pathlib import Path

import msgspec

from app.catalogue.queries import products
from app.clock import iso
from app.errors import Refusal
from app.quantity import parse_quantity, shown
from app.reports.ledgers import ledger as read_ledger
from app.stock.reordering import Order, Ordering, orders
from app.table_file import FORMATS, write_table
from app.text import clean
from ui.console import Answer, Commands, Seat

LEDGERS = Commands()
command = LEDGERS.add


class Ordered(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One line of `order`."""

    product: str
    quantity: str


@command
def ledger(seat: Seat, *, name: str, from_: str = "", to: str = "", file: str = "") -> Answer:
    seat.desk.allowed("see_book", seat.approver)
    path = Path(file)
    if file and path.suffix.removeprefix(".") not in FORMATS:
        raise Refusal("bad_command", detail="file")
    with seat.books.read() as db:
        found = read_ledger(db, seat.books.shop, name, from_, to)
    if file:
        write_table(path, found.table(), found.figures, found.title)
    return {"ledger": found.name, "rows": list(found.rows), "file": file}


@command
def reorder(seat: Seat, *, days: int = 0, lead: int = -1, cover: int = -1) -> Answer:
    """What the last days' sales ask for; without figures by the shop's settings."""
    seat.desk.signed_in()
    settings = seat.desk.settings
    values = {
        "days": days or int(settings["order_days"]),
        "lead": lead if lead >= 0 else int(settings["order_lead"]),
        "cover": cover if cover >= 0 else int(settings["order_cover"]),
    }
    found = Ordering(seat.desk).needs(**values)
    with seat.books.read() as db:
        known = products(db, seat.books.shop, [each.product for each in found])
    return {
        **values,
        "lines": [
            {
                "product": each.product,
                "name": known[each.product].name,
                **{
                    field: shown(getattr(each, field), weighed=bool(known[each.product].weighed))
                    for field in ("sold", "here", "coming", "suggested")
                },
            }
            for each in found
        ],
    }


@command
def order(seat: Seat, *, lines: list[Ordered], supplier: str = "") -> Answer:
    """A 要货单."""
    settings = seat.desk.settings
    said = {
        each.product: each.suggested
        for each in Ordering(seat.desk).needs(
            days=int(settings["order_days"]),
            lead=int(settings["order_lead"]),
            cover=int(settings["order_cover"]),
        )
    }
    wanted = []
    for each in lines:
        one = seat.counter.product(clean(each.product, most=40))
        quantity = parse_quantity(each.quantity, weighed=bool(one.weighed))
        wanted.append((one.code, quantity, said.get(one.code, 0)))
    done = Ordering(seat.desk).order(
        wanted, supplier=clean(supplier, most=60), approver=seat.approver
    )
    return _order(seat, done)


@command
def orders_open(seat: Seat, *, all_: bool = False) -> Answer:
    seat.desk.signed_in()
    with seat.books.read() as db:
        found = orders(db, seat.books.shop, open_only=not all_)
    return {"orders": [_order(seat, each) for each in found]}


@command
def order_end(seat: Seat, *, order: str) -> Answer:
    """Nothing more will come of it."""
    return _order(seat, Ordering(seat.desk).end(order, seat.approver))


def _order(seat: Seat, each: Order) -> Answer:
    with seat.books.read() as db:
        known = products(db, seat.books.shop, [code for code, _asked, _came in each.lines])
    return {
        "document": each.document,
        "number": each.number,
        "supplier": each.supplier,
        "time": iso(each.order_ms),
        "open": each.open,
        "lines": [
            {
                "product": code,
                "quantity": shown(asked, weighed=bool(known[code].weighed)),
                "came": shown(came, weighed=bool(known[code].weighed)),
            }
            for code, asked, came in each.lines
        ],
    }
