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
from app.sales.tables import draft, sale
from app.shifts.queries import expected_cash, open_shift
from app.shifts.tables import day_closed, shift_closed
from app.stock.tables import document as stock_document
from app.stock.tables import movement
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
        "documents": db.scalar(_DOCUMENTS),
        "stock": int(db.scalar(_MOVED) or 0) // 1000,
        "slips": [db.scalar(_SLIPPED), db.scalar(_SLIPS)],
        "drafts": db.scalar(_OPEN_DRAFTS),
        "basket": _goods(opened) if opened else [],
        "held": sorted(_held(db)),
        "sums": sums_differ(db),
    }


_ENTRIES = select(func.coalesce(func.max(entry.c.seq), 0), func.count())
_CLOSINGS = select(func.count()).select_from(shift_closed)
_DAYS = select(func.count()).select_from(day_closed)
_OWN = stock_document.c.party != "opening"
_DOCUMENTS = select(func.count(stock_document.c.document.distinct())).where(_OWN)
_MOVED = (
    select(func.sum(movement.c.quantity))
    .join(stock_document, stock_document.c.fact == movement.c.fact)
    .where(_OWN)
)
"""What documents moved, the opening stock of the sample shop apart."""
_SLIPPED = select(func.count(stock_document.c.document.distinct())).where(
    _OWN, stock_document.c.kind.in_(("receiving", "adjustment", "transfer_out"))
)
_SLIPS = select(func.count()).select_from(print_job).where(print_job.c.kind == "stock_document")
"""Documents that come with a paper, and their papers."""
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


# One statement, in SQL's own words: a campaign asks it a hundred thousand times.
_SALES = """
SELECT s.*, lower(hex(e.hash)) AS hash,
  (SELECT sum(amount) FROM sale_line l WHERE l.sale=s.sale) AS line_amounts,
  (SELECT sum(paid) FROM sale_line l WHERE l.sale=s.sale) AS lines_paid,
  (SELECT coalesce(sum(amount), 0) FROM sale_reduction r WHERE r.sale=s.sale) AS reductions,
  (SELECT sum(amount) FROM sale_tender t WHERE t.sale=s.sale) AS applied,
  (SELECT sum(tendered) FROM sale_tender t WHERE t.sale=s.sale) AS tendered,
  (SELECT sum(change) FROM sale_tender t WHERE t.sale=s.sale) AS given_back,
  (SELECT count(*) FROM print_job p WHERE p.fact=s.sale AND p.title=s.number) AS papers,
  (SELECT coalesce(sum(kick_drawer), 0) FROM print_job p
    WHERE p.fact=s.sale AND p.title=s.number) AS kicks
FROM sale s LEFT JOIN entry e ON e.fact=s.sale WHERE s.seq > ? ORDER BY s.seq
"""


def sales(db: Connection, after: int = 0) -> list[dict[str, Any]]:
    """Every sale behind an entry, with what it must balance."""
    return [
        {
            "id": row.sale,
            "seq": row.seq,
            "number": row.number,
            "day": row.day,
            "due": row.due,
            "hash": row.hash or "",
            "balanced": row.line_amounts + row.reductions == row.lines_paid == row.due
            and row.gross + row.reduced + row.rounding == row.due == row.applied
            and row.tendered - row.given_back == row.applied
            and row.given_back == row.change,
            "papers": row.papers,
            "kicks": row.kicks,
        }
        for row in db.exec_driver_sql(_SALES, (after,))
    ]


_TAKEN_TWICE_OR_NEVER = """
SELECT count(*) FROM (
  SELECT shift, tender, sum(taken), sum(given) FROM taking GROUP BY shift, tender
  EXCEPT SELECT shift, tender, taken, given FROM drawer_cash)
"""
_TAKEN_FROM_NOTHING = """
SELECT count(*) FROM (
  SELECT shift, tender, taken, given FROM drawer_cash
  EXCEPT SELECT shift, tender, sum(taken), sum(given) FROM taking GROUP BY shift, tender)
"""


def sums_differ(db: Connection) -> int:
    """Drawer sums that are not the sum of their takings."""
    return sum(
        int(db.exec_driver_sql(statement).scalar_one())
        for statement in (_TAKEN_TWICE_OR_NEVER, _TAKEN_FROM_NOTHING)
    )
