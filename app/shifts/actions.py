"""Opening, closing and counting shifts, and cash moved by hand."""

from collections.abc import Mapping

import msgspec

from app import print_queue
from app.clock import proposed_day
from app.errors import Refusal
from app.facts.sales import Approval
from app.facts.shifts import (
    CashMoved,
    DayOpened,
    Denomination,
    DifferenceConfirmed,
    DrawerCounted,
    DrawerOpened,
    ShiftClosed,
    ShiftCounted,
    ShiftOpened,
)
from app.money import MAX_FEN
from app.shifts import papers, queries
from app.shifts.hub_papers import hub_rows
from app.shifts.printing import put_paper
from app.shifts.queries import Difference, Shift
from app.staff.actions import record_self_approvals
from app.text import clean
from app.transaction import Books, Transaction, transaction

CASH_KINDS = ("expense", "drop", "float", "other")
MOST_FLOAT = 20_000_00
"""A float above 20,000.00 yuan is a typing slip."""


class Judge(msgspec.Struct, frozen=True):
    """How large a difference may stand: by whoever counts, and by a second person beside them."""

    limit: int
    second: Approval | None = None
    second_limit: int = 0

    def of(self, difference: int) -> tuple[bool, tuple[Approval, ...]]:
        """Whether it stands, and whose yes it has."""
        if abs(difference) <= self.limit:
            return True, ()
        if self.second is not None and abs(difference) <= self.second_limit:
            return True, (self.second,)
        return False, ()


NO_JUDGE = Judge(0)


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


def count_drawer(
    books: Books,
    shift: Shift,
    person: str,
    counted: int,
    notes: Mapping[int, int] | None = None,
    *,
    verifies: bool = False,
) -> DrawerCounted:
    """Write down what was counted, and only then show what the drawer should hold.

    `verifies`: a second person counted. Raises Refusal: bad_amount, shift_needed.
    """
    if not 0 <= counted <= MAX_FEN:
        raise Refusal("bad_amount", text="")
    with transaction(books, staff=person) as tx:
        standing = queries.open_shift(tx.connection, tx.shop, tx.till)
        if standing is None or standing.shift != shift.shift:
            raise Refusal("shift_needed")
        fact = DrawerCounted(
            shop=tx.shop,
            till=tx.till,
            day=shift.day,
            shift=shift.shift,
            drawer=shift.drawer,
            person=person,
            counted=counted,
            expected=queries.expected_cash(tx.connection, tx.shop, tx.till, shift.shift),
            notes=as_notes(notes),
            verifies=int(verifies),
        )
        tx.record(fact)
    return fact


def end_uncounted(tx: Transaction, shift: Shift) -> int:
    """End a turn that nobody counts now; what its drawer ought to hold, in fen. A task asks for the
    count."""
    expected = queries.expected_cash(tx.connection, tx.shop, tx.till, shift.shift)
    ended = ShiftClosed(
        shop=tx.shop,
        till=tx.till,
        day=shift.day,
        shift=shift.shift,
        drawer=shift.drawer,
        person=shift.person,
        counted=0,
        expected=expected,
        tenders=queries.tender_totals(tx.connection, tx.shop, tx.till, shift.shift),
        uncounted=1,
    )
    entry = tx.record(ended)
    paper = papers.uncounted_report(ended, shift, tx.now_ms, tx.books.journal.series)
    put_paper(tx, entry.envelope.fact, "交班单 未点钞", paper)
    return expected


def close_shift(
    books: Books,
    shift: Shift,
    person: str,
    counted: int,
    notes: Mapping[int, int] | None = None,
    *,
    judge: Judge = NO_JUDGE,
    reason: str = "",
    held: int = 0,
) -> ShiftClosed:
    """End a turn with what was counted; only now does anybody see what was expected.

    `notes` is face value in fen -> how many, when notes and coins were counted apart. A difference
    above the limit never stops a close, reason or none (`count_late` wants one): it waits for
    somebody whose limit it is in. `held` baskets put aside go on to the next turn. What a lost disk
    left open behind it ends uncounted.
    Raises Refusal: bad_amount, shift_needed (somebody else closed it).
    """
    if not 0 <= counted <= MAX_FEN:
        raise Refusal("bad_amount", text="")
    with transaction(books, staff=person) as tx:
        standing = queries.open_shift(tx.connection, tx.shop, tx.till)
        if standing is None or standing.shift != shift.shift:
            raise Refusal("shift_needed")
        expected = queries.expected_cash(tx.connection, tx.shop, tx.till, shift.shift)
        stands, approvals = judge.of(counted - expected)
        fact = ShiftClosed(
            shop=tx.shop,
            till=tx.till,
            day=shift.day,
            shift=shift.shift,
            drawer=shift.drawer,
            person=person,
            counted=counted,
            expected=expected,
            notes=as_notes(notes),
            unconfirmed=0 if stands else 1,
            reason=clean(reason, most=60),
            approvals=approvals,
            counts=queries.counts_of(tx.connection, tx.shop, shift.shift),
            held=held,
            tenders=queries.tender_totals(tx.connection, tx.shop, tx.till, shift.shift),
        )
        entry = tx.record(fact)
        record_self_approvals(
            tx, approvals, day=shift.day, shift=shift.shift, amount=abs(counted - expected)
        )
        paper = papers.shift_report(
            fact, shift, tx.now_ms, books.journal.series, hub_rows(tx.connection)
        )
        put_paper(tx, entry.envelope.fact, "交班单", paper)
        tx.flush()
        for left in queries.open_shifts(tx.connection, tx.shop, tx.till):
            end_uncounted(tx, left)
    return fact


