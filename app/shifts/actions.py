"""Opening and closing shifts and the business day, and cash moved by hand."""

from collections.abc import Mapping

from app import print_queue
from app.clock import proposed_day
from app.content import Paper
from app.errors import Refusal
from app.facts.shifts import (
    CashMoved,
    DayClosed,
    DayOpened,
    Denomination,
    DrawerOpened,
    ShiftClosed,
    ShiftOpened,
)
from app.money import MAX_FEN
from app.shifts import papers, queries
from app.shifts.queries import Report, Shift
from app.text import clean
from app.transaction import Books, Transaction, transaction

MOST_FLOAT = 20_000_00
"""A float above 20,000.00 yuan is a typing slip."""


def open_shift(
    books: Books, person: str, float_fen: int, *, cutoff_hour: int, drawer: str = "1"
) -> Shift:
    """Begin a turn with a counted float; the first one of a day opens the business day.

    Raises Refusal: shift_already_open, bad_amount.
    """
    if not 0 <= float_fen <= MOST_FLOAT:
        raise Refusal("bad_amount", text="")
    with transaction(books, staff=person) as tx:
        if queries.open_shift(tx.connection, tx.shop, tx.till) is not None:
            raise Refusal("shift_already_open")
        day = queries.open_day(tx.connection, tx.shop, tx.till)
        if not day:
            day = proposed_day(tx.now_ms, cutoff_hour)
            tx.record(DayOpened(shop=tx.shop, till=tx.till, day=day, proposed=day))
        entry = tx.record(
            ShiftOpened(
                shop=tx.shop,
                till=tx.till,
                day=day,
                drawer=drawer,
                person=person,
                float_fen=float_fen,
            )
        )
    return Shift(entry.envelope.fact, day, drawer, person, float_fen, entry.envelope.order)


def close_shift(
    books: Books, shift: Shift, person: str, counted: int, notes: Mapping[int, int] | None = None
) -> ShiftClosed:
    """End a turn with what was counted; only now does anybody see what was expected.

    `notes` is face value in fen -> how many, when notes and coins were counted apart.
    Raises Refusal: bad_amount, shift_needed (somebody else closed it).
    """
    if not 0 <= counted <= MAX_FEN:
        raise Refusal("bad_amount", text="")
    with transaction(books, staff=person) as tx:
        standing = queries.open_shift(tx.connection, tx.shop, tx.till)
        if standing is None or standing.shift != shift.shift:
            raise Refusal("shift_needed")
        fact = ShiftClosed(
            shop=tx.shop,
            till=tx.till,
            day=shift.day,
            shift=shift.shift,
            drawer=shift.drawer,
            person=person,
            counted=counted,
            expected=queries.expected_cash(tx.connection, tx.shop, tx.till, shift.shift),
            notes=tuple(
                Denomination(face=face, count=count)
                for face, count in sorted((notes or {}).items(), reverse=True)
            ),
            tenders=queries.tender_totals(tx.connection, tx.shop, tx.till, shift.shift),
        )
        entry = tx.record(fact)
        paper = papers.shift_report(fact, shift, tx.now_ms, books.journal.series)
        _print(tx, entry.envelope.fact, "交班单", paper)
    return fact


def close_day(books: Books, person: str) -> tuple[DayClosed, Report]:
    """Z: closes the till's business day over everything since the last one.

    Raises Refusal: day_not_open, shift_still_open.
    """
    with transaction(books, staff=person) as tx:
        if queries.open_shift(tx.connection, tx.shop, tx.till) is not None:
            raise Refusal("shift_still_open")
        day = queries.open_day(tx.connection, tx.shop, tx.till)
        if not day:
            raise Refusal("day_not_open")
        to_seq, head, _ = books.journal.head(tx.connection)
        report = queries.report(tx.connection, tx.shop, tx.till, books.journal.id, to_seq)
        fact = DayClosed(
            shop=tx.shop,
            till=tx.till,
            day=day,
            part=queries.z_parts(tx.connection, tx.shop, tx.till, day) + 1,
            from_seq=report.from_seq,
            to_seq=to_seq,
            gross=report.gross,
            refunds=report.refunds,
            net=report.net,
            rounding=report.rounding,
            tax=report.tax,
            sales=report.sales,
            tenders=report.tenders,
            grand_total=queries.grand_total(tx.connection, tx.shop, tx.till) + report.net,
            head=head,
        )
        entry = tx.record(fact)
        paper = papers.z_report(fact, report, tx.now_ms, books.journal.series)
        _print(tx, entry.envelope.fact, "日结单 Z", paper)
    return fact, report


def move_cash(books: Books, shift: Shift, person: str, amount: int, reason: str) -> None:
    """Cash in (positive) or out (negative) with its reason. Raises Refusal: bad_amount,
    reason_needed."""
    if amount == 0 or abs(amount) > MAX_FEN:
        raise Refusal("bad_amount", text="")
    with transaction(books, staff=person) as tx:
        fact = CashMoved(
            shop=tx.shop,
            till=tx.till,
            day=shift.day,
            shift=shift.shift,
            amount=amount,
            reason=_reason(reason),
        )
        entry = tx.record(fact)
        paper = papers.cash_slip(fact, tx.now_ms, books.journal.series)
        _print(tx, entry.envelope.fact, "现金单", paper, kick=True)


def open_drawer(books: Books, shift: Shift, person: str, reason: str) -> None:
    """Open the drawer without a sale: a fact, and a kick. Raises Refusal("reason_needed")."""
    with transaction(books, staff=person) as tx:
        entry = tx.record(
            DrawerOpened(
                shop=tx.shop,
                till=tx.till,
                day=shift.day,
                shift=shift.shift,
                reason=_reason(reason),
            )
        )
        _print(tx, entry.envelope.fact, "开钱箱", print_queue.drawer_only(), kick=True)


def _reason(text: str) -> str:
    if not (reason := clean(text, most=60)):
        raise Refusal("reason_needed")
    return reason


def _print(tx: Transaction, fact: str, title: str, paper: Paper, *, kick: bool = False) -> None:
    print_queue.put(
        tx,
        printer=print_queue.RECEIPT_PRINTER,
        kind=paper.kind,
        fact=fact,
        title=title,
        paper=paper,
        kick_drawer=kick,
    )
