"""What sales, shifts and cash movements mean to the drawer and the day's report."""

from collections.abc import Iterator
from typing import Any

from app.facts.base import Fact, TillFact
from app.facts.members import MoneyKept, MoneyLeft, MoneyReturned
from app.facts.sales import (
    BasketCancelled,
    LineRemoved,
    ReceiptReprinted,
    RefundCompleted,
    SaleCompleted,
    TenderCorrected,
)
from app.facts.shifts import (
    CashMoved,
    DayClosed,
    DayOpened,
    DifferenceConfirmed,
    DrawerCounted,
    DrawerOpened,
    ShiftClosed,
    ShiftCounted,
    ShiftOpened,
)
from app.facts.tabs import TabSettled
from app.rows import Apply, Change, Envelope, Row, Sum
from app.shifts.acts import act, reduced, tax_back, taxed
from app.shifts.tables import (
    day_closed,
    day_opened,
    difference_confirmed,
    drawer_cash,
    drawer_count,
    shift_closed,
    shift_counted,
    shift_opened,
    taking,
    turnover,
)


def _head(entry: Envelope, fact: TillFact) -> dict[str, Any]:
    return {"shop": fact.shop, "fact": entry.fact, "till": fact.till, "day": fact.day}


def _take(
    entry: Envelope,
    fact: TillFact,
    n: int,
    *,
    shift: str,
    what: str,
    tender: str,
    taken: int = 0,
    given: int = 0,
) -> Iterator[Change]:
    yield Row(
        taking,
        _head(entry, fact)
        | {
            "n": n,
            "shift": shift,
            "what": what,
            "tender": tender,
            "taken": taken,
            "given": given,
            "journal": entry.journal,
            "seq": entry.seq,
        },
    )
    yield Sum(
        drawer_cash,
        {"shop": fact.shop, "till": fact.till, "shift": shift, "tender": tender},
        {"taken": taken, "given": given},
    )


def opened_day(entry: Envelope, fact: DayOpened) -> Iterator[Change]:
    """The day this till works in."""
    yield Row(
        day_opened,
        _head(entry, fact) | {"journal": entry.journal, "seq": entry.seq, "order_ms": entry.order},
    )


def opened_shift(entry: Envelope, fact: ShiftOpened) -> Iterator[Change]:
    """A turn begins; its float lies in the drawer."""
    yield Row(
        shift_opened,
        _head(entry, fact)
        | {
            "drawer": fact.drawer,
            "person": fact.person,
            "float_fen": fact.float_fen,
            "order_ms": entry.order,
        },
    )
    yield from _take(
        entry, fact, 0, shift=entry.fact, what="float", tender="cash", taken=fact.float_fen
    )


def closed_shift(entry: Envelope, fact: ShiftClosed) -> Iterator[Change]:
    """A turn ends with what was counted and what should have been there."""
    yield Row(
        shift_closed,
        _head(entry, fact)
        | {
            "shift": fact.shift,
            "person": fact.person,
            "counted": fact.counted,
            "expected": fact.expected,
            "uncounted": fact.uncounted,
            "unconfirmed": fact.unconfirmed,
            "order_ms": entry.order,
        },
    )


def counted_drawer(entry: Envelope, fact: DrawerCounted) -> Iterator[Change]:
    """A count somebody looked at before closing."""
    yield Row(
        drawer_count,
        _head(entry, fact)
        | {
            "shift": fact.shift,
            "person": fact.person,
            "counted": fact.counted,
            "expected": fact.expected,
            "verifies": fact.verifies,
            "order_ms": entry.order,
        },
    )


def counted_shift(entry: Envelope, fact: ShiftCounted) -> Iterator[Change]:
    """What an uncounted turn turned out to hold."""
    yield Row(
        shift_counted,
        _head(entry, fact)
        | {
            "shift": fact.shift,
            "person": fact.person,
            "counted": fact.counted,
            "expected": fact.expected,
            "unconfirmed": fact.unconfirmed,
            "order_ms": entry.order,
        },
    )


def confirmed_difference(entry: Envelope, fact: DifferenceConfirmed) -> Iterator[Change]:
    """A difference that stands."""
    yield Row(
        difference_confirmed,
        _head(entry, fact)
        | {
            "shift": fact.shift,
            "person": fact.person,
            "difference": fact.difference,
            "order_ms": entry.order,
        },
    )


def closed_day(entry: Envelope, fact: DayClosed) -> Iterator[Change]:
    """Z as it was printed."""
    yield Row(
        day_closed,
        _head(entry, fact)
        | {
            "part": fact.part,
            "journal": entry.journal,
            "from_seq": fact.from_seq,
            "to_seq": fact.to_seq,
            "gross": fact.gross,
            "refunds": fact.refunds,
            "net": fact.net,
            "grand_total": fact.grand_total,
            "seq": entry.seq,
            "order_ms": entry.order,
        },
    )