def count_late(
    books: Books,
    person: str,
    counted: int,
    notes: Mapping[int, int] | None = None,
    *,
    shift: str = "",
    judge: Judge = NO_JUDGE,
    reason: str = "",
) -> ShiftCounted:
    """Count a turn that ended uncounted: the one named, or the oldest.

    Above the limit of whoever counts a difference needs a reason: nobody waits for this count.
    Raises Refusal: bad_amount, nothing_uncounted, reason_needed.
    """
    if not 0 <= counted <= MAX_FEN:
        raise Refusal("bad_amount", text="")
    with transaction(books, staff=person) as tx:
        waiting = queries.uncounted(tx.connection, tx.shop, tx.till)
        found = [each for each in waiting if not shift or each.shift == shift]
        if not found:
            raise Refusal("nothing_uncounted")
        why = clean(reason, most=60)
        if abs(counted - found[0].expected) > judge.limit and not why:
            raise Refusal("reason_needed")
        stands, approvals = judge.of(counted - found[0].expected)
        fact = ShiftCounted(
            shop=tx.shop,
            till=tx.till,
            day=found[0].day,
            shift=found[0].shift,
            person=person,
            counted=counted,
            expected=found[0].expected,
            notes=as_notes(notes),
            unconfirmed=0 if stands else 1,
            reason=why,
            approvals=approvals,
        )
        tx.record(fact)
        difference = abs(counted - found[0].expected)
        record_self_approvals(
            tx, approvals, day=found[0].day, shift=found[0].shift, amount=difference
        )
    return fact


def confirm_difference(
    books: Books,
    person: str,
    found: Difference,
    reason: str = "",
    approvals: tuple[Approval, ...] = (),
) -> None:
    """Let a drawer's difference stand; whoever calls this has seen that `person` may.

    Raises Refusal("unknown_task") when somebody else did it meanwhile.
    """
    with transaction(books, staff=person) as tx:
        if found not in queries.differences(tx.connection, tx.shop):
            raise Refusal("unknown_task")
        tx.record(
            DifferenceConfirmed(
                shop=tx.shop,
                till=tx.till,
                day=found.day,
                shift=found.shift,
                person=person,
                difference=found.difference,
                reason=clean(reason, most=60),
            )
        )
        record_self_approvals(
            tx, approvals, day=found.day, shift=found.shift, amount=abs(found.difference)
        )


def as_notes(notes: Mapping[int, int] | None) -> tuple[Denomination, ...]:
    """Face value -> how many, as a fact keeps it: the largest first."""
    return tuple(
        Denomination(face=face, count=count)
        for face, count in sorted((notes or {}).items(), reverse=True)
    )


def move_cash(
    books: Books,
    shift: Shift,
    person: str,
    amount: int,
    reason: str,
    *,
    kind: str = "other",
    approvals: tuple[Approval, ...] = (),
) -> None:
    """Cash in (positive) or out (negative) with its reason. Raises Refusal: bad_amount,
    reason_needed, bad_cash_kind."""
    if kind not in CASH_KINDS or (amount > 0 and kind in ("expense", "drop")):
        raise Refusal("bad_cash_kind", text=clean(kind, most=20))
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
            purpose=kind,
            approvals=approvals,
        )
        entry = tx.record(fact)
        record_self_approvals(tx, approvals, day=shift.day, shift=shift.shift, amount=abs(amount))
        paper = papers.cash_slip(fact, tx.now_ms, books.journal.series)
        put_paper(tx, entry.envelope.fact, "现金单", paper, kick=True)


def open_drawer(
    books: Books,
    shift: Shift,
    person: str,
    reason: str,
    approvals: tuple[Approval, ...] = (),
) -> None:
    """Open the drawer without a sale: a fact, and a kick. Raises Refusal("reason_needed")."""
    with transaction(books, staff=person) as tx:
        entry = tx.record(
            DrawerOpened(
                shop=tx.shop,
                till=tx.till,
                day=shift.day,
                shift=shift.shift,
                reason=_reason(reason),
                approvals=approvals,
            )
        )
        record_self_approvals(tx, approvals, day=shift.day, shift=shift.shift)
        put_paper(tx, entry.envelope.fact, "开钱箱", print_queue.drawer_only(), kick=True)


def _reason(text: str) -> str:
    if not (reason := clean(text, most=60)):
        raise Refusal("reason_needed")
    return reason
