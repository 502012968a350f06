"""One more console command for the rigs: everything a crash may have hurt, read by the till itself.

It reads through the till's own readers after its own recovery, so what it says is what a shop
would find. All amounts in fen.
"""

from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from app.journal.tables import entry
from app.print_queue import print_job
from app.sales.basket import Basket
from app.sales.queries import HELD, OPEN, open_basket
from app.sales.tables import draft, sale, sale_line, sale_reduction, sale_tender
from app.shifts.queries import expected_cash, open_shift
from app.shifts.tables import day_closed, drawer_cash, shift_closed, taking
from app.verification import verify_books
from ui.console import Answer, Commands, Seat

LOOK = Commands()


@LOOK.add
def look(seat: Seat, *, after: int = 0, verify: bool = False) -> Answer:
    """Sales, papers, drafts and sums; `after` leaves out sales up to that entry."""
    books = seat.books
    with books.read() as db:
        found = state_of(db, books.shop, books.till, after)
    if verify:
        report = verify_books(books)
        found["problems"] = [msgspec.to_builtins(problem) for problem in report.problems]
    return found


def state_of(db: Connection, shop: str, till: str, after: int = 0) -> Answer:
    """The same of any till's database that can be read."""
    shift = open_shift(db, shop, till)
    opened = open_basket(db)
    head, entries = db.execute(_ENTRIES).one()
    return {
        "head": head,
        "entries": entries,
        "sales": sales(db, after),
        "numbers": list(db.execute(_NUMBERS).one()),
        "shift": shift is not None,
        "expected": expected_cash(db, shop, till, shift.shift) if shift else 0,
        "closings": db.scalar(_CLOSINGS),
        "days": db.scalar(_DAYS),
        "copies": int(db.scalar(_COPIES) or 0),
        "drafts": db.scalar(_OPEN_DRAFTS),
        "basket": _goods(opened) if opened else [],
        "held": sorted(_held(db)),
        "sums": sums_differ(db),
    }


_ENTRIES = select(func.coalesce(func.max(entry.c.seq), 0), func.count())
_CLOSINGS = select(func.count()).select_from(shift_closed)
_DAYS = select(func.count()).select_from(day_closed)
_OPEN_DRAFTS = select(func.count()).where(draft.c.state == OPEN)
_COPIES = select(func.count()).where(print_job.c.title.like("%重印%"))
_NUMBERS = select(
    func.count(), func.coalesce(func.max(sale.c.sequence), 0), func.count(sale.c.number.distinct())
)


def _goods(basket: Any) -> list[list[Any]]:
    return [[line.product.code, line.quantity] for line in basket.lines]


def _held(db: Connection) -> list[list[Any]]:
    rows = db.execute(select(draft.c.name, draft.c.content).where(draft.c.state == HELD))
    decode = msgspec.json.Decoder(Basket).decode
    return [[name, _goods(decode(content))] for name, content in rows]


def sales(db: Connection, after: int = 0) -> list[dict[str, Any]]:
    """Every sale behind an entry, with what it must balance."""
    found = []
    for row in db.execute(select(sale).where(sale.c.seq > after).order_by(sale.c.seq)):
        lines = select(func.sum(sale_line.c.amount), func.sum(sale_line.c.paid)).where(
            sale_line.c.sale == row.sale
        )
        tenders = select(
            func.sum(sale_tender.c.amount),
            func.sum(sale_tender.c.tendered),
            func.sum(sale_tender.c.change),
        ).where(sale_tender.c.sale == row.sale)
        reduced = select(func.coalesce(func.sum(sale_reduction.c.amount), 0)).where(
            sale_reduction.c.sale == row.sale
        )
        originals = select(func.count(), func.coalesce(func.sum(print_job.c.kick_drawer), 0)).where(
            print_job.c.fact == row.sale, print_job.c.title == row.number
        )
        amount, paid = db.execute(lines).one()
        handed, tendered, change = db.execute(tenders).one()
        papers, kicks = db.execute(originals).one()
        found.append(
            {
                "id": row.sale,
                "seq": row.seq,
                "number": row.number,
                "sequence": row.sequence,
                "day": row.day,
                "due": row.due,
                "hash": db.scalar(select(entry.c.hash).where(entry.c.fact == row.sale)).hex(),
                "balanced": amount + db.scalar(reduced) == paid == row.due == handed
                and row.gross + row.reduced + row.rounding == row.due
                and tendered - change == handed
                and change == row.change,
                "papers": papers,
                "kicks": kicks,
            }
        )
    return found


def sums_differ(db: Connection) -> int:
    """Drawer sums that are not the sum of their takings."""
    key = (taking.c.shift, taking.c.tender)
    grouped = {
        (shift, tender): (taken, given)
        for shift, tender, taken, given in db.execute(
            select(*key, func.sum(taking.c.taken), func.sum(taking.c.given)).group_by(*key)
        )
    }
    standing = {
        (row.shift, row.tender): (row.taken, row.given) for row in db.execute(select(drawer_cash))
    }
    return sum(
        grouped.get(each) != standing.get(each) for each in grouped.keys() | standing.keys()
    )
