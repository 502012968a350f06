"""The end of a business day: X, Z, and a turn nobody closed that the cut-off hour parts."""

from collections.abc import Callable

from sqlalchemy import Connection

from app.content import Paper
from app.errors import Refusal
from app.facts.shifts import DayClosed, DayOpened, ShiftOpened
from app.shifts import queries
from app.shifts.actions import end_uncounted
from app.shifts.hub_papers import hub_rows
from app.shifts.printing import put_paper
from app.shifts.queries import Shift
from app.shifts.report import NOTHING_OPEN, OpenEnds, Report, report
from app.shifts.report_papers import x_paper, z_paper
from app.transaction import Books, Transaction, transaction

MOST_FROZEN = 300
"""Totals of one kind kept in a Z: its entry stays short whatever a day was like."""

Ends = Callable[[Connection], OpenEnds]


def no_ends(_db: Connection) -> OpenEnds:
    """Nothing is open in other rooms."""
    return NOTHING_OPEN


def close_day(books: Books, person: str, ends: Ends = no_ends) -> tuple[DayClosed, Report]:
    """Z: closes the till's business day over everything since the last one.

    `ends` tells what is still open in other rooms. Raises Refusal: day_not_open, shift_still_open.
    """
    with transaction(books, staff=person) as tx:
        if queries.open_shift(tx.connection, tx.shop, tx.till) is not None:
            raise Refusal("shift_still_open")
        day = queries.open_day(tx.connection, tx.shop, tx.till)
        if not day:
            raise Refusal("day_not_open")
        return _close_day_in(tx, day, ends)


def _close_day_in(tx: Transaction, day: str, ends: Ends) -> tuple[DayClosed, Report]:
    journal = tx.books.journal
    tx.flush()
    to_seq, head, _ = journal.head(tx.connection)
    db = tx.connection
    found = report(db, tx.shop, tx.till, journal.id, to_seq, ends(db))
    fact = DayClosed(
        shop=tx.shop,
        till=tx.till,
        day=day,
        part=queries.z_parts(db, tx.shop, tx.till, day) + 1,
        from_seq=found.from_seq,
        to_seq=to_seq,
        gross=found.gross,
        refunds=found.refunds,
        net=found.net,
        rounding=found.rounding,
        tax=found.tax,
        sales=found.sales,
        tenders=found.tenders,
        taxes=found.taxes[:MOST_FROZEN],
        acts=found.done[:MOST_FROZEN],
        grand_total=found.grand_total + found.net,
        head=head,
    )
    entry = tx.record(fact)
    paper = z_paper(fact, found, tx.now_ms, journal.series, hub_rows(tx.connection))
    put_paper(tx, entry.envelope.fact, "日结单 Z", paper)
    return fact, found


def print_x(books: Books, found: Report, *, with_expected: bool) -> Paper:
    """Put an X on the printer; it closes nothing and is no fact."""
    with transaction(books) as tx:
        paper = x_paper(
            tx.shop, tx.till, found, tx.now_ms, books.journal.series, with_expected=with_expected
        )
        put_paper(tx, "", "X 报表", paper)
    return paper


def part_shift(books: Books, shift: Shift, person: str, day: str, ends: Ends = no_ends) -> Shift:
    """The cut-off hour passed over an open turn: it ends uncounted, its day is closed, and the
    next day goes on at once with what the drawer ought to hold.

    One transaction: no power cut leaves a sale between two days. Raises Refusal("shift_needed").
    """
    with transaction(books, staff=person) as tx:
        standing = queries.open_shift(tx.connection, tx.shop, tx.till)
        if standing is None or standing.shift != shift.shift:
            raise Refusal("shift_needed")
        expected = end_uncounted(tx, shift)
        _close_day_in(tx, shift.day, ends)
        tx.record(DayOpened(shop=tx.shop, till=tx.till, day=day, proposed=day))
        opened = ShiftOpened(
            shop=tx.shop,
            till=tx.till,
            day=day,
            drawer=shift.drawer,
            person=person,
            float_fen=expected,
        )
        began = tx.record(opened).envelope
    return Shift(began.fact, day, shift.drawer, person, expected, began.order)