def sold(entry: Envelope, fact: SaleCompleted) -> Iterator[Change]:
    """Each tender is a taking; change goes out of the drawer as part of it."""
    for n, tender in enumerate(fact.tenders, 1):
        yield from _take(
            entry,
            fact,
            n,
            shift=fact.shift,
            what="sale",
            tender=tender.tender,
            taken=tender.amount,
        )
    yield Row(
        turnover,
        _head(entry, fact)
        | {
            "shift": fact.shift,
            "person": fact.person,
            "channel": fact.channel,
            "sales": 1,
            "gross": fact.due,
            "refunds": 0,
            "rounding": fact.rounding,
            "tax": fact.tax,
            "journal": entry.journal,
            "seq": entry.seq,
        },
    )


def refunded(entry: Envelope, fact: RefundCompleted) -> Iterator[Change]:
    """Each tender gives back; cash leaves the drawer of the shift that paid it out."""
    for n, tender in enumerate(fact.tenders, 1):
        yield from _take(
            entry,
            fact,
            n,
            shift=fact.shift,
            what="refund",
            tender=tender.tender,
            given=tender.amount,
        )
    yield Row(
        turnover,
        _head(entry, fact)
        | {
            "shift": fact.shift,
            "person": fact.person,
            "channel": fact.channel,
            "sales": 0,
            "gross": 0,
            "refunds": fact.amount,
            "rounding": 0,
            "tax": -fact.tax,
            "journal": entry.journal,
            "seq": entry.seq,
        },
    )


def tender_corrected(entry: Envelope, fact: TenderCorrected) -> Iterator[Change]:
    """Money moves from one tender to the other in the drawer and turn the sale was made in."""
    for n, amount in enumerate(fact.amounts):
        for place, what, tender, taken in (
            (2 * n + 1, "corrected_from", fact.before, -amount),
            (2 * n + 2, "corrected_to", fact.after, amount),
        ):
            yield from _take(
                entry, fact, place, shift=fact.shift, what=what, tender=tender, taken=taken
            )


def left(entry: Envelope, fact: MoneyLeft) -> Iterator[Change]:
    """Money a customer leaves (订金, 预付…) lies in the drawer, but is no turnover."""
    for n, tender in enumerate(fact.tenders, 1):
        yield from _take(
            entry,
            fact,
            n,
            shift=fact.shift,
            what="left",
            tender=tender.tender,
            taken=tender.amount,
        )


def given_back(entry: Envelope, fact: MoneyReturned) -> Iterator[Change]:
    """Money a customer had left goes out again."""
    for n, tender in enumerate(fact.tenders, 1):
        yield from _take(
            entry,
            fact,
            n,
            shift=fact.shift,
            what="given_back",
            tender=tender.tender,
            given=tender.amount,
        )


def tab_settled(entry: Envelope, fact: TabSettled) -> Iterator[Change]:
    """Money for a tab comes in by its tenders, and that much less stands on rooms."""
    for n, tender in enumerate(fact.tenders, 1):
        yield from _take(
            entry,
            fact,
            n,
            shift=fact.shift,
            what="tab",
            tender=tender.tender,
            taken=tender.amount,
        )
    yield from _take(entry, fact, 0, shift=fact.shift, what="tab", tender="room", given=fact.amount)


def moved(entry: Envelope, fact: CashMoved) -> Iterator[Change]:
    """Cash in or out by hand."""
    yield from _take(
        entry,
        fact,
        1,
        shift=fact.shift,
        what="cash_in" if fact.amount > 0 else "cash_out",
        tender="cash",
        taken=max(fact.amount, 0),
        given=max(-fact.amount, 0),
    )


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    DayOpened: (opened_day,),
    ShiftOpened: (opened_shift,),
    DrawerCounted: (counted_drawer,),
    ShiftClosed: (closed_shift,),
    ShiftCounted: (counted_shift,),
    DifferenceConfirmed: (confirmed_difference,),
    DayClosed: (closed_day,),
    SaleCompleted: (sold, taxed, reduced),
    RefundCompleted: (refunded, tax_back, act("refund")),
    MoneyLeft: (left, act("money_left")),
    MoneyReturned: (given_back, act("money_returned")),
    MoneyKept: (act("money_kept"),),
    CashMoved: (moved, act("cash_moved")),
    TabSettled: (tab_settled,),
    DrawerOpened: (act("drawer_opened"),),
    LineRemoved: (act("line_removed"),),
    BasketCancelled: (act("basket_cancelled"),),
    ReceiptReprinted: (act("reprinted"),),
    TenderCorrected: (tender_corrected, act("tender_corrected")),
}
